"""What a trial does against another in the same worlds: households, orders, money, churn.

The outcomes that a planner asks for, each per so many households of the market; before them the
goal, where there is one; and one more that a lever is for: any column of the daily table or
indicator, by name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.dictionary.runs import DAILY, KEPT, STOCKS
from sim.experiments import statistics
from sim.experiments.evaluation import Evaluation, Trial
from sim.experiments.goals import Asked, aimed, chosen, in_run
from sim.experiments.horizons import CONTRIBUTION
from sim.experiments.outcomes import won_and_lost
from sim.experiments.plan import PlannedRun
from sim.experiments.same_people import CHANGED, PER, is_counted, places
from sim.indicators.horizons import NET
from sim.indicators.registry import REGISTRY
from sim.parameters.quantity import ConfigurationError
from sim.store.runs import Store
from sim.text.outgoing import cited
from sim.text.suggestions import instead


class Outcome(NamedTuple):
    """What is measured of every run.

    Attributes
    ----------
    name, unit
        As tables have them.
    better
        1: more is better, -1: less is.
    """

    name: str
    unit: str
    better: int


MAIN = (
    Outcome(NET, "households per 10,000", 1),
    Outcome("orders", "orders per 1,000 households", 1),
    Outcome(CONTRIBUTION, "yuan per 1,000 households", 1),
    Outcome("churn_rate_365d", "points", -1),
)
# Over days; others are summed. What a lever keeps is what there is at a day's end.
AVERAGED = {column.name for column in (*STOCKS, *KEPT)} | {"customers"}
NO_COUNT = {"day", "wait_minutes", "pace"}  # columns of the daily table that cannot be added up
OF_DAYS = {column.name: column.unit for column in DAILY if column.name not in NO_COUNT}


def check_known(names: Iterable[str]) -> None:
    """Refuse what is neither a column of the daily table nor an indicator."""
    known = {*OF_DAYS, *REGISTRY}
    for name in names:
        if name not in known:
            raise ConfigurationError(
                f"There is no indicator or daily figure {cited(name)}{instead(name, known)}"
            )


def outcomes_by(asked: Asked) -> tuple[Outcome, ...]:
    """The goal that is asked for, by its name, and those of `MAIN` that are another thing."""
    name, goal = chosen(asked), aimed(asked)
    beside = (each for each in MAIN if each.name != goal.outcome)
    return Outcome(name, goal.unit, goal.better), *beside


@dataclass
class Effects:
    """Effects of trials against one of them.

    Parameters
    ----------
    lives
        What lived through the trials.
    extra
        Columns of the daily table or indicators that are measured beside `MAIN`.
    goal
        What comes before `MAIN`, if anything; see `sim.experiments.goals.weights`.
    """

    lives: Evaluation
    extra: Sequence[str] = ()
    goal: Asked | None = None
    _known: dict[str, dict[str, float]] = field(default_factory=dict, init=False)
    _units: dict[str, str] = field(default_factory=dict, init=False)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What is measured of every run, but for the extra."""
        return MAIN if self.goal is None else outcomes_by(self.goal)

    def measured(self, trial: Trial) -> pd.DataFrame:
        """Outcomes of a trial, a row per world."""
        whole = self.lives.measured(trial)
        rows = [
            self._of_run(run, whole.iloc[world].to_dict()) for world, run in enumerate(trial.runs)
        ]
        return pd.DataFrame(rows)

    def against(self, trial: Trial, reference: Trial, extra: Sequence[str] = ()) -> pd.DataFrame:
        """What a trial differs by from another, in the same worlds.

        Returns
        -------
        pandas.DataFrame
            ``outcome, unit, level, reference, mean, low, high, n``: the means of both, and that of
            the paired differences with its own 95% interval. Households won and lost have no
            level. A trial differs from itself by nothing.
        """
        own, other = self.measured(trial), self.measured(reference)
        found = {each.name: (each.unit, own[each.name], other[each.name]) for each in self.outcomes}
        found |= {
            name: (self.unit(name), own[extra_column(name)], other[extra_column(name)])
            for name in extra
        }
        rows = []
        for name, (unit, mine, theirs) in found.items():
            difference = _interval(mine - theirs, same=trial is reference)
            levels = {"level": mine.mean(), "reference": theirs.mean()}
            rows.append({"outcome": name, "unit": unit, **levels, **difference})
        changed = self._changed(trial, reference)
        for name in CHANGED:
            difference = _interval(changed[name], same=trial is reference)
            levels = {"level": np.nan, "reference": np.nan}
            rows.append({"outcome": name, "unit": MAIN[0].unit, **levels, **difference})
        return pd.DataFrame(rows)

    def unit(self, name: str) -> str:
        """Unit of one of the extra outcomes."""
        if name in OF_DAYS:
            return f"{OF_DAYS[name]} per 1,000 households"
        self._units = self._units or self.lives.units()
        unit = self._units.get(name, "")
        return "points" if unit == "share" else unit

    def _of_run(self, run: PlannedRun, indicators: Mapping[Any, float]) -> dict[str, float]:
        if run.key not in self._known:
            self._known[run.key] = self._read(run, indicators)
        return self._known[run.key]

    def _read(self, run: PlannedRun, indicators: Mapping[Any, float]) -> dict[str, float]:
        tables = Store(self.lives.settings.results).tables(run.key)
        extra = [name for name in self.extra if name in OF_DAYS]
        daily = tables.read("daily", {"orders", CONTRIBUTION, *extra}.__contains__)
        people = tables.read("households", is_counted)
        thousands = float(run.config["population"]["households"]) / 1000.0
        found = {
            NET: float(people["repurchased"].sum()) / places(people) * PER,
            "orders": float(daily["orders"].sum()) / thousands,
            CONTRIBUTION: float(daily[CONTRIBUTION].sum()) / thousands,
            "churn_rate_365d": 100.0 * indicators.get("churn_rate_365d", np.nan),
        }
        if self.goal is not None:
            ladder = tables.read("ladder")
            found[chosen(self.goal)] = in_run(people, ladder, indicators, self.goal)
        for name in self.extra:
            if name not in OF_DAYS:
                scale = 100.0 if self.unit(name) == "points" else 1.0
                value = scale * indicators.get(name, np.nan)
            elif name not in daily:
                value = np.nan
            else:
                column = daily[name]
                value = float(column.mean() if name in AVERAGED else column.sum()) / thousands
            found[extra_column(name)] = value
        return found

    def _changed(self, trial: Trial, reference: Trial) -> pd.DataFrame:
        """Households won and lost per 10,000, a row per world."""
        store = Store(self.lives.settings.results)
        rows = []
        for run, before in zip(trial.runs, reference.runs, strict=True):
            own, other = (
                store.tables(each.key).read("households", is_counted) for each in (run, before)
            )
            counted = won_and_lost(own, other).iloc[0]
            rows.append({name: counted[name] / places(other) * PER for name in CHANGED})
        return pd.DataFrame(rows)


def extra_column(name: str) -> str:
    """Where an extra outcome is kept, lest one that has the name of a main one replaces it."""
    return f"extra {name}"


def _interval(differences: "pd.Series[float]", same: bool) -> dict[str, float]:
    if same:
        return {"mean": 0.0, "low": 0.0, "high": 0.0, "n": len(differences)}
    return statistics.mean_interval(differences.to_numpy(float))


__all__ = [
    "CHANGED",
    "CONTRIBUTION",
    "MAIN",
    "NET",
    "Effects",
    "Outcome",
    "check_known",
    "extra_column",
    "outcomes_by",
]
