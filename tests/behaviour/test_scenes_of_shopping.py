"""Scenes of shopping by example: recalling, weighing stores, the basket, the till, the cupboard."""

import math

import pytest

from sim.behaviour import stock, weighing
from sim.behaviour.day import CALLED
from sim.behaviour.ordering import (
    ANYTHING,
    BY_NEED,
    BY_REMINDER,
    appealing_category,
    place_order,
)
from sim.behaviour.shopping import go_shopping
from sim.behaviour.weighing import (
    OFFLINE,
    PLATFORM,
    PRIVATE_STORE,
    PUBLIC_STORE,
    SPECIALIST,
    WAIT,
    benefit,
    choose_store,
    credible_posts,
    liking,
    operator_utility,
    proof_from_friends,
    rival_utility,
)
from sim.world.draws import (
    CONSIDER,
    CROSS_SELL,
    DELIVERY,
    IMPRESSION,
    NEXT_NEED,
    PASSING_TASTE,
    REDEEM,
    SHOP_OFFLINE,
    SHOP_PLATFORM,
    SHOP_PRIVATE,
    SHOP_PUBLIC,
    SHOP_SPECIALIST,
    SHOP_WAIT,
    UNFILLED,
)
from sim.world.followers import followed
from sim.world.household import MOST_COUNTED, NEVER
from sim.world.ties import MOST_FRIENDS, friends_of
from tests.scene import DAY, DIAPERS, WASH_CARE, Scene

SURE, EVEN, NOT_QUITE = 0.0, 0.5, 1e-9
about = pytest.approx


def indifferent(scene: Scene) -> Scene:
    """A household that needs diapers now, recalls the operator, and to whom no store is better."""
    scene.parent.covered_until[DIAPERS] = DAY
    scene.parent.covered_until[WASH_CARE] = DAY + 200
    choose = scene.rules.choose
    for name in vars(choose):
        if name.endswith(("_effect", "_appeal", "_recall")) or name == "private_convenience":
            setattr(choose, name, 0.0)
    choose.recall, choose.passing_share, choose.wait_appeal = 0.0, 0.0, -50.0
    choose.habit_smoothing, choose.reference_smoothing = 0.5, 0.5
    need = scene.rules.need
    need.lead_days, need.cover_days, need.bundle_days = 4.0, 30.0, 10.0
    need.promotion_cover, need.retry_days, need.festival_days = 0.0, 3, 0.0
    scene.rules.basket.cross_sell = 0.0
    scene.luck.otherwise = EVEN
    scene.today.ad_reach = 1.0
    return scene


def prefers(scene: Scene, store: int) -> Scene:
    """Luck is with one store."""
    names = (SHOP_PRIVATE, SHOP_PUBLIC, SHOP_PLATFORM, SHOP_SPECIALIST, SHOP_OFFLINE, SHOP_WAIT)
    scene.luck.of |= dict.fromkeys(names, 0.01) | {names[store]: 0.99}
    return scene


# -- going, and where ----------------------------------------------------------------------


@pytest.mark.parametrize("store", [PUBLIC_STORE, PLATFORM, SPECIALIST, OFFLINE])
def test_a_trip_to_a_store(scene: Scene, store: int) -> None:
    prefers(indifferent(scene), store).live(CALLED)
    event, parent = scene.event, scene.parent
    assert event.store == store
    assert event.packs == [0, 0, 3, 0, 0, 0, 0, 0]  # thirty days of ten a day
    assert (event.days_bought[DIAPERS], parent.covered_until[DIAPERS]) == (30, DAY + 30)
    halves = [0.0, 0.0, 0.25, 0.125, 0.125]
    halves[store] += 0.5
    assert parent.habit == about(halves)
    assert scene.counters.orders_at == [int(each == store) for each in range(5)]
    assert (scene.counters.trips, scene.counters.recalled, scene.counters.waits) == (1, 1, 0)
    assert scene.counters.days_bought[DIAPERS] == 30
    money = (30_000, 30_000, 21_000, 1) if store == PUBLIC_STORE else (0, 0, 0, 0)
    assert (event.list_fen, event.paid_fen, event.goods_cost_fen, parent.orders) == money
    assert parent.last_met_day == DAY


def test_the_private_channel_is_open_to_those_inside(scene: Scene) -> None:
    prefers(indifferent(scene), PRIVATE_STORE).parent.in_private_domain = 1
    scene.live(CALLED)
    assert scene.event.store == PRIVATE_STORE
    scene.parent.covered_until[DIAPERS], scene.event.store = DAY, -1
    scene.parent.in_private_domain = 0
    scene.live(CALLED)
    assert scene.event.store != PRIVATE_STORE


def test_waiting_is_for_some_days(scene: Scene) -> None:
    prefers(indifferent(scene), WAIT).rules.choose.wait_appeal = 0.0
    scene.live(CALLED)
    assert (scene.event.store, scene.parent.try_again_day) == (-1, DAY + 3)
    assert (scene.counters.waits, scene.counters.trips) == (1, 1)
    scene.live(CALLED)
    assert scene.counters.trips == 1, "not before it tries again"
    scene.parent.try_again_day = DAY
    scene.live(CALLED)
    assert scene.counters.trips == 2


