"""A/B tests inside runs: who is drawn together, what a test says, and what spills over."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.commands.program import app
from sim.config.loading import load
from sim.experiments import ab_test as module
from sim.experiments.ab_test import between_arms, told
from sim.experiments.auditing.estimators import difference
from sim.operator.audiences import FRIENDS_TOGETHER, LOT_UNITS, Audience, addressed, city_of
from sim.operator.splits import in_lot, units
from sim.store.folders import verify
from sim.store.runs import read_manifest, read_table
from tests.whole_worlds import begun, differences, eventful

runner = CliRunner()
SMALL = ["population.households=3000", "experiment.outcome_days=40", "experiment.index_day=30"]


def lived(lot: float, unit: str, days: int = 25, threads: int = 1) -> Any:
    config = eventful(600, "run.warmup_days=20", "run.days=60")
    own = replace(config.operator.coupons, audience=Audience(lot=lot, lot_by=unit))
    model = begun(replace(config, operator=replace(config.operator, coupons=own)), 3, threads)
    for _ in range(days):
        model.step()
    return model


# Who is drawn


@pytest.mark.parametrize("unit", LOT_UNITS)
def test_records_know_whom_the_engine_has_drawn(unit: str) -> None:
    model = lived(0.5, unit)
    own, people = model.world.levers["coupons"], model.households
    drawn = np.array(
        [addressed(p, i, model.world, model.day, own) for i, p in enumerate(people)], bool
    )
    chat = people["group"].astype(np.int64)
    city = np.array([city_of(p["region"], p["city_tier"]) for p in people], np.int64)
    place, family = np.arange(len(people)), people["family"].astype(np.int64)
    by_records = in_lot(3, "coupons", place, family, 0.5, by=unit, chats=chat, cities=city)
    assert (drawn == by_records).all()
    assert 0.15 < drawn.mean() < 0.85
    together = units(unit, place, chat, city)
    shares = [drawn[together == one].mean() for one in np.unique(together)]
    assert set(shares) == {0.0, 1.0}


def test_units_are_what_their_names_say() -> None:
    place, chat, city = np.arange(400), np.full(400, -1), np.arange(400) % 7
    chat[100:200] = 3
    assert len(np.unique(units("household", place, chat, city))) == 400
    assert len(np.unique(units("chat", place, chat, city))) == 301
    assert len(np.unique(units("friends", place, chat, city))) == 400 / FRIENDS_TOGETHER
    assert len(np.unique(units("city", place, chat, city))) == 7


def test_everybody_drawn_together_is_everybody() -> None:
    alone, by_chat = lived(1.0, "household"), lived(1.0, "chat")
    assert differences(alone, by_chat) == []


def test_a_lot_of_chats_does_not_depend_on_threads() -> None:
    assert differences(lived(0.5, "chat"), lived(0.5, "chat", threads=2)) == []


# What a test says


def test_with_every_household_drawn_alone_the_error_is_welch_s() -> None:
    luck = np.random.default_rng(1)
    seen, offered = luck.poisson(1.5, 4000).astype(float), luck.random(4000) < 0.4
    got, plain = between_arms(seen, offered, np.arange(4000)), difference(seen, offered)
    assert got.value == pytest.approx(plain.value)
    assert got.error == pytest.approx(plain.error, rel=1e-3)


def test_the_error_of_units_is_that_of_a_regression_with_clusters() -> None:
    statsmodels = pytest.importorskip("statsmodels.api")
    luck = np.random.default_rng(2)
    drawn = luck.integers(0, 60, 3000)
    offered = (luck.random(60) < 0.5)[drawn]
    seen = luck.normal(size=3000) + luck.normal(size=60)[drawn] + 0.3 * offered
    got = between_arms(seen, offered, drawn)
    columns = statsmodels.add_constant(offered.astype(float))
    fit = statsmodels.OLS(seen, columns).fit(cov_type="cluster", cov_kwds={"groups": drawn})
    assert got.value == pytest.approx(fit.params[1])
    assert got.error == pytest.approx(fit.bse[1], rel=0.05)  # other small-sample factors
    assert got.error > 3 * difference(seen, offered).error  # what an error without units hides


def test_the_interval_covers_the_effect_as_often_as_it_says() -> None:
    # 400 tests of 80 units: 95% +- 3 standard errors of 1.1 points.
    luck, held = np.random.default_rng(3), 0
    for _ in range(400):
        drawn = np.repeat(np.arange(80), 20)
        offered = (luck.permutation(80) < 40)[drawn]
        seen = luck.normal(size=1600) + luck.normal(size=80)[drawn] + 0.5 * offered
        got = between_arms(seen, offered, drawn)
        held += abs(got.value - 0.5) <= 1.96 * got.error
    assert 0.917 < held / 400 < 0.983


def test_too_few_units_have_no_error() -> None:
    offered = np.array([True, True, False, False])
    got = between_arms(np.arange(4.0), offered, np.array([0, 0, 1, 1]))
    assert np.isnan(got.error)


def test_what_is_told_adds_up() -> None:
    without, seen, with_it = np.zeros(4), np.array([3.0, 1, 1, 0]), np.array([4.0, 2, 3, 1])
    found = told(with_it, without, seen, np.array([True, True, False, False]), np.arange(4))
    assert found["on_offered"] == 2
    assert found["on_others"] == 0.5
    assert found["lacking"] == 1
    assert found["value"] == found["on_offered"] - found["on_others"]  # alike without the lever


# Lives


@pytest.fixture(scope="module")
def spilling(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Challenges in chats, tested on households and on chats."""
    results = tmp_path_factory.mktemp("abtest")
    said = ["--outcome", "visited", "--of-whom", "members", "-n", "4"]
    said += ["population.households=40000", "--results", str(results)]
    shown = runner.invoke(app, ["abtest", "check_in", "live_and_checkin", *said])
    assert shown.exit_code == 0, shown.output
    return Path(shown.stdout.split("Results: ")[1].strip())


