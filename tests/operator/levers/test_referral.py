"""Referral: who is told, who invites whom, who earns what, and what it costs to the fen."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.agents.model import RepurchaseModel
from sim.behaviour import look, talk, weighing
from sim.behaviour.day import CALLED, VISITING
from sim.behaviour.weighing import PUBLIC_STORE
from sim.config.loading import load
from sim.engine.warm_up import begin_strategy
from sim.operator.discovery import CAUSES
from sim.operator.hooks import NAMES
from sim.operator.levers import referral
from sim.operator.own_records import states_for
from sim.strategy.lint import doubts
from sim.world.draws import (
    CONSIDER,
    FOLLOW_CALL,
    HOUSEHOLD,
    INVITE,
    OWN_DEAL,
    SHOP_ON_CALL,
    SHOP_PUBLIC,
    named_purpose,
    uniform,
)
from sim.world.household import NEVER
from sim.world.ties import MOST_FRIENDS, friends_of
from tests.scene import DAY, DIAPERS, Scene, small_model
from tests.whole_worlds import begun, differences, eventful, same_rows

SURE = 0.0
OWN = {
    "welcome_cut": 0.3,
    "welcome_days": 14,
    "reward_percent": 20,
    "reward_days": 30,
    "most_rewards": 2,
    "reminders_per_year": 0.0,
    "tells_of_friend": 1,
    "yuan_per_message": 0.05,
}


@pytest.fixture
def own(scene: Scene) -> Any:
    """The lever at full power, with room for what it keeps."""
    scene.world = scene.world._replace(states=states_for(60, ["referral"]))
    record = scene.lever("referral", **OWN)
    scene.rules.look.call_followed, scene.rules.look.fatigue_tolerance = 0.5, 1e9
    scene.rules.basket.deal_base = scene.rules.basket.deal_price = 0.0
    scene.rules.basket.deal_taste = 0.0
    return record


def state_of(scene: Scene) -> Any:
    return scene.world.states.referral[scene.place]


def shopping(scene: Scene) -> Scene:
    """Out of diapers, and lucky with the operator: three packs at 100 yuan."""
    scene.parent.covered_until[DIAPERS] = DAY
    scene.rules.need.cover_days, scene.rules.need.promotion_cover = 30.0, 0.0
    scene.rules.need.bundle_days = 0.0
    scene.rules.choose.wait_appeal, scene.rules.choose.recall = -50.0, 20.0
    scene.parent.habit = [0.1, 0.1, 0.4, 0.2, 0.2]
    scene.luck.of |= {CONSIDER: SURE, SHOP_PUBLIC: 1 - 1e-12}
    return scene


# -- the rules -----------------------------------------------------------------------------


def test_each_friend_who_calls_is_a_fresh_chance() -> None:
    p = load("baseline").behaviour.look
    p.call_followed, p.fatigue_tolerance = 0.2, 40.0
    chances = [look.call_chance(n, 1.0, 1.0, 0.0, p) for n in (0.0, 1.0, 2.0)]
    assert chances == pytest.approx([0.0, 0.2, 0.36])
    assert look.call_chance(1.0, 1.0, 1.0, 40.0, p) == pytest.approx(0.1), (
        "half of the attention is left"
    )
    p.call_followed = 1.0
    assert look.call_chance(2.0, 1.0, 1.0, 0.0, p) == 1.0


def test_a_call_is_followed_above_all_by_whoever_has_something_to_buy() -> None:
    p = load("baseline").behaviour.look
    p.call_followed, p.call_unneeded = 0.2, 0.25
    assert look.call_chance(1.0, 1.0, 0.0, 0.0, p) == pytest.approx(0.05)
    assert look.call_chance(1.0, 1.0, 1.0, 0.0, p) == pytest.approx(0.2)
    p.call_unneeded = 0.0
    assert look.call_chance(6.0, 1.0, 0.0, 0.0, p) == 0.0
    p.call_unneeded = 1.0
    both = [look.call_chance(2.0, 0.7, needed, 20.0, p) for needed in (0.0, 1.0)]
    assert both[0] == both[1], "as if nobody asked what is needed"


def test_the_satisfied_who_trust_invite_and_a_reward_or_a_host_of_ones_own_adds_to_it() -> None:
    p = load("baseline").behaviour.talk
    usual = talk.invite_chance(0.5, 0.5, 0.0, 0.0, 0.0, 0.0, p)
    assert usual == pytest.approx(1 / (1 + np.exp(-p.invite_base)))
    more = [(0.9, 0.5, 0.0, 0.0, 0.0), (0.5, 0.9, 0.0, 0.0, 0.0), (0.5, 0.5, 1.0, 0.0, 0.0)]
    more += [(0.5, 0.5, 0.0, 0.2, 0.0), (0.5, 0.5, 0.0, 0.0, 1.0)]
    assert all(talk.invite_chance(*each, 0.0, p) > usual for each in more)
    came = talk.invite_chance(0.5, 0.5, 0.0, 0.0, 1.0, 0.0, p)
    told = talk.invite_chance(0.5, 0.5, 0.0, 0.0, 1.0, 1.0, p)
    assert 1.31 < came / usual < 1.57
    assert told / came == pytest.approx(1.21, abs=0.03)


def test_whom_the_shop_suits_comes_to_mind_the_more_the_better_it_is_known() -> None:
    p = load("baseline").behaviour.talk
    assert talk.suits(0.0, p) == 1.0
    assert talk.suits(2.0, p) > talk.suits(1.0, p) > 1.0 > talk.suits(-1.0, p) > 0.0
    p.invite_match = 0.0
    assert talk.suits(5.0, p) == talk.suits(-5.0, p) == 1.0


# -- a household's day ---------------------------------------------------------------------


def test_whoever_orders_is_told_and_may_wish_to_invite(scene: Scene, own: Any) -> None:
    p = scene.rules.talk
    chance = talk.invite_chance(0.5, 0.5, 0.0, 0.2, 0.0, 0.0, p)
    for u, wished in ((chance * 0.999, 1), (chance * 1.001, 0)):
        shopping(scene).luck.of[INVITE] = u
        scene.spend(CALLED)
        assert scene.event.list_fen > 0
        assert getattr(scene.event, "referral_wished", 0) == wished or not wished
        assert state_of(scene).inviting == wished
        state_of(scene).inviting = 0
        scene.event.store = -1
    assert scene.costs() == {}


@pytest.mark.parametrize(("power", "orders"), [(0.0, True), (1.0, False)])
def test_nobody_invites_unasked(scene: Scene, own: Any, power: float, orders: bool) -> None:
    own.power = power
    if orders:
        shopping(scene)
    scene.luck.of[INVITE] = SURE
    scene.spend(CALLED if orders else VISITING)
    assert state_of(scene).inviting == 0


def test_a_household_that_can_earn_no_more_invites_for_love_alone(scene: Scene, own: Any) -> None:
    state_of(scene).earned = 2
    scene.spend(CALLED)
    assert scene.inbox.invite_reward == 0.0
    state_of(scene).year = -1  # that was last year
    scene.spend(CALLED)
    assert scene.inbox.invite_reward == 0.2


def test_whoever_came_by_a_friend_is_reminded_of_it(scene: Scene, own: Any) -> None:
    scene.spend(CALLED)
    assert (scene.inbox.came_by_friend, scene.inbox.told_of_friend) == (0.0, 0.0)
    state_of(scene).link = 1
    scene.spend(CALLED)
    assert (scene.inbox.came_by_friend, scene.inbox.told_of_friend) == (1.0, 1.0)
    own.tells_of_friend = 0
    scene.spend(CALLED)
    assert (scene.inbox.came_by_friend, scene.inbox.told_of_friend) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("who", "power", "sent"),
    [
        ({}, 1.0, 1),
        ({"orders": 0}, 1.0, 0),
        ({"subscribed": 0}, 1.0, 0),
        ({"felt_day": DAY}, 1.0, 0),
        ({}, 0.0, 0),
    ],
)
def test_a_message_goes_to_customers_who_take_messages(
    scene: Scene, own: Any, who: dict[str, int], power: float, sent: int
) -> None:
    own.reminders_per_year, own.power = 36.5, power  # one in ten days
    vars(scene.parent).update({"orders": 2, "subscribed": 1, "felt_day": DAY - 10} | who)
    scene.luck.of |= {named_purpose("referral"): 0.5, INVITE: SURE}
    scene.spend(CALLED)
    assert scene.costs() == ({"referral": 5} if sent else {})
    assert state_of(scene).inviting == sent, "heeded, as luck would have it"
    assert scene.inbox.personal_messages == sent


def test_fewer_heed_a_message_than_are_told_at_an_order(scene: Scene, own: Any) -> None:
    own.reminders_per_year = 36.5
    p = scene.rules.talk
    chance = p.invite_reminded * talk.invite_chance(0.5, 0.5, 0.0, 0.2, 0.0, 0.0, p)
    vars(scene.parent).update({"orders": 2, "subscribed": 1, "felt_day": DAY - 10})
    scene.luck.of |= {named_purpose("referral"): 0.5, INVITE: chance * 1.001}
    scene.spend(CALLED)
    assert state_of(scene).inviting == 0
    scene.parent.felt_day, scene.luck.of[INVITE] = DAY - 10, chance * 0.999
    scene.spend(CALLED)
    assert state_of(scene).inviting == 1


def invited(scene: Scene, days_ago: int = 0) -> Scene:
    state_of(scene).invited_day = DAY - days_ago
    return scene


def test_an_invited_friend_who_looks_in_may_buy(scene: Scene, own: Any) -> None:
    """At even odds but for the friend's word, and with full appetite: a pack at 30 percent off."""
    scene.rules.basket.deal_told = 0.0
    invited(scene).luck.of |= {FOLLOW_CALL: 0.499, OWN_DEAL: 0.499, OWN_DEAL + 1: SURE}
    scene.spend(CALLED)
    assert (scene.event.list_fen, scene.event.paid_fen) == (10_000, 7_000)
    assert CAUSES[scene.event.cause] == "referral"
    assert scene.event.looked == scene.event.clicked == 0, "neither a visit nor a click to pay"
    assert (scene.event.referral_looked_in, scene.event.referral_first_orders) == (1, 1)
    assert (scene.costs(), scene.discounts()) == ({}, {"referral": 3_000})
    assert state_of(scene).won == 1
    assert scene.parent.last_met_day == DAY


