"""A stricter law on consent: old consent lapses, the question becomes plain, and a fine is due.

From its first day on whoever had consented is asked anew on waking, and everybody is asked
plainly, use by use: that reminds of one's worries (`sim.behaviour.consent`), so that fewer
consent. Until then data were used on consent that the law calls void; for that a share of sales is
owed for some days.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.compilation.compiled import compiled
from sim.operator.common import ShockParameters
from sim.operator.contract import FLAG, Event, State
from sim.parameters.quantity import quantity
from sim.world.protocols import Counters, Inbox, Parent, Plan
from sim.world.state import World

SENTENCE = """
Whoever consented is asked anew; the question, put plainly, closes {{ plainness | percent }} of the
gap to full privacy concern while it is answered. A fine of {{ fine_share | percent }} of sales is
owed for {{ fined_days | count("day") }}.
"""
NAMES = {"en": "stricter consent law", "zh": "更严格的同意规则"}
IN_CHINESE = {
    "plainness": "如实询问时隐私担忧距满值的差距缩小的比例",
    "fine_share": "罚款占销售额的比例",
    "fined_days": "按销售额计罚的天数",
}
OF_HOUSEHOLDS = (State("asked", "0 or 1", "1: its consent is one under the law", FLAG),)
EVENTS = (
    Event(
        "asked",
        "households",
        "that were asked anew for consent",
        "Was asked anew what may be done with its data.",
    ),
)


@dataclass
class Parameters(ShockParameters):
    """A stricter law on consent."""

    plainness: float = quantity("share", "of the gap to full concern that being asked closes", 0, 1)
    fine_share: float = quantity("share of sales", "owed as a fine, at size 1", 0, 1)
    fined_days: int = quantity("days", "from the law's first, of whose sales it is owed", 0, 3650)


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """Everybody who is asked today is asked plainly; the fine goes with sales."""
    own = world.shocks.consent_law
    if own.size > 0.0:
        today.plain_asking = min(own.size * own.plainness, 1.0)
        if day < own.from_day + own.fined_days:
            today.fine_share = own.size * own.fine_share


@compiled
def offer(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """What was allowed before the law is no longer: one is asked anew."""
    if _lapsed(parent, place, world):
        inbox.asked_anew = 1.0


@compiled
def charge(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: Any, counters: Counters
) -> None:
    """Whoever was asked, or consents now, does so under the law."""
    if world.shocks.consent_law.size > 0.0:
        event.consent_law_asked = int(inbox.asked_anew)
        world.states.consent_law[place].asked = 1


@compiled
def _lapsed(parent: Parent, place: int, world: World) -> bool:
    """Whether a household's consent is from before the law."""
    asked = world.states.consent_law[place].asked > 0
    return bool(world.shocks.consent_law.size > 0.0 and parent.consent > 0 and not asked)


def odd(own: Parameters, config: Any) -> Iterator[str]:
    """A fine beyond all sales."""
    if own.size * own.fine_share > 1.0:
        yield "consent_law takes more than all sales as a fine."
