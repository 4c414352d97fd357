"""Honours: who gets a badge, what it is for, who answers, who is paid, and what pay does."""

from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sim.agents.model import RepurchaseModel
from sim.behaviour import stay, talk
from sim.behaviour.day import CALLED, VISITING
from sim.config.loading import load
from sim.engine.warm_up import begin_strategy
from sim.operator.levers import honours
from sim.operator.own_records import states_for
from sim.parameters.quantity import ConfigurationError
from sim.strategy.lint import doubts
from sim.world.draws import ASK, LEAVE, MAKE, REACT, TELL, named_purpose
from sim.world.events import REASONS
from sim.world.household import NEVER
from sim.world.state import COUNTERS
from tests.scene import DAY, UNLUCKY, Scene, blank, small_model
from tests.whole_worlds import begun, differences, eventful, same_rows

SURE = 0.0
LOT = named_purpose("honours")
OWN = {
    "share_honoured": 0.2,
    "moderators": 1,
    "answers_per_week": 7.0,
    "answer_quality": 0.5,
    "making_share": 1.0,
    "days_between_makings": 20,
    "yuan_per_post": 0.0,
    "yuan_per_badge_month": 6.0,
    "yuan_per_maker": 25.5,
}


# -- who is honoured -----------------------------------------------------------------------


class Morning:
    """Sixty households, two chats, and what the lever keeps of them, in plain Python."""

    def __init__(self, **settings: Any) -> None:
        model = small_model()
        model.populate()
        self.households = model.households.view(np.recarray)
        self.households["group"] = -1
        self.world = model.world._replace(states=states_for(60, ["honours"]))
        self.own = self.world.levers["honours"]
        for key, value in (OWN | {"power": 1.0, "strength": 1.0} | settings).items():
            self.own[key] = value
        self.states = self.world.states.honours
        self.total = self.world.states.honours_shared[0]

    def chat(self, number: int, **wrote: int) -> None:
        """Fill a chat: `_7=3` is household 7, which has written three posts."""
        for name, posts in wrote.items():
            place = int(name.removeprefix("_"))
            self.households["group"][place] = number
            self.states["wrote"][place] = posts
        self.world.groups[number].members += len(wrote)

    def comes(self, day: int = 0) -> set[int]:
        """Who has a badge of its chat then."""
        honours.prepare(self.world, self.households, day)
        groups = self.households["group"]
        return {i for i in range(60) if honours.has_badge(self.states[i], groups[i])}

    def who(self, what: str) -> set[int]:
        return set(np.flatnonzero(self.states[what] > 0).tolist())


def test_in_each_chat_the_most_active_get_badges() -> None:
    morning = Morning()
    morning.chat(0, _1=1, _2=5, _3=0, _4=2, _5=9, _6=0, _7=0, _8=0, _9=0, _10=3)  # of ten: two
    morning.chat(1, _20=0, _21=1, _22=0)  # of three: the first
    assert morning.comes() == {5, 2, 21}
    assert morning.who("moderates") == {5, 21}
    assert morning.states["moderators"][[1, 5, 20, 30]].tolist() == [1, 1, 1, 0]
    assert (morning.total.badges, morning.total.moderating) == (3, 2)
    assert (morning.states["wrote"] == 0).all(), "the next month begins anew"


def test_who_wrote_nothing_gets_none() -> None:
    morning = Morning(share_honoured=1.0)
    morning.chat(0, _1=1, _2=0, _3=0)
    assert morning.comes() == {1}


def test_among_equals_it_is_luck_and_not_their_place() -> None:
    first = set()
    for seed in range(20):
        morning = Morning(share_honoured=0.25)
        morning.world = morning.world._replace(seed=seed)
        morning.chat(0, _1=2, _2=2, _3=2, _4=2)
        chosen = morning.comes()
        assert len(chosen) == 1
        first |= chosen
    assert first == {1, 2, 3, 4}


def test_more_places_go_to_the_next_in_rank() -> None:
    """Whoever has a badge where there are fewer has it where there are more."""
    chosen: list[set[int]] = []
    for share in (0.0, 0.2, 0.5, 1.0):
        morning = Morning(share_honoured=share)
        morning.chat(0, _1=1, _2=5, _3=2, _4=2, _5=9)
        chosen.append(morning.comes())
    assert [len(each) for each in chosen] == [0, 1, 3, 5]
    assert all(fewer <= more for fewer, more in pairwise(chosen))
    half = Morning(share_honoured=0.4, power=0.5)
    half.chat(0, _1=1, _2=5, _3=2, _4=2, _5=9)
    assert half.comes() == {5}


