"""Messages that are followed, offers that are found, and visits on which one shops."""

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.behaviour import look, stock
from sim.behaviour.day import ASLEEP, CALLED, CLICKING, MESSAGED, VISITING, waking
from sim.world.draws import (
    COMPARE,
    CONSIDER,
    FOLLOW,
    MESSAGE_OFFER,
    NOTICE,
    NOTICE_TALK,
    POST_OFFER,
    SHOP_ON_VISIT,
    SHOP_PLATFORM,
    SHOP_PUBLIC,
)
from sim.world.events import CAUSES
from sim.world.household import WAKE_SCHEDULE
from tests.scene import DAY, DIAPERS, UNLUCKY, WASH_CARE, Scene, blank

SURE, NOT_QUITE = 0.0, 1e-9
BY_MESSAGE, BY_POST = CAUSES.index("message"), CAUSES.index("post")
about = pytest.approx


# -- the rules -----------------------------------------------------------------------------


@given(st.floats(0, 1e4), st.floats(0, 1e3), st.floats(1, 1000))
@settings(max_examples=60)
def test_a_backlog_takes_attention(fatigue: float, more: float, tolerance: float) -> None:
    p = SimpleNamespace(fatigue_tolerance=tolerance)
    left = look.attention(fatigue, p)
    assert 0 < look.attention(fatigue + more, p) <= left <= 1
    assert look.attention(0.0, p) == 1
    assert look.attention(tolerance, p) == about(0.5)


@pytest.mark.parametrize(
    ("noticed", "share"),
    [(look.offer_noticed, "offer_notice"), (look.talk_noticed, "talk_notice")],
)
@given(read=st.floats(0, 100), more=st.floats(0, 100), notice=st.floats(0, 1))
@settings(max_examples=60)
def test_every_post_is_a_fresh_chance_to_be_noticed(
    noticed: Callable[[float, Any], float], share: str, read: float, more: float, notice: float
) -> None:
    p = SimpleNamespace(**{share: notice})
    some, both = noticed(read, p), noticed(read + more, p)
    assert 0 <= some <= both <= 1
    assert 1 - both == about((1 - some) * (1 - noticed(more, p)), abs=1e-12)
    assert noticed(0.0, p) == 0
    assert noticed(read, SimpleNamespace(**{share: 0.0})) == 0


# -- following a message -------------------------------------------------------------------


def test_messages_take_nobody_from_visits_and_clicks(scene: Scene) -> None:
    schedule, rules = blank(WAKE_SCHEDULE), scene.rules.look
    schedule.audience, schedule.looks_per_day, schedule.wake_day = 2, 0.2, DAY + 1
    scene.today.deal_visits_per_day[2], rules.click_through = 0.1, 0.05
    for sent, opened in ((0.0, 0.3), (1.0, 0.35), (3.0, 0.45)):
        scene.today.broadcasts[2] = sent
        for u, why in (
            (0.1 - NOT_QUITE, CLICKING),
            (0.3 - NOT_QUITE, VISITING),
            (opened + NOT_QUITE, ASLEEP),
        ):
            assert waking(schedule, u, scene.today, DAY, rules) == why
        if sent:
            for u in (0.3 + NOT_QUITE, opened - NOT_QUITE):
                assert waking(schedule, u, scene.today, DAY, rules) == MESSAGED
    schedule.audience = 4  # to whom nothing is sent
    assert waking(schedule, 0.3 + NOT_QUITE, scene.today, DAY, rules) == ASLEEP


@pytest.mark.parametrize(("fatigue", "chance"), [(0.0, 1.0), (40.0, 0.5), (80.0, 0.2)])
def test_the_tired_do_not_follow_what_they_opened(
    scene: Scene, fatigue: float, chance: float
) -> None:
    scene.rules.look.fatigue_tolerance = 40.0
    for u in (chance - NOT_QUITE, min(chance + NOT_QUITE, 1.0)):
        scene.parent.fatigue, scene.event.looked, scene.counters.visits = fatigue, 0, 0
        scene.luck.of = {FOLLOW: u}
        scene.live(MESSAGED)
        followed = int(u < chance)
        assert (scene.event.looked, scene.counters.visits) == (followed, followed)
        assert (scene.parent.last_look_day == DAY) == (followed == 1)
        scene.parent.last_look_day = DAY - 5


