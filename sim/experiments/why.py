"""Why a strategy contributes more or less: the difference as a ladder of causes that sums.

What households bring is a product of factors, line by line of the ladder:

    customers × orders per customer × list value per order × share of the list value

with the shares of price cuts, goods and commission; serving is customers × orders per customer ×
yuan per order. The difference of two such products is shared among the factors after Shapley: each
gets what it changes when it moves from one world to the other, averaged over all orders in
which the factors can move. The shares are symmetric and leave no rest (Albrecht, François & Schoors
2002). What levers cost is a step of its own, so are fees and a fine. Only the same worlds are
compared; steps are whole fen and add up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.experiments import rounding, shapley, statistics
from sim.experiments.horizons import DIGITS, FEN, months
from sim.experiments.paired import Runs
from sim.experiments.statistics import Floats
from sim.indicators.accounts import COUNTS
from sim.indicators.ladder import (
    COMMISSION,
    CONTRIBUTION,
    FEE,
    FINE,
    GOODS,
    LEVER_COST,
    LIST,
    POINTS,
    PRICE_CUT,
    REDEEMED,
    SERVING,
    SUBTOTALS,
)

CUSTOMERS, FREQUENCY, BASKET = "customers", "orders_per_customer", "basket"
FACTORS = (CUSTOMERS, FREQUENCY, BASKET)
STEPS = {  # and the unit of what makes it
    CUSTOMERS: "customers",
    FREQUENCY: "orders a customer",
    BASKET: "yuan an order",
    PRICE_CUT: "share of list value",
    GOODS: "share of list value",
    COMMISSION: "share of list value",
    SERVING: "yuan an order",
    FEE: "yuan",
    FINE: "yuan",
    LEVER_COST: "yuan",
    CONTRIBUTION: "yuan",
}
BELONG_TO_NOBODY = (FEE, FINE, LEVER_COST)  # to no household's orders: each is a step of its own
ALL, NOBODY = "all", "nobody"  # `by` of everybody, and of what belongs to no household
LEVELS = ("reference_level", "level")
COLUMNS = (
    *("strategy", "day", "months", "by", "segment", "step", "lever", "unit"),
    *("mean", "low", "high", "n", *LEVELS),
)

Line = tuple[str, str]  # a step with its lever, if any
LISTED = (LIST, "")
TOTAL = (CONTRIBUTION, "")


@dataclass(frozen=True)
class Books:
    """Counts and money of some households; arrays of one shape, worlds last.

    Attributes
    ----------
    customers, orders
        Counts.
    fen
        Lines of the ladder that are no subtotals, below zero where given up or paid.
    """

    customers: Floats
    orders: Floats
    fen: Mapping[Line, Floats]

    @cached_property
    def total(self) -> Floats:
        """All lines together."""
        return np.asarray(sum(self.fen.values()))

    def factors(self, line: Line) -> list[Floats]:
        """Factors whose product a line is; missing where there is nothing to divide by."""
        frequency = _ratio(self.orders, self.customers)
        if line[0] == SERVING:
            return [self.customers, frequency, _ratio(self.fen[line], self.orders)]
        basket, share = _ratio(self.fen[LISTED], self.orders), self.fen[line]
        return [self.customers, frequency, basket, _ratio(share, self.fen[LISTED])]

    def level(self, step: Line) -> Floats:
        """What a step is made by: a count, a ratio, a share of the list value, yuan."""
        if step[0] in FACTORS:
            level = self.factors(LISTED)[FACTORS.index(step[0])]
            return level / FEN if step[0] == BASKET else level
        if step == TOTAL:
            return self.total / FEN
        own = [fen for (line, lever), fen in self.fen.items() if line == step[0] and
               step[1] in ("", lever)]  # fmt: skip
        given = -np.asarray(sum(own, np.zeros(self.orders.shape)))
        if step[0] in BELONG_TO_NOBODY:
            return (-given if step[0] == FEE else given) / FEN
        if step[0] == SERVING:
            return _ratio(given, self.orders) / FEN
        return _ratio(given, self.fen[LISTED])


def _ratio(above: Floats, below: Floats) -> Floats:
    return above / np.where(below > 0, below, np.nan)


def steps(before: Books, after: Books) -> dict[Line, Floats]:
    """The difference of all lines, as steps in whole fen that add up to it in every world."""
    found: dict[Line, Floats] = {(name, ""): np.zeros(before.orders.shape) for name in FACTORS}
    for line, fen in before.fen.items():
        if line[0] in BELONG_TO_NOBODY:
            found[line] = after.fen[line] - fen
            continue
        *common, own = _shares(before.factors(line), after.factors(line))
        for name, share in zip(FACTORS, common, strict=False):
            found[name, ""] = found[name, ""] + share
        if line != LISTED:
            found[line] = own
    summed = np.rint(np.cumsum([*found.values()], axis=0))
    return dict(zip(found, np.diff(summed, axis=0, prepend=0.0), strict=True))


def with_levers_together(found: Mapping[Line, Floats]) -> dict[Line, Floats]:
    """Before the first of the steps that levers share, what all of these levers do together."""
    told: dict[Line, Floats] = {}
    for (step, lever), fen in found.items():
        if lever and (step, "") not in told:
            told[step, ""] = np.asarray(
                sum(own for (name, _), own in found.items() if name == step)
            )
        told[step, lever] = fen
    return told


def _shares(before: Sequence[Floats], after: Sequence[Floats]) -> list[Floats]:
    """What each factor moves a product by, from one state of all of them to another.

    A ratio that one of the two has not (nobody ordered) is taken to be the other's.
    """
    shape = before[0].shape
    ends = [
        [np.nan_to_num(np.where(np.isnan(one), other, one)).ravel() for one, other in each]
        for each in (zip(before, after, strict=True), zip(after, before, strict=True))
    ]

    def worth(moved: int) -> Floats:
        return np.asarray(prod(ends[moved >> i & 1][i] for i in range(len(before))))

    return [share.reshape(shape) for share in shapley.exact(worth, len(before))]


def why(ladders: Runs, accounts: Runs, reference: str) -> pd.DataFrame:
    """Where the contribution of each strategy differs from the reference's, and with whom.

    Parameters
    ----------
    ladders, accounts
        `Result.ladder` and `Result.accounts` by (strategy, seed).

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`: ``mean, low, high`` of a step in yuan, each interval for itself; the level of
        what makes it (`STEPS`) under the reference and the strategy. Steps of everybody (`by` all)
        add up to their last, `contribution`; those of levers, to their step. A group's steps are
        those of its own customers; the groups of a division, those who came later and what
        belongs to nobody add up to the whole.
    """
    strategies, seeds = (sorted(set(each)) for each in zip(*ladders, strict=True))
    parts, lines_by_day = [], {run: _lines(table) for run, table in ladders.items()}
    sorted_accounts = {run: _sorted(table) for run, table in accounts.items()}
    for day in sorted(set(next(iter(ladders.values()))["days"])):
        lines = {run: found[day] for run, found in lines_by_day.items()}
        known = sorted({line for each in lines.values() for line in each}, key=_place)
        tables = {
            run: table[table["days"] == day].reset_index(drop=True)
            for run, table in sorted_accounts.items()
        }
        groups = next(iter(tables.values()))[["by", "segment"]]
        books = {
            name: _books(
                [lines[name, seed] for seed in seeds], [tables[name, seed] for seed in seeds], known
            )
            for name in strategies
        }
        for name in strategies:
            if name != reference:
                rows = _rows(*books[reference], *books[name], groups)
                parts.append(rows.assign(strategy=name, day=day, months=months(day)))
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)] if parts else _nothing()


def _nothing() -> pd.DataFrame:
    return pd.DataFrame(columns=list(COLUMNS))


def _place(line: Line) -> tuple[int, str]:
    """Where a line stands: the list price first."""
    return [LIST, *STEPS].index(line[0]), line[1]


def _lines(ladder: pd.DataFrame) -> dict[int, dict[Line, int]]:
    """Fen of all lines that are no subtotals, by horizon; points are one of the price cuts."""
    found: dict[int, dict[Line, int]] = {}
    columns = (ladder[name].tolist() for name in ("days", "line", "lever", "fen"))
    for day, line, lever, fen in zip(*columns, strict=True):
        if line not in SUBTOTALS:
            own = (PRICE_CUT, POINTS) if line == REDEEMED else (line, lever)
            found.setdefault(day, {})[own] = fen
    return found


def _sorted(accounts: pd.DataFrame) -> pd.DataFrame:
    """Accounts of all groups, in one order at every horizon."""
    named = accounts.astype({"by": str, "segment": str})
    return named.sort_values(["by", "segment"], ignore_index=True, kind="stable")


def _books(
    lines: Sequence[Mapping[Line, int]], tables: Sequence[pd.DataFrame], known: Sequence[Line]
) -> tuple[Books, Books]:
    """Everybody's books by world, by the ladder; and those of groups, by their accounts."""
    column = {
        name: np.array([table[name].to_numpy(float) for table in tables]).T
        for name in tables[0].columns.drop(["days", "by", "segment"])
    }
    customers, orders = (column.pop(name) for name in COUNTS)
    groups = Books(
        customers,
        orders,
        {
            (name.removesuffix("_fen"), ""): fen if name == "list_fen" else -fen
            for name, fen in column.items()
        },
    )
    fen = {line: np.array([[each.get(line, 0) for each in lines]], float) for line in known}
    everybody = (tables[0]["by"] == ALL).to_numpy()
    return Books(customers[everybody], orders[everybody], fen), groups


def _rows(
    old: Books, old_groups: Books, new: Books, new_groups: Books, groups: pd.DataFrame
) -> pd.DataFrame:
    """Rows of one strategy at one horizon: everybody, what belongs to nobody, each group."""
    whole = {**with_levers_together(steps(old, new)), TOTAL: new.total - old.total}
    found = {**steps(old_groups, new_groups), TOTAL: new_groups.total - old_groups.total}
    everybody = (groups["by"] == ALL).to_numpy()
    of_all, own = groups[everybody], groups[~everybody]
    ends = [_of(each, everybody) for each in (old_groups, new_groups)]
    rest = [_less(*each) for each in zip((old, new), ends, strict=True)]
    ends = [_of(each, ~everybody) for each in (old_groups, new_groups)]
    parts = [
        _told(whole, (old, new), of_all),
        _told(
            {TOTAL: rest[1].total - rest[0].total},
            rest,
            of_all.assign(by=NOBODY, segment=NOBODY),
        ),
        _told({step: fen[~everybody] for step, fen in found.items()}, ends, own),
    ]
    return pd.concat(parts, ignore_index=True)


def _of(books: Books, which: NDArray[np.bool_]) -> Books:
    """Books of some of the groups."""
    fen = {line: each[which] for line, each in books.fen.items()}
    return Books(books.customers[which], books.orders[which], fen)


def _less(whole: Books, part: Books) -> Books:
    """What is left of all money when that of a part is taken away."""
    return Books(whole.customers, whole.orders, {TOTAL: whole.total - part.total})


def _told(
    found: Mapping[Line, Floats], ends: Sequence[Books], groups: pd.DataFrame
) -> pd.DataFrame:
    """A row for each group and step: its mean over worlds, and what makes it under both."""
    got = _over_worlds([*found.values()])
    makes = [_over_worlds([each.level(step) for step in found]).mean for each in ends]
    yuan = [(each / FEN).round(DIGITS) + 0.0 for each in (got.mean, got.low, got.high)]
    numbers = [*yuan, got.n, *(rounding.to_digits(each) + 0.0 for each in makes)]
    named = groups[["by", "segment"]].loc[groups.index.repeat(len(found))].reset_index(drop=True)
    words = {
        "step": [step for step, _ in found] * len(groups),
        "lever": [lever for _, lever in found] * len(groups),
        "unit": [STEPS[step] for step, _ in found] * len(groups),
    }
    return named.assign(**words, **dict(zip(COLUMNS[-len(numbers) :], numbers, strict=True)))


def _over_worlds(found: Sequence[Floats]) -> statistics.Intervals:
    """Means and intervals of numbers of shape (groups, worlds) for each step, group by group."""
    together = np.stack(found, axis=1)
    return statistics.mean_intervals(together.reshape(-1, together.shape[-1]).T)


__all__ = ["ALL", "COLUMNS", "FACTORS", "NOBODY", "STEPS", "Books", "steps", "why"]
