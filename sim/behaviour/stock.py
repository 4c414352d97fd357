"""What a household has at home: what runs out when, and how long what it buys will last."""

from sim.behaviour.need import is_needed, occasion_wait
from sim.compilation.compiled import compiled
from sim.world.catalogue import EXPECTING_DAYS, MONTH_DAYS, age_month, month_begins
from sim.world.draws import HOUSEHOLD, NEXT_NEED, uniform
from sim.world.household import CATEGORIES, FURTHEST_NEED_DAYS, NEVER
from sim.world.protocols import Counters, EventRecord, Inbox, Numbers, Parent
from sim.world.state import World

DIAPERS = CATEGORIES.index("diapers")  # they end with toilet training, not with a month of age


@compiled
def soonest_need(parent: Parent, world: World) -> int:
    """Day on which the first category runs out; occasional needs wait a while for company."""
    soonest = NEVER
    for category in range(len(parent.covered_until)):
        patience = 0
        if world.category[category].by_stock == 0:
            patience = world.behaviour.need.patience_days
        soonest = min(soonest, parent.covered_until[category] + patience)
    return soonest


@compiled
def lead_today(world: World, inbox: Inbox) -> float:
    """Stock of how many days sends a parent shopping: more on a festival, reminded, or there."""
    p = world.behaviour.need
    lead = p.lead_days + p.festival_days * world.today[0].festival
    if inbox.reminder > 0.0:
        lead = max(lead, p.lead_days + p.reminder_days)
    if inbox.prompted > 0.0:
        lead = max(lead, p.lead_days + p.visit_days)
    return lead


@compiled
def runs_short_soon(parent: Parent, world: World, day: int) -> bool:
    """Whether something is short for whoever is at a shop: a visit brings shopping forward."""
    p = world.behaviour.need
    return is_needed(float(soonest_need(parent, world) - day), p.lead_days + p.visit_days)


@compiled
def first_use_day(parent: Parent, uses: Numbers[float], month: int) -> int:
    """First day of the next month of age in which a category is used; NEVER if none is."""
    for later in range(month + 1, len(uses)):
        if uses[later] > 0.0:
            return min(parent.birth_day + month_begins(later), NEVER)
    return NEVER


@compiled
def outgrow(parent: Parent, world: World, day: int) -> None:
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
def receive_stock(
    parent: Parent, place: int, world: World, day: int, event: EventRecord, counters: Counters
) -> None:
    """Lengthen the cover of what was bought; after an occasion, draw the next one."""
    age = day - parent.birth_day
    month = age_month(age)
    for c in range(len(event.packs)):
        if event.packs[c] == 0:
            continue
        if world.category[c].by_stock > 0:
            start = max(parent.covered_until[c], day)
            parent.covered_until[c] = min(start + event.days_bought[c], NEVER)
            counters.days_bought[c] += event.days_bought[c]
        else:
            # What is bought before its occasion (a deal) takes the place of that purchase.
            early = max(parent.covered_until[c] - day, 0)
            again = next_occasion(parent, place, world, day, c, month, age)
            parent.covered_until[c] = min(again + early, NEVER)


@compiled
def next_occasion(
    parent: Parent, place: int, world: World, day: int, category: int, month: int, age: int
) -> int:
    """Day of the next need of a category bought on occasions."""
    u = uniform(world.seed, HOUSEHOLD, place, day, NEXT_NEED + category)
    first = float(MONTH_DAYS - (age + EXPECTING_DAYS) % MONTH_DAYS)
    wait = occasion_wait(first, world.use_per_day[category, parent.feeding], month, u)
    return day + 1 + int(min(wait, float(FURTHEST_NEED_DAYS)))