@pytest.mark.parametrize(("left", "goes"), [(-3, True), (4, True), (5, False)])
def test_shopping_begins_when_stock_is_short(scene: Scene, left: int, goes: bool) -> None:
    prefers(indifferent(scene), PLATFORM).parent.covered_until[DIAPERS] = DAY + left
    scene.live(CALLED)
    assert (scene.counters.trips == 1) == goes


@pytest.mark.parametrize(("reminder", "festival", "lead"), [(0, 0, 4), (1, 0, 12), (0, 0.5, 9)])
def test_what_brings_shopping_forward(
    scene: Scene, reminder: float, festival: float, lead: int
) -> None:
    indifferent(scene).rules.need.reminder_days, scene.rules.need.festival_days = 8.0, 10.0
    scene.inbox.reminder, scene.today.festival = reminder, festival
    assert stock.lead_today(scene.world, scene.inbox) == lead
    scene.today.festival = 1.0
    assert stock.lead_today(scene.world, scene.inbox) == 14


def recalling(scene: Scene) -> Scene:
    """Nothing brings the operator to mind."""
    prefers(indifferent(scene), PUBLIC_STORE).today.ad_reach = 0.0
    return scene


def recalled_below(scene: Scene, chance: float) -> bool:
    """Whether the operator comes to mind with that chance."""
    found = []
    for u in (max(chance - NOT_QUITE, 0.0), chance + NOT_QUITE):
        scene.counters.recalled = 0
        scene.event.advertised = scene.event.by_koc = 0
        scene.parent.covered_until[DIAPERS] = DAY
        scene.luck.of[CONSIDER] = u
        go_shopping(
            scene.parent, scene.place, scene.world, DAY, scene.inbox, scene.event, scene.counters
        )
        scene.parent.habit = [0.0, 0.0, 0.5, 0.25, 0.25]
        found.append(scene.counters.recalled)
        scene.event.unfilled = 0
    return found == ([0, 0] if chance == 0.0 else [1, 0])


def test_a_stranger_does_not_think_of_the_operator(scene: Scene) -> None:
    assert recalled_below(recalling(scene), 0.0)
    assert scene.parent.last_met_day == -NEVER


def test_habit_brings_the_operator_to_mind(scene: Scene) -> None:
    recalling(scene).rules.choose.recall = -math.log(0.7) / 0.15  # .3 at a habit of .15
    scene.parent.habit = [0.1, 0.05, 0.35, 0.25, 0.25]
    scene.luck.of[CONSIDER] = 0.2999
    scene.live(CALLED)
    assert scene.counters.recalled == 1
    scene.parent.habit, scene.luck.of[CONSIDER] = [0.1, 0.05, 0.35, 0.25, 0.25], 0.3001
    scene.parent.covered_until[DIAPERS], scene.event.store = DAY, -1
    scene.live(CALLED)
    assert scene.counters.recalled == 1


def test_an_advertisement_brings_it_to_mind_and_is_told(scene: Scene) -> None:
    recalling(scene).today.ad_reach = 0.3
    assert recalled_below(scene, 0.3)
    scene.luck.of[CONSIDER] = 0.2999
    scene.event.store = -1
    scene.parent.covered_until[DIAPERS] = DAY
    scene.counters.advertised = 0
    scene.live(CALLED)
    assert (scene.event.advertised, scene.event.by_koc, scene.counters.advertised) == (1, 0, 1)


def test_an_advertisement_is_not_told_where_habit_would_have_done(scene: Scene) -> None:
    recalling(scene).today.ad_reach = 0.3
    scene.rules.choose.recall = -math.log(0.8) / 0.2  # .2 at a habit of .2
    for u, advertised in ((0.1999, 0), (0.2001, 1)):
        scene.parent.habit = [0.0, 0.2, 0.3, 0.25, 0.25]
        scene.event.store, scene.event.advertised = -1, 0
        scene.parent.covered_until[DIAPERS] = DAY
        scene.luck.of[CONSIDER] = u
        scene.live(CALLED)
        assert scene.event.advertised == advertised


def test_a_fresh_message_and_a_reminder_bring_it_to_mind(scene: Scene) -> None:
    choose = recalling(scene).rules.choose
    choose.message_recall, choose.reminder_recall = 0.2, 0.6
    assert recalled_below(scene, 0.0)
    scene.today.fresh_message[1] = 1.0  # after its first order, it is a customer
    scene.parent.orders = 1
    assert recalled_below(scene, 0.2)
    scene.inbox.reminder = 1.0
    scene.parent.subscribed = 0
    scene.parent.orders = 1
    assert recalled_below(scene, 0.6)


def test_friends_who_order_bring_it_to_mind(scene: Scene) -> None:
    friends = [0] * MOST_FRIENDS
    known = friends_of(scene.place, scene.world.ties, friends)
    assert known >= 2
    recalling(scene).rules.choose.friend_recall = 0.8
    scene.world.ordered_on[friends[0]] = DAY - 30
    scene.world.ordered_on[friends[1]] = DAY - 31
    assert proof_from_friends(scene.world, scene.place, DAY, scene.inbox) == 1 / known
    assert recalled_below(scene, 0.8 / known)


def followed_kocs(scene: Scene) -> list[int]:
    """A household who follows somebody, and whom."""
    for place in range(60):
        kocs = [followed(place, k, scene.world.ties) for k in range(3)]
        if any(koc >= 0 for koc in kocs):
            scene.place = place
            return [koc for koc in kocs if koc >= 0]
    raise AssertionError("nobody follows anybody")


