"""After-sales care: who is written to, called, asked to test; what is forgiven, what it costs."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.agents.model import RepurchaseModel
from sim.behaviour import judge
from sim.behaviour.day import CALLED, VISITING
from sim.config.loading import load
from sim.engine.warm_up import begin_strategy
from sim.operator.hooks import LEVERS
from sim.operator.levers import after_sales
from sim.operator.steps import ACTED, ORDERED, REACHED
from sim.strategy.lint import doubts
from sim.world.draws import (
    COMPLAIN,
    DEFECT,
    FOLLOW_LETTER,
    FORGIVE,
    JOIN,
    MAKE,
    RESOLVED,
    named_purpose,
)
from sim.world.household import NEVER, WEANING_DAYS
from tests.operator.test_charges import shopping
from tests.scene import DAY, Scene
from tests.whole_worlds import begun, differences, eventful, same_rows

SURE = 0.0
LOT = named_purpose("after_sales")
OWN = {
    "explained": 0.5,
    "yuan_per_letter": 0.3,
    "recovery": 0.8,
    "gift_after_days": 3,
    "gift_percent": 15,
    "gift_days": 30,
    "yuan_per_gift": 12.0,
    "trial": 0.9,
    "trial_days": 100,
    "days_between_trials": 30,
    "yuan_per_pack": 25.0,
}


def customer(scene: Scene, power: float = 1.0, **settings: float) -> Any:
    """A subscriber whom three tenths of the lots are below; what the lever keeps of it."""
    scene.lever("after_sales", **OWN | settings).power = power
    vars(scene.parent).update({"orders": 2, "subscribed": 1, "last_order_day": DAY - 4})
    scene.luck.of[LOT] = 0.3
    return scene.world.states.after_sales[scene.place]


def comes(scene: Scene, **of_parent: float) -> Scene:
    """An order comes today, three tenths of which seem defective."""
    scene.parent.arrival_day = scene.parent.arrival_expected_day = DAY
    vars(scene.parent).update(of_parent)
    scene.today.defect_share, scene.today.first_contact_resolution = 0.3, 0.7
    scene.rules.judge.misuse_share, scene.rules.judge.complaint_chance = 0.4, 0.6
    return scene


def steps(scene: Scene) -> int:
    who = (scene.parent, scene.place, scene.world, DAY)
    return int(LEVERS["after_sales"].reach(*who, scene.inbox, scene.event))


# -- the rules -----------------------------------------------------------------------------


def test_wrong_use_is_left_out_as_far_as_use_was_explained() -> None:
    p = load("baseline").behaviour.judge
    p.misuse_share = 0.4
    chances = [judge.defect_chance(0.1, explained, p) for explained in (0.0, 0.5, 1.0)]
    assert chances == pytest.approx([0.1, 0.08, 0.06])
    assert judge.defect_chance(0.1, 0.0, p) == 0.1


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_making_good_later_never_does_more_than_solving_at_once(
    satisfaction: float, recovery: float, share: float
) -> None:
    p = load("baseline").behaviour.judge
    p.recovery_share = share
    solved = judge.experience(0.0, 1.0, 1.0, 1.0, 0.0, p)
    after = judge.satisfaction_recovered(satisfaction, recovery, p)
    assert satisfaction <= after <= max(satisfaction, solved)
    assert judge.forgive_chance(recovery, p) == share * recovery
    assert judge.satisfaction_recovered(satisfaction, 0.0, p) == satisfaction


# -- how to use it -------------------------------------------------------------------------


def test_the_first_goods_of_a_stage_come_with_a_letter(scene: Scene) -> None:
    kept = customer(scene)
    comes(scene).spend(CALLED)
    assert (scene.inbox.letter, scene.inbox.explained) == (1, 0.5)
    assert (scene.costs(), scene.discounts()) == ({"after_sales": 30}, {})
    assert kept.letter_day == DAY
    assert steps(scene) == REACHED
    comes(scene).spend(CALLED)  # the next ones
    assert (scene.inbox.letter, scene.inbox.explained) == (0, 0.5)


def test_what_was_explained_is_known_until_the_next_stage(scene: Scene) -> None:
    kept = customer(scene)
    kept.explained_stage = after_sales.stage_of(DAY - scene.parent.birth_day)
    kept.explained = 0.5
    comes(scene).spend(CALLED)
    assert (scene.inbox.letter, scene.inbox.explained, scene.costs()) == (0, 0.5, {})
    scene.parent.birth_day = DAY - WEANING_DAYS
    scene.spend(CALLED)
    assert (scene.inbox.letter, scene.inbox.explained) == (0, 0.0), "nothing comes today"
    comes(scene).spend(CALLED)
    assert (scene.inbox.letter, scene.inbox.explained) == (1, 0.5)


def test_who_knows_knows_whatever_the_operator_does_now(scene: Scene) -> None:
    kept = customer(scene, power=0.0, explained=0.9)
    kept.explained_stage = after_sales.stage_of(DAY - scene.parent.birth_day)
    kept.explained = 0.5
    scene.spend(CALLED)
    assert scene.inbox.explained == 0.5


@pytest.mark.parametrize(
    ("power", "who", "setting"),
    [
        (0.0, {}, {}),
        (0.29, {}, {}),  # not of the lot
        (1.0, {"orders": 0}, {}),
        (1.0, {"subscribed": 0}, {}),
        (1.0, {"arrival_day": DAY + 1}, {}),
        (1.0, {}, {"explained": 0.0}),
    ],
)
def test_who_gets_no_letter(
    scene: Scene, power: float, who: dict[str, int], setting: dict[str, float]
) -> None:
    customer(scene, power, **setting)
    comes(scene, **who).spend(CALLED)
    assert (scene.inbox.letter, scene.inbox.explained, scene.costs()) == (0, 0.0, {})


@pytest.mark.parametrize(("u", "defect"), [(0.239, 1), (0.241, 0)])
def test_explained_goods_seem_defective_less_often(scene: Scene, u: float, defect: int) -> None:
    """Three tenths, less four tenths of which come of wrong use, half of them prevented: .24."""
    customer(scene)
    comes(scene).luck.of[DEFECT] = u
    scene.spend(CALLED)
    assert scene.event.defect == defect


def test_a_letter_may_be_followed(scene: Scene) -> None:
    customer(scene)
    scene.rules.look.click_through = 0.5
    comes(scene).luck.of[FOLLOW_LETTER] = SURE
    scene.spend(CALLED)
    assert scene.event.looked == 1
    assert steps(scene) == REACHED + ACTED


# -- a call after a complaint --------------------------------------------------------------


def complains(scene: Scene, **luck: float) -> Any:
    """A complaint in vain today; what the lever keeps."""
    kept = customer(scene)
    comes(scene).luck.of |= {DEFECT: SURE, COMPLAIN: SURE, RESOLVED: 0.99}
    scene.spend(CALLED)
    assert scene.event.ticket == 2
    return kept


def test_whoever_complains_is_called_some_days_later(scene: Scene) -> None:
    kept = complains(scene)
    assert (kept.complained_day, kept.call_day) == (DAY, DAY + 3)
    assert scene.wake_schedule.wake_day == DAY + 3
    assert scene.inbox.recovery == 0.0, "not yet"
    scene.day, scene.luck.of = DAY + 2, {LOT: 0.3}
    scene.spend(CALLED)
    assert (scene.inbox.recovery, scene.inbox.wake_in_days) == (0.0, 1)
    scene.day = DAY + 3
    scene.counters.cost_fen[:] = [0] * len(scene.counters.cost_fen)
    scene.spend(CALLED)
    parent = scene.parent
    assert (scene.inbox.recovery, scene.inbox.personal_messages) == (0.8, 1)
    assert (parent.coupon_percent, parent.coupon_until) == (15, DAY + 33)
    assert (scene.costs(), scene.discounts()) == ({"after_sales": 1_200}, {})
    assert scene.event.after_sales_called == 1
    assert (kept.called_day, kept.call_day) == (DAY + 3, NEVER)
    scene.spend(CALLED)
    assert scene.costs() == {"after_sales": 2_400}, "of the same day"
    scene.day = DAY + 4
    scene.spend(CALLED)
    assert scene.inbox.recovery == 0.0, "once"


@pytest.mark.parametrize("why", ["nothing wrong", "says nothing", "not meant", "no call"])
def test_who_is_not_called(scene: Scene, why: str) -> None:
    power = 0.2 if why == "not meant" else 1.0
    kept = customer(scene, power, recovery=0.0 if why == "no call" else 0.8)
    comes(scene).luck.of |= {DEFECT: SURE, COMPLAIN: SURE, RESOLVED: 0.99}
    scene.luck.of[DEFECT if why == "nothing wrong" else COMPLAIN] = (
        0.99 if why in ("nothing wrong", "says nothing") else SURE
    )
    scene.spend(CALLED)
    scene.day, scene.luck.of = DAY + 3, {LOT: 0.3}
    scene.spend(CALLED)
    assert (scene.inbox.recovery, kept.called_day) == (0.0, -NEVER)
    assert scene.parent.coupon_percent == 0


def called(scene: Scene, **who: float) -> Any:
    """A customer whose call falls due today."""
    kept = customer(scene)
    kept.complained_day, kept.call_day = DAY - 3, DAY
    vars(scene.parent).update(who)
    scene.rules.judge.recovery_share = 0.5
    return kept


@pytest.mark.parametrize(("u", "forgives"), [(0.399, 1), (0.401, 0)])
def test_some_who_had_turned_away_come_back(scene: Scene, u: float, forgives: int) -> None:
    """Four fifths made good, half as good as at once: two in five; and they are reached at all."""
    called(scene, avoids_until=DAY + 300, subscribed=0)
    scene.luck.of[FORGIVE] = u
    scene.spend(CALLED)
    assert scene.parent.avoids_until == (DAY if forgives else DAY + 300)
    assert scene.event.after_sales_forgave == forgives
    assert steps(scene) == REACHED + (ACTED if forgives else 0)


@pytest.mark.parametrize("until", [-NEVER, DAY, DAY + 1])
def test_whoever_did_not_turn_away_has_nothing_to_forgive(scene: Scene, until: int) -> None:
    """An empty shelf keeps one away until tomorrow, and no call changes that."""
    called(scene, avoids_until=until).cared_day = DAY
    scene.luck.of[FORGIVE] = SURE
    scene.spend(CALLED)
    assert (scene.parent.avoids_until, scene.event.after_sales_forgave) == (until, 0)
    assert (FORGIVE, DAY) not in scene.luck.asked


def test_a_call_makes_up_for_some_of_the_disappointment(scene: Scene) -> None:
    p = scene.rules.judge
    p.defect_loss, p.solved_gain, p.smoothing = 0.5, 0.8, 0.5
    called(scene, satisfaction=0.3)
    scene.spend(CALLED)
    # Solved at once it would have been an experience of .9, of weight a half.
    assert scene.parent.satisfaction == pytest.approx(0.3 + 0.5 * 0.5 * 0.8 * 0.6)


def test_the_coupon_is_booked_when_it_is_used(scene: Scene) -> None:
    called(scene)
    shopping(scene).luck.of[LOT] = 0.3
    scene.spend(CALLED)
    assert (scene.event.coupon_fen, scene.event.paid_fen) == (4_500, 25_500)
    assert (scene.costs(), scene.discounts()) == ({"after_sales": 1_200}, {"after_sales": 4_500})
    assert steps(scene) == REACHED + ORDERED


# -- goods to test -------------------------------------------------------------------------


def told_to_test(scene: Scene, days_ago: int = 10) -> Any:
    kept = customer(scene)
    kept.complained_day = DAY - days_ago
    return kept


@pytest.mark.parametrize(("u", "joins"), [(0.449, 1), (0.451, 0)])
def test_whoever_complained_is_asked_into_a_chat_more_strongly(
    scene: Scene, u: float, joins: int
) -> None:
    """At even odds, by nine tenths in place of the programme's half."""
    p = scene.rules.talk
    p.join_base = p.join_sociability = p.join_stage = p.join_engaged = 0.0
    scene.lever("community", invitation=0.5, invited_share=1.0, entry_orders=0)
    told_to_test(scene)
    scene.parent.in_private_domain = 1
    scene.luck.of |= {named_purpose("community"): 0.5, JOIN: u}
    scene.spend(VISITING)
    assert scene.event.joined == joins


