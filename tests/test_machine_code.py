"""Machine code is never older than the rules it was made of."""

import subprocess
import sys
from pathlib import Path

import pytest

from sim import engine, evening, morning
from sim.compiled import ENGINE, _entries, source_fingerprint

IMPORTED = """
import numba
import sim.engine
from sim.compiled import _entries
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
        cwd=Path(__file__).parent.parent,
        env={"REPURCHASE_CACHE": str(tmp_path), "PATH": ""},
    )
    places = done.stdout.split()
    assert places
    own = tmp_path / "compiled" / source_fingerprint(ENGINE)
    assert all(Path(place).is_relative_to(own) for place in places), places


@pytest.mark.parametrize("module", [engine, morning, evening])
def test_entry_points_keep_their_machine_code(module) -> None:
    kept = [entry for entry in _entries if entry.__module__ == module.__name__]
    assert kept
    assert all(entry._cache.cache_path for entry in kept)
