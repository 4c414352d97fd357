"""KOC programme: key opinion consumers recruited from engaged, trusting, well-followed parents.

Paid posts reach followers; each one that reads as an advertisement costs credibility, so reach
bought too hard buys nothing.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.operator.steps import ORDERED, REACHED
from sim.parameters.quantity import quantity
from sim.world.followers import MOST_FOLLOWED, followed
from sim.world.protocols import Counters, EventRecord, Inbox, Koc, Parent, Plan, Records
from sim.world.state import World

if TYPE_CHECKING:
    from sim.operator.hooks import Running

SENTENCE = """
Recruits, of the best followed {{ recruited_share | percent }} of those who could be KOCs, the
customers
who trust the operator at least {{ least_trust | number }} (0 to 1). Each is asked for
{{ posts_per_week | count("post") }} a week, {{ commercial_share | percent }} of them plain
advertising,
and gets {{ yuan_per_koc_month | number }} yuan a month in products and honours and
{{ commission_share | percent }} of the orders that a post brought to mind.
"""
NAMES = {"en": "KOC programme", "zh": "KOC 计划"}
DOSE = "recruited_share"
BY_DOSE = True  # each is paid alike, however strong the programme
REACH = {
    "eligible": "every household",
    "reached": "follows a recruited KOC, whose recent posts on the operator "
    "could matter on a shopping trip",
    "ordered": "ordered, and only KOC posts had brought the operator to mind",
}
REACH_IN_CHINESE = {
    "eligible": "全部家庭",
    "reached": "关注签约 KOC，购物时其近期提及本店的内容可能起作用",
    "ordered": "仅因 KOC 内容想到本店而下单",
}
IDLE_WITHOUT = ("posts_per_week",)
FOR_EVERYBODY = "a KOC posts for all who follow"
RECRUITING_DAYS = 30  # between two choices of KOCs: assumed


@dataclass
class Parameters(LeverParameters):
    """Recruiting and paying KOCs."""

    recruited_share: float = quantity("share", "of candidates asked, best followed first", 0, 1)
    posts_per_week: float = quantity("posts a week", "asked of each", 0, 50)
    commercial_share: float = quantity("share", "of these that are plain advertising", 0, 1)
    least_trust: float = quantity("0 to 1", "trust in the operator needed to be recruited", 0, 1)
    commission_share: float = quantity(
        "share of price", "on orders that a KOC brought to mind", 0, 1
    )
    yuan_per_koc_month: float = quantity("yuan a month", "products and honours for one KOC", 0, 1e5)


@compiled
def plan(world: World, day: int, today: Plan) -> None:
    """What is asked of recruited KOCs; see `sim.world.kocs` for what becomes of it."""
    own = world.levers.koc
    if own.power <= 0.0:
        return
    today.koc_posts_per_day = own.power * own.posts_per_week / 7.0
    today.koc_commercial_share = own.commercial_share


@compiled
def prepare(world: World, households: Records[Parent], day: int) -> None:
    """Once a month, choose who is in the programme; without power nobody is.

    Asked are the best followed of all candidates, so that none depends on another's answer; of
    these, customers who trust the operator take part.
    """
    if day % RECRUITING_DAYS != 0:
        return
    own = world.levers.koc
    on = own.power > 0.0 and own.recruited_share > 0.0
    least = least_followers(world.kocs, own.recruited_share)
    for k in range(len(world.kocs)):
        koc = world.kocs[k]
        parent = households[koc.household]
        willing = parent.orders > 0 and parent.trust >= own.least_trust
        koc.recruited = 1 if on and willing and koc.followers >= least else 0


@compiled
def least_followers(kocs: Records[Koc], share: float) -> int:
    """Followers from which a candidate is among the best followed `share` of all.

    They are the quantile `1 - share`, the higher where it falls between two: the least number that
    more candidates than its place in their order do not exceed.
    """
    place = np.ceil((len(kocs) - 1) * (1.0 - share))
    low = high = 0
    for k in range(len(kocs)):
        high = max(high, kocs[k].followers)
    while low < high:
        middle = (low + high) // 2
        below = 0
        for k in range(len(kocs)):
            below += 1 if kocs[k].followers <= middle else 0
        if below > place:
            high = middle
        else:
            low = middle + 1
    return low


@compiled
def charge(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    inbox: Inbox,
    event: EventRecord,
    counters: Counters,
) -> None:
    """Commission on orders that a KOC's post brought to mind."""
    own = world.levers.koc
    if own.power > 0.0 and event.by_koc > 0 and event.list_fen > 0:
        counters.cost_fen[own.line] += int(event.paid_fen * own.commission_share)


@compiled
def daily_cost_yuan(own: Parameters, running: "Running") -> float:
    """Products and honours."""
    return float(running.kocs * own.yuan_per_koc_month / 30.0)


@compiled
def eligible(parent: Parent, place: int, world: World, day: int) -> bool:
    """A KOC posts for all who follow."""
    return True


@compiled
def reach(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> int:
    """Posts of recruited KOCs before it on a trip, and orders they alone brought about."""
    if inbox.koc_posts <= 0.0 or not follows_recruited(world, place):
        return 0
    return REACHED + (ORDERED if event.by_koc > 0 and event.list_fen > 0 else 0)


@compiled
def follows_recruited(world: World, place: int) -> bool:
    """Whether a household follows somebody in the programme who has posted lately."""
    for k in range(MOST_FOLLOWED):
        koc = followed(place, k, world.ties)
        if koc >= 0 and world.kocs[koc].recruited > 0 and world.kocs[koc].recent_posts > 0.0:
            return True
    return False
