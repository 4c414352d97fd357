"""A shopping trip and a deal: from need, or temptation, to purchase."""

from sim.behaviour.basket import appetite, deal_logit
from sim.behaviour.believe import hear
from sim.behaviour.choose import chance_to_recall, habit_after
from sim.behaviour.drift import drift, parent_audience
from sim.behaviour.ordering import (
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
    proof_from_friends,
)
from sim.compilation.compiled import compiled
from sim.world.catalogue import age_month, days_of_stock
from sim.world.draws import CONSIDER, HOUSEHOLD, uniform
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
    message = p.message_recall * today.fresh_message[audience]
    message = max(message, p.reminder_recall * inbox.reminder)
    operator_habit = parent.habit[PRIVATE_STORE] + parent.habit[PUBLIC_STORE]
    u = uniform(world.seed, HOUSEHOLD, place, day, CONSIDER)
    advertised = today.ad_reach[audience]
    friends = posts = 0.0
    # Ties are looked up only where they can matter: most strangers' luck is beyond any of them.
    if u < chance_to_recall(operator_habit, advertised, 1.0, today.most_koc_posts, message, p):
        drift(parent, world, day)
        friends = proof_from_friends(world, place, day, inbox)
        posts = credible_posts(world, place)
    recalled = u < chance_to_recall(operator_habit, advertised, friends, posts, message, p)
    store = choose_store(parent, place, world, day, inbox, friends, recalled)
    if recalled:
        counters.recalled += 1
        parent.last_met_day = day
        if u >= chance_to_recall(operator_habit, 0.0, friends, posts, message, p):
            counters.advertised += 1
            event.advertised = 1
        elif u >= chance_to_recall(operator_habit, advertised, friends, 0.0, message, p):
            event.by_koc = 1
    if posts > 0.0:
        believe = world.behaviour.believe
        hear(parent, believe.koc_evidence, believe.koc_weight * posts, believe)
    if store == WAIT:
        counters.waits += 1
        parent.try_again_day = day + world.behaviour.need.retry_days
        return
    cause = BY_REMINDER if inbox.reminder > 0.0 else BY_NEED
    fill_basket(parent, place, world, day, store, inbox, event)
    if store <= PUBLIC_STORE:
        place_order(parent, place, world, day, store, cause, inbox, event)
    if event.unfilled == 0:
        receive_stock(parent, place, world, day, event, counters)
        learn_habit(parent, store, p.habit_smoothing)
        event.store = store
        counters.orders_at[store] += 1


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
    """Buy one item for the deal's sake, perhaps; it forms little habit.

    `luck` is the purpose of the draw that decides; the next one says what is looked at.
    """
    p = world.behaviour.basket
    chance = logistic(deal_logit(cut, parent.price_sensitivity, parent.operator_taste, bonus, p))
    chance *= appetite(float(day - parent.last_order_day), p)
    u = uniform(world.seed, HOUSEHOLD, place, day, luck)
    if u >= chance or event.store >= 0:
        return
    month = age_month(day - parent.birth_day)
    what = uniform(world.seed, HOUSEHOLD, place, day, luck + 1)
    item = appealing_category(parent, world, month, what)
    event.packs[item] = 1
    if world.category[item].by_stock > 0:
        use = world.use_per_day[item, parent.feeding, month] * parent.use_pace
        event.days_bought[item] = days_of_stock(1, world.category[item].pack_units, use)
    place_order(parent, place, world, day, store, cause, inbox, event)
    if event.unfilled == 0:
        receive_stock(parent, place, world, day, event, counters)
        learn_habit(
            parent,
            store,
            world.behaviour.choose.habit_smoothing * world.behaviour.choose.deal_habit,
        )
        event.store = store
        counters.orders_at[store] += 1


@compiled
def learn_habit(parent: Parent, store: int, weight: float) -> None:
    """Habit moves towards the store of the newest order."""
    for s in range(len(parent.habit)):
        parent.habit[s] = habit_after(parent.habit[s], 1.0 if s == store else 0.0, weight)
