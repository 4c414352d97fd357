"""What is observed of a lever and what it caused: records, lives, and what the command says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.commands.program import app
from sim.config.loading import load
from sim.evidence.operator_records import CONTACTS, CUSTOMERS, contacts, customers
from sim.experiments.audit import lives_of, methods_table, verdict
from sim.experiments.auditing.estimators import Sample
from sim.experiments.auditing.policy import Known, policies
from sim.experiments.auditing.records import Dates, Life, check_history, history, leaks, segments
from sim.experiments.auditing.subjects import SUBJECTS, reminders_sent, subject_of
from sim.experiments.auditing.worlds import World, detectable, gaps
from sim.experiments.simulate import observe
from sim.indicators import Book, order_log
from sim.parameters.quantity import ConfigurationError
from sim.store.folders import verify
from sim.store.runs import read_manifest, read_table
from sim.world.household import FIELDS

runner = CliRunner()
DATES = Dates(index_day=60, landmark=90, end=150)
SMALL = ["population.households=3000", "run.days=150"]
SEED = 5
DAYS = [f"experiment.{name}" for name in ("index_day=60", "exposure_days=30", "outcome_days=60")]


def lived(config: Any, seed: int = SEED) -> tuple[Book, Life]:
    book = Book(observe(config, seed, census_days=DATES[:2]))
    return book, Life(customers(book), contacts(book), DATES)


@pytest.fixture(scope="module")
def world() -> dict[str, tuple[Book, Life]]:
    """A small world with the baseline's chats, without them, and with a test of them."""
    base = load("baseline", SMALL)
    return {name: lived(own) for name, own in lives_of(SUBJECTS["community"], base, DATES).items()}


def told(words: list[str]) -> tuple[str, Path]:
    """What a command says, in one line, and the folder that it names."""
    shown = runner.invoke(app, words)
    assert shown.exit_code == 0, shown.output
    return " ".join(shown.stdout.split()), Path(shown.stdout.split("Results: ")[1].strip())


# Records


def test_records_hold_no_feeling_and_no_taste() -> None:
    units = ("0 to 1", "utility", "ratio to the mean", "standard deviations", "share", "messages")
    inner = {field.name for field in FIELDS if field.unit in units}
    assert {"trust", "operator_taste", "income", "engagement"} <= inner
    assert not inner & {*CUSTOMERS, *CONTACTS}
    assert {"covered_until", "persona", "use_pace"}.isdisjoint({*CUSTOMERS, *CONTACTS})


def test_the_list_and_the_contacts_tell_the_same_of_orders_and_chats(
    world: dict[str, tuple[Book, Life]],
) -> None:
    _, life = world["with"]
    index, landmark, _ = DATES
    ordered = life.total(index, landmark, "ordered")
    assert (life.before["orders"] + ordered == life.after["orders"]).all()
    assert ordered.sum() > 20
    joined = life.ever(index, landmark, "joined_chat")
    came = life.after["in_chat"] & ~life.before["in_chat"]
    assert joined[came].all()
    assert came.sum() > 5


def test_contacts_hold_every_order_of_whoever_stays(world: dict[str, tuple[Book, Life]]) -> None:
    book, life = world["with"]
    log = order_log(book)
    names = life.customers[["household", "family"]].drop_duplicates()
    own = log.merge(names, on=["household", "family"])
    assert life.contacts["ordered"].sum() == len(own) > 50
    assert life.contacts["paid_yuan"].sum() == pytest.approx(own["paid_yuan"].sum())
    assert life.contacts["coupon"].sum() == (own["coupon_yuan"] > 0).sum()


def test_a_census_between_moves_nothing(world: dict[str, tuple[Book, Life]]) -> None:
    config = lives_of(SUBJECTS["community"], load("baseline", SMALL), DATES)["with"]
    plain = observe(config, SEED)
    assert np.array_equal(plain.events, world["with"][0].observed.events)
    assert np.array_equal(plain.end, world["with"][0].observed.end)


def by_hand(*rows: dict[str, Any]) -> Life:
    """One household's contacts, a customer for ten days on the index day, day 60."""
    on_list = {
        "household": 7, "family": 0, "region": "East", "city_tier": 1, "child_age_days": 200,
        "won_by": "need", "orders": 1, "spending_yuan": 100.0, "days_since_first_order": 10,
        "days_since_order": 10, "days_since_visit": 10, "subscribed": True, "consent": 1,
        "in_private_domain": False, "in_chat": False, "loyalty_member": False, "tier": 0,
        "points": 0, "posts": 0,
    }  # fmt: skip
    listed = pd.DataFrame([{**on_list, "day": day} for day in DATES[:2]])
    listed["region"] = pd.Categorical(listed["region"], ["East", "West"])
    blank = dict.fromkeys(CONTACTS, 0)
    seen = pd.DataFrame([{**blank, "household": 7, **row} for row in rows], columns=[*CONTACTS])
    return Life(listed, seen, DATES)


