"""A strategist follows the documents word for word: types, edits, and gets an answer."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim import simulate
from sim.config.loading import load
from sim.responses.checking import check_rules
from tests import ROOT

BLOCK = re.compile(r"^```(sh|diff)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.M | re.S)


def steps(document: str, heading: str = "") -> Iterator[tuple[str, str, str]]:
    """What there is to do, in order: kind, file to edit, text."""
    text = (ROOT / document).read_text(encoding="utf-8")
    if heading:
        text = re.split(r"^## ", text.split(f"## {heading}\n")[1], flags=re.M)[0]
    yield from (found.groups(default="") for found in BLOCK.finditer(text))


def follow(folder: Path, document: str, heading: str = "") -> str:
    """Do in a folder what a document says; what its commands printed."""
    printed = ""
    for kind, file, text in steps(document, heading):
        if kind == "diff":
            edit(folder / file, text.splitlines())
        else:
            printed += typed(folder, text)
    return printed


def edit(path: Path, lines: list[str]) -> None:
    """Replace the lines marked `-` by those marked `+`, as an editor would."""
    old = "\n".join(line[1:] for line in lines if line[0] in " -")
    new = "\n".join(line[1:] for line in lines if line[0] in " +")
    text = path.read_text(encoding="utf-8")
    assert text.count(f"\n{old}\n") == 1, f"{path.name} does not say once:\n{old}"
    path.write_text(text.replace(f"\n{old}\n", f"\n{new}\n"), encoding="utf-8")


def typed(folder: Path, commands: str) -> str:
    """What a shell prints for these lines; `repurchase` is the one under test."""
    program = folder / ".bin" / "repurchase"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sim "$@"\n')
    program.chmod(0o755)
    places = {"PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["sh", "-e", "-c", commands],
        cwd=folder,
        env={**os.environ, **places, "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{commands}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both documents ask for the same worlds; the second finds them lived through."""
    return tmp_path_factory.mktemp("results")


@pytest.mark.parametrize(
    ("document", "heading"),
    [
        ("docs/tutorials/strategist.md", ""),
        ("README.md", "Five minutes to a scenario of your own"),
    ],
)
def test_a_strategist_gets_an_answer(
    tmp_path: Path, results: Path, document: str, heading: str
) -> None:
    (tmp_path / "results").symlink_to(results, target_is_directory=True)
    printed = follow(tmp_path, document, heading)
    assert "calm_groups: Calm groups" in printed
    assert "Nobody has written" not in printed
    page = re.search(r"^Page: (.*\.html)$", printed, re.M)
    assert page is not None
    assert "alm groups" in (tmp_path / page[1]).read_text(encoding="utf-8")
    table = printed[printed.rindex("common worlds") :]
    assert re.search(r"calm groups.*[+−]\d+\.\d", table)
    assert re.search(r"baseline.*\d,\d{3}", table)  # what it contributes


def boxes_of_python() -> list[str]:
    text = (ROOT / "docs/tutorials/researcher.md").read_text(encoding="utf-8")
    return re.findall(r"^```python[^\n]*\n(.*?)^```$", text, re.M | re.S)


def test_the_researchers_rule_can_replace_the_one_it_names(tmp_path: Path) -> None:
    rule = tmp_path / "my_rules.py"
    rule.write_text(boxes_of_python()[0])
    config = load("baseline", [f"rules.choose.habit_after={rule}"])
    check_rules(config)
    assert list(config.rules) == ["choose.habit_after"]


@pytest.mark.slow
def test_the_researchers_rule_bites(tmp_path: Path) -> None:
    rule = tmp_path / "my_rules.py"
    rule.write_text(boxes_of_python()[0])
    small = ["population.households=5000"]
    usual, own = (
        simulate("baseline", small, rules=rules)
        for rules in (None, {"choose.habit_after": str(rule)})
    )
    rates = [
        float(
            one.indicators.query("indicator == 'repurchase_rate_365d' and by == 'all'")[
                "value"
            ].iloc[0]
        )
        for one in (usual, own)
    ]
    assert rates[1] < rates[0] - 0.02


def test_the_researchers_mesa_model_runs_in_a_batch() -> None:
    names: dict[str, Any] = {}
    exec(boxes_of_python()[1].replace("max_steps=30", "max_steps=3, display_progress=False"), names)
    assert {run["seed"] for run in names["runs"]} == {1, 2}
    assert all(run["orders"] > 0 for run in names["runs"])