def test_badges_are_given_once_a_month_and_worn_in_their_chat_alone() -> None:
    morning = Morning(from_day=10)
    morning.chat(0, _1=1, _2=5, _3=0, _4=2, _5=9)
    assert morning.comes(39) == set()
    assert morning.comes(40) == {5}
    morning.states["wrote"][2] = 99
    assert morning.comes(41) == {5}
    morning.households["group"][5] = 1
    assert morning.comes(42) == set()
    assert (morning.total.badges, morning.total.moderating) == (0, 0)
    assert morning.who("moderators") == set()
    assert morning.comes(70) == {2}


def test_an_audience_is_honoured_alone() -> None:
    morning = Morning(share_honoured=1.0)
    morning.own.everybody = 0
    morning.own.audience.personas = 0b001
    morning.households["persona"][:] = 0
    morning.households["persona"][[2, 3]] = 1, 2
    morning.chat(0, _1=1, _2=5, _3=9, _4=2)
    for name in ("stages", "regions", "city_tiers", "cohorts", "channels", "tiers"):
        morning.own.audience[name] = 0xFFFF
    for name in ("recencies", "frequencies", "spendings"):
        morning.own.audience[name] = 0xFFFF
    assert morning.comes() == {1, 4}


def test_without_power_nobody_is() -> None:
    morning = Morning(power=0.0)
    morning.chat(0, _1=1, _2=5)
    assert morning.comes() == set()
    assert (morning.total.badges, morning.states["wrote"][2]) == (0, 5)


def test_what_is_written_is_counted_but_complaints() -> None:
    morning = Morning()
    event = blank(small_model().buffers.events.dtype)
    event.household, event.group = 7, 0
    event.help_posts, event.story_posts, event.complaint_posts = 1, 1, 1
    honours.notice(morning.world, DAY, event)
    assert morning.states["wrote"][7] == 2
    event.group = -1
    honours.notice(morning.world, DAY, event)
    assert morning.states["wrote"][7] == 2
    event.group, morning.own.power = 0, 0.0
    honours.notice(morning.world, DAY, event)
    assert morning.states["wrote"][7] == 2


# -- a member's day ------------------------------------------------------------------------


@pytest.fixture
def member(scene: Scene) -> Any:
    """A member with a badge of its chat, which it helps to look after; it takes part."""
    scene.lever("honours", **OWN)
    scene.in_group()
    scene.parent.sociability = 3.0
    state = scene.world.states.honours[scene.place]
    state.badge_of, state.moderates, state.moderators = 0, 1, 1
    scene.luck.of[LOT + 1] = 0.5
    return state


def test_what_a_badge_brings(scene: Scene, member: Any) -> None:
    scene.spend(VISITING)
    inbox = scene.inbox
    assert (inbox.honour, inbox.making, inbox.yuan_per_post) == (1, 1, 0)
    assert (inbox.answer, inbox.answer_quality, inbox.stage_advice) == (1, 0.5, 0)
    assert scene.costs() == {}


@pytest.mark.parametrize("why", ["power", "another chat", "no chat"])
def test_who_has_none(scene: Scene, member: Any, why: str) -> None:
    own = scene.world.levers["honours"]
    own.yuan_per_post = 2.0
    own.power = 0.0 if why == "power" else 1.0
    if why == "another chat":
        member.badge_of = member.moderators = 1
        member.moderators = 0
    if why == "no chat":
        scene.parent.group = -1
    scene.spend(VISITING)
    inbox = scene.inbox
    assert (inbox.honour, inbox.making, inbox.answer) == (0, 0, 0)
    assert inbox.yuan_per_post == (2.0 if why == "another chat" else 0.0)


@pytest.mark.parametrize(
    ("moderators", "questions", "answers"),
    [(0, 1.0, 0.0), (1, 0.5, 1.0), (1, 4.0, 0.25), (3, 4.0, 0.75), (9, 4.0, 1.0)],
)
def test_moderators_answer_as_far_as_their_time_goes(
    scene: Scene, member: Any, moderators: int, questions: float, answers: float
) -> None:
    """At seven answers a week each has time for one a day."""
    scene.world.groups[0].help_rate = questions
    member.moderators = moderators
    scene.rules.talk.ask_chance, scene.rules.talk.later_questions = 1.0, 1.0
    scene.luck.of[ASK] = 0.25  # of the half who ask, whose answer takes a chance above a half
    scene.spend(VISITING)
    assert scene.inbox.answer == pytest.approx(answers)
    assert (scene.event.help_posts, scene.counters.answers) == (1, int(answers > 0.5))


