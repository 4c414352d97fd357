"""Regularities of buying beyond the facts, models that come back, and the years before: how read.

The rows stand in ``conf/evidence/regularities.csv``, in the columns of the facts. Nobody fitted to
them; what is expected comes from theory, from records, or from a model that is known.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.evidence import known_models, shops
from sim.evidence.facts import Fact, load_facts
from sim.evidence.lists import list_file
from sim.evidence.measure import BASELINE, WORLDS, Measurement, Values, World, same
from sim.evidence.patterns import EARLY_MONTHS, LATE_MONTHS, ordering_by_month
from sim.evidence.readings import indicator, share
from sim.indicators import Book
from sim.indicators.observed import MONTH_DAYS, YEAR_DAYS, Array, daily_column
from sim.world.household import CATEGORIES, NEVER

Combine = Callable[..., float]
REGULARITY, KNOWN_MODEL, BACK_CAST = KINDS = ("regularity", "known model", "back-cast")
YEARS_BACK = 5  # 2020 to 2024
CENSUS = "quarter_with_census"

BEYOND_WORLDS: dict[str, World] = {
    CENSUS: World(overrides=(f"run.days={shops.QUARTER_DAYS}",)),
    "taken_up": World(BASELINE, known_models.TAKEN_UP),
    "advertised_alone": World(BASELINE, known_models.ADVERTISED_ALONE),
    "nothing_learnt": World(BASELINE, known_models.STEADY),
    "from_2020": World(
        overrides=(
            f"run.days={YEARS_BACK * YEAR_DAYS}",
            "market_path=china_2020_2024",
            "population.reference_year=2020.5",
        )
    ),
}
ALL_WORLDS = {**WORLDS, **BEYOND_WORLDS}
CENSUS_DAYS = {CENSUS: shops.CENSUS_DAYS}  # days on whose mornings everybody is looked at, by world


def load_regularities(config_dir: Path | None = None) -> tuple[Fact, ...]:
    """The rows, checked like facts.

    Raises
    ------
    ConfigurationError
        Naming the row and what is wrong with it.
    """
    return load_facts(list_file("regularities.csv", config_dir), kinds=KINDS)


# Shops


def off_on_average(found: slice, expected: slice) -> Combine:
    """Mean absolute deviation of numbers from what is expected of each, as a share of that."""

    def combine(values: Values) -> float:
        ratio = np.array(values[found]) / np.array(values[expected])
        return float(np.abs(ratio - 1.0).mean())

    return combine


def double_jeopardy(values: Values) -> float:
    """Purchases of a buyer at the operator over those at the shop with most buyers."""
    bought, often = values[shops.BOUGHT], values[shops.OFTEN]
    return share(often[0], often[int(np.argmax(bought))])


# Who writes


def messages_by_share(book: Book) -> tuple[float, float, float]:
    """Share of members' messages by the most active 1 % and 10 %; members who write none."""
    found: tuple[float, float, float] = book.once(_messages_by_share)
    return found


def _messages_by_share(book: Book) -> tuple[float, float, float]:
    written = _written(book)[_members(book)]
    if not written.sum():
        return (np.nan, np.nan, np.nan)
    return top_share(written, 0.01), top_share(written, 0.1), float((written == 0).mean())


def _members(book: Book) -> Array:
    """Families that were in a group chat some time in the year, as far as it is seen."""
    member = np.asarray(book.from_end(book.member_at_end) > 0)
    day = book.column("day")
    seen = (day >= book.first) & (day < book.days) & (book.event_family >= 0)
    seen &= (book.column("group") >= 0) | (book.column("joined") > 0)
    member[book.event_family[seen]] = True
    if book.first == 0:
        member[: len(book.observed.start)] |= book.observed.start["group"] >= 0
    return member


def _written(book: Book) -> Array:
    """Messages of each family in the year's chats."""
    count = np.zeros(book.families.count)
    for kind in ("help_posts", "story_posts", "complaint_posts"):
        posts = book.events(kind)
        count += book.per_family(posts.family, posts.value)
    return count


def top_share(amounts: Array, top: float) -> float:
    """Share of a sum that its largest parts have, `top` of their number; one may count in part."""
    ordered = np.sort(amounts)[::-1]
    reached = np.concatenate([[0.0], np.cumsum(ordered)])
    return share(float(np.interp(top * len(ordered), np.arange(len(reached)), reached)),
                 float(reached[-1]))  # fmt: skip


