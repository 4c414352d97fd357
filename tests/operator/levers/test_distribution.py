"""Distribution: who sells on, who is called, who earns what, what wears, what it costs."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.agents.model import RepurchaseModel
from sim.behaviour import believe, look, shopping, talk
from sim.behaviour.day import CALLED, VISITING
from sim.behaviour.weighing import word_of_friends
from sim.config.loading import load
from sim.engine.warm_up import begin_strategy
from sim.operator.discovery import CAUSES
from sim.operator.hooks import LEVERS
from sim.operator.levers import distribution
from sim.operator.own_records import states_for
from sim.operator.steps import ACTED, ORDERED, REACHED
from sim.strategy.lint import doubts
from sim.world.draws import FOLLOW_CALL, OWN_DEAL, SELL, SHOP_ON_CALL, SHOP_PUBLIC
from sim.world.household import NEVER
from sim.world.state import COUNTERS
from sim.world.ties import MOST_FRIENDS, friends_of
from tests.scene import DAY, DIAPERS, Scene, blank, small_model
from tests.whole_worlds import begun, differences, eventful, same_rows

SURE = 0.0
OWN = {
    "commission": 0.1,
    "team_bonus": 0.02,
    "most_yuan_per_month": 100.0,
    "most_per_1000": 1000.0,
    "calls_per_month": 30.0,
    "cut": 0.2,
    "link_days": 7,
    "yuan_per_distributor_month": 3.0,
}


@pytest.fixture
def own(scene: Scene) -> Any:
    """The lever at full power; a call is followed, and a deal taken, at even odds."""
    record = scene.lever("distribution", **OWN)
    scene.rules.look.call_followed, scene.rules.look.fatigue_tolerance = 0.5, 1e9
    scene.rules.look.paid_call_loss = 0.0
    scene.rules.basket.deal_base = scene.rules.basket.deal_price = 0.0
    scene.rules.basket.deal_taste = scene.rules.basket.deal_told = 0.0
    return record


def state_of(scene: Scene) -> Any:
    return scene.world.states.distribution[scene.place]


def steps(scene: Scene) -> int:
    who = (scene.parent, scene.place, scene.world, DAY)
    return int(LEVERS["distribution"].reach(*who, scene.inbox, scene.event))


# -- the rules -----------------------------------------------------------------------------


def test_earning_draws_those_to_whom_money_matters_who_trust_and_who_talk() -> None:
    p = load("baseline").behaviour.talk
    usual = talk.sell_chance(0.1, 0.0, 1.0, 0.5, 0.0, p)
    assert usual == pytest.approx(1 / (1 + np.exp(-p.sell_base - 0.1 * p.sell_earning)))
    more = [(0.2, 0.0, 1.0, 0.5, 0.0), (0.1, 0.05, 1.0, 0.5, 0.0), (0.1, 0.0, 1.5, 0.5, 0.0)]
    more += [(0.1, 0.0, 1.0, 0.8, 0.0), (0.1, 0.0, 1.0, 0.5, 1.0)]
    assert all(talk.sell_chance(*each, p) > usual for each in more)
    unpaid = [talk.sell_chance(0.0, 0.0, s, 0.5, 0.0, p) for s in (0.5, 2.0)]
    assert unpaid[0] == unpaid[1], "prices matter to what one earns alone"
    own, team = (talk.sell_chance(*each, 1.0, 0.5, 0.0, p) for each in ((0.2, 0.0), (0.1, 0.1)))
    assert own > team, "what others must sell counts for less"


def test_whoever_earns_by_a_call_is_heeded_less() -> None:
    p = load("baseline").behaviour.look
    p.paid_call_loss, p.call_followed, p.fatigue_tolerance = 0.4, 0.5, 40.0
    assert look.call_heed(0.0, 1.0, p) == 1.0
    assert look.call_heed(1.0, 1.0, p) == pytest.approx(0.6)
    assert look.call_heed(0.5, 0.5, p) == pytest.approx(0.4)
    chances = [look.call_chance(1.0, heed, 1.0, 0.0, p) for heed in (0.0, 0.6, 1.0)]
    assert chances == pytest.approx([0.0, 0.3, 0.5])


@given(st.floats(0, 1000), st.floats(0, 3000))
def test_calls_wear_and_are_forgotten(worn: float, days: float) -> None:
    p = load("baseline").behaviour.believe
    assert 0.0 <= believe.worn_later(worn, days, p) <= worn
    assert 0.0 < believe.word_kept(worn, p) <= 1.0
    assert believe.word_kept(worn, p) <= believe.word_kept(believe.worn_later(worn, days, p), p)
    assert believe.worn_later(worn, p.worn_half_life_days, p) == pytest.approx(worn / 2)
    assert believe.word_kept(0.0, p) == 1.0
    assert believe.word_kept(p.worn_half, p) == pytest.approx(0.5)


def test_what_friends_say_counts_for_less_to_the_worn(scene: Scene) -> None:
    scene.rules.believe.friend_weight, scene.rules.believe.worn_half = 1.0, 10.0
    moved = []
    for worn in (0.0, 10.0, 90.0):
        scene.parent.trust, scene.parent.trust_weight = 0.5, 4.0
        names = np.zeros(MOST_FRIENDS, np.int64)
        known = friends_of(scene.place, scene.world.ties, names)
        scene.world.ordered_on[names[:known]] = DAY
        scene.world.opinions[names[:known]] = 101
        scene.inbox.friends_worn = worn
        word_of_friends(scene.parent, scene.world, scene.place, DAY, scene.inbox)
        moved.append(scene.parent.trust_weight - 4.0)
    assert moved == pytest.approx([1.0, 0.5, 0.1])


def test_a_paid_friend_s_word_sells_less(scene: Scene) -> None:
    scene.rules.look.paid_call_loss, scene.rules.believe.worn_half = 0.4, 10.0
    inbox = scene.inbox
    inbox.call_followed, inbox.friend_call = 1.0, 2.0
    told = []
    for paid, worn in ((0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (2.0, 10.0)):
        inbox.call_paid, inbox.friends_worn = paid, worn
        told.append(shopping.called_to(scene.world, inbox))
    assert told == pytest.approx([1.0, 0.8, 0.6, 0.3])
    inbox.call_followed = 0.0
    assert shopping.called_to(scene.world, inbox) == 0.0


# -- a household's day ---------------------------------------------------------------------


def test_a_member_of_the_private_domain_may_wish_to_sell(scene: Scene, own: Any) -> None:
    chance = talk.sell_chance(0.1, 0.02, 1.0, 0.5, 0.0, scene.rules.talk)
    scene.parent.in_private_domain = 1
    for u, wished in ((chance * 0.999, 1), (chance * 1.001, 0)):
        scene.luck.of[SELL] = u
        scene.spend(VISITING)
        assert (state_of(scene).wishes, scene.event.distribution_wished) == (wished, wished)
        assert steps(scene) == REACHED + (ACTED if wished else 0)
        state_of(scene).wishes = 0
    assert (SELL, scene.parent.family) in scene.luck.asked, "a first wish lasts"
    assert (scene.costs(), scene.discounts()) == ({}, {})


@pytest.mark.parametrize("why", ["power", "outside", "sells already", "does not look in"])
def test_who_is_not_asked(scene: Scene, own: Any, why: str) -> None:
    own.power = 0.0 if why == "power" else 1.0
    scene.parent.in_private_domain = 0 if why == "outside" else 1
    state_of(scene).since_day = DAY if why == "sells already" else NEVER
    scene.luck.of[SELL] = SURE
    scene.spend(CALLED if why == "does not look in" else VISITING)
    assert (state_of(scene).wishes, scene.event.distribution_wished) == (0, 0)


def called(scene: Scene, calls: int = 1, days_ago: int = 0) -> Scene:
    state = state_of(scene)
    state.called_day = state.link_day = DAY - days_ago
    state.calls, state.seller = calls, 20
    return scene


def test_a_friend_who_is_called_may_look_and_buy(scene: Scene, own: Any) -> None:
    """A stranger, at even odds, twice: a pack for 80 yuan in place of 100."""
    called(scene).luck.of |= {FOLLOW_CALL: 0.499, OWN_DEAL: 0.499, OWN_DEAL + 1: SURE}
    scene.spend(CALLED)
    event, state = scene.event, state_of(scene)
    assert (event.list_fen, event.paid_fen) == (10_000, 8_000)
    assert CAUSES[event.cause] == "distribution"
    assert (event.distribution_called, event.distribution_looked_in) == (1, 1)
    assert event.distribution_bought == 1
    assert (state.sale_fen, state.bought_of) == (8_000, 20)
    assert (scene.costs(), scene.discounts()) == ({}, {"distribution": 2_000})
    assert steps(scene) == REACHED + ACTED + ORDERED


def test_who_runs_short_soon_shops_by_the_link(scene: Scene, own: Any) -> None:
    """What is needed, all of it at the friend's price, and the friend earns by all of it."""
    rules = scene.rules
    rules.need.visit_days, rules.look.shops_on_call = 12.0, 1.0
    rules.need.cover_days, rules.need.promotion_cover = 30.0, 0.0
    rules.choose.wait_appeal, scene.parent.habit = -50.0, [0.1, 0.1, 0.4, 0.2, 0.2]
    scene.parent.covered_until[DIAPERS] = DAY + 5
    called(scene).luck.of |= {FOLLOW_CALL: SURE, SHOP_ON_CALL: SURE, SHOP_PUBLIC: 1 - 1e-12}
    scene.spend(CALLED)
    event, state = scene.event, state_of(scene)
    assert event.packs[DIAPERS] > 1
    assert CAUSES[event.cause] == "distribution"
    assert state.sale_fen == event.paid_fen == event.list_fen * 8 // 10
    assert scene.discounts() == {"distribution": event.list_fen * 2 // 10}


@pytest.mark.parametrize(
    ("luck", "days_ago", "who"),
    [
        (0.501, 0, {}),
        (SURE, 1, {}),  # it is called on the first day alone
        (SURE, 0, {"avoids_until": DAY + 1}),
    ],
)
def test_who_does_not_look_does_not_buy(
    scene: Scene, own: Any, luck: float, days_ago: int, who: dict[str, int]
) -> None:
    called(scene, days_ago=days_ago).luck.of |= {FOLLOW_CALL: luck, OWN_DEAL: SURE}
    vars(scene.parent).update(who)
    scene.spend(CALLED)
    assert (scene.event.list_fen, state_of(scene).sale_fen) == (0, 0)
    assert scene.event.distribution_looked_in == 0


@pytest.mark.parametrize(("days_ago", "cut"), [(0, 0.2), (6, 0.2), (7, 0.0), (-1, 0.0)])
def test_a_link_holds_for_so_many_days(scene: Scene, own: Any, days_ago: int, cut: float) -> None:
    called(scene, days_ago=days_ago).spend(VISITING)
    assert scene.inbox.own_deal_cut == cut


def test_at_half_of_the_power_half_is_offered(scene: Scene, own: Any) -> None:
    own.power = 0.5
    scene.parent.in_private_domain = 1
    called(scene).spend(CALLED)
    assert (scene.inbox.own_deal_cut, scene.inbox.may_sell) == (0.1, 0.5)


def test_each_call_wears_from_the_next_on(scene: Scene, own: Any) -> None:
    scene.rules.believe.worn_half, scene.rules.believe.worn_half_life_days = 2.0, 10.0
    own.link_days = 100
    called(scene, calls=2).luck.of[FOLLOW_CALL] = 0.749  # three quarters, of two at even odds
    scene.spend(CALLED)
    assert scene.inbox.call_followed == 1.0, "of today's calls it is not worn yet"
    state = state_of(scene)
    assert (state.worn, state.worn_day) == (2.0, DAY)
    state.worn_day = DAY - 10
    scene.spend(CALLED)
    assert scene.inbox.friends_worn == pytest.approx(1.0), "half of them are forgotten"
    assert scene.inbox.call_followed == 0.0, "heeded by two thirds: 1 - (2/3)² is .56"
    assert state.worn == pytest.approx(3.0)


@pytest.mark.parametrize("why", ["no power", "not for this household"])
def test_wear_outlasts_the_lever(scene: Scene, own: Any, why: str) -> None:
    if why == "no power":
        own.power = 0.0
    else:
        own.everybody, own.audience.lot = 0, 0.0
    state_of(scene).worn, state_of(scene).worn_day = 5.0, DAY
    called(scene).spend(CALLED)
    assert (scene.inbox.friends_worn, scene.inbox.friend_call) == (5.0, 0.0)


# -- nights --------------------------------------------------------------------------------


class Night:
    """Sixty households and what the lever keeps of them, in plain Python."""

    def __init__(self, **settings: Any) -> None:
        model = small_model()
        model.populate()
        self.households = model.households.view(np.recarray)
        self.households["in_private_domain"] = 1
        self.schedules = model.wake_schedules.view(np.recarray)
        self.schedules["wake_day"] = NEVER
        self.world = model.world._replace(states=states_for(60, ["distribution"]))
        self.own = self.world.levers["distribution"]
        for key, value in (OWN | {"power": 1.0, "strength": 1.0} | settings).items():
            self.own[key] = value
        self.states = self.world.states.distribution
        self.total = self.world.states.distribution_shared[0]

    def falls(self, day: int = DAY) -> int:
        """Settle and spread; what it costs, in fen."""
        counters = blank(COUNTERS)
        distribution.settle(self.world, day, counters)
        friends = np.zeros(MOST_FRIENDS, np.int64)
        distribution.spread(self.world, self.households, self.schedules, friends, day)
        return int(counters.cost_fen[self.own.line])

    def friends(self, place: int) -> set[int]:
        names = np.zeros(MOST_FRIENDS, np.int64)
        return set(names[: friends_of(place, self.world.ties, names)].tolist())

    def sells(self, place: int, since: int = DAY - 9, recruiter: int = -1) -> None:
        self.states[place].since_day, self.states[place].recruiter = since, recruiter

    def sold(self, to: int, by: int, fen: int, link_day: int = DAY) -> None:
        state = self.states[to]
        state.sale_fen, state.seller, state.link_day = fen, by, link_day


def test_who_wishes_sells_on_from_tomorrow_and_remembers_by_whom_it_came() -> None:
    night = Night(calls_per_month=0.0)
    night.states["wishes"][[7, 8, 9]] = 1
    night.states["bought_of"][8] = 20
    night.households["in_private_domain"][9] = 0  # left today
    night.falls()
    assert night.states["since_day"][[7, 8, 9]].tolist() == [DAY + 1, DAY + 1, NEVER]
    assert night.states["recruiter"][[7, 8]].tolist() == [-1, 20]
    assert (night.total.distributors, night.total.recruits) == (2, 1)
    assert night.states["wishes"].sum() == 0


@pytest.mark.parametrize(("per_1000", "power", "room"), [(100, 1.0, 6), (100, 0.5, 3), (0, 1, 0)])
def test_there_is_room_for_so_many(per_1000: float, power: float, room: int) -> None:
    night = Night(most_per_1000=per_1000, power=power)
    for day in (DAY, DAY + 1):
        night.states["wishes"] = 1
        night.falls(day)
        assert (night.states["since_day"] < NEVER).sum() == night.total.distributors == room


def test_no_place_is_always_the_first() -> None:
    firsts = set()
    for day in range(12):
        night = Night(most_per_1000=17.0, calls_per_month=0.0)  # room for one
        night.states["wishes"] = 1
        night.falls(day)
        firsts |= set(np.flatnonzero(night.states["since_day"] < NEVER).tolist())
    assert len(firsts) > 6


def test_who_leaves_the_private_domain_sells_no_longer() -> None:
    night = Night()
    night.sells(7)
    night.sells(30)
    night.households["in_private_domain"][30] = 0
    night.falls()
    assert night.states["since_day"][[7, 30]].tolist() == [DAY - 9, NEVER]
    assert night.total.distributors == 1


def test_a_distributor_calls_all_its_friends_but_those_who_sell_themselves() -> None:
    night = Night()
    night.sells(7)
    a, b, *others = sorted(night.friends(7))
    night.sells(a, since=DAY + 1)
    night.households["birth_day"][b] = NEVER  # nobody lives there
    others_of_a = night.friends(a) - {7, b}
    night.falls()
    came = set(np.flatnonzero(night.states["called_day"] == DAY + 1).tolist())
    assert came == (set(others) | others_of_a) - {a}
    for friend in others:
        state = night.states[friend]
        both = friend in others_of_a
        assert (state.calls, state.seller) == (1 + both, min(a, 7) if both else 7)
        assert (state.link_day, night.schedules["wake_day"][friend]) == (DAY + 1, DAY + 1)


def test_who_was_there_first_keeps_the_customer_while_its_link_holds() -> None:
    night = Night()
    night.sells(7)
    friend = min(night.friends(7))
    night.states[friend].seller, night.states[friend].link_day = 40, DAY - 5
    night.falls()
    assert (night.states[friend].seller, night.states[friend].link_day) == (40, DAY - 5)
    assert night.states[friend].calls == 1, "called it is all the same"
    night.falls(DAY + 1)
    assert (night.states[friend].seller, night.states[friend].link_day) == (7, DAY + 2)
    night.falls(DAY + 2)
    assert night.states[friend].link_day == DAY + 3, "renewed by who sent it"


def test_calls_are_as_many_a_month_as_is_said() -> None:
    night = Night(calls_per_month=5.0)
    for power, times in ((1.0, 60), (0.5, 30)):
        night.own.power = power
        days = [day for day in range(360) if distribution.calls_on(7, 0, night.world, day)]
        assert len(days) == times
        assert len(set(np.diff(days))) <= 2, "evenly spread"


def test_commission_and_bonus_to_the_fen() -> None:
    """A tenth of 80 yuan to who sold, two percent to who had brought it to selling, and a tenth."""
    night = Night(calls_per_month=0.0)
    night.sells(7, recruiter=30)
    night.sells(30, since=DAY - 20)
    night.total.distributors = 2
    night.sold(to=20, by=7, fen=8_000)
    night.sold(to=21, by=30, fen=1_234)  # who came by itself
    assert night.falls() == 800 + 160 + 123 + 20
    assert (night.states[7].earned_fen, night.states[30].earned_fen) == (800, 160 + 123)
    total = night.total
    assert (total.sales, total.commissions, total.bonuses) == (9_234, 923, 160)
    assert night.falls(DAY + 1) == 20, "a sale is paid for once; two distributors at 3 yuan a month"


def test_a_bonus_is_of_one_level() -> None:
    night = Night(yuan_per_distributor_month=0.0)
    night.sells(7, recruiter=30)
    night.sells(30, since=DAY - 20, recruiter=40)
    night.sells(40, since=DAY - 30)
    night.sold(to=20, by=7, fen=10_000)
    assert night.falls() == 1_000 + 200
    assert night.states[40].earned_fen == 0


@pytest.mark.parametrize("who", ["seller", "recruiter"])
def test_whoever_moved_away_or_gave_up_earns_nothing(who: str) -> None:
    """Nor does who lives there now, and sells on since."""
    for since in (NEVER, DAY + 1):
        night = Night(yuan_per_distributor_month=0.0)
        night.sells(7, since=since if who == "seller" else DAY - 9, recruiter=30)
        night.sells(30, since=since if who == "recruiter" else DAY - 20)
        night.sold(to=20, by=7, fen=10_000)
        assert night.falls() == (0 if who == "seller" else 1_000)


def test_nobody_earns_more_in_a_month_than_it_may() -> None:
    night = Night(yuan_per_distributor_month=0.0)
    night.sells(7)
    paid = []
    for day, fen in ((60, 60_000), (61, 60_000), (62, 60_000), (90, 60_000)):
        night.sold(to=20, by=7, fen=fen, link_day=day)
        paid.append(night.falls(day))
    assert paid == [6_000, 4_000, 0, 6_000], "100 yuan in each thirty days"


def test_an_audience_is_kept_to_by_night_too() -> None:
    night = Night(everybody=0)
    audience = night.world.levers["distribution"].audience
    for line in audience.dtype.names:
        audience[line] = 1.0 if line == "lot" else ~0
    audience.lot = 0.0
    night.sells(7)
    night.falls()
    assert (night.states["called_day"] == -NEVER).all()
    audience.lot = 1.0
    night.falls()
    assert (night.states["called_day"] == DAY + 1).sum() == len(night.friends(7))


def test_without_power_nobody_calls_begins_or_costs() -> None:
    night = Night(power=0.0)
    night.sells(7)
    night.states["wishes"][8] = 1
    assert night.falls() == 0
    assert (night.states["called_day"] == -NEVER).all()
    assert night.states[8].since_day == NEVER


# -- whole worlds --------------------------------------------------------------------------

LIVELY = ("run.warmup_days=0", "run.days=130", "behaviour.talk.sell_base=-2")
LIVELY += ("operator.distribution.most_per_1000=100", "behaviour.look.call_followed=0.4")
ALONE = tuple(f"operator.{name}.strength=0" for name in ("group_buying", "referral", "member_days"))


@cache
def lived(*said: str, days: int = 120) -> RepurchaseModel:
    model = begun(eventful(2000, *LIVELY, *said))
    model.live_until(days)
    return model


def column(model: RepurchaseModel, name: str) -> np.ndarray:
    return np.array([day[f"distribution_{name}"] for day in model.daily], float)


def alike(one: RepurchaseModel, other: RepurchaseModel) -> bool:
    own, others = one.state, other.state
    kept = [name for name in own if not name.startswith("states.distribution")]
    same = all(own[name].tobytes() == others[name].tobytes() for name in kept)
    return same and same_rows(*(np.concatenate(each.events) for each in (one, other)))


def own_orders(model: RepurchaseModel) -> np.ndarray:
    events = np.concatenate(model.events)
    cause = model.world.levers["distribution"].cause
    return events[(events["cause"] == cause) & (events["list_fen"] > 0)]


def test_commissions_are_their_share_of_what_links_sold() -> None:
    """With no cap, and unless the seller has gone: each order's share, in whole fen."""
    model = lived("operator.distribution.most_yuan_per_month=1e6", *ALONE)
    orders = own_orders(model)
    assert len(orders) == column(model, "bought").sum() > 100
    sales = column(model, "sales")[-1]
    assert sales == orders["paid_fen"].sum()
    due = (0.1 * orders["paid_fen"]).astype(np.int64).sum()
    commissions, bonuses = column(model, "commissions")[-1], column(model, "bonuses")[-1]
    assert 0.8 * due < commissions <= due
    assert 0 < bonuses <= 0.02 * sales
    assert 0 < column(model, "recruits")[-1] < column(model, "distributors")[-1]
    rows = np.array(model.daily)
    sellers = np.concatenate([[0], column(model, "distributors")[:-1]])
    upkeep = (sellers * 2.0 * 100.0 / 30.0).astype(np.int64).sum()
    assert rows["cost_distribution"].sum() == commissions + bonuses + upkeep


def test_caps_are_kept() -> None:
    model = lived("operator.distribution.most_yuan_per_month=20")
    states = model.world.states.distribution
    assert states["earned_fen"].max() == 2_000
    most = 2000 * 100 / 1000
    assert 0 < column(model, "distributors").max() <= most
    paid = column(model, "commissions")[-1] + column(model, "bonuses")[-1]
    assert paid <= 2_000 * most * 5  # months of 120 days, the first and the last in part
    assert paid < 0.9 * column(lived(), "commissions")[-1]


def test_calls_are_answered_less_and_less() -> None:
    """At a steady number of friends who sell; most are worn within a month."""
    model = lived("behaviour.believe.worn_half=4", *ALONE)
    answered = column(model, "looked_in").cumsum(), column(model, "called").cumsum()
    early, late = (
        (answered[0][last] - answered[0][first]) / (answered[1][last] - answered[1][first])
        for first, last in ((0, 20), (80, 119))
    )
    assert late < 0.7 * early


def test_the_more_calls_the_fewer_of_them_are_answered() -> None:
    shares, looks = [], []
    for calls in (1, 5, 20):
        model = lived(f"operator.distribution.calls_per_month={calls}", *ALONE)
        looks.append(column(model, "looked_in").sum())
        shares.append(looks[-1] / column(model, "called").sum())
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] < 0.6 * shares[0]
    assert looks == sorted(looks), "reach still grows"


