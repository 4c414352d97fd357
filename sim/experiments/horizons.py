"""People and money of paired runs, at each horizon and at the end: levels, differences, verdicts.

Pure functions to tidy frames, sorted like those of `paired`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from sim.experiments import rounding, same_people, statistics
from sim.experiments.paired import Runs
from sim.experiments.same_people import CHANGED
from sim.indicators.horizons import HORIZONS, NET, OUTCOMES, reads
from sim.indicators.ladder import LINES

CONTRIBUTION = "contribution_yuan"
BETTER = {each.name: each.better for each in OUTCOMES} | {CONTRIBUTION: 1}
UNIT = {each.name: each.unit for each in OUTCOMES} | dict.fromkeys(CHANGED, "households per 10,000")
VERDICTS = {1: "better", -1: "worse", 0: "open"}
FEN = 100.0
DIGITS = 4  # of yuan: rounding must not keep the ladder from adding up to the fen

Reading = tuple[int, str]  # day, outcome


@dataclass
class Readings:
    """What was read of every run.

    Attributes
    ----------
    reference
        Strategy that the others are compared with.
    strategies, seeds
        In order.
    days
        Of the runs.
    values
        By day and outcome, shape (strategies, seeds); money in yuan.
    steps
        Line and lever of the ladder by outcome, in the order of the ladder.
    market
        Households of the market.
    """

    reference: str
    strategies: list[str]
    seeds: list[int]
    days: int = 0
    values: dict[Reading, statistics.Floats] = field(default_factory=dict)
    steps: dict[str, tuple[str, str]] = field(default_factory=dict)
    market: float = float("nan")

    def put(self, strategy: str, seed: int, found: Mapping[Reading, float]) -> None:
        """Note what was read of one run; what nobody notes of a run is missing."""
        shape = (len(self.strategies), len(self.seeds))
        place = self.strategies.index(strategy), self.seeds.index(seed)
        for reading, value in found.items():
            self.values.setdefault(reading, np.full(shape, np.nan))[place] = value

    def read_ladders(self, ladders: Runs) -> None:
        """Note the ladders of all runs; a step that one run has and another has not is zero there.

        Parameters
        ----------
        ladders
            `Result.ladder` by (strategy, seed).
        """
        self.days = max(int(table["days"].max()) for table in ladders.values())
        found = {run: _fen(table) for run, table in ladders.items()}
        steps = {(line, lever) for fen in found.values() for _, line, lever in fen}
        order = list(LINES)
        told = sorted(steps, key=lambda step: (order.index(step[0]), step[1]))
        self.steps = {_outcome(*step): step for step in told}
        for (strategy, seed), fen in found.items():
            yuan = {
                (day, name): fen.get((day, *step), 0) / FEN
                for day in reads(self.days)
                for name, step in self.steps.items()
            }
            self.put(strategy, seed, yuan)

    def read_people(
        self, strategy: str, seed: int, people: pd.DataFrame, reference: pd.DataFrame
    ) -> None:
        """Note how the households of one run fare, beside those of the reference's.

        After `read_ladders`, which tells how long the runs are.
        """
        size = people["household"].to_numpy(np.int64)
        self.market = float(same_people.places(people)) * max(int(np.gcd.reduce(size)), 1)
        for day in reads(self.days):
            found = same_people.outcomes_of(people, day, self.days)
            if strategy != self.reference:
                found |= same_people.changed(people, reference, day, self.days)
            self.put(strategy, seed, {(day, name): value for name, value in found.items()})

    def rows(self, day: int, outcomes: Iterable[str]) -> pd.DataFrame:
        """Levels of outcomes on a day, and differences to the reference, with intervals.

        Those of differences hold for all strategies at once.
        """
        names = [name for name in outcomes if (day, name) in self.values]
        if not names:
            return pd.DataFrame(columns=COLUMNS)
        found = [self._found(day, name) for name in names]
        count = len(self.strategies)
        return pd.DataFrame(
            {
                "strategy": self.strategies * len(names),
                "day": day,
                "months": months(day),
                "outcome": np.repeat(np.array(names, object), count),
                "unit": np.repeat(np.array([UNIT.get(n, "yuan") for n in names], object), count),
                **{column: np.concatenate([each[column] for each in found]) for column in FOUND},
            }
        )

    def _found(self, day: int, outcome: str) -> dict[str, Any]:
        """Columns of `FOUND`, an entry per strategy."""
        values, count = self.values[day, outcome], len(self.strategies)
        # Summed in fen, whole numbers, so that nothing of a sum gets lost.
        scale = FEN if outcome in self.steps else 1.0
        level = statistics.mean_intervals(np.rint(values.T * scale) if scale > 1 else values.T)
        numbers = np.full((len(NUMBERS), count), np.nan)
        numbers[:3] = np.array([level.mean, level.low, level.high]) / scale
        critical = np.full(count, np.nan)
        method, verdict = np.full((2, count), "", object)
        if outcome not in CHANGED and count > 1:
            column = self.strategies.index(self.reference)
            got = statistics.paired_differences(values.T, column, correlated=outcome in BETTER)
            others = np.arange(count) != column
            numbers[3:, others] = got.mean, got.low, got.high
            critical[others] = rounding.to_digits(np.array([got.critical]))[0]
            method[others] = got.method
            if outcome in BETTER:
                verdict[others] = _verdicts(BETTER[outcome], got)
        told = numbers.round(DIGITS) if scale > 1 else rounding.to_digits(numbers)
        named = dict(zip(NUMBERS, told + 0.0, strict=True))  # no negative zero
        return {**named, "n": level.n, "critical": critical, "method": method, "verdict": verdict}

    def people(self) -> pd.DataFrame:
        """Outcomes of the same people at the run's end, contribution beside them."""
        names = [NET, *CHANGED, *(each.name for each in OUTCOMES[1:]), CONTRIBUTION]
        return self.rows(self.days, names)

    def ladder(self) -> pd.DataFrame:
        """From list price to contribution over the whole run, a row per strategy and step."""
        table = self.rows(self.days, self.steps)
        for i, name in enumerate(("line", "lever")):
            table.insert(i + 1, name, [self.steps[outcome][i] for outcome in table["outcome"]])
        return table.drop(columns=["day", "months", "outcome", "verdict"])

    def horizon(self) -> pd.DataFrame:
        """People and ladder at every horizon of the run and at its end.

        `turns` tells where a verdict is the opposite of one at an earlier horizon.
        """
        names = [NET, *CHANGED, *(each.name for each in OUTCOMES[1:]), *self.steps]
        table = pd.concat([self.rows(day, names) for day in reads(self.days)], ignore_index=True)
        turns = np.zeros(len(table), bool)
        for _, part in table.groupby(["strategy", "outcome"], sort=False):
            seen: set[str] = set()
            for row, verdict in zip(part.index, part["verdict"], strict=True):
                turns[row] = {"better": "worse", "worse": "better"}.get(verdict) in seen
                seen.add(verdict)
        return table.assign(turns=turns)


