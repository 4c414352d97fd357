"""Calibration: only rows marked fit, known answers found again, and what is told of them."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.config.loading import load, resolved
from sim.evidence.facts import Fact, load_facts
from sim.experiments.calibrate import LEAST, Search, calibrate, luck_of, space_of
from sim.experiments.calibrating.emulators import Emulators
from sim.experiments.calibrating.lives import Lives
from sim.experiments.calibrating.posterior import (
    Draws,
    draws_of,
    evenness,
    ranks,
    scale_reduction,
)
from sim.experiments.calibrating.targets import Aim, aims_at, implausibility, log_likelihood
from sim.experiments.executors import ExecutionSettings
from sim.experiments.plausible import sample_of
from sim.experiments.samplers import Evaluated
from sim.experiments.samplers.matching import Matching
from sim.experiments.space import Range, Space
from sim.parameters.quantity import ConfigurationError
from sim.store.runs import read_manifest, read_table
from tests.conftest import toy_environment

DISCREPANCY = {"usual": 0.05, "L05": 0.2}
TOWN = ["population.households=1000", "run.warmup_days=60"]
SMALL = {"first_points": 12, "waves": 1, "points_per_wave": 4, "noise_worlds": 2, "walkers": 8}
SMALL |= {"steps": 40, "rounds": 2, "draws": 60, "lived_draws": 4, "all_from_wave": 0}
SETTINGS = (
    "behaviour.need.cover_days=interval(20,120,log)",
    "behaviour.need.lead_days=interval(1,9)",
)


def fact(name: str, value: float, spread: float, role: str = "fit") -> Fact:
    low, high = value - 1.959964 * spread, value + 1.959964 * spread
    return Fact(name, "level", "", "", "", value, low, high, "share", role, "R1", "")


def aim(name: str, value: float, spread: float) -> Aim:
    return Aim(fact(name, value, spread), spread, 0.0)


def known(place: np.ndarray) -> np.ndarray:
    """A world whose facts are known: two smooth figures of two settings."""
    x, y = place[..., 0], place[..., 1]
    return np.stack([x + 0.5 * y, np.sin(3 * x) - y], axis=-1)


# -- what may be aimed at ------------------------------------------------------------------


def test_no_row_but_those_marked_fit_is_ever_aimed_at() -> None:
    facts = load_facts()
    aims = aims_at(facts, DISCREPANCY)
    roles = {each.id: each.role for each in facts}
    assert {roles[each.fact.id] for each in aims} == {"fit"}
    assert len(aims) == sum(role == "fit" for role in roles.values())
    checks = [name for name, role in roles.items() if role == "check"]
    assert len(checks) > 40
    for name in checks:
        with pytest.raises(ConfigurationError, match="nothing is fitted but rows marked fit"):
            aims_at(facts, DISCREPANCY, [name])


def test_a_check_that_moves_moves_no_aim() -> None:
    facts = load_facts()
    moved = tuple(
        replace(each, value=9.0, low=8.0, high=10.0) if each.role != "fit" else each
        for each in facts
    )
    assert aims_at(moved, DISCREPANCY) == aims_at(facts, DISCREPANCY)


@pytest.mark.parametrize(
    ("only", "discrepancy", "said"),
    [
        (["L99"], {"usual": 0.05}, "There is no fact L99."),
        ([], {"usual": 0.05, "P02": 0.1}, "no setting experiment.discrepancy.P02"),
        ([], {"usual": -0.1}, "experiment.discrepancy.usual = -0.1 is impossible"),
    ],
)
def test_what_cannot_be_aimed_at(only: list[str], discrepancy: dict[str, float], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        aims_at(load_facts(), discrepancy, only)


def test_bounds_hold_95_percent_and_discrepancies_add_up() -> None:
    (own,) = aims_at(load_facts(), DISCREPANCY, ["L05"])
    assert own.observed == pytest.approx((own.fact.high - own.fact.low) / 3.92, rel=1e-3)
    assert own.discrepancy == pytest.approx(0.2 * own.fact.value)
    assert own.deviation == pytest.approx(np.hypot(own.observed, own.discrepancy))


def test_implausibility_is_counted_in_deviations_of_everything_unsure() -> None:
    aims = [aim("A", 1.0, 0.3), aim("B", 2.0, 0.1)]
    told, spread = np.array([[1.5, 2.0], [np.nan, 2.4]]), np.array([[0.4, 0.0], [0.0, 0.0]])
    far = implausibility(told, spread, aims)
    assert far.ravel().tolist() == pytest.approx([1.0, 0.0, np.inf, 4.0])
    dense = log_likelihood(told[:1], spread[:1], aims)[0]
    assert dense[0] == pytest.approx(-0.5 - np.log(0.5))
    assert dense[1] == pytest.approx(-np.log(0.1))


def test_a_fact_is_covered_by_what_would_be_found_and_not_by_anything() -> None:
    own = aim("A", 1.0, 0.1)
    assert own.chance_above(np.array([1.0, np.nan])) == pytest.approx(0.5)
    assert own.chance_above(np.array([1.1])) == pytest.approx(0.8413, abs=1e-4)
    assert own.chance_above(np.array([0.9, 1.1])) == pytest.approx(0.5)
    assert own.chance_above(np.array([1.25, 1.25])) > 0.975, "two and a half deviations off"
    assert np.isnan(own.chance_above(np.array([np.nan])))


# -- emulators -----------------------------------------------------------------------------


def test_emulators_know_what_they_do_not_know() -> None:
    rng = np.random.default_rng(1)
    places = rng.random((60, 2))
    figures = known(places) + 0.02 * rng.standard_normal((60, 2))
    others = rng.random((200, 2))
    there = known(others) + 0.02 * rng.standard_normal((200, 2))
    told, spread = Emulators(places, figures).told(others)
    off = (told - there) / spread
    assert np.sqrt(np.mean(off**2)) == pytest.approx(1.0, abs=0.3), "their deviations are honest"
    assert np.abs(told - known(others)).mean() < 0.03
    figures[:, 1] = np.nan
    mean, sd = Emulators(places, figures).told(places[:3])
    assert np.isnan(mean[:, 1]).all()
    assert np.isinf(sd[:, 1]).all(), "what was never measured rules nothing out"
    few = np.where(np.arange(60)[:, None] < 5, known(places), np.nan)
    mean, sd = Emulators(places, few).told(places[:3])
    assert mean[0, 0] == mean[1, 0], "from five points nothing is learnt but a mean"


# -- waves ---------------------------------------------------------------------------------


def matched(aims: list[Aim], waves: int = 3) -> Matching:
    space = Space({"x": Range(0.0, 1.0), "y": Range(0.0, 1.0)})
    matching = Matching(space, aims, np.zeros(len(aims)), 24, 12, waves, 3.0, seed=1)
    while points := matching.ask():
        places = np.array([[float(point["x"]), float(point["y"])] for point in points])
        names = [each.fact.id for each in aims]
        told = known(places)
        matching.tell(
            [
                Evaluated(point, dict(zip(names, map(float, row), strict=True)))
                for point, row in zip(points, told, strict=True)
            ]
        )
    return matching


TRUTH = np.array([0.3, 0.6])


def test_waves_close_in_on_the_truth_and_never_rule_it_out() -> None:
    facts = known(TRUTH)
    matching = matched([aim("A", facts[0], 0.02), aim("B", facts[1], 0.02)])
    assert [wave.points for wave in matching.waves] == [24, 12, 12, 12]
    assert matching.waves[0].left > matching.waves[-1].left, "ever less is left"
    assert matching.waves[-1].inside == 1.0, "and what is proposed turns out not to be ruled out"
    assert matching.worst_of(TRUTH[None])[0] < 3.0
    last = matching.places[-12:]
    assert np.abs(last - TRUTH).max() < 0.15
    assert len(np.unique(last, axis=0)) == 12


def test_facts_that_contradict_each_other_leave_nothing() -> None:
    facts = known(TRUTH)
    both = [aim("A", facts[0], 0.02), aim("A2", facts[0] + 0.9, 0.02)]
    matching = matched(both, waves=1)
    assert all(wave.inside == 0.0 for wave in matching.waves)
    assert matching.waves[-1].left == 0.0


def test_the_same_seed_asks_for_the_same_points() -> None:
    facts = known(TRUTH)
    aims = [aim("A", facts[0], 0.05), aim("B", facts[1], 0.05)]
    assert np.array_equal(matched(aims).places, matched(aims).places)


# -- what is left --------------------------------------------------------------------------


class Exact:
    """An emulator that is never wrong."""

    def told(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return places.copy(), np.zeros_like(places)


def walked(spread: float, seed: int = 1) -> Draws:
    aims = [aim("A", 0.4, spread), aim("B", 0.7, spread)]
    start = np.random.default_rng(3).random((40, 2))
    return draws_of(Exact(), aims, start, 800, 4000, seed)  # type: ignore[arg-type]


def test_walkers_find_the_normal_density_that_they_are_told() -> None:
    draws = walked(0.05)
    assert draws.places.mean(axis=0) == pytest.approx([0.4, 0.7], abs=0.006)
    assert draws.places.std(axis=0) == pytest.approx([0.05, 0.05], rel=0.12)
    assert abs(np.corrcoef(draws.places.T)[0, 1]) < 0.1
    assert draws.ratio < 1.1
    assert np.array_equal(draws.places, walked(0.05).places)


def test_walkers_stay_in_the_space_and_fill_it_where_nothing_is_known() -> None:
    draws = walked(50.0)
    assert draws.places.min() >= 0.0
    assert draws.places.max() <= 1.0
    assert draws.places.std(axis=0) == pytest.approx([12**-0.5] * 2, rel=0.1)


def test_walkers_that_do_not_agree_are_noticed() -> None:
    apart = np.random.default_rng(1).standard_normal((50, 6, 1)) * 0.01
    apart += np.arange(6)[None, :, None]
    assert scale_reduction(apart) > 5.0


def test_ranks_are_even_where_inference_is_right_and_not_where_it_is_too_sure() -> None:
    draws = walked(0.05)
    some = np.linspace(0, len(draws.places) - 1, 200).astype(int)
    places = draws.places[some]
    aims = [aim("A", 0.4, 0.05), aim("B", 0.7, 0.05)]
    right = ranks(draws, places, places, aims, seed=5)
    assert (evenness(right) > 0.01).all()
    biased = ranks(draws, places, places + 0.1, aims, seed=5)
    assert (evenness(biased) < 1e-6).all(), "emulators that are off are found out"


# -- the world -----------------------------------------------------------------------------


def test_what_is_estimated_of_the_operator_held_before_too(tmp_path: Path) -> None:
    lives = Lives("baseline", TOWN, ExecutionSettings(tmp_path))
    key = "operator.acquisition.reach_share"
    there = lives.config_at("baseline", {key: 0.0425})
    assert there["operator"]["acquisition"]["reach_share"] == 0.0425
    assert there["before"]["acquisition"]["reach_share"] == 0.0425
    usual = lives.config_at("baseline", {})
    assert usual == {**resolved(load("baseline", TOWN)), "strategy": usual["strategy"]}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["behaviour.need.cover_days=1,2,3"], "must be a range"),
        (["behaviour.need.cover_day=interval(1,2)"], "did you mean behaviour.need.cover_days"),
        (["run.days"], "varies nothing"),
        (["population.households=interval(1,2)"], "cannot be given, too"),
    ],
)
def test_what_cannot_be_estimated(tmp_path: Path, asked: list[str], said: str) -> None:
    usual = resolved(load("baseline", TOWN))
    with pytest.raises(ConfigurationError, match=said):
        space_of(asked, TOWN, usual, ExecutionSettings(tmp_path))


@pytest.mark.parametrize("name", LEAST)
def test_a_search_that_is_too_small(name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"experiment.{name} must be {LEAST[name]}"):
        Search((), {}, **{name: LEAST[name] - 1})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("calibration")
    search = Search(SETTINGS, {"usual": 0.05}, ("L10", "L14"), **SMALL)  # type: ignore[arg-type]
    return calibrate("baseline", search, 1, TOWN, ExecutionSettings(place, "threads", 2))


def test_a_small_calibration_is_told_whole(found: Path) -> None:
    targets, settings = read_table(found, "targets"), read_table(found, "settings")
    assert list(targets["id"]) == ["L10", "L14"]
    assert list(settings["setting"]) == [each.partition("=")[0] for each in SETTINGS]
    for row in settings.itertuples():
        assert row.lowest <= row.low <= row.high <= row.highest
        assert row.lowest <= row.best <= row.highest
        assert row.pinned < 1.0
        assert 0.0 <= row.even <= 1.0
    draws = read_table(found, "draws").pivot(index="draw", columns="setting", values="value")
    assert draws.shape == (60, 2)
    ranked = read_table(found, "ranks")["rank"]
    assert ranked.between(0.0, 1.0).all()
    assert len(read_table(found, "points")) == 2 * (16 + 2 * 4)
    assert list(read_table(found, "waves")["points"]) == [12, 4]
    manifest = read_manifest(found)
    assert manifest["facts"].keys() == {"L10", "L14"}
    assert manifest["points"] == 24
    assert manifest["emulators_off"] > 0


def test_the_best_point_can_be_lived(found: Path) -> None:
    best = read_table(found, "settings").set_index("setting")["best"]
    config = load("koc_led", ["behaviour=calibrated", "population=calibrated"], found / "conf")
    assert config.behaviour.need.cover_days == best["behaviour.need.cover_days"]
    assert config.behaviour.need.lead_days == best["behaviour.need.lead_days"]
    assert config.population.households == 20_000, "how many there are was not estimated"


def test_a_comparison_takes_the_sample(found: Path) -> None:
    sample = sample_of(["behaviour=posterior"], found / "conf")
    assert sample is not None
    draws = read_table(found, "draws").pivot(index="draw", columns="setting", values="value")
    assert [point["behaviour.need.lead_days"] for point in sample.points] == pytest.approx(
        draws["behaviour.need.lead_days"].tolist()
    )
    config = load("baseline", ["behaviour=posterior"], found / "conf")
    best = read_table(found, "settings").set_index("setting")["best"]
    assert config.behaviour.need.cover_days == best["behaviour.need.cover_days"]


def test_luck_is_told_of_worlds_that_have_a_figure() -> None:
    figures = np.array([[1.0, 1.0, np.nan], [3.0, np.nan, np.nan], [5.0, np.nan, np.nan]])
    assert luck_of(figures).tolist() == [2.0, 0.0, 0.0]


@pytest.mark.parametrize("executor", ["serial", pytest.param("processes", marks=pytest.mark.slow)])
def test_the_same_seed_gives_the_same_tables_on_any_executor(
    found: Path, tmp_path: Path, executor: str
) -> None:
    search = Search(SETTINGS, {"usual": 0.05}, ("L10", "L14"), **SMALL)  # type: ignore[arg-type]
    again = calibrate("baseline", search, 1, TOWN, ExecutionSettings(tmp_path, executor, 2))
    for name in ("targets", "settings", "draws", "ranks", "points", "waves"):
        pd.testing.assert_frame_equal(read_table(again, name), read_table(found, name))
        assert (again / f"{name}.parquet").read_bytes() == (found / f"{name}.parquet").read_bytes()


def test_the_command_as_it_is_typed(tmp_path: Path) -> None:
    words = [f"experiment.{name}={value}" for name, value in SMALL.items()]
    words += ["experiment.facts=[L14]", f"experiment.settings=['{SETTINGS[0]}']", *TOWN]
    command = [sys.executable, "-m", "sim", "calibrate", *words]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, env=toy_environment({})
    )
    assert done.returncode == 0, done.stderr
    assert "1 facts lie inside at the best point" in done.stdout.replace("of 1", "1")
    assert "behaviour=calibrated population=calibrated" in done.stdout
    refused = subprocess.run(
        [*command, "experiment.facts=[P02]"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=toy_environment({}),
    )
    assert refused.returncode == 2
    assert refused.stderr == "P02 is marked check: nothing is fitted but rows marked fit.\n"