def test_paid_calls_are_heeded_less() -> None:
    free, paid = (lived(f"behaviour.look.paid_call_loss={loss}", *ALONE) for loss in (0.0, 0.9))
    one, other = (
        column(model, "looked_in").sum() / column(model, "called").sum() for model in (free, paid)
    )
    assert other < 0.4 * one


def test_more_of_it_sells_more() -> None:
    doses: dict[str, tuple[float, ...]] = {
        "strength": (0.3, 0.6, 1.0),
        "commission": (0.0, 0.2, 0.5),
        "cut": (0.05, 0.3, 0.6),
        "most_per_1000": (5, 30, 100),
    }
    for key, values in doses.items():
        what = "wished" if key == "commission" else "bought"
        found = [
            column(lived(f"operator.distribution.{key}={value}", *ALONE), what).sum()
            for value in values
        ]
        assert found == sorted(set(found)), (key, found)


def test_without_strength_no_bit_is_another() -> None:
    off = "operator.distribution.strength=0"
    assert alike(lived(off), lived(off, "operator.distribution={cut: 0.8, commission: 0.5}"))
    wear = "behaviour.believe.worn_half=1", "behaviour.look.paid_call_loss=1"
    assert alike(lived(off), lived(off, *wear)), "nobody else pays for calls"
    assert not alike(lived(off), lived())


