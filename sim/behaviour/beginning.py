"""A family begins: an expecting household with no history with the operator."""

from sim.behaviour.drift import rest
from sim.behaviour.ordering import cover_today
from sim.behaviour.stock import first_use_day, next_occasion
from sim.compilation.compiled import compiled, entry_point
from sim.world.births import pregnancy_days
from sim.world.catalogue import age_month
from sim.world.draws import HOUSEHOLD, NEXT_NEED, uniform
from sim.world.household import NEVER
from sim.world.market_path import family_follows
from sim.world.protocols import Parent, Records
from sim.world.records import copy_fields
from sim.world.state import World
from sim.world.synthesis import found_family


@compiled
def begin_life(parent: Parent, place: int, world: World, day: int, family: int) -> None:
    """The next family of a place arrives, expecting a child; none, if births fall short of it."""
    market = world.calendar[day - world.first_day]
    parent.birth_day = day + pregnancy_days(
        place, family, world.seed, market.day_of_year, world.demography
    )
    found_family(parent, family, place, world.seed, world.demography, world.region)
    begin_without_history(parent, place, world, day)
    refilled = market.places_refilled * world.today[0].births
    if not family_follows(place, family, world.seed, refilled):
        leave_empty(parent)


@compiled
def leave_empty(parent: Parent) -> None:
    """Nobody moves in: no child, no need, and nothing to wake for."""
    parent.birth_day = NEVER
    for category in range(len(parent.covered_until)):
        parent.covered_until[category] = NEVER


@compiled
def begin_without_history(parent: Parent, place: int, world: World, day: int) -> None:
    """Feelings, holdings and ties of a household that has never met the operator."""
    forget_dealings(parent, day)
    parent.privacy_worry = parent.privacy_concern
    parent.held_out = 0
    parent.trust = world.behaviour.believe.prior_trust
    parent.trust_weight = world.behaviour.believe.prior_weight
    parent.satisfaction = parent.trust
    parent.engagement = rest(parent, world, day)
    parent.fatigue = world.pressure[0, day - world.first_day]
    talk = world.behaviour.talk
    known = talk.earlier_child_efficacy if parent.later_child > 0 else 0.0
    parent.self_efficacy = known + (1.0 - known) * talk.efficacy_start
    parent.reference_price = 1.0
    for store in range(len(parent.habit)):
        parent.habit[store] = 0.0 if store < 2 else 1.0 / 3.0
    for category in range(len(parent.covered_until)):
        parent.covered_until[category] = first_need(parent, place, world, day, category)


@compiled
def first_need(parent: Parent, place: int, world: World, day: int, category: int) -> int:
    """Day a category is first needed; stock in use is at a random point of its usual cover."""
    age = day - parent.birth_day
    month = age_month(age)
    if world.category[category].by_stock == 0:
        return next_occasion(parent, place, world, day, category, month, age)
    uses = world.use_per_day[category, parent.feeding]
    if uses[month] > 0.0:
        u = uniform(world.seed, HOUSEHOLD, place, day, NEXT_NEED + category)
        return day + 1 + int(u * cover_today(parent, place, world, day))
    return first_use_day(parent, uses, month)


@compiled
def forget_dealings(parent: Parent, day: int) -> None:
    """No orders, points, groups or messages yet."""
    parent.points_new = parent.points_old = 0
    parent.points_expire_day = NEVER
    parent.tier = parent.tier_spending_fen = 0
    parent.coupon_percent = parent.coupon_line = 0
    parent.coupon_until = parent.reminder_day = -NEVER
    parent.group = -1
    parent.group_since = parent.group_left_day = parent.private_since = -NEVER
    parent.in_private_domain = parent.subscribed = parent.loyalty_member = parent.consent = 0
    parent.spending_fen = parent.orders = parent.posts = parent.won_by = 0
    parent.first_order_day = NEVER
    parent.last_order_day = parent.previous_order_day = -NEVER
    parent.last_look_day = parent.last_met_day = parent.last_reaction_day = -NEVER
    parent.felt_day = day
    parent.try_again_day = -NEVER
    parent.arrival_day = parent.arrival_expected_day = NEVER
    parent.avoids_until = -NEVER


@entry_point
def begin_population(households: Records[Parent], parent: Parent, world: World, day: int) -> None:
    """The first families, who are at all ages, begin without a history with the operator."""
    for place in range(len(households)):
        copy_fields(households[place], parent)
        begin_without_history(parent, place, world, day)
        copy_fields(parent, households[place])
