"""A shopping trip, a deal, an order: from need to purchase."""

from typing import Any

from sim.behaviour.basket import appetite, cross_sell_chance, deal_logit, upgrade
from sim.behaviour.believe import hear
from sim.behaviour.choose import (
    chance_to_recall,
    gumbel,
    habit_after,
    prefers_operator,
    price_utility,
    taste_today,
    wait_utility,
)
from sim.behaviour.drift import drift, parent_audience
from sim.behaviour.need import cover_wanted, occasion_wait, packs_wanted
from sim.behaviour.rewards import earning_value, goal_pull, redeem_chance
from sim.compiled import compiled
from sim.world.catalogue import age_month
from sim.world.draws import (
    CONSIDER,
    CROSS_SELL,
    DELIVERY,
    HOUSEHOLD,
    IMPULSE,
    IMPULSE_WHAT,
    NEXT_NEED,
    PASSING_TASTE,
    REDEEM,
    SHOP_PRIVATE,
    SHOP_PUBLIC,
    SHOP_WAIT,
    UNFILLED,
    uniform,
)
from sim.world.exact import log, logistic, normal
from sim.world.followers import MOST_FOLLOWED, followed
from sim.world.household import NEVER
from sim.world.ties import friends_of

PRIVATE_STORE, PUBLIC_STORE, PLATFORM, SPECIALIST, OFFLINE = range(5)
DIAPERS = 2  # index of CATEGORIES: ends with toilet training, not with a month of age
FRIENDS_SEE_DAYS = 30  # how far back friends notice an order: assumed

BY_NEED, BY_DEAL, BY_LIVESTREAM, BY_REMINDER, BY_FESTIVAL = range(5)


@compiled
def soonest_need(parent: Any, world: Any) -> int:
    """Day on which the first category runs out; occasional needs wait a while for company."""
    soonest = NEVER
    for category in range(len(parent.covered_until)):
        patience = 0
        if world.category[category].by_stock == 0:
            patience = world.behaviour.need.patience_days
        soonest = min(soonest, parent.covered_until[category] + patience)
    return soonest


@compiled
def first_use_day(parent: Any, uses: Any, month: int) -> int:
    """First day of the next month of age in which a category is used; NEVER if none is."""
    for later in range(month + 1, len(uses)):
        if uses[later] > 0.0:
            return min(parent.birth_day + later * 30 - 280, NEVER)
    return NEVER


@compiled
def outgrow(parent: Any, world: Any, day: int) -> None:
    """Strike off what ran out and is not used: outgrown, or not yet come to."""
    for c in range(len(parent.covered_until)):
        if world.category[c].by_stock == 0 or parent.covered_until[c] == NEVER:
            continue
        age = max(parent.covered_until[c], day) - parent.birth_day  # when stock ends
        month = age_month(age)
        uses = world.use_per_day[c, parent.feeding]
        if c == DIAPERS and age >= parent.toilet_training_days:
            parent.covered_until[c] = NEVER
        elif uses[month] <= 0.0:
            parent.covered_until[c] = first_use_day(parent, uses, month)


