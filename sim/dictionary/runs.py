"""The columns of a run's tables."""

from sim.dictionary.column import Column, Declared, declared
from sim.indicators.accounts import LATER
from sim.indicators.families import CHANNELS, MEMBERSHIPS, TIER_NAMES
from sim.indicators.horizons import HORIZONS
from sim.indicators.ladder import LINES
from sim.indicators.people import WAYS
from sim.indicators.reach import OF_REACH
from sim.indicators.tables import MOST_COHORT_MONTHS
from sim.operator.discovery import CAUSES, NAMES
from sim.operator.own_records import EVENTS, OF_OPERATOR
from sim.world.household import CATEGORIES, COHORTS, FIELDS, PERSONAS, STAGES, STORES

FIELD = {field.name: field for field in FIELDS}
BY = ("all", "stage", "region", "persona", "cohort", "tier", "channel", "membership")

INDICATORS = declared(
    """
    indicator | word | | name of the indicator; `repurchase reference` and reference.md define each
    by | word | | division of the population
    segment | word | | part of that division; `all`: everybody
    numerator | number | of the indicator | upper part of the quotient, missing where there is none
    denominator | number | of the indicator | lower part of the quotient, missing likewise
    value | number | see unit | the indicator; missing: nobody to count, or too short a run
    unit | word | | unit of `value`
    """,
    by=BY,
)
# What households did with levers that have events of their own.
OWN = tuple(Column(f"{lever}_{e.name}", "whole", e.unit, e.about) for lever, e in EVENTS)
# What levers and shocks keep for the operator, when a day is over.
KEPT = tuple(
    Column(f"{name}_{own.name}", "number" if own.kind is float else "whole", own.unit, own.about)
    for name, own in OF_OPERATOR
)
LEDGER = (
    *(
        Column(f"cost_{name}_yuan", "number", "yuan", f"paid out for the lever {name}")
        for name in NAMES
    ),
    *(
        Column(f"discount_{name}_yuan", "number", "yuan", f"price cuts given by the lever {name}")
        for name in NAMES
    ),
)
MONEY = declared(
    """
    orders | whole | orders | orders with the operator
    revenue_yuan | number | yuan | paid by customers
    gross_margin_yuan | number | yuan | revenue less what the goods cost the operator
    private_revenue_yuan | number | yuan | revenue in the operator's own store
    new_customers | whole | households | first orders ever
    fees_yuan | number | yuan | paid by households for a membership
    operations_commission_yuan | number | yuan | commission paid to public platforms
    operations_serving_yuan | number | yuan | picking, packing and delivery of orders
    operations_fines_yuan | number | yuan | fines paid to authorities
    contribution_yuan | number | yuan | gross margin and fees less costs of levers and of operations
    list_yuan | number | yuan | orders at list price
    goods_cost_yuan | number | yuan | what the goods cost the operator
    help_posts | whole | posts | questions of members in group chats
    story_posts | whole | posts | stories and answers of members in group chats
    complaint_posts | whole | posts | complaints of members in group chats
    """
)
STOCKS = declared(
    """
    members | whole | households | in a group chat, at the end of the day or month
    active_members | whole | households | of them, who reacted, posted or checked in within 30 days
    private_domain | whole | households | in the operator's private domain, at that time
    loyalty_members | whole | households | in the programme of points and tiers, at that time
    groups_living | whole | group chats | not silent, at that time
    """
)
DAILY = (
    *declared("day | whole | day | day of the run, 0 the strategy's first"),
    *MONEY,
    *LEDGER,
    *STOCKS,
    *OWN,
    *KEPT,
    *declared(
        """
        wait_minutes | number | minutes | wait at the service desk
        pace | number | share | of its strength at which the budget lets a lever work
        commission_share | number | share | of public sales, taken by platforms that day
        customers | whole | households | that ever ordered
        groups_silent | whole | group chats | silent and still open
        koc_posts | whole | posts | of KOCs in the operator's programme
        served | whole | tickets | answered at the service desk
        private_orders | whole | orders | in the operator's own store
        unfilled_orders | whole | orders | cancelled: out of stock
        points_issued | whole | points | given for orders
        points_redeemed | whole | points | spent
        points_expired | whole | points | lost after their time
        tickets | whole | tickets | brought to the service desk
        unsolved_tickets | whole | tickets | of them, not solved at first contact
        defects | whole | orders | that arrived with a defect
        exits | whole | households | that turned away after a failure
        reviews | whole | orders | told of in public
        rating_points | whole | points | that these reviews give, 0 to 100 each
        reactions | whole | households | that reacted to what they read in a group chat
        check_ins | whole | households | that checked in
        livestream_viewers | whole | households | that watched a livestream
        entered_private_domain | whole | households | that entered the private domain
        left_private_domain | whole | households | that left it
        unsubscribed | whole | households | that stopped the operator's messages, there or elsewhere
        enrolled | whole | households | that joined the programme of points and tiers
        joined_groups | whole | households | that joined a group chat
        left_groups | whole | households | that left one
        graduated | whole | families | whose child grew out of the market
        graduated_customers | whole | families | of them, customers
        graduated_private | whole | families | of them, in the private domain
        graduated_loyal | whole | families | of them, in the programme of points and tiers
        awake | whole | households | that lived through the day in full
        visits | whole | visits | to the operator's channels
        member_visits | whole | visits | of those, by members of a group chat
        deal_visits | whole | clicks | on public deals
        trips | whole | trips | shopping trips
        recalled | whole | trips | of those, with the operator in mind
        advertised | whole | trips | of those, because of an advertisement
        by_koc | whole | trips | of those, because of posts of KOCs
        waits | whole | decisions | to wait and not to buy
        reminders | whole | messages | replenishment reminders sent
        answers | whole | questions | answered by an expert
        """
    ),
)
MONTHLY = (
    *declared("month | whole | month of 30 days | month of the run, 0 the strategy's first"),
    *MONEY,
    *LEDGER,
    *STOCKS,
    *declared(
        """
        customers | number | households | that ordered in the month
        active_customers_90d | number | households | that ordered in the 90 days to the month's end
        average_order_value_yuan | number | yuan | paid for an order
        private_domain_sales_share | number | share | of revenue, in the operator's own store
        repurchase_rate_30d | number | share | of the month's customers: order again in 30 days
        churn_rate_90d | number | share | of customers established and active 90 days ago: silent
        repurchase_rate_365d | number | share | of the year's customers: ordered twice in it
        """
    ),
    *(
        Column(f"ordering_after_{k}m", "number", "share",
               f"of the customers won in the month, who order in the {k}. month after their first")
        for k in range(1, MOST_COHORT_MONTHS + 1)
    ),
)  # fmt: skip
KEY = (
    Column("household", "whole", "place", "place in the population, which a family lives in"),
    Column("family", "whole", FIELD["family"].unit, f"{FIELD['family'].about}; modulo 256"),
)
SEGMENTS = declared(
    """
    stage | word | | stage of the child on day 0; of a family that came later, as it came
    region | word | | where they live, a name of the population's regions
    persona | word | | kind of parent; missing if the family came and left in the run
    cohort | word | | when the parent was born; missing likewise
    tier | word | | tier on day 0; none: not enrolled
    channel | word | | how they bought on day 0
    membership | word | | of group chats and of the loyalty programme, on day 0
    """,
    stage=STAGES,
    persona=PERSONAS,
    cohort=COHORTS,
    tier=TIER_NAMES,
    channel=CHANNELS,
    membership=MEMBERSHIPS,
)
FARED = {
    "active": ("switch", "", "ordered in the 90 days before"),
    "margin_since_start_yuan": ("number", "yuan", "paid less cost of goods, from day 0 to"),
    "orders_since_start": ("whole", "orders", "from day 0 to"),
    "repurchased": ("switch", "", "ordered at least twice in the 365 days before"),
}
EARLIER = {f"_{months}m": f"day {day}, if the run is longer" for months, day in HORIZONS.items()}
HOUSEHOLDS = (
    *KEY,
    *SEGMENTS,
    *declared(
        """
        customer | switch | | ordered in the final 365 days
        repurchased | switch | | ordered at least twice in the final 365 days
        churn_base | switch | | established and active when the final 365 days began
        churned | switch | | of them: lost, silent in the last 90 days
        orders | whole | orders | in the final 365 days
        spending_yuan | number | yuan | paid in the final 365 days
        first_order_day | number | day | first order ever; missing: none; below 0: before it began
        way | word | | what brought a first order in the run about; missing if there was none
        entered_day | number | day | day the family came; missing: it was there on day 0
        left_day | number | day | last day in the market; missing: it is there at the end
        established | switch | | had ordered twice before day 0, the last time in the 90 days before
        group | whole | group chat | that they were in on day 0; -1: none, or they came later
        """,
        way=WAYS,
    ),
    *(
        Column(f"{name}{end}", kind, unit, f"{what} {when}")
        for end, when in {**EARLIER, "": "the run's end"}.items()
        for name, (kind, unit, what) in FARED.items()
        if name != "repurchased" or end
    ),
)
LADDER = declared(
    """
    days | whole | days | of the run, from day 0, that are added up
    line | word | | step of the ladder, or a subtotal of all steps above it
    lever | word | | lever that gave or cost it; empty where none did, `other`: no lever booked it
    fen | whole | fen | added up; below zero: given up or paid
    """,
    line=tuple(LINES),
)
ACCOUNTS = declared(
    """
    days | whole | days | of the run, from day 0, that are added up
    by | word | | division of the households of day 0; all: everybody; later: who came after it
    segment | word | | part of that division
    customers | whole | households | that ordered in these days
    orders | whole | orders | filled
    list_fen | whole | fen | these orders at list price
    price_cut_fen | whole | fen | price given up to sale, coupon, tier, deal or points
    goods_fen | whole | fen | what the goods cost the operator
    commission_fen | whole | fen | commission to public platforms
    serving_fen | whole | fen | picking, packing, delivery
    """,
    by=(*BY, LATER),
)
REACH = declared(
    """
    lever | word | | lever that was on in the run
    step | word | | from being allowed to be reached to an order
    households | number | families | that took the step at least once; missing: it makes no sense
    times | number | days | on which a family took it; messages one by one; missing for eligible
    cost_yuan | number | yuan | of the lever over the run, paid and given up
    meaning | text | | what the step means for this lever
    """,
    step=OF_REACH,
)
GROUPS = declared(
    """
    group | whole | group chat | number, in the order of founding
    stage | word | | topic: a stage of the child, or any
    region | word | | topic: a region, or any
    founded_day | whole | day | day it was founded
    life_days | number | days | from founding until it fell silent; missing while it lives
    members | whole | households | at the end
    joined | whole | households | that ever joined
    member_posts | whole | posts | of members, ever
    operator_posts | whole | posts | of the operator, ever
    watched_from_days | number | days | age from which it is watched; missing: does not count
    watched_to_days | number | days | age to which its life is watched
    fell_silent | switch | | whether it fell silent at that age
    """,
    stage=("any", *STAGES),
)
LIVES = declared(
    """
    entry_days | whole | days | since the first order when watched first
    days | whole | days | since the first order when watched last
    ended | switch | | whether the customer fell silent then
    customers | whole | households | that lived so
    """
)
NEIGHBOURS = (
    KEY[0],
    *declared(
        """
        role | word | | a neighbour, or a KOC whom many of them follow
        first_order_day | number | day | first order ever; missing: none; below 0: before it began
        way | word | | what brought a first order in the run about; empty if there was none
        friends_before | whole | households | friends who had ordered before that day
        friends | text | places | friends in this table, their `household` with spaces between
        follows | text | places | KOCs in this table whom they follow, likewise
        """,
        role=("neighbour", "koc"),
        way=(*WAYS, ""),
    ),
)
ORDERS = (
    *declared("day | whole | day | day of the order; below 0: in the warm-up, where it was kept"),
    *KEY,
    *declared(
        """
        group | whole | group chat | that they were in on that day; -1: none
        channel | word | | the operator's store it was placed in
        cause | word | | what brought it about
        list_yuan | number | yuan | at list price
        paid_yuan | number | yuan | paid: list less discount, coupon and points
        goods_cost_yuan | number | yuan | what the goods cost the operator
        coupon_yuan | number | yuan | price cut of the coupon spent
        points_issued | whole | points | given for it
        points_redeemed | whole | points | spent on it
        loyalty_member | switch | | in the programme of points and tiers that day
        in_private_domain | switch | | in the private domain that morning
        """,
        channel=STORES[:2],
        cause=CAUSES,
    ),
    *OWN,
    *(
        Column(f"packs_{category}", "whole", "packs", f"ordered of the category {category}")
        for category in CATEGORIES
    ),
)
RUN: Declared = {
    "indicators": INDICATORS,
    "daily": DAILY,
    "monthly": MONTHLY,
    "households": HOUSEHOLDS,
    "groups": GROUPS,
    "lives": LIVES,
    "neighbours": NEIGHBOURS,
    "ladder": LADDER,
    "accounts": ACCOUNTS,
    "reach": REACH,
    "orders": ORDERS,
}

__all__ = ["BY", "NEIGHBOURS", "RUN"]
