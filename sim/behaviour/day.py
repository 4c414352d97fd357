"""A parent's day, from waking to planning the next: the table of contents of behaviour.

The same source runs compiled over the population and, as its plain twin, one Mesa agent at a
time. `parent` is a wide record (or any object with its fields), `event` and `counters` are buffers
into which the day is written down.
"""

from sim.behaviour.beginning import begin_life
from sim.behaviour.believe import hear
from sim.behaviour.consent import concern_after_contact, concern_after_news
from sim.behaviour.drift import drift, parent_audience
from sim.behaviour.judge import (
    defect_chance,
    exit_chance,
    experience,
    forgive_chance,
    return_chance,
    satisfaction_after,
    satisfaction_recovered,
)
from sim.behaviour.look import Parameters as LookParameters
from sim.behaviour.look import (
    attention,
    call_chance,
    offer_noticed,
    talk_noticed,
    visits_per_day,
)
from sim.behaviour.need import is_needed
from sim.behaviour.ordering import (
    BY_DEAL,
    BY_FESTIVAL,
    BY_LIVESTREAM,
    BY_MESSAGE,
    BY_POST,
    answer_consent,
)
from sim.behaviour.rewards import enrol_chance, fee_chance, year_of_orders
from sim.behaviour.shopping import (
    go_shopping,
    hear_others,
    puts_name_down,
    see_deal,
    take_what_is_due,
)
from sim.behaviour.stay import (
    DISTRUST,
    GRADUATED,
    PRIVACY,
    STAYS,
    draw_of_leaving,
    reason_to_leave,
    reason_to_unfollow,
    reason_to_unsubscribe,
)
from sim.behaviour.stock import lead_today, outgrow, runs_short_soon, soonest_need
from sim.behaviour.talk import (
    invite_chance,
    land_chance,
    opinion_of,
    review_chance,
    sell_chance,
)
from sim.behaviour.visiting import (
    answer_invitation,
    come_to_event,
    have_consultation,
    read_proof,
    visit,
)
from sim.behaviour.weighing import PRIVATE_STORE, PUBLIC_STORE, cut_in_hand, heed_of_call
from sim.compilation.compiled import compiled
from sim.world.communities import ANY
from sim.world.draws import (
    COMPLAIN,
    DEFECT,
    ENROL,
    EXIT,
    FOLLOW,
    FOLLOW_CALL,
    FOLLOW_LETTER,
    FORGIVE,
    HOUSEHOLD,
    IMPULSE,
    INVITE,
    LAND,
    LEAVE,
    LIVESTREAM,
    MESSAGE_OFFER,
    NOTICE,
    NOTICE_TALK,
    OWN_DEAL,
    PAY_FEE,
    POST_OFFER,
    READ_PROOF,
    RESOLVED,
    REVIEW,
    SAMPLE_DEFECT,
    SELL,
    SEND_BACK,
    SHOP_ON_CALL,
    SHOP_ON_VISIT,
    TRY_SAMPLE,
    UNFOLLOW,
    UNSUBSCRIBE,
    uniform,
)
from sim.world.events import CHAT_TO_SHOP, READ_CHAT
from sim.world.household import (
    GRADUATION_DAYS,
    NEVER,
    SINCE_1990,
    stage_of,
)
from sim.world.protocols import Counters, EventRecord, Inbox, Parent, Today, WakeSchedule
from sim.world.state import World

ASLEEP, CALLED, VISITING, CLICKING, MESSAGED = range(5)


@compiled
def waking(wake_schedule: WakeSchedule, u: float, today: Today, day: int, p: LookParameters) -> int:
    """Why a household wakes: ASLEEP, CALLED by its schedule, VISITING, CLICKING a deal, MESSAGED.

    One draw `u` decides whether it looks today; the lower end of it goes to public deals, the
    next part to visits, the next to messages that are opened, so that more of one never takes
    from another.
    """
    clicks = today.deal_visits_per_day[wake_schedule.audience]
    visits = wake_schedule.looks_per_day * today.prompt[wake_schedule.audience]
    if u < clicks:
        return CLICKING
    if u < clicks + visits:
        return VISITING
    if u < clicks + visits + p.click_through * today.broadcasts[wake_schedule.audience]:
        return MESSAGED
    return CALLED if wake_schedule.wake_day <= day else ASLEEP