@compiled
def go_shopping(
    parent: Any, place: int, world: Any, day: int, inbox: Any, deed: Any, tally: Any
) -> None:
    """Think of stores, weigh them, and buy, or wait."""
    tally.trips += 1
    p = world.behaviour.choose
    today = world.today[0]
    message = p.message_recall * today.fresh_message[parent_audience(parent)]
    message = max(message, p.reminder_recall * inbox.reminder)
    operator_habit = parent.habit[PRIVATE_STORE] + parent.habit[PUBLIC_STORE]
    u = uniform(world.seed, HOUSEHOLD, place, day, CONSIDER)
    advertised = today.ad_reach
    friends = posts = 0.0
    # Ties are looked up only where they can matter: most strangers' luck is beyond any of them.
    if u < chance_to_recall(operator_habit, advertised, 1.0, today.most_koc_posts, message, p):
        drift(parent, world, day)
        friends = friends_who_bought(world, place, day, inbox)
        posts = credible_posts(world, place)
    recalled = u < chance_to_recall(operator_habit, advertised, friends, posts, message, p)
    store = choose_store(parent, place, world, day, inbox, friends, recalled)
    if recalled:
        tally.recalled += 1
        parent.last_met_day = day
        if u >= chance_to_recall(operator_habit, 0.0, friends, posts, message, p):
            tally.advertised += 1
            deed.advertised = 1
        elif u >= chance_to_recall(operator_habit, advertised, friends, 0.0, message, p):
            deed.by_koc = 1
    if posts > 0.0:
        believe = world.behaviour.believe
        hear(parent, believe.koc_evidence, believe.koc_weight * posts, believe)
    if store == WAIT:
        tally.waits += 1
        parent.try_again_day = day + world.behaviour.need.retry_days
        return
    cause = BY_REMINDER if inbox.reminder > 0.0 else BY_NEED
    fill_basket(parent, place, world, day, store, inbox, deed)
    if store <= PUBLIC_STORE:
        place_order(parent, place, world, day, store, cause, inbox, deed)
    if deed.unfilled == 0:
        receive_stock(parent, place, world, day, deed, tally)
        learn_habit(parent, store, p.habit_smoothing)
        deed.store = store
        tally.orders_at[store] += 1


WAIT = 5


@compiled
def friends_who_bought(world: Any, place: int, day: int, inbox: Any) -> float:
    """Share of close ties whose order with the operator in the last 30 days could be seen."""
    known = friends_of(place, world.ties, inbox.friends)
    if known == 0:
        return 0.0
    bought = 0
    for k in range(known):
        if world.ordered_on[inbox.friends[k]] >= day - FRIENDS_SEE_DAYS:
            bought += 1
    return bought / known


@compiled
def credible_posts(world: Any, place: int) -> float:
    """Posts on the operator by followed KOCs in recent days, weighted by credibility."""
    posts = 0.0
    for k in range(MOST_FOLLOWED):
        koc = followed(place, k, world.ties)
        if koc >= 0:
            posts += world.kocs[koc].recent_posts * world.kocs[koc].credibility
    return posts


@compiled
def price_cut(parent: Any, world: Any, day: int, store: int, inbox: Any) -> float:
    """Price cut at the operator's channel in force for this household, as a share."""
    today = world.today[0]
    cut = today.cut_private if store == PRIVATE_STORE else today.cut_public
    coupon = parent.coupon_percent / 100.0 if parent.coupon_until >= day else 0.0
    return min(max(cut, coupon) + inbox.tier_cut, 0.9)


@compiled
def benefit(parent: Any, inbox: Any, world: Any) -> float:
    """Felt benefit of membership as a share of the price: points, and goals within reach."""
    if parent.loyalty_member == 0:
        return 0.0
    p = world.behaviour.rewards
    value = earning_value(inbox.points_per_yuan, inbox.yuan_per_point, inbox.points_clarity, p)
    if inbox.points_least > 0.0:
        held = parent.points_new + parent.points_old
        value += inbox.points_clarity * goal_pull(held / inbox.points_least, p)
    if inbox.tier_goal_yuan > 0.0:
        spent = parent.tier_spending_fen / 100.0
        value += p.tier_pull * goal_pull(spent / inbox.tier_goal_yuan, p)
    return value


@compiled
def liking(parent: Any, place: int, world: Any, day: int) -> float:
    """Liking for the operator on a day; its passing part is the same under every strategy."""
    p = world.behaviour.choose
    period = (day + place % p.passing_days) // p.passing_days
    passing = normal(uniform(world.seed, HOUSEHOLD, place, period, PASSING_TASTE))
    spread = world.demography.operator_taste_spread
    return taste_today(parent.operator_taste, spread, passing, p)