@pytest.mark.parametrize(
    ("day", "before", "after"), [(59, 1, 0), (60, 0, 0), (89, 0, 0), (90, 0, 1), (149, 0, 1)]
)
def test_outcomes_count_from_the_landmark_and_history_ends_on_the_eve_of_the_index_day(
    day: int, before: int, after: int
) -> None:
    life = by_hand({"day": day, "ordered": 1, "paid_yuan": 50.0, "margin_yuan": 20.0})
    for name, value in (("orders", 1), ("repurchased", 1), ("margin_yuan", 20.0)):
        assert life.outcome(name).tolist() == [after * value]
        assert life.earlier(name).tolist() == [before * value]
    assert history(life)["orders_30d"].tolist() == [before]
    assert life.months("ordered").sum() == (day >= 60)


def test_a_reminder_is_sent_before_the_goods_run_out_unless_an_order_came_first() -> None:
    own = load("reminders", SMALL).operator.reminders  # nine days before
    first = {"day": 61, "ordered": 1, "stock_days": 20}
    assert reminders_sent(by_hand(first), own).tolist() == [1]  # on day 72
    for day, sent in ((71, 0), (72, 1), (73, 1)):
        again = {"day": day, "ordered": 1, "stock_days": 100}
        assert reminders_sent(by_hand(first, again), own).tolist() == [sent]
    assert reminders_sent(by_hand({**first, "stock_days": 40}), own).tolist() == [0]  # day 92


def test_reminders_are_those_that_the_day_counted() -> None:
    """Of customers who stay; the few whom it misses gave their consent later, or came later."""
    config = lives_of(SUBJECTS["reminders"], load("reminders", SMALL), DATES)["with"]
    book, life = lived(config)
    daily = book.observed.daily["reminders"]
    counted = daily[DATES.index_day : DATES.landmark].sum()
    assert daily[: DATES.index_day].sum() == 0
    sent = reminders_sent(life, config.operator.reminders).sum()
    assert 0.5 * counted <= sent <= counted


# No leak


def test_history_knows_nothing_of_the_future(world: dict[str, tuple[Book, Life]]) -> None:
    life = world["with"][1]
    assert leaks(history, life) == []
    assert check_history(history, life).equals(history(life))
    assert np.isfinite(history(life).to_numpy(float)).all()


def _with_outcome(life: Life) -> pd.DataFrame:
    return history(life).assign(orders_soon=life.outcome("orders"))


def _with_later_list(life: Life) -> pd.DataFrame:
    return history(life).assign(visits_180d=life.total(0, DATES.landmark, "visited"))


@pytest.mark.parametrize(
    ("planted", "name"), [(_with_outcome, "orders_soon"), (_with_later_list, "visits_180d")]
)
def test_a_planted_leak_is_found(
    world: dict[str, tuple[Book, Life]], planted: Callable[[Life], pd.DataFrame], name: str
) -> None:
    life = world["with"][1]
    assert leaks(planted, life) == [name]
    with pytest.raises(ConfigurationError, match=f"{name}.* happened after the index day"):
        check_history(planted, life)


# Lives


def seen(life: Life, first: int, after: int) -> pd.DataFrame:
    return life.between(first, after).reset_index(drop=True)


def test_lives_are_one_until_the_index_day_and_part_then(
    world: dict[str, tuple[Book, Life]],
) -> None:
    index = DATES.index_day
    on, off, test = (world[name][1] for name in ("with", "without", "tested"))
    for other in (off, test):
        assert on.before.equals(other.before)
        assert seen(on, 0, index).equals(seen(other, 0, index))
        assert not seen(on, index, 150).equals(seen(other, index, 150))
    assert on.ever(index, 150, "joined_chat").sum() > 10
    assert not off.ever(index + 1, 150, "joined_chat").any()


def test_in_the_test_nobody_joins_but_whom_the_lot_has_chosen(
    world: dict[str, tuple[Book, Life]],
) -> None:
    on, off, test = (world[name][1] for name in ("with", "without", "tested"))
    config = load("baseline", SMALL)
    whole = World(SEED, SUBJECTS["community"], config.operator.community, on, off, test)
    joined = test.ever(DATES.index_day + 1, 150, "joined_chat")[whole.at_risk]
    offered = whole.offered()
    assert joined.sum() > 5
    assert offered[joined].all()
    assert 0.4 < offered.mean() < 0.6


def test_lives_that_part_too_early_are_refused(world: dict[str, tuple[Book, Life]]) -> None:
    on, own = world["with"][1], load("baseline", SMALL).operator.community
    _, other = lived(load("baseline", SMALL), SEED + 1)
    with pytest.raises(ConfigurationError, match="part before the index day"):
        World(SEED, SUBJECTS["community"], own, on, other)


