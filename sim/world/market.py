"""The world outside the operator: seasons, shopping festivals, rivals and their messages."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import omegaconf

from sim.parameters.quantity import ConfigurationError, quantity
from sim.world.household import NEVER, STORES
from sim.world.market_path import MarketPath, date_of, lay_path
from sim.world.portable_math import decay_factor, log
from sim.world.protocols import CalendarDay, Demography, Records

RIVALS = STORES[2:]
DAYS_OF_YEAR = 365
MONTH_ENDS = np.cumsum([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


@dataclass
class Festival:
    """A shopping festival: a run-up and a day."""

    name: str = omegaconf.MISSING
    day_of_year: int = quantity("days after 1 January", "the day itself", 0, 364)
    lead_days: int = quantity("days", "length of the run-up", 0, 60)
    lead_share: float = quantity("share of the day's intensity", "strength of the run-up", 0, 1)
    intensity: float = quantity("share of the greatest festival's", "strength of the day", 0, 1)


@dataclass
class Rival:
    """A store that is not the operator's."""

    name: str = omegaconf.MISSING  # one of RIVALS
    price_ratio: float = quantity("ratio to the operator's list price", "usual price", 0.5, 2)
    promotion_days_per_month: int = quantity("days of 30", "days with a promotion", 0, 30)
    promotion_discount: float = quantity("share of price", "discount on such days", 0, 0.9)
    festival_discount: float = quantity("share of price", "discount on 11 November", 0, 0.9)


@dataclass
class Parameters:
    """Market: numbers that the operator cannot change."""

    season_by_month: list[float] = quantity(
        "ratio to an ordinary day", "wish to shop without a need, January to December", 0, 5
    )
    festivals: list[Festival] = omegaconf.MISSING
    festival_interest: float = quantity(
        "ratio to an ordinary day", "looks and deals sought on 11 November", 1, 100
    )
    rivals: list[Rival] = omegaconf.MISSING  # in the order of RIVALS
    rivals_answer: float = quantity("share", "of the operator's sales that rivals match", 0, 2)
    answer_half_life_days: float = quantity("days", "until half of a change is matched", 1, 730)
    rival_brands: float = quantity("brands", "other brands that address the same parent", 0, 100)
    messages_per_brand_day: float = quantity("messages", "by each brand on a usual day", 0, 10)
    rival_promotions_apart_days: int = quantity("days", "from one rival's to the next's", 0, 30)
    great_festival: float = quantity("share of the greatest", "from which shopping waits", 0, 1)
    festival_messages: float = quantity("ratio", "messages on 11 November to a usual day", 1, 20)
    path: MarketPath = omegaconf.MISSING  # of conf/market_path/


CALENDAR = np.dtype(
    [
        ("festival", "f8"),  # 0 none to 1 as 11 November
        ("season", "f8"),  # ratio to an ordinary day: wish to shop without a need
        ("interest", "f8"),  # ratio to an ordinary day: looks and deals sought for the festival
        ("rival_price", "f8", (3,)),  # ratio to the operator's list price, discount included
        ("rival_log_price", "f8", (3,)),  # natural logarithm of that ratio
        ("rival_discount", "f8", (3,)),  # share of the rival's own usual price
        ("rival_appeal", "f8"),  # utility of every rival, more than usual
        ("rivals_answer", "f8"),  # share of the operator's price cuts that rivals match
        ("answer_kept", "f8"),  # of what they matched yesterday, kept today
        ("rival_messages", "f8"),  # messages a parent gets from other brands
        ("ad_cost", "f8"),  # ratio to what the operator states for a contact
        ("places_refilled", "f8"),  # share of families that leave whom another follows
        ("next_festival_day", "i8"),  # day of the next great festival
        ("day_of_year", "i8"),  # 0 = 1 January
    ],
    align=True,
)


