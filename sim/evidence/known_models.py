"""Models that are known come back where the mechanisms beyond them are switched off.

Bass 1969: a market takes something up by advertising (p) and by word of mouth (q) alone. BG/NBD
(Fader, Hardie & Lee 2005): customers buy at a steady pace of their own until they stop. What is
switched off is set, not programmed, so a world that is one of these models is still this model.
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import least_squares

from sim.evidence.readings import share
from sim.indicators import Book
from sim.indicators.observed import MONTH_DAYS, YEAR_DAYS, Array, daily_column
from sim.order_log.bg_nbd import BgNbd
from sim.order_log.history import History

DAYS = 2 * YEAR_DAYS
CLASSES = 6  # customers by repeat purchases in the first year: 0, 1, ... and five or more
LEAST_CUSTOMERS = 30  # assumed; fewer tell nothing of a model with four parameters
ADVERTISED = 0.01  # of trips on which an advertisement brings the operator to mind
FRIENDS = 0.5  # chance that friends who all buy there bring it to mind

# What both leave out of the baseline: levers, failures, empty shelves, and all that past purchases
# do to the next.
NOTHING_LEARNT = tuple(
    f"behaviour.choose.{name}=0"
    for name in (
        "habit_effect",
        "trust_effect",
        "satisfaction_effect",
        "passing_share",
        "impression_spread",
        "recall",
        "expecting_search",
        "proof_effect",
        "koc_effect",
        "review_recall",
    )
)
NOTHING_DONE = tuple(
    f"operator.{name}.strength=0"
    for name in ("broadcast", "community", "coupons", "points", "funnel")
)
NOTHING_FAILS = (
    "operator.operations.defect_share=0",
    "operator.operations.stock_cover_days=365",
    "operator.operations.stock_lead_days=1",
    "operator.operations.first_stock_days=365",
    "operator.acquisition.clicks_per_day=0",
)
OFF = (f"run.days={DAYS}", "schedule=[]", *NOTHING_LEARNT, *NOTHING_DONE, *NOTHING_FAILS)
# Whoever has the operator in mind always has, and buys there or not by a lasting taste.
STEADY = (
    *OFF,
    "run.warmup_days=1",
    "operator.acquisition.reach_share=1",
    "behaviour.choose.friend_recall=0",
)
# Nobody knows the operator; whoever has it in mind buys there, and friends see that for a year.
UNKNOWN = (
    *OFF,
    "run.warmup_days=0",
    f"operator.acquisition.reach_share={ADVERTISED}",
    "behaviour.choose.operator_appeal=10",
    "behaviour.choose.friends_see_days=365",
)
TAKEN_UP = (*UNKNOWN, f"behaviour.choose.friend_recall={FRIENDS}")
ADVERTISED_ALONE = (*UNKNOWN, "behaviour.choose.friend_recall=0")


class Bass(NamedTuple):
    """Parameters of a day: p, by advertising; q, by word of mouth."""

    p: float
    q: float

    @classmethod
    def fitted(cls, days: Array, adopted: Array) -> "Bass":
        """Least squares of the share of a market that has taken it up by each day."""
        found = [
            least_squares(
                lambda x: cls(*(np.abs(x) * SCALE)).adopted(days) - adopted, np.array(start) / SCALE
            )
            for start in STARTS
        ]
        best = min(found, key=lambda each: float(each.cost))
        return cls(*map(float, np.abs(best.x) * SCALE))

    def adopted(self, days: Array) -> Array:
        """Share of the market that has taken it up by each day."""
        left = np.exp(-(self.p + self.q) * days)
        return np.asarray((1.0 - left) / (1.0 + self.q / max(self.p, 1e-12) * left))


SCALE = np.array([1e-4, 1e-3])  # so that both are near 1 where they are looked for
STARTS = ((1e-4, 1e-4), (1e-4, 1e-2), (1e-3, 1e-4), (1e-3, 1e-2))
MONTHS = DAYS // MONTH_DAYS
GAP, P, Q, P_EXPECTED = range(4)  # where each stands among the numbers of `uptake`
ADOPTED, ADOPTED_EXPECTED = (slice(4 + i * MONTHS, 4 + (i + 1) * MONTHS) for i in range(2))
NO_UPTAKE = (np.nan,) * (4 + 2 * MONTHS)


def uptake(book: Book) -> tuple[float, ...]:
    """How a market takes the operator up, and what Bass's model fitted to it says.

    Of families that lived there throughout. Largest distance of the two, p, q, p as it was set
    (advertised trips a day), and both curves month by month.
    """
    found: tuple[float, ...] = book.once(_uptake)
    return found


def _uptake(book: Book) -> tuple[float, ...]:
    families, trips = book.families, daily_column(book.observed, "trips")
    stays = (families.generation == 0) & (families.left_day >= book.days)
    if book.days != DAYS or trips is None or not stays.any():
        return NO_UPTAKE
    won = book.first_order_day[stays]
    days = np.arange(1, MONTHS + 1) * MONTH_DAYS
    adopted = np.array([(won < day).mean() for day in days])
    fitted = Bass.fitted(days, adopted)
    expected = fitted.adopted(days)
    households = len(book.observed.start) * book.observed.panel
    trips_a_day = float(trips.sum()) / households / book.days
    gap = float(np.abs(adopted - expected).max())
    return (gap, *fitted, ADVERTISED * trips_a_day, *map(float, adopted), *map(float, expected))


# Where each stands among the numbers of `second_year`.
BOUGHT, FORECAST, APART = range(3)
EACH, EACH_FORECAST = (slice(3 + i * CLASSES, 3 + (i + 1) * CLASSES) for i in range(2))
NO_FORECAST = (np.nan,) * (3 + 2 * CLASSES)


def second_year(book: Book) -> tuple[float, ...]:
    """What the first year's new customers buy in the second, and BG/NBD's forecast by the first.

    Of families still in the market at its end. Purchases and their forecast; how far both lie apart
    over customers by their repeat purchases in the first year, as a share of all; and means of a
    customer in each of these groups.
    """
    found: tuple[float, ...] = book.once(_second_year)
    return found


def _second_year(book: Book) -> tuple[float, ...]:
    if book.days != DAYS:
        return NO_FORECAST
    history = two_years(book)
    if history.customers < LEAST_CUSTOMERS or not history.later.any():
        return NO_FORECAST
    forecast = BgNbd.fitted(history).expected(history, YEAR_DAYS)
    bought = history.later.sum(axis=1)
    group = np.minimum(history.repeats, CLASSES - 1)
    size, own, told = (np.bincount(group, weights, CLASSES) for weights in (None, bought, forecast))
    means = [*map(share, own, size), *map(share, told, size)]
    total = float(bought.sum())
    return (total, float(forecast.sum()), float(np.abs(own - told).sum()) / total, *means)


def two_years(book: Book) -> History:
    """The first year's new customers as BG/NBD sees them at its end, and what came of them."""
    families, won = book.families, book.first_order_day
    new = (won >= 0) & (won < YEAR_DAYS) & (families.left_day >= book.days)
    seen = (book.orders.day >= 0) & (book.orders.day < book.days)
    when = book.orders.family[seen].astype(np.int64) * book.days + book.orders.day[seen]
    family, day = np.divmod(np.unique(when), book.days)  # one purchase a customer and day
    early = new[family] & (day < YEAR_DAYS) & (day >= won[family])
    late = new[family] & (day >= YEAR_DAYS)
    last = np.zeros(families.count, np.int64)
    np.maximum.at(last, family[early], day[early])
    return History(
        repeats=(book.per_family(family[early]) - 1)[new],
        recency=(last - won)[new],
        age=(YEAR_DAYS - 1 - won)[new],
        mean_amount=None,
        later=book.per_family(family[late])[new][:, None],
        later_amount=None,
    )


__all__ = [
    "ADVERTISED_ALONE",
    "STEADY",
    "TAKEN_UP",
    "Bass",
    "second_year",
    "two_years",
    "uptake",
]
