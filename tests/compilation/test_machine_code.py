"""Machine code is never older than the rules it was made of."""

import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

from sim.compilation.compiled import ENGINE, _entries, short_name
from sim.engine import blocks, day_end, day_start
from sim.store.sources import source_fingerprint
from tests import ROOT

IMPORTED = """
import numba
import sim.engine.blocks
from sim.compilation.compiled import _entries
for entry in _entries:
    print(entry._cache._impl.locator.get_cache_path())
"""


def test_machine_code_lies_in_a_folder_named_by_the_source_of_all_rules(tmp_path: Path) -> None:
    # numba itself looks only at the file of the entry point: a changed rule would go unnoticed.
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"REPURCHASE_CACHE": str(tmp_path), "PATH": ""},
    )
    places = done.stdout.split()
    assert places
    own = tmp_path / "compiled" / source_fingerprint(ENGINE)
    assert all(Path(place).is_relative_to(own) for place in places), places


@pytest.mark.parametrize("module", [blocks, day_start, day_end])
def test_entry_points_keep_their_machine_code(module) -> None:
    kept = [entry for entry in _entries if entry.__module__ == module.__name__]
    assert kept
    assert all(entry._cache.cache_path for entry in kept)


def test_a_name_in_machine_code_is_short_and_tells_types_apart() -> None:
    wide, other = (
        numba.typeof(np.zeros(1, [(f"{letter}{i}", "f8") for i in range(1000)])) for letter in "ab"
    )
    name = short_name("sim.world.records.clear", (wide,))
    assert len(name) < 100
    assert name == short_name("sim.world.records.clear", (wide,))
    assert name != short_name("sim.world.records.clear", (other,))
    assert name != short_name("sim.world.records.clear", (wide,), uid=2)


SMALL = """
from sim.compilation.compiled import entry_point

@entry_point
def double(number):
    return 2 * number

print(double(21))
"""
NO_ROOM = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (16, 16))"


def doubled(folder: Path, before: str = "") -> str:
    """What a small program says whose machine code is kept in the folder."""
    program = folder / "small.py"
    program.write_text(before + SMALL)
    done = subprocess.run(
        [sys.executable, str(program)],
        capture_output=True,
        text=True,
        env={
            "REPURCHASE_CACHE": str(folder),
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",  # which would be torn, and met by others
        },
    )
    return done.stdout.strip() or done.stderr


def test_a_full_disk_keeps_no_machine_code_and_stops_nobody(tmp_path: Path) -> None:
    assert doubled(tmp_path, NO_ROOM) == "42"
    assert not [path for path in tmp_path.rglob("*.nb?") if path.stat().st_size]


@pytest.mark.parametrize("torn", ["*.nbi", "*.nbc"])
def test_torn_machine_code_is_made_again(tmp_path: Path, torn: str) -> None:
    doubled(tmp_path)
    (kept,) = tmp_path.rglob(torn)
    whole = kept.stat().st_size
    kept.write_bytes(kept.read_bytes()[:10])
    assert doubled(tmp_path) == "42"
    assert kept.stat().st_size == whole
