"""Readings that hold one group of customers against another, as an analyst would."""

import numpy as np

from sim.behaviour.judge import experience
from sim.evidence.pairs import SOLVED
from sim.evidence.readings import (
    NO_CHOICE,
    bought_in_year,
    first_order_cause,
    mean,
    rate,
    share,
)
from sim.indicators import Book
from sim.indicators.money import won
from sim.indicators.observed import ACTIVE_DAYS, MONTH_DAYS, Array, daily_column
from sim.world.events import CAUSES
from sim.world.household import NEVER, SINCE_1990


def orders_by_activity(book: Book) -> tuple[float, float]:
    """Orders a month of the year's customers in months in which they reacted, and in others."""
    customer = bought_in_year(book)
    orders, months = np.zeros(2), np.zeros(2)
    for first in book.months():
        after = first + MONTH_DAYS
        there = (book.families.left_day >= after) & (book.families.entered_day <= first)
        active = book.active_members(first, after)
        here = (book.orders.day >= first) & (book.orders.day < after)
        count = book.per_family(book.orders.family[here])
        for i, group in enumerate((customer & there & active, customer & there & ~active)):
            orders[i] += count[group].sum()
            months[i] += group.sum()
    return share(orders[0], months[0]), share(orders[1], months[1])


def order_value_by_membership(book: Book) -> tuple[float, float]:
    """Mean order value of members of a group chat and of others."""
    member = book.observed.events["group"][book.orders.row] >= 0
    paid = book.orders.paid_fen
    return mean(paid[book.year & member]), mean(paid[book.year & ~member])


def cycle_by_points(book: Book) -> tuple[float, float]:
    """Mean observed gap of loyalty members who redeemed in the year, and who did not.

    The source says neither mean nor median of its cycle, where it does of another (L10). A cycle is
    reckoned as days over orders, which is a mean.
    """
    redeemed = np.zeros(book.families.count, bool)
    redeemed[book.events("points_redeemed").family] = True
    member = book.from_end(book.observed.end["loyalty_member"]) > 0
    orders = book.orders
    chosen = book.year & (orders.next_day < NEVER)
    gap = orders.next_day - orders.day
    active, other = (member & redeemed)[orders.family], (member & ~redeemed)[orders.family]
    return mean(gap[chosen & active]), mean(gap[chosen & other])


def enrolment_by_cohort(book: Book) -> tuple[float, float]:
    """Share of the year's customers enrolled: born in the 1990s or later, and before."""
    young = book.lasting("cohort") >= SINCE_1990
    member = book.from_end(book.observed.end["loyalty_member"]) > 0
    there = bought_in_year(book) & book.families.is_last
    return rate(there & young, member), rate(there & ~young, member)


def check_in_share(book: Book) -> float:
    """Share of members at the end who checked in at least once in the last 30 days."""
    done = book.events("check_in")
    took_part = np.zeros(book.families.count, bool)
    took_part[done.family[done.day >= book.days - MONTH_DAYS]] = True
    return rate(book.from_end(book.member_at_end) > 0, took_part)


LEAST_MEMBERS = 10  # of a chat whose activity says something


def professionalism_and_activity(book: Book) -> float:
    """Correlation, over chats at the end, of how expert their posts are and how many react.

    Activity is the share of a chat's members who reacted, posted or checked in within 30 days.
    """
    group = book.observed.end["group"]
    count = len(book.observed.groups)
    members = np.bincount(group[book.member_at_end], minlength=count)
    active = np.bincount(group[book.active_member_at_end], minlength=count)
    large = members >= LEAST_MEMBERS
    professional = book.observed.groups["professionalism"][large]
    if large.sum() < LEAST_MEMBERS or np.ptp(professional) == 0.0:
        return float("nan")
    return float(np.corrcoef(professional, active[large] / members[large])[0, 1])


def conversion_of_koc_and_ad(book: Book) -> tuple[float, float]:
    """Of trips on which KOCs' posts alone brought the operator to mind, the share with an order.

    And of those on which an advertisement alone did, with clicks on advertised deals. Trips and
    clicks are counted day by day: a row of its own has only what became of one of them.
    """
    events = book.observed.events
    ordered = (events["day"] >= book.first) & (events["list_fen"] > 0) & (events["unfilled"] == 0)
    by_ad = (events["advertised"] > 0) | (events["clicked"] > 0)
    led_by_ad = _counted(book, "advertised") + _counted(book, "deal_visits")
    by_koc = events["by_koc"] > 0
    return (
        share((ordered & by_koc).sum(), _counted(book, "by_koc")),
        share((ordered & by_ad).sum(), led_by_ad),
    )


def _counted(book: Book, name: str) -> float:
    """What a column of the days comes to over the year; 0 where a run has none."""
    column = daily_column(book.observed, name)
    return 0.0 if column is None else float(column[book.first :].sum())


def churn_of_welfare_members(book: Book) -> float:
    """Of members whose first order was for a deal, who chose to leave within 90 days of joining."""
    came = book.events("entered_private_domain")
    cause = first_order_cause(book)
    lured = np.isin(cause[came.family], (CAUSES.index("deal"), CAUSES.index("festival")))
    lured &= came.day + ACTIVE_DAYS < book.days
    left_day = np.full(book.families.count, NEVER)
    for field in ("unsubscribed", "left_private"):
        left = book.events(field)
        chosen = ~np.isin(left.value, NO_CHOICE)
        np.minimum.at(left_day, left.family[chosen], left.day[chosen])
    return mean(left_day[came.family[lured]] <= came.day[lured] + ACTIVE_DAYS)


def retention_of_new(book: Book) -> float:
    """Of the year's new customers, who visited or ordered within 30 days after the first order."""
    new = won(book) & (book.first_order_day + MONTH_DAYS < book.days)
    back = np.zeros(book.families.count, bool)
    for field in ("looked", "list_fen"):
        seen = book.events(field)
        since = seen.day - book.first_order_day[seen.family]
        back[seen.family[(since >= 1) & (since <= MONTH_DAYS)]] = True
    return rate(new, back)


def satisfaction_by_wait(book: Book) -> tuple[float, float]:
    """Mean satisfaction with the service of a ticket, after a wait around 15 minutes and around 3.

    What a survey would ask after the ticket: the experience by the rule, of what was wrong, whether
    it was solved and how long one waited. Late delivery is no matter of the desk. The year's
    tickets.
    """
    judge = book.observed.judge
    if judge is None:
        return float("nan"), float("nan")
    tickets = book.events("ticket")
    wait = book.observed.events["wait_minutes"][tickets.row]
    defect = book.observed.events["defect"][tickets.row]

    def satisfaction(chosen: Array) -> float:
        told = zip(defect[chosen], tickets.value[chosen] == SOLVED, wait[chosen], strict=True)
        return mean(
            np.array(
                [experience(0.0, float(d), 1.0, float(s), float(w), judge) for d, s, w in told]
            )
        )

    return satisfaction((wait > 10) & (wait <= 25)), satisfaction(wait <= 5)
