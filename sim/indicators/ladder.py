"""The ladder: from the list price of what was sold, step by step, to the contribution.

Every step is a whole number of fen, and each subtotal is the sum of all steps above it.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from sim.indicators.horizons import reads
from sim.indicators.observed import Array, Observed, columns_with_prefix, fees_of
from sim.indicators.tables import as_book, coded

POINTS = "points"  # the lever whose price cuts are points redeemed
LIST, PRICE_CUT, REDEEMED, REVENUE = "list", "price_cut", "points_redeemed", "revenue"
GOODS, MARGIN = "goods", "gross_margin"
COMMISSION, SERVING, LEVER_COST = "commission", "serving", "lever_cost"
FEE = "fees"  # the line that only some runs have
FINE, PAID = "fine", "fines"  # the line, and the cost of operations that only some runs have
CONTRIBUTION = "contribution"
OTHER = "other"  # a price cut that no lever has booked
SUBTOTALS = (REVENUE, MARGIN, CONTRIBUTION)
LINES = {
    LIST: "filled orders at list price",
    PRICE_CUT: "price given up to sale, coupon, tier or deal, by the lever that gave it",
    REDEEMED: "price paid with points",
    REVENUE: "subtotal: money paid by customers",
    GOODS: "what the goods cost the operator",
    MARGIN: "subtotal: gross margin",
    FEE: "paid by households for a membership, where there was one",
    COMMISSION: "commission to public platforms",
    SERVING: "picking, packing, delivery of orders",
    FINE: "paid to an authority, where there was anything to pay",
    LEVER_COST: "paid out for a lever, its fixed costs included",
    CONTRIBUTION: "subtotal: contribution",
}


def steps(observed: Observed) -> Iterator[tuple[str, str, Array]]:
    """Steps of the ladder in their order: line, lever (or nothing), fen of each day.

    What is given up or paid is below zero; a price cut that no lever has booked stands under
    `OTHER`, so that steps always add up. There are no other fixed costs than those of levers.
    """
    daily = observed.daily
    cuts = columns_with_prefix(observed, "discount_")
    revenue, goods = daily["revenue_fen"], daily["goods_cost_fen"]
    booked = sum(cuts.values(), np.zeros(len(daily), np.int64))
    cuts = {OTHER: daily["list_fen"] - revenue - booked, **cuts}
    costs = columns_with_prefix(observed, "cost_")
    others = columns_with_prefix(observed, "operations_")
    yield LIST, "", daily["list_fen"]
    yield from ((PRICE_CUT, lever, -cuts[lever]) for lever in sorted(cuts) if lever != POINTS)
    yield REDEEMED, "", -cuts.get(POINTS, np.zeros_like(revenue))
    yield REVENUE, "", revenue
    yield GOODS, "", -goods
    yield MARGIN, "", revenue - goods
    fees = fees_of(observed)
    if fees.any():
        yield FEE, "", fees
    yield from ((line, "", -others[line]) for line in (COMMISSION, SERVING))
    if PAID in others:
        yield FINE, "", -others[PAID]
    yield from ((LEVER_COST, lever, -costs[lever]) for lever in sorted(costs))
    spent = sum([*costs.values(), *others.values()])
    yield CONTRIBUTION, "", revenue - goods + fees - spent


def ladder_table(observed: Any) -> pd.DataFrame:
    """The ladder of a run, added up from day 0 to each horizon and to the end.

    Parameters
    ----------
    observed
        A run, or its book.

    Returns
    -------
    pandas.DataFrame
        ``days, line, lever, fen``: the first so many days of the run; lines in the order of
        `LINES`, levers by name. Of levers only those that have ever given or cost something.
    """
    seen = as_book(observed).observed
    found = [(line, lever, np.cumsum(fen)) for line, lever, fen in steps(seen)]
    found = [each for each in found if not each[1] or each[2].any()]
    days = reads(seen.days)
    names = list(LINES)
    lines = np.array([names.index(line) for line, _, _ in found])
    levers = sorted({lever for _, lever, _ in found})
    which = np.array([levers.index(lever) for _, lever, _ in found])
    return pd.DataFrame(
        {
            "days": np.repeat(days, len(found)),
            "line": coded(np.tile(lines, len(days)), names),
            "lever": coded(np.tile(which, len(days)), levers),
            "fen": np.array([fen[day - 1] for day in days for _, _, fen in found], np.int64),
        }
    )


__all__ = ["LINES", "OTHER", "SUBTOTALS", "ladder_table", "steps"]
