"""Persona accounts: what they publish, who believes them, and what they cost."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.agents.model import RepurchaseModel
from sim.behaviour.day import VISITING
from sim.behaviour.look import use_of_hosts, worth_of_visit
from sim.config.loading import load
from sim.engine.warm_up import begin_strategy
from sim.operator.levers import personas
from sim.strategy.lint import doubts
from sim.world.draws import LIVESTREAM
from sim.world.household import EXPERIENCED, NEW, PERSONAS, SHOPPING
from tests.scene import DAY, Scene
from tests.whole_worlds import begun, differences, eventful, same_rows

# Six hosts, each of whom publishes 7 pieces a week: 6 a day in all.
OWN = {
    "new_hosts": 3,
    "experienced_hosts": 2,
    "shopping_hosts": 1,
    "how_to_per_week": 2.0,
    "story_per_week": 4.0,
    "expert_per_week": 1.0,
    "promotion_share": 0.25,
    "expertise": 0.5,
}


@pytest.fixture
def own(scene: Scene) -> Any:
    """A visitor of the private channel who looked in yesterday, and believes what it is told."""
    scene.parent.in_private_domain, scene.parent.last_look_day = 1, DAY - 1
    look, believe = scene.rules.look, scene.rules.believe
    look.unlike_story, look.channel_fit, look.advice_fit = 0.5, 0.5, 0.0
    look.half_worth_posts, look.promotion_weight = 1.0, 0.5
    look.promotion_fatigue = 1.0
    believe.most_stories = believe.most_expert_pieces = believe.most_promotions = 100.0
    believe.member_weight = believe.expert_weight = believe.message_weight = 0.0
    return scene.lever("personas", **OWN)


def test_what_is_published(scene: Scene, own: Any) -> None:
    scene.spend(VISITING)
    inbox = scene.inbox
    assert inbox.host_how_to == pytest.approx(0.75 * 6 * 2 / 7)
    assert inbox.host_stories == pytest.approx(0.75 * 6 * 4 / 7)
    assert inbox.host_expert == pytest.approx(0.75 * 6 * 1 / 7 * 0.5)
    assert inbox.host_promotion == pytest.approx(0.25 * 6)
    assert (inbox.host_likeness, inbox.host_expertise) == (0.5, 0.5)
    own.power = 0.5
    scene.spend(VISITING)
    assert scene.inbox.host_promotion == pytest.approx(0.25 * 3)
    assert (scene.inbox.host_likeness, scene.inbox.host_expertise) == (0.5, 0.25)
    assert scene.costs() == {}, "what it costs is paid by the month"


@pytest.mark.parametrize(
    ("persona", "likeness"), [(NEW, 3 / 6), (EXPERIENCED, 2 / 6), (SHOPPING, 1 / 6)]
)
def test_hosts_are_like_parents_of_their_kind(
    scene: Scene, own: Any, persona: int, likeness: float
) -> None:
    assert len(PERSONAS) == 3
    scene.parent.persona = persona
    scene.spend(VISITING)
    assert scene.inbox.host_likeness == pytest.approx(likeness)


@pytest.mark.parametrize("why", ["power", "hosts"])
def test_where_there_is_nothing(scene: Scene, own: Any, why: str) -> None:
    if why == "power":
        own.power = 0.0
    else:
        own.new_hosts = own.experienced_hosts = own.shopping_hosts = 0
    scene.spend(VISITING)
    inbox = vars(scene.inbox)
    assert [inbox[name] for name in inbox if name.startswith("host_")] == [0.0] * 6


def test_a_visit_is_worth_what_hosts_tell_and_promotion_tires(scene: Scene, own: Any) -> None:
    own.promotion_share = 0.0
    found = {}
    for persona in (SHOPPING, NEW):
        scene.parent.persona, scene.parent.engagement = persona, 0.2
        scene.parent.fatigue, scene.parent.last_look_day = 0.0, DAY - 1
        scene.spend(VISITING)
        found[persona] = scene.parent.engagement
    assert found[NEW] > found[SHOPPING] > 0.2
    look = scene.rules.look
    how_to, stories = 6 * 2 / 7, 6 * 4 / 7
    assert use_of_hosts(how_to, stories, 0.5, look) == pytest.approx(how_to + 0.75 * stories)
    assert use_of_hosts(0.0, 1.0, 1.0, look) == 1.0
    tired = []
    for share in (0.0, 0.5, 1.0):
        own.promotion_share = share
        scene.parent.fatigue, scene.parent.last_look_day = 0.0, DAY - 1
        scene.spend(VISITING)
        tired.append(scene.parent.fatigue)
        assert scene.inbox.promotions_read == pytest.approx(6 * share)
    assert tired == pytest.approx([0.0, 3.0, 6.0])


def test_more_pieces_are_worth_ever_less_more() -> None:
    look = load("baseline").behaviour.look
    worth = [worth_of_visit(use_of_hosts(n, n, 0.5, look), 0.0, 0.6, look) for n in range(6)]
    more = np.diff(worth)
    assert (more > 0).all()
    assert (np.diff(more) < 0).all()


def test_stories_of_hosts_alike_are_believed_for_less_than_members(scene: Scene, own: Any) -> None:
    """Of 18/7 stories a day half are by hosts alike; they weigh half of a member's, fully good."""
    believe = scene.rules.believe
    believe.member_weight, believe.host_share = 0.2, 0.5
    believe.worst_mood, believe.mood_span = 0.1, 0.9
    scene.spend(VISITING)
    weight = 0.2 * 0.5 * (18 / 7) * 0.5
    assert scene.parent.trust == pytest.approx((0.5 * 4 + weight) / (4 + weight))
    believe.most_stories = 1.0
    scene.parent.trust, scene.parent.trust_weight = 0.5, 4.0
    scene.parent.last_look_day = DAY - 1
    scene.spend(VISITING)
    assert scene.parent.trust == pytest.approx((0.5 * 4 + 0.05) / 4.05)
    for settings in ({"new_hosts": 0}, {"new_hosts": 3, "story_per_week": 0.0}):
        scene.lever("personas", **settings)
        scene.parent.trust, scene.parent.trust_weight = 0.5, 4.0
        scene.parent.last_look_day = DAY - 1
        scene.spend(VISITING)
        assert scene.parent.trust == 0.5


