"""An operator fitted to its own order log, and held against models of repeat buying.

Everything is estimated from the first part of the log alone: settings of behaviour and population
under which simulated new customers buy again as those of the log do, and the parameters of the
classical models. Then each tells the second part, and what came of it is set beside.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.config.loading import Varied, resolved
from sim.config.overrides import key_of
from sim.console.progress import OnProgress, Standing
from sim.dictionary import write_dictionary
from sim.experiments.assumptions import value_at
from sim.experiments.compare import settled
from sim.experiments.executors import ExecutionSettings, run_missing
from sim.experiments.fitting.likeness import told_by_likes
from sim.experiments.fitting.new_customers import kept_purchases, new_customers, planned
from sim.experiments.fitting.pattern import (
    UNKNOWN,
    Figure,
    followed_alike,
    followed_in_log,
    pattern,
    targets,
)
from sim.experiments.fitting.people import write_people
from sim.experiments.plan import PlannedRun, replication_seeds
from sim.experiments.samplers import Evaluated
from sim.experiments.samplers.emulated import Emulated
from sim.experiments.space import Point, Range, Space
from sim.experiments.varied import fitting, searched
from sim.operator.budget import check_affordable
from sim.order_log.columns import MEANINGS, Columns
from sim.order_log.history import (
    History,
    OrderLog,
    Period,
    before_the_cut,
    described,
    history_of,
    read_log,
)
from sim.order_log.reading import OrderLogError
from sim.order_log.scores import (
    MOST,
    SIMULATOR,
    Told,
    amount_of,
    amount_of_each,
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
ALIKE = 1.25  # assumed; of the best distance: points within tell how far a setting is pinned down
HEAD = "# Found by `repurchase fit`; the rest is as usual."
LEAST_OF_SEARCH = {"first_points": 2, "rounds": 0, "points_per_round": 1, "won_days": 1}


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
    left_out_days: int = 0,
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
        that are forecast (0: all that are left).
    left_out_days
        Whoever bought within so many days of the log's beginning is left out: of an extract from
        a running shop nobody knows who of them is new.
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
    space, varied = _space(search, scenario, overrides, settings)
    usual = resolved(varied.at({}))
    log = read_log(orders, columns, time_format, time_zone)
    period = period_of(log, first_days, next_days, left_out_days, cited(orders.name))
    before = before_the_cut(log, period)
    history = history_of(log, period, before)
    told, parameters = told_by_models(history, period)
    came = what_came(history)
    tables: dict[str, pd.DataFrame] = {}
    best: Point = {}
    if enough(history):
        progress = _Progress(on_progress, search, int(usual["population"]["households"]))
        lived = _Lived(search, varied, settings, seed, period, progress)
        seen = followed_in_log(before[0], period.first_days)
        found = lived.looked_for(space, pattern(seen), seen.age)
        best = found.best
        told.insert(0, lived.told(best, history))
        known = {each.key: each for each in known_parameters(settings.config_dir)}
        tables |= found.tables(space, usual, known)
    else:
        tables |= _nothing_found()
    tables |= {
        "told": _told_table(period, [came, *told]),
        "counts": _counts_table([came, *told]),
        "scores": scores(came, told),
        "parameters": parameters,
        "log": described(log),
    }
    about = {
        **_told_of_log(log, orders, columns, period, history),
        "experiment": "fit",
        "scenario": scenario,
        "time_format": time_format,
        "time_zone": time_zone,
        "replications": search.replications,
        "seed": seed,
        "search": _told_of_search(search),
        "overrides": list(overrides),
        "configuration": usual,
    }
    asked = {name: about[name] for name in ("log_hash", "columns", "search", *period._fields)}
    key = run_key({**usual, "fit": [asked, search.replications]}, seed)
    folder = settings.results / "fit" / f"{_plain(orders.stem)}-{key[:8]}"
    with whole_folder(folder, about) as home:
        kept = {name: settled(table) for name, table in tables.items()}
        write_tables(home, kept)
        write_dictionary(home, "fit", kept)
    if best:  # beside the tables, as pages are: it can be made again from them
        write_people(folder / "conf", NAME, HEAD, best, overrides)
    return folder


def _told_of_search(search: Search) -> dict[str, Any]:
    """What a manifest tells of how settings were looked for."""
    told = asdict(search) | {"settings": list(search.settings)}
    del told["replications"]  # told by itself, as in every manifest
    return told


def _told_of_log(
    log: OrderLog, orders: Path, columns: Columns, period: Period, history: History
) -> dict[str, Any]:
    """What a manifest tells of a log, how it was read and how it is cut."""
    return {
        "log": orders.name,
        "log_hash": _hash_of(log),
        "columns": columns.named,
        "lacks": [each for each in MEANINGS if each not in columns.named],
        "unused": log.unused,
        "first_date": str(log.first_date.date()),
        **period._asdict(),
        "customers": history.customers,
        "came_back": int((history.repeats > 0).sum()),
        "notes": dict(log.notes),
    }


def period_of(
    log: OrderLog, first_days: int, next_days: int, left_out_days: int, name: str
) -> Period:
    """How a log is cut.

    Raises
    ------
    OrderLogError
        Where the log is shorter than what is asked, or too short to be cut.
    """
    asked = {"first_days": first_days, "next_days": next_days, "left_out_days": left_out_days}
    for option, value in asked.items():
        if value < 0:
            raise OrderLogError(f"experiment.{option}={value} is below zero: it counts days.")
    if log.days < 2:
        raise OrderLogError(
            f"{name} spans a single day: nothing can be learnt from one part and told of another."
        )
    first = first_days or log.days // 2
    if first >= log.days:
        raise OrderLogError(
            f"experiment.first_days={first_days} leaves nothing to be forecast: {name} spans "
            f"{log.days:,} days."
        )
    after = next_days or log.days - first
    if after > log.days - first:
        raise OrderLogError(
            f"experiment.next_days={next_days} is more than there is: of the {log.days:,} days of "
            f"{name} {log.days - first:,} come after the first {first:,}."
        )
    return Period(first, after, left_out_days)


def _space(
    search: Search, scenario: str, overrides: Sequence[str], settings: ExecutionSettings
) -> tuple[Space, Varied]:
    """What is looked for, and the strategy under which; refused before anything is lived."""
    for name, least in LEAST_OF_SEARCH.items():
        if getattr(search, name) < least:
            raise ConfigurationError(f"experiment.{name} must be {least} at least.")
    varied = Varied(scenario, overrides, settings.config_dir, trust_rules=settings.trust_rules)
    known = {each.key for each in known_parameters(settings.config_dir)}
    found = searched(search.settings, overrides, known)
    for key in found:
        if key.split(".")[0] not in PARTS:
            raise ConfigurationError(
                f"{cited(key)} cannot be found from a log: orders tell of people (behaviour, "
                "population), not of what the operator does. Set it behind the command."
            )
    if "run.days" in map(key_of, overrides):
        raise ConfigurationError(
            "How long worlds are lived is as long as the log asks: leave run.days out."
        )
    config = varied.at({})
    check_affordable(config)
    space = Space(fitting(found, resolved(config)))
    for end in (0.0, 1.0):
        varied.at(space.at([end] * len(found)))
    return space, varied


class _Progress:
    """How far the whole of a fit has come, over its rounds, whose points are not known yet."""

    def __init__(self, on_progress: OnProgress | None, search: Search, households: int) -> None:
        self._tell, self._households = on_progress, households
        self._rounds = 1 + search.rounds
        self._round = self._lived = 0
        self._to_come = 1 + search.first_points + search.rounds * search.points_per_round
        self._to_come += search.replications

    def of(self, runs: Sequence[PlannedRun]) -> OnProgress | None:
        """What a batch of runs tells its progress to."""
        self._to_come -= len(runs)
        before, later = self._lived, self._to_come * self._households * runs[0].days
        stage = f"points, {self._round} of {self._rounds} rounds done: "

        def tell(standing: Standing) -> None:
            assert self._tell is not None  # nobody asks otherwise
            self._lived = before + standing.lived
            whole = before + standing.to_live + later
            self._tell(replace(standing, stage=stage, lived=self._lived, to_live=whole))

        return tell if self._tell else None

    def round_done(self) -> None:
        """Another round of points is done."""
        self._round += 1


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

    def tables(
        self, space: Space, usual: Mapping[str, Any], known: Mapping[str, Any]
    ) -> dict[str, pd.DataFrame]:
        near = np.flatnonzero(self.distances <= ALIKE * self.distances[self.place])
        rows = []
        for key, value in self.best.items():
            alike = [float(self.points[number].point[key]) for number in near.tolist()]
            searched = space.settings[key]
            assert isinstance(searched, Range)  # as all are
            low, high = min(alike), max(alike)
            rows.append(
                {
                    "setting": key,
                    "what": known[key].about,
                    "unit": known[key].unit,
                    "usual": float(value_at(usual, key)),
                    "value": float(value),
                    "low": low,
                    "high": high,
                    "lowest": searched.low,
                    "highest": searched.high,
                    "open": _part(searched, low, high),
                    "points": len(alike),
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
            {"point": number, "setting": key, "value": float(value), "distance": float(distance)}
            for number, (one, distance) in enumerate(
                zip(self.points, self.distances, strict=True), 1
            )
            for key, value in one.point.items()
        ]
        return {
            "settings": pd.DataFrame(rows),
            "pattern": pd.DataFrame(figures),
            "points": pd.DataFrame(points),
        }


def _part(searched: Range, low: float, high: float) -> float:
    """How much of a range lies between two of its values, on its own scale."""
    ends = np.array([low, high, searched.low, searched.high])
    if searched.scale == "log":
        ends = np.log(ends)
    return float((ends[1] - ends[0]) / (ends[3] - ends[2]))


def _nothing_found() -> dict[str, pd.DataFrame]:
    columns = {
        "settings": "setting what unit usual value low high lowest highest open points",
        "pattern": "figure log log_error world spread",
        "points": "point setting value distance",
    }
    texts, whole = ("setting", "figure", "what", "unit"), ("point", "points")

    def kind(column: str) -> type:
        return object if column in texts else np.int64 if column in whole else float

    return {
        name: pd.DataFrame({each: pd.Series(dtype=kind(each)) for each in own.split()})
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
    progress: _Progress

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
                Evaluated(point, {name: figures.get(name, UNKNOWN).value for name in aims})
                for point, figures in zip(points, found, strict=True)
            ]
            sampler.tell(told)
            lived += told
            self.progress.round_done()
        spread = {name: target.spread for name, target in aims.items()}
        return _Found(lived, sampler.distances, log, spread)

    def _patterns(
        self, points: Sequence[Point], seed: int, age: np.ndarray
    ) -> list[dict[str, Figure]]:
        days = self.period.first_days
        runs = [self._run(point, seed, days) for point in points]
        self._live(runs)
        store = Store(self.settings.results)
        return [pattern(followed_alike(new_customers(store, [run]), age)) for run in runs]

    def told(self, best: Point, history: History) -> Told:
        """What customers of the best point do who are like those of the log."""
        days = self.period.first_days + self.period.next_days
        # Other worlds than the one in which the point was found.
        seeds = replication_seeds(self.seed, self.search.replications + 1)[1:]
        runs = [self._run(best, seed, days) for seed in seeds]
        self._live(runs)
        people = new_customers(Store(self.settings.results), runs)
        weekly, counts, each = told_by_likes(history, people, self.period, MOST)
        means, _ = amount_of_each(history)
        return Told(SIMULATOR, weekly.cumsum(), counts.sum(axis=0), each, amount_of(each, means))

    def _run(self, point: Point, seed: int, days: int) -> PlannedRun:
        config = self.varied.at({**point, "run.days": self.search.won_days + days})
        return planned(config, seed, "new customers", self.search.won_days)

    def _live(self, runs: Sequence[PlannedRun]) -> None:
        compute = partial(kept_purchases, won_days=self.search.won_days)
        run_missing(runs, self.settings, self.progress.of(runs), compute=compute)


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


def _hash_of(log: OrderLog) -> str:
    own = log.rows.drop(columns=["customer", "time"])
    return hashlib.sha256(pd.util.hash_pandas_object(own).to_numpy().tobytes()).hexdigest()[:16]


def _plain(stem: str) -> str:
    """What a folder may be called."""
    kept = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in stem)
    return kept[:60] or "log"


__all__ = ["NAME", "Search", "fit", "period_of"]