def test_a_koc_is_heard_as_far_as_believed(scene: Scene) -> None:
    kocs = followed_kocs(recalling(scene))
    for koc in kocs:
        scene.world.kocs[koc].recent_posts = 0.5
        scene.world.kocs[koc].credibility = 0.6
    posts = 0.3 * len(kocs)
    assert credible_posts(scene.world, scene.place) == about(posts)
    scene.today.most_koc_posts = 3.0
    scene.rules.choose.koc_recall = 0.5
    scene.rules.believe.koc_weight = 0.0
    assert recalled_below(scene, 0.5 * posts)


def test_an_order_that_only_a_koc_brought_to_mind_is_told(scene: Scene) -> None:
    kocs = followed_kocs(recalling(scene))
    for koc in kocs:
        scene.world.kocs[koc].recent_posts = scene.world.kocs[koc].credibility = 1.0
    scene.today.most_koc_posts, scene.rules.choose.koc_recall = 3.0, 0.5
    believe = scene.rules.believe
    believe.koc_weight, believe.koc_evidence = 0.5, 1.0
    scene.luck.of[CONSIDER] = 0.4999
    scene.live(CALLED)
    assert (scene.event.by_koc, scene.event.advertised, scene.event.store) == (1, 0, PUBLIC_STORE)
    weight = 0.5 * len(kocs)
    assert scene.parent.trust == about((2 + weight) / (4 + weight)), "and what it said is heard"


def test_a_koc_is_not_told_where_habit_would_have_done(scene: Scene) -> None:
    kocs = followed_kocs(recalling(scene))
    scene.world.kocs[kocs[0]].recent_posts = scene.world.kocs[kocs[0]].credibility = 1.0
    scene.today.most_koc_posts, scene.rules.choose.koc_recall = 3.0, 0.5
    scene.rules.choose.recall = -math.log(0.8) / 0.2  # .2 at a habit of .2
    scene.parent.habit = [0.0, 0.2, 0.3, 0.25, 0.25]
    scene.luck.of[CONSIDER] = 0.1999
    scene.live(CALLED)
    assert (scene.event.by_koc, scene.event.store) == (0, PUBLIC_STORE)


def test_feelings_are_brought_up_to_date_before_stores_are_weighed(scene: Scene) -> None:
    prefers(indifferent(scene), PLATFORM).parent.felt_day = DAY - 7
    scene.live(CALLED)
    assert scene.parent.felt_day == DAY


# -- what speaks for a store ---------------------------------------------------------------


def utility(
    scene: Scene, store: int = PUBLIC_STORE, friends: float = 0.0, taste: float = 0.0
) -> float:
    return operator_utility(scene.parent, scene.world, DAY, store, scene.inbox, friends, taste)


def test_what_speaks_for_the_operator(scene: Scene) -> None:
    choose, parent = indifferent(scene).rules.choose, scene.parent
    assert utility(scene) == 0.0
    assert utility(scene, taste=0.3) == 0.3
    choose.operator_appeal = -0.7
    assert utility(scene) == about(-0.7)
    choose.trust_effect, parent.trust = 4.0, 0.75
    assert utility(scene) == about(0.3)
    choose.satisfaction_effect, parent.satisfaction = 2.0, 0.25
    assert utility(scene) == about(-0.2)
    choose.habit_effect, parent.habit[PUBLIC_STORE] = 3.0, 0.2
    assert utility(scene) == about(0.4)
    choose.proof_effect = 0.5
    assert utility(scene, friends=0.4) == about(0.6)
    choose.koc_effect, scene.inbox.koc_posts = 2.0, 0.25
    assert utility(scene) == about(0.4 + 0.5), "a credible recommendation"
    scene.inbox.koc_posts = 4.0
    assert utility(scene) == about(0.4 + 2.0), "and no more than one in full"
    scene.inbox.koc_posts = 0.0
    choose.price_effect, choose.reference_share = 2.0, 0.5
    parent.reference_price = 0.64  # used to better prices
    assert utility(scene) == about(0.4 + math.log(0.64))
    scene.today.cut_public, parent.price_sensitivity = 0.2, 1.5
    assert utility(scene) == about(0.4 - 3.0 * (math.log(0.8) - math.log(0.8)))
    scene.inbox.stage_advice, choose.fit_effect, choose.private_convenience = 0.5, 0.4, 0.25
    assert utility(scene) == about(0.4), "advice is in the private channel"
    private = 0.4 - 0.6 + 0.2 + 0.25 + 3.0 * math.log(0.8)
    assert utility(scene, PRIVATE_STORE) == about(private)
    scene.inbox.stage_advice = 5.0
    assert utility(scene, PRIVATE_STORE) == about(private + 0.2)


def test_what_speaks_for_its_rivals(scene: Scene) -> None:
    choose, parent = indifferent(scene).rules.choose, scene.parent
    parent.platform_taste, parent.specialist_taste, parent.offline_taste = 0.1, 0.2, 0.3
    choose.specialist_appeal, choose.offline_appeal = 0.01, 0.02
    choose.habit_effect, choose.price_effect = 2.0, 1.0
    parent.habit = [0, 0, 0.5, 0.25, 0.125]
    parent.reference_price = 0.5  # of the operator's prices
    scene.world.calendar[scene.now].rival_log_price = [-0.1, -0.2, -0.3]
    found = [rival_utility(parent, scene.world, DAY, s) for s in (PLATFORM, SPECIALIST, OFFLINE)]
    assert found == about([0.1 + 1.0 + 0.1, 0.21 + 0.5 + 0.2, 0.32 + 0.25 + 0.3])