def test_an_expert_s_likelier_answer_comes_before_a_member_s(scene: Scene, member: Any) -> None:
    scene.world.groups[0].help_rate = 4.0
    scene.lever("advisors", quality=0.8, hours_per_day=24, patience_hours=24)
    scene.spend(VISITING)
    assert scene.inbox.answer_quality == 0.8


def test_who_is_asked_helps_to_make_a_product_once(scene: Scene, member: Any) -> None:
    scene.rules.talk.make_base = scene.rules.talk.make_engaged = 0.0
    believe, parent = scene.rules.believe, scene.parent
    believe.making_weight, believe.making_evidence = 1.0, 1.0
    scene.luck.of[MAKE] = 0.501
    scene.spend(VISITING)
    assert (scene.inbox.makes, scene.costs(), parent.trust) == (0, {}, 0.5)
    scene.luck.of[MAKE] = 0.499
    scene.spend(VISITING)
    assert (scene.inbox.makes, scene.event.honours_made, member.made_day) == (1, 1, DAY)
    assert scene.costs() == {"honours": 2_550}
    assert parent.trust == pytest.approx((0.5 * 4 + 1) / 5), "as an order of one's own"
    assert parent.self_efficacy == pytest.approx(0.5 + scene.rules.talk.efficacy_gain / 2)
    for day, asked in ((DAY + 9, 0), (DAY + 10, 1)):  # products begin on days 0, 20, 40
        scene.day = day
        scene.spend(VISITING)
        assert (scene.inbox.making, scene.event.honours_made) == (asked, asked)


@pytest.mark.parametrize(("share", "power", "asked"), [(0.6, 1.0, 1), (0.4, 1.0, 0), (0.9, 0.5, 0)])
def test_a_share_is_asked_by_lot(
    scene: Scene, member: Any, share: float, power: float, asked: int
) -> None:
    own = scene.world.levers["honours"]
    own.making_share, own.power = share, power
    scene.spend(VISITING)
    assert scene.inbox.making == asked
    assert (LOT + 1, DAY - DAY % 20) in scene.luck.asked, "once for each product"


def test_a_story_is_paid_for_and_a_complaint_is_not(scene: Scene, member: Any) -> None:
    scene.lever("honours", yuan_per_post=1.25)
    scene.luck.of[TELL] = SURE
    scene.spend(VISITING)
    assert (scene.event.story_posts, scene.event.honours_paid) == (1, 1)
    assert scene.costs() == {"honours": 125}
    scene.counters.cost_fen = [0] * len(scene.counters.cost_fen)
    scene.parent.orders, scene.parent.satisfaction = 1, 0.0
    scene.spend(VISITING)
    assert (scene.event.complaint_posts, scene.event.honours_paid, scene.costs()) == (1, 0, {})


def test_a_badge_costs_by_the_day(scene: Scene, member: Any) -> None:
    world = scene.world
    world.states.honours_shared[0].badges = 50
    counters = blank(COUNTERS)
    honours.settle(world, DAY, counters)
    assert counters.cost_fen[world.levers["honours"].line] == 50 * 6 * 100 // 30
    world.states.honours_shared[0].badges = 0
    counters = blank(COUNTERS)
    honours.settle(world, DAY, counters)
    assert sum(counters.cost_fen) == 0


# -- what the rules make of it -------------------------------------------------------------


def motive(honour: float, yuan: float, **settings: float) -> float:
    rules = load("baseline").behaviour.talk
    for name, value in settings.items():
        setattr(rules, name, value)
    return talk.motive(honour, yuan, rules)


def test_without_honour_or_pay_there_is_no_motive_beside_interest() -> None:
    assert motive(0.0, 0.0) == 0.0
    assert motive(0.5, 0.0) == pytest.approx(motive(1.0, 0.0) / 2)
    assert np.exp(motive(1.0, 0.0)) == pytest.approx(1.6, rel=1e-3), "Restivo & van de Rijt 2012"