def test_without_chats_nobody_is_asked_into_one(scene: Scene) -> None:
    told_to_test(scene)
    scene.parent.in_private_domain, scene.luck.of[JOIN] = 1, SURE
    scene.spend(VISITING)
    assert (scene.inbox.trial, scene.event.joined) == (0.9, 0)


@pytest.mark.parametrize(
    ("days_ago", "tested_ago", "asked"), [(0, 999, 1), (99, 999, 1), (100, 999, 0), (40, 29, 0)]
)
def test_who_is_a_tester(scene: Scene, days_ago: int, tested_ago: int, asked: int) -> None:
    kept = told_to_test(scene, days_ago)
    kept.tested_day = DAY - tested_ago
    scene.spend(CALLED)
    assert scene.inbox.trial == 0.9 * asked


def test_a_tester_in_a_chat_gets_a_pack_and_believes_in_what_it_helped_with(scene: Scene) -> None:
    kept = told_to_test(scene)
    scene.in_group(silent_day=NEVER)
    scene.rules.talk.make_base, scene.rules.talk.make_engaged = 0.0, 0.0
    scene.rules.believe.making_weight, scene.rules.believe.making_evidence = 1.0, 0.9
    scene.luck.of[MAKE] = 0.449
    scene.spend(VISITING)
    assert (scene.event.after_sales_tested, kept.tested_day) == (1, DAY)
    assert scene.costs() == {"after_sales": 2_500}
    assert scene.parent.trust > 0.5
    assert steps(scene) == ACTED
    scene.spend(VISITING)
    assert scene.costs() == {"after_sales": 2_500}, "one pack at a time"


