"""What do we need? Stock runs down with the child's age; some needs arise on occasions.

Assumes that a household restocks on one trip some of what runs out soon, up to a cover that
differs between families and from trip to trip, or just tops up, and buys further ahead when
prices are low (stockpiling: Blattberg, Eppen & Lieberman 1981). Needs without stock (a stroller,
winter clothes) arise as a Poisson process whose rate follows the child's age.
"""

import math
from dataclasses import dataclass

from sim.compilation.compiled import compiled
from sim.parameters.quantity import quantity
from sim.world.catalogue import MONTH_DAYS
from sim.world.household import NEVER
from sim.world.portable_math import exp, log


@dataclass
class Parameters:
    """When a household restocks and how far ahead."""

    lead_days: float = quantity("days", "restock when stock lasts no longer than this", 0, 30)
    bundle_days: float = quantity("days", "restock along with it what lasts no longer", 0, 60)
    bundle_share: float = quantity("share", "of such categories that join the trip", 0, 1)
    cover_days: float = quantity("days", "usual cover bought of a category", 1, 120)
    cover_spread_families: float = quantity("log sd", "of usual cover between families", 0, 2)
    cover_spread_trips: float = quantity("log sd", "of cover from trip to trip", 0, 2)
    top_up_share: float = quantity(
        "share", "of trips that buy the least pack of what is short", 0, 1
    )
    visit_days: float = quantity("days", "a visit brings shopping forward by", 0, 60)
    patience_days: int = quantity("days", "an occasional need waits for the next trip", 0, 60)
    festival_days: float = quantity(
        "days", "shopping comes forward for the greatest festival", 0, 60
    )
    promotion_cover: float = quantity("ratio", "more cover per unit of price cut", 0, 10)
    reminder_days: float = quantity("days", "a reminder brings shopping forward by", 0, 30)
    retry_days: int = quantity("days", "pause after deciding to wait", 1, 30)
    most_packs: int = quantity("packs", "of a category on one trip, at most", 1, 200)


@compiled
def is_needed(days_left: float, lead_days: float) -> bool:
    """Whether stock of `days_left` days is short."""
    return days_left <= lead_days


@compiled
def cover_wanted(cover_days: float, price_cut: float, promotion_cover: float) -> float:
    """Days of cover bought at a price cut by the share `price_cut`."""
    return cover_days * (1.0 + promotion_cover * price_cut)


@compiled
def usual_cover(family_deviation: float, trip_deviation: float, p: Parameters) -> float:
    """Days of cover a family buys on a trip, of its own and the trip's standard normal draw.

    Lognormal with mean `cover_days`: households do not shop by one clock.
    """
    families, trips = p.cover_spread_families, p.cover_spread_trips
    deviation = families * family_deviation + trips * trip_deviation
    return p.cover_days * exp(deviation - 0.5 * (families * families + trips * trips))


@compiled
def packs_wanted(days_wanted: float, pack_units: float, units_per_day: float, p: Parameters) -> int:
    """Whole packs, 1 to `most_packs`, that cover about `days_wanted` days."""
    packs = math.floor(days_wanted * units_per_day / pack_units + 0.5)
    return int(min(max(packs, 1.0), float(p.most_packs)))


@compiled
def occasion_wait(
    first_month_days: float, needs_per_day: list[float], month: int, u: float
) -> float:
    """Days until the next need of a category that is bought on occasions.

    Parameters
    ----------
    first_month_days
        Days left in the child's present month of age, 0 to 30.
    needs_per_day
        Rate by month of age, shape (84,).
    month
        Present month of age, index into `needs_per_day`.
    u
        Uniform draw; the wait is where the cumulated rate reaches -ln u.
    """
    left = -log(u)
    wait = 0.0
    span = first_month_days
    for m in range(month, len(needs_per_day)):
        rate = needs_per_day[m]
        if rate * span >= left:
            return wait + left / rate
        left -= rate * span
        wait += span
        span = float(MONTH_DAYS)
    return float(NEVER)