def test_a_test_by_chat_shows_the_spill_over_that_one_by_household_misses(spilling: Path) -> None:
    worlds = read_table(spilling, "worlds")
    own = worlds[worlds["outcome"] == "visited"]
    by = {unit: own[own["draw_by"] == unit] for unit in ("household", "chat")}
    # A challenge makes its members write, and whoever reads with them looks in more often.
    assert (by["household"]["on_others"] > 0.0).all()
    missed = {unit: (each["on_others"] + each["lacking"]).to_numpy() for unit, each in by.items()}
    assert (missed["household"] > 0.04 * by["household"]["caused"]).all()
    assert missed["household"].mean() > 1.5 * missed["chat"].mean()
    # The truth has its price: chats differ more than households. How much more is told by the few
    # chats of a world, so each world need only show the direction.
    error = {unit: each["error"].to_numpy() for unit, each in by.items()}
    assert (error["chat"] > error["household"]).all()
    assert error["chat"].mean() > 2 * error["household"].mean()


def test_the_error_stated_covers_what_a_household_test_would_find_again_and_again(
    spilling: Path,
) -> None:
    worlds = read_table(spilling, "worlds")
    own = worlds[(worlds["draw_by"] == "household") & (worlds["outcome"] == "visited")]
    aim = own["on_offered"] - own["on_others"]
    assert (abs(own["value"] - aim) < 4 * own["error"]).all()  # once in 4,000 such tables


def test_the_folder_is_whole_and_told_in_words(spilling: Path) -> None:
    verify(spilling)
    manifest = read_manifest(spilling)
    assert manifest["draw_by"] == ["household", "chat"]
    tests = read_table(spilling, "tests")
    assert len(tests) == 2 * len(module.OUTCOMES)
    assert (spilling / "report.html").exists()


def test_a_lever_without_strength_is_refused_and_a_test_that_nobody_can_make() -> None:
    for words, why in (
        (["check_in", "baseline"], "check_in is off in baseline"),
        (["content"], "cannot be kept from some"),
        (["chek_in"], "did you mean check_in"),
        (["coupons", "--by", "cat"], "did you mean chat"),
        (["coupons", "experiment.share=1"], "leaves one arm empty"),
        (["coupons", "--of-whom", "member"], "did you mean members"),
        (["coupons", "operator.coupons.audience.lot=0.5"], "for a lot already"),
    ):
        shown = runner.invoke(app, ["abtest", *words, *SMALL, "-n", "1"])
        assert shown.exit_code == 2, words
        assert why in " ".join(shown.stderr.split()), (words, shown.stderr)


def test_a_lot_by_chat_of_everybody_is_doubted() -> None:
    from sim.strategy.lint import doubts

    base = load("baseline")
    odd = load("baseline", ["operator.coupons.audience.lot_by=chat"])
    assert any("lot_by = chat changes nothing" in said for said in doubts(odd, base))
    assert not any("lot_by" in said for said in doubts(base, base))