def test_until_its_first_day_nothing_is_another_and_after_its_last_nobody_calls() -> None:
    size = ("population.households=4000", "run.days=70", "run.warmup_days=60")
    size += ("behaviour.talk.sell_base=0", "operator.distribution.most_per_1000=200")
    found = []
    for said in (["strength=0"], ["from_day=20", "until_day=42"]):
        config = load("distribution", [*size, *(f"operator.distribution.{each}" for each in said)])
        model = RepurchaseModel(config, 7)
        begin_strategy(model, keep=False)
        model.live_until(70)
        found.append(model)
    called = column(found[1], "called")
    assert called[:21].sum() == called[43:].sum() == 0 < called[21:42].sum()
    rows = [np.array(model.daily) for model in found]
    assert rows[1]["cost_distribution"][43:].sum() == 0 < rows[1]["cost_distribution"].sum()
    own = [name for name in rows[0].dtype.names if "distribution" not in name]
    assert all((rows[0][name][:20] == rows[1][name][:20]).all() for name in own)


def test_an_audience_sells_and_is_called_alone() -> None:
    model = lived("operator.distribution.audience.regions=[East]")
    states = model.world.states.distribution
    for who in (states["called_day"] > -NEVER, states["since_day"] < NEVER):
        places = np.flatnonzero(who)
        assert len(places) > 10
        assert {model.regions[i] for i in model.households["region"][places]} == {"East"}


def test_engine_and_windows_live_it_to_the_same_bits() -> None:
    eager = ("behaviour.basket.deal_base=1", "operator.distribution.calls_per_month=30")
    config = eventful(300, *LIVELY, *eager, *ALONE)
    engine, windows = begun(config), begun(config)
    windows.by_windows = True
    for _ in range(40):
        engine.step()
        windows.step()
        assert differences(engine, windows) == []
    assert all(engine.state[n].tobytes() == windows.state[n].tobytes() for n in engine.state)
    assert engine.world.states.distribution_shared[0].commissions > 0


def test_what_looks_odd_is_told() -> None:
    baseline = load("baseline")
    unpaid = load("distribution", ["operator.distribution.commission=0"])
    assert any("pays nobody" in each for each in doubts(unpaid, baseline))
    shut = load("distribution", ["operator.funnel.strength=0"])
    assert any("private domain" in each for each in doubts(shut, baseline))
    assert not any("distribution" in each for each in doubts(load("distribution"), baseline))
