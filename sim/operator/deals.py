"""What an order gives up of its list price, and which lever answers for which part of it.

Cuts come off one after the other, as at a till: first the sale or the deeper coupon, then the
member's tier and a paid membership, then what the deal that an order is made for takes beyond
them; points pay last.
Nothing is cut deeper than `DEEPEST_CUT`: where that is reached, whoever comes later has only
what is left to take. Each lever books the fen that its own cut has taken off, so that the parts
add up to all that was given up.
"""

from sim.behaviour.ordering import deal_cut
from sim.behaviour.weighing import sale_cut, with_tier
from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.world.protocols import EventRecord, Inbox, Parent
from sim.world.state import World


@compiled
def put_deal(inbox: Inbox, own: LeverParameters, cut: float) -> None:
    """Put a deal of a lever before a household; of several the deepest is the one it sees."""
    if cut > inbox.own_deal_cut or (cut == inbox.own_deal_cut and own.cause < inbox.own_deal_cause):
        inbox.own_deal_cut = cut
        inbox.own_deal_cause = float(own.cause)


@compiled
def put_coupon(inbox: Inbox, own: LeverParameters, percent: int, days: int) -> None:
    """Put a coupon of a lever before a household; of several the deepest is the one it gets."""
    deeper = percent > inbox.coupon_percent
    if deeper or (percent == inbox.coupon_percent and own.line < inbox.coupon_line):
        inbox.coupon_percent = percent
        inbox.coupon_days = days
        inbox.coupon_line = own.line


@compiled
def put_pledge(inbox: Inbox, own: LeverParameters, cut: float) -> None:
    """Let a household put its name down for a deal; of several it is asked for the deepest."""
    deeper = cut > inbox.pledge_cut
    if deeper or (cut == inbox.pledge_cut and own.cause < inbox.pledge_cause):
        inbox.pledge_cut = cut
        inbox.pledge_cause = float(own.cause)


@compiled
def has_pledged(inbox: Inbox, own: LeverParameters) -> bool:
    """Whether a household has put its name down for this lever's deal today."""
    return inbox.pledged > 0.0 and inbox.pledge_cause == own.cause


@compiled
def put_due(inbox: Inbox, own: LeverParameters, cut: float) -> None:
    """Let what a household had put its name down for go through; of several, the deepest."""
    if cut > inbox.due_cut or (cut == inbox.due_cut and own.cause < inbox.due_cause):
        inbox.due_cut = cut
        inbox.due_cause = float(own.cause)


@compiled
def gets_coupon(inbox: Inbox, own: LeverParameters) -> bool:
    """Whether a household is sent a coupon of this lever today."""
    return inbox.coupon_percent > 0.0 and inbox.coupon_line == own.line


@compiled
def spends_coupon(parent: Parent, event: EventRecord, own: LeverParameters) -> bool:
    """Whether an order was made with a coupon of this lever, which then answers for its cut."""
    return event.coupon_fen > 0 and parent.coupon_line == own.line


@compiled
def given_by_points(inbox: Inbox, event: EventRecord) -> int:
    """What the points that an order was paid with are worth, in fen."""
    return int(event.points_redeemed * inbox.yuan_per_point * 100.0)


@compiled
def given_by_cuts(inbox: Inbox, event: EventRecord) -> int:
    """Price given up by an order before points, in fen: list price less what was due."""
    return int(event.list_fen - event.paid_fen - given_by_points(inbox, event))


@compiled
def given_by_sale(world: World, event: EventRecord) -> int:
    """Price given up by an order to a promotion day or a coupon, whichever is deeper, in fen."""
    return max(int(event.list_fen * sale_cut(world, event.store)), event.coupon_fen)


@compiled
def given_to_members(world: World, inbox: Inbox, event: EventRecord) -> int:
    """Price that sale or coupon and memberships give up, whatever the order was made for."""
    if event.coupon_fen > 0 or deal_cut(world, event.cause, inbox) == 0.0:
        return given_by_cuts(inbox, event)  # a coupon is kept where a deal is as deep
    return int(event.list_fen * with_tier(sale_cut(world, event.store), inbox))


@compiled
def given_by_membership(world: World, inbox: Inbox, event: EventRecord) -> int:
    """Price given up by an order to a paid membership, in fen: its share of both memberships'."""
    if inbox.paid_cut <= 0.0:
        return 0
    both = given_to_members(world, inbox, event) - given_by_sale(world, event)
    return int(both * inbox.paid_cut / (inbox.tier_cut + inbox.paid_cut) + 0.5)


@compiled
def given_by_tier(world: World, inbox: Inbox, event: EventRecord) -> int:
    """Price given up by an order to the member's tier, in fen."""
    both = given_to_members(world, inbox, event) - given_by_sale(world, event)
    return both - given_by_membership(world, inbox, event)


@compiled
def given_by_deal(world: World, inbox: Inbox, event: EventRecord) -> int:
    """Price given up by an order made for a deal's sake beyond all of these, in fen."""
    return given_by_cuts(inbox, event) - given_to_members(world, inbox, event)
