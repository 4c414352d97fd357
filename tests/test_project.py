"""The project as others meet it: what it needs."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
LOCKS = {
    "requirements.lock": EXTRAS["build"],
    "requirements-dev.lock": [*EXTRAS["build"], *EXTRAS["dev"], *EXTRAS["visual"]],
    "requirements-bench.lock": [*EXTRAS["build"], *EXTRAS["benchmark"]],
}


def locked(lock: str) -> dict[str, str]:
    """Versions by name."""
    text = (ROOT / lock).read_text()
    return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.M))


def same(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_are_in_step_with_what_is_asked_for(lock: str) -> None:
    chosen = locked(lock)
    for line in [*PROJECT["dependencies"], *LOCKS[lock]]:
        asked = Requirement(line)
        assert same(asked.name) in chosen, f"{line} is not in {lock}: make lock"
        assert asked.specifier.contains(chosen[same(asked.name)]), f"{line}: make lock"


def test_locks_do_not_contradict_each_other() -> None:
    whole = locked("requirements-dev.lock")
    for lock in LOCKS:
        both = whole.keys() & locked(lock).keys()
        assert {name: locked(lock)[name] for name in both} == {name: whole[name] for name in both}


def test_a_plain_installation_takes_a_mesa_that_the_windows_know() -> None:
    # They go into its workings; later lines, which need Python 3.12, were never tried.
    lines = [*PROJECT["dependencies"], *EXTRAS["visual"]]
    mesas = [Requirement(line) for line in lines if Requirement(line).name == "mesa"]
    assert len(mesas) == 2
    for mesa in mesas:
        assert mesa.specifier.contains("3.3.1")
        assert not any(mesa.specifier.contains(later) for later in ("3.4.0", "3.5.1", "4.0.0"))