@compiled
def operator_utility(
    parent: Any, world: Any, day: int, store: int, inbox: Any, friends: float, taste: float
) -> float:
    """Utility of one of the operator's two channels, without the draw."""
    p = world.behaviour.choose
    cut = price_cut(parent, world, day, store, inbox)
    utility = (
        p.operator_appeal
        + taste
        + price_utility(log(1.0 - cut), parent.price_sensitivity, log(parent.reference_price), p)
        + p.trust_effect * (parent.trust - 0.5)
        + p.habit_effect * parent.habit[store]
        + p.proof_effect * friends
        + p.satisfaction_effect * (parent.satisfaction - 0.5)
        + p.benefit_effect * benefit(parent, inbox, world)
    )
    if store == PRIVATE_STORE:
        utility += p.private_convenience + p.fit_effect * min(inbox.stage_advice, 1.0)
    return utility


@compiled
def rival_utility(parent: Any, world: Any, day: int, store: int) -> float:
    """Utility of a rival store, without the draw."""
    p = world.behaviour.choose
    market = world.calendar[day - world.first_day]
    if store == PLATFORM:
        taste = parent.platform_taste
    elif store == SPECIALIST:
        taste = parent.specialist_taste + p.specialist_appeal
    else:
        taste = parent.offline_taste + p.offline_appeal
    return (
        taste
        + price_utility(market.rival_log_price[store - PLATFORM], parent.price_sensitivity, 0.0, p)
        + p.habit_effect * parent.habit[store]
    )


@compiled
def choose_store(
    parent: Any, place: int, world: Any, day: int, inbox: Any, friends: float, recalled: bool
) -> int:
    """The store chosen today, an index of STORES, or WAIT.

    Each alternative's luck depends on the household and the day alone, so it is the same
    under every strategy.
    """
    p = world.behaviour.choose
    left = float(soonest_need(parent, world) - day)
    seed = world.seed
    best = WAIT
    rival_best = wait_utility(left, world.behaviour.need.lead_days, p) + gumbel(
        uniform(seed, HOUSEHOLD, place, day, SHOP_WAIT)
    )
    for store in range(PLATFORM, OFFLINE + 1):
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


@compiled
def lead_today(world: Any, inbox: Any) -> float:
    """Stock of how many days sends a parent shopping: more on a festival or after a reminder."""
    p = world.behaviour.need
    lead = p.lead_days + p.festival_days * world.today[0].festival
    if inbox.reminder > 0.0:
        lead = max(lead, p.lead_days + p.reminder_days)
    return lead


@compiled
def fill_basket(
    parent: Any, place: int, world: Any, day: int, store: int, inbox: Any, deed: Any
) -> None:
    """Write into the deed how many packs of each category are bought, and how long they last."""
    p = world.behaviour.need
    cut = price_cut(parent, world, day, store, inbox) if store <= PUBLIC_STORE else 0.0
    lead = lead_today(world, inbox)
    month = age_month(day - parent.birth_day)
    wanted = cover_wanted(p.cover_days, cut, p.promotion_cover)
    for c in range(len(deed.packs)):
        left = parent.covered_until[c] - day
        if world.category[c].by_stock > 0:
            then = age_month(max(parent.covered_until[c], day) - parent.birth_day)
            use = world.use_per_day[c, parent.feeding, then] * parent.use_pace
            if left <= p.bundle_days + p.lead_days and use > 0.0:
                packs = packs_wanted(wanted - max(left, 0), world.category[c].pack_units, use)
                deed.packs[c] = packs
                lasting = packs * world.category[c].pack_units / use
                deed.days_bought[c] = max(int(min(lasting, 365.0)), 1)
        elif left <= lead:
            deed.packs[c] = 1
    if store <= PUBLIC_STORE:
        add_item(parent, place, world, day, month, deed)


@compiled
def add_item(parent: Any, place: int, world: Any, day: int, month: int, deed: Any) -> None:
    """One more item than needed, perhaps: cross-selling."""
    member = 1.0 if parent.group >= 0 else 0.0
    chance = cross_sell_chance(parent.engagement, member, world.behaviour.basket)
    u = uniform(world.seed, HOUSEHOLD, place, day, CROSS_SELL)
    if u < chance:
        extra = appealing_category(parent, world, month, u / chance)
        deed.packs[extra] = min(deed.packs[extra] + 1, 12)


