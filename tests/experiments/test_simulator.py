"""The simulator as a function: the numbers that a run stores, nothing left behind."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim.engine.warm_up
from sim import Simulator
from sim.config.loading import Varied, with_values
from sim.evidence.measure import BASELINE, in_one_run
from sim.experiments.executors import ExecutionSettings
from sim.experiments.plan import planned
from sim.experiments.run import run
from sim.experiments.simulator import OF_LEVERS
from sim.experiments.validate import measured_run
from sim.indicators import REGISTRY
from sim.parameters.quantity import ConfigurationError
from sim.store.runs import read_table

SMALL = ["population.households=1000", "run.warmup_days=100", "run.days=65"]
YEAR = ["population.households=400", "run.warmup_days=60", "run.days=380"]
RECALL, COUPONS = "behaviour.choose.recall", "operator.coupons.strength"
POINT = {RECALL: 4.0, COUPONS: 0.7}


def small(**changes: Any) -> Simulator:
    given: dict[str, Any] = {"settings": [RECALL, COUPONS], "outcomes": ["orders", "spend_yuan"]}
    return Simulator(**{**given, "overrides": SMALL, **changes})


def bits(value: float) -> bytes:
    return struct.pack("<d", value)


@pytest.mark.parametrize("shock", [[], ["shocks.price_war.size=1"]])
def test_outcomes_are_what_a_run_stores_to_the_last_bit(tmp_path: Path, shock: list[str]) -> None:
    names = [*REGISTRY, *OF_LEVERS]
    simulator = Simulator("integrated", [RECALL, COUPONS], names, [*YEAR, *shock])
    found = simulator(POINT, seed=3)
    said = [f"{key}={value}" for key, value in POINT.items()]
    folder = run("integrated", 3, [*YEAR, *shock, *said], ExecutionSettings(tmp_path))
    table = read_table(folder, "indicators")
    table = table[(table["by"] == "all") & (table["segment"] == "all")].set_index("indicator")
    assert set(table.index) <= set(found)
    assert list(found) == names
    for name, value in found.items():
        stored = float(table["value"].get(name, np.nan))
        assert bits(value) == bits(stored), name
    told = [value for value in found.values() if value == value]
    assert len(told) > 90
    assert len(set(told)) > 60


def test_what_one_run_tells_of_facts_is_what_a_validation_reads() -> None:
    facts = [f"L{number:02}" for number in range(1, 24)]
    assert all(map(in_one_run, facts))
    found = Simulator("baseline", [COUPONS], facts, YEAR)({COUPONS: 0.5}, seed=2)
    config = Varied("baseline", YEAR).at({COUPONS: 0.5})
    readings = measured_run(planned(config, 2), lambda day: None).indicators
    own = readings[readings["segment"] == "0"].set_index("indicator")["value"]
    same = [name for name in facts if bits(found[name]) == bits(float(own[name]))]
    assert len(same) >= 15  # the others are quotients of two readings
    assert not in_one_run("C03")
    assert BASELINE == "baseline"


def lived_through(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A list that gets an entry for each warm-up that is lived through."""
    seen: list[int] = []
    real = sim.engine.warm_up._live_through

    def noted(model: Any) -> None:
        seen.append(model.seed_of_luck)
        real(model)

    monkeypatch.setattr(sim.engine.warm_up, "_live_through", noted)
    return seen


