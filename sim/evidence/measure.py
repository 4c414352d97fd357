"""For each fact: in which worlds it is measured, what is read in each, how they are compared.

A level is read in one baseline run. A contrast compares customers within a run, or operators:
worlds with and without a lever. A causal row is an A/B test inside a run, or the same households
with the same luck in a world with one thing changed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from sim.evidence import contrasts, landmarks, pairs, patterns, programmes, trials
from sim.evidence import readings as read
from sim.evidence.facts import Fact
from sim.evidence.readings import Reading
from sim.indicators import Book
from sim.world.household import EXPERIENCED, NEW, SHOPPING, SINCE_1990

Values = tuple[float, ...]


@dataclass(frozen=True)
class World:
    """A run some facts need beside the baseline.

    Attributes
    ----------
    scenario
        Its strategy; empty for the one being validated.
    overrides
        What is set otherwise.
    scaled
        Settings multiplied by a factor, whatever their value.
    """

    scenario: str = ""
    overrides: Sequence[str] = ()
    scaled: Mapping[str, float] = field(default_factory=dict)


HELD_OUT = 0.5  # half of the households: the narrowest interval of an A/B test

# Of one message, in a world for each: nobody wrote for four weeks before. All are odd, on which a
# lever that sends a message every other day does so.
SENT_DAYS = (27, 83, 139, 195, 251, 307)
LAST_WINDOW_DAYS = SENT_DAYS[-1] + 28

BY_LOT = ("operator.prediction.pick=by_lot", f"operator.prediction.share={HELD_OUT}")


def one_message(day: int) -> World:
    """The average operator when it sends one message and no other, until 28 days later."""
    lever = {
        "strength": 1,
        "per_week": 3.5,
        "from_day": day,
        "until_day": day + 2,  # it is fresh on the next day, too
    }
    settings = (f"operator.broadcast.{name}={value}" for name, value in lever.items())
    return World(overrides=(f"run.days={day + 28}", *settings))


BASELINE = "baseline"
WORLDS: dict[str, World] = {
    BASELINE: World(),
    "two_years": World(overrides=("run.days=730",)),
    "membership": World("membership"),
    "membership_without_points": World("membership", ("operator.points.strength=0",)),
    "service_first": World("service_first", ("run.days=730",)),
    "reminders": World("reminders"),
    "recommendation": World("recommendation"),
    "koc_led": World("koc_led"),
    "community": World("expert_community"),
    "staged_membership": World(
        "expert_community", ("operator.points.strength=1", "operator.tiers.strength=1")
    ),
    "check_in": World("live_and_checkin", ("operator.check_in.strength=1",)),
    "integrated": World("integrated", ("run.days=730",)),
    "leading": World("leading_operator_2030", ("run.days=1800", "market_path=china_2025_2030")),
    "trust_and_service": World(
        "transparency", ("operator.service_desk.strength=1", "operator.advisors.strength=1")
    ),
    "transparency": World("transparency"),
    "welfare": World("welfare_only_acquisition"),
    "data_hungry": World("data_hungry"),
    "prediction": World("predictive_coupons"),
    # Half of whom it would pick, by lot: of the likely, and of those who will be short this week
    "likely_by_lot": World("predictive_coupons", (*BY_LOT, "operator.prediction.least_score=0.7")),
    "in_need_by_lot": World(
        "predictive_coupons",
        (*BY_LOT, "operator.prediction.coupon_percent=13", "operator.prediction.coupon_days=7"),
    ),
    "chats_that_differ": World(
        overrides=("operator.content.strength=1", "operator.content.professionalism_spread=0.3")
    ),
    "referral": World("referral", ("run.days=730",)),
    "no_message": World(
        overrides=(f"run.days={LAST_WINDOW_DAYS}", "operator.broadcast.strength=0")
    ),
    **{f"message_on_day_{day}": one_message(day) for day in SENT_DAYS},
    "invitation_by_lot": World(overrides=(f"operator.community.invited_share={HELD_OUT}",)),
    # A7 counts messages a month: 4, 7 and 10 in 30 days
    "messages_4": World(overrides=("operator.broadcast.per_week=0.93",)),
    "messages_7": World(overrides=("operator.broadcast.per_week=1.63",)),
    "messages_10": World(overrides=("operator.broadcast.per_week=2.33",)),
    "no_failures": World(overrides=("operator.operations.defect_share=0",)),
    "no_stock_outs": World(
        overrides=(
            "operator.operations.stock_cover_days=365",
            "operator.operations.stock_lead_days=1",
            "operator.operations.first_stock_days=365",
        )
    ),
    "slow_desk": World(scaled={"operator.operations.desk_tickets_per_1000": 0.5}),
    "more_posts": World(
        scaled={
            "behaviour.talk.tell_chance": 1.25,
            "behaviour.talk.ask_chance": 1.25,
            "behaviour.talk.review_chance": 1.25,
        }
    ),
}


def same(values: Values) -> float:
    """The reading itself."""
    return values[0]


def ratio_within(values: Values) -> float:
    """First over second reading of one world."""
    return read.share(values[0], values[1])


def difference_within(values: Values) -> float:
    """First less second reading of one world."""
    return values[0] - values[1]


def ratio_of_worlds(one: Values, other: Values) -> float:
    """First world over second."""
    return read.share(one[0], other[0])


def by_message(without: Values, *worlds: Values) -> list[tuple[float, float]]:
    """Incidence with and without each message, of which each world but the first has one."""
    return [(world[i], without[i]) for i, world in enumerate(worlds)]


def ratio_by_message(without: Values, *worlds: Values) -> float:
    """Incidence with over without a message, means over the messages."""
    with_one, with_none = np.mean(by_message(without, *worlds), axis=0)
    return read.share(with_one, with_none)


def difference_by_message(without: Values, *worlds: Values) -> float:
    """Incidence with less without a message, mean over the messages."""
    with_one, with_none = np.mean(by_message(without, *worlds), axis=0)
    return float(with_one - with_none)


def share_of_sales_from_points(with_points: Values, without: Values) -> float:
    """Sales that exist only because of points, over members' sales."""
    return read.share(with_points[0] - without[0], with_points[1])