@compiled
def appealing_category(parent: Any, world: Any, month: int, u: float) -> int:
    """A category drawn by its appeal as a deal among those the child can use now."""
    total = 0.0
    for c in range(len(world.category)):
        if world.use_per_day[c, parent.feeding, month] > 0.0 and parent.covered_until[c] < NEVER:
            total += world.category[c].deal_appeal
    mark = u * total
    chosen = len(world.category) - 2  # clothing fits every age
    for c in range(len(world.category)):
        if world.use_per_day[c, parent.feeding, month] > 0.0 and parent.covered_until[c] < NEVER:
            mark -= world.category[c].deal_appeal
            if mark < 0.0:
                return c
    return chosen


@compiled
def place_order(
    parent: Any, place: int, world: Any, day: int, store: int, cause: int, inbox: Any, deed: Any
) -> None:
    """Price the basket, use coupon and points, and send the order to the operator."""
    unfilled = 0.0
    list_fen = cost_fen = 0
    member = 1.0 if parent.group >= 0 else 0.0
    ratio = upgrade(parent.engagement, member, world.behaviour.basket)
    for c in range(len(deed.packs)):
        if deed.packs[c] > 0:
            category = world.category[c]
            unfilled = max(unfilled, world.today[0].unfilled[c])
            list_fen += deed.packs[c] * int(category.price_fen * ratio)
            cost_fen += deed.packs[c] * int(category.goods_cost_fen * ratio)
    deed.cause = cause
    if uniform(world.seed, HOUSEHOLD, place, day, UNFILLED) < unfilled:
        deed.unfilled = 1
        parent.try_again_day = day + 1
        return
    cut = price_cut(parent, world, day, store, inbox)
    if cause == BY_DEAL or cause == BY_FESTIVAL:
        cut = max(cut, world.today[0].deal_cut)
    elif cause == BY_LIVESTREAM:
        cut = max(cut, inbox.livestream_cut)
    coupon_used = parent.coupon_until >= day and parent.coupon_percent > 0
    due_fen = list_fen - int(list_fen * cut)
    if coupon_used:
        deed.coupon_fen = int(list_fen * parent.coupon_percent / 100.0)
        parent.coupon_percent = 0
        parent.coupon_until = -NEVER
    points = points_used(parent, place, world, day, due_fen, inbox)
    paid_fen = due_fen - int(points * inbox.yuan_per_point * 100.0)
    deed.list_fen = list_fen
    deed.goods_cost_fen = cost_fen
    deed.points_redeemed = points
    deed.paid_fen = paid_fen
    book_order(parent, place, world, day, cause, paid_fen, inbox, deed)


@compiled
def points_used(parent: Any, place: int, world: Any, day: int, due_fen: int, inbox: Any) -> int:
    """Points a member pays with at this order; old points go first."""
    held = parent.points_new + parent.points_old
    if parent.loyalty_member == 0 or inbox.yuan_per_point <= 0.0 or held < inbox.points_least:
        return 0
    expiring = 1.0 if parent.points_old > 0 and parent.points_expire_day - day < 60 else 0.0
    chance = redeem_chance(expiring, world.behaviour.rewards)
    if uniform(world.seed, HOUSEHOLD, place, day, REDEEM) >= chance:
        return 0
    most = int(inbox.points_share * due_fen / (inbox.yuan_per_point * 100.0))
    used = min(held, most)
    from_old = min(used, parent.points_old)
    parent.points_old -= from_old
    parent.points_new -= used - from_old
    return used