def test_prices_that_are_in_force(scene: Scene) -> None:
    parent, today, inbox = indifferent(scene).parent, scene.today, scene.inbox

    def cut(store: int = PUBLIC_STORE) -> float:
        return weighing.price_cut(parent, scene.world, DAY, store, inbox)

    today.cut_public, today.cut_private = 0.1, 0.15
    assert (cut(), cut(PRIVATE_STORE)) == (0.1, 0.15)
    parent.coupon_percent, parent.coupon_until = 12, DAY
    assert (cut(), cut(PRIVATE_STORE)) == (0.12, 0.15)
    assert weighing.coupon_cut(parent, scene.world, DAY, PRIVATE_STORE) == 0.0
    parent.coupon_until = DAY - 1
    assert cut() == 0.1
    inbox.tier_cut = 0.05
    assert cut() == about(0.15)
    today.cut_public = 0.88
    assert cut() == 0.9, "nobody sells for less"


def test_liking_passes_and_returns_by_periods(scene: Scene) -> None:
    choose = indifferent(scene).rules.choose
    scene.parent.operator_taste, choose.passing_days, choose.passing_share = 0.5, 20, 0.36
    scene.world.demography.operator_taste_spread = 2.0
    scene.luck.of = {PASSING_TASTE: 0.8413447460685429}  # one standard deviation
    assert liking(scene.parent, scene.place, scene.world, DAY) == about(0.8 * 0.5 + 0.6 * 2.0)
    scene.luck.asked.clear()
    for day in (0, 12, 13, 32, 33):
        liking(scene.parent, 7, scene.world, day)
    periods = [day for purpose, day in scene.luck.asked if purpose == PASSING_TASTE]
    assert periods == [0, 0, 1, 1, 2], "a household's periods begin on a day of its own"


def test_a_first_impression_stays_with_strangers_and_fades_from_the_first_order_on(
    scene: Scene,
) -> None:
    choose, parent = indifferent(scene).rules.choose, scene.parent
    parent.operator_taste, choose.passing_share = 0.5, 0.0
    choose.impression_spread, choose.impression_half_life_days = 2.0, 90.0
    scene.luck.of = {IMPRESSION: 0.8413447460685429}  # one standard deviation

    def liked(day: int = DAY) -> float:
        return liking(parent, scene.place, scene.world, day)

    assert (liked(), liked(DAY + 500)) == (about(2.5), about(2.5)), "never ordered: still a guess"
    parent.orders, parent.first_order_day = 1, DAY
    assert (liked(), liked(DAY + 90), liked(DAY + 180)) == (about(2.5), about(1.5), about(1.0))
    parent.orders = 30
    assert liked(DAY + 90) == about(1.5), "it is living with it that tells, not how often"
    assert liked(DAY + 3_000) == about(0.5), "what lasts is left"
    scene.luck.of = {IMPRESSION: 1.0 - 0.8413447460685429}
    assert liked(DAY + 90) == about(-0.5), "a poor impression gives way too"
    choose.impression_spread = 0.0
    assert liked() == about(0.5), "none without a spread"
    assert len({day for purpose, day in scene.luck.asked if purpose == IMPRESSION}) == 1


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ({"points_per_yuan": 2.0, "yuan_per_point": 0.01, "points_clarity": 0.5}, 0.015),
        ({"tier_goal_yuan": 200.0}, 0.5 * 0.1 * math.exp(-2)),  # a half of it is spent
        ({"tier_goal_yuan": 100.0}, 0.0),  # reached
    ],
)
def test_benefits_of_membership(scene: Scene, what: dict[str, float], value: float) -> None:
    rewards, parent = scene.rules.rewards, scene.parent
    rewards.points_value_ratio, rewards.goal_gradient, rewards.goal_scale = 1.5, 0.1, 0.25
    rewards.tier_pull = 0.5
    parent.tier_spending_fen = 10_000
    vars(scene.inbox).update(what)
    assert benefit(parent, scene.inbox, scene.world) == 0.0, "no member"
    parent.loyalty_member = 1
    assert benefit(parent, scene.inbox, scene.world) == about(value)


def test_points_in_hand_pull_until_they_suffice_and_then_pay(scene: Scene) -> None:
    rewards, parent, inbox = scene.rules.rewards, scene.parent, scene.inbox
    rewards.points_value_ratio, rewards.goal_gradient, rewards.goal_scale = 1.5, 0.1, 0.25
    rewards.redeem_base = 0.0  # half would pay with them
    parent.loyalty_member, parent.points_new, parent.points_old = 1, 30, 20
    inbox.points_least, inbox.points_clarity, inbox.yuan_per_point = 100.0, 0.8, 0.2
    inbox.points_share = 0.3
    parent.spending_fen, parent.orders = 20_000, 2  # a hundred yuan an order
    assert benefit(parent, inbox, scene.world) == about(0.8 * 0.1 * math.exp(-2))
    parent.points_new = 80
    assert benefit(parent, inbox, scene.world) == about(0.8 * 1.5 * 0.2 * 0.5)  # of the order
    inbox.points_share = 0.1
    assert benefit(parent, inbox, scene.world) == about(0.8 * 1.5 * 0.1 * 0.5)


