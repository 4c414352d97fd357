"""What a deal costs: price given up beyond what other levers answer for."""

from typing import Any

from sim.compiled import compiled


@compiled
def given_by_deal(world: Any, inbox: Any, deed: Any) -> int:
    """Price given up by an order made for a deal's sake, in fen.

    Promotion days, coupons, member tiers and points book their own part of it.
    """
    on_sale = world.today[0].cut_public if deed.store == 1 else world.today[0].cut_private
    others = max(int(deed.list_fen * on_sale), deed.coupon_fen)
    others += int(deed.list_fen * inbox.tier_cut)
    others += int(deed.points_redeemed * inbox.yuan_per_point * 100.0)
    return max(deed.list_fen - deed.paid_fen - others, 0)
