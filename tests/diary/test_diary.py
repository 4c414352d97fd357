"""A diary says what happened: it agrees with the order log and with every change of the record."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import sim.behaviour.believe
from sim.agents.model import RepurchaseModel
from sim.agents.rule_overrides import OverriddenRules
from sim.commands.diary import diary as command
from sim.commands.program import app
from sim.config.loading import Simulation, load
from sim.diary import Diary, comparison, keep_diaries, keep_diary, pages, part, tell
from sim.diary.entries import changes
from sim.diary.offers import OFFERED
from sim.diary.parting import side_by_side
from sim.engine.warm_up import warm_up
from sim.experiments.simulate import simulate
from sim.operator.discovery import CAUSES, LEVERS
from sim.operator.own_records import INBOX, SELDOM
from sim.parameters.quantity import as_numbers
from sim.world.events import REASONS
from sim.world.household import CATEGORIES, FIELDS, STORES
from sim.world.state import TODAY
from tests.whole_worlds import eventful

SEED, DAYS = 7, 45
WATCHED = range(0, 300, 4)
LITTLE = ["population.households=300", "run.warmup_days=200", "run.days=60"]

runner = CliRunner()


@pytest.fixture(scope="module")
def config() -> Simulation:
    days = ("run.warmup_days=200", f"run.days={DAYS}")
    seldom = [f"operator.{name}.strength=0" for name in sorted(SELDOM & LEVERS.keys())]
    return eventful(300, *days, *seldom, "behaviour.choose.operator_appeal=4")


@pytest.fixture(scope="module")
def diaries(config: Simulation) -> list[Diary]:
    return keep_diaries(config, SEED, WATCHED)


def evenings(config: Simulation, seed: int) -> Iterator[tuple[int, np.ndarray]]:
    """Every household's record each evening, as the engine alone has it."""
    model = RepurchaseModel(config, seed)
    warm_up(model)
    model.operate(config.operator, config.strategy.budget_yuan_per_customer_month)
    yield -1, np.array(model.households)
    while model.day < config.run.days:
        model.step()
        yield model.day - 1, np.array(model.households)


def test_orders_are_those_of_the_order_log(config: Simulation, diaries: list[Diary]) -> None:
    log = simulate(config, SEED, keep_orders=True).orders
    assert log is not None
    logged = log[log["household"].isin(list(WATCHED))].sort_values(["household", "day"])
    told = [
        (diary.household, entry.day, entry.event)
        for diary in diaries
        for entry in diary.entries
        if "list_fen" in entry.event
    ]
    assert len(told) == len(logged) > 20
    for (household, day, event), (_, order) in zip(told, logged.iterrows(), strict=True):
        assert (household, day) == (order["household"], order["day"])
        assert STORES[event["store"]] == order["channel"]
        assert CAUSES[event.get("cause", 0)] == order["cause"]
        for name in ("list", "paid", "goods_cost", "coupon"):
            assert event.get(f"{name}_fen", 0) / 100 == pytest.approx(order[f"{name}_yuan"])
        for name in ("points_issued", "points_redeemed"):
            assert event.get(name, 0) == order[name]
        for c, category in enumerate(CATEGORIES):
            assert event["packs"][c] == order[f"packs_{category}"]


def test_every_change_of_the_record_is_an_entry(config: Simulation, diaries: list[Diary]) -> None:
    nights = evenings(config, SEED)
    _, before = next(nights)
    lives = {diary.household: {entry.day: entry for entry in diary.entries} for diary in diaries}
    for diary in diaries:
        assert not any(changes(diary.first, before[diary.household]))
    for day, after in nights:
        for household, entries in lives.items():
            was, now = before[household], after[household]
            if day in entries:
                assert not any(changes(entries[day].before, was))
                assert not any(changes(entries[day].after, now))
                assert entries[day].changes == list(changes(was, now))
            else:
                assert not any(changes(was, now)), f"household {household}, day {day}"
        before = after
    for diary in diaries:
        assert not any(changes(diary.last, before[diary.household]))


def test_entries_follow_one_another_and_their_changes_add_up(diaries: list[Diary]) -> None:
    for diary in diaries:
        for one, next_one in pairwise(diary.entries):
            assert one.day < next_one.day
            assert not any(changes(one.after, next_one.before))
        values: dict[str, float] = {}
        for entry in diary.entries:
            values |= {change.field: change.after for change in entry.changes}
        whole = {change.field: change.after for change in changes(diary.first, diary.last)}
        assert {name: values[name] for name in whole} == whole


def test_all_that_can_happen_was_told(diaries: list[Diary]) -> None:
    told = {name for diary in diaries for entry in diary.entries for name in entry.event}
    assert {"store", "looked", "reacted", "joined", "left_group", "enrolled"} <= told
    questions = {q for d in diaries for entry in d.entries for q, _ in tell(d, entry)}
    assert len(questions) == 11