def needing(scene: Scene, days_left: int = 10) -> Scene:
    """Invited, and so many days from running out, where a visit brings shopping twelve forward."""
    shopping(invited(scene)).parent.covered_until[DIAPERS] = DAY + days_left
    scene.rules.need.lead_days, scene.rules.need.visit_days = 1.0, 12.0
    scene.rules.look.call_unneeded, scene.rules.look.shops_on_call = 0.5, 1.0
    return scene


@pytest.mark.parametrize(("days_left", "u"), [(13, 0.5), (14, 0.25)])
def test_who_runs_short_soon_follows_sooner(
    scene: Scene, own: Any, days_left: int, u: float
) -> None:
    """At even odds, and at half of these whoever has enough for longer."""
    for luck, follows in ((u * 0.999, 1), (u * 1.001, 0)):
        needing(scene, days_left).luck.of[FOLLOW_CALL] = luck
        scene.spend(CALLED)
        assert scene.inbox.call_followed == follows
        scene.event.store = -1
        scene.parent.orders = 0


def test_whoever_needs_something_shops_for_it_with_the_welcome_in_hand(
    scene: Scene, own: Any
) -> None:
    """An ordinary order: what was needed, all of it at the welcome price, and habit in full."""
    needing(scene).luck.of |= {FOLLOW_CALL: SURE, OWN_DEAL: SURE, SHOP_ON_CALL: SURE}
    before = scene.parent.habit[PUBLIC_STORE]
    scene.spend(CALLED)
    event, choose = scene.event, scene.rules.choose
    assert event.packs[DIAPERS] > 1
    assert event.paid_fen == event.list_fen * 7 // 10
    assert CAUSES[event.cause] == "referral"
    assert (event.referral_looked_in, event.referral_first_orders) == (1, 1)
    assert scene.discounts() == {"referral": event.list_fen * 3 // 10}
    assert state_of(scene).won == 1
    moved = scene.parent.habit[PUBLIC_STORE] - before
    assert moved == pytest.approx(choose.habit_smoothing * (1.0 - before)), "not as a deal's"
    assert OWN_DEAL not in {purpose for purpose, _ in scene.luck.asked}


@pytest.mark.parametrize("why", ["needs nothing", "decided to wait", "looks at deals alone"])
def test_whoever_does_not_shop_looks_at_the_deal(scene: Scene, own: Any, why: str) -> None:
    needing(scene, 40 if why == "needs nothing" else 10)
    scene.parent.try_again_day = DAY + 1 if why == "decided to wait" else 0
    scene.rules.look.shops_on_call = 0.0 if why == "looks at deals alone" else 1.0
    scene.luck.of |= {FOLLOW_CALL: SURE, OWN_DEAL: SURE, OWN_DEAL + 1: SURE, SHOP_ON_CALL: 0.5}
    scene.spend(CALLED)
    assert scene.inbox.prompted == 0.0
    assert scene.event.list_fen == 10_000, "one pack for the deal's sake"


def test_on_a_trip_the_welcome_counts_as_any_price_cut(scene: Scene, own: Any) -> None:
    """It is weighed, and the deeper of it and a sale is what the shop is weighed with."""
    inbox, parent, world = scene.inbox, scene.parent, scene.world
    inbox.own_deal_cut = 0.3
    for followed, prompted, cut in ((0, 0, 0.0), (1, 0, 0.0), (0, 1, 0.0), (1, 1, 0.3)):
        inbox.call_followed, inbox.prompted = float(followed), float(prompted)
        assert weighing.cut_on_trip(parent, world, DAY, PUBLIC_STORE, inbox) == cut
    scene.today.cut_public = 0.4
    assert weighing.cut_on_trip(parent, world, DAY, PUBLIC_STORE, inbox) == 0.4
    said = [
        weighing.operator_utility(parent, world, DAY, PUBLIC_STORE, inbox, 0.0, 0.0)
        for scene.today.cut_public in (0.0, 0.3)
    ]
    assert said[0] == said[1]
    inbox.call_followed, scene.today.cut_public = 0.0, 0.0
    assert weighing.operator_utility(parent, world, DAY, PUBLIC_STORE, inbox, 0.0, 0.0) < said[0]


def test_friends_are_heard_once_that_day(scene: Scene, own: Any) -> None:
    names = np.zeros(MOST_FRIENDS, np.int64)
    known = friends_of(scene.place, scene.world.ties, names)
    scene.world.ordered_on[names[:known]] = DAY
    scene.world.opinions[names[:known]] = 101
    scene.rules.believe.friend_weight = 1.0
    scene.parent.trust_weight = scene.rules.believe.prior_weight
    needing(scene).luck.of |= {FOLLOW_CALL: SURE, SHOP_ON_CALL: SURE}
    scene.spend(CALLED)
    assert scene.event.list_fen > 0
    assert scene.parent.trust_weight == pytest.approx(scene.rules.believe.prior_weight + 1.0)


def test_a_friend_s_word_sells(scene: Scene, own: Any) -> None:
    scene.rules.basket.deal_told = 1.0  # odds of e to 1: .731
    invited(scene).luck.of |= {FOLLOW_CALL: SURE, OWN_DEAL: 0.73, OWN_DEAL + 1: SURE}
    scene.spend(CALLED)
    assert scene.event.list_fen > 0


@pytest.mark.parametrize(
    ("luck", "who", "days_ago"),
    [
        ({FOLLOW_CALL: 0.501}, {}, 0),
        ({}, {"avoids_until": DAY + 1}, 0),  # has turned away
        ({}, {}, 1),  # it hears once, on the first day
        ({}, {"orders": 1}, 0),  # a customer by now
    ],
)
def test_who_does_not_look_does_not_buy(
    scene: Scene, own: Any, luck: dict[int, float], who: dict[str, int], days_ago: int
) -> None:
    invited(scene, days_ago).luck.of |= {FOLLOW_CALL: SURE, OWN_DEAL: SURE} | luck
    vars(scene.parent).update(who)
    scene.spend(CALLED)
    assert (scene.event.list_fen, state_of(scene).won) == (0, 0)
    assert scene.discounts() == {}


@pytest.mark.parametrize(("days_ago", "cut"), [(0, 0.3), (13, 0.3), (14, 0.0), (-1, 0.0)])
def test_the_welcome_holds_for_so_many_days(
    scene: Scene, own: Any, days_ago: int, cut: float
) -> None:
    invited(scene, days_ago).spend(CALLED)
    assert scene.inbox.own_deal_cut == cut


def test_at_half_of_the_power_half_is_offered(scene: Scene, own: Any) -> None:
    own.power = 0.5
    invited(scene).spend(CALLED)
    assert (scene.inbox.own_deal_cut, scene.inbox.may_invite) == (0.15, 0.5)


def test_a_coupon_that_was_earned_is_given_and_booked_when_it_is_used(
    scene: Scene, own: Any
) -> None:
    scene.lever("coupons", coupon_percent=0)
    scene.parent.orders = 1
    state_of(scene).due = 2
    scene.spend(CALLED)
    parent = scene.parent
    assert (parent.coupon_percent, parent.coupon_until) == (20, DAY + 30)
    assert (state_of(scene).due, scene.event.referral_rewarded) == (1, 1)
    assert (scene.costs(), scene.discounts()) == ({}, {}), "nothing yet"
    shopping(scene).spend(CALLED)
    assert (scene.event.coupon_fen, scene.event.paid_fen) == (6_000, 24_000)
    assert (scene.costs(), scene.discounts()) == ({}, {"referral": 6_000})
    assert state_of(scene).due == 1, "the next one once this one is spent"


def test_whose_coupon_it_is_is_remembered(scene: Scene, own: Any) -> None:
    """A coupon of the coupon lever is that lever's to book, in the same household."""
    scene.lever("coupons")
    line = NAMES.index("coupons")
    vars(scene.parent).update(coupon_percent=25, coupon_until=DAY + 3, coupon_line=line)
    state_of(scene).due = 1
    shopping(scene).spend(CALLED)
    assert scene.event.coupon_fen == 7_500
    assert scene.discounts() == {"coupons": 7_500}
    assert state_of(scene).due == 1, "less than what it holds"


# -- nights --------------------------------------------------------------------------------


class Night:
    """Sixty households and what the lever keeps of them, in plain Python."""

    def __init__(self, **settings: Any) -> None:
        model = small_model()
        model.populate()
        self.households = model.households.view(np.recarray)
        self.schedules = model.wake_schedules.view(np.recarray)
        self.schedules["wake_day"] = NEVER
        self.world = model.world._replace(states=states_for(60, ["referral"]))
        own = self.world.levers["referral"]
        for key, value in (OWN | {"power": 1.0, "strength": 1.0} | settings).items():
            own[key] = value
        self.states, self.total = self.world.states.referral, self.world.states.referral_shared[0]

    def falls(self, day: int = DAY) -> None:
        friends = np.zeros(MOST_FRIENDS, np.int64)
        referral.spread(self.world, self.households, self.schedules, friends, day)

    def friends(self, place: int) -> list[int]:
        names = np.zeros(MOST_FRIENDS, np.int64)
        return names[: friends_of(place, self.world.ties, names)].tolist()


def test_one_friend_who_is_no_customer_is_invited_and_wakes() -> None:
    night = Night()
    first, *others = night.friends(7)
    night.households["orders"][others[:-1]] = 1
    night.states["inviting"][7] = 1
    night.falls()
    able = {first, others[-1]}
    came = set(np.flatnonzero(night.states["invited_day"] == DAY + 1).tolist())
    assert len(came) == 1
    assert came <= able
    (friend,) = came
    state = night.states[friend]
    assert (state.invited_by, state.by_family, state.chain) == (7, 0, 1)
    assert night.schedules["wake_day"][friend] == DAY + 1
    assert (night.schedules["wake_day"] < NEVER).sum() == 1
    assert (night.total.invitations, night.states["inviting"].sum()) == (1, 0)
    purpose = night.world.levers["referral"].purpose + 1
    u = uniform(night.world.seed, HOUSEHOLD, 7, DAY, purpose)
    one, two = (name for name in night.friends(7) if name in able)
    p = night.world.behaviour.talk
    weights = [talk.suits(night.households["operator_taste"][name], p) for name in (one, two)]
    assert friend == (one if u < weights[0] / sum(weights) else two)


@pytest.mark.parametrize(("match", "often"), [(0.0, 0.5), (1.0, 1 / (1 + np.exp(-1.0)))])
def test_a_friend_whom_the_shop_suits_is_invited_sooner(match: float, often: float) -> None:
    """Of two, one likes it by one unit of utility more; 2,000 days, within four standard errors."""
    night = Night()
    night.world.behaviour.talk.invite_match = match
    one, two, *others = night.friends(7)
    night.households["orders"][others] = 1
    night.households["operator_taste"][[one, two]] = 1.5, 0.5
    first = 0
    for day in range(2000):
        night.states["inviting"][7] = 1
        night.falls(day)
        first += int(night.states["invited_day"][one] > -NEVER)
        night.states["invited_day"] = -NEVER
    assert night.total.invitations == 2000
    assert first / 2000 == pytest.approx(often, abs=4 * 0.5 / 2000**0.5)


def test_nobody_is_invited_who_is_a_customer_away_or_holds_an_invitation() -> None:
    night = Night()
    a, b, *others = night.friends(7)
    night.households["orders"][others] = 1
    night.households["birth_day"][a] = NEVER  # nobody lives there
    night.states["invited_day"][b] = DAY - 12  # day 13 of 14 tomorrow
    night.states["inviting"][7] = 1
    night.falls()
    assert night.total.invitations == 0
    night.states["inviting"][7] = 1
    night.falls(DAY + 1)
    assert (night.total.invitations, night.states["invited_by"][b]) == (1, 7)


def won(night: Night, host: int = 7, guest: int = 20, family: int = 0, chain: int = 1) -> None:
    state = night.states[guest]
    state.won, state.invited_by, state.by_family, state.chain = 1, host, family, chain


def test_a_friend_won_is_a_coupon_earned_up_to_the_cap() -> None:
    night = Night()
    for guest in (20, 21, 22):
        won(night, guest=guest)
    night.falls()
    host = night.states[7]
    assert (host.due, host.earned, night.total.rewards) == (2, 2, 2)
    assert night.total.guests == 3
    assert night.schedules["wake_day"][7] == DAY + 1
    won(night, guest=23)
    night.falls(365)  # another year of the strategy
    assert (host.due, host.earned, host.year) == (3, 1, 1)
    assert (night.states["won"] == 0).all()


def test_whoever_has_moved_away_earns_nothing() -> None:
    night = Night()
    night.households["family"][7] = 1
    won(night, family=0)
    night.falls()
    assert (night.total.guests, night.total.rewards, night.states[7].due) == (1, 0, 0)


def test_chains_are_counted_link_by_link() -> None:
    night = Night()
    won(night, host=7, guest=20)
    night.states["inviting"][20] = 1  # on the very day of its own first order
    night.falls()
    assert night.states[20].link == 1
    (friend,) = np.flatnonzero(night.states["invited_by"] == 20)
    assert night.states[friend].chain == 2
    night.states[friend].won = 1
    night.falls(DAY + 1)
    total = night.total
    assert (total.guests, total.guests_of_guests, total.longest_chain) == (2, 1, 2)


def test_an_audience_is_kept_to_by_night_too() -> None:
    """Whoever the lever is not for is not invited."""
    night = Night(everybody=0)
    audience = night.world.levers["referral"].audience
    for line in audience.dtype.names:
        audience[line] = 1.0 if line == "lot" else ~0
    audience.lot = 0.0
    night.states["inviting"][7] = 1
    night.falls()
    assert night.total.invitations == 0
    audience.lot = 1.0
    night.states["inviting"][7] = 1
    night.falls()
    assert night.total.invitations == 1


# -- whole worlds --------------------------------------------------------------------------

LIVELY = ("run.warmup_days=0", "run.days=130", "behaviour.talk.invite_base=0")


@cache
def lived(*said: str, days: int = 120) -> RepurchaseModel:
    model = begun(eventful(2000, *LIVELY, *said))
    model.live_until(days)
    return model


def column(model: RepurchaseModel, name: str) -> np.ndarray:
    return np.array([day[name] for day in model.daily], float)


def alike(one: RepurchaseModel, other: RepurchaseModel) -> bool:
    own, others = one.state, other.state
    kept = [name for name in own if not name.startswith("states.referral")]
    same = all(own[name].tobytes() == others[name].tobytes() for name in kept)
    return same and same_rows(*(np.concatenate(each.events) for each in (one, other)))


def test_what_is_counted_adds_up() -> None:
    model = lived("behaviour.look.call_followed=0.6")  # so that a guest has guests within 120 days
    guests, states = column(model, "referral_guests"), model.world.states.referral
    assert guests[-1] == column(model, "referral_first_orders").sum() > 50
    again = column(model, "referral_guests_of_guests")[-1]
    assert 0 < again < guests[-1]
    assert column(model, "referral_longest_chain")[-1] > 1
    earned = column(model, "referral_rewards")[-1]
    given = column(model, "referral_rewarded").sum()
    gone = earned - given - states["due"].sum()
    assert 0 <= gone <= column(model, "graduated").sum(), "who moves away leaves coupons behind"
    assert given > 20
    assert earned <= guests[-1]
    wished, sent = column(model, "referral_wished").sum(), column(model, "referral_invitations")
    assert 0 < sent[-1] <= wished
    assert 0 < column(model, "referral_looked_in").sum() <= sent[-1]
    events = np.concatenate(model.events)
    cause = model.world.levers["referral"].cause
    firsts = events[(events["cause"] == cause) & (events["list_fen"] > 0)]
    assert (firsts["first_order"] == 1).all()
    assert len(firsts) == guests[-1]


def test_no_household_earns_more_than_it_may() -> None:
    heeded = "behaviour.look.call_followed=0.6"  # so that some win more than one friend
    model = lived(heeded, "operator.referral.most_rewards=1")
    assert model.world.states.referral["earned"].max() == 1
    assert column(model, "referral_rewards")[-1] < column(lived(heeded), "referral_rewards")[-1]
    none = lived("operator.referral.most_rewards=0")
    assert column(none, "referral_rewards")[-1] == column(none, "referral_rewarded").sum() == 0


def test_more_of_it_wins_more_customers() -> None:
    for key, doses in (
        ("strength", (0.2, 0.5, 1.0)),
        ("welcome_cut", (0.0, 0.3, 0.6)),
        ("reminders_per_year", (0, 24, 240)),
    ):
        base = ["behaviour.talk.invite_reminded=1"] if key == "reminders_per_year" else []
        what = "referral_wished" if key == "reminders_per_year" else "referral_guests"
        found = []
        for dose in doses:
            told = column(lived(*base, f"operator.referral.{key}={dose}"), what)
            found.append(told.sum() if what == "referral_wished" else told[-1])
        assert found == sorted(set(found)), (key, found)


def test_reward_and_reminder_of_the_friend_move_wishes() -> None:
    wished = column(lived(), "referral_wished").sum()
    plain = lived("operator.referral.tells_of_friend=false", "operator.referral.reward_percent=0")
    assert column(plain, "referral_wished").sum() < wished


def test_without_strength_no_bit_is_another() -> None:
    off = "operator.referral.strength=0"
    loud = "operator.referral={welcome_cut: 0.9, reminders_per_year: 300}"
    assert alike(lived(off), lived(off, loud))
    idle = "operator.referral.strength=0", "operator.referral.most_rewards=1000"
    assert alike(lived(off), lived(*idle))
    assert not alike(lived(off), lived())


def test_until_its_first_day_nothing_is_another() -> None:
    size = ("population.households=4000", "run.days=60", "run.warmup_days=60")
    size += ("behaviour.talk.invite_base=3",)
    found = []
    for said in ("strength=0", "from_day=40"):
        config = load("referral", [*size, f"operator.referral.{said}"])
        model = RepurchaseModel(config, 7)
        begin_strategy(model, keep=False)
        model.live_until(60)
        found.append(model)
    days = column(found[1], "referral_wished")
    first = 40
    assert days[:first].sum() == 0 < days[first:].sum()
    one, other = (np.array(model.daily)[:first] for model in found)
    own = [n for n in one.dtype.names if not n.startswith(("referral", "cost_r", "discount_r"))]
    assert all((one[name] == other[name]).all() for name in own)


def test_engine_and_windows_live_it_to_the_same_bits() -> None:
    config = eventful(300, "run.warmup_days=0", "run.days=80", "behaviour.talk.invite_base=3")
    engine, windows = begun(config), begun(config)
    windows.by_windows = True
    for _ in range(40):
        engine.step()
        windows.step()
        assert differences(engine, windows) == []
    assert engine.state.keys() == windows.state.keys()
    assert all(engine.state[n].tobytes() == windows.state[n].tobytes() for n in engine.state)
    assert engine.world.states.referral_shared[0].guests > 0


def test_what_it_spends_is_welcome_deals_coupons_and_messages() -> None:
    givers = ("after_sales", "coupons", "milestones", "prediction", "welcome")
    others = [f"operator.{n}.strength=0" for n in givers]
    model = lived("operator.referral.yuan_per_message=1", *others)
    events = np.concatenate(model.events)
    cause = model.world.levers["referral"].cause
    deals = events[(events["cause"] == cause) & (events["list_fen"] > 0)]
    coupons = events[events["coupon_fen"] > 0]
    assert len(coupons) > 5
    given = column(model, "discount_referral").sum()
    own_deals = column(lived(*others), "discount_referral").sum()
    assert given == own_deals
    most = 0.3 * deals["list_fen"].sum() + coupons["coupon_fen"].sum()
    assert coupons["coupon_fen"].sum() <= given <= most + len(deals)
    assert column(model, "cost_referral").sum() % 100 == 0 < column(model, "cost_referral").sum()


def test_what_looks_odd_is_told() -> None:
    baseline = load("baseline")
    shut = load("referral", ["operator.referral.audience.channels=[customer]"])
    assert any("could be invited" in each for each in doubts(shut, baseline))
    plain = load("referral", ["operator.referral.welcome_cut=0"])
    assert any("no welcome deal" in each for each in doubts(plain, baseline))
    assert not any("referral" in each for each in doubts(load("referral"), baseline))