def tempted(scene: Scene, purpose: int) -> Scene:
    """Whoever sees an offer of a fifth off takes it with a chance of one half."""
    basket = scene.rules.basket
    basket.deal_base, basket.deal_price, basket.deal_taste = -2.0, 10.0, 0.0
    scene.today.message_offer_cut = scene.today.post_offer_cut = 0.2
    scene.rules.look.worth_effect = scene.rules.look.waste_effect = 0.0
    scene.luck.of = {FOLLOW: SURE, purpose: 0.4999, purpose + 1: SURE}
    return scene


@pytest.mark.parametrize(("inside", "store"), [(0, 1), (1, 0)])
def test_what_a_message_offers_is_seen_by_whoever_follows_it(
    scene: Scene, inside: int, store: int
) -> None:
    tempted(scene, MESSAGE_OFFER).parent.in_private_domain = inside
    scene.live(VISITING)
    assert scene.event.list_fen == 0, "a visit without it does not see it"
    scene.live(MESSAGED)
    event = scene.event
    assert (event.store, event.cause, event.list_fen, event.paid_fen) == (
        store,
        BY_MESSAGE,
        10_000,
        8_000,
    )
    assert (event.packs[DIAPERS], scene.parent.covered_until[DIAPERS]) == (1, DAY + 70)


@pytest.mark.parametrize(
    ("cut", "follow", "u", "bought"),
    [(0.2, SURE, 0.4999, True), (0.2, SURE, 0.5001, False), (0.2, 0.9999, 0.0, False)],
)
def test_an_offer_may_be_left(
    scene: Scene, cut: float, follow: float, u: float, bought: bool
) -> None:
    tempted(scene, MESSAGE_OFFER).today.message_offer_cut = cut
    scene.parent.fatigue = 1.0
    scene.luck.of |= {FOLLOW: follow, MESSAGE_OFFER: u}
    scene.live(MESSAGED)
    assert (scene.event.list_fen > 0) == bought


def test_a_message_without_an_offer_sells_nothing(scene: Scene) -> None:
    tempted(scene, MESSAGE_OFFER).today.message_offer_cut = 0.0
    scene.luck.of[MESSAGE_OFFER] = SURE
    scene.live(MESSAGED)
    assert (scene.event.looked, scene.event.list_fen) == (1, 0)
    assert MESSAGE_OFFER not in {purpose for purpose, _ in scene.luck.asked}


# -- offers among posts --------------------------------------------------------------------


@pytest.mark.parametrize("woken_by", [VISITING, MESSAGED])
def test_an_offer_is_noticed_among_the_posts_that_are_read(scene: Scene, woken_by: int) -> None:
    # Two days of two posts each, of which a fifth are noticed.
    noticed = 1 - math.exp(-0.2 * 4)
    for u, bought in ((noticed - NOT_QUITE, 1), (noticed + NOT_QUITE, 0)):
        tempted(scene, POST_OFFER).rules.look.offer_notice = 0.2
        scene.today.message_offer_cut, scene.today.channel_promotion_per_day = 0.0, 2.0
        scene.parent.last_look_day, scene.parent.fatigue = DAY - 2, 0.0
        scene.event.store, scene.event.list_fen = -1, 0
        scene.luck.of[NOTICE] = u
        scene.live(woken_by)
        assert scene.inbox.promotions_read == 4.0
        assert (scene.event.list_fen > 0) == bought
        if bought:
            assert (scene.event.cause, scene.event.paid_fen) == (BY_POST, 8_000)
        scene.parent.last_order_day = -30_000


@pytest.mark.parametrize(
    ("posts", "noticed", "goes_to_buy", "led"),
    [(3.0, 1, 0, 2), (3.0, 0, 1, 2), (3.0, 0, 0, 1), (0.0, 1, 1, 0)],
)
def test_a_chat_leads_to_a_visit_and_from_there_perhaps_to_the_shop(
    scene: Scene, posts: float, noticed: int, goes_to_buy: int, led: int
) -> None:
    tempted(scene, POST_OFFER).in_group(promotion_rate=posts)
    scene.rules.look.offer_notice, scene.rules.look.shops_on_visit = 1.0, 0.5
    scene.parent.last_look_day = DAY - 2
    scene.luck.of[NOTICE] = SURE if noticed else UNLUCKY
    scene.luck.of[SHOP_ON_VISIT] = 0.4 if goes_to_buy else 0.6
    scene.live(VISITING)
    assert scene.event.from_chat == led