def test_expert_pieces_are_believed_by_how_expert_hosts_are(scene: Scene, own: Any) -> None:
    believe = scene.rules.believe
    believe.expert_weight, believe.expert_evidence = 1.0, 1.0
    found = []
    for expertise in (0.0, 0.5, 1.0):
        own.expertise = expertise
        scene.parent.trust, scene.parent.trust_weight = 0.5, 4.0
        scene.parent.last_look_day = DAY - 1
        scene.spend(VISITING)
        found.append(scene.parent.trust)
    weights = [0.75 * 6 / 7 * e for e in (0.0, 0.5, 1.0)]
    assert found == pytest.approx([(2 + w) / (4 + w) for w in weights])


def test_an_expert_who_hosts_a_livestream_is_believed(scene: Scene, own: Any) -> None:
    own.expert_per_week = 0.0
    believe = scene.rules.believe
    believe.expert_weight, believe.expert_evidence, believe.stream_pieces = 0.5, 1.0, 2.0
    scene.lever("livestream", watch_chance=1.0)
    scene.today.livestream = 1.0
    for u, watches in ((0.49, 1), (0.51, 0)):
        scene.luck.of[LIVESTREAM] = u
        scene.parent.trust, scene.parent.trust_weight = 0.5, 4.0
        scene.parent.engagement, scene.rules.look.worth_effect = 0.5, 0.0
        scene.rules.look.waste_effect = 0.0
        scene.spend(VISITING)
        assert scene.event.livestream == watches
        weight = 0.5 * 2.0 * 0.5 * watches
        assert scene.parent.trust == pytest.approx((2 + weight) / (4 + weight))


def test_a_month_of_hosts_and_their_pieces() -> None:
    own = load("persona_hosts").operator.personas
    settings = {"new_hosts": 1, "experienced_hosts": 0, "shopping_hosts": 1}
    settings |= {"how_to_per_week": 1.0, "story_per_week": 5.0, "expert_per_week": 1.0}
    for name, value in (settings | {"yuan_per_host_month": 900.0, "yuan_per_piece": 10.0}).items():
        setattr(own, name, value)
    assert personas.monthly_cost_yuan(own, 5_000) == pytest.approx(0.5 * 2 * (900 + 30 * 10))


# -- whole worlds --------------------------------------------------------------------------

LIVELY = ("run.warmup_days=0", "run.days=130", "operator.livestream.strength=1")


