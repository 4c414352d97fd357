"""Group buying: who may join, whom joiners call, which groups are filled, what it costs."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.agents.model import RepurchaseModel
from sim.behaviour.day import CALLED, CLICKING, VISITING
from sim.config.loading import load
from sim.engine.warm_up import begin_strategy
from sim.operator.discovery import CAUSES
from sim.operator.levers import group_buying
from sim.operator.own_records import states_for
from sim.strategy.lint import doubts
from sim.world.draws import DUE_WHAT, FOLLOW_CALL, PLEDGE, SHOP_ON_CALL
from sim.world.household import NEVER
from sim.world.state import COUNTERS
from sim.world.ties import MOST_FRIENDS, friends_of
from tests.scene import DAY, DIAPERS, Scene, blank, small_model
from tests.whole_worlds import begun, differences, eventful, same_rows

SURE = 0.0
# Day 10 is the first of a round, 12 its last.
OWN = {
    "days_between": 10,
    "open_days": 3,
    "least_members": 3,
    "cut": 0.2,
    "cut_per_member": 0.05,
    "deepest_cut": 0.28,
    "yuan_per_round": 120.0,
}


@pytest.fixture
def own(scene: Scene) -> Any:
    """The lever at full power on the first day of a round; whoever looks joins at even odds."""
    scene.world = scene.world._replace(states=states_for(60, ["group_buying"]))
    scene.rules.look.call_followed, scene.rules.look.fatigue_tolerance = 0.5, 1e9
    scene.rules.basket.deal_base = scene.rules.basket.deal_price = 0.0
    scene.rules.basket.deal_taste = 0.0
    return scene.lever("group_buying", **OWN)


def state_of(scene: Scene) -> Any:
    return scene.world.states.group_buying[scene.place]


# -- a household's day ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("woken_by", "u", "day", "joins"),
    [
        (VISITING, 0.499, DAY, 1),
        (VISITING, 0.501, DAY, 0),
        (VISITING, SURE, DAY + 2, 1),
        (VISITING, SURE, DAY + 3, 0),  # closed
        (CALLED, SURE, DAY, 0),  # it does not look in
        (CLICKING, SURE, DAY, 0),
    ],
)
def test_whoever_looks_in_during_a_round_may_join(
    scene: Scene, own: Any, woken_by: int, u: float, day: int, joins: int
) -> None:
    scene.day, scene.luck.of[PLEDGE] = day, u
    scene.spend(woken_by)
    assert state_of(scene).joined == joins
    own_costs = scene.costs().get("group_buying"), scene.discounts().get("group_buying")
    assert (scene.event.list_fen, *own_costs) == (0, None, None), "not yet"


@pytest.mark.parametrize("why", ["power", "in a group", "avoids"])
def test_who_may_not(scene: Scene, own: Any, why: str) -> None:
    own.power = 0.0 if why == "power" else 1.0
    state_of(scene).group = 0 if why == "in a group" else -1
    scene.parent.avoids_until = DAY + 1 if why == "avoids" else -NEVER
    scene.luck.of[PLEDGE] = SURE
    scene.spend(VISITING)
    assert state_of(scene).joined == 0


def test_whoever_has_just_ordered_hardly_joins(scene: Scene, own: Any) -> None:
    scene.parent.last_order_day, scene.rules.basket.deal_rest_days = DAY - 30, 30.0
    scene.luck.of[PLEDGE] = 0.251  # half of even odds
    scene.spend(VISITING)
    assert state_of(scene).joined == 0


def test_friends_who_call_are_looked_into_and_believed(scene: Scene, own: Any) -> None:
    """Two friends at even odds each are followed in three cases of four, by a stranger too."""
    state = state_of(scene)
    state.called_day, state.calls = DAY, 2
    scene.rules.basket.deal_told = 1.0
    for u, followed in ((0.749, 1), (0.751, 0)):
        scene.luck.of |= {FOLLOW_CALL: u, PLEDGE: 0.73}
        scene.spend(CALLED)
        assert state.joined == followed
        state.joined = 0


def test_nobody_shops_with_what_is_had_later(scene: Scene, own: Any) -> None:
    """Who is called and runs short soon joins as anybody does, and shops when it would anyway."""
    rules, state = scene.rules, state_of(scene)
    rules.need.visit_days, rules.look.shops_on_call = 12.0, 1.0
    scene.parent.covered_until[DIAPERS] = DAY + 5
    state.called_day, state.calls = DAY, 1
    scene.luck.of |= {FOLLOW_CALL: SURE, PLEDGE: SURE, SHOP_ON_CALL: SURE}
    scene.spend(CALLED)
    assert (scene.inbox.prompted, scene.event.store, state.joined) == (0.0, -1, 1)


def test_what_was_granted_goes_through_and_is_booked(scene: Scene, own: Any) -> None:
    own.power = 0.0  # whatever the operator does now
    state = state_of(scene)
    state.due_day, state.due_cut = DAY, 0.25
    scene.luck.of[DUE_WHAT] = SURE
    scene.spend(CALLED)
    assert (scene.event.list_fen, scene.event.paid_fen) == (10_000, 7_500)
    assert CAUSES[scene.event.cause] == "group_buying"
    assert (scene.costs(), scene.discounts()) == ({}, {"group_buying": 2_500})
    assert scene.event.group_buying_bought == 1


def test_a_round_is_paid_for_on_its_first_day(scene: Scene, own: Any) -> None:
    line = scene.world.levers["group_buying"].line
    for day, fen in ((DAY, 12_000), (DAY + 1, 0), (DAY + 10, 12_000)):
        counters = blank(COUNTERS)
        group_buying.settle(scene.world, day, counters)
        assert counters.cost_fen[line] == fen
    own.power = 0.0
    counters = blank(COUNTERS)
    group_buying.settle(scene.world, DAY, counters)
    assert sum(counters.cost_fen) == 0


def test_the_price_falls_with_members_to_its_least() -> None:
    own = Night().own
    cuts = [group_buying.price_cut(own, members) for members in (0, 2, 3, 4, 5, 50)]
    assert cuts == pytest.approx([0.0, 0.0, 0.2, 0.25, 0.28, 0.28])
    own.power = 0.5
    assert group_buying.price_cut(own, 3) == pytest.approx(0.1)
    own.deepest_cut = 0.1
    own.power = 1.0
    assert group_buying.price_cut(own, 9) == pytest.approx(0.2), "never dearer than it was told"


# -- nights --------------------------------------------------------------------------------


class Night:
    """Sixty households and what the lever keeps of them, in plain Python."""

    def __init__(self, **settings: Any) -> None:
        model = small_model()
        model.populate()
        self.households = model.households.view(np.recarray)
        self.schedules = model.wake_schedules.view(np.recarray)
        self.schedules["wake_day"] = NEVER
        self.world = model.world._replace(states=states_for(60, ["group_buying"]))
        self.own = self.world.levers["group_buying"]
        for key, value in (OWN | {"power": 1.0, "strength": 1.0} | settings).items():
            self.own[key] = value
        self.states = self.world.states.group_buying
        self.total = self.world.states.group_buying_shared[0]

    def falls(self, day: int, *joiners: int) -> None:
        self.states["joined"][list(joiners)] = 1
        friends = np.zeros(MOST_FRIENDS, np.int64)
        group_buying.spread(self.world, self.households, self.schedules, friends, day)
        assert self.states["joined"].sum() == 0

    def friends(self, place: int) -> list[int]:
        names = np.zeros(MOST_FRIENDS, np.int64)
        return names[: friends_of(place, self.world.ties, names)].tolist()


def test_who_joins_alone_begins_a_group_and_calls_friends() -> None:
    night = Night()
    night.falls(DAY, 7)
    friends = night.friends(7)
    assert night.states["group"][7] == 0
    assert set(np.flatnonzero(night.states["called_day"] == DAY + 1)) == set(friends)
    assert (night.states["calls"][friends] == 1).all()
    assert (night.schedules["wake_day"][friends] == DAY + 1).all()
    assert (night.schedules["wake_day"] < NEVER).sum() == len(friends)
    assert (night.total.open_groups, night.total.in_groups, night.total.started) == (1, 1, 1)


def test_a_friend_who_was_called_joins_that_group_and_calls_on() -> None:
    night = Night()
    night.falls(DAY, 7)
    friend = night.friends(7)[0]
    night.falls(DAY + 1, friend)
    assert night.states["group"][friend] == 0
    assert (night.total.open_groups, night.total.in_groups) == (1, 2)
    assert night.states["called_day"][7] == -NEVER, "who is in a group is not called"
    both = set(night.friends(7)) & set(night.friends(friend)) - {7, friend}
    assert all(night.states["calls"][each] == 1 for each in both), "one of them calls tonight"


def test_members_of_a_chat_fill_its_first_group() -> None:
    """Whoever joins uncalled and without a friend there sees what is open in its chat."""
    night = Night()
    near = {7, *night.friends(7)}
    near |= {each for place in near for each in night.friends(place)}
    one, two, three = sorted(set(range(60)) - near)[:3]
    night.households["group"][[7, one]] = 4
    night.households["group"][two] = 5
    night.falls(DAY, 7)
    night.states["called_day"] = -NEVER
    others = [place for place in (one, two) if place not in night.friends(7)]
    night.falls(DAY + 1, *others)
    assert night.states["group"][one] == 0
    assert night.states["group"][two] != 0 or two in night.friends(one)
    assert night.states["group"][three] == -1


def test_on_the_last_night_nobody_is_called_and_groups_are_counted() -> None:
    night = Night()
    one, two, *_ = night.friends(7)
    night.falls(DAY, 7)
    night.falls(DAY + 1, one, two)
    strangers = set(range(60)) - {7, one, two}
    strangers -= {each for place in (7, one, two) for each in night.friends(place)}
    lonely = min(strangers)
    night.schedules["wake_day"] = NEVER
    night.falls(DAY + 2, lonely)
    total = night.total
    assert (total.started, total.filled, total.expired, total.granted) == (2, 1, 1, 3)
    assert (total.open_groups, total.in_groups) == (0, 0)
    due = np.flatnonzero(night.states["due_day"] == DAY + 3)
    assert set(due) == {7, one, two}
    assert night.states["due_cut"][due] == pytest.approx(0.2)
    assert set(np.flatnonzero(night.schedules["wake_day"] < NEVER)) == {7, one, two}
    assert (night.states["group"] == -1).all()


def test_where_the_operator_stops_groups_expire() -> None:
    night = Night(least_members=2)
    night.falls(DAY, 7, night.friends(7)[0])
    night.own.power = 0.0
    night.falls(DAY + 1)
    assert (night.total.started, night.total.filled, night.total.expired) == (1, 0, 1)
    assert (night.states["group"] == -1).all()


# -- whole worlds --------------------------------------------------------------------------

LIVELY = ("run.warmup_days=0", "run.days=130", "operator.group_buying.days_between=6")
LIVELY += ("behaviour.basket.deal_base=-1", "behaviour.look.call_followed=0.4")


@cache
def lived(*said: str, days: int = 120) -> RepurchaseModel:
    model = begun(eventful(2000, *LIVELY, *said))
    model.live_until(days)
    return model


def column(model: RepurchaseModel, name: str) -> np.ndarray:
    return np.array([day[f"group_buying_{name}"] for day in model.daily], float)


def alike(one: RepurchaseModel, other: RepurchaseModel) -> bool:
    own, others = one.state, other.state
    kept = [name for name in own if not name.startswith("states.group_buying")]
    same = all(own[name].tobytes() == others[name].tobytes() for name in kept)
    return same and same_rows(*(np.concatenate(each.events) for each in (one, other)))


def test_groups_and_members_add_up() -> None:
    model = lived()
    started, filled, expired = (column(model, name) for name in ("started", "filled", "expired"))
    assert (started == filled + expired + column(model, "open_groups")).all()
    assert filled[-1] > 10
    assert expired[-1] > 10
    granted, bought = column(model, "granted"), column(model, "bought").sum()
    lost = granted[-2] - bought  # out of stock, turned away, or grown up by then
    assert 0 <= lost < 0.5 * granted[-2]
    assert bought > 30
    assert 2 * filled[-1] <= granted[-1] <= column(model, "joins").sum()
    events = np.concatenate(model.events)
    orders = events[(events["cause"] == model.world.levers["group_buying"].cause)]
    orders = orders[orders["list_fen"] > 0]
    assert len(orders) == bought
    rounds = set(np.unique(orders["day"] % 6).tolist())
    assert rounds == {3}, "on the morning after the last night of a round"


def test_what_it_costs_is_rounds_and_the_cut() -> None:
    model = lived()
    rows = np.array(model.daily)
    paid = rows["cost_group_buying"]
    assert set(np.flatnonzero(paid > 0) % 6) == {0}
    assert set(paid[paid > 0]) == {int(model.config.operator.group_buying.yuan_per_round * 100)}
    bought = column(model, "bought") > 0
    assert ((rows["discount_group_buying"] > 0) <= bought).all()
    assert rows["discount_group_buying"].sum() > 0


def test_more_of_it_fills_more() -> None:
    doses: dict[str, tuple[float, ...]] = {
        "strength": (0.2, 0.6, 1.0),
        "cut": (0.05, 0.3, 0.6),
        "least_members": (5, 3, 2),
        "open_days": (1, 2, 4),
    }
    for key, values in doses.items():
        deep = "operator.group_buying.deepest_cut=0.9"
        bought = [
            column(lived(deep, f"operator.group_buying.{key}={value}"), "bought").sum()
            for value in values
        ]
        assert bought == sorted(set(bought)), (key, bought)


def test_calls_of_friends_fill_groups() -> None:
    deaf = lived("behaviour.look.call_followed=0")
    assert column(deaf, "looked_in").sum() == 0
    assert column(deaf, "granted")[-1] < 0.8 * column(lived(), "granted")[-1]


def test_without_strength_no_bit_is_another() -> None:
    off = "operator.group_buying.strength=0"
    assert alike(lived(off), lived(off, "operator.group_buying={cut: 0.8, least_members: 3}"))
    assert not alike(lived(off), lived())


def test_until_its_first_day_nothing_is_another_and_after_its_last_groups_are_gone() -> None:
    size = ("population.households=4000", "run.days=70", "run.warmup_days=60")
    size += ("behaviour.basket.deal_base=-2", "operator.group_buying.days_between=7")
    found = []
    for said in (["strength=0"], ["from_day=20", "until_day=42"]):
        config = load("group_buying", [*size, *(f"operator.group_buying.{each}" for each in said)])
        model = RepurchaseModel(config, 7)
        begin_strategy(model, keep=False)
        model.live_until(70)
        found.append(model)
    joins = column(found[1], "joins")
    assert joins[:20].sum() == joins[42:].sum() == 0 < joins[20:42].sum()
    assert column(found[1], "open_groups")[42:].sum() == 0
    one, other = (np.array(model.daily)[:20] for model in found)
    own = [name for name in one.dtype.names if "group_buying" not in name]
    assert all((one[name] == other[name]).all() for name in own)


def test_an_audience_joins_and_is_called_alone() -> None:
    model = lived("operator.group_buying.audience.regions=[East]")
    events = np.concatenate(model.events)
    joined = events["household"][events["group_buying_joins"] > 0]
    assert len(joined) > 10
    regions = [model.regions[i] for i in model.households["region"][joined]]
    assert set(regions) == {"East"}
    called = np.flatnonzero(model.world.states.group_buying["called_day"] > -NEVER)
    assert {model.regions[i] for i in model.households["region"][called]} == {"East"}


def test_engine_and_windows_live_it_to_the_same_bits() -> None:
    eager = ("behaviour.basket.deal_base=3", "behaviour.look.call_followed=1")
    config = eventful(300, *LIVELY, *eager, "operator.group_buying.least_members=2")
    engine, windows = begun(config), begun(config)
    windows.by_windows = True
    for _ in range(32):
        engine.step()
        windows.step()
        assert differences(engine, windows) == []
    assert all(engine.state[n].tobytes() == windows.state[n].tobytes() for n in engine.state)
    assert engine.world.states.group_buying_shared[0].filled > 0


def test_what_looks_odd_is_told() -> None:
    baseline = load("baseline")
    none = load("group_buying", ["operator.group_buying.cut=0"])
    assert any("nothing to join for" in each for each in doubts(none, baseline))
    flat = load("group_buying", ["operator.group_buying.deepest_cut=0.1"])
    assert any("no deeper" in each for each in doubts(flat, baseline))
    assert not any("group_buying" in each for each in doubts(load("group_buying"), baseline))