def test_points_with_the_same_world_find_it_in_memory(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    seen = lived_through(monkeypatch)
    simulator = small()
    first = simulator(POINT, seed=1)
    assert seen == [1]
    other = simulator({**POINT, COUPONS: 0.0}, seed=1)
    assert seen == [1], "an operator's lever has the same world before day 0"
    assert other != first
    assert simulator(POINT, seed=1) == first
    simulator({**POINT, RECALL: 5.0}, seed=1)
    simulator(POINT, seed=2)
    assert seen == [1, 1, 2]
    assert not (own_cache / "worlds").exists(), "nothing is left on disk"
    assert {path.name for path in tmp_path.iterdir()} <= {"cache"}


def test_without_room_for_worlds_each_is_lived_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = lived_through(monkeypatch)
    roomy, tight = small(), small(kept_worlds_mib=0)
    assert [tight(POINT), tight(POINT)] == [roomy(POINT), roomy(POINT)]
    assert len(seen) == 3


def test_a_large_population_is_lived_as_a_run_lives_it() -> None:
    panel = [*SMALL, "run.panel_households=100"]
    everybody, some = (small(overrides=each, outcomes=["orders"])(POINT) for each in (SMALL, panel))
    assert everybody["orders"] != some["orders"]
    assert some["orders"] % 10 == 0, "each of the panel stands for ten"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (RECALL, 7),
        (COUPONS, 0.25),
        ("operator.coupons.from_day", 9),
        ("operator.recommendation.needs_consent", False),
        ("behaviour.choose.diffusion", "complex"),
        ("population.regions.1.delivery_days", 5.0),
        ("strategy.budget_yuan_per_customer_month", 33.0),
        ("schedule.0.from_day", 12),
        ("run.days", 77),
    ],
)
def test_values_laid_over_a_checked_configuration_are_those_of_a_composed_one(
    key: str, value: Any
) -> None:
    varied = Varied("phased_rollout", ["population.households=300"])
    base = varied.read({})
    laid, composed = with_values(base, {key: value}), varied.read({key: value})
    assert laid == composed
    assert laid != base
    assert base == varied.read({}), "what it was laid over stays as it was"


DESIGN = pd.DataFrame({RECALL: [3.0, 3.0, 6.0], COUPONS: [0.0, 1.0, 0.5]})


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_a_batch_is_the_same_whatever_the_executor(executor: str) -> None:
    simulator = small(outcomes=["orders", "cost_coupons_yuan", "repurchase_rate_30d"])
    plain = simulator.batch(DESIGN, seeds=[5, 2], executor="serial")
    found = simulator.batch(DESIGN, seeds=[5, 2], executor=executor, workers=2)  # type: ignore[arg-type]
    pd.testing.assert_frame_equal(found, plain, check_exact=True)
    assert found.to_csv() == plain.to_csv()
    assert list(plain) == ["point", "seed", RECALL, COUPONS, *simulator.outcomes]
    assert list(zip(plain["point"], plain["seed"], strict=True)) == [
        (point, seed) for point in (0, 1, 2) for seed in (5, 2)
    ]
    for row in plain.to_dict("records"):
        one = simulator({key: row[str(key)] for key in simulator.settings}, seed=int(row["seed"]))
        assert {name: row[name] for name in simulator.outcomes} == one


