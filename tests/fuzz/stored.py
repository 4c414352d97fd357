"""Folders of results as they come back from elsewhere: torn, changed, replaced, foreign."""

import hashlib
import io
import json
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from sim.store.folders.manifests import sealed
from tests.fuzz.case import FIFO, FOLDER, LINK, Case, Content, Special
from tests.fuzz.files import SPECIALS, mutated
from tests.fuzz.words import ODD

MANIFEST = "manifest.json"
Folder = dict[str, bytes]
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(ODD)),
    lambda inside: st.one_of(
        st.lists(inside, max_size=3), st.dictionaries(st.sampled_from(ODD), inside, max_size=3)
    ),
    max_leaves=5,
)


@st.composite
def changed_byte(draw: Any, content: bytes) -> bytes:
    """Content with a bit flipped, cut short, or with something added."""
    place = draw(st.integers(0, len(content) - 1))
    what = draw(st.sampled_from(["bit", "bit", "bit", "cut", "add", "none"]))
    if what == "cut":
        return content[:place]
    if what == "add":
        return content + draw(st.binary(min_size=1, max_size=20))
    if what == "none":
        return b""
    flipped = bytes([content[place] ^ 1 << draw(st.integers(0, 7))])
    return content[:place] + flipped + content[place + 1 :]


@st.composite
def changed_manifest(draw: Any, content: bytes) -> bytes:
    """A manifest that says something else in one to three places."""
    told = json.loads(content)
    for _ in range(draw(st.integers(1, 3))):
        place: Any = told
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(place[key], dict | list) and place[key] and draw(st.booleans()):
                place = place[key]
                continue
            what = draw(st.sampled_from(["value", "value", "drop", "more"]))
            if what == "drop":
                del place[key]
            elif what == "value" or isinstance(place, list):
                place[key] = draw(JSON)
            else:
                place[draw(st.sampled_from(ODD))] = draw(JSON)
            break
    return json.dumps(told).encode("utf-8", "replace")


@st.composite
def changed_table(draw: Any, content: bytes) -> bytes:
    """A Parquet table with other columns, kinds or rows, whole in itself."""
    table = pd.read_parquet(io.BytesIO(content))
    what = draw(st.sampled_from(["drop", "rename", "words", "empty", "nan", "shuffle", "odd"]))
    name = draw(st.sampled_from(list(table.columns)))
    if what == "drop":
        table = table.drop(columns=name)
    elif what == "rename":
        table = table.rename(columns={name: draw(st.sampled_from(ODD[:40]))})
    elif what == "words":
        table[name] = table[name].astype(str)
    elif what == "empty":
        table = table.head(0)
    elif what == "nan":
        table[name] = np.nan
    elif what == "shuffle":
        table = table.iloc[::-1].reset_index(drop=True)
    else:
        table[name] = draw(st.sampled_from(["=1+1", "\x1b[31m", "x" * 3000, -1e308, True, 1 << 60]))
    written = io.BytesIO()
    table.to_parquet(written, index=False)
    return written.getvalue()


def resealed(folder: Folder) -> Folder:
    """The folder with checksums of what its files and its manifest say now."""
    told = json.loads(folder[MANIFEST])
    told.pop("checksum", None)
    sums = told.get("files")
    for name in sums if isinstance(sums, dict) else ():
        if name in folder:
            sums[name] = hashlib.sha256(folder[name]).hexdigest()
    try:
        return {**folder, MANIFEST: sealed(told).encode("utf-8", "replace")}
    except ValueError:  # of numbers that are none
        return folder


@st.composite
def changed_folder(draw: Any, folder: Folder) -> tuple[dict[str, Content], bool]:
    """A folder of results changed somewhere, and whether anything it says of itself differs."""
    changed: dict[str, Content] = dict(folder)
    tables = [name for name in folder if name.endswith(".parquet")]
    name = draw(st.sampled_from(tables))
    what = draw(st.sampled_from(["bytes", "manifest", "json", "text", "table", "sealed", "told",
                                 "special", "swap", "gone"]))  # fmt: skip
    if what == "bytes":
        changed[name] = draw(changed_byte(folder[name]))
    elif what == "manifest":
        changed[MANIFEST] = draw(changed_byte(folder[MANIFEST]))
    elif what == "json":
        changed[MANIFEST] = draw(changed_manifest(folder[MANIFEST]))
    elif what == "text":
        changed[MANIFEST] = draw(mutated((folder[MANIFEST].decode(),)))
    elif what == "table":
        changed[name] = draw(changed_table(folder[name]))
    elif what == "sealed":
        return dict(resealed({**folder, name: draw(changed_table(folder[name]))})), False
    elif what == "told":
        told = draw(changed_manifest(folder[MANIFEST]))
        return dict(resealed({**folder, MANIFEST: told})), False
    elif what == "special":
        changed[draw(st.sampled_from([name, MANIFEST]))] = draw(st.sampled_from(SPECIALS))
    elif what == "swap":
        changed[name] = folder[draw(st.sampled_from(tables))]
    else:
        del changed[draw(st.sampled_from([name, MANIFEST]))]
    return changed, not _same(changed, folder)


