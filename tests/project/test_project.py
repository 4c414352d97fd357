"""The project as others meet it: what it needs, what a wheel has in it, how it is cited and run."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from typer.testing import CliRunner

import sim
from sim.commands.program import app
from tests import ROOT

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


def test_the_version_is_told_and_everywhere_the_same() -> None:
    told = CliRunner().invoke(app, ["--version"])
    assert (told.exit_code, told.output) == (0, f"repurchase {PROJECT['version']}\n")
    assert sim.__version__ == PROJECT["version"]
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert cited["version"] == PROJECT["version"]
    assert cited["license"] == PROJECT["license"]
    assert cited["cff-version"] == "1.2.0"
    assert all(cited[key] for key in ("message", "title", "authors"))


def test_a_wheel_has_types_settings_and_strategies(tmp_path: Path) -> None:
    build = f"from hatchling.build import build_wheel; build_wheel({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"sim/py.typed", "sim/conf/run.yaml", "sim/scenarios/baseline.yaml"} <= names


def makefile() -> dict[str, str]:
    """Targets that `make help` lists, and what it says of them."""
    return dict(re.findall(r"^([a-z]+):.*## (.*)$", (ROOT / "Makefile").read_text(), re.M))


def test_contributors_are_told_every_check() -> None:
    told = (ROOT / "CONTRIBUTING.md").read_text()
    named = set(re.findall(r"`make ([a-z]+)", told))
    assert named <= makefile().keys()
    others = {"compare", "nation", "clean", "ready"}
    assert makefile().keys() - others <= named
    for heading in ("A lever", "A shock", "A rule", "An indicator", "An experiment"):
        assert f"\n## {heading}" in told
    for path in re.findall(r"`((?:sim|conf|tests)/[\w/]+(?:\.\w+)?)`", told):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize(
    ("version", "environment"),
    [((3, 11), ".venv"), ((3, 12), ".venv-3.12"), ((3, 13), ".venv-3.13")],
)
def test_every_python_has_an_environment_of_its_own(
    tmp_path: Path, version: tuple[int, int], environment: str
) -> None:
    python = pretend(tmp_path, version)
    asked = ["make", "-n", "-B", "test", f"PYTHON={python}"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    assert f"{python} -m venv --clear {environment}\n" in done.stdout
    assert f"\n{environment}/bin/python -m pytest" in done.stdout


def test_a_python_that_the_locks_do_not_hold_for_is_refused(tmp_path: Path) -> None:
    made = tmp_path / "copy"
    made.mkdir()
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        (made / name).write_bytes((ROOT / name).read_bytes())
    asked = ["make", "ready", f"PYTHON={pretend(tmp_path, (3, 10))}"]
    done = subprocess.run(asked, cwd=made, capture_output=True, text=True)
    assert done.returncode != 0
    assert "Python 3.11, 3.12 or 3.13 is needed" in done.stderr


def pretend(folder: Path, version: tuple[int, int]) -> Path:
    """A program that says it were this Python."""
    python = folder / "python"
    python.write_text(f"#!/bin/sh\necho {version[0]}.{version[1]}\n")
    python.chmod(0o755)
    return python
