"""What each lever costs where it is on: every line of the ledger, reckoned by hand."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviour.day import CALLED, CLICKING, MESSAGED, VISITING
from sim.engine.blocks import packed
from sim.operator.budget import monthly_cost_yuan
from sim.operator.combining import COMBINERS, PRODUCT
from sim.operator.hooks import LEVERS, NAMES, Running, book_running_costs, lever_records
from sim.operator.levers import community, koc
from sim.world.communities import ANY, empty_groups, found
from sim.world.draws import (
    ASK,
    CHECK_IN,
    CONSIDER,
    FOLLOW,
    IMPULSE,
    IMPULSE_WHAT,
    LAND,
    LIVESTREAM,
    MESSAGE_OFFER,
    NOTICE,
    POST_OFFER,
    REDEEM,
    SHOP_PRIVATE,
    SHOP_PUBLIC,
    named_purpose,
)
from sim.world.events import CAUSES
from sim.world.followers import followed
from sim.world.household import AUDIENCES, NEVER
from sim.world.kocs import empty_kocs
from sim.world.state import TODAY
from tests.scene import DAY, DIAPERS, UNLUCKY, Scene, small_model

SURE = 0.0


# -- whatever households do ----------------------------------------------------------------

# At full strength and pace, for 20,000 customers: yuan a day.
RUNS = {"community": Running(7, 0, 0), "koc": Running(0, 3, 0), "broadcast": Running(0, 0, 5_000)}
A_DAY: dict[str, tuple[dict[str, float], float]] = {
    # two fifths of 20,000 at 2,000 an advisor are 4 wages a month
    "advisors": ({"parents_per_advisor": 2000, "wage_yuan_per_month": 9000}, 4 * 9000 / 30),
    "broadcast": ({"yuan_per_message": 0.04}, 5_000 * 0.04),
    "check_in": ({"yuan_per_month": 6000}, 2 * 6000 / 30),  # per 10,000 customers
    "community": ({"yuan_per_group_month": 150}, 7 * 150 / 30),
    # the last of the designs, privacy_computing, is the one that costs
    "consent_design": (
        {"design": 3, "computing_yuan_per_customer_month": 0.5},
        20_000 * 0.5 / 30,
    ),
    # a week's pieces: 4 at 150 and 2 + 3 at 600 are 3,600; two desks of 10,000
    "content": (
        {
            "useful_per_week": 4,
            "yuan_per_useful": 150,
            "expert_per_week": 2,
            "group_expert_per_week": 3,
            "yuan_per_expert": 600,
        },
        3_600 * 2 / 7,
    ),
    "koc": ({"yuan_per_koc_month": 150}, 3 * 150 / 30),
    "livestream": ({"per_week": 3, "yuan_each": 2000}, 3 / 7 * 2000 * 2),
    "member_days": ({"yuan_per_month": 3000}, 2 * 3000 / 30),  # per 10,000 customers
    "paid_membership": ({"yuan_per_customer_month": 0.1}, 20_000 * 0.1 / 30),
    # 3 hosts, each of whom makes 7 pieces a week; two teams of 10,000 customers
    "personas": (
        {
            "new_hosts": 1,
            "experienced_hosts": 2,
            "shopping_hosts": 0,
            "how_to_per_week": 2,
            "story_per_week": 4,
            "expert_per_week": 1,
            "yuan_per_host_month": 1500,
            "yuan_per_piece": 50,
        },
        2 * 3 * (1500 / 30 + 7 / 7 * 50),
    ),
    "points": ({"yuan_per_member_month": 0.1}, 20_000 * 0.1 / 30),
    "prediction": ({"yuan_per_month": 3000}, 2 * 3000 / 30),  # per 10,000 customers
    # half of the customers are shown any
    "recommendation": (
        {"yuan_per_customer_month": 0.4, "coverage": 0.5},
        20_000 * 0.5 * 0.4 / 30,
    ),
    "service_desk": ({"yuan_per_customer_month": 0.8}, 20_000 * 0.8 / 30),
    "tiers": ({"yuan_per_customer_month": 0.3}, 20_000 * 0.3 / 30),
    # a report a month, in two laboratories of 10,000 customers
    "transparency": ({"reports_per_month": 1, "yuan_per_report": 3000}, 2 * 3000 / 30),
}


def running_costs(lever: str, strength: float, pace: float, **settings: float) -> dict[str, int]:
    operator = small_model().config.operator
    levers = lever_records(operator)
    for name in NAMES:
        levers[name].strength = levers[name].power = 0.0
    levers[lever].strength, levers[lever].power = strength, strength * pace
    for name, value in settings.items():
        levers[lever][name] = value
    fen = np.zeros(len(NAMES), np.int64)
    book_running_costs(levers, RUNS.get(lever, Running(0, 0, 0)), 20_000, pace, fen)
    return {name: int(fen[line]) for line, name in enumerate(NAMES) if fen[line]}


@pytest.mark.parametrize("lever", A_DAY)
def test_a_day_of_a_lever_that_households_do_not_drive(lever: str) -> None:
    settings, yuan = A_DAY[lever]
    booked = running_costs(lever, 1.0, 1.0, **settings)
    assert booked == {lever: pytest.approx(yuan * 100, abs=1)}


@pytest.mark.parametrize("lever", A_DAY)
def test_half_of_the_strength_at_half_of_the_pace(lever: str) -> None:
    settings, yuan = A_DAY[lever]
    # Messages and KOCs are as many as were sent and recruited, at whatever strength.
    part = 1.0 if lever in ("broadcast", "koc") else 0.25
    booked = running_costs(lever, 0.5, 0.5, **settings)
    assert booked == {lever: pytest.approx(part * yuan * 100, abs=1)}


def test_all_others_cost_nothing_by_themselves() -> None:
    for lever in set(LEVERS) - set(A_DAY):
        assert running_costs(lever, 1.0, 1.0) == {}


def test_the_monthly_bill_of_a_strategy_is_told_before_anything_happens() -> None:
    own = SimpleNamespace(strength=0.5, yuan_per_member_month=0.2)
    off = SimpleNamespace(strength=0.0, yuan_per_customer_month=9.0)
    operator = SimpleNamespace(**dict.fromkeys(NAMES, off) | {"points": own})
    assert monthly_cost_yuan(operator, 100.0) == {"points": pytest.approx(10.0)}


# -- for what one household does -----------------------------------------------------------


def shopping(scene: Scene, store: int = SHOP_PUBLIC) -> Scene:
    """Out of diapers, and lucky with the operator: three packs at 100 yuan."""
    scene.parent.covered_until[DIAPERS] = DAY
    scene.rules.need.cover_days, scene.rules.need.promotion_cover = 30.0, 0.0
    scene.rules.need.bundle_days = 0.0
    scene.rules.choose.wait_appeal, scene.rules.choose.recall = -50.0, 20.0
    scene.parent.habit = [0.1, 0.1, 0.4, 0.2, 0.2]
    scene.luck.otherwise = 0.5
    scene.luck.of |= {CONSIDER: SURE, store: 1 - 1e-12}
    return scene


def test_advertising_pays_for_clicks_trips_and_deals(scene: Scene) -> None:
    scene.lever("acquisition", yuan_per_click=22.5, yuan_per_reach=16.25)
    scene.spend(CLICKING)
    assert (scene.costs(), scene.discounts()) == ({"acquisition": 2_250}, {})


def test_a_contact_costs_more_the_more_of_them_are_bought(scene: Scene) -> None:
    scene.lever("acquisition", yuan_per_click=30.0, media=2.0, saturation=math.log(2))
    scene.spend(CLICKING)
    assert scene.costs() == {"acquisition": 4_000}, "twice the media for 1.5 of the contacts"


@pytest.mark.parametrize(
    ("group", "cause", "lever"),
    [
        (-1, "message", "broadcast"),
        (0, "message", "broadcast"),
        (-1, "post", "content"),
        (0, "post", "community"),
    ],
)
def test_an_offer_is_price_given_up_by_whoever_made_it(
    scene: Scene, group: int, cause: str, lever: str
) -> None:
    levers = ("broadcast", "content", "community")
    for name in levers:
        scene.lever(name, offer_cut=0.2)
    scene.today.message_offer_cut = scene.today.post_offer_cut = 0.2
    if group >= 0:
        scene.in_group()
    message = cause == "message"
    scene.today.channel_promotion_per_day = 0.0 if message else 5.0
    scene.rules.look.offer_notice = 100.0  # whoever reads any, notices
    scene.rules.basket.deal_base = 100.0
    luck = MESSAGE_OFFER if message else POST_OFFER
    scene.luck.of = {luck: SURE, luck + 1: SURE, FOLLOW: SURE, NOTICE: SURE}
    scene.spend(MESSAGED if message else VISITING)
    assert (CAUSES[scene.event.cause], scene.event.paid_fen) == (cause, 8_000)
    assert (scene.costs(), scene.discounts()) == ({}, {lever: 2_000})


def test_a_trip_that_only_an_advertisement_reached_costs(scene: Scene) -> None:
    scene.lever("acquisition", yuan_per_click=22.5, yuan_per_reach=16.25)
    shopping(scene).parent.habit = [0.0, 0.0, 0.5, 0.25, 0.25]
    scene.today.ad_reach = 0.5
    scene.spend(CALLED)
    assert (scene.costs(), scene.discounts()) == ({"acquisition": 1_625}, {})
    assert scene.event.paid_fen == 30_000


@pytest.mark.parametrize("festival", [0.0, 0.5])
def test_a_deal_is_price_given_up_by_advertising(scene: Scene, festival: float) -> None:
    scene.lever("acquisition", yuan_per_click=10.0)
    scene.today.deal_cut, scene.today.festival = 0.2, festival
    scene.luck.of = {IMPULSE: SURE, IMPULSE_WHAT: SURE}
    scene.spend(CLICKING)
    assert scene.event.list_fen == 10_000
    assert (scene.costs(), scene.discounts()) == ({"acquisition": 1_000}, {"acquisition": 2_000})


def test_a_livestream_gives_up_its_cut(scene: Scene) -> None:
    scene.lever("livestream", cut=0.3, watch_chance=0.5)
    scene.today.livestream = 1.0
    scene.luck.of = {LIVESTREAM: 0.2499, IMPULSE: SURE, IMPULSE_WHAT: SURE}
    scene.spend(VISITING)
    assert (scene.event.livestream, scene.event.paid_fen) == (1, 7_000)
    assert (scene.costs(), scene.discounts()) == ({}, {"livestream": 3_000})


def test_a_landing_costs_gift_and_hands(scene: Scene) -> None:
    scene.lever("funnel", gift_yuan=5.0, yuan_per_landing=3.25, appeal=100.0)
    shopping(scene).luck.of[LAND] = SURE
    scene.spend(CALLED)
    assert (scene.event.entered_private_domain, scene.costs()) == (1, {"funnel": 825})
    assert scene.discounts() == {}


def test_who_is_inside_costs_no_landing(scene: Scene) -> None:
    scene.lever("funnel", gift_yuan=5.0, yuan_per_landing=3.25, appeal=100.0)
    shopping(scene).luck.of[LAND] = SURE
    scene.parent.in_private_domain = 1
    scene.spend(CALLED)
    assert (scene.event.entered_private_domain, scene.costs()) == (0, {})


def coupons(scene: Scene, **settings: float) -> Scene:
    """A customer who ordered nine days ago and has slept for as long as it is between coupons."""
    own = {"coupon_percent": 20, "coupon_days": 7, "days_between": 12.0, "yuan_per_coupon": 0.05}
    own |= {"to_active": 1, "to_silent": 0}
    power = settings.pop("power", 1.0)
    scene.lever("coupons", **own | settings).power = power
    due = {"orders": 3, "subscribed": 1, "last_order_day": DAY - 9, "felt_day": DAY - 12}
    vars(scene.parent).update(due)
    scene.luck.of[named_purpose("coupons")] = 0.5
    return scene


def test_a_coupon_costs_its_sending_and_its_cut(scene: Scene) -> None:
    coupons(scene).spend(CALLED)
    assert (scene.costs(), scene.discounts()) == ({"coupons": 5}, {})
    assert (scene.parent.coupon_percent, scene.parent.coupon_until) == (20, DAY + 7)
    assert (named_purpose("coupons"), scene.parent.family) in scene.luck.asked, "not by day"
    scene.spend(CALLED)
    assert scene.costs() == {"coupons": 5}, "no second one on a day"


def test_a_coupon_is_in_hand_before_shopping(scene: Scene) -> None:
    shopping(coupons(scene)).spend(CALLED)
    assert (scene.event.coupon_fen, scene.event.paid_fen) == (6_000, 24_000)
    assert (scene.costs(), scene.discounts()) == ({"coupons": 5}, {"coupons": 6_000})


def test_one_coupon_for_whoever_slept_through_several(scene: Scene) -> None:
    coupons(scene, days_between=2.0).spend(CALLED)
    assert scene.costs() == {"coupons": 5}


@pytest.mark.parametrize(
    ("held", "until", "then"), [(30, DAY, 30), (30, DAY - 1, 20), (10, DAY, 20)]
)
def test_the_better_of_two_coupons_is_kept(scene: Scene, held: int, until: int, then: int) -> None:
    parent = coupons(scene).parent
    parent.coupon_percent, parent.coupon_until = held, until
    scene.spend(CALLED)
    assert scene.costs() == {"coupons": 5}, "it is sent anyway"
    kept_until = until if then == held else DAY + 7
    assert (parent.coupon_percent, parent.coupon_until) == (then, kept_until)


@pytest.mark.parametrize(
    ("power", "u", "sent"),
    [
        # A coupon in thirty days: a third of the way today, .2333 when last awake.
        (1.0, 0.6665, 0),
        (1.0, 0.6668, 1),
        (1.0, 0.7665, 1),
        (1.0, 0.7668, 0),
        # One in sixty, at half of the power: .1667 today, .1167 then.
        (0.5, 0.8332, 0),
        (0.5, 0.8335, 1),
        (0.5, 0.8832, 1),
        (0.5, 0.8835, 0),
    ],
)
def test_coupons_fall_due_on_days_of_the_household_s_own(
    scene: Scene, power: float, u: float, sent: int
) -> None:
    coupons(scene, days_between=30.0, power=power).parent.felt_day = DAY - 3
    scene.luck.of[named_purpose("coupons")] = u
    scene.spend(CALLED)
    assert scene.costs() == ({"coupons": 5} if sent else {})


@pytest.mark.parametrize(
    ("who", "what"),
    [
        ({"orders": 0}, {}),
        ({"subscribed": 0}, {}),
        ({"felt_day": DAY}, {}),  # awake today already
        ({"last_order_day": DAY - 91}, {}),  # a silent customer, of whom none gets one
        ({}, {"to_active": 0}),
        ({}, {"to_active": 0, "to_silent": 1}),
        ({}, {"coupon_percent": 0}),
        ({}, {"power": 0.0}),
        ({}, {"days_between": 1e6}),
        ({}, {"from_day": DAY}),  # none is made up for that fell due before the lever began
    ],
)
def test_who_gets_no_coupon(scene: Scene, who: dict[str, int], what: dict[str, float]) -> None:
    vars(coupons(scene, **what).parent).update(who)
    scene.spend(CALLED)
    assert scene.costs() == {}


@pytest.mark.parametrize(
    ("who", "what"),
    [
        ({"last_order_day": DAY - 90}, {}),
        ({"last_order_day": DAY - 91}, {"to_active": 0, "to_silent": 1}),
        ({"in_private_domain": 1}, {}),
        ({}, {"from_day": 1, "days_between": 10.0}),
    ],
)
def test_who_gets_one(scene: Scene, who: dict[str, int], what: dict[str, float]) -> None:
    vars(coupons(scene, **what).parent).update(who)
    scene.spend(CALLED)
    assert scene.costs() == {"coupons": 5}


def test_a_promotion_day_gives_up_its_cut(scene: Scene) -> None:
    scene.lever("coupons")
    scene.today.cut_public = 0.1
    shopping(scene).spend(CALLED)
    assert (scene.event.paid_fen, scene.discounts()) == (27_000, {"coupons": 3_000})


def test_points_redeemed_are_price_given_up(scene: Scene) -> None:
    scene.lever(
        "points", points_per_yuan=1.0, yuan_per_point=0.02, share_payable=0.5, least_points=9
    )
    parent = scene.parent
    parent.loyalty_member, parent.points_old, parent.points_expire_day = 1, 100, DAY + 300
    shopping(scene).luck.of[REDEEM] = SURE
    scene.spend(CALLED)
    assert (scene.event.points_redeemed, scene.event.paid_fen) == (100, 29_800)
    assert scene.event.points_issued == 298
    assert (scene.costs(), scene.discounts()) == ({}, {"points": 200})


@pytest.mark.parametrize(
    ("tier", "spent_yuan", "cut", "then"),
    [(0, 100, 0.0, 0), (0, 900, 0.0, 1), (1, 0, 0.1, 1), (2, 4000, 0.2, 3), (3, 0, 0.3, 3)],
)
def test_tiers_give_up_their_cut_and_are_earned(
    scene: Scene, tier: int, spent_yuan: int, cut: float, then: int
) -> None:
    cuts = {"silver_cut": 0.1, "gold_cut": 0.2, "platinum_cut": 0.3}
    scene.lever("tiers", **cuts, silver_yuan=1200, gold_yuan=2000, platinum_yuan=4200)
    parent = scene.parent
    parent.loyalty_member, parent.tier, parent.tier_spending_fen = 1, tier, spent_yuan * 100
    parent.points_expire_day = DAY + 300
    shopping(scene).spend(CALLED)
    given = round(30_000 * cut)
    assert scene.event.paid_fen == 30_000 - given
    assert (scene.costs(), scene.discounts()) == ({}, {"tiers": given} if given else {})
    assert parent.tier == then
    if tier < 3:
        assert scene.inbox.tier_goal_yuan == (1200, 2000, 4200)[tier]


def test_no_member_no_tier(scene: Scene) -> None:
    scene.lever("tiers", silver_yuan=0.0)
    shopping(scene).spend(CALLED)
    assert (scene.parent.tier, scene.inbox.tier_goal_yuan, scene.inbox.enrolment) == (0, 0, 1)


def test_a_reminder_costs_its_message(scene: Scene) -> None:
    scene.lever("reminders", yuan_per_message=0.07, needs_consent=0)
    scene.parent.reminder_day = DAY
    scene.spend(CALLED)
    assert (scene.costs(), scene.discounts(), scene.counters.reminders) == ({"reminders": 7}, {}, 1)
    assert scene.inbox.personal_messages == 1.0
    scene.parent.reminder_day = DAY + 1
    scene.spend(CALLED)
    assert (scene.costs(), scene.counters.reminders) == ({"reminders": 7}, 1)


def test_a_reminder_stays_at_hand_for_some_days(scene: Scene) -> None:
    scene.lever("reminders", at_hand_days=3, needs_consent=1)
    for age, consent, at_hand in ((-1, 1, 0), (0, 1, 1), (2, 1, 1), (3, 1, 0), (2, 0, 0)):
        scene.parent.reminder_day, scene.parent.consent = DAY - age, consent
        scene.spend(CALLED)
        assert (scene.inbox.reminder, scene.inbox.personal_messages) == (at_hand, age == 0)
    assert scene.counters.reminders == 1, "sent once"


def test_a_reminder_comes_again_until_its_number_is_full(scene: Scene) -> None:
    scene.lever("reminders", at_hand_days=3, needs_consent=0, most_per_order=3, again_days=10)
    days = [(0, 1, 1, 10), (4, 0, 0, 6), (10, 1, 1, 10), (12, 0, 1, 8)]
    days += [(20, 1, 1, 0), (22, 0, 1, 0), (30, 0, 0, 0), (35, 0, 0, 0)]  # the last, and after it
    for age, sent, at_hand, wakes_in in days:
        scene.parent.reminder_day = DAY - age
        scene.spend(CALLED)
        inbox = scene.inbox
        assert (inbox.reminded, inbox.reminder, inbox.wake_in_days) == (sent, at_hand, wakes_in)
    assert scene.counters.reminders == 3


def test_one_reminder_may_stay_at_hand_for_longer_than_another_would_take(scene: Scene) -> None:
    scene.lever("reminders", at_hand_days=30, needs_consent=0, most_per_order=1, again_days=10)
    for age, at_hand in ((10, 1), (29, 1), (30, 0)):
        scene.parent.reminder_day = DAY - age
        scene.spend(CALLED)
        assert (scene.inbox.reminder, scene.inbox.wake_in_days) == (at_hand, 0)
    assert scene.counters.reminders == 0


@pytest.mark.parametrize(
    ("consent", "needed", "subscribed", "reminded_in"),
    [(1, 1, 1, 21), (0, 1, 1, None), (0, 0, 1, 21), (1, 1, 0, 21)],
)
def test_an_order_sets_the_next_reminder(
    scene: Scene, consent: int, needed: int, subscribed: int, reminded_in: int | None
) -> None:
    scene.lever("reminders", days_before=9, needs_consent=needed)
    parent = shopping(scene).parent
    parent.consent, parent.subscribed, parent.orders = consent, subscribed, 2
    scene.spend(CALLED)
    assert parent.reminder_day == (DAY + reminded_in if reminded_in else -NEVER)


def test_a_reminder_is_never_due_on_the_day_of_the_order(scene: Scene) -> None:
    scene.lever("reminders", days_before=60, needs_consent=0)
    shopping(scene).spend(CALLED)
    assert scene.parent.reminder_day == DAY + 1


def test_a_check_in_pays_its_reward(scene: Scene) -> None:
    scene.lever("check_in", days_per_month=21, reward_yuan=0.5, difficulty=0.0)
    scene.in_group()
    scene.luck.of = {CHECK_IN: SURE}
    scene.spend(VISITING)
    assert (scene.event.check_in, scene.costs()) == (1, {"check_in": 50})
    scene.day = DAY + 11  # the twenty-second day of the month
    scene.spend(VISITING)
    assert (scene.event.check_in, scene.costs()) == (0, {"check_in": 50})


def test_a_koc_earns_by_what_only_its_posts_brought(scene: Scene) -> None:
    scene.lever("koc", commission_share=0.05)
    scene.place = next(p for p in range(60) if followed(p, 0, scene.world.ties) >= 0)
    scene.today.most_koc_posts, scene.rules.choose.koc_recall = 3.0, 1.0
    for credibility, paid in ((0.0, {}), (1.0, {"koc": 1_500})):
        scene.world.kocs.credibility = scene.world.kocs.recent_posts = credibility
        shopping(scene).parent.habit = [0.0, 0.0, 0.5, 0.25, 0.25]
        scene.event.store = -1
        scene.spend(CALLED)
        assert scene.costs() == paid, "a KOC whom nobody believes earns nothing"


def test_an_order_that_habit_brought_earns_no_koc_anything(scene: Scene) -> None:
    scene.lever("koc", commission_share=0.05)
    shopping(scene).spend(CALLED)
    assert (scene.event.list_fen, scene.costs()) == (30_000, {})


def test_answers_advice_and_content_cost_nothing_by_the_piece(scene: Scene) -> None:
    for name in ("advisors", "content", "community", "broadcast", "service_desk"):
        scene.lever(name)
    scene.in_group()
    scene.luck.of = {ASK: SURE}
    shopping(scene, SHOP_PRIVATE).spend(VISITING)
    assert scene.counters.answers == 1
    assert (scene.costs(), scene.discounts()) == ({}, {})


# -- what they plan for everyone -----------------------------------------------------------


def planned(scene: Scene, lever: str, day: int = DAY, power: float = 1.0, **settings: Any) -> Any:
    """What a lever alone would do on a day."""
    own = scene.lever(lever, **settings)
    own.power = power
    today = np.zeros(1, TODAY).view(np.recarray)[0]
    for name, combiner in COMBINERS.items():
        today[name] = 1.0 if combiner == PRODUCT else 0.0
    LEVERS[lever].plan(scene.world, day, today)
    return today


def test_what_advertising_plans(scene: Scene) -> None:
    market = scene.world.calendar[scene.now]
    market.interest, market.season, market.festival = 2.0, 1.5, 0.5
    own = {"reach_share": 0.3, "clicks_per_day": 0.01, "deal_cut": 0.2, "festival_cut": 0.1}
    today = planned(scene, "acquisition", power=0.5, **own)
    assert today.ad_reach == pytest.approx([0.15] * AUDIENCES)
    assert today.deal_visits_per_day == pytest.approx([0.015] * AUDIENCES)
    assert today.deal_cut == pytest.approx(0.25)
    assert planned(scene, "acquisition", **own | {"festival_cut": 3.0}).deal_cut == 0.9
    assert planned(scene, "acquisition", power=0.0, **own).deal_cut == 0.0


def test_ever_more_media_reach_ever_fewer_more(scene: Scene) -> None:
    own = {"reach_share": 0.3, "clicks_per_day": 0.01, "saturation": math.log(2)}
    # Of what the usual media reach, half of them reach (1 - 2^-.5) / .5, twice of them 1.5.
    for media, reached in ((0.0, 0.0), (0.5, 2 - math.sqrt(2)), (1.0, 1.0), (2.0, 1.5)):
        today = planned(scene, "acquisition", **own, media=media)
        assert today.ad_reach == pytest.approx([0.3 * reached] * AUDIENCES)
        assert today.deal_visits_per_day[0] == pytest.approx(0.01 * reached)
    halved = planned(scene, "acquisition", power=0.5, **own, media=2.0)
    assert halved.ad_reach[0] == pytest.approx(0.3), "half of the power buys half of the media"
    today = planned(scene, "acquisition", **own | {"reach_share": 0.9}, media=10.0)
    assert today.ad_reach[0] == 1.0, "nobody is reached twice on a trip"


def test_what_advisors_plan_and_offer(scene: Scene) -> None:
    own = {"group_posts_per_day": 0.6, "quality": 0.8, "parents_per_advisor": 1500}
    today = planned(scene, "advisors", power=0.5, **own, least_parents=500, hours_per_day=8)
    assert (today.group_expert_per_day, today.group_professionalism) == (0.3, 0.8)
    assert planned(scene, "advisors", power=0.0).group_professionalism == 0.0
    scene.world.levers["advisors"].power = 0.5
    scene.spend(CALLED)
    assert scene.inbox.answer == 0.0, "for the private domain alone"
    scene.parent.in_private_domain = scene.parent.subscribed = 1
    scene.spend(CALLED)
    assert scene.inbox.answer == pytest.approx(0.5 / 3)
    assert scene.inbox.stage_advice == pytest.approx(0.5 * 0.8 / 9)
    assert scene.inbox.answer_quality == 0.8
    scene.world.levers["advisors"].hours_per_day = 24
    scene.world.levers["advisors"].parents_per_advisor = 100
    scene.spend(CALLED)
    assert scene.inbox.answer == 0.5, "certain, at most"
    assert scene.inbox.stage_advice == pytest.approx(0.4)


def test_when_broadcasts_are_sent_and_to_whom(scene: Scene) -> None:
    def sent(bits: int, **settings: Any) -> list[float]:
        own = {"per_week": 2.0, "recipients": 0} | settings
        return [planned(scene, "broadcast", day, **own).broadcasts[bits] for day in range(14)]

    twice = [0, 0, 0, 1, 0, 0, 1] * 2
    assert sent(2) == twice  # subscribers
    assert sent(1) == sent(18) == [0] * 14  # who is none, and the control group
    assert sent(6, recipients=1) == sent(10, recipients=2) == twice
    assert sent(4, recipients=1) == sent(8, recipients=2) == [0] * 14  # who stopped messages
    assert sent(3, per_week=21) == [3] * 14
    today = planned(scene, "broadcast", 3, per_week=2.0, recipients=0, offer_cut=0.15)
    assert (today.fresh_message[2], today.fresh_message[1]) == (1.0, 0.0)
    assert today.message_offer_cut == 0.15
    assert set(today.prompt) == {1.0}, "a visit comes of a message that is followed"
    assert today.channel_promotion_per_day == 0.0, "messages are no posts"
    fresh = [planned(scene, "broadcast", day, per_week=2.0).fresh_message[2] for day in range(7)]
    assert fresh == [1, 0, 0, 1, 1, 0, 1]  # on the first, that of the day before


@pytest.mark.parametrize(("u", "held_out"), [(0.2999, 1), (0.3001, 0)])
def test_the_control_group_is_drawn_once(scene: Scene, u: float, held_out: int) -> None:
    scene.lever("broadcast", held_out_share=0.3)
    scene.luck.of = {named_purpose("broadcast"): u}
    scene.parent.family = 5
    scene.spend(CALLED)
    assert scene.parent.held_out == held_out
    assert (named_purpose("broadcast"), 5) in scene.luck.asked, "by family, not by day"


def test_what_a_challenge_plans_and_offers(scene: Scene) -> None:
    for day, prompt in ((20, 1.4), (21, 1.0), (50, 1.4)):
        own = {"days_per_month": 21, "pull": 0.8}
        today = planned(scene, "check_in", day, power=0.5, **own)
        assert (today.prompt[8], today.prompt[7]) == (prompt, 1.0)
    scene.world.levers["check_in"].reward_yuan, scene.world.levers["check_in"].difficulty = 2, 0.3
    scene.spend(CALLED)
    assert scene.inbox.check_in == 0.0, "in chats alone"
    scene.in_group()
    scene.spend(CALLED)
    inbox = scene.inbox
    offered = (inbox.check_in, inbox.check_in_reward_yuan, inbox.check_in_difficulty)
    assert offered == (0.5, 2.0, 0.3)


@pytest.mark.parametrize(
    ("topic", "stage", "region"), [(0, -1, -1), (1, 1, -1), (2, -1, 2), (3, 1, 2)]
)
def test_who_is_invited_into_which_chat(scene: Scene, topic: int, stage: int, region: int) -> None:
    scene.lever(
        "community", topic=topic, invitation=0.6, entry_orders=2, rejoin_days=60
    ).power = 0.5
    assert (
        planned(scene, "community", power=0.5, promotion_per_day=3).group_promotion_per_day == 1.5
    )
    parent = scene.parent
    parent.in_private_domain = parent.subscribed = 1
    parent.orders, parent.region, parent.group_left_day = 2, 2, DAY - 60
    scene.luck.of = {named_purpose("community"): 0.4999}
    scene.world.levers["community"].invited_share = 0.5
    scene.spend(CALLED)
    inbox = scene.inbox
    assert (inbox.invitation, inbox.topic_stage, inbox.topic_region) == (0.3, stage, region)
    for name, value in (
        ("orders", 1),
        ("in_private_domain", 0),
        ("group_left_day", DAY - 59),
        ("group", 0),
    ):
        kept = getattr(parent, name)
        setattr(parent, name, value)
        scene.spend(CALLED)
        assert scene.inbox.invitation == 0.0, name
        setattr(parent, name, kept)
    scene.luck.of = {named_purpose("community"): 0.5}
    scene.spend(CALLED)
    assert scene.inbox.invitation == 0.0, "the lot fell on others"


def test_what_content_plans(scene: Scene) -> None:
    own = {"useful_per_week": 7, "expert_per_week": 14, "promotion_per_week": 21}
    own |= {"group_expert_per_week": 28, "professionalism": 0.8}
    today = planned(scene, "content", power=0.5, **own)
    assert today.channel_useful_per_day == 0.5
    assert today.channel_expert_per_day == pytest.approx(0.8)
    assert today.channel_promotion_per_day == 1.5
    assert (today.group_expert_per_day, today.group_professionalism) == (2.0, 0.8)
    assert planned(scene, "content", power=0.0, **own).group_professionalism == 0.0


@pytest.mark.parametrize(
    ("lever", "offer"),
    [
        ("broadcast", "message_offer_cut"),
        ("content", "post_offer_cut"),
        ("community", "post_offer_cut"),
    ],
)
def test_offers_are_as_deep_as_they_are_set_and_end_with_their_lever(
    scene: Scene, lever: str, offer: str
) -> None:
    for power, cut in ((1.0, 0.15), (0.5, 0.15), (0.0, 0.0)):
        today = planned(scene, lever, 3, power=power, offer_cut=0.15)
        found = (today.message_offer_cut, today.post_offer_cut)
        assert getattr(today, offer) == cut
        assert sum(found) == cut


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_without_power_plans_nothing(scene: Scene, lever: str) -> None:
    if not hasattr(LEVERS[lever], "plan"):
        return
    today = planned(scene, lever, 3, power=0.0)
    for name, combiner in COMBINERS.items():
        assert set(np.ravel(today[name])) == {1.0 if combiner == PRODUCT else 0.0}, name


def test_what_promotions_plan(scene: Scene) -> None:
    scene.world.today[0].festival = 0.5
    own = {"promotion_days_per_month": 3, "promotion_cut": 0.2, "festival_cut": 0.3}
    for day, cut in ((2, 0.1), (3, 0.075), (32, 0.1), (33, 0.075)):
        today = planned(scene, "coupons", day, power=0.5, **own)
        assert (today.cut_public, today.cut_private) == pytest.approx((cut, cut))
    assert planned(scene, "coupons", 2, **own | {"promotion_cut": 0.1}).cut_public == 0.15


def test_what_the_funnel_offers(scene: Scene) -> None:
    scene.lever("funnel", appeal=-1.5).power = 0.5
    scene.spend(CALLED)
    assert (scene.inbox.landing, scene.inbox.landing_appeal) == (0.5, -1.5)


def test_what_is_asked_of_kocs(scene: Scene) -> None:
    today = planned(scene, "koc", power=0.5, posts_per_week=7, commercial_share=0.3)
    assert (today.koc_posts_per_day, today.koc_commercial_share) == (0.5, 0.3)
    assert planned(scene, "koc", power=0.0).koc_commercial_share == 0.0


def arranged(followers: list[int], day: int = 30, **settings: float) -> list[int]:
    """Which candidates, of so many followers each, are KOCs; the one in place 1 never ordered."""
    own = {"power": 1.0, "recruited_share": 0.5, "least_trust": 0.6, **settings}
    kocs = empty_kocs(np.arange(len(followers)), np.array(followers, np.int32), 0.5)
    kocs.recruited = 1  # until today
    households = packed(len(followers))
    households.orders, households.trust = 1, 0.7
    households.orders[1] = 0
    world: Any = SimpleNamespace(kocs=kocs, levers=SimpleNamespace(koc=SimpleNamespace(**own)))
    koc.prepare(world, households, day)
    return [int(place) for place in np.flatnonzero(kocs.recruited)]


def test_who_is_a_koc_is_arranged_once_a_month() -> None:
    followers = [4, 9, 2, 8, 6]
    assert arranged(followers) == [3, 4], "from six followers on, and has ordered"
    assert arranged(followers, recruited_share=1.0) == [0, 2, 3, 4]
    assert arranged(followers, least_trust=0.8) == []
    for off in ("power", "recruited_share"):
        assert arranged(followers, **{off: 0.0}) == []
    assert arranged(followers, day=31) == [0, 1, 2, 3, 4], "as they were"


@given(st.lists(st.integers(0, 500), min_size=1, max_size=60), st.floats(0, 1))
def test_the_best_followed_are_those_of_the_quantile(followers: list[int], share: float) -> None:
    kocs = empty_kocs(np.arange(len(followers)), np.array(followers, np.int32), 0.5)
    wanted = np.quantile(np.array(followers), 1 - share, method="higher")
    assert koc.least_followers(kocs, share) == wanted


def test_silent_chats_are_closed_once_a_week(scene: Scene) -> None:
    own = scene.lever("community", close_after_days=10)
    groups = empty_groups(4)
    for group, silent_day in zip(groups, (80, 82, NEVER), strict=False):
        found(group, ANY, ANY, 0)
        group.silent_day = silent_day
    world: Any = SimpleNamespace(groups=groups, levers=SimpleNamespace(community=own))
    for power, day, closed in ((0.0, 91, []), (1.0, 92, []), (1.0, 91, [0])):
        own.power = power
        community.settle(world, day, scene.counters)
        assert np.flatnonzero(groups.closed_day < NEVER).tolist() == closed
    assert groups[0].closed_day == 91


def test_how_many_a_chat_admits(scene: Scene) -> None:
    assert planned(scene, "community", power=0.5, size_cap=40).group_size_cap == 40
    assert planned(scene, "community", power=0.0, size_cap=40).group_size_cap == 0


def test_when_livestreams_are_on(scene: Scene) -> None:
    days = [planned(scene, "livestream", day, per_week=2, pull=0.3) for day in range(7)]
    assert [today.livestream for today in days] == [0, 0, 0, 1, 0, 0, 1]
    assert [today.prompt[31] for today in days] == [1, 1, 1, 1.3, 1, 1, 1.3]
    scene.spend(CALLED)
    assert scene.inbox.livestream == 0.0, "not today"


def test_what_points_offer(scene: Scene) -> None:
    own = {"points_per_yuan": 2.0, "yuan_per_point": 0.02, "share_payable": 0.3}
    scene.lever("points", **own, least_points=50, transparency=0.7).power = 0.5
    scene.spend(CALLED)
    assert (scene.inbox.enrolment, scene.inbox.points_per_yuan) == (0.5, 0.0)
    scene.parent.loyalty_member = 1
    scene.spend(CALLED)
    inbox = scene.inbox
    assert (inbox.points_per_yuan, inbox.yuan_per_point, inbox.points_share) == (1.0, 0.02, 0.3)
    assert (inbox.points_least, inbox.points_clarity) == (50.0, 0.7)


def test_tiers_offer_a_part_of_their_cut_at_a_part_of_their_power(scene: Scene) -> None:
    own = scene.lever("tiers", silver_cut=0.1, gold_cut=0.2, platinum_cut=0.3)
    own.power = 0.5
    scene.parent.loyalty_member = 1
    for tier, cut in enumerate((0.0, 0.05, 0.1, 0.15)):
        scene.parent.tier = tier
        scene.spend(CALLED)
        assert (scene.inbox.tier_cut, scene.inbox.enrolment) == (pytest.approx(cut), 0.5)


def test_what_a_better_desk_plans(scene: Scene) -> None:
    scene.world.operations.first_contact_resolution = 0.6
    own = {"first_contact_resolution": 0.9, "capacity_ratio": 3.0, "defect_ratio": 0.6}
    today = planned(scene, "service_desk", power=0.5, **own)
    assert today.first_contact_resolution == pytest.approx(0.15)
    assert (today.defect_share, today.desk_ratio) == (pytest.approx(0.8), 2.0)


def test_nothing_is_drawn_for_levers_that_are_off(scene: Scene) -> None:
    scene.luck.otherwise = UNLUCKY
    scene.spend(CALLED)
    named = {named_purpose(name) for name in NAMES}
    assert not named & {purpose for purpose, _ in scene.luck.asked}
