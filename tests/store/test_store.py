"""Results on disk: whole or not at all."""

import errno
import json
import multiprocessing
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim.store.folders.writing
import sim.store.provenance
import sim.store.runs
from sim.config.loading import load
from sim.experiments.plan import planned
from sim.store.folders import read_manifest, tables_in
from sim.store.result import Result
from sim.store.runs import (
    ResultsError,
    Store,
    read_table,
    run_key,
    verify,
    whole_folder,
    write_tables,
)
from sim.store.tables import from_parquet, write_parquet
from tests import ROOT, toy


@pytest.fixture
def result(laboratory: Path) -> Result:
    run = planned(load("baseline", ["run.days=5"]), 1, keep_orders=True)
    return toy.compute(run, lambda day: None)


def refused(store: Store, key: str) -> str:
    with pytest.raises(ResultsError) as caught:
        store.finished(key)
    message = str(caught.value)
    assert str(store.folder(key)) in message
    assert "Move it away; the command that makes it makes it again." in message
    return message


def test_what_is_read_is_what_was_written(tmp_path: Path, result: Result) -> None:
    store = Store(tmp_path)
    assert not store.finished("abc")
    store.write("abc", result, {"seed": 1})
    assert store.finished("abc")
    again = store.read("abc")
    assert again.orders is not None
    for name in sim.store.runs.TABLES:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(result, name))
    assert again.info == result.info


def test_manifest_says_where_it_comes_from(tmp_path: Path, result: Result) -> None:
    store = Store(tmp_path)
    store.write("abc", result, {"seed": 7, "seconds": 1.5})
    manifest = store.manifest("abc")
    assert manifest["seed"] == 7
    assert manifest["seconds"] == 1.5
    assert {"numba", "numpy", "python"} <= set(manifest["versions"])
    assert {"platform", "processors", "memory_bytes"} == set(manifest["machine"])
    assert {"created", "code", "revision"} <= set(manifest)


def test_torn_file(tmp_path: Path, result: Result) -> None:
    store = Store(tmp_path)
    store.write("abc", result, {})
    table = store.folder("abc") / "daily.parquet"
    table.write_bytes(table.read_bytes()[:-7])
    assert "daily.parquet is torn" in refused(store, "abc")
    with pytest.raises(ResultsError, match="daily"):
        store.read("abc")
    table.unlink()
    assert "daily.parquet is missing" in refused(store, "abc")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "no manifest"),
        ("{", "cannot be read"),
        ("[]", "another program"),
        ('{"writer": "someone else", "files": {}}', "another program"),
        ('{"writer": "repurchase"}', "no checksum"),
        ('{"writer": "repurchase", "checksum": ""}', "torn"),
    ],
)
def test_foreign_folder(tmp_path: Path, text: str | None, why: str) -> None:
    store = Store(tmp_path)
    store.folder("abc").mkdir(parents=True)
    if text is not None:
        (store.folder("abc") / "manifest.json").write_text(text)
    assert why in refused(store, "abc")


def test_another_run_under_a_name(tmp_path: Path, result: Result) -> None:
    store = Store(tmp_path)
    store.write("xyz", result, {})
    store.folder("xyz").rename(store.folder("abc"))
    assert "another run" in refused(store, "abc")


def test_foreign_folder_is_not_replaced(tmp_path: Path) -> None:
    mine = tmp_path / "compare"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    with pytest.raises(ResultsError, match="no manifest"), whole_folder(mine, {}):
        pass
    assert (mine / "thesis.txt").read_text() == "years of work"


def test_folder_of_ours_is_replaced_whole(tmp_path: Path) -> None:
    for number in (1, 2):
        with whole_folder(tmp_path / "a", {}) as folder:
            write_tables(folder, {f"t{number}": pd.DataFrame({"x": [number]})})
    verify(tmp_path / "a")
    assert read_table(tmp_path / "a", "t2")["x"].tolist() == [2]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a"]
    with pytest.raises(ResultsError, match="no table t1"):
        read_table(tmp_path / "a", "t1")


def test_a_file_in_place_of_the_folder(tmp_path: Path, result: Result) -> None:
    place = tmp_path / "results"
    place.write_text("not a folder")
    with pytest.raises(ResultsError, match="--results"):
        Store(place).write("abc", result, {})


def test_full_disk_leaves_nothing_half(
    tmp_path: Path, result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    store.write("first", result, {})
    written = []

    def full(content: bytes, path: Path) -> None:
        path.write_bytes(b"half a table")
        written.append(path)
        if len(written) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sim.store.runs, "_write", full)
    with pytest.raises(ResultsError, match="is full; finished runs are kept"):
        store.write("second", result, {})
    assert len(written) == 3
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["first"]
    assert store.finished("first")