@compiled
def book_order(
    parent: Any, place: int, world: Any, day: int, cause: int, paid_fen: int, inbox: Any, deed: Any
) -> None:
    """What an order changes on the household's own record."""
    if parent.loyalty_member > 0:
        deed.points_issued = int(paid_fen * inbox.points_per_yuan / 100.0)
        parent.points_new += deed.points_issued
        parent.tier_spending_fen += paid_fen
    if parent.orders == 0:
        parent.first_order_day = day
        parent.subscribed = 1
        deed.first_order = 1
        parent.won_by = cause
    parent.previous_order_day = parent.last_order_day
    parent.last_order_day = day
    parent.orders = min(parent.orders + 1, 65535)
    parent.spending_fen += paid_fen
    paid_ratio = paid_fen / max(deed.list_fen, 1)
    smoothing = world.behaviour.choose.reference_smoothing
    parent.reference_price += smoothing * (paid_ratio - parent.reference_price)
    promised = day + int(world.region[parent.region].delivery_days + 0.5)
    u = uniform(world.seed, HOUSEHOLD, place, day, DELIVERY)
    late = int(world.today[0].late_days + u)
    if parent.arrival_day == NEVER:
        parent.arrival_expected_day = promised
        parent.arrival_day = promised + late


@compiled
def receive_stock(parent: Any, place: int, world: Any, day: int, deed: Any, tally: Any) -> None:
    """Lengthen the cover of what was bought; after an occasion, draw the next one."""
    age = day - parent.birth_day
    month = age_month(age)
    for c in range(len(deed.packs)):
        if deed.packs[c] == 0:
            continue
        if world.category[c].by_stock > 0:
            start = max(parent.covered_until[c], day)
            parent.covered_until[c] = min(start + deed.days_bought[c], NEVER)
            tally.days_bought[c] += deed.days_bought[c]
        else:
            # What is bought before its occasion (a deal) takes the place of that purchase.
            early = max(parent.covered_until[c] - day, 0)
            again = next_occasion(parent, place, world, day, c, month, age)
            parent.covered_until[c] = min(again + early, NEVER)


@compiled
def next_occasion(
    parent: Any, place: int, world: Any, day: int, category: int, month: int, age: int
) -> int:
    """Day of the next need of a category bought on occasions."""
    u = uniform(world.seed, HOUSEHOLD, place, day, NEXT_NEED + category)
    first = 30.0 - (age + 280) % 30
    wait = occasion_wait(first, world.use_per_day[category, parent.feeding], month, u)
    return day + 1 + int(min(wait, float(NEVER - 10000)))


@compiled
def learn_habit(parent: Any, store: int, weight: float) -> None:
    """Habit moves towards the store of the newest order."""
    for s in range(len(parent.habit)):
        parent.habit[s] = habit_after(parent.habit[s], 1.0 if s == store else 0.0, weight)


@compiled
def see_deal(
    parent: Any,
    place: int,
    world: Any,
    day: int,
    cause: int,
    store: int,
    cut: float,
    bonus: float,
    inbox: Any,
    deed: Any,
    tally: Any,
) -> None:
    """Buy one item for the deal's sake, perhaps; it forms little habit."""
    p = world.behaviour.basket
    chance = logistic(deal_logit(cut, parent.price_sensitivity, parent.operator_taste, bonus, p))
    chance *= appetite(float(day - parent.last_order_day), p)
    u = uniform(world.seed, HOUSEHOLD, place, day, IMPULSE)
    if u >= chance or deed.store >= 0:
        return
    month = age_month(day - parent.birth_day)
    what = uniform(world.seed, HOUSEHOLD, place, day, IMPULSE_WHAT)
    item = appealing_category(parent, world, month, what)
    deed.packs[item] = 1
    if world.category[item].by_stock > 0:
        use = world.use_per_day[item, parent.feeding, month] * parent.use_pace
        lasting = world.category[item].pack_units / use
        deed.days_bought[item] = max(int(min(lasting, 365.0)), 1)
    place_order(parent, place, world, day, store, cause, inbox, deed)
    if deed.unfilled == 0:
        receive_stock(parent, place, world, day, deed, tally)
        learn_habit(
            parent,
            store,
            world.behaviour.choose.habit_smoothing * world.behaviour.choose.deal_habit,
        )
        deed.store = store
        tally.orders_at[store] += 1
