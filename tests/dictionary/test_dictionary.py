"""Every column of every table that is written is in the dictionary, and nothing else is."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.dictionary import KINDS, TYPES, described, document
from sim.experiments.audit import audit
from sim.experiments.backtest import backtest
from sim.experiments.compare import compare
from sim.experiments.decompose import decompose
from sim.experiments.dose import Curve, dose
from sim.experiments.executors import ExecutionSettings
from sim.experiments.levers import levers
from sim.experiments.plausible import write_sample
from sim.experiments.run import run
from sim.experiments.space import Choice
from sim.experiments.standstill import standstill
from sim.experiments.sweep import sweep
from sim.experiments.tornado import tornado
from sim.experiments.turning import kept
from sim.experiments.validate import validate
from sim.indicators.tables import MOST_COHORT_MONTHS
from sim.operator.discovery import SHOCKS
from sim.operator.own_records import EVENTS
from sim.store.folders import read_manifest, read_table, verify
from sim.store.runs import TABLES, Store
from sim.store.tables import DICTIONARY
from tests import ROOT

SMALL = ("population.households=600", "run.days=420", "run.warmup_days=60")
WRITTEN = (
    "run",
    "compare",
    "sweep",
    "levers",
    "dose",
    "decompose",
    "audit",
    "assumptions",
    "standstill",
    "validate",
    "backtest",
)
Written = dict[str, dict[str, pd.DataFrame]]


def compared(settings: ExecutionSettings) -> Path:
    """A comparison with all tables that there are at times."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.experiments.compare.turning", lambda configs, config_dir: kept())
        return compare(
            ("baseline", "phased_rollout", "regional"),
            2,
            1,
            "baseline",
            SMALL,
            settings,
            budget="equal",
        )


def sampled(results: Path) -> Path:
    """A comparison whose worlds have plausible settings of their own."""
    home = results.parent / "sampled"
    (home / "behaviour").mkdir(parents=True, exist_ok=True)
    (home / "behaviour" / "doubtful.yaml").write_text("defaults: [default, _self_]\n")
    write_sample(
        home / "behaviour" / "doubtful.csv",
        [{"behaviour.need.cover_days": days} for days in (50.0, 80.0)],
        np.array([0.5, 0.5]),
    )
    settings = ExecutionSettings(results, executor="threads", config_dir=home)
    return compare(["reminders"], 2, 1, "baseline", [*SMALL, "behaviour=doubtful"], settings)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    settings = ExecutionSettings(results=tmp_path_factory.mktemp("results"), executor="threads")
    varied = {
        "operator.coupons.coupon_percent": Choice((5, 20)),
        "behaviour.choose.diffusion": Choice(("simple", "complex")),
    }
    short = (*SMALL, "run.days=60")
    return {
        "run": run("integrated", 1, SMALL, settings, keep_orders=True),
        "compare": compared(settings),
        "sampled": sampled(settings.results),
        "sweep": sweep(varied, ["baseline", "koc_led"], settings, replications=2, overrides=short),
        "validate": validate("baseline", 1, 1, short, settings),
        "backtest": backtest("baseline", 1, 1, short, settings),
        "levers": levers(
            ["coupons", "koc"],
            "baseline",
            settings,
            replications=2,
            overrides=short,
            purposes={"koc": "recalled"},
        ),
        "dose": dose(
            [Curve("coupons", "Coupons", ("operator.coupons.coupon_percent",), (5.0, 20.0))],
            "baseline",
            settings,
            replications=2,
            overrides=short,
        ),
        "decompose": decompose(
            "live_and_checkin",
            settings,
            reference="baseline",
            goal="contribution",
            replications=2,
            permutations=2,
            exact_players=2,
            overrides=short,
            purposes={"check_in": "check_ins", "livestream": "repurchase_rate_30d"},
        ),
        "audit": audit(
            "community",
            settings,
            index_day=60,
            exposure_days=30,
            outcome_days=60,
            replications=2,
            overrides=SMALL,
        ),
        "assumptions": tornado(
            ["koc_led"],
            settings,
            reference="baseline",
            goal="contribution",
            replications=2,
            only="behaviour.need.cover_days",
            overrides=short,
        ),
        "standstill": standstill(
            "baseline", settings, replications=2, overrides=[*SMALL, "run.days=730"]
        ),
    }


@pytest.fixture(scope="module")
def written(folders: dict[str, Path]) -> Written:
    found = {
        kind: {path.stem: read_table(folder, path.stem) for path in folder.glob("*.parquet")}
        for kind, folder in folders.items()
        if kind in KINDS
    }
    # Of equal money and of a sample of behaviours, a comparison tells one.
    sampled = folders["sampled"]
    found["compare"] |= {
        n: read_table(sampled, n) for n in ("plausible", "worth_knowing", "worth_trying")
    }
    (key,) = read_manifest(folders["run"])["runs"]
    stored = Store(folders["run"].parents[1]).tables(key)
    return {**found, "run": {name: stored.read(name) for name in TABLES}}


@pytest.mark.parametrize("kind", WRITTEN)
def test_every_column_that_is_written_is_declared_as_it_is(written: Written, kind: str) -> None:
    told = described(kind, written[kind])
    assert set(written[kind]) == set(KINDS[kind])
    for name, table in written[kind].items():
        assert list(told[name]) == list(table.columns), name
        for column, about in told[name].items():
            values = table[column]
            assert about["meaning"], (name, column)
            assert (values.dtype.kind in TYPES[about["type"]]) or not len(table), (name, column)
            if labels := about.get("labels"):
                assert set(values.dropna().astype(str)) <= set(labels), (name, column)


@pytest.mark.parametrize("kind", WRITTEN)
def test_no_column_is_declared_that_is_not_written(written: Written, kind: str) -> None:
    for name, columns in KINDS[kind].items():
        names = [column.name for column in columns if "<" not in column.name]
        assert len(set(names)) == len(names), name
        late = {f"ordering_after_{k}m" for k in range(1, MOST_COHORT_MONTHS + 1)}
        shocks = {f"{shock}_{own.name}" for shock, own in EVENTS if shock in SHOCKS}
        fine = {"operations_fines_yuan", "fees_yuan"}
        far = {column.name for column in columns if column.name.endswith(("_24m", "_36m"))}
        # There is no shock in these runs, nor a fee, and they are too short for two years.
        later = {"monthly": late | fine, "daily": fine, "orders": shocks, "households": far}
        assert set(names) - set(written[kind][name].columns) <= later.get(name, set())


def test_folders_tell_their_columns_under_a_checksum(folders: dict[str, Path]) -> None:
    for kind, folder in folders.items():
        verify(folder)
        assert DICTIONARY in read_manifest(folder)["files"]
        told = json.loads((folder / DICTIONARY).read_text(encoding="utf-8"))
        assert set(told) == {path.stem for path in folder.glob("*.parquet")}, kind
    points = json.loads((folders["sweep"] / DICTIONARY).read_text(encoding="utf-8"))["points"]
    assert points["operator.coupons.coupon_percent"]["unit"] == "percent"
    assert points["behaviour.choose.diffusion"]["type"] == "word"


def test_the_document_is_what_the_code_says() -> None:
    assert (ROOT / "docs/tables.md").read_text(encoding="utf-8") == document(), "`make reference`"
