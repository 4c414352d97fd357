"""Weighing the stores: what speaks for each of them today, and which is chosen."""

from sim.behaviour.believe import SPEAKS_AGAINST, hear, word_kept
from sim.behaviour.choose import (
    days_without,
    decides_alone,
    gumbel,
    impression_now,
    prefers_operator,
    price_utility,
    social_proof,
    store_utility,
    taste_today,
    wait_utility,
)
from sim.behaviour.look import call_heed
from sim.behaviour.recommend import felt_fit
from sim.behaviour.rewards import (
    earning_value,
    goal_pull,
    spending_value,
    weight_of_lost_points,
)
from sim.behaviour.stock import soonest_need
from sim.compilation.compiled import compiled
from sim.world.draws import (
    HOUSEHOLD,
    IMPRESSION,
    LOST_POINTS,
    PASSING_TASTE,
    SHOP_PRIVATE,
    SHOP_PUBLIC,
    SHOP_WAIT,
    uniform,
)
from sim.world.followers import MOST_FOLLOWED, followed
from sim.world.portable_math import log, normal
from sim.world.protocols import Inbox, Parent
from sim.world.state import World
from sim.world.ties import friends_of

PRIVATE_STORE, PUBLIC_STORE, PLATFORM, SPECIALIST, OFFLINE, WAIT = range(6)
DEEPEST_CUT = 0.9  # of list price, whatever comes together: nobody sells for less


@compiled
def proof_from_friends(world: World, place: int, day: int, inbox: Inbox) -> float:
    """Social proof of close ties who were seen to order with the operator lately."""
    p = world.behaviour.choose
    known = friends_of(place, world.ties, inbox.friends)
    bought = 0
    for k in range(known):
        if world.ordered_on[inbox.friends[k]] >= day - p.friends_see_days:
            bought += 1
    return social_proof(float(bought), float(known), p)


@compiled
def word_of_friends(parent: Parent, world: World, place: int, day: int, inbox: Inbox) -> None:
    """Take in what close ties who ordered lately, and have judged an order, say of the operator."""
    known = friends_of(place, world.ties, inbox.friends)
    said = told = 0.0
    for k in range(known):
        friend = inbox.friends[k]
        opinion = world.opinions[friend]
        if (
            opinion > 0
            and world.ordered_on[friend] >= day - world.behaviour.choose.friends_see_days
        ):
            told += 1.0
            said += (opinion - 1.0) / 100.0
    if told > 0.0:
        p = world.behaviour.believe
        kept = word_kept(inbox.friends_worn, p)
        hear(parent, said / told, p.friend_weight * told / known * kept, p)


@compiled
def heed_of_call(world: World, inbox: Inbox) -> float:
    """How much today's calls of friends count for: less where they earn by it, or often did."""
    paid = inbox.call_paid / max(inbox.friend_call, 1.0)
    word = word_kept(inbox.friends_worn, world.behaviour.believe)
    return call_heed(paid, word, world.behaviour.look)


@compiled
def credible_posts(world: World, place: int) -> float:
    """Posts on the operator by followed KOCs in recent days, weighted by credibility."""
    posts = 0.0
    for k in range(MOST_FOLLOWED):
        koc = followed(place, k, world.ties)
        if koc >= 0:
            posts += world.kocs[koc].recent_posts * world.kocs[koc].credibility
    return posts * world.today[0].public_reach


@compiled
def sale_cut(world: World, store: int) -> float:
    """Price cut for everyone at one of the operator's channels, as a share."""
    today = world.today[0]
    return float(today.cut_private if store == PRIVATE_STORE else today.cut_public)


@compiled
def coupon_cut(parent: Parent, world: World, day: int, store: int) -> float:
    """Price cut of the coupon in hand, as a share; 0 where a sale is as deep: it is kept then."""
    coupon = parent.coupon_percent / 100.0 if parent.coupon_until >= day else 0.0
    return coupon if coupon > sale_cut(world, store) else 0.0


@compiled
def price_cut(parent: Parent, world: World, day: int, store: int, inbox: Inbox) -> float:
    """Price cut at the operator's channel in force for this household, as a share."""
    cut = max(sale_cut(world, store), coupon_cut(parent, world, day, store))
    return with_tier(cut, inbox)