def test_posts_of_the_chat_are_read_too(scene: Scene) -> None:
    tempted(scene, POST_OFFER).in_group(promotion_rate=3.0)
    scene.today.channel_promotion_per_day, scene.rules.look.offer_notice = 1.0, 1.0
    scene.parent.last_look_day = DAY - 2
    scene.luck.of[NOTICE] = 1 - math.exp(-8.0) - NOT_QUITE
    scene.live(VISITING)
    assert (scene.inbox.promotions_read, scene.event.cause) == (8.0, BY_POST)


@pytest.mark.parametrize(("cut", "posts"), [(0.0, 2.0), (0.2, 0.0)])
def test_no_offer_without_a_cut_or_without_a_post(scene: Scene, cut: float, posts: float) -> None:
    tempted(scene, POST_OFFER).rules.look.offer_notice = 1.0
    scene.today.post_offer_cut, scene.today.channel_promotion_per_day = cut, posts
    scene.luck.of |= {NOTICE: SURE, POST_OFFER: SURE}
    scene.live(VISITING)
    assert scene.event.list_fen == 0
    assert NOTICE not in {purpose for purpose, _ in scene.luck.asked}


def test_one_order_a_day_whatever_is_offered(scene: Scene) -> None:
    tempted(scene, MESSAGE_OFFER).rules.look.offer_notice = 100.0
    scene.today.channel_promotion_per_day = 5.0
    scene.luck.of |= {MESSAGE_OFFER: SURE, POST_OFFER: SURE, POST_OFFER + 1: SURE, NOTICE: SURE}
    scene.rules.basket.deal_base = 100.0
    scene.live(MESSAGED)
    assert (scene.event.cause, scene.event.list_fen, scene.parent.orders) == (BY_MESSAGE, 10_000, 1)


@pytest.mark.parametrize(
    ("left", "written", "u", "trips"),
    [
        (12, {"help_rate": 1.0, "story_rate": 0.5}, -NOT_QUITE, 1),
        (12, {"help_rate": 1.0, "story_rate": 0.5}, NOT_QUITE, 0),
        (13, {"help_rate": 1.0, "story_rate": 0.5}, -NOT_QUITE, 0),  # no motive
        (12, {"promotion_rate": 9.0, "expert_rate": 9.0, "complaint_rate": 9.0}, -NOT_QUITE, 0),
    ],
)
def test_what_members_write_brings_whoever_runs_short_to_the_shop(
    scene: Scene, left: int, written: dict[str, float], u: float, trips: int
) -> None:
    short_soon(scene, left).in_group(**written)
    scene.rules.look.shops_on_visit, scene.rules.look.talk_notice = 0.0, 0.2
    scene.parent.last_look_day = DAY - 2
    scene.luck.of[NOTICE_TALK] = 1 - math.exp(-0.2 * 2 * 1.5) + u  # two days of a post and a half
    scene.live(VISITING)
    assert scene.counters.trips == trips
    assert (scene.event.from_chat == 2) == bool(trips)


# -- shopping on a visit -------------------------------------------------------------------


def short_soon(scene: Scene, left: int) -> Scene:
    """Diapers for so many days more; on a visit one shops with a chance of .4."""
    scene.parent.covered_until[DIAPERS] = DAY + left
    scene.parent.covered_until[WASH_CARE] = DAY + 300
    scene.parent.fatigue, scene.parent.last_order_day = 0.0, DAY
    need, look_rules, choose = scene.rules.need, scene.rules.look, scene.rules.choose
    need.lead_days, need.visit_days, need.festival_days = 4.0, 8.0, 0.0
    look_rules.shops_on_visit = 0.4
    choose.recall, choose.wait_appeal, choose.operator_appeal = 0.0, -50.0, 0.0
    scene.luck.otherwise = 0.5
    scene.luck.of = {FOLLOW: SURE, SHOP_ON_VISIT: SURE, SHOP_PUBLIC: 0.9, SHOP_PLATFORM: 0.01}
    scene.event.store = -1
    return scene