def choice(scene: Scene, recalled: bool = True, compares: bool = True) -> int:
    return choose_store(
        scene.parent, scene.place, scene.world, DAY, scene.inbox, 0.0, recalled, compares
    )


def test_who_does_not_come_to_mind_is_not_chosen(scene: Scene) -> None:
    prefers(indifferent(scene), PUBLIC_STORE)
    assert choice(scene) == PUBLIC_STORE
    assert choice(scene, recalled=False) in (PLATFORM, SPECIALIST, OFFLINE)


def test_luck_of_every_alternative_is_its_own(scene: Scene) -> None:
    indifferent(scene).parent.in_private_domain = 1
    scene.rules.choose.wait_appeal = 0.0
    for store in (PRIVATE_STORE, PUBLIC_STORE, PLATFORM, SPECIALIST, OFFLINE, WAIT):
        assert choice(prefers(scene, store)) == store


def test_a_strong_habit_decides_alone_under_that_rule(scene: Scene) -> None:
    indifferent(scene).rules.choose.strong_habit = 0.5
    scene.parent.habit = [0.0, 0.0, 0.1, 0.6, 0.3]
    prefers(scene, PUBLIC_STORE)
    assert choice(scene) == PUBLIC_STORE
    scene.rules.choose.kind = 2  # habit first
    assert choice(scene) == SPECIALIST
    scene.parent.habit = [0.3, 0.3, 0.4, 0.0, 0.0]
    assert choice(prefers(scene, PLATFORM)) == PUBLIC_STORE


def test_a_rival_must_be_clearly_worse_under_the_threshold_rule(scene: Scene) -> None:
    indifferent(scene).rules.choose.kind = 1
    scene.rules.choose.threshold = 0.5
    scene.rules.choose.operator_appeal = 0.49
    assert choice(scene) == PLATFORM
    scene.rules.choose.operator_appeal = 0.51
    assert choice(scene) == PUBLIC_STORE


def test_running_out_makes_waiting_worse(scene: Scene) -> None:
    choose = indifferent(scene).rules.choose
    choose.urgency_effect = 2.0
    for left, chosen in ((4, WAIT), (3, WAIT), (1, PLATFORM), (-10, PLATFORM)):
        scene.parent.covered_until[DIAPERS] = DAY + left
        choose.wait_appeal = 0.6  # a quarter of the lead time gone costs .5
        assert choice(scene, recalled=False) == chosen


# -- the basket ----------------------------------------------------------------------------


def bought(scene: Scene, store: int = PLATFORM) -> list[int]:
    scene.event.packs, scene.event.days_bought, scene.event.store = [0] * 8, [0] * 8, -1
    prefers(scene, store).live(CALLED)
    return [scene.event.packs[DIAPERS], scene.event.packs[WASH_CARE]]


@pytest.mark.parametrize(("left", "packs"), [(14, 1), (15, 0), (-5, 1)])
def test_what_runs_out_soon_is_bought_along(scene: Scene, left: int, packs: int) -> None:
    indifferent(scene).parent.covered_until[WASH_CARE] = DAY + left
    if left < 0:
        scene.parent.covered_until[DIAPERS] = DAY + 300
        assert bought(scene) == [0, 1]  # thirty days of two, not more for having run out
    else:
        assert bought(scene) == [3, packs]


def test_low_prices_fill_the_cupboard(scene: Scene) -> None:
    indifferent(scene).rules.need.promotion_cover = 2.0
    scene.world.calendar[scene.now].rival_discount = [0.5, 0.25, 0.0]
    assert bought(scene)[0] == 6
    scene.parent.covered_until[DIAPERS] = DAY
    assert bought(scene, SPECIALIST)[0] == 5  # 4.5 packs
    scene.parent.covered_until[DIAPERS] = DAY
    assert bought(scene, OFFLINE)[0] == 3
    scene.parent.covered_until[DIAPERS] = DAY
    scene.today.cut_public = 0.5
    assert bought(scene, PUBLIC_STORE)[0] == 6


def test_what_is_left_is_counted_and_pace_of_use(scene: Scene) -> None:
    indifferent(scene).parent.covered_until[DIAPERS] = DAY + 4
    assert bought(scene)[0] == 3  # 2.6
    assert scene.parent.covered_until[DIAPERS] == DAY + 4 + 30
    scene.parent.covered_until[DIAPERS], scene.parent.use_pace = DAY, 2.0
    assert bought(scene)[0] == 6
    assert scene.parent.covered_until[DIAPERS] == DAY + 30


def occasional(scene: Scene, category: int, day: int) -> Scene:
    """A need that arises on an occasion, every two days or so."""
    scene.world.use_per_day[category] = 0.5
    scene.parent.covered_until[category] = day
    return scene


def test_an_occasional_need_waits_for_company_and_goes_along(scene: Scene) -> None:
    occasional(indifferent(scene), 7, DAY + 3).parent.covered_until[DIAPERS] = DAY + 300
    scene.rules.need.patience_days = 6
    assert stock.soonest_need(scene.parent, scene.world) == DAY + 9
    assert bought(scene) == [0, 0]
    scene.parent.covered_until[DIAPERS] = DAY
    scene.luck.of[NEXT_NEED + 7] = math.exp(-2)  # after four days
    assert bought(scene) == [3, 0]
    assert scene.event.packs[7] == 1
    assert scene.event.days_bought[7] == 0
    # Bought three days early: the next occasion is so much later.
    assert scene.parent.covered_until[7] == DAY + 1 + 4 + 3


