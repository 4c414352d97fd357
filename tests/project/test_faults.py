"""A fault at every write loses nothing and leaves nothing half that looks whole; `tests/faults`."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.faults.judging import FAULTS
from tests.faults.memory import MEMORY
from tests.faults.preload import compiler

IN_MEMORY = Path("/dev/shm")  # where flushing costs nothing


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    if compiler() is None or not sys.platform.startswith("linux"):
        assert "CI" not in os.environ, "in CI there must be a C compiler"
        pytest.skip("no C compiler for the shim below the C library, or no Linux")
    if not os.access(IN_MEMORY, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        yield Path(folder)


def suffered(place: Path, bench: str, *faults: str) -> dict[str, dict[str, Any]]:
    """What came of each kind of fault in a command."""
    words = [sys.executable, "-m", "tests.faults", str(place), bench, *faults]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {each["fault"]: each for each in lines if "fault" in each}


def check(found: dict[str, dict[str, Any]], *faults: str) -> None:
    assert {*faults, "short", "interrupted"} == set(found)
    problems = {name: each["problems"][:5] for name, each in found.items() if each["problems"]}
    assert problems == {}
    for name in faults:
        assert found[name]["injected"] > 7, name


def test_every_write_of_a_run_may_fail(place: Path) -> None:
    faults = ("full", "killed", "power", *MEMORY)
    found = suffered(place, "toy run", *faults)
    check(found, *faults)
    assert found["killed"]["kinds"].keys() >= {"open", "write", "fsync", "rename", "mkdir"}
    assert found["full"]["sentences"] > 20
    for name in MEMORY:
        assert found[name]["sentences"] > 5, name
        assert found[name]["killed"] == 0, found[name]
    assert found["killed"]["killed"] == found["killed"]["injected"]


@pytest.mark.slow
@pytest.mark.parametrize("bench", ["sweep", "made-up page", "run", "half done"])
def test_every_write_may_fail_in_every_way(place: Path, bench: str) -> None:
    check(suffered(place, bench), *FAULTS, "power", *MEMORY)