def test_who_makes_for_another_lever_tests_nothing_of_this(scene: Scene) -> None:
    """The stronger invitation is the one that is accepted, and paid for."""
    told_to_test(scene)
    scene.in_group(silent_day=NEVER)
    own = {"making_share": 1.0, "days_between_makings": 60, "yuan_per_maker": 40.0}
    scene.lever("honours", **own, moderators=0, yuan_per_post=0.0, yuan_per_badge_month=0.0)
    scene.world.states.honours[scene.place].badge_of = 0
    scene.rules.talk.make_base = 50.0
    scene.luck.of |= {MAKE: SURE, named_purpose("honours") + 1: SURE}
    scene.spend(VISITING)
    assert scene.costs() == {"honours": 4_000}
    scene.world.levers["after_sales"].trial = 1.0
    scene.world.states.honours[scene.place].made_day = -NEVER
    scene.world.levers["honours"].making_share = 0.0
    scene.spend(VISITING)
    assert scene.costs() == {"honours": 4_000, "after_sales": 2_500}


# -- whole worlds --------------------------------------------------------------------------

LIVELY = ("run.warmup_days=0", "run.days=130")


@cache
def lived(*said: str, days: int = 100) -> RepurchaseModel:
    model = begun(eventful(2000, *LIVELY, *said))
    model.live_until(days)
    return model


