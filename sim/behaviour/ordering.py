"""An order: what goes into the basket, what is paid for it, and what it leaves behind."""

from sim.behaviour.basket import cross_sell_chance, upgrade
from sim.behaviour.believe import SPEAKS_AGAINST, hear
from sim.behaviour.consent import concern_after_contact, concern_after_news, consent_given
from sim.behaviour.drift import drift
from sim.behaviour.need import cover_wanted, packs_wanted, usual_cover
from sim.behaviour.recommend import look_chance
from sim.behaviour.rewards import redeem_chance, weight_of_opaque_rules
from sim.behaviour.stock import lead_today
from sim.behaviour.talk import opinion_of
from sim.behaviour.weighing import (
    PLATFORM,
    PUBLIC_STORE,
    coupon_cut,
    cut_on_trip,
    days_to_deliver,
    price_cut,
)
from sim.compilation.compiled import compiled
from sim.world.catalogue import age_month, days_of_stock
from sim.world.draws import (
    BUNDLE,
    CONSENT,
    CROSS_SELL,
    DELIVERY,
    FAMILY_COVER,
    HOUSEHOLD,
    LOOK_AT_RECOMMENDED,
    REDEEM,
    TOP_UP,
    TRIP_COVER,
    UNFILLED,
    uniform,
)
from sim.world.household import CATEGORIES, MOST_COUNTED, MOST_HELD, NEVER
from sim.world.portable_math import normal
from sim.world.protocols import EventRecord, Inbox, Parent
from sim.world.state import World

CLOTHING = CATEGORIES.index("clothing")  # fits every age
ANYTHING = -1  # every bit of categories
# Indices of CAUSES
BY_NEED, BY_DEAL, BY_LIVESTREAM, BY_REMINDER, BY_FESTIVAL, BY_MESSAGE, BY_POST = range(7)


@compiled
def fill_basket(
    parent: Parent, place: int, world: World, day: int, store: int, inbox: Inbox, event: EventRecord
) -> None:
    """Note how many packs of each category are bought, and how long they last."""
    p = world.behaviour.need
    if store <= PUBLIC_STORE:
        cut = cut_on_trip(parent, world, day, store, inbox)
    else:
        cut = float(world.calendar[day - world.first_day].rival_discount[store - PLATFORM])
    lead = lead_today(world, inbox)
    month = age_month(day - parent.birth_day)
    wanted = cover_wanted(cover_today(parent, place, world, day), cut, p.promotion_cover)
    tops_up = uniform(world.seed, HOUSEHOLD, place, day, TOP_UP) < p.top_up_share
    for c in range(len(event.packs)):
        left = parent.covered_until[c] - day
        if world.category[c].by_stock > 0:
            then = age_month(max(parent.covered_until[c], day) - parent.birth_day)
            use = world.use_per_day[c, parent.feeding, then] * parent.use_pace
            # At least what the trip was for, and some of what will be short soon.
            joins = left <= p.bundle_days + p.lead_days and not tops_up
            if joins and left > lead:
                joins = uniform(world.seed, HOUSEHOLD, place, day, BUNDLE + c) < p.bundle_share
            if (joins or left <= lead) and use > 0.0:
                units = world.category[c].pack_units
                packs = 1 if tops_up else packs_wanted(wanted - max(left, 0), units, use, p)
                event.packs[c] = packs
                event.days_bought[c] = days_of_stock(packs, world.category[c].pack_units, use)
        elif left <= lead:
            event.packs[c] = 1
    if store <= PUBLIC_STORE:
        add_item(parent, place, world, day, month, inbox, event)


@compiled
def cover_today(parent: Parent, place: int, world: World, day: int) -> float:
    """Days of cover the family buys on a trip today, prices apart."""
    of_family = normal(uniform(world.seed, HOUSEHOLD, place, parent.family, FAMILY_COVER))
    of_trip = normal(uniform(world.seed, HOUSEHOLD, place, day, TRIP_COVER))
    return usual_cover(of_family, of_trip, world.behaviour.need)