@cache
def lived(*said: str, days: int = 90) -> RepurchaseModel:
    model = begun(eventful(2000, *LIVELY, *said))
    model.live_until(days)
    return model


def alike(one: RepurchaseModel, other: RepurchaseModel) -> bool:
    own, others = one.state, other.state
    same = all(own[name].tobytes() == others[name].tobytes() for name in own)
    return same and same_rows(*(np.concatenate(each.events) for each in (one, other)))


def inside(model: RepurchaseModel, name: str) -> float:
    households = model.households
    return float(households[name][households["in_private_domain"] > 0].mean())


def test_more_of_it_is_believed_and_looked_at_more() -> None:
    doses: dict[str, tuple[str, tuple[float, ...]]] = {
        "strength": ("trust", (0.0, 0.5, 1.0)),
        "story_per_week": ("trust", (0.0, 2.0, 8.0)),
        "expertise": ("trust", (0.0, 0.5, 1.0)),
        "how_to_per_week": ("engagement", (0.0, 4.0, 16.0)),
        "promotion_share": ("engagement", (1.0, 0.5, 0.0)),
    }
    for key, (what, values) in doses.items():
        found = [inside(lived(f"operator.personas.{key}={value}"), what) for value in values]
        assert found == sorted(set(found)), (key, found)


def test_hosts_are_believed_by_their_like() -> None:
    """Where all are new parents, new parents trust more by it than all others do."""
    alone = "operator.personas={new_hosts: 6, experienced_hosts: 0, shopping_hosts: 0,"
    alone += " story_per_week: 9, how_to_per_week: 0, expert_per_week: 0, expertise: 0}"
    off, on = lived("operator.personas.strength=0").households, lived(alone).households
    kinds = off["persona"] == NEW, off["persona"] != NEW
    more = []
    for kind in kinds:
        both = kind & (off["in_private_domain"] > 0) & (on["in_private_domain"] > 0)
        both &= off["family"] == on["family"]
        more.append(float((on["trust"] - off["trust"])[both].mean()))
    assert more[0] > more[1] + 0.002


def test_without_strength_no_bit_is_another() -> None:
    off = "operator.personas.strength=0"
    assert alike(lived(off), lived(off, "operator.personas={new_hosts: 9, expertise: 1}"))
    assert not alike(lived(off), lived())


def test_dates() -> None:
    size = ("population.households=4000", "run.days=50", "run.warmup_days=60")
    found = []
    for said in (["strength=0"], ["from_day=20", "until_day=30"]):
        config = load("persona_hosts", [*size, *(f"operator.personas.{each}" for each in said)])
        model = RepurchaseModel(config, 7)
        begin_strategy(model, keep=False)
        model.live_until(50)
        found.append(np.array(model.daily))
    paid = found[1]["cost_personas"]
    assert paid[:20].sum() == paid[30:].sum() == 0 < paid[20:30].min()
    own = [name for name in found[0].dtype.names if "personas" not in name]
    assert all((found[0][name][:20] == found[1][name][:20]).all() for name in own)


def test_an_audience_reads_alone(scene: Scene, own: Any) -> None:
    own.everybody, own.audience.personas = 0, 1 << NEW
    own.audience.regions, scene.parent.city_tier = 0xFFFF, 1
    for persona, stories in ((NEW, 0.75 * 6 * 4 / 7), (EXPERIENCED, 0.0)):
        scene.parent.persona = persona
        scene.spend(VISITING)
        assert scene.inbox.host_stories == pytest.approx(stories)


def test_engine_and_windows_live_it_to_the_same_bits() -> None:
    config = eventful(300, *LIVELY)
    engine, windows = begun(config), begun(config)
    windows.by_windows = True
    for _ in range(25):
        engine.step()
        windows.step()
        assert differences(engine, windows) == []


def test_what_looks_odd_is_told() -> None:
    baseline = load("baseline")
    mute = {"how_to_per_week": 0, "story_per_week": 0, "expert_per_week": 0}
    silent = load("persona_hosts", [f"operator.personas.{k}={v}" for k, v in mute.items()])
    assert any("publish nothing" in each for each in doubts(silent, baseline))
    sells = load("persona_hosts", ["operator.personas.promotion_share=1"])
    assert any("only sell" in each for each in doubts(sells, baseline))
    assert not any("personas" in each for each in doubts(load("persona_hosts"), baseline))