@pytest.mark.parametrize(("wait", "packs"), [(4, 1), (5, 0)])
def test_an_occasion_too_far_ahead_stays_where_it_is(scene: Scene, wait: int, packs: int) -> None:
    occasional(indifferent(scene), 7, DAY + wait)
    bought(scene)
    assert scene.event.packs[7] == packs


def test_one_more_item_by_chance_at_the_operator_alone(scene: Scene) -> None:
    basket = indifferent(scene).rules.basket
    basket.cross_sell = 0.2
    for u, store, packs in (
        (0.0999, PUBLIC_STORE, [4, 0]),  # the first half of the chance is diapers
        (0.1001, PUBLIC_STORE, [3, 1]),
        (0.1999, PUBLIC_STORE, [3, 1]),
        (0.2001, PUBLIC_STORE, [3, 0]),
        (0.0, PLATFORM, [3, 0]),
    ):
        scene.parent.covered_until[DIAPERS] = DAY
        scene.parent.covered_until[WASH_CARE] = DAY + 200
        scene.luck.of[CROSS_SELL] = u
        assert bought(scene, store) == packs, (u, store)
        assert scene.event.days_bought[WASH_CARE] == 50 * packs[1]
        assert scene.event.days_bought[DIAPERS] == 10 * packs[0]


def test_advice_of_the_day_sells_one_more_item(scene: Scene) -> None:
    basket = indifferent(scene).rules.basket
    basket.cross_sell, basket.cross_sell_advice = 0.2, 0.4
    # .2 + .4 * .5; beyond full advice there is no more of it.
    for advice, chance in ((0.0, 0.2), (0.5, 0.4), (1.0, 0.6), (5.0, 0.6)):
        for u, packs in ((chance - NOT_QUITE, [3, 1]), (chance + NOT_QUITE, [3, 0])):
            scene.parent.covered_until[DIAPERS] = DAY
            scene.parent.covered_until[WASH_CARE] = DAY + 200
            scene.inbox.stage_advice, scene.luck.of[CROSS_SELL] = advice, u
            assert bought(scene, PUBLIC_STORE) == packs


@pytest.mark.parametrize(("income", "ratio"), [(1.0, 1.0), (4.0, 2.0), (0.25, 0.5)])
def test_the_better_off_buy_dearer_lines(scene: Scene, income: float, ratio: float) -> None:
    indifferent(scene).rules.basket.upgrade_income = 0.5  # the square root of income
    scene.parent.income = income
    bought(scene, PUBLIC_STORE)
    money = (scene.event.list_fen, scene.event.goods_cost_fen)
    assert money == about((30_000 * ratio, 21_000 * ratio), abs=3)


def test_members_of_a_chat_buy_no_more_and_no_dearer_for_being_one(scene: Scene) -> None:
    basket = indifferent(scene).rules.basket
    basket.cross_sell, basket.upgrade_income = 0.2, 0.5
    scene.in_group(silent_day=NEVER)
    scene.parent.engagement = 1.0
    scene.luck.of[CROSS_SELL] = 0.2001
    assert bought(scene, PUBLIC_STORE) == [3, 0]
    assert scene.event.list_fen == 30_000


def test_appeal_decides_what_is_taken_along(scene: Scene) -> None:
    indifferent(scene).world.category["deal_appeal"][DIAPERS] = 3.0
    taken = [
        appealing_category(scene.parent, scene.world, 12, u, ANYTHING)
        for u in (0.0, 0.7499, 0.7501)
    ]
    assert taken == [DIAPERS, DIAPERS, WASH_CARE]
    scene.parent.covered_until[DIAPERS] = NEVER  # outgrown
    assert appealing_category(scene.parent, scene.world, 12, 0.0, ANYTHING) == WASH_CARE
    scene.parent.covered_until[WASH_CARE] = NEVER
    assert appealing_category(scene.parent, scene.world, 12, 0.5, ANYTHING) == 6, (
        "clothes fit every age"
    )


# -- the till ------------------------------------------------------------------------------


def order(scene: Scene, store: int = PUBLIC_STORE, cause: int = BY_NEED) -> Scene:
    """An order of two packs of diapers and one of wash and care."""
    scene.event.packs = [0, 0, 2, 0, 1, 0, 0, 0]
    indifferent(scene)
    place_order(scene.parent, scene.place, scene.world, DAY, store, cause, scene.inbox, scene.event)
    return scene


def test_a_first_order(scene: Scene) -> None:
    scene.luck.of = {DELIVERY: 0.6}
    scene.world.region.delivery_days[:] = 2.4
    scene.today.late_days = 1.5
    parent, event = order(scene).parent, scene.event
    assert (event.list_fen, event.paid_fen, event.goods_cost_fen) == (30_000, 30_000, 21_000)
    assert (event.first_order, event.cause, event.unfilled, parent.won_by) == (
        1,
        BY_NEED,
        0,
        BY_NEED,
    )
    assert (parent.first_order_day, parent.last_order_day) == (DAY, DAY)
    assert (parent.previous_order_day, parent.orders, parent.subscribed) == (-NEVER, 1, 1)
    assert (parent.spending_fen, parent.reference_price) == (30_000, 1.0)
    assert (parent.arrival_expected_day, parent.arrival_day) == (DAY + 2, DAY + 4)
    assert (parent.tier_spending_fen, event.points_issued) == (0, 0)


