"""Behaviour estimated from the evidence: from rows marked fit, and from nothing else.

Waves of points rule out what no such row can bear; walkers go through what is left, and some of
what they find is lived. What comes of it is the best point, a sample of what else is plausible,
what the evidence pins down and what it leaves open, and how far any of that can be trusted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import yaml

from sim.config.composing import CONF
from sim.console.progress import OnProgress, Standing
from sim.evidence.facts import load_facts
from sim.evidence.measure import BASELINE
from sim.experiments.assumptions import value_at
from sim.experiments.calibrating.lives import Lives
from sim.experiments.calibrating.posterior import (
    Draws,
    draws_of,
    evenness,
    ranks,
)
from sim.experiments.calibrating.targets import Aim, aims_at, implausibility, log_likelihood
from sim.experiments.compare import settled
from sim.experiments.executors import ExecutionSettings
from sim.experiments.fitting.people import nested, write_people, write_yaml
from sim.experiments.keeping import keep
from sim.experiments.plan import replication_seeds
from sim.experiments.plausible import OPERATOR, write_sample
from sim.experiments.samplers import Evaluated
from sim.experiments.samplers.matching import Matching
from sim.experiments.space import Point, Range, Space
from sim.experiments.varied import fitting, searched
from sim.parameters.quantity import ConfigurationError
from sim.reference.parameters import parameters as known_parameters
from sim.store.runs import run_key

Floats = npt.NDArray[np.float64]
NAME = "calibrated"  # of the behaviour and the population that are found
SAMPLE = "posterior"  # of the behaviour that is the same, with a sample of what else is plausible
HEAD = "# Found by `repurchase calibrate`; the rest is as usual."
CHEAP = ("baseline", "two_years")  # worlds that the first waves live, of the average operator
MIDDLE = (0.05, 0.95)  # quantiles between which draws are told to lie
TAIL = 0.025  # chance on either side, below which what would be found does not cover a fact
TOLD_CORRELATION = 0.3  # of draws: from there on two settings are told to hang together
LEAST = {
    "first_points": 12,
    "points_per_wave": 4,
    "waves": 0,
    "all_from_wave": 0,
    "noise_worlds": 2,
    "walkers": 4,
    "steps": 20,
    "rounds": 1,
    "draws": 20,
    "lived_draws": 2,
}


@dataclass(frozen=True)
class Search:
    """How far and for how long settings are looked for.

    Attributes
    ----------
    settings
        What is thought possible, as a sweep says it: each a range, even on its scale.
    discrepancy
        What the model may be wrong by, as a share of the fact, by its id, and the usual one.
    facts
        Rows marked fit that are aimed at; none: all.
    first_points, waves, points_per_wave
        Points of the first wave, how many waves follow, of how many points.
    all_from_wave
        From which wave on all facts are measured; before, those of the average operator alone.
    cutoff
        Implausibility, in standard deviations, from which a point is ruled out.
    noise_worlds
        Worlds of the usual settings that tell how figures differ by luck.
    walkers, steps
        Of the walk through what is left.
    rounds
        How often they go, each time on emulators that have learnt from what was found before.
    draws, lived_draws
        Draws that are kept of the last walk, and how many of each walk but the last are lived.
    """

    settings: Sequence[str]
    discrepancy: Mapping[str, float]
    facts: Sequence[str] = ()
    first_points: int = 160
    waves: int = 4
    points_per_wave: int = 80
    all_from_wave: int = 4
    cutoff: float = 3.0
    noise_worlds: int = 4
    walkers: int = 100
    steps: int = 3000
    rounds: int = 3
    draws: int = 400
    lived_draws: int = 40

    def __post_init__(self) -> None:
        for name, least in LEAST.items():
            if getattr(self, name) < least:
                raise ConfigurationError(f"experiment.{name} must be {least} at least.")
        if self.lived_draws > self.draws:
            raise ConfigurationError("experiment.lived_draws are some of experiment.draws.")
        if not self.cutoff > 0:
            raise ConfigurationError("experiment.cutoff must be above 0.")


def calibrate(
    scenario: str,
    search: Search,
    seed: int,
    overrides: Sequence[str],
    settings: ExecutionSettings,
    on_progress: OnProgress | None = None,
) -> Path:
    """Estimate settings from the evidence.

    Parameters
    ----------
    scenario
        The average operator, whom the levels are about.
    search
        What is looked for, and for how long.
    seed
        Of the worlds, which are the same at every point, and of all draws.
    overrides
        Hold in every world.
    settings
        Where results go and how runs are done.
    on_progress
        Told now and then how far it has come.

    Returns
    -------
    Path
        The folder ``<results>/calibrate/<scenario>-<hash>`` with the tables

        - `targets`: the facts, how far off counts as there, what was found of each;
        - `settings`: the best point, and what the evidence pins down of each setting;
        - `correlations`: settings that hang together in what is plausible;
        - `waves`: how much was left after each;
        - `draws`: the sample of what is plausible;
        - `ranks`: of simulation-based calibration;
        - `points`: every point that was lived;
        - and `conf/`: the best point, for ``--config-dir``.

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence. Finished runs are kept: the same command goes on.
    """
    lives = Lives(scenario, overrides, settings)
    facts = load_facts(config_dir=settings.config_dir)
    aims = aims_at(facts, search.discrepancy, search.facts)
    usual = lives.config_at(BASELINE, {})
    space = space_of(search.settings, overrides, usual, settings)
    for end in (0.0, 1.0):
        lives.config_at(BASELINE, space.at([end] * len(space.settings)))
    progress = _Progress(on_progress, search, lives, aims)
    seeds = replication_seeds(seed, search.noise_worlds)
    of_usual = lives.measured([{}], aims, seeds, progress.of("usual settings", aims, len(seeds)))[0]
    noise = luck_of(of_usual)
    matching = Matching(
        space,
        aims,
        noise,
        search.first_points,
        search.points_per_wave,
        search.waves,
        search.cutoff,
        seed,
    )
    world = seeds[:1]
    _match(matching, aims, world, lives, search, progress)
    draws, last = _walk(matching, aims, world, lives, search, progress, seed)
    found = _Found(space, aims, matching, draws, last, noise, seed)
    tables = found.tables(usual, of_usual, settings.config_dir)
    about = {
        "experiment": "calibrate",
        "scenario": scenario,
        "seed": seed,
        "search": asdict(search) | {n: list(getattr(search, n)) for n in ("settings", "facts")},
        "overrides": list(overrides),
        "facts": {aim.fact.id: aim.fact.value for aim in aims},
        "configuration": usual,
        "walkers_agree": draws.ratio,
        "emulators_off": found.emulators_off,
        "points": len(matching.places),
    }
    asked = {name: about[name] for name in ("search", "facts")}
    key = run_key({**usual, "calibrate": asked}, seed)
    folder = settings.results / "calibrate" / f"{scenario}-{key[:8]}"
    keep(folder, {name: settled(table) for name, table in tables.items()}, about)
    _write_conf(folder / "conf", found.best, overrides)
    sample = [space.at(place.tolist()) for place in draws.places]
    weights = np.full(len(sample), 1.0 / len(sample))
    write_sample(folder / "conf" / "behaviour" / f"{SAMPLE}.csv", sample, weights)
    return folder


def _match(
    matching: Matching,
    aims: Sequence[Aim],
    world: Sequence[int],
    lives: Lives,
    search: Search,
    progress: "_Progress",
) -> None:
    """Live wave after wave in one world; see `Search` for what is measured in which."""
    while points := matching.ask():
        number = len(matching.waves)
        own = aims if number >= search.all_from_wave else _cheap(aims)
        stage = f"wave {number + 1} of {search.waves + 1}"
        told = lives.measured(points, own, world, progress.of(stage, own, len(points)))[:, 0]
        names = [aim.fact.id for aim in own]
        matching.tell(
            [
                Evaluated(point, dict(zip(names, figures.tolist(), strict=True)))
                for point, figures in zip(points, told, strict=True)
            ]
        )


def _walk(
    matching: Matching,
    aims: Sequence[Aim],
    world: Sequence[int],
    lives: Lives,
    search: Search,
    progress: "_Progress",
    seed: int,
) -> "tuple[Draws, Lived]":
    """Walk and live some of what is found, round after round; the last walk, and what was lived."""
    start = matching.plausible(search.walkers)
    for number in range(search.rounds):
        draws = _walked(matching, aims, start, search, seed + number)
        some = np.linspace(0, search.draws - 1, search.lived_draws).astype(int)
        places = draws.places[some]
        points = [matching.space.at(place.tolist()) for place in places]
        stage = f"draws, round {number + 1} of {search.rounds}"
        told = lives.measured(points, aims, world, progress.of(stage, aims, len(points)))
        last = Lived(places, told[:, 0], draws.told[some], draws.spread[some])
        matching.learn(last.places, last.figures)
        start = draws.places[np.linspace(0, search.draws - 1, search.walkers).astype(int)]
    return _walked(matching, aims, start, search, seed + search.rounds), last


def _walked(
    matching: Matching, aims: Sequence[Aim], start: Floats, search: Search, seed: int
) -> Draws:
    assert matching.emulators is not None  # one wave was lived at least
    return draws_of(matching.emulators, aims, start, search.steps, search.draws, seed)


def luck_of(figures: Floats) -> Floats:
    """Standard deviation of figures over worlds; 0 where fewer than two have one.

    Parameters
    ----------
    figures
        A row per world, a column per figure.
    """
    there = np.isfinite(figures)
    count = there.sum(axis=0)
    values = np.where(there, figures, 0.0)
    mean = values.sum(axis=0) / np.maximum(count, 1)
    squares = (np.where(there, values - mean, 0.0) ** 2).sum(axis=0)
    return np.where(count > 1, np.sqrt(squares / np.maximum(count - 1, 1)), 0.0)


def _cheap(aims: Sequence[Aim]) -> list[Aim]:
    return [aim for aim in aims if set(aim.worlds) <= set(CHEAP)]


def space_of(
    asked: Sequence[str],
    overrides: Sequence[str],
    usual: Mapping[str, Any],
    settings: ExecutionSettings,
) -> Space:
    """What may vary, and within which ranges.

    Raises
    ------
    ConfigurationError
        Where something is no range, not known, or given twice.
    """
    known = {each.key for each in known_parameters(settings.config_dir)}
    return Space(fitting(searched(asked, overrides, known), dict(usual)))


class _Progress:
    """How far the whole of a calibration has come, in household-days."""

    def __init__(
        self, on_progress: OnProgress | None, search: Search, lives: Lives, aims: Sequence[Aim]
    ) -> None:
        self._tell, self._lives, self._before = on_progress, lives, 0
        waves = [search.first_points] + [search.points_per_wave] * search.waves
        whole = lives.household_days(aims)
        self._to_come = whole * (search.noise_worlds + search.rounds * search.lived_draws)
        for number, points in enumerate(waves):
            own = aims if number >= search.all_from_wave else _cheap(aims)
            self._to_come += points * lives.household_days(own)

    def of(self, stage: str, aims: Sequence[Aim], points: int) -> OnProgress | None:
        """What the runs of a stage tell their progress to."""
        own = points * self._lives.household_days(aims)
        self._to_come -= own
        before, later = self._before, self._to_come
        self._before += own

        def tell(now: Standing) -> None:
            assert self._tell is not None  # nobody asks otherwise
            done = own - now.to_live + now.lived  # what was there already counts as lived
            whole = before + own + later
            self._tell(replace(now, stage=f"{stage}: ", lived=before + done, to_live=whole))

        return tell if self._tell else None


class Lived(NamedTuple):
    """Draws that were lived: where they are, what came, and what emulators had said of them."""

    places: Floats
    figures: Floats
    told: Floats
    spread: Floats


@dataclass(frozen=True)
class _Found:
    """Everything a calibration came to."""

    space: Space
    aims: Sequence[Aim]
    matching: Matching
    draws: Draws
    lived: Lived
    noise: Floats
    seed: int

    @property
    def places(self) -> Floats:
        """Of every point that was lived."""
        return self.matching.places

    @property
    def figures(self) -> Floats:
        """Of every point that was lived, a column per aim."""
        return self.matching.figures

    @property
    def off(self) -> Floats:
        """Errors of emulators at the last draws, before they learnt from them, by their own sd."""
        return (self.lived.told - self.lived.figures) / self.lived.spread

    @property
    def emulators_off(self) -> float:
        """The same of all facts together: root mean square; 1 is honest."""
        return float(np.sqrt(_mean(self.off.ravel() ** 2)))

    @property
    def _luck(self) -> Floats:
        """Standard deviation over worlds of each figure of each point."""
        return np.broadcast_to(self.noise, self.figures.shape)

    @property
    def likely(self) -> Floats:
        """Log likelihood of every point that was lived; none where not all facts were measured."""
        each = log_likelihood(self.figures, self._luck, self.aims)
        there = np.isfinite(self.figures)
        whole = there.sum(axis=1) == there.sum(axis=1).max()
        return np.where(whole, np.where(there, each, 0.0).sum(axis=1), -np.inf)

    @property
    def best_place(self) -> int:
        """Which of the points that were lived is the best."""
        return int(np.argmax(self.likely))

    @property
    def best(self) -> Point:
        """The best of the points that were lived."""
        return self.space.at(self.places[self.best_place].tolist())

    def tables(
        self, usual: Mapping[str, Any], of_usual: Floats, config_dir: Path | None
    ) -> dict[str, pd.DataFrame]:
        own = ranks(self.draws, self.lived.places, self.lived.figures, self.aims, self.seed)
        return {
            "targets": self._targets(of_usual),
            "settings": self._settings(usual, evenness(own), config_dir),
            "correlations": self._correlations(),
            "waves": pd.DataFrame(
                {"wave": number, **wave._asdict()}
                for number, wave in enumerate(self.matching.waves, 1)
            ),
            "draws": self._by_setting(self.draws.places, "draw"),
            "ranks": self._long(own, "draw", "rank"),
            "points": self._by_setting(self.matching.places, "point"),
        }

    def _targets(self, of_usual: Floats) -> pd.DataFrame:
        """What was found of each fact."""
        best = self.figures[self.best_place]
        far = implausibility(self.figures, self._luck, self.aims)
        far = np.where(np.isfinite(self.figures), far, 0.0)
        rows = []
        for k, aim in enumerate(self.aims):
            low, high = _quantiles(self.lived.figures[:, k])
            above = aim.chance_above(self.lived.figures[:, k])
            without = _without(self.draws, self.aims, k)
            alone_low, alone_high = _quantiles(self.draws.told[:, k], without)
            others = np.delete(far, k, axis=1).max(axis=1, initial=0.0)
            rows.append(
                {
                    "id": aim.fact.id,
                    "kpi": aim.fact.kpi,
                    "unit": aim.fact.unit,
                    "reported": aim.fact.value,
                    "low": aim.fact.low,
                    "high": aim.fact.high,
                    "observed_sd": aim.observed,
                    "discrepancy_sd": aim.discrepancy,
                    "noise_sd": self.noise[k],
                    "usual": _mean(of_usual[:, k]),
                    "best": best[k],
                    "inside": bool(aim.fact.holds(best[k])),
                    "told_low": low,
                    "told_high": high,
                    "above": above,
                    "covered": bool(TAIL <= above <= 1.0 - TAIL),
                    "without_low": alone_low,
                    "without_high": alone_high,
                    "worst_without": float(others.min()),
                    "emulator_error": float(np.sqrt(_mean(self.off[:, k] ** 2))),
                }
            )
        return pd.DataFrame(rows)

    def _settings(
        self, usual: Mapping[str, Any], even: Floats, config_dir: Path | None
    ) -> pd.DataFrame:
        """What was found of each setting."""
        known = {each.key: each for each in known_parameters(config_dir)}
        places = self.draws.places
        rows = []
        for j, (key, own) in enumerate(self.space.settings.items()):
            assert isinstance(own, Range)  # as all are
            values = np.array([float(own.at(place)) for place in places[:, j]])
            low, high = _quantiles(values)
            pinned = 1.0 - float(places[:, j].std()) * np.sqrt(12.0)  # of an even one's spread
            rows.append(
                {
                    "setting": key,
                    "what": known[key].about,
                    "unit": known[key].unit,
                    "usual": float(value_at(usual, key)),
                    "lowest": own.low,
                    "highest": own.high,
                    "best": float(self.best[key]),
                    "mean": float(values.mean()),
                    "low": low,
                    "high": high,
                    "pinned": pinned,
                    "even": float(even[j]),
                }
            )
        return pd.DataFrame(rows)

    def _correlations(self) -> pd.DataFrame:
        names = list(self.space.settings)
        found = np.atleast_2d(np.corrcoef(self.draws.places.T))
        rows = [
            {"first": names[i], "second": names[j], "correlation": float(found[i, j])}
            for i in range(len(names))
            for j in range(i + 1, len(names))
            if abs(found[i, j]) >= TOLD_CORRELATION
        ]
        columns = {"first": object, "second": object, "correlation": float}
        return pd.DataFrame(rows, columns=list(columns)).astype(columns)

    def _by_setting(self, places: Floats, name: str) -> pd.DataFrame:
        points = [self.space.at(place.tolist()) for place in places]
        values = np.array([[float(point[key]) for key in self.space.settings] for point in points])
        return self._long(values, name, "value")

    def _long(self, values: Floats, name: str, column: str) -> pd.DataFrame:
        count, width = values.shape
        return pd.DataFrame(
            {
                name: np.repeat(np.arange(1, count + 1), width),
                "setting": np.tile(list(self.space.settings), count),
                column: values.ravel(),
            }
        )


def _mean(values: Floats) -> float:
    """Mean of what is there; missing where nothing is."""
    there = np.isfinite(values)
    return float(values[there].mean()) if there.any() else float("nan")


def _quantiles(values: Floats, weights: Floats | None = None) -> tuple[float, float]:
    """Quantiles of what is there, by weight if there are weights; missing where nothing is."""
    there = np.isfinite(values)
    if not there.any():
        return float("nan"), float("nan")
    weights = np.ones(len(values)) if weights is None else weights
    order = np.argsort(values[there], kind="stable")
    sorted_values, own = values[there][order], weights[there][order]
    places = (np.cumsum(own) - 0.5 * own) / own.sum()
    low, high = np.interp(MIDDLE, places, sorted_values)
    return float(low), float(high)


def _without(draws: Draws, aims: Sequence[Aim], k: int) -> Floats:
    """Weights of draws as if a fact were not known."""
    likely = log_likelihood(draws.told, draws.spread, aims)[:, k]
    raw = np.exp(likely.min() - likely)
    raw = np.minimum(raw, raw.mean() * np.sqrt(len(raw)))
    return np.asarray(raw / raw.sum(), float)


def _write_conf(home: Path, best: Point, overrides: Sequence[str]) -> None:
    """The best point as files that every command can take by ``--config-dir``."""
    write_people(home, NAME, HEAD, best, overrides)
    write_yaml(home / "behaviour" / f"{SAMPLE}.yaml", HEAD, {"defaults": [NAME, "_self_"]})
    levers = sorted({key.split(".")[1] for key in best if key.startswith(OPERATOR)})
    for lever in levers:
        usual = yaml.safe_load((CONF / "lever" / f"{lever}.yaml").read_text("utf-8"))
        part = f"{OPERATOR}{lever}"
        own = {key: value for key, value in best.items() if key.startswith(f"{part}.")}
        write_yaml(home / "lever" / f"{lever}.yaml", HEAD, {**usual, **nested(part, own)})


__all__ = ["NAME", "Search", "calibrate", "space_of"]