def _same(changed: dict[str, Content], folder: Folder) -> bool:
    """Whether both say the same, however the manifest is laid out."""
    manifest = changed.get(MANIFEST)
    tables = {name: content for name, content in changed.items() if name != MANIFEST}
    if tables != {name: content for name, content in folder.items() if name != MANIFEST}:
        return False
    try:
        return isinstance(manifest, bytes) and json.loads(manifest) == json.loads(folder[MANIFEST])
    except (ValueError, RecursionError):
        return False


@st.composite
def comparisons(draw: Any, folder: Folder) -> Case:
    """A comparison that came back changed: its page is not written, its tables are not shown."""
    parquet = {name: each for name, each in folder.items() if not name.endswith(".csv")}
    changed, differs = draw(changed_folder(folder if (load := draw(st.booleans())) else parquet))
    place = "results/compare/baseline-1"
    files = {f"{place}/{name}": content for name, content in changed.items()}
    words = ("@load", place) if load else ("report", draw(st.sampled_from([place, "results"])))
    return Case("comparisons", words, files, must="refuse" if differs else "")


@st.composite
def sweeps(draw: Any, folder: Folder) -> Case:
    """A sweep that came back changed: its page is not written."""
    changed, differs = draw(changed_folder(folder))
    place = "results/sweep/baseline-1"
    files = {f"{place}/{name}": content for name, content in changed.items()}
    return Case("sweeps", ("report", place), files, must="refuse" if differs else "")


@st.composite
def stored_runs(draw: Any, results: Folder) -> Case:
    """A folder of results whose runs were changed, or that holds something else as well."""
    homes = sorted(name.rpartition("/")[0] for name in results if name.endswith(MANIFEST))
    home = draw(st.sampled_from(homes))
    own = {
        name[len(home) + 1 :]: each for name, each in results.items() if name.startswith(f"{home}/")
    }
    changed, differs = draw(changed_folder(own))
    files: dict[str, Content] = {
        f"results/{name}": each for name, each in results.items() if not name.startswith(f"{home}/")
    }
    files |= {f"results/{home}/{name}": each for name, each in changed.items()}
    words = draw(st.sampled_from([LIVED, ("@load", f"results/{home}")]))
    must = "refuse" if words[0] == "@load" else "tell" if home.startswith("runs/") else ""
    must = must if differs else ""
    return Case("stored runs", words, files, must=must)


SWEPT = ("sweep", "baseline", "koc_led", "operator.coupons.coupon_percent=5,10", "-n", "2",
         "--executor", "serial")  # fmt: skip
LIVED = ("run", "koc_led", "run.days=3")  # what the results of the toy are of
FOREIGN = (
    "runs/.partial-a-b-c-d", "runs/.partial-a-1-c", "run/.partial-x-99999999999999999999-y",
    "runs/.partial-", "runs/x", "runs", "run", "", "compare", "compare/x",
    "compare/x/manifest.json", "run/koc_led-00000000", "runs/manifest.json", "sweep", "runs/x/y/z",
    "compare/\x1b[31m", "runs/é", "compare/baseline-1/report.html", "runs/.claim-x",
)  # fmt: skip
READERS = (
    LIVED, ("report",), ("report", "results"), ("report", "results/compare/x"),
    ("@load", "results"), ("sweep", "run.days=3,4", "-n", "1", "--executor", "serial"),
    ("check", "koc_led", "--try"),
)  # fmt: skip


@st.composite
def foreign_folders(draw: Any) -> Case:
    """Results in which others left files, folders, links and pipes."""
    specials = [Special(FOLDER), Special(FIFO), Special(LINK, "/nowhere"), Special(LINK, ".."),
                b"", b"{}", b"[]", b"x", b'{"writer": "repurchase", "files": {}}']  # fmt: skip
    files: dict[str, Content] = {}
    for name in draw(st.lists(st.sampled_from(FOREIGN), min_size=1, max_size=3, unique=True)):
        path = f"results/{name}".rstrip("/")
        inside = any(
            path.startswith(f"{other}/") or other.startswith(f"{path}/") for other in files
        )
        if not inside:
            files[path] = draw(st.sampled_from(specials))
    return Case("foreign folders", draw(st.sampled_from(READERS)), files)


__all__ = ["LIVED", "comparisons", "foreign_folders", "stored_runs"]
