"""Manifests: every bit of them is under a checksum, and what they say is looked at."""

import errno
import hashlib
import json
import math
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim.store.folders.manifests
from sim import load_results
from sim.config.loading import load
from sim.experiments.plan import planned
from sim.report.reading import comparison_folder, read_comparison
from sim.store.folders import (
    ResultsError,
    read_manifest,
    read_table,
    readable,
    verify,
    whole_folder,
)
from sim.store.folders.kinds import EXPERIMENTS
from sim.store.folders.manifests import sealed
from sim.store.runs import Store, write_parquet
from tests import toy
from tests.stored_comparison import write_comparison

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def stored(laboratory: Path) -> Path:
    """The folder of a run of the toy."""
    run = planned(load("baseline", ["run.days=5"]), 1)
    Store(laboratory).write("abc", toy.compute(run, lambda day: None), {"seed": 1})
    return Store(laboratory).folder("abc")


def forged(folder: Path, change: Change) -> None:
    """Write another manifest with a checksum that is right."""
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["checksum"], manifest["writer"]
    change(manifest)
    (folder / "manifest.json").write_text(sealed(manifest))


def refusal(read: Callable[[], object]) -> str:
    with pytest.raises(ResultsError) as caught:
        read()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_every_flipped_bit_is_noticed(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, told = (stored / "manifest.json").read_bytes(), read_manifest(stored)
    seen: list[bytes] = []  # what lies there now; to write it each time would take a minute
    monkeypatch.setattr(
        sim.store.folders.manifests, "read_text", lambda *_: seen[-1].decode("latin-1")
    )
    for place in range(len(whole)):
        for bit in range(8):
            flipped = bytearray(whole)
            flipped[place] ^= 1 << bit
            seen[:] = [bytes(flipped)]
            try:
                assert read_manifest(stored) == told
            except ResultsError:
                continue


def test_every_cut_manifest_is_noticed(stored: Path) -> None:
    whole = (stored / "manifest.json").read_bytes()
    for length in range(0, len(whole), 11):
        (stored / "manifest.json").write_bytes(whole[:length])
        refusal(lambda: read_manifest(stored))


def test_a_changed_number_is_noticed(stored: Path) -> None:
    file = stored / "manifest.json"
    file.write_text(file.read_text().replace('"seed": 1', '"seed": 2'))
    assert "torn or was changed" in refusal(lambda: read_manifest(stored))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"writer": "repurchase", "writer": "repurchase"}', "cannot be read"),
        ('{"writer": "repurchase", "seconds": NaN}', "cannot be read"),
        ('{"writer": "repurchase", "seconds": 1e999}', "cannot be read"),
        ('{"writer": "repurchase", "seconds": ' + "9" * 5_000 + "}", "cannot be read"),
        ("[" * 100_000, "cannot be read"),
        ("\ud800", "not UTF-8"),
        ("\0", "cannot be read"),
        ("null", "another program"),
    ],
)
def test_what_is_no_manifest(stored: Path, text: str, why: str) -> None:
    (stored / "manifest.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    assert why in refusal(lambda: read_manifest(stored))


def test_a_pipe_in_place_of_a_manifest_or_table(stored: Path) -> None:
    for name in ("daily.parquet", "manifest.json"):
        (stored / name).unlink()
        os.mkfifo(stored / name)
        assert "no ordinary file" in refusal(lambda: verify(stored))


def files(change: Callable[[dict[str, str]], object]) -> Change:
    return lambda manifest: change(manifest["files"])


SUM = hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (files(dict.clear), "does not name the table indicators"),
        (files(lambda own: own.pop("daily.parquet")), "does not name the table daily"),
        (files(lambda own: own.update({"../key": SUM})), "outside it"),
        (files(lambda own: own.update({"/key": SUM})), "outside it"),
        (files(lambda own: own.update({"a/b": SUM})), "outside it"),
        (files(lambda own: own.update({"": SUM})), "outside it"),
        (files(lambda own: own.update({"..": SUM})), "outside it"),
        (files(lambda own: own.update({"a\0": SUM})), "outside it"),
        (files(lambda own: own.update({"x" * 9_999: SUM})), "is missing or cannot be read"),
        (files(lambda own: own.update({"a": "b"})), "no checksum of a"),
        (files(lambda own: own.update({"a": 1})), "files.a in its manifest is not text"),
    ],
)
def test_files_of_a_manifest(stored: Path, change: Change, why: str) -> None:
    forged(stored, change)
    assert why in refusal(lambda: verify(stored))


@pytest.mark.parametrize("other", [None, True, [], {}, "x", 10**20])
def test_odd_fields_get_a_sentence(stored: Path, other: Any) -> None:
    text = (stored / "manifest.json").read_text()
    for name in json.loads(text):
        if name in ("writer", "checksum", "configuration", "seed"):
            continue
        for change in (lambda m, n=name: m.update({n: other}), lambda m, n=name: m.pop(n)):
            (stored / "manifest.json").write_text(text)
            forged(stored, change)
            for read in (Store(stored.parents[1]).read, Store(stored.parents[1]).tables):
                with suppress(ResultsError):  # what nobody reads may be anything
                    read("abc")


def test_a_link_to_a_file_elsewhere_is_not_followed(stored: Path, tmp_path: Path) -> None:
    (stored / "daily.parquet").rename(tmp_path / "elsewhere")
    (stored / "daily.parquet").symlink_to(tmp_path / "elsewhere")
    assert "daily.parquet" in refusal(lambda: verify(stored))
    assert "daily.parquet" in refusal(lambda: read_table(stored, "daily"))