# Cohorts; share who order in the k-th month after the first order, as the note of P11 has it (D1)

GROCERY_MONTHS = {1: 0.35, 2: 0.32, 3: 0.29, 4: 0.25, 5: 0.22, 6: 0.19, 12: 0.17}
MONTHS = tuple(range(1, LATE_MONTHS[-1] + 1))


def against_early_months(by_month: dict[int, float]) -> dict[int, float]:
    """Each month's share by the mean of the 2nd to 4th: shops differ in how often they are needed.

    Examples
    --------
    >>> against_early_months({2: 0.2, 3: 0.2, 4: 0.2, 12: 0.1})[12]
    0.5
    """
    early = float(np.mean([by_month[k] for k in EARLY_MONTHS]))
    return {k: share(value, early) for k, value in by_month.items()}


GROCERY_CURVE = against_early_months(GROCERY_MONTHS)


def cohort_curve(book: Book) -> tuple[float, ...]:
    """Share of new customers who order in each month after the first order, by months 2 to 4."""
    monthly = dict(zip(MONTHS, ordering_by_month(book), strict=True))
    return tuple(against_early_months(monthly).values())


def off_grocery(values: Values) -> float:
    """Mean absolute deviation of the curve from grocery's, over the months known of that."""
    return float(np.mean([abs(values[k - 1] - own) for k, own in GROCERY_CURVE.items()]))


# What is bought at which age; quartiles in months, docs/evidence/purchase_records.md (D5)

TAOBAO_AGES: dict[str, tuple[tuple[str, ...], tuple[float, float, float]]] = {
    "maternity": (("maternity",), (-4.1, -1.8, 2.3)),
    "food": (("formula", "complementary_food"), (9.6, 12.0, 17.7)),
    "diapers_and_care": (("diapers", "wash_care", "durables"), (0.9, 7.0, 16.1)),
    "toys": (("toys_education",), (7.8, 18.2, 37.2)),
    "clothing": (("clothing",), (8.9, 22.5, 37.0)),
}
QUARTILES = (0.25, 0.5, 0.75)


def ages_at_purchase(book: Book) -> tuple[float, ...]:
    """Quartiles of the child's age in months at the year's orders, by Taobao's categories."""
    orders, families = book.orders, book.families
    known = book.year & ((families.generation == 0) | families.is_last)[orders.family]
    packs = book.observed.events["packs"][orders.row[known]]
    age = orders.day[known] - book.lasting("birth_day")[orders.family[known]]
    found: list[float] = []
    for categories, _ in TAOBAO_AGES.values():
        holds = (packs[:, [CATEGORIES.index(name) for name in categories]] > 0).any(axis=1)
        ages = age[holds] / MONTH_DAYS
        found += list(map(float, np.quantile(ages, QUARTILES))) if len(ages) else [np.nan] * 3
    return tuple(found)


def off_taobao(values: Values) -> float:
    """Mean absolute deviation of median ages from Taobao's, months."""
    medians = [own[1] for _, own in TAOBAO_AGES.values()]
    return float(np.mean(np.abs(np.array(values[1::3]) - medians)))


# The years before


def infants_by_start(book: Book) -> float:
    """Families with a child under one at the end, over those at the start."""
    counts = []
    for census, day in ((book.observed.end, book.days), (book.observed.start, 0)):
        born = census["birth_day"].astype(int)
        counts.append(((born > day - YEAR_DAYS) & (born <= day) & (born < NEVER)).sum())
    return share(*counts)


def acquisition_cost_by_year(book: Book) -> float:
    """Acquisition cost of a new customer in the last year over that in the year before."""
    costs = []
    for end in (book.days, book.days - YEAR_DAYS):
        own = slice(max(end - YEAR_DAYS, 0), max(end, 0))
        spent, won = (
            daily_column(book.observed, name) for name in ("cost_acquisition", "new_customers")
        )
        if spent is None or won is None:
            return float("nan")
        costs.append(share(spent[own].sum(), won[own].sum()))
    return share(*costs)


# What is read, in which world, and how it comes to the figure


def _part(place: int) -> Combine:
    return lambda values: values[place]


def _over(above: int, below: int) -> Combine:
    return lambda values: share(values[above], values[below])


def _over_other(place: int) -> Combine:
    return lambda one, other: share(one[place], other[place])


