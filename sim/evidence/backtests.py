"""How experiments that happened are lived here: in which worlds, and what is read in each.

What is read of a fact is read of the experiment that is the same. The others are the same
households with the same luck in two worlds or more, with the treatment and without.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sim.evidence import pairs, programmes, trials
from sim.evidence.measure import (
    MEASUREMENTS,
    PAIRED,
    WORLDS,
    Measurement,
    PairedMeasurement,
    Values,
    World,
    ratio_by_message,
    ratio_of_worlds,
)
from sim.evidence.readings import share

CONTACTS = (1, 2, 3, 5)  # a week: arms of the test (A9)
WITHOUT_COUPONS = ("operator.coupons.coupon_percent=0", f"run.days={pairs.MONTH_AFTER.stop}")
COUPON_PERCENT = 13  # the median cut of A3
COUPON = {
    "coupon_percent": COUPON_PERCENT,
    "coupon_days": pairs.COUPON_DAYS,
    "days_between": pairs.SENT_UNTIL - pairs.SENT_FROM,  # so that each falls due once
}


def _for_a_month(**coupons: object) -> str:
    """The setting by which coupons are otherwise for the days on which E04 sends its own."""
    told = ", ".join(f"{name}: {value}" for name, value in coupons.items())
    days = f"from_day: {pairs.SENT_FROM}, until_day: {pairs.SENT_UNTIL}"
    return f"schedule=[{{{days}, operator: {{coupons: {{{told}}}}}}}]"


OWN_WORLDS: dict[str, World] = {
    "without_coupons": World(overrides=(*WITHOUT_COUPONS, "schedule=[]")),
    "one_coupon": World(overrides=(*WITHOUT_COUPONS, _for_a_month(**COUPON))),
    "contacts_0": World(overrides=("operator.broadcast.strength=0",)),
    **{f"contacts_{n}": World(overrides=(f"operator.broadcast.per_week={n}",)) for n in CONTACTS},
    "friends_not_told": World(
        "referral", ("run.days=730", "operator.referral.tells_of_friend=false")
    ),
}
ALL_WORLDS: Mapping[str, World] = {**WORLDS, **OWN_WORLDS}


def by_messages(more: Values, fewer: Values, none: Values) -> float:
    """What more messages bring over what fewer do, each against none at all."""
    return share(more[0] - none[0], fewer[0] - none[0])


def ratio_of_rates(one: Values, other: Values) -> float:
    """First reading over second, in the one world over the other."""
    return share(share(*one), share(*other))


def _contacts(more: int, fewer: int) -> Measurement:
    worlds = (f"contacts_{more}", f"contacts_{fewer}", "contacts_0")
    return Measurement(trials.revenue_of_listed, by_messages, worlds)


# Readings that no fact has, by the experiment that they are read for
OWN: dict[str, Measurement] = {
    "E06": _contacts(2, 1),
    "E09": Measurement(
        programmes.referrals_of_referred, ratio_of_rates, ("referral", "friends_not_told")
    ),
}


def same(figure: float) -> float:
    """The figure itself."""
    return figure


def as_ratio(change: float) -> float:
    """A relative change as a ratio."""
    return 1.0 + change


@dataclass(frozen=True)
class Lived:
    """How an experiment is lived here.

    Attributes
    ----------
    how
        The worlds, what is read in each, and the figure it comes to.
    read_as
        Under which name that is kept of a run: that of a fact, or an experiment's own.
    here
        In words, above all where it differs from what was done there.
    effect
        From the figure to the effect in the unit in which it was published.
    pooled
        Whether the readings of all worlds are added up before they are compared: of what is small
        in each world.
    level
        Whether it is a figure after a treatment that all had, which no other stands beside.
    """

    how: Measurement | PairedMeasurement
    read_as: str
    here: str
    effect: Callable[[float], float] = same
    pooled: bool = False
    level: bool = False


def _read_as(fact: str, here: str, *, level: bool = False) -> Lived:
    how = MEASUREMENTS.get(fact) or PAIRED[fact]
    return Lived(how, fact, here, level=level)


CONTACTS_HERE = (
    "what messages bring in a year from customers on the list at its start: their revenue, less "
    "that without any message. The source counts what is put down to e-mail, and nothing where "
    "none is sent"
)

LIVED: dict[str, Lived] = {
    "E01": _read_as("X01", "one message on six days of a year each; who orders within 28 days"),
    # As a ratio, as it was published; X02 holds it in points, for more of ours buy anyway
    "E02": Lived(
        replace(MEASUREMENTS["X02"], combine=ratio_by_message),
        "X02",
        "the same messages; who orders within two weeks, of those silent for 30 to 365 days. More "
        "of them buy without a message than of the source's, and a ratio is the smaller for it",
    ),
    "E03": _read_as(
        "X03", "half of those who will be short within days, by lot; who orders within a week"
    ),
    "E04": Lived(
        PairedMeasurement(("one_coupon", "without_coupons"), pairs.price_after_coupon),
        "E04",
        "paid over list price in the month after by who spent the coupon, against the same "
        "households without one",
    ),
    "E05": _read_as("X04", "half are invited by lot; spending in the year after"),
    "E06": Lived(OWN["E06"], "E06", CONTACTS_HERE, pooled=True),
    "E07": Lived(_contacts(3, 2), "E06", CONTACTS_HERE, pooled=True),
    "E08": Lived(_contacts(5, 3), "E06", CONTACTS_HERE, pooled=True),
    "E09": Lived(
        OWN["E09"],
        "E09",
        "who came by a friend is reminded of that or not, as the study's abstract has it; friends "
        "that these would invite, per day as a customer",
        pooled=True,
    ),
    "E10": replace(
        _read_as("X09", "the same orders where stock never ends; days until the next order"),
        effect=as_ratio,
    ),
    "E11": Lived(
        replace(MEASUREMENTS["X10"], combine=ratio_of_worlds, worlds=("messages_4", "messages_7")),
        "X10",
        "the operator's contribution in a year at 4 over that at 7 messages in 30 days",
        pooled=True,  # in a small world it may be a loss
    ),
    "X05": _read_as("X05", "sales with points less those without, over sales to members"),
    "X06": _read_as("X06", "within one world, customers a friend brought over others; by no lot"),
    "X07": _read_as("X07", "within one world, customers a friend brought over others; by no lot"),
    "X08": _read_as("X08", "the same customers where nothing fails; who orders within 90 days"),
    "X11": _read_as("X11", "posts and reviews by a quarter likelier; sales over posts"),
    "X12": _read_as(
        "X12", "all who were won in a festival: no group without it stands beside them", level=True
    ),
}

# Experiments that a setting was taken from, so that nothing is foretold of them.
PUT_IN = {"E09": "behaviour.talk.invite_told"}

TOLD_APART = (
    "it says how far observational methods were off, not what a treatment does: "
    "`repurchase audit` holds them against what is caused"
)
NOT_YET = "nobody has said yet how it is lived"

__all__ = [
    "ALL_WORLDS",
    "LIVED",
    "NOT_YET",
    "OWN",
    "PUT_IN",
    "TOLD_APART",
    "Lived",
    "by_messages",
    "ratio_of_rates",
]
