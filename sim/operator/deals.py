"""What an order gives up of its list price, and which lever answers for which part of it.

Cuts come off one after the other, as at a till: first the sale or the deeper coupon, then the
member's tier, then what the deal that an order is made for takes beyond them; points pay last.
Nothing is cut deeper than `DEEPEST_CUT`: where that is reached, whoever comes later has only
what is left to take. Each lever books the fen that its own cut has taken off, so that the parts
add up to all that was given up.
"""

from sim.behaviour.ordering import deal_cut
from sim.behaviour.weighing import sale_cut, with_tier
from sim.compilation.compiled import compiled
from sim.operator.common import LeverParameters
from sim.world.seen import Deed, Inbox
from sim.world.state import World


@compiled
def put_deal(inbox: Inbox, own: LeverParameters, cut: float) -> None:
    """Put a deal of a lever before a household; of several the deepest is the one it sees."""
    if cut > inbox.own_deal_cut or (cut == inbox.own_deal_cut and own.cause < inbox.own_deal_cause):
        inbox.own_deal_cut = cut
        inbox.own_deal_cause = float(own.cause)


@compiled
def given_by_points(inbox: Inbox, deed: Deed) -> int:
    """What the points that an order was paid with are worth, in fen."""
    return int(deed.points_redeemed * inbox.yuan_per_point * 100.0)


@compiled
def given_by_cuts(inbox: Inbox, deed: Deed) -> int:
    """Price given up by an order before points, in fen: list price less what was due."""
    return int(deed.list_fen - deed.paid_fen - given_by_points(inbox, deed))


@compiled
def given_by_sale(world: World, deed: Deed) -> int:
    """Price given up by an order to a promotion day or a coupon, whichever is deeper, in fen."""
    return max(int(deed.list_fen * sale_cut(world, deed.store)), deed.coupon_fen)


@compiled
def given_to_members(world: World, inbox: Inbox, deed: Deed) -> int:
    """Price that sale or coupon and tier together give up, whatever the order was made for."""
    if deed.coupon_fen > 0 or deal_cut(world, deed.cause, inbox) == 0.0:
        return given_by_cuts(inbox, deed)  # a coupon is kept where a deal is as deep
    return int(deed.list_fen * with_tier(sale_cut(world, deed.store), inbox))


@compiled
def given_by_tier(world: World, inbox: Inbox, deed: Deed) -> int:
    """Price given up by an order to the member's tier, in fen."""
    return given_to_members(world, inbox, deed) - given_by_sale(world, deed)


@compiled
def given_by_deal(world: World, inbox: Inbox, deed: Deed) -> int:
    """Price given up by an order made for a deal's sake beyond sale, coupon and tier, in fen."""
    return given_by_cuts(inbox, deed) - given_to_members(world, inbox, deed)