def test_a_later_order(scene: Scene) -> None:
    parent = scene.parent
    parent.orders, parent.first_order_day, parent.last_order_day = 4, 1, 6
    parent.spending_fen, parent.won_by, parent.arrival_day = 1_000, 2, DAY + 1
    parent.arrival_expected_day = DAY + 1
    order(scene, cause=BY_REMINDER)
    assert (scene.event.first_order, scene.event.cause, parent.won_by) == (0, BY_REMINDER, 2)
    assert (parent.first_order_day, parent.previous_order_day, parent.last_order_day) == (1, 6, DAY)
    assert (parent.orders, parent.spending_fen, parent.subscribed) == (5, 31_000, 0)
    assert (parent.arrival_day, parent.arrival_expected_day) == (DAY + 1, DAY + 1), "both together"


def test_orders_are_counted_up_to_what_the_record_holds(scene: Scene) -> None:
    scene.parent.orders = MOST_COUNTED
    assert order(scene).parent.orders == MOST_COUNTED


def test_a_coupon_is_spent_and_the_price_remembered(scene: Scene) -> None:
    parent = scene.parent
    parent.coupon_percent, parent.coupon_until = 20, DAY + 3
    event = order(scene).event
    assert (event.coupon_fen, event.paid_fen) == (6_000, 24_000)
    assert (parent.coupon_percent, parent.coupon_until) == (0, DAY)
    assert parent.reference_price == about(0.9)  # half way to .8


def test_a_coupon_is_kept_where_a_sale_or_a_deal_is_as_deep(scene: Scene) -> None:
    parent = scene.parent
    for sale, deal in ((0.2, 0.0), (0.0, 0.2), (0.3, 0.0)):
        parent.coupon_percent, parent.coupon_until = 20, DAY + 3
        scene.today.cut_public, scene.today.deal_cut = sale, deal
        event = order(scene, cause=1).event
        assert (event.coupon_fen, parent.coupon_percent, parent.coupon_until) == (0, 20, DAY + 3)
        assert event.paid_fen == 30_000 - 30_000 * max(sale, deal)


def paying_with_points(scene: Scene) -> Scene:
    rewards, inbox, parent = scene.rules.rewards, scene.inbox, scene.parent
    rewards.redeem_base, rewards.redeem_expiring = 0.0, math.log(3)
    inbox.yuan_per_point, inbox.points_share, inbox.points_least = 0.1, 0.2, 100.0
    inbox.points_per_yuan = 2.0
    parent.loyalty_member, parent.points_new, parent.points_old = 1, 300, 150
    parent.points_expire_day = DAY + 60
    scene.luck.of = {REDEEM: 0.4999}
    return scene


def test_points_pay_a_part_old_ones_first(scene: Scene) -> None:
    paying_with_points(scene).parent.points_old = 450
    event, parent = order(scene).event, scene.parent
    # A fifth of 300 yuan are 600 points; the 240 yuan paid earn 480.
    assert (event.points_redeemed, event.paid_fen, event.points_issued) == (600, 24_000, 480)
    assert (parent.points_old, parent.points_new) == (0, 300 - 150 + 480)
    assert parent.tier_spending_fen == 24_000


def test_no_more_points_than_are_held(scene: Scene) -> None:
    paying_with_points(scene)
    event, parent = order(scene).event, scene.parent
    assert (event.points_redeemed, event.paid_fen) == (450, 25_500)
    assert (parent.points_old, parent.points_new) == (0, 510)


@pytest.mark.parametrize(
    ("points_old", "expire_in", "u", "pays"),
    [
        (150, 60, 0.5001, False),
        (150, 59, 0.7499, True),  # about to expire
        (150, 59, 0.7501, False),
        (0, 59, 0.5001, False),  # nothing old is held
    ],
)
def test_who_pays_with_points(
    scene: Scene, points_old: int, expire_in: int, u: float, pays: bool
) -> None:
    parent = paying_with_points(scene).parent
    parent.points_old, parent.points_expire_day = points_old, DAY + expire_in
    scene.luck.of = {REDEEM: u}
    assert (order(scene).event.points_redeemed > 0) == pays


@pytest.mark.parametrize(
    ("who", "what", "value"),
    [
        ("parent", "loyalty_member", 0),
        ("inbox", "yuan_per_point", 0.0),
        ("inbox", "points_least", 451),
    ],
)
def test_who_cannot_pay_with_points(scene: Scene, who: str, what: str, value: float) -> None:
    setattr(getattr(paying_with_points(scene), who), what, value)
    event = order(scene).event
    assert (event.points_redeemed, event.paid_fen) == (0, 30_000)


def test_as_many_points_as_are_needed_are_enough(scene: Scene) -> None:
    paying_with_points(scene).inbox.points_least = 450.0
    assert order(scene).event.points_redeemed == 450


