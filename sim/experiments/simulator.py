"""The simulator as a function: values of settings and a seed in, a few outcomes out.

For whoever asks for thousands of points: calibration, sensitivity, optimisation. All that points
have in common is done once, when the simulator is built; no table is made, nothing is written to
disk, and warmed-up worlds stay in memory, so that points with the same world before day 0 find it
there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from operator import index
from pathlib import Path
from typing import Any

import pandas as pd

from sim.config.consistency import check_world
from sim.config.loading import (
    Simulation,
    Varied,
    check_limits,
    from_resolved,
    resolved,
    with_values,
)
from sim.engine.warm_up import WorldsInMemory
from sim.evidence.measure import figure_in, in_one_run
from sim.experiments.designs import Design, points_of, setting
from sim.experiments.simulate import observe
from sim.experiments.space import Point
from sim.experiments.unstored import Asked, Outcomes, lived_side_by_side
from sim.experiments.workers import OnDay
from sim.indicators import REGISTRY, Book, measured
from sim.operator.budget import check_affordable
from sim.operator.discovery import NAMES
from sim.operator.own_records import EVENT_NAMES
from sim.parameters.quantity import ConfigurationError
from sim.responses.checking import check_rules
from sim.store.cache_limit import MIB
from sim.text.outgoing import CITED, cited
from sim.text.suggestions import instead

OF_LEVERS = tuple(f"cost_{lever}_yuan" for lever in NAMES) + EVENT_NAMES
WORLD_PARTS = ("population", "market", "run")  # of which tables are made that may contradict


class Simulator:
    """A strategy as a function of some of its settings.

    Parameters
    ----------
    scenario
        A name that `repurchase scenarios` lists.
    settings
        What varies, by dotted key: each one number, word or switch.
    outcomes
        What is asked for: names of indicators, as the table `indicators` of a run has them, and
        ids of facts that one run tells, such as ``L01``.
    overrides
        What is the same at every point, such as ``population.households=2000``.
    config_dir
        A folder of your own, laid out like `conf/`.
    trust_rules
        Whether code may run that the scenario or `config_dir` names; see `sim.simulate`.
    kept_worlds_mib
        MiB of memory for warmed-up worlds; those used longest ago are given up. Every worker
        process has its own.

    Raises
    ------
    ConfigurationError
        In one sentence: an unknown setting or outcome, with the near one; an outcome for which
        runs are too short; what `sim.simulate` refuses.

    Examples
    --------
    >>> from sim import Simulator
    >>> simulator = Simulator(
    ...     "baseline",
    ...     settings=["operator.coupons.strength"],
    ...     outcomes=["repurchase_rate_30d"],
    ...     overrides=["population.households=300", "run.warmup_days=30", "run.days=60"],
    ... )
    >>> sorted(simulator({"operator.coupons.strength": 0.4}, seed=1))
    ['repurchase_rate_30d']
    """

    def __init__(
        self,
        scenario: str = "baseline",
        settings: Sequence[str] = (),
        outcomes: Sequence[str] = ("repurchase_rate_365d",),
        overrides: Sequence[str] = (),
        *,
        config_dir: str | Path | None = None,
        trust_rules: bool = False,
        kept_worlds_mib: int = 256,
    ) -> None:
        folder = None if config_dir is None else Path(config_dir)
        varied = Varied(scenario, overrides, folder, trust_rules=trust_rules)
        self._base = varied.at({})
        check_world(self._base)
        check_rules(self._base)
        self._settings = [setting(key, folder) for key in _once(settings, "setting")]
        for one in self._settings:
            _check_there(self._base, one.key)
        self._outcomes = _once(outcomes, "outcome")
        self._check_outcomes()
        self._worlds = WorldsInMemory(kept_worlds_mib * MIB)

    def __getstate__(self) -> dict[str, Any]:
        """What travels to another process: plain values, and no warmed-up world."""
        parts = {"settings": self.settings, "outcomes": self.outcomes, "worlds": self._worlds}
        return {"base": resolved(self._base), **parts}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self._base = from_resolved(state["base"])
        self._settings = [setting(key) for key in state["settings"]]
        self._outcomes, self._worlds = state["outcomes"], state["worlds"]

    @property
    def settings(self) -> list[str]:
        """What varies, by dotted key."""
        return [one.key for one in self._settings]

    @property
    def outcomes(self) -> list[str]:
        """What is asked for."""
        return list(self._outcomes)

    def __call__(self, values: Mapping[str, Any], seed: int = 1) -> dict[str, float]:
        """Let the world of a seed live through the strategy at a point.

        Parameters
        ----------
        values
            One for every setting: numbers, words, switches.
        seed
            The same seed is the same households with the same luck at every point.

        Returns
        -------
        dict
            Every outcome: the very number that `repurchase run` stores for these settings and this
            seed. NaN where the run has none: of nobody it could be said, or nothing befell it.

        Raises
        ------
        ConfigurationError
            In one sentence: a value that is missing, not of its kind, or out of range.
        """
        return dict(self.lived(Asked(self._point(values), _seed(seed))))

    def batch(
        self,
        design: Design,
        seeds: Iterable[int] = (1,),
        *,
        executor: str = "threads",
        workers: int = 0,
    ) -> pd.DataFrame:
        """Let the worlds of some seeds live through the strategy at every point of a design.

        All points are looked at before any is lived through. Nothing is stored.

        Parameters
        ----------
        design
            A table with a column per setting, such as `sim.read_design` reads and the EMA Workbench
            gives as experiments; a matrix with the settings as columns in their order, as SALib
            samples it; or one point after the other.
        seeds
            Of the worlds, the same at every point.
        executor
            ``serial``, ``threads`` or ``processes``; outcomes are the same. A point of a small
            world is half Python's work, which threads do one at a time; processes share all of it,
            and each takes some seconds to start. In a script they stand under
            ``if __name__ == "__main__":``.
        workers
            Runs side by side; 0: one per core.

        Returns
        -------
        pandas.DataFrame
            A row per point and seed: ``point`` (from 0), ``seed``, the settings, the outcomes.

        Raises
        ------
        ConfigurationError, ResultsError, RunsInterrupted
            In one sentence.
        """
        points = points_of(design, self._settings)
        for number, point in enumerate(points):
            self._checked(point, f"point {number}: ")
        if not isinstance(seeds, Iterable):
            raise ConfigurationError(f"Give a list of seeds, as in [{cited(seeds)}].")
        worlds = list(dict.fromkeys(map(_seed, seeds)))
        # World by world, so that points that share one find it in memory.
        asked = [Asked(point, seed) for seed in worlds for point in points]
        days = self._base.population.households * self._base.run.days
        found = lived_side_by_side(self.lived, asked, days, executor, workers)
        rows: list[dict[str, Any]] = []
        for number, point in enumerate(points):
            for place, seed in enumerate(worlds):
                outcomes = found[place * len(points) + number]
                rows.append({"point": number, "seed": seed, **point, **outcomes})
        return pd.DataFrame(rows, columns=["point", "seed", *self.settings, *self._outcomes])

    def lived(
        self, asked: Asked, threads: int | None = None, on_day: OnDay | None = None
    ) -> Outcomes:
        """Live through a point that is in order, with so many threads; see `__call__`."""
        config = self._at(asked.point)
        if threads is not None:
            config = replace(config, run=replace(config.run, threads=threads))
        book = Book(observe(config, asked.seed, memory=self._worlds, on_day=on_day))
        facts = {name: figure_in(book, name) for name in self._outcomes if in_one_run(name)}
        found = facts | measured(book, [name for name in self._outcomes if name not in facts])
        return {name: found[name] for name in self._outcomes}

    def _point(self, values: Mapping[str, Any]) -> Point:
        keys = self.settings
        for key in values:
            if key not in keys:
                raise ConfigurationError(
                    f"{cited(key, 2 * CITED)} is none of the settings that this simulator was "
                    f"built for{instead(key, keys)}"
                )
        return {one.key: one.read(values.get(one.key)) for one in self._settings}

    def _at(self, point: Point) -> Simulation:
        """The configuration at a point; what the settings leave alone is checked already."""
        config = with_values(self._base, point)
        if any(getattr(config, part) is not getattr(self._base, part) for part in WORLD_PARTS):
            check_world(config)
        return config

    def _checked(self, point: Point, where: str) -> None:
        try:
            check_affordable(self._at(point))
        except ConfigurationError as error:
            raise ConfigurationError(f"{where}{error}") from None

    def _check_outcomes(self) -> None:
        """Refuse outcomes that there are not, and those that no run of this length tells."""
        known = {*REGISTRY, *OF_LEVERS}
        for name in self._outcomes:
            if name not in known and not in_one_run(name):
                raise ConfigurationError(
                    f"There is no indicator {cited(name)}, and no fact that one run tells"
                    f"{instead(name, known)}"
                )
            why = REGISTRY[name].why_not(self._base.run.days) if name in REGISTRY else None
            if why and "run.days" not in self.settings:
                raise ConfigurationError(why)


def _once(names: Sequence[str], what: str) -> list[str]:
    """The names, each there once."""
    if isinstance(names, str):
        raise ConfigurationError(f"Give a list of {what}s, as in [{cited(names)!r}].")
    for place, name in enumerate(names):
        if name in names[:place]:
            raise ConfigurationError(f"The {what} {cited(name, 2 * CITED)} is named twice.")
    if what == "outcome" and not names:
        raise ConfigurationError("Name an outcome, such as repurchase_rate_365d.")
    return list(names)


def _check_there(config: Any, key: str) -> None:
    """Refuse a setting of a member that a list does not have."""
    for part in key.split("."):
        if isinstance(config, list):
            if not int(part) < len(config):
                raise ConfigurationError(
                    f"{cited(key, 2 * CITED)} is not there: of this list there are {len(config)}, "
                    "counted from 0."
                )
            config = config[int(part)]
        else:
            config = getattr(config, part)


def _seed(given: Any) -> int:
    """A seed, also as NumPy has whole numbers."""
    whole = not isinstance(given, bool) and hasattr(given, "__index__")
    seed = index(given) if whole else given
    check_limits({"seed": seed})
    return int(seed)


__all__ = ["Simulator"]
