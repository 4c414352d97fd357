"""What an order gives up of its list price, and which lever answers for which part of it."""

from typing import Any

from sim.behaviour.weighing import sale_cut
from sim.compiled import compiled


@compiled
def given_by_sale(world: Any, deed: Any) -> int:
    """Price given up by an order to a promotion day or a coupon, whichever is deeper, in fen."""
    return max(int(deed.list_fen * sale_cut(world, deed.store)), deed.coupon_fen)


@compiled
def given_by_deal(world: Any, inbox: Any, deed: Any) -> int:
    """Price given up by an order made for a deal's sake, in fen.

    Promotion days, coupons, member tiers and points book their own part of it.
    """
    others = given_by_sale(world, deed)
    others += int(deed.list_fen * inbox.tier_cut)
    others += int(deed.points_redeemed * inbox.yuan_per_point * 100.0)
    return max(deed.list_fen - deed.paid_fen - others, 0)
