"""What can be audited: a lever, a strategy in which it is on, and who counts as treated by it.

The population are the customers of the index day (an order before it) whose child will not have
outgrown the market by the end; of them those whom the lever could still win, where it is about
joining something (new-user design: Ray 2003). Whoever of them was treated between the index day and
the landmark is treated; whoever was not is the comparison.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.experiments.auditing.records import Flags, Life
from sim.parameters.quantity import ConfigurationError
from sim.text.outgoing import cited
from sim.text.suggestions import instead

Who = Callable[[Life, Any], Flags]  # of a life, and the lever's own settings


@dataclass(frozen=True)
class Subject:
    """One lever under audit.

    Attributes
    ----------
    name, lever
        What the command calls it, and the lever.
    scenario
        A strategy in which it is on.
    treated
        Who of the customers was treated between index day and landmark.
    who
        The same in words.
    why
        Why those who are treated differ anyway, in words that end the sentence on the gap.
    starts
        Whether the lever starts on the index day; it is withheld from then on in the other life.
        Otherwise it was there all along, and ends on the index day in the other life.
    at_risk
        Whom of the customers it is asked of.
    withheld
        The lever's settings in the life without it.
    """

    name: str
    lever: str
    scenario: str
    treated: Who
    who: str
    why: str
    starts: bool = False
    at_risk: Who = lambda life, own: np.ones(len(life.before), bool)
    withheld: Mapping[str, Any] = field(default_factory=lambda: {"strength": 0.0})


def _happened(column: str) -> Who:
    def treated(life: Life, own: Any) -> Flags:
        return life.ever(life.dates.index_day, life.dates.landmark, column)

    return treated


def _outside(column: str) -> Who:
    def at_risk(life: Life, own: Any) -> Flags:
        return ~life.before[column].to_numpy(bool)

    return at_risk


def _solved(life: Life, own: Any) -> Flags:
    seen = life.between(life.dates.index_day, life.dates.landmark)
    return np.isin(np.arange(len(life.before)), seen["customer"][seen["ticket"] == 1])


def _by_koc(life: Life, own: Any) -> Flags:
    seen = life.between(life.dates.index_day, life.dates.landmark)
    bought = seen["by_koc"] & seen["ordered"]
    return np.isin(np.arange(len(life.before)), seen["customer"][bought])


def _risen(life: Life, own: Any) -> Flags:
    return np.asarray(life.after["tier"].to_numpy() > life.before["tier"].to_numpy())


def _listed(life: Life, own: Any) -> Flags:
    return life.before["subscribed"].to_numpy(bool)


def reminded(life: Life, own: Any) -> Flags:
    """Who was sent a replenishment reminder, as the operator reckons it from its own orders."""
    return reminders_sent(life, own) > 0


def reminders_sent(life: Life, own: Any) -> np.ndarray:
    """Reminders that were sent to each customer between index day and landmark.

    One falls due some days before the first of the goods ordered should run out, if no other
    order has come before; `own` are the lever's settings.
    """
    index, landmark = life.dates.index_day, life.dates.landmark
    seen = life.between(index, life.dates.end)
    seen = seen[seen["ordered"] & (seen["stock_days"] > 0)]
    day, who = seen["day"].to_numpy(), seen["customer"].to_numpy()
    due = day + np.maximum(seen["stock_days"].to_numpy() - own.days_before, 1)
    following = np.append(day[1:], np.iinfo(np.int64).max)
    following[np.append(who[1:] != who[:-1], True)] = np.iinfo(np.int64).max
    sent = (due <= following) & (due < landmark)
    may = (life.before["consent"].to_numpy() > 0) | (own.needs_consent == 0)
    return np.asarray(np.bincount(who[sent & may[who]], minlength=len(life.before)))


SUBJECTS = {
    each.name: each
    for each in (
        Subject(
            "community", "community", "baseline", _happened("joined_chat"),
            "joined a group chat",
            "whoever joins likes the operator and company, and would have bought more anyway",
            at_risk=_outside("in_chat"),
        ),
        Subject(
            "coupons", "coupons", "baseline", _happened("coupon"),
            "spent a coupon",
            "whoever spends a coupon is about to shop, with or without one",
            withheld={"coupon_percent": 0},
        ),
        Subject(
            "service", "service_desk", "service_first", _solved,
            "had a complaint solved at first contact",
            "only who orders has something to complain of, and the busiest buyers have most",
            starts=True,
        ),
        Subject(
            "points", "points", "baseline", _happened("enrolled"),
            "enrolled in the points programme",
            "one enrols while ordering, so those who order often enrol",
            at_risk=_outside("loyalty_member"),
        ),
        Subject(
            "tier", "tiers", "membership", _risen,
            "rose to a tier above the basic one",
            "a tier is won by spending, so the largest buyers are in it",
            starts=True,
        ),
        Subject(
            "reminders", "reminders", "reminders", reminded,
            "was sent a replenishment reminder",
            "a reminder follows an order, so only recent buyers get one",
            starts=True,
        ),
        Subject(
            "messages", "broadcast", "baseline", _listed,
            "on the list that mass messages go to",
            "whoever has left the list had lost interest before",
        ),
        Subject(
            "koc", "koc", "koc_led", _by_koc,
            "ordered after a KOC's post alone had brought the operator to mind",
            "whoever orders now has a need, whatever brought the operator to mind",
            starts=True,
        ),
        Subject(
            "private_domain", "funnel", "baseline", _happened("entered_private_domain"),
            "entered the private domain",
            "the way in lies in a parcel, so those who order often enter",
            at_risk=_outside("in_private_domain"),
        ),
    )
}  # fmt: skip
ALIASES = {each.lever: each.name for each in SUBJECTS.values()} | {"membership": "community"}


def subject_of(name: str) -> Subject:
    """The subject of a name, its lever's or its own.

    Raises
    ------
    ConfigurationError
        Where there is none.
    """
    found = SUBJECTS.get(ALIASES.get(name, name))
    if found is None:
        raise ConfigurationError(
            f"There is nothing to audit called {cited(name)}{instead(name, SUBJECTS)}"
        )
    return found


__all__ = ["ALIASES", "SUBJECTS", "Subject", "reminded", "reminders_sent", "subject_of"]
