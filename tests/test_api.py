"""From Python: short names that cost nothing until used."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from sim import (
    RepurchaseModel,
    Simulator,
    compare,
    distances,
    load_results,
    simulate,
    sweep,
    validate,
)
from sim.experiments.plan import replication_seeds
from sim.parameters.quantity import ConfigurationError
from sim.store.runs import ResultsError
from tests import ROOT

BOX = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)
SMALL = ["population.households=300", "run.warmup_days=20", "run.days=30"]


def printed(text: str) -> str:
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_importing_the_package_costs_nothing() -> None:
    heavy = "{'numba', 'numpy', 'pandas', 'mesa', 'hydra', 'matplotlib'}"
    assert printed(f"import sim, sys; dir(sim); print(sorted({heavy} & set(sys.modules)))") == "[]"


def test_simulate_is_the_function_whatever_was_imported_before() -> None:
    text = "import sim; from sim.experiments.simulate import observe; from sim import simulate; "
    said = printed(text + "print(simulate.__module__, sim.simulate is simulate)")
    assert said == "sim.api True"
    assert set(sim.__all__) <= set(dir(sim))
    with pytest.raises(AttributeError, match="has no attribute 'simulation'"):
        _ = sim.simulation


def test_simulate_gives_tables() -> None:
    one, again, other = (simulate("koc_led", SMALL, seed=seed) for seed in (1, 1, 2))
    assert isinstance(one.indicators, pd.DataFrame)
    assert len(one.daily) == 30
    assert one.households.equals(again.households)
    assert not one.households.equals(other.households)
    assert one.orders is None


def test_compare_gives_tables_and_load_results_finds_them_again(tmp_path: Path) -> None:
    found = compare(["koc_led"], replications=2, overrides=SMALL, results=tmp_path)
    assert set(found.levels["strategy"]) == {"baseline", "koc_led"}
    assert set(found.differences["strategy"]) == {"koc_led"}
    assert found.folder.parent == tmp_path / "compare"
    assert found.manifest["replications"] == 2
    again = load_results(found.folder)
    assert again.tables == found.tables
    assert {"levels", "differences", "money", "ranking"} <= set(again.tables) <= set(dir(again))
    assert again.money.equals(found.money)
    with pytest.raises(AttributeError, match="has no table leagues: "):
        _ = found.leagues


def test_sweep_gives_tables_as_the_command_does(laboratory: Path) -> None:
    depths = "operator.coupons.depth_percent"
    found = sweep(
        {depths: [1, 2, 3]}, ["baseline", "koc_led"], replications=2, where=[f"{depths}>=2"]
    )
    assert set(found.points[depths]) == {2.0, 3.0}
    assert set(found.points["strategy"]) == {"baseline", "koc_led"}
    assert len(found.runs) == 8
    assert set(found.differences["strategy"]) == {"koc_led"}
    drawn = sweep({depths: "interval(1,3)"}, samples=4, replications=1, executor="serial")
    assert len(drawn.points) == 4
    assert drawn.manifest["method"] == "lhs"
    assert sweep({depths: "1,2"}, replications=1).manifest["method"] == "grid"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"varied": {"operator.coupons.dept": [1]}},
            r"did you mean .*operator\.coupons\.depth_percent",
        ),
        ({"varied": {"operator.coupons.depth_percent": [1, 95]}}, "depth_percent = 95"),
        ({"varied": {"operator.coupons.depth_percent": "interval(3,1)"}}, "is the smaller one"),
        ({"varied": {"run.days": [3]}, "replications": 0}, "replications = 0 is impossible"),
        ({"varied": {"run.days": [3]}, "where": ["run.days"]}, "cannot be read"),
    ],
)
def test_a_sweep_that_cannot_be_is_refused_in_a_sentence(
    laboratory: Path, asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        sweep(**asked)
    assert not (laboratory / "results").exists()


def test_validate_and_the_simulator_say_the_same_of_facts(tmp_path: Path) -> None:
    facts = ["L01", "L06", "L11"]
    table = pd.read_csv(ROOT / "conf" / "evidence" / "facts.csv")
    (tmp_path / "evidence").mkdir()
    table[table["id"].isin(facts)].to_csv(tmp_path / "evidence" / "facts.csv", index=False)
    small = ["population.households=400", "run.warmup_days=60"]
    found = validate(replications=3, most=3, overrides=small, results=tmp_path, config_dir=tmp_path)
    assert list(found.facts["id"]) == facts
    assert {"facts", "summary", "looks"} <= set(found.tables)
    simulator = Simulator("baseline", outcomes=facts, overrides=small)
    batch = simulator.batch([{}], replication_seeds(1, 3), executor="serial")
    measured = batch[facts].mean()
    for row in found.facts.to_dict("records"):
        assert measured[row["id"]] == pytest.approx(row["value"], rel=1e-12)
    off = distances(found.facts)
    assert off.to_dict() == pytest.approx(distances(measured.to_dict()).to_dict())
    assert list(off.index) == facts


def test_the_simulator_of_the_documents_does_what_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    (box,) = [each for each in BOX.findall(text) if "Simulator(" in each]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "design.csv").write_text(
        "behaviour.choose.recall,operator.coupons.strength\n3.5,0.2\n4.5,0.9\n"
    )
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(box, names)
    assert {path.name for path in tmp_path.iterdir()} == {"design.csv"}
    assert set(names["outcomes"]) == {"repurchase_rate_365d", "contribution_yuan", "L06"}
    assert len(names["table"]) == 4
    assert names["off"] >= 0.0


def test_folders_that_are_no_results_are_refused_in_a_sentence(tmp_path: Path) -> None:
    found = compare(["baseline"], replications=1, overrides=SMALL, results=tmp_path)
    for folder, said in ((tmp_path / "no", "is no folder of results."), (tmp_path, "; there are ")):
        with pytest.raises(ResultsError, match=said):
            load_results(folder)
    with (found.folder / "levels.parquet").open("ab") as file:
        file.write(b"torn")
    with pytest.raises(ResultsError, match=r"levels\.parquet is torn or was changed"):
        load_results(found.folder)


def test_a_model_of_a_scenario_begins_on_day_0_and_lives_the_run() -> None:
    model = RepurchaseModel.of("koc_led", SMALL, seed=1)
    assert model.day == 0
    assert model.operator.koc.strength == 1.0
    for _ in range(30):
        model.step()
    orders = sum(int((events["list_fen"] > 0).sum()) for events in model.events)
    assert orders == simulate("koc_led", SMALL, seed=1, keep_orders=True).daily["orders"].sum()
    assert len(model.parents) == 300


def test_bad_words_get_a_sentence() -> None:
    with pytest.raises(ConfigurationError, match="did you mean koc_led"):
        simulate("koc_lead", SMALL)
    with pytest.raises(ConfigurationError, match=r"did you mean population\.households"):
        compare(["baseline"], overrides=["population.housholds=3"])
    with pytest.raises(ConfigurationError, match="There is no executor"):
        compare(["baseline"], executor="magic")  # type: ignore[arg-type]