def test_an_order_out_of_stock_is_cancelled_and_tried_again(scene: Scene) -> None:
    scene.today.unfilled[DIAPERS], scene.today.unfilled[WASH_CARE] = 0.1, 0.3
    scene.luck.of = {UNFILLED: 0.2999}
    event, parent = order(scene).event, scene.parent
    assert (event.unfilled, event.list_fen, event.paid_fen) == (1, 0, 0)
    assert (parent.orders, parent.try_again_day, parent.avoids_until) == (0, DAY + 1, DAY + 2)
    event.unfilled, scene.luck.of = 0, {UNFILLED: 0.3}
    assert order(scene).event.unfilled == 0


def test_what_was_out_of_stock_is_looked_for_elsewhere_the_next_day(scene: Scene) -> None:
    prefers(indifferent(scene), PUBLIC_STORE).today.unfilled[DIAPERS] = 0.9
    scene.luck.of[UNFILLED] = SURE
    scene.live(CALLED)
    scene.today.unfilled[DIAPERS] = 0.0
    for later, bought_here in ((1, False), (2, True)):
        scene.day = DAY + later
        scene.event.store, scene.event.unfilled, scene.event.packs = -1, 0, [0] * 8
        scene.parent.covered_until[DIAPERS], scene.parent.try_again_day = scene.day, scene.day
        scene.live(CALLED)
        assert (scene.event.store == PUBLIC_STORE) == bought_here


def test_who_turned_away_after_a_failure_does_not_come_back_sooner_for_want_of_stock(
    scene: Scene,
) -> None:
    scene.parent.avoids_until = DAY + 300
    scene.today.unfilled[DIAPERS], scene.luck.of = 0.5, {UNFILLED: SURE}
    assert order(scene).parent.avoids_until == DAY + 300


def test_a_cancelled_trip_leaves_no_stock_and_no_habit(scene: Scene) -> None:
    prefers(indifferent(scene), PUBLIC_STORE).today.unfilled[DIAPERS] = 0.9
    scene.luck.of[UNFILLED] = SURE
    scene.live(CALLED)
    parent = scene.parent
    assert (scene.event.store, scene.event.unfilled, scene.counters.orders_at[1]) == (-1, 1, 0)
    assert parent.covered_until[DIAPERS] == DAY
    assert parent.habit == [0.0, 0.0, 0.5, 0.25, 0.25]


def test_a_reminder_is_the_cause_of_what_follows_it(scene: Scene) -> None:
    prefers(indifferent(scene), PUBLIC_STORE).inbox.reminder = 1.0
    scene.live(CALLED)
    assert scene.event.cause == BY_REMINDER


# -- the cupboard --------------------------------------------------------------------------


def test_what_a_child_has_outgrown_is_struck_off(scene: Scene) -> None:
    parent = scene.parent
    parent.covered_until[DIAPERS], parent.toilet_training_days = DAY + 60, 160
    scene.live(CALLED)
    assert parent.covered_until[DIAPERS] == NEVER  # when stock ends it is 160 days old
    parent.covered_until[DIAPERS], parent.toilet_training_days = DAY + 60, 161
    scene.live(CALLED)
    assert parent.covered_until[DIAPERS] == DAY + 60


def test_what_is_not_used_yet_waits_for_its_age(scene: Scene) -> None:
    scene.world.use_per_day[WASH_CARE, :, 12:15] = 0.0  # from 80 days of age to 170
    parent = scene.parent
    parent.covered_until[WASH_CARE] = DAY + 5
    scene.live(CALLED)
    assert parent.covered_until[WASH_CARE] == parent.birth_day + 170
    scene.world.use_per_day[WASH_CARE, :, 12:] = 0.0
    parent.covered_until[WASH_CARE] = DAY + 5
    scene.live(CALLED)
    assert parent.covered_until[WASH_CARE] == NEVER
    parent.covered_until[WASH_CARE] = DAY + 5
    scene.world.use_per_day[WASH_CARE, :, 12] = 1.0
    scene.live(CALLED)
    assert parent.covered_until[WASH_CARE] == DAY + 5


def test_a_deal_lengthens_what_is_there(scene: Scene) -> None:
    scene.event.packs[DIAPERS], scene.event.days_bought[DIAPERS] = 2, 20
    stock.receive_stock(scene.parent, 7, scene.world, DAY, scene.event, scene.counters)
    assert scene.parent.covered_until[DIAPERS] == DAY + 80
    scene.parent.covered_until[DIAPERS] = DAY - 30  # it had run out
    stock.receive_stock(scene.parent, 7, scene.world, DAY, scene.event, scene.counters)
    assert scene.parent.covered_until[DIAPERS] == DAY + 20
    assert scene.counters.days_bought[DIAPERS] == 40


def test_when_the_next_occasion_comes(scene: Scene) -> None:
    scene.world.use_per_day[7] = 0.0
    scene.world.use_per_day[7, :, 13] = 0.1  # from 110 days of age on, for a month
    scene.luck.of = {NEXT_NEED + 7: math.exp(-1)}
    # A hundred days old, ten are left of this month, and ten more are waited in the next.
    assert stock.next_occasion(scene.parent, 7, scene.world, DAY, 7, 12, 100) == DAY + 1 + 20
    scene.luck.of = {NEXT_NEED + 7: math.exp(-4)}
    assert stock.next_occasion(scene.parent, 7, scene.world, DAY, 7, 12, 100) == DAY + 1 + 20_000