@compiled
def add_item(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    month: int,
    inbox: Inbox,
    event: EventRecord,
) -> None:
    """One more item than needed, perhaps: cross-selling.

    A recommendation that fits sells as fitting advice does. Whoever looks at what is recommended
    sees nothing else: what it takes along is of that, be it that it fits or not.
    """
    see_recommendation(parent, place, world, day, inbox)
    advice = max(min(inbox.stage_advice, 1.0), inbox.recommendation_fits)
    chance = cross_sell_chance(advice, world.behaviour.basket)
    u = uniform(world.seed, HOUSEHOLD, place, day, CROSS_SELL)
    if u < chance:
        among = ANYTHING
        if inbox.recommendation_seen > 0.0:
            among = int(inbox.recommended_categories)
            inbox.recommendation_taken = 1.0
        extra = appealing_category(parent, world, month, u / chance, among)
        event.packs[extra] += 1
        if world.category[extra].by_stock > 0:
            use = world.use_per_day[extra, parent.feeding, month] * parent.use_pace
            event.days_bought[extra] += days_of_stock(1, world.category[extra].pack_units, use)


@compiled
def see_recommendation(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Meet what is recommended, once a day: who is known feels it; look at it, perhaps."""
    if inbox.recommended_fit <= 0.0 or inbox.recommendation_met > 0.0:
        return
    inbox.recommendation_met = 1.0
    p = world.behaviour.recommend
    intrusion = world.today[0].intrusion_ratio * p.intrusion
    parent.privacy_concern = concern_after_contact(
        parent.privacy_concern, intrusion, world.behaviour.consent
    )
    looks = look_chance(inbox.recommended_worn, p)
    u = uniform(world.seed, HOUSEHOLD, place, day, LOOK_AT_RECOMMENDED)
    if u < looks:
        inbox.recommendation_seen = 1.0
        # The same draw, spread over those who look, says whether it fits.
        inbox.recommendation_fits = 1.0 if u / looks < inbox.recommended_fit else 0.0


@compiled
def appealing_category(parent: Parent, world: World, month: int, u: float, among: int) -> int:
    """A category drawn by its appeal as a deal among those that are shown and of use now.

    `among` has a bit for each category that is shown; if none of them is of use, all are.
    """
    total = total_appeal(parent, world, month, among)
    if total <= 0.0:
        among = ANYTHING
        total = total_appeal(parent, world, month, among)
    mark = u * total
    for c in range(len(world.category)):
        mark -= appeal_of(parent, world, month, c, among)
        if mark < 0.0:
            return c
    return CLOTHING


@compiled
def total_appeal(parent: Parent, world: World, month: int, among: int) -> float:
    """Appeal as deals of all categories that are shown and of use now."""
    total = 0.0
    for c in range(len(world.category)):
        total += appeal_of(parent, world, month, c, among)
    return total


@compiled
def appeal_of(parent: Parent, world: World, month: int, category: int, among: int) -> float:
    """Appeal of a category as a deal; 0 if it is not shown, or the child cannot use it now."""
    shown = (among >> category) & 1 > 0
    used = world.use_per_day[category, parent.feeding, month] > 0.0
    if shown and used and parent.covered_until[category] < NEVER:
        return float(world.category[category].deal_appeal)
    return 0.0


@compiled
def place_order(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    store: int,
    cause: int,
    inbox: Inbox,
    event: EventRecord,
) -> None:
    """Price the basket, use coupon and points, and send the order to the operator."""
    unfilled = 0.0
    list_fen = cost_fen = 0
    ratio = upgrade(parent.income, world.behaviour.basket)
    for c in range(len(event.packs)):
        if event.packs[c] > 0:
            category = world.category[c]
            unfilled = max(unfilled, world.today[0].unfilled[c])
            list_fen += event.packs[c] * int(category.price_fen * ratio)
            cost_fen += event.packs[c] * int(category.goods_cost_fen * ratio)
    event.cause = cause
    if uniform(world.seed, HOUSEHOLD, place, day, UNFILLED) < unfilled:
        event.unfilled = 1
        parent.try_again_day = day + 1
        # Switching the shop is one answer to an empty shelf (Sloot, Verhoef & Franses 2005); that
        # everybody tries other shops first, for a day, is assumed.
        parent.avoids_until = max(parent.avoids_until, parent.try_again_day + 1)
        return
    cut = price_cut(parent, world, day, store, inbox)
    deal = deal_cut(world, cause, inbox)
    due_fen = list_fen - int(list_fen * max(cut, deal))
    coupon = coupon_cut(parent, world, day, store)
    if coupon > 0.0 and cut > deal:
        event.coupon_fen = int(list_fen * coupon)
        parent.coupon_percent = 0
        parent.coupon_until = day  # from here on one waits for the next
    points = points_used(parent, place, world, day, due_fen, inbox)
    paid_fen = due_fen - int(points * inbox.yuan_per_point * 100.0)
    event.list_fen = list_fen
    event.goods_cost_fen = cost_fen
    event.points_redeemed = points
    if points > 0:
        meet_rules(parent, world, inbox)
    event.paid_fen = paid_fen
    book_order(parent, place, world, day, cause, paid_fen, inbox, event)


@compiled
def deal_cut(world: World, cause: int, inbox: Inbox) -> float:
    """Price cut of the deal that an order is made for, as a share; 0 if for none."""
    if cause == BY_DEAL or cause == BY_FESTIVAL:
        return float(world.today[0].deal_cut)
    if cause == BY_MESSAGE:
        return float(world.today[0].message_offer_cut)
    if cause == BY_POST:
        return float(world.today[0].post_offer_cut)
    if cause > BY_POST:
        own = inbox.own_deal_cut if cause == inbox.own_deal_cause else 0.0
        due = inbox.due_cut if cause == inbox.due_cause else 0.0
        return float(max(own, due))
    return float(inbox.livestream_cut) if cause == BY_LIVESTREAM else 0.0


@compiled
def points_used(
    parent: Parent, place: int, world: World, day: int, due_fen: int, inbox: Inbox
) -> int:
    """Points a member pays with at this order."""
    held = parent.points_new + parent.points_old
    if parent.loyalty_member == 0 or inbox.yuan_per_point <= 0.0 or held < inbox.points_least:
        return 0
    p = world.behaviour.rewards
    soon = parent.points_expire_day - day < p.expiring_days
    expiring = 1.0 if parent.points_old > 0 and soon else 0.0
    chance = redeem_chance(expiring, p)
    if uniform(world.seed, HOUSEHOLD, place, day, REDEEM) >= chance:
        return 0
    payable = inbox.points_share * due_fen / (inbox.yuan_per_point * 100.0)
    used = int(min(float(held), payable))  # which may be endless, where a point is worth next to 0
    pay_points(parent, used)
    return used


@compiled
def meet_rules(parent: Parent, world: World, inbox: Inbox) -> None:
    """Find, on paying with points, that nobody can tell what they buy: that is felt as unfair."""
    weight = weight_of_opaque_rules(inbox.points_clarity, world.behaviour.rewards)
    if weight > 0.0:
        hear(parent, SPEAKS_AGAINST, weight, world.behaviour.believe)


@compiled
def pay_points(parent: Parent, points: int) -> None:
    """Part with points; old ones go first."""
    from_old = min(points, parent.points_old)
    parent.points_old -= from_old
    parent.points_new -= points - from_old


@compiled
def answer_consent(parent: Parent, place: int, world: World, day: int) -> None:
    """Say what may be done with one's data: at the first order, and in the private domain."""
    u = uniform(world.seed, HOUSEHOLD, place, day, CONSENT)
    today = world.today[0]
    concern = concern_after_news(parent.privacy_concern, today.plain_asking)
    parent.consent = consent_given(
        u,
        parent.trust,
        concern,
        today.service_asking,
        today.personal_asking,
        today.personal_asked,
        world.behaviour.consent,
    )


@compiled
def book_order(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    cause: int,
    paid_fen: int,
    inbox: Inbox,
    event: EventRecord,
) -> None:
    """What an order changes on the household's own record."""
    drift(parent, world, day)  # until now, with the messages of whom the household was to us
    if parent.loyalty_member > 0:
        room = MOST_HELD - parent.points_new - parent.points_old
        event.points_issued = min(int(paid_fen * inbox.points_per_yuan / 100.0), room)
        parent.points_new += event.points_issued
        parent.tier_spending_fen = min(parent.tier_spending_fen + paid_fen, MOST_HELD)
    if parent.orders > 0:
        event.opinion = opinion_of(parent.satisfaction)
    else:
        parent.first_order_day = day
        parent.subscribed = 1
        if parent.consent == 0:
            answer_consent(parent, place, world, day)
        event.first_order = 1
        parent.won_by = cause
    parent.previous_order_day = parent.last_order_day
    parent.last_order_day = day
    parent.orders = min(parent.orders + 1, MOST_COUNTED)
    parent.spending_fen += paid_fen
    paid_ratio = paid_fen / max(event.list_fen, 1)
    smoothing = world.behaviour.choose.reference_smoothing
    parent.reference_price += smoothing * (paid_ratio - parent.reference_price)
    promised = day + int(days_to_deliver(parent, world, inbox) + 0.5)
    u = uniform(world.seed, HOUSEHOLD, place, day, DELIVERY)
    late = int(world.today[0].late_days + u)
    if parent.arrival_day == NEVER:
        parent.arrival_expected_day = promised
        parent.arrival_day = promised + late