def test_what_is_no_table_though_its_checksum_is_right(stored: Path) -> None:
    (stored / "daily.parquet").write_bytes(b"PAR1 nonsense PAR1")
    new = hashlib.sha256(b"PAR1 nonsense PAR1").hexdigest()
    forged(stored, files(lambda own: own.update({"daily.parquet": new})))
    verify(stored)
    assert "daily.parquet is no table" in refusal(lambda: read_table(stored, "daily"))


def test_extra_files_are_left_in_peace(stored: Path) -> None:
    (stored / "notes.txt").write_text("mine")
    (stored / "figures").mkdir()
    verify(stored)
    assert "notes" not in load_results(stored).tables


@pytest.mark.parametrize("kind", EXPERIMENTS)
def test_every_kind_of_folder_knows_its_tables(tmp_path: Path, kind: str) -> None:
    with whole_folder(tmp_path / "a", {"experiment": kind}):
        pass
    assert "its manifest does not" in refusal(lambda: load_results(tmp_path / "a"))


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results") / "compare" / "a"
    return write_comparison(folder, ("baseline", "membership"), seeds=range(2))


@pytest.mark.parametrize("name", EXPERIMENTS["compare"].tables)
def test_a_comparison_with_other_columns_gets_a_sentence(
    tmp_path: Path, comparison: Path, name: str
) -> None:
    manifest = read_manifest(comparison)
    assert comparison_folder(comparison.parents[1]) == comparison
    told = {key: manifest[key] for key in ("experiment", *EXPERIMENTS["compare"].tells)}
    tables = {each: read_table(comparison, each) for each in EXPERIMENTS["compare"].tables}
    table = tables[name]
    if table.empty:  # as where no strategy has dates
        table = pd.DataFrame([dict.fromkeys(table.columns, 0)])
    for other in (table.iloc[:, :0], table.assign(strategy=1, key=1, id=1), pd.DataFrame()):
        with whole_folder(tmp_path / "b", told) as home:
            for each, own in {**tables, name: other}.items():
                write_parquet(own, home / f"{each}.parquet")
        assert f"table {name} " in refusal(lambda: read_comparison(tmp_path / "b"))


def test_a_comparison_whose_households_are_of_other_strategies_gets_a_sentence(
    tmp_path: Path, comparison: Path
) -> None:
    folder = other_comparison(tmp_path, comparison, "won_lost", lambda table: table.head(0))
    said = refusal(lambda: read_comparison(folder))
    assert "table won_lost does not tell of every strategy once" in said


def test_strategies_that_do_not_differ_in_any_world_have_a_page(
    tmp_path: Path, comparison: Path
) -> None:
    # the same lives need no more replications than two: common luck saves without end
    said = read_comparison(other_comparison(tmp_path, comparison, "precision", endless)).precision
    assert (said["variance_reduction_ratio"] == math.inf).all()


def endless(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(variance_reduction_ratio=math.inf)


@pytest.mark.parametrize("name", ["monthly", "levels", "survival", "won_lost", "facts"])
def test_a_comparison_that_tells_the_same_twice_gets_a_sentence(
    tmp_path: Path, comparison: Path, name: str
) -> None:
    folder = other_comparison(tmp_path, comparison, name, lambda table: pd.concat([table, table]))
    assert f"table {name} tells the same twice" in refusal(lambda: read_comparison(folder))


@pytest.mark.parametrize("column", ["friends", "follows"])
def test_ties_of_a_comparison_are_between_households(
    tmp_path: Path, comparison: Path, column: str
) -> None:
    def tied(table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(**{column: "=1+1"})

    folder = other_comparison(tmp_path, comparison, "sample", tied)
    assert f"{column} in its table sample are no households" in refusal(
        lambda: read_comparison(folder)
    )


def other_comparison(
    tmp_path: Path, comparison: Path, name: str, change: Callable[[pd.DataFrame], pd.DataFrame]
) -> Path:
    """A comparison whose checksums fit, with one table changed by somebody else."""
    manifest = read_manifest(comparison)
    told = {key: manifest[key] for key in ("experiment", *EXPERIMENTS["compare"].tells)}
    with whole_folder(tmp_path / "b", told) as home:
        for each in EXPERIMENTS["compare"].tables:
            table = read_table(comparison, each)
            write_parquet(change(table) if each == name else table, home / f"{each}.parquet")
    return tmp_path / "b"


@pytest.mark.parametrize("column", ["indicator", "unit"])
def test_a_run_with_other_columns_gets_a_sentence(laboratory: Path, column: str) -> None:
    store = Store(laboratory)
    result = toy.compute(planned(load("baseline", ["run.days=5"]), 1), lambda day: None)
    other = replace(result, indicators=result.indicators.rename(columns={column: "else"}))
    store.write("abc", other, {"seed": 1})
    said = f"table indicators has no column {column}"
    assert said in refusal(lambda: store.read("abc"))
    assert said in refusal(lambda: store.table("abc", "indicators"))
    assert store.tables("abc").read("indicators", lambda name: name == "by").columns.tolist() == [
        "by"
    ]


def test_a_switch_in_place_of_a_number_gets_a_sentence(tmp_path: Path, comparison: Path) -> None:
    folder = other_comparison(
        tmp_path, comparison, "monthly", lambda table: table.assign(mean=True)
    )
    said = refusal(lambda: read_comparison(folder))
    assert "mean in its table monthly is no sensible number" in said


def test_a_path_that_no_file_can_have_is_cut_and_any_other_told_whole(tmp_path: Path) -> None:
    long = tmp_path.joinpath(*["deep" * 20] * 6)
    assert str(long) in refusal(lambda: read_manifest_of(long))
    assert len(refusal(lambda: read_manifest_of(Path("9" * 300)))) < 200


def read_manifest_of(folder: Path) -> None:
    with readable(folder):
        raise OSError(errno.ENAMETOOLONG, "File name too long", str(folder))
