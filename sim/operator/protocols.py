"""Records of the operator's operations, as types: see `sim.world.protocols`."""

from typing import Protocol

from sim.world.protocols import Numbers


class Budget(Protocol):
    """The budget of a strategy and what is left of it: see `BUDGET`."""

    yuan_per_customer_month: float
    month_fen: float
    spent_fen: int
    full_day_fen: float
    granted: float
    pace: float


class OperationsState(Protocol):
    """Goods, tickets and members of the operator: see `OPERATIONS_STATE`."""

    on_hand: Numbers[int]
    demand_per_day: Numbers[float]
    arriving: Numbers[int]
    received: Numbers[int]
    sold: Numbers[int]
    first_stock: Numbers[int]
    reviews: float
    ratings: float
    households: int
    matched_cut: float
    queue: int
    tickets: int
    served: int
    customers: int
    members: int
    private_domain: int
    loyalty_members: int


class DaySums(Protocol):
    """What all households did on one day, added up: see `SUMS` of `sim.engine.day_end`."""

    orders: int
    private_orders: int
    new_customers: int
    list_fen: int
    revenue_fen: int
    private_revenue_fen: int
    goods_cost_fen: int
    operations_commission_fen: int
    operations_serving_fen: int
    operations_fines_fen: int
    unfilled_orders: int
    points_issued: int
    points_redeemed: int
    points_expired: int
    tickets: int
    unsolved_tickets: int
    defects: int
    help_posts: int
    story_posts: int
    complaint_posts: int
    reactions: int
    check_ins: int
    livestream_viewers: int
    entered_private_domain: int
    left_private_domain: int
    exits: int
    reviews: int
    rating_points: int
    unsubscribed: int
    enrolled: int
    joined_groups: int
    left_groups: int
    graduated: int
    graduated_customers: int
    graduated_private: int
    graduated_loyal: int
    packs_sold: Numbers[int]
    packs_refused: Numbers[int]
