"""A worker with a copy of the package of its own, into which mistakes are planted one by one.

What takes long to import is imported once. Every try is a fork of the worker, which imports the
package with the mistake in it and runs the tests that matter until one fails.
"""

import compileall
import importlib
import os
import py_compile
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.planting import Mutant

COPIED = ("sim", "conf", "scenarios", "tests", "pyproject.toml")
HEAVY = (
    "numpy.random",
    "numba.extending",
    "pandas",
    "pyarrow.parquet",
    "mesa",
    "hydra",
    "omegaconf",
    "typer.testing",
    "pytest",
    "_pytest.assertion.rewrite",
    "hypothesis.strategies",
    "scipy.stats",
    "scipy.special",
)  # what the package and its tests import, none of it the project's
DAYS = ("tests/behaviour/test_scenes_of_a_day.py", "tests/behaviour/test_scenes_of_shopping.py")
BY_ROOM = {
    "sim/behaviour/": (
        *DAYS,
        "tests/engine/test_plain_worlds.py",
        "tests/operator/test_charges.py",
        "tests/behaviour/test_rules.py",
    ),
    "sim/operator/": (
        "tests/operator/test_charges.py",
        "tests/operator/test_operations_and_budget.py",
        "tests/engine/test_plain_worlds.py",
        "tests/operator/test_combining.py",
        "tests/behaviour/test_rules.py",
        "tests/operator/test_schedule.py",
    ),
    "sim/indicators/": (
        "tests/indicators/test_indicator_tables.py",
        "tests/indicators/test_indicators.py",
        "tests/indicators/test_indicators_properties.py",
        "tests/shocks/test_shocks.py",
    ),
}  # tests that plain Python runs: first those that are quick and say what is wrong
BY_ENGINE = ("tests/engine/test_twins.py::test_nights_and_mornings_in_plain_python_too",)
SLOWEST = 300.0  # seconds of a processor for the tests when there is no mistake
BUSY = 30.0  # times as long a try may take on a machine that has other work too


@dataclass(frozen=True)
class Verdict:
    """What came of a try."""

    killed: bool
    by: str  # the first test that failed, or what else ended it; what came of it, if none did
    seconds: float  # of a processor, not of a clock: others may be at work too


def tests_for(mutant: Mutant) -> tuple[str, ...]:
    """Files of tests that are to notice a mistake in a file, in their order."""
    if mutant.machine_code:
        return BY_ENGINE
    return next(tests for room, tests in BY_ROOM.items() if mutant.file.startswith(room))


class Worker:
    """Tries mutants in a copy of the package.

    Parameters
    ----------
    root
        The project. Nothing is written there.
    world
        Fingerprint of its sources, behind which the world's machine code lies.
    home
        An empty folder for the copy.
    """

    def __init__(self, root: Path, world: str, home: Path) -> None:
        self.root, self.world, self.home = root, world, home
        for name in COPIED:
            if (root / name).is_dir():
                leave = shutil.ignore_patterns("__pycache__", ".*")
                shutil.copytree(root / name, self.home / name, ignore=leave)
            else:
                shutil.copy(root / name, self.home / name)
        # Python must not take a file with a mistake for the one of the same second and size.
        checked = py_compile.PycInvalidationMode.CHECKED_HASH
        compileall.compile_dir(self.home / "sim", quiet=2, invalidation_mode=checked)
        for name in HEAVY:
            importlib.import_module(name)

    def tried(self, mutant: Mutant, limit: float) -> Verdict:
        """Whether a test notices a mistake, or comes to no end within so much work."""
        with self._planted(mutant):
            return self.run(tests_for(mutant), limit, by_engine=mutant.machine_code)

    @contextmanager
    def _planted(self, mutant: Mutant) -> Iterator[None]:
        path = self.home / mutant.file
        path.write_text(mutant.text, encoding="utf-8")
        try:
            yield
        finally:
            shutil.copy(self.root / mutant.file, path)

    def run(self, tests: tuple[str, ...], limit: float, by_engine: bool = False) -> Verdict:
        """Run tests in the copy as it is now, in a process of their own, until one fails."""
        told = self.home / "told"
        child = os.fork()
        if child == 0:
            resource.setrlimit(resource.RLIMIT_CPU, (int(limit) + 1, int(limit) + 2))
            self._become_pytest(tests, told, by_engine)
        code, seconds = _waited_for(child, limit * BUSY)
        said = told.read_text(errors="replace").splitlines()
        last = next((line.strip() for line in reversed(said) if line.strip()), "nothing was said")
        if code == 0:
            return Verdict(False, last, seconds)
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return Verdict(True, f"no end within {limit:.0f} seconds", seconds)
        failed = [line for line in said if line.startswith(("FAILED", "ERROR"))]
        return Verdict(True, failed[-1] if failed else f"exit code {code}: {last}", seconds)

    def _become_pytest(self, tests: tuple[str, ...], told: Path, by_engine: bool) -> None:
        """The rest of a forked process's life."""
        try:
            os.setsid()
            paper = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            for stream in (1, 2):
                os.dup2(paper, stream)
            os.chdir(self.home)
            sys.dont_write_bytecode = False  # tests are rewritten once, not for every mutant
            sys.path[:] = [str(self.home), *(p for p in sys.path if Path(p or ".") != self.root)]
            for name in [name for name in sys.modules if name.split(".")[0] in ("tests", "sim")]:
                del sys.modules[name]
            words = ["-x", "-q", "--tb=line", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]
            if by_engine:
                os.environ["REPURCHASE_CACHE"] = tempfile.mkdtemp(prefix="engine-", dir=self.home)
            else:
                os.environ["REPURCHASE_MUTANTS_WORLD"] = self.world
                words += ["-p", "tests.mutants.plain"]
            import pytest

            os._exit(int(pytest.main(words)))
        except BaseException as error:
            os.write(2, f"{error!r}\n".encode())
            os._exit(70)


def _waited_for(child: int, limit: float) -> tuple[int, float]:
    """Exit code of a process and its seconds of work; it is ended after so many of the clock."""
    end = time.monotonic() + limit
    while True:
        done, status, work = os.wait4(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status), work.ru_utime + work.ru_stime
        if time.monotonic() > end:
            os.killpg(child, signal.SIGKILL)
        time.sleep(0.02)