@pytest.mark.parametrize("honour", [0.0, 1.0])
def test_a_little_pay_brings_less_than_none_and_enough_brings_more(honour: float) -> None:
    """As shipped: it takes much of one's own motives at once, and adds a little with each yuan."""
    curve = [motive(honour, yuan) for yuan in (0.0, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)]
    low = int(np.argmin(curve))
    assert 0 < low < len(curve) - 1
    assert curve[: low + 1] == sorted(curve[: low + 1], reverse=True)
    assert curve[low:] == sorted(curve[low:])
    assert curve[-1] > curve[0] > curve[low]


def test_pay_takes_more_from_who_has_more_of_one_s_own() -> None:
    taken = [motive(honour, 0.0) - motive(honour, 1.0) for honour in (0.0, 1.0)]
    assert 0 < taken[0] < taken[1]
    none = [motive(h, 3.0, crowding=0.0) - motive(h, 0.0, crowding=0.0) for h in (0.0, 1.0)]
    assert none == pytest.approx([motive(0.0, 3.0, crowding=0.0)] * 2)


@pytest.mark.parametrize("luck", [TELL, REACT])
def test_an_honour_makes_one_tell_and_react(scene: Scene, member: Any, luck: int) -> None:
    """Where without it a draw just fails, it succeeds up to 1.6 times as large."""
    scene.rules.talk.tell_chance = scene.rules.talk.react_chance = 0.1
    scene.rules.talk.recognition = 0.47
    noted = {TELL: "story_posts", REACT: "reacted"}[luck]

    def chance(honour: int) -> float:
        member.badge_of = 0 if honour else -1
        low, high = 0.0, 1.0
        for _ in range(30):
            scene.luck.of = {luck: (low + high) / 2, LOT + 1: UNLUCKY}
            scene.parent.engagement = 0.5
            scene.spend(VISITING)
            low, high = (
                (scene.luck.of[luck], high)
                if vars(scene.event)[noted]
                else (low, scene.luck.of[luck])
            )
        return low

    assert chance(1) / chance(0) == pytest.approx(np.exp(0.47), rel=1e-6)


def test_an_honour_holds_a_share_of_who_would_leave(scene: Scene, member: Any) -> None:
    scene.rules.stay.worthless, scene.rules.stay.role_holds = 0.5, 0.2
    scene.world.groups[0].promotion_rate = 1e6
    for u, badge, why in ((0.39, 1, "worthless"), (0.41, 1, ""), (0.41, 0, "worthless")):
        member.badge_of = 0 if badge else -1
        scene.parent.group, scene.event.left_group = 0, 0
        scene.parent.fatigue = 0.0
        scene.rules.look.promotion_fatigue = 0.0
        scene.luck.of[LEAVE] = u
        scene.spend(VISITING)
        reason = REASONS[scene.event.left_group] if scene.event.left_group else ""
        assert reason == why
    assert stay.draw_of_leaving(0.3, 0.0, scene.rules.stay) == 0.3


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
    kept = [name for name in own if not name.startswith("states.honours")]
    same = all(own[name].tobytes() == others[name].tobytes() for name in kept)
    return same and same_rows(*(np.concatenate(each.events) for each in (one, other)))


def test_badges_go_to_members_of_living_chats_within_their_share() -> None:
    model = lived()
    states, groups = model.world.states.honours, model.households["group"]
    worn = (states["badge_of"] >= 0) & (states["badge_of"] == groups)
    assert worn.sum() > 20
    founded = int(model.newest_groups[0, -1])
    members = np.bincount(groups[groups >= 0], minlength=founded)
    badges = np.bincount(groups[worn], minlength=founded)
    # Members may have left since the badges were given, at most ten days ago.
    assert (badges <= np.ceil(0.3 * 25)).all()
    assert badges.sum() < 0.5 * members.sum()
    assert column(model, "honours_badges")[-1] >= worn.sum()
    assert (column(model, "honours_badges")[:30] == 0).all(), "a month is watched first"
    events = np.concatenate(model.events)
    asked = events[events["honours_made"] > 0]
    assert len(asked) == column(model, "honours_made").sum() > 5
    each = asked["household"].astype(int) * 1000 + asked["day"] // 20
    assert len(set(each.tolist())) == len(each), "once for each product"


def test_what_it_costs_is_badges_makers_and_posts() -> None:
    model = lived("operator.honours.yuan_per_post=2")
    own = model.config.operator.honours
    fen = (column(model, "honours_badges") * own.yuan_per_badge_month * 100 / 30).astype(int)
    fen = fen + column(model, "honours_made") * own.yuan_per_maker * 100
    fen = fen + column(model, "honours_paid") * 200
    assert column(model, "honours_paid").sum() == column(model, "story_posts").sum() > 100
    assert column(model, "cost_honours") == pytest.approx(fen)