def elasticity(more: Values, base: Values) -> float:
    """Relative change of sales over relative change of posts, in logarithms."""
    if min(*more, *base) <= 0 or more[1] == base[1]:
        return float("nan")
    return float(np.log(more[0] / base[0]) / np.log(more[1] / base[1]))


def loss_at_four(four: Values, seven: Values, ten: Values) -> float:
    """Contribution at 4 messages a month against the best of 4, 7 and 10."""
    best = max(four[0], seven[0], ten[0])
    return read.share(four[0] - best, abs(best))


def steps(values: Values) -> Values:
    """What each reading adds to the one before."""
    return tuple(after - before for before, after in pairwise(values))


def in_points(base: float) -> Callable[[Fact], Fact]:
    """A ratio of two chances as their difference, where the source's other chance was `base`.

    A ratio over a base near nothing says little of people whose chance is not.
    """

    def restated(fact: Fact) -> Fact:
        value, low, high = ((ratio - 1) * base for ratio in (fact.value, fact.low, fact.high))
        return replace(fact, value=value, low=low, high=high, unit="share points")

    return restated


def as_reported(fact: Fact) -> Fact:
    """The fact itself."""
    return fact


@dataclass(frozen=True)
class Demand:
    """A further condition: figures that must all be above zero, and what is wrong if they are not.

    Attributes
    ----------
    positive
        From the first world's readings to the figures.
    wrong
        In words.
    """

    positive: Callable[[Values], Values]
    wrong: str


@dataclass(frozen=True)
class Measurement:
    """How one fact is measured.

    Attributes
    ----------
    reading
        What is read in each world.
    combine
        From the readings of the worlds, in their order, to the figure.
    worlds
        Names in `WORLDS`.
    demand
        A further condition on the first world's readings.
    restated
        The fact in the unit in which it is measured, if it is not that of its source.
    """

    reading: Reading
    combine: Callable[..., float] = same
    worlds: tuple[str, ...] = (BASELINE,)
    demand: Demand | None = None
    restated: Callable[[Fact], Fact] = as_reported


def _against_baseline(reading: Reading, world: str) -> Measurement:
    return Measurement(reading, ratio_of_worlds, (world, BASELINE))


def _within(reading: Reading, world: str = BASELINE) -> Measurement:
    return Measurement(reading, ratio_within, (world,))


_annual = read.indicator("repurchase_rate_365d")
_level = read.indicator

