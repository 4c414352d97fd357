"""What befalls the operator: contract, dates, dose, and how the news of a scandal spreads."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.agents.model import RepurchaseModel
from sim.behaviour.day import hear_news
from sim.commands.program import app
from sim.config.loading import load
from sim.engine.warm_up import begin_strategy
from sim.experiments.simulate import shock_days
from sim.indicators import REGISTRY, Book, indicators_of
from sim.operator.contract import SHOCK, LeverError, check
from sim.operator.discovery import SHOCKS
from sim.operator.own_records import states_for
from sim.operator.schedule import phases
from sim.parameters.quantity import ConfigurationError
from sim.shocks import quality_scandal
from sim.strategy.changes import phases_in_words
from sim.strategy.lint import doubts
from sim.strategy.meaning import templates, words
from sim.world.communities import empty_groups
from sim.world.household import HOUSEHOLD, WAKE_SCHEDULE
from sim.world.ties import MOST_FRIENDS, friends_of, friendships
from tests import ROOT
from tests.small_worlds import order, run
from tests.whole_worlds import same_rows
from tests.worlds import population

SMALL = ["population.households=1500", "run.days=90", "run.warmup_days=90", "run.threads=1"]
SMALL += ["behaviour.choose.operator_appeal=0", "behaviour.talk.join_base=3"]  # many hear
EARLY = ["shocks.quality_scandal.from_day=31", "shocks.quality_scandal.until_day=50"]
LOUD = ["shocks.quality_scandal.friend_weight=4", "shocks.quality_scandal.told_days=10"]


def lived(*said: str, until: int = 90, windows: bool = False, threads: int = 1) -> RepurchaseModel:
    model = RepurchaseModel(load("quality_scandal", [*SMALL, *EARLY, *LOUD, *said]), 3, threads)
    begin_strategy(model)
    model.by_windows = windows
    while model.day < until:
        if windows:
            model.step()
        else:
            model.live_until(until)
    return model


def events(model: RepurchaseModel) -> Any:
    return np.concatenate(model.events)


def same(one: RepurchaseModel, other: RepurchaseModel) -> bool:
    own, others = one.state, other.state
    alike = all(own[name].tobytes() == others[name].tobytes() for name in own)
    return alike and same_rows(events(one), events(other))


def told(model: RepurchaseModel, name: str) -> int:
    return int(events(model)[f"quality_scandal_{name}"].sum())


def heard(model: RepurchaseModel) -> int:
    return told(model, "from_friends") + told(model, "from_chat")


@pytest.fixture(scope="module")
def absent() -> RepurchaseModel:
    return lived("shocks.quality_scandal.size=0")


@pytest.fixture(scope="module")
def shocked() -> RepurchaseModel:
    return lived()


# -- what is declared -----------------------------------------------------------------------


def test_every_shock_has_its_values_and_does_not_happen_by_itself() -> None:
    assert {path.stem for path in (ROOT / "conf/shock").glob("*.yaml")} == set(SHOCKS)
    assert all(own.size == 0.0 for own in vars(load("baseline").shocks).values())


@pytest.mark.parametrize("name", SHOCKS)
def test_a_shocks_sentence_tells_all_but_size_and_dates(name: str) -> None:
    own = vars(getattr(load("baseline").shocks, name))
    said = words().from_string(templates()[name]).render(own)
    assert len(said) > 40
    common = {"size", "from_day", "until_day"}
    assert all(each in templates()[name] for each in own.keys() - common)


def test_what_is_no_shock_is_refused_in_a_sentence() -> None:
    module = ModuleType("storm")
    vars(module).update(vars(quality_scandal) | {"__name__": "storm", "__file__": "storm.py"})
    exec("def monthly_cost_yuan(own, customers): return 0.0", vars(module))
    with pytest.raises(LeverError, match=r"storm\.py is no shock: a shock has no monthly_cost"):
        check("storm", module, SHOCK)
    exec("def spread(world, day): ...", vars(module))
    del module.monthly_cost_yuan
    with pytest.raises(LeverError, match=r"spread takes \(world, day\), and must"):
        check("storm", module, SHOCK)
    del module.spread
    module.Parameters = object
    with pytest.raises(LeverError, match="no dataclass Parameters"):
        check("storm", module, SHOCK)


def test_a_shock_is_checked_like_any_other_setting() -> None:
    with pytest.raises(ConfigurationError, match="must lie between 0 and 100"):
        load("quality_scandal", ["shocks.quality_scandal.size=-1"])
    with pytest.raises(ConfigurationError, match=r"quality_scandal"):
        load("quality_scandal", ["shocks.quality_scandl.size=1"])


def test_its_dates_are_phases() -> None:
    config = load("quality_scandal")
    assert [phase.first_day for phase in phases(config)] == [0, 120, 150]
    assert [phase.shocks.quality_scandal.size for phase in phases(config)] == [0.0, 1.0, 0.0]
    assert phases_in_words(config) == [
        (120, ["quality_scandal happens"]),
        (150, ["quality_scandal over"]),
    ]
    assert shock_days(config) == (120, 150)
    assert shock_days(load("baseline")) is None


@pytest.mark.parametrize(
    ("said", "doubt"),
    [
        (["run.days=100"], "begins on day 120 and the run has 100"),
        (["shocks.quality_scandal.from_day=10"], "30 days before it are needed"),
        (["shocks.quality_scandal.until_day=120"], "never happens"),
        (["shocks.quality_scandal.size=9"], "makes every order defective"),
        (
            ["shocks.quality_scandal.friend_chance=0", "shocks.quality_scandal.chat_chance=0"],
            "is told to nobody",
        ),
    ],
)
def test_what_looks_odd_is_said(said: list[str], doubt: str) -> None:
    baseline = load("baseline")
    assert not any("scandal" in each for each in doubts(load("quality_scandal"), baseline))
    assert any(doubt in each for each in doubts(load("quality_scandal", said), baseline))


# -- in the engine --------------------------------------------------------------------------


def test_without_size_or_outside_its_dates_no_bit_is_another(absent: RepurchaseModel) -> None:
    later = lived("shocks.quality_scandal.from_day=90", "shocks.quality_scandal.until_day=100")
    idle = lived("shocks.quality_scandal.size=0", "shocks.quality_scandal.defect_ratio=99")
    assert absent.world.states.quality_scandal is None
    assert same(absent, later)
    assert same(absent, idle)


def test_until_it_begins_days_are_as_without(
    absent: RepurchaseModel, shocked: RepurchaseModel
) -> None:
    for one, other in zip(absent.daily[:31], shocked.daily[:31], strict=True):
        assert one == other
    assert absent.daily[33]["defects"] <= shocked.daily[33]["defects"]
    assert sum(day["defects"] for day in shocked.daily[31:50]) > sum(
        day["defects"] for day in absent.daily[31:50]
    )


def test_a_larger_one_is_heard_by_more_and_costs_more_orders() -> None:
    world = ("population.households=6000", "run.warmup_days=365", "run.days=150")
    world += ("shocks.quality_scandal.friend_chance=0.01", "shocks.quality_scandal.chat_chance=0")
    sizes = [lived(*world, f"shocks.quality_scandal.size={size}", until=150) for size in (0, 1, 3)]
    assert 0 == heard(sizes[0]) < heard(sizes[1]) < heard(sizes[2])
    without, one, three = (sum(int(day["orders"]) for day in model.daily) for model in sizes)
    assert without > one > three


def test_trust_falls_by_the_rule_alone(absent: RepurchaseModel, shocked: RepurchaseModel) -> None:
    knows = shocked.world.states.quality_scandal["known_from"] >= quality_scandal.FRIENDS
    assert knows.sum() > 20
    without, trust = (np.asarray(m.households["trust"], float) for m in (absent, shocked))
    assert (trust[knows] < without[knows]).mean() > 0.9
    deaf = lived("shocks.quality_scandal.friend_weight=0", "shocks.quality_scandal.chat_weight=0")
    assert (np.asarray(deaf.households["trust"], float)[knows] < without[knows]).mean() < 0.5
    assert heard(deaf) > 20


def test_who_knows_is_who_was_told_of_and_still_lives_there(shocked: RepurchaseModel) -> None:
    states, all_events = shocked.world.states.quality_scandal, events(shocked)
    family = shocked.households["family"]
    noted = np.zeros(len(states), int)
    for name in ("own_order", "from_friends", "from_chat"):
        rows = all_events[all_events[f"quality_scandal_{name}"] > 0]
        here = rows[rows["family"] == family[rows["household"]]]
        noted += np.bincount(here["household"], minlength=len(states))
    told_by_day = (states["known_from"] > 0) & (states["known_since"] < shocked.day)
    assert noted.max() == 1
    assert np.array_equal(noted > 0, told_by_day)
    last = shocked.daily[-1]
    assert last["quality_scandal_knowing"] == (states["known_from"] > 0).sum()
    own = shocked.config.shocks.quality_scandal
    since = shocked.day - states["known_since"]
    telling = (states["known_from"] > 0) & (since >= 0) & (since < own.told_days)
    assert last["quality_scandal_carriers"] == telling.sum()


def test_engine_windows_and_threads_live_the_same_days() -> None:
    said = ("population.households=9000", "shocks.quality_scandal.from_day=2")
    one, two = (lived(*said, until=20, threads=threads) for threads in (1, 2))
    assert heard(one) > 0
    assert same(one, two)
    few = ("population.households=700", "shocks.quality_scandal.from_day=2")
    loud = (*few, "shocks.quality_scandal.size=5", "shocks.quality_scandal.friend_chance=0.3")
    engine, windows = lived(*loud, until=14), lived(*loud, until=14, windows=True)
    assert heard(engine) > 0
    assert same(engine, windows)


# -- how news spreads -----------------------------------------------------------------------


PLACES = 400
NOBODYS = 30  # places behind the last that has ties


class Street:
    """Households between whom nothing happens but talk."""

    def __init__(self, **own: Any) -> None:
        parameters = replace(load("baseline").shocks.quality_scandal, **own)
        states = states_for(PLACES + NOBODYS, ["quality_scandal"])
        self.states, self.shared = states.quality_scandal, states.quality_scandal_shared
        self.households = np.zeros(PLACES + NOBODYS, HOUSEHOLD).view(np.recarray)
        self.households.group = -1
        self.wake_schedules = np.zeros(PLACES + NOBODYS, WAKE_SCHEDULE).view(np.recarray)
        self.wake_schedules.wake_day = 30_000
        self.ties = friendships(population(PLACES), 1)
        self.own = SimpleNamespace(**vars(parameters), purpose=8)
        self.world = SimpleNamespace(
            seed=1,
            shocks=SimpleNamespace(quality_scandal=self.own),
            states=states,
            groups=empty_groups(8),
            ties=self.ties,
        )

    def tell(self, *places: int) -> None:
        self.states.known_from[list(places)] = quality_scandal.OWN_ORDER

    def night(self, day: int) -> None:
        friends = np.zeros(MOST_FRIENDS, np.int64)
        quality_scandal.spread(self.world, self.households, self.wake_schedules, friends, day)

    @property
    def knowing(self) -> set[int]:
        return set(np.flatnonzero(self.states.known_from).tolist())


def friends_in(street: Street, place: int) -> set[int]:
    names = np.zeros(MOST_FRIENDS, np.int64)
    return set(names[: friends_of(place, street.ties, names)].tolist())


def test_friends_and_chat_hear_for_certain_and_nobody_else() -> None:
    street = Street(friend_chance=1.0, chat_chance=1.0, told_days=1)
    street.households.group[[7, 100, 425]] = 3
    street.households.group[200] = 4
    street.tell(7)
    street.night(0)
    assert street.knowing == {7, 100, 425} | friends_in(street, 7)
    assert set(np.flatnonzero(street.wake_schedules.wake_day == 1).tolist()) == street.knowing - {7}
    assert street.states.known_from[100] == quality_scandal.CHAT
    assert (street.states.known_from[list(friends_in(street, 7))] == quality_scandal.FRIENDS).all()


def test_who_has_no_ties_and_no_chat_never_hears_and_nothing_is_lost() -> None:
    street = Street(friend_chance=0.3, chat_chance=0.3, told_days=5)
    street.households.group[:50] = 0
    street.tell(5, 6, 399)
    before = 3
    for day in range(200):
        street.night(day)
        since = day + 1 - street.states.known_since
        knows = street.states.known_from > 0
        telling = int((knows & (since >= 0) & (since < 5)).sum())
        assert street.shared[0].carriers == telling
        assert street.shared[0].knowing == knows.sum() >= before
        before = int(knows.sum())
    assert before > 300
    assert street.shared[0].carriers == 0  # everybody has heard, or is out of reach
    assert not street.knowing & set(range(PLACES, PLACES + NOBODYS))


def test_talk_that_reaches_fewer_than_it_loses_dies_out() -> None:
    street = Street(friend_chance=0.02, chat_chance=0.0, told_days=3)
    street.tell(*range(0, 40, 4))
    for day in range(60):
        street.night(day)
    assert street.shared[0].carriers == 0
    assert len(street.knowing) < 60


def test_the_chance_to_hear_grows_with_who_tells_as_it_should() -> None:
    hearing = []
    for tellers in (1, 4):
        street = Street(friend_chance=0.0, chat_chance=0.1, told_days=1)
        street.households.group[:] = 0
        street.tell(*range(tellers))
        street.night(0)
        hearing.append((len(street.knowing) - tellers) / (PLACES + NOBODYS - tellers))
    assert hearing == pytest.approx([0.1, 1 - 0.9**4], abs=0.06)


def test_no_news_changes_nothing_and_bad_news_lowers_trust() -> None:
    believe = load("baseline").behaviour.believe
    world = SimpleNamespace(
        behaviour=SimpleNamespace(believe=SimpleNamespace(**vars(believe) | {"kind": 0}))
    )
    parent = SimpleNamespace(trust=0.6, trust_weight=4.0)
    hear_news(parent, world, SimpleNamespace(news_weight=0.0, news_good=0.0))
    assert vars(parent) == {"trust": 0.6, "trust_weight": 4.0}
    hear_news(parent, world, SimpleNamespace(news_weight=1.0, news_good=0.1))
    assert parent.trust == pytest.approx((0.6 * 4 + 0.1 * 2) / 6)  # bad news weighs twice


# -- what is measured -----------------------------------------------------------------------


def measured(name: str, by_day: Callable[[int], int], shock: tuple[int, int] | None) -> float:
    rows = [order(0, day) for day in range(180) for _ in range(by_day(day))]
    book = Book(run(rows, days=180, shock_days=shock))
    return float(REGISTRY[name].measure(book).value[0])


@pytest.mark.parametrize(
    ("by_day", "lost", "recovery"),
    [
        (lambda day: 2 if day < 60 or day >= 120 else 1, 0.5, 27.0),
        (lambda day: 2, 0.0, 0.0),
        (lambda day: 2 if day < 60 else 1, 0.5, float("nan")),
        (lambda day: 2 if day < 60 else 3, -0.5, 0.0),
    ],
)
def test_depth_and_recovery(by_day: Callable[[int], int], lost: float, recovery: float) -> None:
    shock = (60, 90)
    assert measured("shock_orders_lost_share", by_day, shock) == pytest.approx(lost)
    found = measured("shock_recovery_days", by_day, shock)
    assert found == pytest.approx(recovery, nan_ok=True)


def test_without_a_shock_there_is_nothing_to_measure() -> None:
    for shock in (None, (10, 20), (170, 175)):
        for name in ("shock_orders_lost_share", "shock_recovery_days"):
            assert np.isnan(measured(name, lambda day: 1, shock))
    names = {each.name for each in indicators_of(run([order(0, 1)]))}
    assert not {name for name in names if name.startswith("shock_")}


# -- as commands ----------------------------------------------------------------------------


def said(*words: str) -> str:
    done = CliRunner().invoke(app, list(words), env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())


def test_check_and_reference_tell_of_it() -> None:
    text = said("check", "quality_scandal", "shocks.quality_scandal.size=2")
    assert "What befalls it" in text
    assert "At size 2 instead of 1: 8 times as many orders" in text
    assert "Only from day 120 until day 150." in text
    assert "day 150 quality_scandal over." in text
    shown = said("reference", "shocks.quality_scandal")
    assert "told_days" in shown
    assert "quality_scandal.spread" in shown


def test_the_report_tells_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = [*SMALL, *EARLY, *LOUD, "shocks.quality_scandal.friend_chance=0.5"]
    said("compare", "baseline", "quality_scandal", *words, "-n", "2")
    (folder,) = tmp_path.glob("results/compare/*")
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "How deep orders fall and when they are back" in page
    assert "shocks.quality_scandal.size" in page
    phase = pd.read_parquet(folder / "phases.parquet")
    assert set(phase["from_day"]) == {31, 50}


@pytest.mark.slow  # the engine is compiled once more, step by step and with all there is
def test_the_diary_tells_of_it(shocked: RepurchaseModel) -> None:
    known = shocked.world.states.quality_scandal
    heard_it = (known["known_from"] == quality_scandal.FRIENDS) & (known["known_since"] < 90)
    place = int(np.flatnonzero(heard_it)[0])
    words = [*SMALL, *EARLY, *LOUD, "--household", str(place), "--seed", "3", "--from-day", "30"]
    text = said("diary", "quality_scandal", *words)
    assert text.count("Heard of the scandal from friends.") == 1