def test_more_of_it_does_more() -> None:
    doses: dict[str, tuple[str, tuple[float, ...]]] = {
        "strength": ("honours_badges", (0.2, 0.6, 1.0)),
        "share_honoured": ("honours_badges", (0.02, 0.1, 0.5)),
        "moderators": ("honours_moderating", (0, 1, 3)),
        "making_share": ("honours_made", (0.0, 0.4, 1.0)),
        "days_between_makings": ("honours_made", (90, 30, 10)),
    }
    for key, (what, values) in doses.items():
        found = [column(lived(f"operator.honours.{key}={value}"), what).sum() for value in values]
        assert found == sorted(set(found)), (key, found)


def test_badges_enliven_chats_and_a_little_pay_does_not() -> None:
    off = lived("operator.honours.strength=0")
    pay = ("operator.honours.share_honoured=0", "behaviour.talk.own_interest=2")
    stories = [column(off, "story_posts").sum(), column(lived(), "story_posts").sum()]
    assert stories[1] > 1.03 * stories[0]
    by_pay = [
        column(lived(*pay, f"operator.honours.yuan_per_post={yuan}"), "story_posts").sum()
        for yuan in (0, 1, 20)
    ]
    assert by_pay[1] < 0.9 * by_pay[0]
    assert by_pay[2] > 1.1 * by_pay[0]


def test_without_strength_no_bit_is_another() -> None:
    off = "operator.honours.strength=0"
    more = "operator.honours={share_honoured: 0.9, yuan_per_post: 5, moderators: 9}"
    assert alike(lived(off), lived(off, more))
    assert not alike(lived(off), lived())


def test_until_its_first_day_nothing_is_another_and_after_its_last_nobody_has_a_badge() -> None:
    size = ("population.households=4000", "run.days=80", "run.warmup_days=60")
    found = []
    for said in (["strength=0"], ["from_day=10", "until_day=60", "share_honoured=0.5"]):
        config = load("honours", [*size, *(f"operator.honours.{each}" for each in said)])
        model = RepurchaseModel(config, 7)
        begin_strategy(model, keep=False)
        model.live_until(80)
        found.append(model)
    badges = column(found[1], "honours_badges")
    assert badges[:40].sum() == badges[60:].sum() == 0 < badges[40:60].min()
    assert column(found[1], "cost_honours")[60:].sum() == 0
    one, other = (np.array(model.daily)[:40] for model in found)
    own = [name for name in one.dtype.names if "honours" not in name]
    assert all((one[name] == other[name]).all() for name in own if name != "answers")


def test_engine_and_windows_live_it_to_the_same_bits() -> None:
    config = eventful(300, *LIVELY, "operator.honours={share_honoured: 1, yuan_per_post: 1}")
    engine, windows = begun(config), begun(config)
    windows.by_windows = True
    for _ in range(45):
        engine.step()
        windows.step()
        assert differences(engine, windows) == []
    assert all(engine.state[n].tobytes() == windows.state[n].tobytes() for n in engine.state)
    assert engine.world.states.honours_shared[0].badges > 0


def test_threads_do_not_matter() -> None:
    config = eventful(9000, *LIVELY)
    one, four = begun(config), begun(config, threads=4)
    for model in (one, four):
        model.live_until(40)
    assert all(one.state[name].tobytes() == four.state[name].tobytes() for name in one.state)


def test_what_looks_odd_is_told() -> None:
    baseline = load("baseline")
    little = load("honours", ["operator.honours.yuan_per_post=0.5"])
    assert any("for nothing" in each for each in doubts(little, baseline))
    enough = load("honours", ["operator.honours.yuan_per_post=10"])
    assert not any("for nothing" in each for each in doubts(enough, baseline))
    none = load(
        "honours", [f"operator.honours.{each}" for each in ("share_honoured=0", "yuan_per_post=9")]
    )
    assert any("no badges" in each for each in doubts(none, baseline))
    assert not any("honours" in each for each in doubts(load("honours"), baseline))
    with pytest.raises(ConfigurationError):
        load("honours", ["operator.honours.share_honoured=1.1"])


def test_nobody_is_asked_who_does_not_look_in(scene: Scene, member: Any) -> None:
    scene.luck.of[MAKE] = SURE
    scene.spend(CALLED)
    assert (scene.inbox.makes, member.made_day) == (0, -NEVER)