def test_manifest_is_written_last(
    tmp_path: Path, result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def looked(partial: Path, folder: Path) -> None:
        assert not folder.exists()
        files = json.loads((partial / "manifest.json").read_text())["files"]
        seen.append(set(files) == {p.name for p in partial.iterdir()} - {"manifest.json"})

    monkeypatch.setattr(sim.store.folders.writing, "_put_in_place", looked)
    Store(tmp_path).write("abc", result, {})
    assert seen == [True]


def test_a_manifest_has_a_line_for_each_group_of_settings(tmp_path: Path) -> None:
    told = {"seed": 1, "configuration": {"run": {"days": 5, "at": {"x": [1, 2]}}, "rules": {}}}
    with whole_folder(tmp_path / "a", told):
        pass
    text = (tmp_path / "a" / "manifest.json").read_text()
    assert {k: v for k, v in json.loads(text).items() if k in told} == told
    assert '\n  "run": {\n   "days": 5,\n   "at": {"x": [1, 2]}\n  },\n' in text


def test_some_columns_are_read_alone(tmp_path: Path) -> None:
    table = pd.DataFrame({"a": [1, 2], "b": [0.5, None], "c": pd.Categorical(["x", None])})
    with whole_folder(tmp_path / "a", {}) as folder:
        write_tables(folder, {"t": table})
    read = tables_in(tmp_path / "a", read_manifest(tmp_path / "a")).read
    pd.testing.assert_frame_equal(read("t"), table)
    pd.testing.assert_frame_equal(read("t", {"c", "a", "none"}.__contains__), table[["a", "c"]])


@pytest.mark.parametrize(
    "column",
    [
        pd.Categorical(["b", None, "b"], categories=["a", "b", "c"], ordered=True),
        pd.array([1, None, 3], "Int64"),
        np.array([1.5, np.nan, -0.0], np.float32),
        np.array([1, 2, 255], np.uint8),
        ["x", None, ""],
        [True, False, True],
    ],
)
def test_kinds_of_columns_are_kept(tmp_path: Path, column: Any) -> None:
    table = pd.DataFrame({"column": column, "beside": [1, 2, 3]})
    write_parquet(table, tmp_path / "t.parquet")
    pd.testing.assert_frame_equal(from_parquet((tmp_path / "t.parquet").read_bytes()), table)


def test_a_forked_process_writes_too(tmp_path: Path) -> None:
    for name, start in (("here", lambda work: work()), ("there", _in_a_fork)):
        start(lambda name=name: _write_one(tmp_path / name))
        verify(tmp_path / name)


def _write_one(place: Path) -> None:
    with whole_folder(place, {}) as folder:
        write_tables(folder, {"t": pd.DataFrame({"x": [1]})})


def _in_a_fork(work: Callable[[], None]) -> None:
    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    child.join(30)
    child.kill()


def test_leftovers_of_the_dead_are_removed_and_of_the_living_kept(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    runs = tmp_path / "runs"
    host = sim.store.folders.writing._host()
    names = {f".partial-{host}-{pid}-0a" for pid in (dead.pid, 1)} | {".partial-elsewhere-1-0a"}
    for name in names:
        (runs / name).mkdir(parents=True)
    Store(tmp_path).clean()
    assert {path.name for path in runs.iterdir()} == names - {f".partial-{host}-{dead.pid}-0a"}


def test_key_follows_what_determines_a_run(laboratory: Path) -> None:
    def key(*overrides: str, scenario: str = "baseline", seed: int = 1) -> str:
        return planned(load(scenario, overrides), seed).key

    same = key()
    assert same == key()
    assert same == key("run.threads=3")
    assert same == key("run.kept_worlds_mib=0")
    assert same == key("strategy.what=Something else.")
    different = [
        key(seed=2),
        key(scenario="koc_led"),
        key("operator.coupons.strength=0.51"),
        key("strategy.budget_yuan_per_customer_month=3"),
        key("run.days=364"),
        key("population=city"),
    ]
    assert len({same, *different}) == 7


def test_key_follows_the_code(laboratory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = planned(load("baseline"), 1).config
    before = run_key(values, 1)
    monkeypatch.setattr(sim.store.provenance, "code", lambda: "another state of the source")
    assert run_key(values, 1) != before


def test_what_lives_a_run_does_without_the_rooms_that_show_it() -> None:
    asked = "import sys, sim.experiments.simulate, sim.experiments.workers; print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = {name.split(".")[1] for name in told.stdout.split() if name.startswith("sim.")}
    assert {"engine", "indicators", "behaviour"} <= loaded
    assert not loaded & set(sim.store.provenance.SHOWING)