@compiled
def cut_on_trip(parent: Parent, world: World, day: int, store: int, inbox: Inbox) -> float:
    """Price cut for whoever shops there today: that in force or, if deeper, the deal in hand."""
    return max(price_cut(parent, world, day, store, inbox), cut_in_hand(inbox))


@compiled
def cut_in_hand(inbox: Inbox) -> float:
    """Price cut of the deal with which one shops today as friends called, as a share; 0: none."""
    shops_as_called = inbox.call_followed > 0.0 and inbox.prompted > 0.0
    return float(inbox.own_deal_cut) if shops_as_called else 0.0


@compiled
def with_tier(cut: float, inbox: Inbox) -> float:
    """A sale's or coupon's cut and what tier and paid membership add to it, down to the deepest."""
    return min(cut + inbox.tier_cut + inbox.paid_cut, DEEPEST_CUT)


@compiled
def benefit(parent: Parent, inbox: Inbox, world: World) -> float:
    """Felt benefit of membership as a share of the price: points in hand, to come, and goals."""
    if parent.loyalty_member == 0:
        return 0.0
    p = world.behaviour.rewards
    value = earning_value(inbox.points_per_yuan, inbox.yuan_per_point, inbox.points_clarity, p)
    held = parent.points_new + parent.points_old
    if inbox.points_least > 0.0:
        value += inbox.points_clarity * goal_pull(held / inbox.points_least, p)
    if held > 0 and held >= inbox.points_least:
        usual_fen = parent.spending_fen / max(parent.orders, 1)
        payable = held * inbox.yuan_per_point * 100.0 / max(usual_fen, 1.0)
        value += inbox.points_clarity * spending_value(min(payable, inbox.points_share), p)
    if inbox.tier_goal_yuan > 0.0:
        spent = parent.tier_spending_fen / 100.0
        value += p.tier_pull * goal_pull(spent / inbox.tier_goal_yuan, p)
    return value


