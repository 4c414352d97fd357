"""A shopping trip and a deal: from need, or temptation, to purchase."""

from sim.behaviour.basket import appetite, deal_logit
from sim.behaviour.believe import hear, weight_of_reviews
from sim.behaviour.choose import (
    chance_from_reviews,
    chance_from_sample,
    chance_to_recall,
    habit_after,
    memory,
)
from sim.behaviour.drift import drift, parent_audience
from sim.behaviour.ordering import (
    ANYTHING,
    BY_NEED,
    BY_REMINDER,
    appealing_category,
    fill_basket,
    place_order,
)
from sim.behaviour.stock import receive_stock
from sim.behaviour.weighing import (
    PRIVATE_STORE,
    PUBLIC_STORE,
    WAIT,
    choose_store,
    credible_posts,
    cut_in_hand,
    heed_of_call,
    look_at_points,
    proof_from_friends,
    word_of_friends,
)
from sim.compilation.compiled import compiled
from sim.world.catalogue import age_month, days_of_stock
from sim.world.draws import COMPARE, CONSIDER, DUE_WHAT, HOUSEHOLD, PLEDGE, uniform
from sim.world.household import NEVER
from sim.world.portable_math import logistic
from sim.world.protocols import Counters, EventRecord, Inbox, Parent
from sim.world.state import World


@compiled
def go_shopping(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    inbox: Inbox,
    event: EventRecord,
    counters: Counters,
) -> None:
    """Think of stores, weigh them, and buy, or wait."""
    counters.trips += 1
    p = world.behaviour.choose
    today = world.today[0]
    audience = parent_audience(parent)
    message = p.message_recall * max(today.fresh_message[audience], inbox.letter)
    message = max(message, p.reminder_recall * inbox.reminder, p.store_recall * inbox.store_near)
    prompted = inbox.prompted > 0.0
    known = what_is_remembered(parent, world, day, inbox)
    u = uniform(world.seed, HOUSEHOLD, place, day, CONSIDER)
    advertised = today.ad_reach[audience]
    friends = posts = 0.0
    # Ties are looked up only where they can matter: most strangers' luck is beyond any of them.
    if prompted or u < chance_to_recall(known, advertised, 1.0, today.most_koc_posts, message, p):
        drift(parent, world, day)
        friends = proof_from_friends(world, place, day, inbox)
        posts = inbox.koc_posts = credible_posts(world, place)
    recalled = prompted or u < chance_to_recall(known, advertised, friends, posts, message, p)
    recalled = recalled and day >= parent.avoids_until
    if recalled:
        hear_others(parent, world, place, day, inbox)
        look_at_points(parent, place, world, day, inbox)
    compares = True
    if recalled and (prompted or inbox.reminder > 0.0):
        compares = uniform(world.seed, HOUSEHOLD, place, day, COMPARE) < p.compares_prompted
    store = choose_store(parent, place, world, day, inbox, friends, recalled, compares)
    if recalled:
        counters.recalled += 1
        parent.last_met_day = day
    if recalled and not prompted:  # else its own channel brought it to mind
        if u >= chance_to_recall(known, 0.0, friends, posts, message, p):
            counters.advertised += 1
            event.advertised = 1
        elif u >= chance_to_recall(known, advertised, friends, 0.0, message, p):
            counters.by_koc += 1
            event.by_koc = 1
    if posts > 0.0:
        believe = world.behaviour.believe
        hear(parent, believe.koc_evidence, believe.koc_weight * posts, believe)
    if store == WAIT:
        counters.waits += 1
        parent.try_again_day = day + world.behaviour.need.retry_days
        return
    cause = cause_of_trip(inbox)
    fill_basket(parent, place, world, day, store, inbox, event)
    if store <= PUBLIC_STORE:
        place_order(parent, place, world, day, store, cause, inbox, event)
    if event.unfilled == 0:
        receive_stock(parent, place, world, day, event, counters)
        learn_habit(parent, store, p.habit_smoothing)
        event.store = store
        counters.orders_at[store] += 1


@compiled
def cause_of_trip(inbox: Inbox) -> int:
    """What an order on a trip is said to come from: the deal in hand, a reminder, or need alone."""
    if cut_in_hand(inbox) > 0.0:
        return int(inbox.own_deal_cause)
    return BY_REMINDER if inbox.reminder > 0.0 else BY_NEED


@compiled
def what_is_remembered(parent: Parent, world: World, day: int, inbox: Inbox) -> float:
    """Chance that the operator comes to mind by itself, by reviews, by a search, or by a sample.

    Parents who expect a child look around for where to buy what they never needed before.
    """
    p = world.behaviour.choose
    habit = parent.habit[PRIVATE_STORE] + parent.habit[PUBLIC_STORE]
    contact = max(parent.last_order_day, parent.last_met_day)
    own = memory(habit, float(day - contact), p)
    told = chance_from_reviews(world.today[0].reviews_per_1000, p)
    searched = p.expecting_search if day < parent.birth_day else 0.0
    tried = recall_by_sample(parent, world, day, inbox)
    return 1.0 - (1.0 - own) * (1.0 - told) * (1.0 - searched) * (1.0 - tried)


