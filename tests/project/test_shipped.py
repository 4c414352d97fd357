"""Tests see the project's own scenarios, whatever a user keeps beside them."""

import re
import subprocess
from pathlib import Path

import pytest

from tests import ROOT, shipped

TESTS = ROOT / "tests"


def test_every_scenario_of_the_project_is_tested() -> None:
    if not (shipped.HOME.parent / ".git").exists():
        pytest.skip("not a clone: nothing tells the project's files from others")
    listed = subprocess.run(
        ["git", "ls-tree", "--name-only", "HEAD", "scenarios/"],
        cwd=shipped.HOME.parent, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    committed = {Path(name).stem for name in listed}
    assert committed == set(shipped.SHIPPED), "tests/shipped.py names the project's scenarios"


def test_no_test_looks_for_scenarios_in_the_folder_of_the_clone() -> None:
    lists = re.compile(r"\bscenarios\(\)|(?<!\w)scenarios/\*")
    found = [path.name for path in sorted(TESTS.glob("*.py")) if lists.search(path.read_text())]
    assert found == []  # of `tests.shipped` alone: what else lies there is the user's own