def _shops(combine: Combine) -> Measurement:
    return Measurement(shops.buying, combine, (CENSUS,))


_nothing_learnt = ("nothing_learnt",)
BEYOND: dict[str, Measurement] = {
    "B01": _shops(off_on_average(shops.BOUGHT, shops.BOUGHT_EXPECTED)),
    "B02": _shops(off_on_average(shops.OFTEN, shops.OFTEN_EXPECTED)),
    "B03": _shops(double_jeopardy),
    "B04": _shops(_over(shops.VARIANCE, shops.MEAN)),
    "B05": _shops(_over(shops.ONCE, shops.ONCE_EXPECTED)),
    "B06": Measurement(messages_by_share, _part(0)),
    "B07": Measurement(messages_by_share, _part(1)),
    "B08": Measurement(messages_by_share, _part(2)),
    "B09": Measurement(cohort_curve, off_grocery, ("two_years",)),
    "B10": Measurement(ages_at_purchase, off_taobao),
    "M01": Measurement(known_models.uptake, _part(known_models.GAP), ("taken_up",)),
    "M02": Measurement(
        known_models.uptake, _over(known_models.P, known_models.P_EXPECTED), ("advertised_alone",)
    ),
    "M03": Measurement(
        known_models.uptake, _over_other(known_models.Q), ("advertised_alone", "taken_up")
    ),
    "M04": Measurement(
        known_models.second_year,
        _over(known_models.FORECAST, known_models.BOUGHT),
        _nothing_learnt,
    ),
    "M05": Measurement(known_models.second_year, _part(known_models.APART), _nothing_learnt),
    "Y01": Measurement(infants_by_start, same, ("from_2020",)),
    "Y02": Measurement(acquisition_cost_by_year, same, ("from_2020",)),
    "Y03": Measurement(indicator("repurchase_rate_365d"), same, ("from_2020",)),
}


@dataclass(frozen=True)
class Beside:
    """Numbers that are shown one by one, each beside what is expected of it.

    Attributes
    ----------
    measure, unit
        What they are.
    items
        What each is of.
    found
        Where they stand in the readings of a world.
    expected
        Where what is expected stands there, or what it is; NaN where nobody knows.
    read_as, world
        Under which row's name it was read, and in which world.
    """

    measure: str
    unit: str
    items: Sequence[str]
    found: slice
    expected: slice | Sequence[float]
    read_as: str
    world: str


CLASSES = tuple(str(k) for k in range(known_models.CLASSES))
BESIDE: tuple[Beside, ...] = (
    Beside("buyers", "share", shops.SHOPS, shops.BOUGHT, shops.BOUGHT_EXPECTED, "B01", CENSUS),
    Beside(
        "purchases_of_a_buyer",
        "purchases",
        shops.SHOPS,
        shops.OFTEN,
        shops.OFTEN_EXPECTED,
        "B01",
        CENSUS,
    ),
    Beside(
        "cohort",
        "ratio",
        tuple(map(str, MONTHS)),
        slice(0, len(MONTHS)),
        [GROCERY_CURVE.get(k, np.nan) for k in MONTHS],
        "B09",
        "two_years",
    ),
    *(
        Beside(
            f"age_{measure}",
            "months",
            tuple(TAOBAO_AGES),
            slice(i, None, 3),
            [own[i] for _, own in TAOBAO_AGES.values()],
            "B10",
            BASELINE,
        )
        for i, measure in enumerate(("lower", "median", "upper"))
    ),
    Beside(
        "adopted",
        "share",
        tuple(map(str, range(1, known_models.MONTHS + 1))),
        known_models.ADOPTED,
        known_models.ADOPTED_EXPECTED,
        "M01",
        "taken_up",
    ),
    *(
        Beside(
            measure,
            "purchases",
            CLASSES,
            known_models.EACH,
            known_models.EACH_FORECAST,
            "M04",
            world,
        )
        for measure, world in (
            ("second_year_switched_off", "nothing_learnt"),
            ("second_year_as_it_is", "two_years"),
        )
    ),
)

__all__ = [
    "ALL_WORLDS",
    "BACK_CAST",
    "BESIDE",
    "BEYOND",
    "BEYOND_WORLDS",
    "CENSUS_DAYS",
    "KINDS",
    "KNOWN_MODEL",
    "REGULARITY",
    "Beside",
    "load_regularities",
    "top_share",
]
