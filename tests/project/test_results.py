"""What of `results/` is kept in git: the guide to it, and a comparison that today's code gives."""

import json
import re
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from sim.store.folders.kinds import EXPERIMENTS
from tests import ROOT
from tests.project.test_docs import script

RESULTS = ROOT / "results"
KEPT = RESULTS / "reference"
AGAIN = "`make results` makes results/reference/ anew, where numbers are meant to change"


@pytest.fixture(scope="module")
def make_results() -> ModuleType:
    return script("make_results")


@pytest.fixture
def manifest() -> dict[str, object]:
    told: dict[str, object] = json.loads((KEPT / "manifest.json").read_text(encoding="utf-8"))
    return told


def test_todays_code_gives_the_comparison_that_is_kept(
    make_results: ModuleType, manifest: dict[str, object], tmp_path: Path
) -> None:
    found = make_results.compared(tmp_path)
    kept = {path.stem: path.read_text(encoding="utf-8") for path in KEPT.glob("*.csv")}
    made = make_results.tables(found)
    other = sorted(name for name in kept.keys() | made.keys() if kept.get(name) != made.get(name))
    assert not other, f"other than they are kept: {', '.join(other)}; {AGAIN}"
    told = {name: manifest[name] for name in manifest.keys() - {"versions", "files"}}
    assert told == make_results.manifest(found), AGAIN


def test_page_and_figure_are_of_the_tables_beside_them(
    make_results: ModuleType, manifest: dict[str, object]
) -> None:
    files = [path for path in KEPT.rglob("*") if path.is_file() and path.name != "manifest.json"]
    sums = {path.relative_to(KEPT).as_posix(): make_results.checksum(path) for path in files}
    assert sums == manifest["files"], AGAIN
    assert {"report.html", "figures/differences.png"} <= sums.keys()


def test_what_is_kept_tells_no_time_and_no_machine() -> None:
    page = (KEPT / "report.html").read_text(encoding="utf-8")
    origin = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page))
    lasting = {"households", "days", "replications", "budget", "overrides", "versions"}
    assert origin.keys() == lasting
    assert all(origin.values())
    told = (KEPT / "manifest.json").read_text(encoding="utf-8")
    for named in ("created", "seconds", "machine", "platform", "revision", str(ROOT)):
        assert named not in told
    assert str(ROOT) not in page


def test_the_page_needs_no_other_file_and_says_what_lies_beside_it(
    make_results: ModuleType,
) -> None:
    page = (KEPT / "report.html").read_text(encoding="utf-8")
    markup = re.sub(r"<script.*?</script>", "<script>", page, flags=re.S)
    assert "<script>" in markup
    assert not re.findall(r"\s(?:src|href)=\"(?!data:|#)[^\"]*", markup)
    assert not re.findall(r"<script[^>]*\ssrc=\"[^\"]*\">", page)
    assert make_results.COMMAND in page
    assert "Parquet" not in page
    named = set(re.findall(r"figures/\w+\.(?:png|svg)", page))
    assert named == {path.relative_to(KEPT).as_posix() for path in KEPT.glob("figures/*")}


def test_the_guide_tells_every_kind_of_folder_and_the_command(make_results: ModuleType) -> None:
    text = (RESULTS / "README.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(\w+)/", text, re.M))
    assert told == {*EXPERIMENTS, "runs", "doses", "reference"}
    assert f"\n{make_results.COMMAND}\n" in text
    for name in make_results.TABLES:
        assert f"[`{name}`](reference/{name}.csv)" in text


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("README.md", True),
        ("reference/levels.csv", True),
        ("reference/figures/differences.png", True),
        *((f"{kind}/baseline-1a2b3c4d/manifest.json", False) for kind in (*EXPERIMENTS, "runs")),
        (".claim-reference", False),
    ],
)
def test_git_keeps_exactly_that(path: str, kept: bool, tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_bytes((ROOT / ".gitignore").read_bytes())
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    asked = ["git", "check-ignore", "--quiet", f"results/{path}"]
    assert subprocess.run(asked, cwd=tmp_path).returncode == (1 if kept else 0)
