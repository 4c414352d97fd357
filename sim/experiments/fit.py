"""An operator fitted to its own order log, and held against models of repeat buying.

Everything is estimated from the first part of the log alone: settings of behaviour and population
under which simulated new customers buy again as those of the log do, and the parameters of the
classical models. Then each tells the second part, and what came of it is set beside.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.config.loading import Varied, resolved
from sim.console.progress import OnProgress
from sim.dictionary import write_dictionary
from sim.experiments.compare import settled
from sim.experiments.executors import ExecutionSettings, run_missing
from sim.experiments.fitting.likeness import told_by_likes
from sim.experiments.fitting.new_customers import kept_purchases, new_customers, planned
from sim.experiments.fitting.pattern import (
    Figure,
    followed_alike,
    followed_in_log,
    pattern,
    targets,
    values,
)
from sim.experiments.plan import replication_seeds
from sim.experiments.samplers import Evaluated
from sim.experiments.samplers.emulated import Emulated
from sim.experiments.space import Point, Range, Space
from sim.experiments.varied import fitting, parsed
from sim.operator.budget import check_affordable
from sim.order_log.columns import MEANINGS, Columns
from sim.order_log.history import History, OrderLog, Period, described, history_of, read_log
from sim.order_log.reading import OrderLogError
from sim.order_log.scores import (
    MOST,
    SIMULATOR,
    Told,
    enough,
    scores,
    told_by_models,
    what_came,
)
from sim.parameters.quantity import ConfigurationError
from sim.reference.parameters import parameters as known_parameters
from sim.store.runs import Store, run_key, whole_folder, write_tables
from sim.text.outgoing import cited

PARTS = ("behaviour", "population")  # what a log can tell of: how people are, not what is done
NAME = "fitted"  # of the operator's behaviour and population
ALIKE = 1.25  # of the best distance: points within tell how far a setting is pinned down


@dataclass(frozen=True)
class Search:
    """How far and for how long settings are looked for.

    Attributes
    ----------
    settings
        What may vary, as a sweep says it, such as ``behaviour.need.cover_days=interval(7,120)``.
    won_days
        Simulated customers won within so many days are followed.
    first_points, rounds, points_per_round
        Points spread at first, and how many rounds of how many follow.
    replications
        Worlds of the best point whose customers stand for those of the log.
    """

    settings: Sequence[str]
    won_days: int = 365
    first_points: int = 48
    rounds: int = 12
    points_per_round: int = 6
    replications: int = 4


def fit(
    orders: Path,
    columns: Columns,
    settings: ExecutionSettings,
    search: Search,
    *,
    scenario: str = "baseline",
    first_days: int = 0,
    next_days: int = 0,
    time_format: str = "",
    time_zone: str = "",
    seed: int = 1,
    overrides: Sequence[str] = (),
    on_progress: OnProgress | None = None,
) -> Path:
    """Fit an operator to its order log and tell what the log's second part would be.

    Parameters
    ----------
    orders, columns, time_format, time_zone
        The log and how to read it; see `sim.order_log.history.read_log`.
    settings
        Where results go and how runs are done.
    search
        What is looked for, and for how long.
    scenario
        Under which simulated customers live.
    first_days, next_days
        Days of the log that everything is estimated from (0: half of it), and days after them
        that are told (0: all that are left).
    seed
        Of the worlds and of the search.
    overrides
        What is the same in all worlds.
    on_progress
        Told now and then how far it has come.

    Returns
    -------
    Path
        The folder ``<results>/fit/<log>-<hash>`` with

        - `told`: purchases of all customers week by week after the cut, as they were and as each
          way of telling has them;
        - `counts`: customers by number of purchases after the cut, likewise;
        - `scores`: how far each was off;
        - `parameters`: what was estimated of the classical models;
        - `settings`: what was found, beside what is usual, and how far the log pins it down;
        - `pattern`: the figures by which log and world were held together;
        - `points`: every point that was lived, and how far it was off;
        - `log`: what else the log says;
        - `conf/`: the operator found, for ``--config-dir``.

        Where too few customers came back, there is no simulator and no model, and these tables
        have no rows of them.

    Raises
    ------
    OrderLogError, ConfigurationError, ResultsError, RunsInterrupted
        In one sentence.
    """
    log = read_log(orders, columns, time_format, time_zone)
    period = period_of(log, first_days, next_days, cited(orders.name))
    history = history_of(log.purchases, period)
    told, parameters = told_by_models(history, period)
    came = what_came(history)
    space, varied = _space(search, scenario, overrides, settings)
    lived = _Lived(search, varied, settings, seed, period, on_progress)
    tables: dict[str, pd.DataFrame] = {}
    best: Point = {}
    if enough(history):
        seen = followed_in_log(log.purchases, period.first_days)
        found = lived.looked_for(space, pattern(seen), seen.age)
        best = found.best
        told.insert(0, lived.told(best, history))
        known = {each.key: each for each in known_parameters(settings.config_dir)}
        tables |= found.tables(varied.at({}), known)
    else:
        tables |= _nothing_found()
    tables |= {
        "told": _told_table(period, [came, *told]),
        "counts": _counts_table([came, *told]),
        "scores": scores(came, told),
        "parameters": parameters,
        "log": described(log, columns),
    }
    base = resolved(varied.at({}))
    about = {
        "experiment": "fit",
        "scenario": scenario,
        "log": orders.name,
        "log_hash": _hash_of(log),
        "columns": columns.named,
        "lacks": [each for each in MEANINGS if each not in columns.named],
        "first_date": str(log.first_date.date()),
        "first_days": period.first_days,
        "next_days": period.next_days,
        "customers": history.customers,
        "came_back": int((history.repeats > 0).sum()),
        "amounts": log.purchases.amount is not None,
        "notes": dict(log.notes),
        "replications": search.replications,
        "seed": seed,
        "search": {
            "settings": list(search.settings),
            "won_days": search.won_days,
            "first_points": search.first_points,
            "rounds": search.rounds,
            "points_per_round": search.points_per_round,
        },
        "overrides": list(overrides),
        "configuration": base,
    }
    asked = {name: about[name] for name in ("log_hash", "columns", "first_days", "next_days")}
    key = run_key({**base, "fit": [asked, about["search"], search.replications]}, seed)
    folder = settings.results / "fit" / f"{_plain(orders.stem)}-{key[:8]}"
    with whole_folder(folder, about) as home:
        kept = {name: settled(table) for name, table in tables.items()}
        write_tables(home, kept)
        write_dictionary(home, "fit", kept)
    if best:  # beside the tables, as pages are: it can be made again from them
        write_conf(folder, best, base)
    return folder


def period_of(log: OrderLog, first_days: int, next_days: int, name: str) -> Period:
    """How a log is cut.

    Raises
    ------
    OrderLogError
        Where the log is shorter than what is asked, or too short to be cut.
    """
    if log.days < 2:
        raise OrderLogError(
            f"{name} spans a single day: nothing can be learnt from one part and told of another."
        )
    first = first_days or log.days // 2
    if not 0 < first < log.days:
        raise OrderLogError(
            f"first_days={first_days} leaves nothing to be told: {name} spans {log.days:,} days."
        )
    after = next_days or log.days - first
    if not 0 < after <= log.days - first:
        raise OrderLogError(
            f"next_days={next_days} is more than there is: of the {log.days:,} days of {name} "
            f"{log.days - first:,} come after the first {first:,}."
        )
    return Period(first, after)


def _space(
    search: Search, scenario: str, overrides: Sequence[str], settings: ExecutionSettings
) -> tuple[Space, Varied]:
    varied = Varied(scenario, overrides, settings.config_dir, trust_rules=settings.trust_rules)
    found, rest = parsed(search.settings)
    for key, setting in found.items():
        if not isinstance(setting, Range):
            raise ConfigurationError(
                f"{cited(key)} in experiment.settings must be a range: write "
                f"{cited(key)}=interval(1,3)."
            )
        if key.split(".")[0] not in PARTS:
            raise ConfigurationError(
                f"{cited(key)} cannot be found from a log: orders tell of people (behaviour, "
                "population), not of what the operator does. Set it behind the command."
            )
    if rest or not found:
        said = cited(rest[0]) if rest else "experiment.settings"
        raise ConfigurationError(f"{said} varies nothing: write KEY=interval(LOWEST,HIGHEST).")
    config = varied.at({})
    check_affordable(config)
    space = Space(fitting(found, resolved(config)))
    for end in (0.0, 1.0):  # refused before anything is lived
        varied.at(space.at([end] * len(found)))
    return space, varied


@dataclass(frozen=True)
class _Found:
    """What a search came to."""

    points: Sequence[Evaluated]
    distances: np.ndarray
    log: Mapping[str, Figure]
    spread: Mapping[str, float]

    @property
    def place(self) -> int:
        return int(np.argmin(self.distances))

    @property
    def best(self) -> Point:
        return self.points[self.place].point

    def tables(self, usual: Any, known: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
        near = np.flatnonzero(self.distances <= ALIKE * self.distances[self.place])
        rows = []
        for key, value in self.best.items():
            lived = [float(one.point[key]) for one in self.points]
            alike = [lived[number] for number in near]
            rows.append(
                {
                    "setting": key,
                    "what": known[key].about,
                    "unit": known[key].unit,
                    "usual": float(_value_of(usual, key)),
                    "value": float(value),
                    "low": min(alike),
                    "high": max(alike),
                    "lowest": min(lived),
                    "highest": max(lived),
                }
            )
        world = self.points[self.place].outcomes
        figures = [
            {
                "figure": name,
                "log": figure.value,
                "log_error": figure.error,
                "world": world[name],
                "spread": self.spread[name],
            }
            for name, figure in self.log.items()
        ]
        points = [
            {**one.point, "distance": float(distance)}
            for one, distance in zip(self.points, self.distances, strict=True)
        ]
        return {
            "settings": pd.DataFrame(rows),
            "pattern": pd.DataFrame(figures),
            "points": _long(points),
        }


def _long(points: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """A row per point and setting."""
    rows = [
        {"point": number, "setting": key, "value": float(value), "distance": point["distance"]}
        for number, point in enumerate(points, 1)
        for key, value in point.items()
        if key != "distance"
    ]
    return pd.DataFrame(rows, columns=["point", "setting", "value", "distance"])


def _nothing_found() -> dict[str, pd.DataFrame]:
    columns = {
        "settings": "setting what unit usual value low high lowest highest",
        "pattern": "figure log log_error world spread",
        "points": "point setting value distance",
    }
    words = ("setting", "figure", "what", "unit")
    return {
        name: pd.DataFrame(
            {
                each: pd.Series(
                    dtype=object if each in words else np.int64 if each == "point" else float
                )
                for each in own.split()
            }
        )
        for name, own in columns.items()
    }


@dataclass(frozen=True)
class _Lived:
    """Worlds of new customers at points of behaviour, lived when they are not there yet."""

    search: Search
    varied: Varied
    settings: ExecutionSettings
    seed: int
    period: Period
    on_progress: OnProgress | None

    def looked_for(self, space: Space, log: Mapping[str, Figure], age: np.ndarray) -> _Found:
        """Search the space for the point whose new customers buy again as those of the log."""
        own = self.search
        (seed,) = replication_seeds(self.seed, 1)
        lived: list[Evaluated] = []
        (first,) = self._patterns([{}], seed, age)
        aims = targets(log, first)
        sampler = Emulated(
            space, aims, own.first_points, own.rounds, own.points_per_round, self.seed
        )
        while points := sampler.ask():
            found = self._patterns(points, seed, age)
            told = [
                Evaluated(point, {name: values(figures).get(name, np.nan) for name in aims})
                for point, figures in zip(points, found, strict=True)
            ]
            sampler.tell(told)
            lived += told
        spread = {name: target.spread for name, target in aims.items()}
        return _Found(lived, sampler.distances, log, spread)

    def _patterns(
        self, points: Sequence[Point], seed: int, age: np.ndarray
    ) -> list[dict[str, Figure]]:
        days = self.period.first_days
        runs = [[self._run(point, seed, days)] for point in points]
        self._live([run for own in runs for run in own])
        store, won = Store(self.settings.results), self.search.won_days
        return [pattern(followed_alike(new_customers(store, own, won), age)) for own in runs]

    def told(self, best: Point, history: History) -> Told:
        """What customers of the best point do who are like those of the log."""
        days = self.period.first_days + self.period.next_days
        # Other worlds than the one in which the point was found.
        seeds = replication_seeds(self.seed, self.search.replications + 1)[1:]
        runs = [self._run(best, seed, days) for seed in seeds]
        self._live(runs)
        people = new_customers(Store(self.settings.results), runs, self.search.won_days)
        weekly, counts, each = told_by_likes(history, people, self.period, MOST)
        means = None
        if history.mean_amount is not None:
            from sim.order_log.gamma_gamma import GammaGamma

            amounts = GammaGamma.fitted(history)
            means = None if amounts is None else amounts.expected(history)
        amount = None if means is None else float(each @ means)
        return Told(SIMULATOR, weekly.cumsum(), counts.sum(axis=0), each, amount)

    def _run(self, point: Point, seed: int, days: int) -> Any:
        config = self.varied.at({**point, "run.days": self.search.won_days + days})
        return planned(config, seed, "new customers", self.search.won_days)

    def _live(self, runs: Sequence[Any]) -> None:
        compute = partial(kept_purchases, won_days=self.search.won_days)
        run_missing(runs, self.settings, self.on_progress, compute=compute)


def _told_table(period: Period, told: Sequence[Told]) -> pd.DataFrame:
    return pd.concat(
        [
            pd.DataFrame({"way": one.way, "days": period.ends, "purchases": one.cumulative})
            for one in told
        ],
        ignore_index=True,
    )


def _counts_table(told: Sequence[Told]) -> pd.DataFrame:
    return pd.concat(
        [
            pd.DataFrame(
                {"way": one.way, "purchases": np.arange(len(one.counts)), "customers": one.counts}
            )
            for one in told
        ],
        ignore_index=True,
    )


def _value_of(config: Any, key: str) -> Any:
    for part in key.split("."):
        config = getattr(config, part)
    return config


def _hash_of(log: OrderLog) -> str:
    own = log.purchases
    parts = [own.customer, own.day] + ([] if own.amount is None else [own.amount])
    return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()[:16]


def _plain(stem: str) -> str:
    """What a folder may be called."""
    kept = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in stem)
    return kept[:60] or "log"


def write_conf(home: Path, best: Point, base: Mapping[str, Any]) -> None:
    """The operator found, as a behaviour and a population that every command can take."""
    for part, builds_on in (("behaviour", "default"), ("population", base["population"]["name"])):
        own = {key: value for key, value in best.items() if key.split(".")[0] == part}
        lines = ["# Found by `repurchase fit`; what is not named here is as usual."]
        lines += ["defaults:", f"  - {builds_on}", "  - _self_"]
        last: list[str] = []
        for key, value in sorted(own.items()):
            path = key.split(".")[1:]
            for depth, name in enumerate(path[:-1]):
                if last[: depth + 1] != path[: depth + 1]:
                    lines.append(f"{'  ' * depth}{name}:")
            lines.append(f"{'  ' * (len(path) - 1)}{path[-1]}: {value}")
            last = path[:-1]
        place = home / "conf" / part / f"{NAME}.yaml"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("\n".join(lines) + "\n", encoding="utf-8")


__all__ = ["NAME", "Search", "fit", "period_of"]