def calendar(
    parameters: Parameters, first_day: int, days: int, start_day_of_year: int
) -> Records[CalendarDay]:
    """The market, day by day.

    Parameters
    ----------
    parameters
        Season, festivals, rivals.
    first_day
        First day of the run (negative: warm-up).
    days
        Number of days.
    start_day_of_year
        Day of the year of day 0, 0 = 1 January.

    Returns
    -------
    numpy.recarray of CALENDAR, shape (days,)
        Row i is day `first_day + i`. Purely periodic: no draw, the same in every world. Where the
        market goes is laid over it by `sim.world.market_path.lay_path`.
    """
    _check(parameters)
    day = np.arange(first_day, first_day + days)
    records = np.zeros(days, CALENDAR)
    of_year = (start_day_of_year + day) % DAYS_OF_YEAR
    festival = festival_of_year(parameters)[of_year]
    records["day_of_year"] = of_year
    records["festival"] = festival
    month = np.searchsorted(MONTH_ENDS, of_year, side="right")
    records["season"] = np.asarray(parameters.season_by_month, float)[month]
    records["interest"] = 1 + (parameters.festival_interest - 1) * festival
    for r, rival in enumerate(parameters.rivals):
        # Promotions come in one block a month, the rivals' blocks some days apart.
        promoted = (
            of_year - parameters.rival_promotions_apart_days * r
        ) % 30 < rival.promotion_days_per_month
        discount = np.maximum(
            promoted * rival.promotion_discount, festival * rival.festival_discount
        )
        records["rival_discount"][:, r] = discount
        records["rival_price"][:, r] = rival.price_ratio * (1 - discount)
    ratios, which = np.unique(records["rival_price"], return_inverse=True)
    logs = np.array([log(ratio) for ratio in ratios])
    records["rival_log_price"] = logs[which].reshape(days, -1)
    usual = parameters.rival_brands * parameters.messages_per_brand_day
    records["rival_messages"] = usual * (1 + (parameters.festival_messages - 1) * festival)
    records["ad_cost"] = records["places_refilled"] = 1.0  # as it is, for ever
    records["rivals_answer"] = parameters.rivals_answer
    records["answer_kept"] = decay_factor(1.0, parameters.answer_half_life_days)
    records["next_festival_day"] = _next_festival(parameters, day, start_day_of_year)
    return records.view(np.recarray)


def market_days(
    parameters: Parameters,
    demography: Demography,
    first_day: int,
    days: int,
    start_day_of_year: int,
) -> Records[CalendarDay]:
    """The calendar with the market's path laid over it.

    Parameters
    ----------
    parameters, first_day, days, start_day_of_year
        As for `calendar`.
    demography
        The year in which day 0 lies, and how long before a birth families arrive.
    """
    records = calendar(parameters, first_day, days, start_day_of_year)
    pregnancy = (demography.pregnancy_shortest_days + demography.pregnancy_longest_days) / 2
    day_0 = date_of(demography.reference_year, start_day_of_year)
    lay_path(records, parameters.path, first_day, day_0, pregnancy)
    return records


def _next_festival(
    parameters: Parameters, day: np.ndarray[Any, Any], start_day_of_year: int
) -> np.ndarray[Any, Any]:
    """Day of the next festival after each day, of the great ones."""
    great = [
        f.day_of_year for f in parameters.festivals if f.intensity >= parameters.great_festival
    ]
    if not great:
        return np.full(len(day), NEVER)
    wait = [(of_year - start_day_of_year - day - 1) % DAYS_OF_YEAR + 1 for of_year in great]
    return np.asarray(day + np.min(wait, axis=0))


def festival_of_year(parameters: Parameters) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Festival intensity of each day of the year, the strongest where run-ups overlap."""
    intensity = np.zeros(DAYS_OF_YEAR)
    for festival in parameters.festivals:
        for lead in range(festival.lead_days + 1):
            strength = festival.intensity * (festival.lead_share if lead else 1.0)
            day = (festival.day_of_year - lead) % DAYS_OF_YEAR
            intensity[day] = max(intensity[day], strength)
    return intensity


def _check(parameters: Parameters) -> None:
    names = [rival.name for rival in parameters.rivals]
    if names != list(RIVALS):
        raise ConfigurationError(
            f"market.rivals are {names}: name exactly {list(RIVALS)}, in this order."
        )
    if len(parameters.season_by_month) != 12:
        raise ConfigurationError(
            f"market.season_by_month has {len(parameters.season_by_month)} values: give 12."
        )