@pytest.mark.parametrize(
    ("left", "u", "woken_by", "trips"),
    [
        (12, 0.3999, VISITING, 1),  # lead of 4 and 8 more
        (12, 0.3999, MESSAGED, 1),
        (13, 0.3999, VISITING, 0),
        (12, 0.4001, VISITING, 0),
        (12, 0.3999, CALLED, 0),
        (4, 0.4001, VISITING, 1),  # it is needed anyway
    ],
)
def test_a_visit_brings_shopping_forward(
    scene: Scene, left: int, u: float, woken_by: int, trips: int
) -> None:
    short_soon(scene, left).luck.of[SHOP_ON_VISIT] = u
    scene.live(woken_by)
    assert scene.counters.trips == trips


def test_the_longest_lead_counts(scene: Scene) -> None:
    need = short_soon(scene, 60).rules.need
    need.reminder_days = 6.0
    for prompted, reminder, lead in ((0, 0, 4), (0, 1, 10), (1, 0, 12), (1, 1, 12)):
        scene.inbox.prompted, scene.inbox.reminder = prompted, reminder
        assert stock.lead_today(scene.world, scene.inbox) == lead


def test_on_the_operator_s_own_channel_nothing_need_bring_it_to_mind(scene: Scene) -> None:
    short_soon(scene, 10).luck.of[CONSIDER] = 0.9999
    scene.live(VISITING)
    assert (scene.counters.recalled, scene.event.store) == (1, 1)
    assert (scene.event.advertised, scene.event.by_koc, scene.counters.advertised) == (0, 0, 0)


@pytest.mark.parametrize(
    ("u", "store"), [(0.2999, 2), (0.3001, 1)]
)  # three tenths of them weigh rivals
@pytest.mark.parametrize("why", ["visit", "reminder"])
def test_a_trip_that_the_operator_set_off_is_often_made_without_rivals(
    scene: Scene, u: float, store: int, why: str
) -> None:
    short_soon(scene, 3).rules.choose.compares_prompted = 0.3
    scene.rules.choose.reminder_recall = 1.0
    scene.inbox.reminder = float(why == "reminder")
    scene.luck.of |= {COMPARE: u, SHOP_PUBLIC: 0.5, SHOP_PLATFORM: 0.999, CONSIDER: SURE}
    scene.live(VISITING if why == "visit" else CALLED)
    assert scene.event.store == store


def test_without_a_prompt_rivals_are_always_weighed(scene: Scene) -> None:
    short_soon(scene, 3).rules.choose.compares_prompted = 0.0
    scene.today.ad_reach = 1.0
    scene.luck.of |= {COMPARE: SURE, SHOP_PUBLIC: 0.5, SHOP_PLATFORM: 0.999, CONSIDER: SURE}
    scene.live(CALLED)
    assert (scene.counters.recalled, scene.event.store) == (1, 2)
    assert COMPARE not in {purpose for purpose, _ in scene.luck.asked}


def test_whoever_compares_with_nobody_may_still_wait(scene: Scene) -> None:
    choose = short_soon(scene, 3).rules.choose
    choose.compares_prompted, choose.wait_appeal, choose.operator_appeal = 0.0, 50.0, 0.0
    scene.luck.of |= {COMPARE: 0.5}
    scene.live(VISITING)
    assert (scene.event.store, scene.counters.waits) == (-1, 1)


def test_in_a_plain_world_a_message_and_a_visit_set_nothing_off(scene: Scene) -> None:
    schedule = blank(WAKE_SCHEDULE)
    schedule.wake_day, scene.today.broadcasts[:] = DAY + 1, 3.0
    assert waking(schedule, SURE, scene.today, DAY, scene.rules.look) == ASLEEP
    scene.today.post_offer_cut, scene.today.channel_promotion_per_day = 0.5, 5.0
    scene.parent.covered_until[DIAPERS] = DAY + int(scene.rules.need.lead_days) + 1
    scene.luck.otherwise = SURE
    scene.luck.of = {POST_OFFER: SURE}
    scene.live(VISITING)
    assert (scene.event.list_fen, scene.counters.trips) == (0, 0)
