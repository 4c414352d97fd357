"""How much? The categories in need, and what is bought along with them.

Whoever is better off buys dearer lines, and advice that fits the child's stage sells one more
item. Membership of a community changes nothing here: what its members buy more must come from who
they are and from advice that was taken (C02).
"""

from dataclasses import dataclass

from sim.compilation.compiled import compiled
from sim.parameters.quantity import quantity
from sim.world.portable_math import decay_factor, exp, log

DEAREST_LINE = 3.0  # against the standard line, however rich a household is: assumed


@dataclass
class Parameters:
    """Cross-selling and deals."""

    cross_sell: float = quantity("share", "of ordinary orders with one more item", 0, 1)
    cross_sell_advice: float = quantity("share", "more of them on a day of fitting advice", 0, 1)
    upgrade_income: float = quantity("ratio", "of the line's price, per log income", 0, 2)
    deal_base: float = quantity("logit", "buying on seeing a deal, average parent", -20, 5)
    deal_price: float = quantity("logit per share", "per unit of price cut", 0, 40)
    deal_taste: float = quantity("logit per utility", "liking for the operator", 0, 5)
    deal_rest_days: float = quantity(
        "days", "appetite for deals is half back after an order", 1, 365
    )
    deal_engaged: float = quantity("logit", "full engagement, in a livestream", 0, 10)
    deal_told: float = quantity("logit", "of a deal to which a close friend calls", 0, 10)


@compiled
def cross_sell_chance(advice: float, p: Parameters) -> float:
    """Chance that an order carries one more item than needed; `advice` 0 to 1 fits the stage."""
    return min(p.cross_sell + p.cross_sell_advice * advice, 1.0)


@compiled
def upgrade(income: float, p: Parameters) -> float:
    """Ratio of the price of the chosen line to the standard line (`income` over the mean)."""
    return min(exp(p.upgrade_income * log(income)), DEAREST_LINE)


@compiled
def deal_logit(
    depth: float, sensitivity: float, taste: float, engagement: float, p: Parameters
) -> float:
    """Log odds to buy a deal that is seen; `depth` is the price cut as a share."""
    return (
        p.deal_base
        + p.deal_price * depth * sensitivity
        + p.deal_taste * taste
        + p.deal_engaged * engagement
    )


@compiled
def appetite(days_since_order: float, p: Parameters) -> float:
    """Appetite for deals, 0 to 1: whoever has just bought is hardly tempted."""
    return 1.0 - decay_factor(days_since_order, p.deal_rest_days)