def test_a_design_may_be_a_table_a_matrix_or_a_list_of_points() -> None:
    simulator = small(outcomes=["orders"])
    of_ema = DESIGN[[COUPONS, RECALL]].assign(scenario=[0, 1, 2], policy="None", model="m")
    designs: list[Any] = [DESIGN.to_numpy(), DESIGN.to_dict("records"), of_ema]
    designs.append(DESIGN.to_numpy().tolist())
    plain = simulator.batch(DESIGN, executor="serial")
    for design in designs:
        pd.testing.assert_frame_equal(simulator.batch(design, executor="serial"), plain)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"settings": ["operator.coupon.strength"]}, "did you mean operator.coupons.strength?"),
        ({"settings": ["operator.coupons"]}, "is not one number, word or switch"),
        ({"settings": ["operator.coupons.audience.stages.0"]}, "There is no setting"),
        ({"settings": ["before.coupons.strength"]}, "There is no setting before.coupons.strength"),
        ({"settings": ["strategy.name"]}, "is not one number"),
        ({"settings": ["population.regions.99.share"]}, "of this list there are"),
        ({"settings": [COUPONS, COUPONS]}, "The setting operator.coupons.strength is named twice."),
        ({"settings": COUPONS}, "Give a list of settings"),
        ({"outcomes": ["repurchase_rate_356d"]}, "did you mean repurchase_rate_365d or"),
        ({"outcomes": ["C03"]}, "no fact that one run tells"),
        ({"outcomes": ["repurchase_rate_365d"]}, "needs a run of 365 days; this one has 65."),
        ({"outcomes": []}, "Name an outcome"),
        ({"overrides": [*SMALL, "run.dayz=3"]}, "did you mean run.days?"),
        ({"scenario": "baselin"}, "did you mean baseline?"),
        ({"overrides": [*SMALL, "population.regions=[]"]}, "name one region at least"),
    ],
)
def test_what_cannot_be_built_is_refused_in_a_sentence(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        small(**changes)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_run_that_is_too_short_may_be_asked_where_its_length_varies() -> None:
    simulator = small(settings=["run.days"], outcomes=["repurchase_rate_365d", "orders"])
    found = simulator({"run.days": 40})
    assert np.isnan(found["repurchase_rate_365d"])
    assert found["orders"] > 0


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({RECALL: 4.0}, "operator.coupons.strength has no value."),
        ({**POINT, COUPONS: 1.5}, "= 1.5 is impossible: it must lie between 0 and 1 (0 to 1)"),
        (
            {**POINT, COUPONS: "much"},
            "operator.coupons.strength = much is not possible: it must be",
        ),
        ({**POINT, COUPONS: True}, "must be a number"),
        ({**POINT, COUPONS: float("nan")}, "operator.coupons.strength has no value."),
        (
            {**POINT, "run.days": 3},
            "run.days is none of the settings that this simulator was built",
        ),
    ],
)
def test_a_point_that_cannot_be_is_refused_in_a_sentence(values: Any, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        small()(values)
    assert said in str(caught.value)


def test_what_is_wrong_with_a_design_is_told_before_anything_is_lived(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = lived_through(monkeypatch)
    simulator = small()

    def refused(design: Any, **how: Any) -> str:
        with pytest.raises(ConfigurationError) as caught:
            simulator.batch(design, **how)
        return str(caught.value)

    high = DESIGN.assign(**{COUPONS: [0.0, 1.0, 2.0]})
    assert refused(high).startswith("point 2: operator.coupons.strength = 2.0 is impossible")
    assert "no column operator.coupons.strength" in refused(DESIGN[[RECALL]])
    assert "none of the settings" in refused(DESIGN.assign(**{"run.days": 3}))
    assert "of shape (3, 1)" in refused(DESIGN[[RECALL]].to_numpy())
    assert "of shape" in refused([[3.0, 0.5], [3.0]])
    assert "of shape ()" in refused("design.csv")
    assert "Give a list of seeds, as in [3]." in refused(DESIGN, seeds=3)
    assert "A design has one point at least." in refused(DESIGN[:0])
    assert "two columns are of" in refused(pd.concat([DESIGN, DESIGN], axis=1))
    assert "it stores nothing" in refused(DESIGN, executor="slurm")
    assert "workers cannot be below 0." in refused(DESIGN, workers=-1)
    assert "seed = -1 is impossible" in refused(DESIGN, seeds=[1, -1])
    assert "seed = 0.5 is impossible" in refused(DESIGN, seeds=[0.5])
    strengths = {"operator.advisors.strength": [0.0, 1.0]}
    dear = small(
        settings=list(strengths),
        overrides=[*SMALL, "strategy.budget_yuan_per_customer_month=0.2"],
    )
    with pytest.raises(ConfigurationError, match=r"^point 1: Strategy baseline costs"):
        dear.batch(pd.DataFrame(strengths))
    assert seen == []


def test_numbers_of_numpy_are_numbers() -> None:
    simulator = small(settings=["operator.coupons.from_day", COUPONS])
    usual = simulator({"operator.coupons.from_day": 3, COUPONS: 0.5}, seed=4)
    given = {"operator.coupons.from_day": np.float64(3.0), COUPONS: np.float32(0.5)}
    assert simulator(given, seed=np.int64(4)) == usual  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="must be a whole number: round its column"):
        simulator({"operator.coupons.from_day": 2.5, COUPONS: 0.5})
