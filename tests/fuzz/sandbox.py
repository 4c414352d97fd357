"""Where cases are lived through: `repurchase` in this process, in a folder of the case's own.

Two laboratories. In the toy one (`tests.toy`) a run takes milliseconds, so every command may do
what it does; in the real one configuration, reference and reports are the package's, and runs are
made up (`tests.comparison_example`).
"""

import io
import os
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import Any
from unittest import mock

import typer

import sim.commands.program
import sim.config.composing
import sim.config.loading
from sim.parameters.quantity import ConfigurationError
from tests import comparison_example, toy
from tests.fuzz.case import Case
from tests.fuzz.watching import Watch
from tests.stored_comparison import write_comparison

ROOT = Path(sim.commands.program.__file__).resolve().parents[2]
LINES_OF_A_CALL = 40
SPENT = ("cost", "discount")  # by a lever
COMMANDS = cache(typer.main.get_command)  # made anew by every call; a fifth of the time
SCHEDULE = Path("/proc/thread-self/schedstat")


@dataclass
class Outcome:
    """What came of a case.

    Attributes
    ----------
    code
        Exit code; None where something else than `SystemExit` left `main`.
    out, err
        What was shown.
    seconds
        How long it took, without the time in which the machine was busy with others.
    raised
        Signature of what left `main`, and its traceback.
    watch
        What it did outside its folder, and whether it ran code that it found.
    """

    code: int | None
    out: str
    err: str
    seconds: float
    raised: str = ""
    trace: str = ""
    watch: Watch = field(default_factory=Watch)


class Sandbox:
    """Two laboratories and the results that cases begin from.

    Parameters
    ----------
    place
        An empty folder of the sandbox's own.
    """

    def __init__(self, place: Path) -> None:
        self.place = place
        self.composed: dict[Any, Any] = {}
        self.of_a_case: dict[Any, Any] = {}
        toy.write(place / "toy")
        facts = place / "toy" / "conf" / "evidence" / "facts.csv"
        facts.parent.mkdir()
        shutil.copy(ROOT / "conf" / "evidence" / "facts.csv", facts)

    @contextmanager
    def laboratory(self, name: str) -> Iterator[None]:
        """Work in the toy or in the real laboratory."""
        with ExitStack() as stack:

            def put(where: Any, what: str, value: Any) -> None:
                stack.enter_context(mock.patch.object(where, what, value))

            if name == "toy":
                toy.install(self.place / "toy", put)
                _tell_of_the_toy(put)
            else:
                _make_up_runs(put)
            self._keep_composed(put)
            put(sim.commands.program, "own_process", lambda: None)
            put(typer.main, "get_command", COMMANDS)
            # Of a pool that flushes files threads are left; a process of its own would end here.
            put(sim.commands.program, "threading", SimpleNamespace(active_count=lambda: 1))
            yield

    def _keep_composed(self, put: Callable[[Any, str, Any], None]) -> None:
        """Keep what was composed of the package's files alone; of users' files within a case."""
        compose = sim.config.composing.composed_by_hydra.__wrapped__

        def composed(*asked: Any) -> Any:
            flat = [
                part for each in asked for part in (each if isinstance(each, tuple) else [each])
            ]
            own = any(isinstance(part, Path) and part != sim.config.composing.CONF for part in flat)
            kept, key = (
                (self.of_a_case if own else self.composed),
                (sim.config.composing.CONF, asked),
            )
            if key not in kept:
                kept[key] = compose(*asked)
            return kept[key]

        put(sim.config.composing, "composed_by_hydra", composed)

    def live(self, case: Case, also: Callable[[Outcome], None] | None = None) -> Outcome:
        """Live through a case in a fresh folder; `also` looks at it before it is removed."""
        self.of_a_case.clear()
        room = self.place / f"case-{os.getpid()}"
        shutil.rmtree(room, ignore_errors=True)
        folder = room / "work"
        folder.mkdir(parents=True)
        case.lay(folder)
        before = Path.cwd()
        environment = dict(os.environ)
        os.environ.update(HOME=str(room), REPURCHASE_CACHE=str(room / "cache"), COLUMNS="100")
        os.chdir(folder)
        try:
            with Watch(room) as watch:
                outcome = _lived(case, folder)
            outcome.watch = watch
            if also:
                also(outcome)
            return outcome
        finally:
            os.chdir(before)
            os.environ.clear()
            os.environ.update(environment)
            _forget_rules()
            shutil.rmtree(room, ignore_errors=True)