def column(model: RepurchaseModel, name: str) -> np.ndarray:
    return np.array([day[name] for day in model.daily], float)


def alike(one: RepurchaseModel, other: RepurchaseModel) -> bool:
    own, others = one.state, other.state
    kept = [name for name in own if not name.startswith("states.after_sales")]
    same = all(own[name].tobytes() == others[name].tobytes() for name in kept)
    return same and same_rows(*(np.concatenate(each.events) for each in (one, other)))


def test_everybody_who_complained_is_called_and_nobody_else() -> None:
    """All complaints but those of the last days, and of families that have left."""
    model = lived()
    events = np.concatenate(model.events)
    complained = events[(events["ticket"] > 0) & (events["day"] < 97)]
    calls = events[events["after_sales_called"] > 0]
    told = {(row["household"], row["family"], row["day"] + 3) for row in complained}
    got = {(row["household"], row["family"], row["day"]) for row in calls}
    assert got <= told
    assert len(told) - len(got) < 0.1 * len(told), "who left, or complained again within three days"
    assert len(got) > 100
    assert column(model, "after_sales_forgave").sum() < events["exited"].sum()


def test_what_it_costs_is_letters_calls_and_packs() -> None:
    model = lived()
    money = model.config.operator.after_sales
    events = np.concatenate(model.events)
    calls, packs = (int((events[f"after_sales_{n}"] > 0).sum()) for n in ("called", "tested"))
    spent = column(model, "cost_after_sales").sum()
    letters = spent - 100 * (calls * money.yuan_per_gift + packs * money.yuan_per_pack)
    assert packs > 10
    assert letters % (100 * money.yuan_per_letter) == 0 < letters
    customers = column(model, "new_customers").sum()
    assert letters < 100 * money.yuan_per_letter * 2 * customers, "one in each stage"