MESSAGES = ("no_message", *(f"message_on_day_{day}" for day in SENT_DAYS))
RISING = Demand(steps, "the chance does not rise with each purchase")

MEASUREMENTS: dict[str, Measurement] = {
    "I01": Measurement(read.start_share("persona", lambda code: code == NEW)),
    "I02": Measurement(read.start_share("persona", lambda code: code == EXPERIENCED)),
    "I03": Measurement(read.start_share("persona", lambda code: code == SHOPPING)),
    "I04": Measurement(read.start_share("city_tier", lambda tier: tier >= 3)),
    "I06": Measurement(read.start_share("privacy_worry", lambda worry: worry > 0.5)),
    "I05": Measurement(read.start_share("cohort", lambda code: code >= SINCE_1990)),
    "I07": Measurement(read.first_contact_share),
    "I08": Measurement(read.first_contact_share, worlds=("service_first",)),
    "I12": Measurement(read.commission_share),
    "I13": Measurement(_level("acquisition_cost_yuan")),
    "I14": Measurement(_level("acquisition_cost_yuan"), worlds=("integrated",)),
    "L01": Measurement(_annual),
    "L02": Measurement(read.rate_in_regions("east")),
    "L03": Measurement(read.rate_in_regions("central", "west", "chengdu", "chongqing")),
    "L04": Measurement(read.rate_in_counties),
    "L05": Measurement(read.heavy_share),
    "L06": Measurement(read.repeat_orders),
    "L07": Measurement(_level("category_repurchase_rate_365d_diapers")),
    "L08": Measurement(_level("category_repurchase_rate_365d_formula")),
    "L09": Measurement(_level("category_repurchase_rate_365d_complementary_food")),
    "L10": Measurement(read.staple_interpurchase),
    "L11": Measurement(_level("churn_rate_365d")),
    "L12": Measurement(_level("community_active_share")),
    "L13": Measurement(read.monthly_rate_of_active),
    "L14": Measurement(_level("average_order_value_yuan")),
    "L15": Measurement(_level("points_redemption_rate")),
    "L16": Measurement(read.monthly_rate_private),
    "L17": Measurement(_level("group_life_median")),
    "L18": Measurement(_level("private_membership_months")),
    "L19": Measurement(_level("group_quiet_share")),
    "L20": Measurement(read.reasons_share("worthless")),
    "L21": Measurement(_level("community_visit_conversion")),
    "L22": Measurement(read.active_member_share),
    "L23": Measurement(read.gross_margin_share),
    "C01": _within(contrasts.orders_by_activity),
    "C02": _within(contrasts.order_value_by_membership),
    "C03": _within(contrasts.conversion_of_koc_and_ad, "koc_led"),
    "C04": _against_baseline(_annual, "recommendation"),
    "C05": Measurement(contrasts.cycle_by_points, difference_within, ("membership",)),
    "C06": _within(programmes.conversion_of_picked, "likely_by_lot"),
    "C07": Measurement(
        landmarks.repurchase_after_ticket, ratio_of_worlds, ("service_first", "two_years")
    ),
    "C08": _against_baseline(_annual, "reminders"),
    "C09": Measurement(contrasts.enrolment_by_cohort, difference_within, ("membership",)),
    "C10": _within(landmarks.rates_by_channel_at_first_order),
    "C11": _against_baseline(_annual, "community"),
    "C12": _against_baseline(_level("revenue_per_customer_yuan"), "community"),
    "C13": Measurement(contrasts.check_in_share, worlds=("check_in",)),
    "C14": Measurement(contrasts.professionalism_and_activity, worlds=("chats_that_differ",)),
    "C15": Measurement(contrasts.churn_of_welfare_members, worlds=("welfare",)),
    "C16": _against_baseline(contrasts.retention_of_new, "staged_membership"),
    "C17": _against_baseline(programmes.churn_of_best, "trust_and_service"),
    "C18": Measurement(_level("private_domain_sales_share"), worlds=("integrated",)),
    "C19": Measurement(programmes.accuracy_of_prediction, worlds=("prediction",)),
    "C20": Measurement(programmes.lost_over_privacy, worlds=("data_hungry",)),
    "C21": Measurement(programmes.conversion_of_invited, worlds=("referral",)),
    "C22": _within(programmes.trust_after_and_before, "transparency"),
    "C24": Measurement(_annual, worlds=("leading",)),
    "C25": Measurement(_level("churn_rate_365d"), worlds=("leading",)),
    "C26": Measurement(_level("community_active_share"), worlds=("leading",)),
    "C27": Measurement(read.monthly_rate_of_active, worlds=("leading",)),
    "C28": Measurement(read.active_member_share, worlds=("leading",)),
    "C23": _within(contrasts.satisfaction_by_wait, "slow_desk"),
    "X01": Measurement(
        trials.incidence_after_message(SENT_DAYS, 28, silent=False), ratio_by_message, MESSAGES
    ),
    # The source's base is one of six in a thousand: in two weeks more of our silent customers buy
    "X02": Measurement(
        trials.incidence_after_message(SENT_DAYS, 14, silent=True),
        difference_by_message,
        MESSAGES,
        restated=in_points(base=0.0057),
    ),
    "X04": _within(trials.spending_by_invitation(HELD_OUT), "invitation_by_lot"),
    "X05": Measurement(
        trials.sales_and_members_sales,
        share_of_sales_from_points,
        ("membership", "membership_without_points"),
    ),
    "X03": _within(programmes.conversion_of_picked, "in_need_by_lot"),
    "X06": _within(programmes.churn_of_referred, "referral"),
    "X07": _within(programmes.margin_of_referred, "referral"),
    "X10": Measurement(
        trials.contribution, loss_at_four, ("messages_4", "messages_7", "messages_10")
    ),
    "X11": Measurement(trials.sales_and_posts, elasticity, ("more_posts", BASELINE)),
    "X12": Measurement(patterns.second_after_festival),
    "P01": Measurement(patterns.chances_of_next, same, ("two_years",), RISING),
    "P02": Measurement(patterns.one_time_share, worlds=("two_years",)),
    "P03": Measurement(patterns.gini_of_counts, worlds=("two_years",)),
    "P04": Measurement(patterns.regularity),
    "P05": Measurement(patterns.comeback),
    "P06": Measurement(patterns.long_gaps),
    "P07": Measurement(patterns.campaign_redeemers),
    "P08": Measurement(patterns.before_birth),
    "P09": Measurement(patterns.user_messages),
    "P10": Measurement(patterns.eleventh_november),
    "P11": _within(patterns.late_and_early_months, "two_years"),
    "P12": Measurement(patterns.short_gaps),
}