@compiled
def recall_by_sample(parent: Parent, world: World, day: int, inbox: Inbox) -> float:
    """Chance that a sample it liked brings the operator to mind, where that is on the list."""
    tried = int(inbox.tried_category) - 1
    if tried < 0 or not on_the_list(parent, tried, day, world):
        return 0.0
    return chance_from_sample(inbox.tried_days, world.behaviour.choose)


@compiled
def on_the_list(parent: Parent, category: int, day: int, world: World) -> bool:
    """Whether a trip today is for a category too: what will be short soon joins what is."""
    p = world.behaviour.need
    return bool(parent.covered_until[category] - day <= p.bundle_days + p.lead_days)


@compiled
def hear_others(parent: Parent, world: World, place: int, day: int, inbox: Inbox) -> None:
    """What friends say of the operator, and, to whoever meets it first, what is written.

    Whoever has followed a friend's call has heard them today.
    """
    if inbox.call_followed > 0.0:
        return
    word_of_friends(parent, world, place, day, inbox)
    today = world.today[0]
    if parent.last_met_day == -NEVER and today.reviews_per_1000 > 0.0:
        p = world.behaviour.believe
        hear(parent, today.review_rating, weight_of_reviews(today.open_reviews, p), p)


@compiled
def see_deal(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    cause: int,
    store: int,
    cut: float,
    bonus: float,
    luck: int,
    inbox: Inbox,
    event: EventRecord,
    counters: Counters,
) -> None:
    """Buy one item for the deal's sake, perhaps.

    `luck` is the purpose of the draw that decides; the next one says what is looked at.
    """
    told = called_to(world, inbox) if cause == inbox.own_deal_cause else 0.0
    chance = deal_chance(parent, world, day, cut, bonus, told)
    u = uniform(world.seed, HOUSEHOLD, place, day, luck)
    if u >= chance or event.store >= 0 or day < parent.avoids_until:
        return
    buy_one_item(parent, place, world, day, cause, store, luck + 1, inbox, event, counters)


@compiled
def called_to(world: World, inbox: Inbox) -> float:
    """How much the friends' call that was followed counts for; 0 where none was."""
    return inbox.call_followed * heed_of_call(world, inbox) if inbox.call_followed > 0.0 else 0.0


@compiled
def deal_chance(
    parent: Parent, world: World, day: int, cut: float, bonus: float, told: float
) -> float:
    """Chance that a deal tempts: by its depth, tastes, a friend's word, and the last order."""
    p = world.behaviour.basket
    logit = deal_logit(cut, parent.price_sensitivity, parent.operator_taste, bonus, p)
    chance = logistic(logit + p.deal_told * told)
    return chance * appetite(float(day - parent.last_order_day), p)


@compiled
def puts_name_down(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> bool:
    """Whether a household wants what it can have later, as much as if it could have it now."""
    if inbox.pledge_cut <= 0.0 or day < parent.avoids_until:
        return False
    chance = deal_chance(parent, world, day, inbox.pledge_cut, 0.0, called_to(world, inbox))
    return uniform(world.seed, HOUSEHOLD, place, day, PLEDGE) < chance


@compiled
def take_what_is_due(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    store: int,
    inbox: Inbox,
    event: EventRecord,
    counters: Counters,
) -> None:
    """Get what one had put one's name down for, paid ahead: nobody is asked again."""
    if inbox.due_cut > 0.0 and day >= parent.avoids_until:
        parent.last_met_day = day
        cause, what = int(inbox.due_cause), DUE_WHAT
        buy_one_item(parent, place, world, day, cause, store, what, inbox, event, counters)


@compiled
def buy_one_item(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    cause: int,
    store: int,
    luck: int,
    inbox: Inbox,
    event: EventRecord,
    counters: Counters,
) -> None:
    """Order one item for a deal's sake; `luck` is the purpose of the draw that says which."""
    month = age_month(day - parent.birth_day)
    what = uniform(world.seed, HOUSEHOLD, place, day, luck)
    item = appealing_category(parent, world, month, what, ANYTHING)
    event.packs[item] = 1
    if world.category[item].by_stock > 0:
        use = world.use_per_day[item, parent.feeding, month] * parent.use_pace
        event.days_bought[item] = days_of_stock(1, world.category[item].pack_units, use)
    place_order(parent, place, world, day, store, cause, inbox, event)
    if event.unfilled == 0:
        receive_stock(parent, place, world, day, event, counters)
        choose = world.behaviour.choose
        learn_habit(parent, store, choose.habit_smoothing * choose.deal_habit)
        event.store = store
        counters.orders_at[store] += 1


@compiled
def learn_habit(parent: Parent, store: int, weight: float) -> None:
    """Habit moves towards the store of the newest order."""
    for s in range(len(parent.habit)):
        parent.habit[s] = habit_after(parent.habit[s], 1.0 if s == store else 0.0, weight)