def test_more_of_it_does_more_of_what_it_is_for() -> None:
    doses: dict[str, tuple[str, tuple[float, ...], int]] = {
        "strength": ("after_sales_called", (0.2, 0.6, 1.0), 1),
        "explained": ("defects", (0.0, 0.5, 1.0), -1),
        "recovery": ("after_sales_forgave", (0.1, 0.5, 1.0), 1),
        "trial": ("after_sales_tested", (0.1, 0.5, 1.0), 1),
    }
    plain = ("behaviour.judge.misuse_share=0.8", "operator.service_desk.strength=0")
    plain += ("operator.operations.first_contact_resolution=0.1", "behaviour.judge.exit_unsolved=1")
    for key, (what, values, sign) in doses.items():
        said = plain if key in ("explained", "recovery") else ()
        found = [
            sign * column(lived(*said, f"operator.after_sales.{key}={value}"), what).sum()
            for value in values
        ]
        assert found == sorted(set(found)), (key, found)


def test_without_strength_no_bit_is_another() -> None:
    off = "operator.after_sales.strength=0"
    assert alike(lived(off), lived(off, "operator.after_sales={explained: 1, recovery: 1}"))
    rules = "behaviour.judge.misuse_share=0.9", "behaviour.judge.recovery_share=1"
    assert alike(lived(off), lived(off, *rules)), "nobody else explains or makes good"
    assert not alike(lived(off), lived())


def test_until_its_first_day_nothing_is_another_and_after_its_last_nobody_is_called() -> None:
    size = ("population.households=12000", "run.days=70", "run.warmup_days=60")
    size += ("operator.operations.defect_share=0.3",)
    found = []
    for said in (["strength=0"], ["from_day=20", "until_day=42"]):
        said = [f"operator.after_sales.{each}" for each in said]
        model = RepurchaseModel(load("after_sales_care", [*size, *said]), 7)
        begin_strategy(model, keep=False)
        model.live_until(70)
        found.append(model)
    called = column(found[1], "after_sales_called")
    assert called[:20].sum() == called[42:].sum() == 0 < called[20:42].sum()
    rows = [np.array(model.daily) for model in found]
    assert rows[1]["cost_after_sales"][42:].sum() == 0
    own = [name for name in rows[0].dtype.names if "after_sales" not in name]
    assert all((rows[0][name][:20] == rows[1][name][:20]).all() for name in own)


def test_an_audience_is_cared_for_alone() -> None:
    model = lived("operator.after_sales.audience.regions=[East]")
    states = model.world.states.after_sales
    places = np.flatnonzero((states["letter_day"] > -NEVER) | (states["called_day"] > -NEVER))
    assert len(places) > 10
    assert {model.regions[i] for i in model.households["region"][places]} == {"East"}


def test_engine_and_windows_live_it_to_the_same_bits() -> None:
    config = eventful(300, *LIVELY, "behaviour.judge.complaint_chance=1")
    engine, windows = begun(config), begun(config)
    windows.by_windows = True
    for _ in range(40):
        engine.step()
        windows.step()
        assert differences(engine, windows) == []
    assert all(engine.state[n].tobytes() == windows.state[n].tobytes() for n in engine.state)
    assert column(engine, "after_sales_called").sum() > 0


def test_what_looks_odd_is_told() -> None:
    baseline = load("baseline")
    shut = load("after_sales_care", ["operator.community.strength=0"])
    assert any("testers into chats" in each for each in doubts(shut, baseline))
    assert not any("after_sales" in each for each in doubts(load("after_sales_care"), baseline))
