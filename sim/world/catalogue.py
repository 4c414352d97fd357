"""What is sold: eight categories, their packs and prices, and how fast a child uses them.

Categories renewed by *stock* run down day by day with use by the child's age and feeding
(Gupta 1988 separates when, what and how much is bought; stock is what joins them).
Categories renewed by *occasion* arise now and then, with a chance per day by the child's age.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import omegaconf

from sim.compilation.compiled import compiled
from sim.parameters.quantity import ConfigurationError, quantity
from sim.world.household import CATEGORIES, FEEDING
from sim.world.protocols import CategoryRecord, Records

MONTH_DAYS = 30  # a month of age
AGE_MONTHS = 84  # months of age, the first begins EXPECTING_DAYS before birth
EXPECTING_DAYS = 280  # from conception to birth
LONGEST_COVER_DAYS = 365.0  # no pack is reckoned to last longer: assumed
RENEWALS = ("stock", "occasion")


@dataclass
class UseSpan:
    """Use per day over a span of the child's age, by how the baby is fed."""

    from_month: float = quantity("months of age", "first month of the span", -10, 84)
    to_month: float = quantity("months of age", "first month after the span", -10, 84)
    breast: float = quantity("units or needs a day", "of a breast-fed child", 0, 1000)
    mixed: float = quantity("units or needs a day", "of a child fed both ways", 0, 1000)
    formula: float = quantity("units or needs a day", "of a formula-fed child", 0, 1000)


@dataclass
class Category:
    """One category of the catalogue."""

    name: str = omegaconf.MISSING  # one of CATEGORIES
    unit: str = omegaconf.MISSING  # what a pack is counted in
    renewal: str = omegaconf.MISSING  # one of RENEWALS
    price_yuan_per_pack: float = quantity("yuan a pack", "the operator's list price", 1, 20000)
    pack_units: float = quantity("units", "units in one pack", 0.1, 10000)
    margin_share: float = quantity("share of list price", "list price less cost of goods", 0, 0.95)
    deal_appeal: float = quantity("weight", "pull in a purchase made for a deal's sake", 0, 10)
    use_per_day: list[UseSpan] = omegaconf.MISSING  # units a day, or needs a day by occasion


CATEGORY = np.dtype(
    [
        ("price_fen", "i8"),  # list price of a pack
        ("goods_cost_fen", "i8"),  # what a pack costs the operator
        ("pack_units", "f8"),
        ("deal_appeal", "f8"),
        ("by_stock", "i8"),  # 1 runs down with use, 0 arises by occasion
    ],
    align=True,
)


def category_records(categories: Sequence[Category]) -> Records[CategoryRecord]:
    """The catalogue as compiled code reads it.

    Parameters
    ----------
    categories
        The eight categories in the order of `CATEGORIES`.

    Returns
    -------
    numpy.recarray of CATEGORY, shape (8,)
        Money in fen.

    Raises
    ------
    ConfigurationError
        If a category is missing, misplaced or of an unknown renewal.
    """
    names = [category.name for category in categories]
    if names != list(CATEGORIES):
        raise ConfigurationError(
            f"population.categories are {names}: name exactly {list(CATEGORIES)}, in this order."
        )
    records = np.zeros(len(categories), CATEGORY)
    for record, category in zip(records, categories, strict=True):
        if category.renewal not in RENEWALS:
            raise ConfigurationError(
                f"renewal of {category.name} = {category.renewal!r}: choose 'stock' or 'occasion'."
            )
        price_fen = round(category.price_yuan_per_pack * 100)
        record["price_fen"] = price_fen
        record["goods_cost_fen"] = round(price_fen * (1 - category.margin_share))
        record["pack_units"] = category.pack_units
        record["deal_appeal"] = category.deal_appeal
        record["by_stock"] = category.renewal == "stock"
    return records.view(np.recarray)


def use_table(categories: Sequence[Category]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Use per day by category, feeding and month of age.

    Parameters
    ----------
    categories
        The eight categories.

    Returns
    -------
    float64 array, shape (8, 3, AGE_MONTHS)
        Units a day (by stock) or needs a day (by occasion); 0 outside every span. Month m
        takes the span that holds its middle, 30 m - 265 days after birth.
    """
    middle = (np.arange(AGE_MONTHS) * MONTH_DAYS + 15 - EXPECTING_DAYS) / MONTH_DAYS
    table = np.zeros((len(categories), len(FEEDING), AGE_MONTHS))
    for c, category in enumerate(categories):
        reached = -np.inf
        for span in category.use_per_day:
            if not reached <= span.from_month < span.to_month:
                raise ConfigurationError(
                    f"use_per_day of {category.name}: spans must follow one another, "
                    f"mend the one from {span.from_month:g} to {span.to_month:g} months."
                )
            reached = span.to_month
            inside = (middle >= span.from_month) & (middle < span.to_month)
            for f, feeding in enumerate(FEEDING):
                table[c, f, inside] = getattr(span, feeding)
    return table


@compiled
def age_month(age_days: int) -> int:
    """Row of the use table for a child's age in days (negative before birth)."""
    return min(max((age_days + EXPECTING_DAYS) // MONTH_DAYS, 0), AGE_MONTHS - 1)


@compiled
def month_begins(month: int) -> int:
    """Child's age in days on the first day of a row of the use table."""
    return month * MONTH_DAYS - EXPECTING_DAYS


@compiled
def days_of_stock(packs: int, pack_units: float, use_per_day: float) -> int:
    """Whole days, at least one, that so many packs last a child who uses them."""
    return max(int(min(packs * pack_units / use_per_day, LONGEST_COVER_DAYS)), 1)
