"""Community: who is active, how much is written, how long a group chat lives."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.indicators.book import Book, Events
from sim.indicators.observed import MONTH_DAYS, Array
from sim.indicators.registry import Measured, indicator, quotient, ratio, whole
from sim.indicators.survival import counts_at_risk, quantile, survival_curve
from sim.world.events import CHAT_TO_SHOP
from sim.world.household import NEVER

POSTS = ("help_posts", "story_posts", "complaint_posts")
FEW_MESSAGES = 5  # a day: under it the trade calls a chat quiet (L19)


@indicator(
    "community_active_share",
    "share",
    "members who reacted to what they read, posted or checked in at least once in the last 30 days",
    "members of a group chat at the end",
)
def community_active_share(book: Book) -> Measured:
    """Share of members who are active."""
    active, member = book.active_member_at_end, book.member_at_end
    return ratio(book, book.from_end(active), book.from_end(member))


def _reactions(book: Book) -> tuple[Array, Array]:
    reactions = book.events("reacted")
    here = book.observed.events["group"][reactions.row] >= 0
    here &= reactions.day >= book.days - MONTH_DAYS
    return reactions.family[here], reactions.day[here]


@indicator(
    "community_dau_mau",
    "share",
    "members who reacted to what they read on a day, mean of the last 30 days",
    "members who did so at least once in these days",
)
def dau_mau(book: Book) -> Measured:
    """Stickiness: daily over monthly active members."""
    family, _ = _reactions(book)  # one event record a household and day: no double counting
    days_active = book.per_family(family)
    return ratio(book, days_active / MONTH_DAYS, days_active > 0)


@indicator(
    "posts_per_member_30d",
    "posts a member",
    "questions, stories and complaints posted in group chats in the last 30 days",
    "members of a group chat at the end",
)
def posts_per_member(book: Book) -> Measured:
    """How much members write."""
    written = np.zeros(book.families.count)
    for kind in POSTS:
        posts = book.events(kind)
        late = posts.day >= book.days - MONTH_DAYS
        written += book.per_family(posts.family[late], posts.value[late])
    return ratio(book, written, book.from_end(book.member_at_end))


@indicator(
    "community_share",
    "share",
    "of those, members of a group chat",
    "households at the end",
)
def community_share(book: Book) -> Measured:
    """Reach of the community in the market."""
    member = book.member_at_end
    return ratio(book, book.from_end(member), book.from_end(np.ones(len(member))))


class Watches(NamedTuple):
    """How long each group chat was watched, in days of its age."""

    days: Array  # at the last day watched
    ended: Array  # whether it fell silent then
    entry: Array  # at the first day watched
    counts: Array  # whether it lived in the run


def group_watches(book: Book) -> Watches:
    """Days from founding to silence of every group chat, lived in the run or not."""
    groups = book.observed.groups
    founded = groups["founded_day"].astype(np.int64)
    silent = groups["silent_day"].astype(np.int64)
    if "closed_day" in (groups.dtype.names or ()):
        closed = groups["closed_day"].astype(np.int64)
    else:
        closed = np.full(len(groups), NEVER)
    ended = (silent < book.days) & (silent <= closed)
    until = np.where(ended, silent, np.minimum(closed, book.days))
    # Chats silent before day 0 were never watched; those founded before it are watched late.
    seen = (founded < book.days) & (until > np.maximum(founded, -1)) & (until >= 0)
    return Watches(until - founded, ended, np.maximum(0, -founded), seen)


def group_lives(book: Book) -> tuple[Array, Array, Array]:
    """Days from founding to silence of each group chat: days, ended, age when first watched."""
    days, ended, entry, counts = group_watches(book)
    return days[counts], ended[counts], entry[counts]


@indicator(
    "group_life_median",
    "days",
    "day by which half of the group chats have fallen silent (Kaplan-Meier)",
    "group chats alive at day 0 or founded later, from founding until posts that are no promotion "
    "stay under two a day, censored when closed and at the end",
    by_segment=False,
)
def group_life(book: Book) -> Measured:
    """Active life of a group chat."""
    days, ended, entry = group_lives(book)
    length = int(days.max(initial=0)) + 1
    late = np.minimum(entry[entry > 0], length - 1)
    at_risk = counts_at_risk(
        np.bincount(days, minlength=length), np.bincount(late, minlength=length)
    )
    curve = survival_curve(at_risk, np.bincount(days[ended], minlength=length))
    missing = np.full(len(book.segments.labels), np.nan)
    number, value = missing.copy(), missing.copy()
    number[0] = len(days)
    value[0] = float(quantile(curve[None, :], 0.5)[0])
    return Measured(missing, number, value)


@indicator(
    "group_silent_share",
    "share",
    "group chats that have fallen silent (under two posts a day that are no promotion)",
    "group chats that lived in the run",
    by_segment=False,
)
def silent_share(book: Book) -> Measured:
    """Share of group chats that have fallen silent by the end."""
    groups = book.observed.groups
    there = groups["founded_day"] < book.days
    return whole(book, float((there & (groups["silent_day"] < book.days)).sum()), there.sum())


@indicator(
    "group_quiet_share",
    "share",
    "of those, with fewer than five messages on that day, whoever wrote them",
    "group chats alive on the last day: founded, not closed by the operator, with a member",
    by_segment=False,
)
def quiet_share(book: Book) -> Measured:
    """Share of group chats alive on a day in which hardly anything is written."""
    groups = book.observed.groups
    if len(groups) == 0:
        return whole(book, 0.0, 0.0)
    alive = (groups["founded_day"] < book.days) & (groups["closed_day"] >= book.days)
    alive &= groups["members"] > 0
    return whole(book, float((alive & (groups["posts_today"] < FEW_MESSAGES)).sum()), alive.sum())


@indicator(
    "community_visit_conversion",
    "orders a visit",
    "of those, with a filled order with the operator on the same day",
    "visits to the shop in the measurement year to which a group chat led: members who read a new "
    "post in theirs and went on to buy, or to look at an offer",
    by_segment=False,
)
def visit_conversion(book: Book) -> Measured:
    """Order conversion of community-guided visits."""
    read = book.events("from_chat")
    visits = read.row[read.value == CHAT_TO_SHOP]
    ordered = np.isin(visits, book.orders.row).sum()
    panel = book.observed.panel
    return whole(book, float(ordered * panel), float(len(visits) * panel))


def _months_in(book: Book, at_end: Array, coming: str, going: Sequence[Events]) -> Array:
    """Months each family spent in something in the measurement year, by its evenings there.

    Whoever is in it at the end was in it all year, but for the days before they came; whoever left
    was in it before.

    Parameters
    ----------
    at_end
        Whether each place is in it at the end.
    coming
        Event records that begin it.
    going
        Event records that end it.
    """
    evenings = book.from_end(at_end) * (book.days - book.first)
    came = book.events(coming)
    evenings -= book.per_family(came.family, came.day - book.first)
    for left in going:
        evenings += book.per_family(left.family, left.day - book.first)
    return evenings / MONTH_DAYS


def chat_months(book: Book) -> Array:
    """Months each family was a member of a group chat in the measurement year."""
    return _months_in(book, book.member_at_end, "joined", [book.events("left_group")])


def private_leavings(book: Book) -> Events:
    """Leavings of the private domain, graduations apart."""
    return book.events("left_private")


def mutings(book: Book) -> Events:
    """Messages stopped by those in the private domain that day, whether they stay in it or not."""
    stopped = book.events("unsubscribed")
    return Events(*(field[_inside(book, stopped)] for field in stopped))


def private_months(book: Book) -> Array:
    """Months each family was in the private domain in the measurement year."""
    graduated = book.events("graduated")
    graduates = Events(*(field[_inside(book, graduated)] for field in graduated))
    return _months_in(
        book,
        book.observed.end["in_private_domain"] > 0,
        "entered_private_domain",
        [book.once(private_leavings), graduates],
    )


def _inside(book: Book, events: Events) -> Array:
    """Which events are of households that were in the private domain that day."""
    names = ("entered_private_domain", "in_private_domain")
    came, was = (book.column(name)[events.row] > 0 for name in names)
    return np.asarray(came | was)


def _heard(book: Book, events: Events) -> Array:
    """Which events are of households that were there and got messages that day."""
    came, had = (
        book.column(name)[events.row] > 0 for name in ("entered_private_domain", "subscribed")
    )
    return _inside(book, events) & (came | had)


def endings(book: Book) -> Events:
    """Ends of a membership in the private domain: it is left, or its messages are stopped."""
    left, stopped = book.events("left_private"), book.events("unsubscribed")
    both = (np.concatenate(pair) for pair in zip(left, stopped, strict=True))
    row, family, day, value = both
    _, first = np.unique(row, return_index=True)
    ended = Events(row[first], family[first], day[first], value[first])
    return Events(*(field[_heard(book, ended)] for field in ended))


@indicator(
    "private_membership_months",
    "months",
    "months spent in the private domain with its messages in the measurement year",
    "private domain left, or its messages stopped, in the measurement year",
)
def membership_months(book: Book) -> Measured:
    """Mean length of membership in the private domain, to leaving or muting."""
    graduated = book.events("graduated")
    graduates = Events(*(field[_heard(book, graduated)] for field in graduated))
    end, ended = book.observed.end, book.once(endings)
    there = (end["in_private_domain"] > 0) & (end["subscribed"] > 0)
    months = _months_in(book, there, "entered_private_domain", [ended, graduates])
    return quotient(book.segments.sum(months), book.segments.sum(book.per_family(ended.family)))


__all__ = [
    "POSTS",
    "Watches",
    "chat_months",
    "endings",
    "group_lives",
    "group_watches",
    "mutings",
    "private_leavings",
    "private_months",
]
