"""From Python: short names that cost nothing until used."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim import RepurchaseModel, compare, load_results, simulate
from sim.parameters.quantity import ConfigurationError
from sim.store.runs import ResultsError

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
