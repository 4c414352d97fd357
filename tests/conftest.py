"""What several tests share."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings

from sim.agents.model import RepurchaseModel
from tests import ROOT, toy
from tests.scene import Luck, Scene, lucky, small_model

# How long a case takes is for benchmarks: beside other work any of them may be slow.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

Shell = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_configure() -> None:
    """Heed Ctrl-C even in the background, lest what the tests start and interrupt ignores it."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the engine before workers start, lest each of them compile it for itself."""
    if os.environ.get("PYTEST_XDIST_WORKER") or not getattr(session.config.option, "tx", None):
        return
    from sim.compilation.compiled import ENGINE
    from sim.store.cache import cache_home
    from sim.store.sources import source_fingerprint

    done = cache_home() / "compiled" / source_fingerprint(ENGINE) / "whole"
    if not done.exists():
        sys.stderr.write("Compiling the engine, once; some two minutes.\n")
        with suppress(Exception):  # what is wrong is for the tests to say
            # With levers that are seldom at work, and without, side by side; the latter step by
            # step too, as diaries live.
            other = "from tests.conftest import live_a_little; live_a_little('group_buying')"
            beside = subprocess.Popen([sys.executable, "-c", other], cwd=ROOT)
            live_a_little("integrated")
            live_a_step()
            if beside.wait() == 0:
                done.touch()


def live_a_little(strategy: str) -> None:
    """Live two days of a strategy, for which the engine must be compiled."""
    from sim.config.loading import load
    from sim.experiments.simulate import simulate

    short = ["population.households=300", "run.days=2", "run.warmup_days=2"]
    simulate(load(strategy, short), seed=1, warm_start=False)


def live_a_step() -> None:
    """Live a day step by step."""
    from sim.config.loading import load
    from sim.engine.model import Engine

    model = Engine(load("integrated", ["population.households=300", "run.warmup_days=0"]), 1)
    model.populate()
    Engine.step(model)


@pytest.fixture
def laboratory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which the shell works on the toy."""
    toy.write(tmp_path)
    toy.install(tmp_path, monkeypatch.setattr)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    toy.forget()


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Run `repurchase` on the toy in a process of its own, with these words and environment."""
    toy.write(tmp_path)

    def given(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        command = toy_command(tmp_path, *words)
        return subprocess.run(
            command, capture_output=True, text=True, env=toy_environment(environment), cwd=tmp_path
        )

    return given


def toy_command(folder: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "tests.toy", str(folder), *words]


def toy_environment(environment: dict[str, str]) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **environment}


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own for warmed-up worlds; compiled code is shared with all others."""
    from sim.store.cache import cache_home

    folder = tmp_path / "cache"
    folder.mkdir()
    (folder / "compiled").symlink_to(cache_home() / "compiled", target_is_directory=True)
    monkeypatch.setenv("REPURCHASE_CACHE", str(folder))
    return folder


@pytest.fixture(scope="session")
def _small_model() -> RepurchaseModel:
    return small_model()


@pytest.fixture
def scene(_small_model: RepurchaseModel, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A household on a day on which nothing happens unless a test says so."""
    luck = Luck()
    lucky(monkeypatch, luck)
    return Scene(_small_model, luck)