def test_parts_of_a_gap_add_up_to_the_estimate() -> None:
    luck = np.random.default_rng(2)
    treated = luck.random(50) < 0.4
    after, without, before = luck.poisson(3, (3, 50)).astype(float)
    sample = Sample(after, before, treated, np.zeros((50, 1)))
    parts = pd.DataFrame(gaps("orders", sample, without)).groupby("method")["value"].sum()
    assert parts["naive"] == pytest.approx(after[treated].mean() - after[~treated].mean())
    change = after - before
    assert parts["before_after"] == pytest.approx(change[treated].mean())
    assert parts["diff_in_diff"] == pytest.approx(change[treated].mean() - change[~treated].mean())


def test_segments_divide_the_customers(world: dict[str, tuple[Book, Life]]) -> None:
    life = world["with"][1]
    found = segments(life)
    assert all(len(words) == len(life.before) for words in found.values())
    often = (life.before["orders"] >= 6).to_numpy()
    assert set(found["past_orders"][often]) == {"6 and more"}


def interval(mean: float, low: float, high: float) -> dict[str, float]:
    return {"mean": mean, "low": low, "high": high}


@pytest.mark.parametrize(
    ("value", "truth", "said"),
    [
        (2.0, interval(0.5, 0.4, 0.6), "more than double"),
        (-1.0, interval(0.5, 0.4, 0.6), "wrong sign"),
        (-1.0, interval(0.1, -0.4, 0.6), "more than double"),
        (0.1, interval(0.5, 0.4, 0.6), "less than half"),
        (0.8, interval(0.5, 0.4, 0.6), "too high"),
        (0.4, interval(0.5, 0.4, 0.6), "too low"),
        (float("nan"), interval(0.5, 0.4, 0.6), "none"),
    ],
)
def test_verdicts(value: float, truth: dict[str, float], said: str) -> None:
    gap = value - truth["mean"]
    sure = interval(gap, gap - 0.01, gap + 0.01)
    assert verdict(interval(value, value - 0.1, value + 0.1), truth, sure) == said
    unsure = interval(gap, gap - 5, gap + 5)
    assert verdict(interval(value, value - 0.1, value + 0.1), truth, unsure) in ("agrees", "none")


def test_methods_are_held_against_the_effect_world_by_world() -> None:
    rows = [
        {"seed": i, "outcome": "orders", "method": "naive", "of": "treated", "value": 1.0 + i,
         "error": 0.5, "caused": 0.5 + i, "level": 4.0}
        for i in range(3)
    ]  # fmt: skip
    row = methods_table(pd.DataFrame(rows)).iloc[0]
    assert (row["mean"], row["caused"], row["gap_mean"]) == (2.0, 1.5, 0.5)
    assert row["lift"] == pytest.approx(2.0 / (4.0 - 2.0))
    assert row["caused_lift"] == pytest.approx(1.5 / (4.0 - 1.5))
    assert row["covered"] == 1.0  # half a unit is less than 1.96 errors of half a unit


def test_a_gap_is_no_surer_than_the_method_itself() -> None:
    rows = [
        {"outcome": "orders", "method": "ab_test", "of": "offered", "value": 0.5 + i / 1000,
         "error": 2.0, "caused": 0.1, "level": 4.0}
        for i in range(4)
    ]  # fmt: skip
    for worlds, half in ((rows, 1.96), (rows[:1], 1.96 * 2)):
        row = methods_table(pd.DataFrame(worlds)).iloc[0]
        assert row["gap_high"] - row["gap_mean"] == pytest.approx(half, abs=0.001)
        assert row["verdict"] == "agrees"


def test_what_a_test_of_all_would_see_is_what_it_needs_so_many_for() -> None:
    from sim.experiments.pilot import per_arm

    least = detectable(4000.0, 3.0, 2.0)
    assert per_arm(least, 3.0, 2.0) == pytest.approx(2000.0, rel=0.01)
    assert np.isnan(detectable(0.0, 3.0, 2.0))


# The command


def test_an_audit_as_it_is_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["audit", "membership", "-n", "2", "population.households=3000", *DAYS]
    shown, folder = told(words)
    verify(folder)
    manifest = read_manifest(folder)
    assert manifest["subject"] == "community"
    assert (manifest["index_day"], manifest["landmark"], manifest["end"]) == (60, 90, 150)
    methods, parts = read_table(folder, "methods"), read_table(folder, "gaps")
    naive = methods.query("outcome == 'orders' and method == 'naive'").iloc[0]
    assert naive["mean"] > naive["caused"]
    sums = parts.query("outcome == 'orders' and method == 'naive'")["mean"].sum()
    assert sums == pytest.approx(naive["mean"])
    for said in (
        "Observed and caused: community", "naive: treated against others", "A/B test",
        "An analyst of the operator's records would print: customers who joined a group chat",
        "who takes part", "The yardstick", "Page: ",
    ):  # fmt: skip
        assert said in shown
    assert (folder / "figures/observed_and_caused.png").stat().st_size > 20_000
    assert "differ from the others by" in (folder / "report.html").read_text(encoding="utf-8")
    lives = read_table(folder, "runs")
    assert sorted(lives["life"]) == ["tested", "tested", "with", "with", "without", "without"]
    assert told(words)[0] == shown  # from the same runs