NUMBERS = ("mean", "low", "high", "extra", "extra_low", "extra_high")
FOUND = ("mean", "low", "high", "n", *NUMBERS[3:], "critical", "method", "verdict")
COLUMNS = ("strategy", "day", "months", "outcome", "unit", *FOUND)


def _fen(ladder: pd.DataFrame) -> dict[tuple[int, str, str], int]:
    """Fen by day, line and lever."""
    columns = (ladder["days"], ladder["line"].astype(str), ladder["lever"].astype(str))
    keys = zip(*(column.tolist() for column in columns), strict=True)
    return dict(zip(keys, ladder["fen"].tolist(), strict=True))


def _outcome(line: str, lever: str) -> str:
    """What a step of the ladder is called among outcomes."""
    return f"{line}_{lever}_yuan" if lever else f"{line}_yuan"


def months(day: int) -> float:
    """Months of the calendar in so many days."""
    known = {own: float(months) for months, own in HORIZONS.items()}
    return known.get(day, round(day * 12 / HORIZONS[12], 1))


def _verdicts(better: int, got: statistics.Differences) -> list[str]:
    signs = better * (np.sign(got.mean) * ((got.low > 0) | (got.high < 0)))
    known = np.isfinite(got.low)
    return [VERDICTS[int(sign)] if sure else "" for sign, sure in zip(signs, known, strict=True)]


def payback(monthly: Runs, reference: str) -> pd.DataFrame:
    """The month from which on a strategy has contributed more than the reference, added up.

    Parameters
    ----------
    monthly
        `Result.monthly` by (strategy, seed).

    Returns
    -------
    pandas.DataFrame
        ``strategy, month, low, high, n``. `month` is the first from which the mean extra
        contribution, added up from day 0, is never below zero again, 1 where it never was; missing
        where it is at the end. Its interval are the months in which the upper and the lower end of
        the 95% interval of that sum do so.
    """
    seeds = sorted({seed for _, seed in monthly})
    summed = {run: _summed(table) for run, table in monthly.items()}
    rows = []
    for strategy in sorted({name for name, _ in monthly} - {reference}):
        worlds = np.array([summed[strategy, seed] - summed[reference, seed] for seed in seeds])
        got = statistics.mean_intervals(worlds)
        months = {"month": got.mean, "low": got.high, "high": got.low}
        found = {name: _from_then_on(curve) for name, curve in months.items()}
        rows.append({"strategy": strategy, **found, "n": len(seeds)})
    return pd.DataFrame(rows, columns=["strategy", "month", "low", "high", "n"])


def _summed(monthly: pd.DataFrame) -> statistics.Floats:
    by_month = monthly.sort_values("month")["contribution_yuan"]
    return np.cumsum(by_month.to_numpy(float))


def _from_then_on(curve: statistics.Floats) -> float:
    """First month, from 1, from which on a curve stays at zero or above; NaN if it does not."""
    below = np.flatnonzero(~(curve >= 0))
    first = int(below[-1]) + 2 if len(below) else 1
    return float(first) if first <= len(curve) else float("nan")


__all__ = [
    "BETTER",
    "CONTRIBUTION",
    "DIGITS",
    "FEN",
    "UNIT",
    "VERDICTS",
    "Readings",
    "months",
    "payback",
]