def test_words_say_what_was_done(diaries: list[Diary]) -> None:
    for diary in diaries:
        for entry in diary.entries:
            said = dict(tell(diary, entry))
            assert said["woke"]
            event = entry.event
            if "list_fen" in event:
                assert f"paid {event['paid_fen'] / 100:,.2f} yuan" in said["bought"]
            elif event.get("store", -1) >= 2:
                assert said["bought"]
            if event.get("left_group") and not event.get("graduated"):
                reason = REASONS[event["left_group"]]
                assert f"Left chat {event['group']}: {reason}." in said["stayed"]
            if event.get("looked"):
                assert "worth" in said["saw"]
            if event.get("joined"):
                assert "joined" in said
            trust = [change for change in entry.changes if change.field == "trust"]
            if trust and not event.get("graduated"):
                assert "Trust in the operator" in said["believed"]


def test_what_spoke_for_leaving_is_told_of_those_who_stay(diaries: list[Diary]) -> None:
    from sim.behaviour.stay import STAYS

    stayed = (
        (diary, entry, answer)
        for diary in diaries
        for entry in diary.entries
        for answer in entry.asked("reason_to_leave")
        if answer.said == STAYS
    )
    diary, entry, answer = next(stayed)
    trusting = replace(entry, answers=(answer._replace(given=answer.given | {"trust": 0.9}),))
    distrusting = replace(entry, answers=(answer._replace(given=answer.given | {"trust": 0.1}),))
    assert "distrust" not in dict(tell(diary, trusting)).get("stayed", "")
    assert "distrust of the operator" in dict(tell(diary, distrusting))["stayed"]


def test_the_chosen_store_is_the_one_weighed_heaviest(diaries: list[Diary]) -> None:
    from sim.diary.phrases import PLACES
    from sim.diary.words import _weighed

    choices = 0
    for diary in diaries:
        for entry in diary.entries:
            for choice in entry.asked("choose_store"):
                best = max(_weighed(entry), key=lambda pair: pair[1])[0]
                assert best == (*PLACES, "waiting")[choice.said]
                choices += 1
    assert choices > 100


def test_a_habit_that_decides_is_told(config: Simulation) -> None:
    first = replace(config.behaviour.choose, kind="habit_first", strong_habit=0.3)
    by_habit = replace(config, behaviour=replace(config.behaviour, choose=first))
    told = [
        dict(tell(diary, entry))["chose"]
        for diary in keep_diaries(by_habit, SEED, WATCHED)
        for entry in diary.entries
        if entry.asked("choose_store")
    ]
    assert any("Weighed nothing: habit decided. Chose" in text for text in told)
    assert not any("included: ." in text for text in told)


def test_pages_tell_every_day_of_the_run(diaries: list[Diary]) -> None:
    for diary in diaries[:20]:
        paragraphs = list(pages(diary, record=True))
        days = [line for line in paragraphs if line.startswith("Day ")]
        assert len(days) == len(diary.entries)
        quiet = sum(int(line.split()[1]) for line in paragraphs if line.startswith("… "))
        assert quiet + len(days) == DAYS
        assert all(len(line) <= 100 for text in paragraphs for line in text.splitlines())
        fields = {field.name for field in FIELDS}
        for line in (line for text in days for line in text.splitlines()):
            if line.startswith("  record"):
                assert line.split()[1].partition("[")[0] in fields


def test_watching_disturbs_nobody(config: Simulation) -> None:
    *_, (_, alone) = evenings(config, 3)
    diaries = keep_diaries(config, 3, [1, 2, 3])
    for diary in diaries:
        assert not any(changes(diary.last, alone[diary.household]))


def test_a_part_of_a_life(config: Simulation, diaries: list[Diary]) -> None:
    whole = max(diaries, key=lambda diary: len(diary.entries))
    some = keep_diary(config, SEED, whole.household, first_day=10, days=15)
    expected = [entry.day for entry in whole.entries if 10 <= entry.day < 25]
    assert [entry.day for entry in some.entries] == expected
    assert tell(some, some.entries[0]) == tell(
        whole, next(entry for entry in whole.entries if entry.day >= 10)
    )


def test_what_is_offered_has_a_name_with_a_unit() -> None:
    offered = {*(TODAY.names or ()), *(INBOX.names or ())} - {"friends"}
    assert set(OFFERED) == offered
    assert all(words.endswith(")") and "(" in words for words in OFFERED.values())


# -- two lives -------------------------------------------------------------------------------


def test_a_life_does_not_part_from_itself(config: Simulation, diaries: list[Diary]) -> None:
    assert part(diaries[0], diaries[0]) == (None, None, None)
    assert "the same on all" in list(comparison(diaries[0], diaries[0]))[1]