def test_a_lever_of_no_strength_causes_nothing_to_the_last_bit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    off = "operator.reminders.strength=0"
    shown, folder = told(
        ["audit", "reminders", "-n", "2", "population.households=2000", *DAYS, off]
    )
    effects = read_table(folder, "effects")
    everybody = effects.query("by == 'all' and who == 'others'")
    assert (everybody[["mean", "low", "high"]].fillna(0.0) == 0.0).all(axis=None)
    assert (everybody["customers"] > 0).all()
    assert "Nobody was sent a replenishment reminder" in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["comunity"], "did you mean community?"),
        (["advisors"], "There is nothing to audit called advisors"),
        (["coupons", "--outcome", "oders"], "did you mean orders?"),
        (["coupons", "baseline", "membership"], "One lever at a time"),
        (["coupons", "no_such_strategy"], "no_such_strategy"),
        (["coupons", "experiment.exposure_days=0"], "are whole numbers from 1 on"),
        (["coupons", "run.days=100"], "The audit looks until day 450"),
    ],
)
def test_what_cannot_be_audited_is_said_in_one_sentence(words: list[str], said: str) -> None:
    shown = runner.invoke(app, ["audit", *words])
    assert shown.exit_code == 2
    assert said in shown.stderr
    assert shown.stderr.count("\n") == 1


def test_every_subject_is_there_by_its_own_name_and_its_lever_s() -> None:
    for name, subject in SUBJECTS.items():
        assert subject_of(name) is subject
        assert subject_of(subject.lever) is subject
    assert subject_of("membership") is SUBJECTS["community"]


@pytest.mark.slow
@pytest.mark.parametrize("subject", ["community", "coupons", "service"])
def test_the_naive_contrast_lies_above_what_is_caused(
    subject: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _, folder = told(["audit", subject, "-n", "4", "population.households=60000"])
    methods = read_table(folder, "methods").query("outcome == 'orders'").set_index("method")
    assert methods["gap_low"]["naive"] > 0.5
    assert methods["verdict"]["naive"] == "more than double"


# For whom it pays


def known(seed: int, gain: float) -> Known:
    """Who has ordered twice or more gains, whoever has not loses; nothing else matters."""
    luck = np.random.default_rng(seed)
    orders = luck.poisson(1.5, 800)
    history = pd.DataFrame({"orders_30d": luck.poisson(0.4, 800), "orders_90d": orders})
    return Known(history, np.where(orders >= 2, gain, -1.0) + luck.normal(0, 0.5, 800))


def test_a_tree_finds_whom_it_pays_for_and_is_checked_on_other_worlds() -> None:
    leaves, found = policies([known(seed, 2.0) for seed in range(8)])
    told = found.set_index("policy")
    assert leaves.query("addressed")["rule"].str.contains("orders_90d > 1.5").all()
    assert told["mean"]["tree"] == pytest.approx(2.0 * told["share"]["tree"], abs=0.05)
    assert told["over_low"]["tree"] > 0.4
    assert told["over_mean"]["everybody"] == 0.0
    assert told["mean"]["tree"] > told["mean"]["orders in the last month"]


def test_what_a_tree_has_learnt_is_not_what_it_is_judged_by() -> None:
    """Where the unseen worlds are the reverse, the tree loses."""
    worlds = [known(seed, 2.0) for seed in range(4)]
    worlds += [each._replace(gain=-each.gain) for each in worlds]
    _, found = policies(worlds)
    assert found.set_index("policy")["high"]["tree"] < -0.4


def test_of_few_worlds_no_tree_is_grown() -> None:
    leaves, found = policies([known(seed, 2.0) for seed in range(3)])
    assert leaves.empty
    assert found.empty


@pytest.mark.slow
def test_the_interval_of_the_test_holds_what_is_caused_as_often_as_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _, folder = told(["audit", "community", "-n", "40", "population.households=5000", *DAYS])
    worlds = read_table(folder, "worlds").query("method == 'ab_test' and error > 0")
    held = (worlds["value"] - worlds["caused"]).abs() <= 1.96 * worlds["error"]
    by_outcome = held.groupby(worlds["outcome"].astype(str)).mean()
    assert by_outcome.between(0.88, 1.0).all(), by_outcome.to_dict()  # 95% +- 7 of 40 seeds