@compiled
def live_one_day(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    woken_by: int,
    inbox: Inbox,
    event: EventRecord,
    counters: Counters,
) -> None:
    """One day of one household: everyone has read yesterday's community; now each acts."""
    if day >= parent.birth_day + GRADUATION_DAYS:
        graduate(parent, place, world, day, event)
        return
    reached = parent.in_private_domain + parent.subscribed > 0
    # Feelings of whoever is reached are brought up to date, and staying is weighed, on waking.
    days = float(day - parent.felt_day) if reached else 0.0
    if reached or parent.loyalty_member > 0:
        drift(parent, world, day)
    lived = lived_with(parent, world, day, days)
    count_points(parent, day, inbox, event)
    take_contacts(parent, world, day, inbox)
    receive_order(parent, place, world, day, inbox, event)
    try_sample(parent, place, world, day, inbox)
    take_recovery(parent, place, world, day, inbox)
    hear_news(parent, world, inbox)
    hear_of_own_data(parent, place, world, day, inbox, event)
    take_what_is_due(parent, place, world, day, own_store(parent), inbox, event, counters)
    worth = 1.0
    followed = woken_by == MESSAGED and follows_message(parent, place, world, day)
    inbox.followed = 1.0 if followed else 0.0
    visited = woken_by == VISITING or followed
    if not visited and woken_by != CLICKING:
        visited = follows_letter(parent, place, world, day, inbox)
    called = follows_call(parent, place, world, day, inbox)
    if visited:
        worth = visit(parent, place, world, day, inbox, event, counters)
        watch_livestream(parent, place, world, day, inbox, event, counters)
        see_own_deal(parent, place, world, day, inbox, event, counters)
        if followed:
            see_offer_of_message(parent, place, world, day, inbox, event, counters)
        see_offer_of_post(parent, place, world, day, inbox, event, counters)
        shop_on_visit(parent, place, world, day, followed, inbox, event)
    elif woken_by == CLICKING:
        click_deal(parent, place, world, day, inbox, event, counters)
    if called and not visited:
        see_own_deal(parent, place, world, day, inbox, event, counters)
    if visited or called:
        inbox.pledged = 1.0 if puts_name_down(parent, place, world, day, inbox) else 0.0
    come_to_event(parent, place, world, day, inbox)
    if event.store < 0 and day >= parent.try_again_day:
        outgrow(parent, world, day)
        if is_needed(float(soonest_need(parent, world) - day), lead_today(world, inbox)):
            go_shopping(parent, place, world, day, inbox, event, counters)
    have_consultation(parent, place, world, day, inbox, event)
    consider_joining(parent, place, world, day, visited, inbox, event)
    consider_inviting(parent, place, world, day, inbox, event)
    consider_selling(parent, place, world, visited, inbox, event)
    consider_leaving(parent, place, world, day, worth, lived, inbox, event)


@compiled
def lived_with(
    parent: Parent, world: World, day: int, days: float
) -> tuple[float, float, float, float, float, float]:
    """What spoke for leaving in the days since staying was last weighed.

    What today adds counts from today on: it is weighed the next time.

    Returns
    -------
    days, burden, concern_above_tolerance, silent, outgrown, trust
        As `stay.reason_to_leave` takes them.
    """
    silent = outgrown = 0.0
    if parent.group >= 0:
        group = world.groups[parent.group]
        silent = min(max(float(day - group.silent_day), 0.0), days) / max(days, 1.0)
        fits = group.stage == ANY or group.stage == stage_of(day - parent.birth_day)
        outgrown = 0.0 if fits else 1.0
    burden = parent.fatigue / world.behaviour.look.fatigue_tolerance
    concern = parent.privacy_concern - parent.privacy_tolerance
    return days, burden, concern, silent, outgrown, parent.trust


@compiled
def count_points(parent: Parent, day: int, inbox: Inbox, event: EventRecord) -> None:
    """At the anniversary of enrolment old points expire, and the tier is earned anew."""
    while day >= parent.points_expire_day:
        event.points_expired += parent.points_old
        parent.points_old = parent.points_new
        parent.points_new = 0
        parent.points_expire_day += 365
        if inbox.tier_kept <= 0.0:
            parent.tier = max(parent.tier - 1, 0)
        parent.tier_spending_fen = 0