def test_two_lives_are_the_same_until_they_part() -> None:
    ours, theirs = (load(name, LITTLE) for name in ("integrated", "baseline"))
    (_, first), *_ = evenings(ours, 1)
    watched = np.flatnonzero(first["subscribed"] + first["in_private_domain"])[:20].tolist()
    lives = list(zip(keep_diaries(ours, 1, watched), keep_diaries(theirs, 1, watched), strict=True))
    records = [dict(evenings(config, 1)) for config in (ours, theirs)]
    became = 0
    for one, other in lives:
        parting = part(one, other)
        until = 60 if parting.became is None else parting.became
        for day in range(-1, 60):
            here, there = (nights[day][one.household] for nights in records)
            assert day >= until or not any(changes(here, there))
        if parting.became is not None:
            became += 1
            here, there = (nights[until][one.household] for nights in records)
            assert any(changes(here, there))
        text = "\n\n".join(comparison(one, other))
        assert ("the two lives part" in text) == (parting.acted is not None)
    assert became > 0
    acted = [part(*pair).acted for pair in lives]
    assert any(day is not None for day in acted)
    days = [day for one, other in lives for day, _, _ in side_by_side(one, other)]
    assert all(0 <= day < 60 for day in days)


# -- replaced rules --------------------------------------------------------------------------


def test_a_rule_replaced_for_the_process_is_retold(monkeypatch: pytest.MonkeyPatch) -> None:
    def trust_after(trust: float, *_: Any) -> float:
        return 0.123

    monkeypatch.setattr(sim.behaviour.believe, "trust_after", trust_after)
    told = OverriddenRules([])

    class Someone:
        trust, trust_weight = 0.5, 2.0

    someone = Someone()
    believe = as_numbers(load("baseline", LITTLE).behaviour.believe)
    told.rules["hear"](someone, 1.0, 1.0, believe)
    assert someone.trust == 0.123
    assert told.rules["trust_after"] is trust_after


# -- the command -----------------------------------------------------------------------------


def shown(*words: str) -> Any:
    return runner.invoke(app, ["diary", *words, *LITTLE])


def test_the_command_tells_a_life() -> None:
    told = shown("integrated", "--who", "customer", "--days", "40")
    assert told.exit_code == 0, told.output
    assert told.stdout.startswith("Household ")
    assert "days 0 to 39" in told.stdout
    assert "bought" in told.stdout
    again = shown("integrated", "--who", "customer", "--days", "40")
    assert again.stdout == told.stdout


def test_the_command_compares_two_lives() -> None:
    told = shown("integrated", "--against", "baseline", "--household", "5")
    assert told.exit_code == 0, told.output
    assert "Household 5 under" in told.stdout
    assert "On the evening of day 59" in told.stdout


def test_the_command_writes_json() -> None:
    told = shown("integrated", "--who", "customer", "--json")
    (diary,) = json.loads(told.stdout)
    assert diary["scenario"] == "integrated"
    entry = next(entry for entry in diary["entries"] if "list_fen" in entry["event"])
    assert entry["told"]["bought"]
    assert {"rule", "given", "said", "within", "shelf"} <= set(entry["answers"][0])
    assert {"field", "before", "after", "unit", "about"} <= set(entry["changes"][0])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--household NUMBER or --who KIND"),
        (("--household", "3", "--who", "customer"), "--household NUMBER or --who KIND"),
        (("--household", "300"), "households 0 to 299"),
        (("--household", "-1"), "households 0 to 299"),
        (("--household", "3", "--from-day", "60"), "days 0 to 59"),
        (("--who", "nobody"), "there are customer, repurchaser"),
        (("--who", "won"), "add --against STRATEGY"),
        (("--household", "3", "--against", "koc_lead"), "did you mean koc_led?"),
        (("koc_lead", "--household", "3"), "did you mean koc_led?"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(words: tuple[str, ...], said: str) -> None:
    told = shown(*words)
    assert told.exit_code == 2, told.output
    assert said in told.stderr
    assert len(told.stderr.strip().splitlines()) == 1
    assert told.stdout == ""


def test_nobody_of_a_kind_is_told_plainly() -> None:
    few = ["population.households=300", "run.warmup_days=0", "run.days=30"]
    told = runner.invoke(app, ["diary", "--who", "churned", *few])
    assert told.exit_code == 2
    assert "No household of this world is churned" in told.stderr


def test_the_example_of_two_lives_finds_one() -> None:
    help_text = command.__doc__ or ""
    (example,) = [line.split() for line in help_text.splitlines() if "--who won" in line]
    told = runner.invoke(app, example[1:])
    assert told.exit_code == 0, told.output