@compiled
def look_at_points(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Notice that one's points are worth less, where the rules are plain enough to see it.

    What is not noticed adds up until it is. One looks on a visit, and on a trip with the operator
    in mind.
    """
    if inbox.points_lost_share <= 0.0 or inbox.points_loss_noticed > 0.0:
        return
    if uniform(world.seed, HOUSEHOLD, place, day, LOST_POINTS) < inbox.points_clarity:
        inbox.points_loss_noticed = 1.0
        weight = weight_of_lost_points(inbox.points_lost_share, world.behaviour.rewards)
        hear(parent, SPEAKS_AGAINST, weight, world.behaviour.believe)


@compiled
def liking(parent: Parent, place: int, world: World, day: int) -> float:
    """Liking for the operator on a day; its luck is the same under every strategy."""
    p = world.behaviour.choose
    period = (day + place % p.passing_days) // p.passing_days
    passing = normal(uniform(world.seed, HOUSEHOLD, place, period, PASSING_TASTE))
    spread = world.demography.operator_taste_spread
    taste = taste_today(parent.operator_taste, spread, passing, p)
    first = normal(uniform(world.seed, HOUSEHOLD, place, parent.family, IMPRESSION))
    days_known = float(day - parent.first_order_day) if parent.orders > 0 else 0.0
    return taste + impression_now(first, days_known, p)


@compiled
def days_to_deliver(parent: Parent, world: World, inbox: Inbox) -> float:
    """Days from an order to its goods: the region's, less what is saved, down to the least.

    From a store nearby they can be fetched at once.
    """
    if inbox.store_near > 0.0:
        return 0.0
    usual = float(world.region[parent.region].delivery_days)
    least = min(usual, float(world.behaviour.choose.least_delivery_days))
    return max(usual - float(inbox.days_saved), least)


@compiled
def delivery_utility(parent: Parent, world: World, day: int, inbox: Inbox) -> float:
    """What delivery counts against a rival's, and more where it spares days without goods."""
    p = world.behaviour.choose
    usual = float(world.region[parent.region].delivery_days)
    wait = days_to_deliver(parent, world, inbox)
    utility = -p.delivery_effect * (wait - p.rival_delivery_days)
    if wait < usual:
        left = float(soonest_need(parent, world) - day)
        utility += p.short_effect * (days_without(usual, left) - days_without(wait, left))
    return utility


@compiled
def operator_utility(
    parent: Parent, world: World, day: int, store: int, inbox: Inbox, friends: float, taste: float
) -> float:
    """Utility of one of the operator's two channels, without the draw."""
    p = world.behaviour.choose
    cut = cut_on_trip(parent, world, day, store, inbox)
    utility = (
        p.operator_appeal
        + taste
        + price_utility(log(1.0 - cut), parent.price_sensitivity, log(parent.reference_price), p)
        + p.trust_effect * (parent.trust - 0.5)
        + p.habit_effect * parent.habit[store]
        + p.proof_effect * friends
        + p.koc_effect * min(inbox.koc_posts, 1.0)
        + p.satisfaction_effect * (parent.satisfaction - 0.5)
        + p.benefit_effect * benefit(parent, inbox, world)
        + delivery_utility(parent, world, day, inbox)
    )
    if inbox.store_near > 0.0:
        utility += store_utility(parent.offline_taste, p)
    if store == PRIVATE_STORE:
        known = felt_fit(inbox.recommended_fit, inbox.recommended_worn, world.behaviour.recommend)
        fit = max(min(inbox.stage_advice, 1.0), known)
        utility += p.private_convenience + p.fit_effect * fit
    return utility


@compiled
def rival_utility(parent: Parent, world: World, day: int, store: int) -> float:
    """Utility of a rival store, without the draw."""
    p = world.behaviour.choose
    market = world.calendar[day - world.first_day]
    if store == PLATFORM:
        taste = parent.platform_taste
    elif store == SPECIALIST:
        taste = parent.specialist_taste + p.specialist_appeal
    else:
        taste = parent.offline_taste + p.offline_appeal
    log_price = market.rival_log_price[store - PLATFORM] + world.today[0].rival_log_cut
    return (
        taste
        + price_utility(log_price, parent.price_sensitivity, 0.0, p)
        + p.habit_effect * parent.habit[store]
        + world.today[0].rival_appeal
    )


@compiled
def choose_store(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    inbox: Inbox,
    friends: float,
    recalled: bool,
    compares: bool,
) -> int:
    """The store chosen today, an index of STORES, or WAIT.

    Only whoever `compares` thinks of rivals.

    Each alternative's luck depends on the household and the day alone, so it is the same
    under every strategy.
    """
    p = world.behaviour.choose
    left = float(soonest_need(parent, world) - day)
    seed = world.seed
    for store in range(PLATFORM, OFFLINE + 1):
        if decides_alone(parent.habit[store], p):
            return store
    best = WAIT
    rival_best = wait_utility(left, world.behaviour.need.lead_days, p) + gumbel(
        uniform(seed, HOUSEHOLD, place, day, SHOP_WAIT)
    )
    for store in range(PLATFORM, OFFLINE + 1):
        if not compares:
            break
        value = rival_utility(parent, world, day, store) + gumbel(
            uniform(seed, HOUSEHOLD, place, day, SHOP_PRIVATE + store)
        )
        if value > rival_best:
            rival_best = value
            best = store
    if not recalled:
        return best
    taste = liking(parent, place, world, day)
    own = PUBLIC_STORE
    own_best = operator_utility(parent, world, day, PUBLIC_STORE, inbox, friends, taste) + gumbel(
        uniform(seed, HOUSEHOLD, place, day, SHOP_PUBLIC)
    )
    if parent.in_private_domain > 0:
        value = operator_utility(parent, world, day, PRIVATE_STORE, inbox, friends, taste) + gumbel(
            uniform(seed, HOUSEHOLD, place, day, SHOP_PRIVATE)
        )
        if value > own_best:
            own_best = value
            own = PRIVATE_STORE
    habit = parent.habit[PRIVATE_STORE] + parent.habit[PUBLIC_STORE]
    return own if prefers_operator(own_best, rival_best, habit, p) else best