@dataclass(frozen=True)
class PairedMeasurement:
    """A fact read by following the same families in two worlds.

    Attributes
    ----------
    worlds
        With what is asked about, and without it.
    follow
        From both worlds' records of `pairs.record` to the figure.
    """

    worlds: tuple[str, str]
    follow: Callable[[pd.DataFrame, pd.DataFrame], float]


PAIRED = {
    "X08": PairedMeasurement((BASELINE, "no_failures"), pairs.repurchase_after_recovery),
    "X09": PairedMeasurement((BASELINE, "no_stock_outs"), pairs.delay_after_unfilled),
}


def worlds_of(fact: str) -> tuple[str, ...]:
    """Names in `WORLDS` of the runs that a fact needs, by its id; none if it is not measured."""
    how = MEASUREMENTS.get(fact) or PAIRED.get(fact)
    return how.worlds if how is not None else ()


def readings_of(
    book: Book, measurements: Mapping[str, Measurement] = MEASUREMENTS
) -> dict[str, Values]:
    """Every reading of one run by fact, whichever worlds will need it."""
    return {name: _values(measurement, book) for name, measurement in measurements.items()}


def _values(measurement: Measurement, book: Book) -> Values:
    value = measurement.reading(book)
    return tuple(map(float, value)) if isinstance(value, tuple) else (float(value),)


def in_one_run(fact: str) -> bool:
    """Whether a run of the average operator tells a fact, by its id, without any other world."""
    return worlds_of(fact) == (BASELINE,)


def figure_in(book: Book, fact: str) -> float:
    """What a run says of a fact that one run tells."""
    how = MEASUREMENTS[fact]
    return float(how.combine(_values(how, book)))


__all__ = [
    "BASELINE",
    "MEASUREMENTS",
    "PAIRED",
    "WORLDS",
    "Demand",
    "Measurement",
    "PairedMeasurement",
    "World",
    "figure_in",
    "in_one_run",
    "readings_of",
    "worlds_of",
]