@compiled
def receive_order(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> None:
    """Judge an order that has arrived; send it back, or complain about a defect, perhaps."""
    if day < parent.arrival_day:
        return
    p = world.behaviour.judge
    today = world.today[0]
    late = float(parent.arrival_day - parent.arrival_expected_day)
    parent.arrival_day = NEVER
    u = uniform(world.seed, HOUSEHOLD, place, day, DEFECT)
    defect = 1.0 if u < defect_chance(today.defect_share, inbox.explained, p) else 0.0
    ticket = solved = wait = 0.0
    sends_back = returns(parent, place, world, day, defect, inbox)
    complains = uniform(world.seed, HOUSEHOLD, place, day, COMPLAIN) < p.complaint_chance
    if defect > 0.0 and sends_back:
        ticket = solved = 1.0  # made good at once, and nobody waits at a desk
    elif defect > 0.0 and complains:
        ticket = 1.0
        wait = today.wait_minutes
        u = uniform(world.seed, HOUSEHOLD, place, day, RESOLVED)
        solved = 1.0 if u < today.first_contact_resolution else 0.0
        event.ticket = 1 if solved > 0.0 else 2
        event.wait_minutes = wait
    event.defect = int(defect)
    lived = experience(late, defect, ticket, solved, wait, p)
    parent.satisfaction = satisfaction_after(parent.satisfaction, lived, parent.trust, p)
    hear(parent, lived, world.behaviour.believe.own_weight, world.behaviour.believe)
    if defect == 0.0:  # of what came defective no proof is believed
        read_proof(parent, place, world, day, inbox.proof, READ_PROOF, inbox)
    else:
        consider_exit(parent, place, world, day, ticket, solved, event)
    write_review(parent, place, world, day, event)


@compiled
def returns(
    parent: Parent, place: int, world: World, day: int, defect: float, inbox: Inbox
) -> bool:
    """Whether an order that has arrived is sent back, where that is free."""
    if inbox.free_return <= 0.0:
        return False
    chance = return_chance(inbox.free_return, defect, world.behaviour.judge)
    back = uniform(world.seed, HOUSEHOLD, place, day, SEND_BACK) < chance
    inbox.sent_back = 1.0 if back else 0.0
    return back


@compiled
def consider_exit(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    ticket: float,
    solved: float,
    event: EventRecord,
) -> None:
    """After a failure, turn away from the operator for a long while, perhaps."""
    p = world.behaviour.judge
    loyalty = parent.habit[PRIVATE_STORE] + parent.habit[PUBLIC_STORE]
    if uniform(world.seed, HOUSEHOLD, place, day, EXIT) < exit_chance(ticket, solved, loyalty, p):
        event.exited = 1
        parent.avoids_until = min(day + p.avoid_days, NEVER)
        if parent.in_private_domain > 0:
            leave_private_domain(parent, day, DISTRUST, event)
        if parent.subscribed > 0:
            stop_messages(parent, DISTRUST, event)


@compiled
def take_recovery(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Be called about a complaint, and made good: who had turned away forgives, perhaps."""
    if inbox.recovery <= 0.0:
        return
    p = world.behaviour.judge
    parent.satisfaction = satisfaction_recovered(parent.satisfaction, inbox.recovery, p)
    if parent.avoids_until <= day + 1:
        return  # it has not turned away; an empty shelf is forgotten by tomorrow
    if uniform(world.seed, HOUSEHOLD, place, day, FORGIVE) < forgive_chance(inbox.recovery, p):
        inbox.forgives = 1.0
        parent.avoids_until = day


@compiled
def write_review(parent: Parent, place: int, world: World, day: int, event: EventRecord) -> None:
    """Tell in public of what was bought, perhaps; the most and the least satisfied tell most."""
    chance = review_chance(parent.satisfaction, world.behaviour.talk)
    if uniform(world.seed, HOUSEHOLD, place, day, REVIEW) < chance:
        event.reviewed = 1
    if event.reviewed > 0 or event.defect > 0:
        event.opinion = opinion_of(parent.satisfaction)


@compiled
def try_sample(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> None:
    """Try a sample that has come, perhaps: own experience with the operator, in small."""
    p, believe = world.behaviour.judge, world.behaviour.believe
    if inbox.sample <= 0.0:
        return
    if uniform(world.seed, HOUSEHOLD, place, day, TRY_SAMPLE) >= p.sample_tried:
        return
    u = uniform(world.seed, HOUSEHOLD, place, day, SAMPLE_DEFECT)
    defect = 1.0 if u < world.today[0].defect_share else 0.0
    lived = experience(0.0, defect, 0.0, 0.0, 0.0, p)
    hear(parent, lived, believe.sample_share * believe.own_weight, believe)
    inbox.sample_liked = 1.0 - defect


@compiled
def hear_news(parent: Parent, world: World, inbox: Inbox) -> None:
    """Take in what friends or a chat tell of the operator."""
    if inbox.news_weight > 0.0:
        evidence = inbox.news_good / inbox.news_weight
        hear(parent, evidence, inbox.news_weight, world.behaviour.believe)


@compiled
def hear_of_own_data(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> None:
    """Take in what has become of one's data; answer anew what may be done with it, if asked."""
    if inbox.privacy_news > 0.0:
        drift(parent, world, day)
        parent.privacy_concern = concern_after_news(parent.privacy_concern, inbox.privacy_news)
    if inbox.asked_anew > 0.0 and parent.consent > 0:
        answer_consent(parent, place, world, day)
        event.consent_withdrawn = 1 if parent.consent == 0 else 0


@compiled
def own_store(parent: Parent) -> int:
    """The operator's channel at which a household meets its deals."""
    return PRIVATE_STORE if parent.in_private_domain > 0 else PUBLIC_STORE


@compiled
def watch_livestream(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    inbox: Inbox,
    event: EventRecord,
    counters: Counters,
) -> None:
    """Meet a livestream on a visit, perhaps: an expert who hosts it is believed; be tempted."""
    if inbox.livestream <= 0.0:
        return
    chance = inbox.livestream * parent.engagement
    if uniform(world.seed, HOUSEHOLD, place, day, LIVESTREAM) < chance:
        event.livestream = 1
        if inbox.host_expertise > 0.0:
            p = world.behaviour.believe
            pieces = p.stream_pieces * inbox.host_expertise
            hear(parent, p.expert_evidence, p.expert_weight * pieces, p)
        store = own_store(parent)
        cut = inbox.livestream_cut
        drawn, luck = parent.engagement, IMPULSE
        see_deal(
            parent,
            place,
            world,
            day,
            BY_LIVESTREAM,
            store,
            cut,
            drawn,
            luck,
            inbox,
            event,
            counters,
        )


@compiled
def click_deal(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    inbox: Inbox,
    event: EventRecord,
    counters: Counters,
) -> None:
    """Follow a public advertisement or a festival's deal."""
    counters.deal_visits += 1
    event.clicked = 1
    parent.last_met_day = day
    today = world.today[0]
    cause = BY_FESTIVAL if today.festival > 0.0 else BY_DEAL
    cut, luck = today.deal_cut, IMPULSE
    see_deal(parent, place, world, day, cause, PUBLIC_STORE, cut, 0.0, luck, inbox, event, counters)


@compiled
def see_own_deal(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    inbox: Inbox,
    event: EventRecord,
    counters: Counters,
) -> None:
    """Find, on a visit or at a friend's call, a deal that a lever has put before this household.

    Whoever shops with it in hand need not be tempted by it.
    """
    if inbox.own_deal_cut <= 0.0 or cut_in_hand(inbox) > 0.0:
        return
    store = own_store(parent)
    cause, cut, luck = int(inbox.own_deal_cause), inbox.own_deal_cut, OWN_DEAL
    see_deal(parent, place, world, day, cause, store, cut, 0.0, luck, inbox, event, counters)


@compiled
def follows_message(parent: Parent, place: int, world: World, day: int) -> bool:
    """Whether a message that was opened leads to a visit: the tired have no attention left."""
    u = uniform(world.seed, HOUSEHOLD, place, day, FOLLOW)
    return u < attention(parent.fatigue, world.behaviour.look)


@compiled
def follows_letter(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> bool:
    """Whether a personal message leads to a visit: opened as any message is, and not by the tired.

    Whoever visits anyway, or follows a public deal, needs no letter.
    """
    if inbox.letter <= 0.0:
        return False
    p = world.behaviour.look
    u = uniform(world.seed, HOUSEHOLD, place, day, FOLLOW_LETTER)
    follows = u < inbox.letter * p.click_through * attention(parent.fatigue, p)
    inbox.letter_followed = 1.0 if follows else 0.0
    return follows


@compiled
def follows_call(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> bool:
    """Whether friends who call bring it to look, and to hear them: a stranger may look too."""
    if inbox.friend_call <= 0.0 or day < parent.avoids_until:
        return False
    drift(parent, world, day)
    outgrow(parent, world, day)
    u = uniform(world.seed, HOUSEHOLD, place, day, FOLLOW_CALL)
    heed = heed_of_call(world, inbox)
    needed = 1.0 if runs_short_soon(parent, world, day) else 0.0
    look = world.behaviour.look
    follows = u < call_chance(inbox.friend_call, heed, needed, parent.fatigue, look)
    if follows:
        hear_others(parent, world, place, day, inbox)
        inbox.call_followed = 1.0
        parent.last_met_day = day
        if takes_deal_shopping(parent, place, world, day, inbox):
            inbox.prompted = 1.0
    return follows


@compiled
def takes_deal_shopping(parent: Parent, place: int, world: World, day: int, inbox: Inbox) -> bool:
    """Whether who follows a call to a deal shops with it in hand for what runs short soon.

    Whoever needs nothing, or has just decided to wait, looks at the deal for its own sake.
    """
    if inbox.own_deal_cut <= 0.0 or day < parent.try_again_day:
        return False
    u = uniform(world.seed, HOUSEHOLD, place, day, SHOP_ON_CALL)
    return runs_short_soon(parent, world, day) and u < world.behaviour.look.shops_on_call


@compiled
def see_offer_of_message(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    inbox: Inbox,
    event: EventRecord,
    counters: Counters,
) -> None:
    """Look at what the message that was followed offers."""
    cut = world.today[0].message_offer_cut
    if cut > 0.0:
        store = own_store(parent)
        cause, luck = BY_MESSAGE, MESSAGE_OFFER
        see_deal(parent, place, world, day, cause, store, cut, 0.0, luck, inbox, event, counters)


@compiled
def see_offer_of_post(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    inbox: Inbox,
    event: EventRecord,
    counters: Counters,
) -> None:
    """Notice, among the promotional posts that were read, an offer, perhaps."""
    cut = world.today[0].post_offer_cut
    if cut <= 0.0 or inbox.promotions_read <= 0.0:
        return
    noticed = offer_noticed(inbox.promotions_read, world.behaviour.look)
    if uniform(world.seed, HOUSEHOLD, place, day, NOTICE) < noticed:
        go_to_shop(event)
        store = own_store(parent)
        cause, luck = BY_POST, POST_OFFER
        see_deal(parent, place, world, day, cause, store, cut, 0.0, luck, inbox, event, counters)


@compiled
def shop_on_visit(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    followed: bool,
    inbox: Inbox,
    event: EventRecord,
) -> None:
    """Shop there, perhaps, if something is short soon; a message that was followed calls to it.

    So does what members write of what they use, to whoever has the motive: who runs short soon.
    """
    p = world.behaviour.look
    u = uniform(world.seed, HOUSEHOLD, place, day, SHOP_ON_VISIT)
    shops = followed or u < p.shops_on_visit
    told = talk_noticed(inbox.talk_read, p)
    if not shops and told > 0.0 and runs_short_soon(parent, world, day):
        shops = uniform(world.seed, HOUSEHOLD, place, day, NOTICE_TALK) < told
    if shops:
        inbox.prompted = 1.0
        go_to_shop(event)


@compiled
def go_to_shop(event: EventRecord) -> None:
    """Go on from the chat, if one was read, to the shop: to buy, or to look at an offer."""
    if event.from_chat == READ_CHAT:
        event.from_chat = CHAT_TO_SHOP


@compiled
def take_contacts(parent: Parent, world: World, day: int, inbox: Inbox) -> None:
    """Take this morning's coupon in hand; contacts tire, and remind one that records are kept."""
    if inbox.personal_messages > 0.0:
        parent.fatigue += world.behaviour.look.message_fatigue * inbox.personal_messages
        parent.privacy_concern = concern_after_contact(
            parent.privacy_concern, world.today[0].intrusion_ratio, world.behaviour.consent
        )
    held = parent.coupon_percent if parent.coupon_until >= day else 0
    until = day + int(inbox.coupon_days)
    longer = inbox.coupon_percent == held and until > parent.coupon_until
    if inbox.coupon_percent > 0.0 and (inbox.coupon_percent > held or longer):
        parent.coupon_percent = int(inbox.coupon_percent)
        parent.coupon_until = until
        parent.coupon_line = int(inbox.coupon_line)


@compiled
def consider_joining(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    visited: bool,
    inbox: Inbox,
    event: EventRecord,
) -> None:
    """Enrol in the points programme, pay for membership, enter the private domain, join a chat."""
    ordered = 0 <= event.store <= PUBLIC_STORE
    if ordered and parent.loyalty_member == 0 and inbox.enrolment > 0.0:
        younger = 1.0 if parent.cohort >= SINCE_1990 else 0.0
        chance = inbox.enrolment * enrol_chance(younger, world.behaviour.rewards)
        if uniform(world.seed, HOUSEHOLD, place, day, ENROL) < chance:
            parent.loyalty_member = 1
            parent.points_expire_day = day + 365
            event.enrolled = 1
    if ordered and inbox.fee_yuan > 0.0:
        consider_fee(parent, place, world, day, inbox, event)
    if ordered and parent.in_private_domain == 0 and inbox.landing > 0.0:
        chance = inbox.landing * land_chance(
            parent.trust,
            parent.sociability,
            parent.operator_taste,
            inbox.landing_appeal,
            world.behaviour.talk,
        )
        # A first wish lasts: who has declined a hook declines the next unless something moved.
        never_in = parent.private_since == -NEVER
        u = uniform(world.seed, HOUSEHOLD, place, parent.family if never_in else day, LAND)
        if u < chance:
            enter_private_domain(parent, place, world, day, event)
    if parent.in_private_domain > 0 and (ordered or visited):
        answer_invitation(parent, place, world, day, inbox, event)


@compiled
def consider_fee(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> None:
    """Pay for a year's membership, perhaps; a first wish lasts unless saving or trust moved."""
    p = world.behaviour.rewards
    days = float(day - parent.first_order_day)
    saving = inbox.fee_cut * year_of_orders(parent.spending_fen / 100.0, days, p)
    chance = fee_chance(saving, inbox.fee_yuan, parent.trust, p)
    if uniform(world.seed, HOUSEHOLD, place, parent.family, PAY_FEE) < chance:
        event.paid_fee = 1


@compiled
def consider_inviting(
    parent: Parent, place: int, world: World, day: int, inbox: Inbox, event: EventRecord
) -> None:
    """Invite a friend, perhaps, if one may: told so along with an order, or by a message."""
    if inbox.may_invite <= 0.0:
        return
    p = world.behaviour.talk
    ordered = 0 <= event.store <= PUBLIC_STORE
    told = inbox.may_invite * (1.0 if ordered else p.invite_reminded * inbox.asked_to_invite)
    chance = told * invite_chance(
        parent.satisfaction,
        parent.trust,
        parent.sociability,
        inbox.invite_reward,
        inbox.came_by_friend,
        inbox.told_of_friend,
        p,
    )
    if uniform(world.seed, HOUSEHOLD, place, day, INVITE) < chance:
        inbox.invites = 1.0


@compiled
def consider_selling(
    parent: Parent, place: int, world: World, visited: bool, inbox: Inbox, event: EventRecord
) -> None:
    """Sell on to friends, perhaps, if one may: a first wish lasts unless pay or trust moved."""
    ordered = 0 <= event.store <= PUBLIC_STORE
    if inbox.may_sell <= 0.0 or not (ordered or visited):
        return
    chance = inbox.may_sell * sell_chance(
        inbox.sell_commission,
        inbox.sell_bonus,
        parent.price_sensitivity,
        parent.trust,
        parent.sociability,
        world.behaviour.talk,
    )
    if uniform(world.seed, HOUSEHOLD, place, parent.family, SELL) < chance:
        inbox.sells = 1.0


@compiled
def enter_private_domain(
    parent: Parent, place: int, world: World, day: int, event: EventRecord
) -> None:
    """Follow the hook, and answer what may be done with one's data."""
    parent.in_private_domain = 1
    parent.subscribed = 1
    parent.private_since = day
    event.entered_private_domain = 1
    answer_consent(parent, place, world, day)


@compiled
def consider_leaving(
    parent: Parent,
    place: int,
    world: World,
    day: int,
    worth: float,
    lived: tuple[float, float, float, float, float, float],
    inbox: Inbox,
    event: EventRecord,
) -> None:
    """Leave the chat, the private domain, the messages: each for the reason its own rule gives.

    Customers who get messages without being in the private domain can stop them too.
    """
    p = world.behaviour.stay
    days, burden, concern, silent, outgrown, trust = lived
    if parent.group >= 0:
        u = draw_of_leaving(uniform(world.seed, HOUSEHOLD, place, day, LEAVE), inbox.honour, p)
        reason = reason_to_leave(u, worth, days, burden, concern, silent, outgrown, trust, p)
        if reason != STAYS:
            leave_chat(parent, day, reason, event)
    if parent.in_private_domain > 0 and event.entered_private_domain == 0:
        u = uniform(world.seed, HOUSEHOLD, place, day, UNFOLLOW)
        reason = reason_to_unfollow(u, days, concern, trust, p)
        if reason != STAYS:
            leave_private_domain(parent, day, reason, event)
    if parent.subscribed > 0:
        u = uniform(world.seed, HOUSEHOLD, place, day, UNSUBSCRIBE)
        backlog = world.pressure[:, day - world.first_day]
        own = own_messages(backlog[parent_audience(parent)], backlog[0])
        reason = reason_to_unsubscribe(u, days, burden, own, concern, trust, p)
        if reason != STAYS:
            stop_messages(parent, reason, event)


@compiled
def own_messages(all_senders: float, rivals: float) -> float:
    """The operator's among the messages of all senders that are not yet digested."""
    return max(all_senders - rivals, 0.0)


@compiled
def leave_chat(parent: Parent, day: int, reason: int, event: EventRecord) -> None:
    """The chat ends; the private domain and its messages do not."""
    event.left_group = reason
    parent.group_left_day = day
    parent.group = -1


@compiled
def leave_private_domain(parent: Parent, day: int, reason: int, event: EventRecord) -> None:
    """The private domain ends, and a chat with it, which lies inside; messages may go on."""
    if parent.group >= 0:
        leave_chat(parent, day, reason, event)
    event.left_private = reason
    parent.in_private_domain = 0
    if reason == PRIVACY:
        withdraw_consent(parent, event)


@compiled
def stop_messages(parent: Parent, reason: int, event: EventRecord) -> None:
    """The operator's messages end; the private domain and the chat do not."""
    event.unsubscribed = reason
    parent.subscribed = 0
    if reason == PRIVACY:
        withdraw_consent(parent, event)


@compiled
def withdraw_consent(parent: Parent, event: EventRecord) -> None:
    """Whoever goes over privacy takes the consent back."""
    event.consent_withdrawn = 1
    parent.consent = 0


@compiled
def graduate(parent: Parent, place: int, world: World, day: int, event: EventRecord) -> None:
    """The child turns six: the family leaves, a newly expecting one takes its place."""
    event.graduated = 1
    event.was_customer = 1 if parent.orders > 0 else 0
    event.points_expired = parent.points_new + parent.points_old
    if parent.group >= 0:
        event.left_group = GRADUATED
    begin_life(parent, place, world, day, parent.family + 1)


@compiled
def set_wake_schedule(parent: Parent, wake_schedule: WakeSchedule, world: World, day: int) -> None:
    """When to wake next, whom messages reach, how often to look; then sleep."""
    need = world.behaviour.need
    shop = max(soonest_need(parent, world) - int(need.lead_days), parent.try_again_day)
    festival = world.calendar[day - world.first_day].next_festival_day
    if shop - need.festival_days <= festival < shop:
        shop = festival  # worth waking for: what is needed soon is bought then
    wake = min(shop, parent.arrival_day)
    wake = min(wake, parent.birth_day + GRADUATION_DAYS)
    if parent.reminder_day > day:
        wake = min(wake, parent.reminder_day)
    if parent.loyalty_member > 0:
        wake = min(wake, parent.points_expire_day)
    wake_schedule.wake_day = min(max(wake, day + 1), NEVER)
    wake_schedule.audience = parent_audience(parent)
    reached = parent.in_private_domain > 0 or parent.subscribed > 0
    visits = 0.0
    if reached:
        visits = visits_per_day(parent.engagement, parent.fatigue, world.behaviour.look)
        if parent.in_private_domain == 0:
            visits *= world.behaviour.look.public_visit_share
    wake_schedule.looks_per_day = visits