def _lived(case: Case, folder: Path) -> Outcome:
    words = [word.replace("{here}", str(folder)) for word in case.words]
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", "surrogateescape") for _ in range(2))
    code: int | None = None
    raised = trace = ""
    begun, stood_by = time.perf_counter(), _stood_by()
    with mock.patch.multiple(sys, stdout=out, stderr=err, argv=["repurchase", *words]):
        try:
            code = _program(words)()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
        except BaseException as error:
            raised, trace = signature(error), _traceback(error)
    seconds = max(time.perf_counter() - begun - (_stood_by() - stood_by), 0.0)
    return Outcome(code, _text(out), _text(err), seconds, raised, trace)


def _stood_by() -> float:
    """Seconds that this thread was ready while the processors were others', where that is told."""
    try:
        return int(SCHEDULE.read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def _program(words: list[str]) -> Callable[[], int]:
    if words[:1] == ["@load"]:
        return lambda: _load(words[1])
    if words[:1] == ["@records"]:
        from sim.evidence.purchase_records import main

        return lambda: main(words[1:])
    return lambda: sim.commands.program.main() or 0  # type: ignore[func-returns-value]


def _load(folder: str) -> int:
    """What a user of the laboratory does from Python with a folder of results."""
    from sim.api import load_results
    from sim.store.runs import ResultsError

    try:
        found = load_results(folder)
        for name in found.tables:
            getattr(found, name)
    except ResultsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _text(stream: io.TextIOWrapper) -> str:
    with suppress(ValueError):
        stream.flush()
    return stream.buffer.getvalue().decode("utf-8", "replace")  # type: ignore[attr-defined]


def signature(error: BaseException) -> str:
    """Kind of error and the innermost place in the package: what makes two failures one."""
    place = ""
    trace: TracebackType | None = error.__traceback__
    while trace:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(ROOT / "sim"):
            place = f"{file.relative_to(ROOT)}:{trace.tb_frame.f_code.co_name}"
        trace = trace.tb_next
    return f"{type(error).__name__} in {place or 'no file of the package'}"


def _traceback(error: BaseException) -> str:
    lines = "".join(traceback.format_exception(error)).splitlines()
    return "\n".join(lines[-LINES_OF_A_CALL:])


def _forget_rules() -> None:
    """Modules made of users' files."""
    for name in [name for name in sys.modules if name.startswith("rules_of_ones_own")]:
        del sys.modules[name]


def _tell_of_the_toy(put: Callable[[Any, str, Any], None]) -> None:
    """Let `check` tell of levers whose settings are not the package's."""
    from sim.config import consistency
    from sim.operator import budget
    from sim.strategy import lint, meaning, spending

    def nothing_spent(*_: Any) -> Any:
        raise ConfigurationError("Nobody spends here.")

    put(spending, "estimates", nothing_spent)
    put(budget, "check_affordable", lambda config: None)
    put(consistency, "check_world", lambda config: None)
    put(meaning, "_said", lambda lever, own: "")  # the toy's levers have no sentences
    put(spending, "fixed_yuan", lambda *_: {})
    put(lint, "doubts", lambda *_: [])


def _make_up_runs(put: Callable[[Any, str, Any], None]) -> None:
    """Let runs of the real laboratory take no time, and pages draw no slides."""
    from sim.diary import finding
    from sim.experiments import (
        backtest,
        compare,
        evaluation,
        executors,
        relevel,
        robustness,
        run,
        validate,
    )
    from sim.report import embedding, slides
    from sim.responses import writing

    def compute(planned: Any, on_day: Callable[[int], None]) -> Any:
        result = comparison_example.result("integrated", planned.seed, size=60)
        free = {f"{what}_{name}_yuan": 0.0 for name in planned.config["operator"] for what in SPENT}
        daily = result.daily.assign(**{**free, "pace": 1.0, **result.daily})
        return replace(result, daily=daily)

    def nobody_lives(*_: Any, **__: Any) -> Any:
        raise ConfigurationError("Nobody lives here.")

    for module in (compare, run, evaluation):
        put(module, "check_affordable", lambda config: None)
    put(executors, "simulate_planned", compute)
    put(finding, "simulate", nobody_lives)
    put(validate, "validate", nobody_lives)
    put(backtest, "backtest", nobody_lives)
    put(relevel, "relevel", nobody_lives)
    put(robustness, "robustness", nobody_lives)
    put(finding, "keep_diary", nobody_lives)
    put(writing, "write", lambda responses, results: results)
    put(slides, "write", lambda *_: None)
    put(embedding, "library", lambda: "")


def results_of_a_comparison(place: Path) -> dict[str, bytes]:
    """A small comparison of made-up runs, as files by name."""
    write_comparison(place, ("baseline", "integrated"), range(2))
    return read_folder(place)


def read_folder(place: Path) -> dict[str, bytes]:
    """Every file below a folder, by its name relative to it."""
    paths = sorted(path for path in place.rglob("*") if path.is_file())
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in paths}
