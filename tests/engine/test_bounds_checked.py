"""A build of the engine that checks every index, over all strategies and every end of a range.

Compiled code reads and writes without looking whether a place exists. Here the same sources are
compiled with the check, into a cache of their own, in a process of their own.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.store.cache import PLACE
from tests import ROOT

BITES = """
import numpy as np
from sim.compilation.compiled import compiled, entry_point

@compiled
def inside(numbers, place):
    return numbers[place]

@entry_point
def outside(numbers, place):
    return inside(numbers, place)

outside(np.arange(3.0), 7)
"""
STRATEGIES = """
from sim.config.loading import load
from sim.experiments.simulate import simulate
from tests.shipped import SHIPPED
from tests.whole_worlds import EVENTFUL, _leaves

size = ["population.households=300", "run.days=120", "run.warmup_days=60"]
for name in SHIPPED:
    for more in ([], list(_leaves(EVENTFUL)), ["run.threads=2", "population.households=20000"]):
        simulate(load(name, [*size, *more]), 1, warm_start=False)
print("sound")
"""


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of such a build."""
    place = str(tmp_path_factory.mktemp("checked"))
    return {**os.environ, PLACE: place, "NUMBA_BOUNDSCHECK": "1", "PYTHONPATH": str(ROOT)}


def run(program: list[str], environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, *program]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT)


@pytest.mark.slow
def test_the_check_bites(checked: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "bites.py").write_text(BITES)
    assert "IndexError: index is out of bounds" in run([str(tmp_path / "bites.py")], checked).stderr


@pytest.mark.slow
def test_no_strategy_reads_or_writes_outside_an_array(checked: dict[str, str]) -> None:
    done = run(["-c", STRATEGIES], checked)
    assert done.stdout == "sound\n", done.stderr[-2000:]


@pytest.mark.slow
def test_no_end_of_a_range_reads_or_writes_outside_an_array(checked: dict[str, str]) -> None:
    own = str(Path(__file__).with_name("test_limits.py"))
    done = run(["-m", "pytest", "-q", "-p", "no:cacheprovider", own], checked)
    assert done.returncode == 0, done.stdout[-2000:]
