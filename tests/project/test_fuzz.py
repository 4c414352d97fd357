"""Nothing that is typed or lies in a folder makes the program fall over.

A few cases, the same each time; `make fuzz` tries others for an hour.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import batches
from tests.fuzz.case import LINK, Case, Special, from_json
from tests.fuzz.judge import faults
from tests.fuzz.kinds import NAMES, Kind, kinds
from tests.fuzz.sandbox import Outcome, Sandbox
from tests.fuzz.telling import Tally
from tests.fuzz.trying import tried, try_many

CASES = 16  # of each kind, fewer of those that take long


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    return Sandbox(tmp_path_factory.mktemp("sandbox"))


@pytest.fixture(scope="module")
def there(sandbox: Sandbox) -> dict[str, Kind]:
    return kinds(sandbox)


@pytest.mark.parametrize("name", NAMES)
def test_no_case_makes_the_program_fall_over(
    sandbox: Sandbox, there: dict[str, Kind], name: str
) -> None:
    @settings(
        max_examples=round(CASES * min(there[name].share, 1)),
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(there[name].cases)
    def attempt(case: Case) -> None:
        one = tried(sandbox, case)
        assert not one.faults, f"{one.faults}\n{one.outcome.err}{one.outcome.trace}"

    with sandbox.laboratory(there[name].laboratory):
        attempt()


def of_a_case(sandbox: Sandbox, *words: str, **files: str) -> tuple[Outcome, list[str]]:
    case = Case(
        "of a test", words, {name.replace("__", "/"): t.encode() for name, t in files.items()}
    )
    with sandbox.laboratory("toy"):
        one = tried(sandbox, case)
    return one.outcome, one.faults


def test_what_is_right_is_judged_right(sandbox: Sandbox) -> None:
    outcome, wrong = of_a_case(sandbox, "run", "koc_led", "run.days=3")
    assert (outcome.code, wrong) == (0, []), outcome.err
    outcome, wrong = of_a_case(sandbox, "run", "koc_led", "run.days=x")
    assert (outcome.code, wrong) == (2, [])


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A place to break the program in, between the laboratory and the case."""
    with monkeypatch.context() as patched:
        yield patched


def raises(error: BaseException) -> object:
    def broken_scenarios(*_: object) -> None:
        raise error

    return broken_scenarios


def writes_elsewhere(path: Path) -> object:
    def broken_scenarios(*_: object) -> dict[str, Path]:
        path.write_text("here I was")
        return {}

    return broken_scenarios


def test_what_leaves_main_is_a_failure_by_its_place(
    sandbox: Sandbox, broken: pytest.MonkeyPatch
) -> None:
    broken.setattr("sim.config.composing.scenarios", raises(KeyError("x")))
    _, wrong = of_a_case(sandbox, "scenarios")
    assert wrong == ["KeyError in sim/commands/scenarios.py:scenarios"]


def test_what_is_written_elsewhere_is_a_failure(
    sandbox: Sandbox, broken: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken.setattr("sim.config.composing.scenarios", writes_elsewhere(tmp_path / "elsewhere"))
    _, wrong = of_a_case(sandbox, "scenarios")
    assert wrong == ["of a test: changed something outside its folder"]


@pytest.mark.parametrize(
    ("outcome", "fault"),
    [
        (Outcome(0, "", "", 20.1), "more than 20 seconds"),
        (Outcome(1, "", "x", 0.0), "exit code 1"),
        (Outcome(2, "", "", 0.0), "refused without a word"),
        (Outcome(2, "", "a\n" * 9, 0.0), "a refusal of more than"),
        (Outcome(2, "", "a" * 401, 0.0), "a refusal of more than 400 letters"),
        (Outcome(0, "\x1b[31m", "", 0.0), "control characters on stdout"),
        (Outcome(0, "", "Traceback (most", 0.0), "a traceback on stderr"),
    ],
)
def test_each_fault_is_told(outcome: Outcome, fault: str) -> None:
    (told,) = faults(Case("of a test", ("run",)), outcome)
    assert fault in told


@pytest.mark.parametrize(
    ("must", "code", "fault"),
    [
        ("refuse", 0, "accepted though"),
        ("accept", 2, "refused though"),
        ("tell", 0, "without a word"),
    ],
)
def test_what_must_be_is_held(must: str, code: int, fault: str) -> None:
    (told,) = faults(Case("of a test", ("run",), must=must), Outcome(code, "", "x" * code, 0.0))
    assert fault in told


@pytest.mark.parametrize(
    ("meant", "wrong"),
    [(0.7, []), (0.2, ["silent nonsense: operator.coupons is not what was given"])],
)
def test_a_setting_that_is_ignored_is_nonsense(
    sandbox: Sandbox, meant: float, wrong: list[str]
) -> None:
    said = ("check", "koc_led", "operator.coupons.strength=0.7")
    case = Case("of a test", said, meant={"operator.coupons.strength": meant})
    with sandbox.laboratory("toy"):
        assert tried(sandbox, case).faults == wrong


def test_a_failing_case_is_made_small(sandbox: Sandbox, broken: pytest.MonkeyPatch) -> None:
    words = st.lists(st.sampled_from(["scenarios", "-h"]), min_size=1, max_size=6)
    cases = words.map(lambda said: Case("of a test", tuple(said)))
    with sandbox.laboratory("toy"):
        broken.setattr("sim.config.composing.scenarios", raises(KeyError("x")))
        found = try_many(sandbox, cases, 50, 1, (), lambda _: None, lambda *_: None)
    assert found is not None
    assert found.case.words == ("scenarios",)


@pytest.mark.parametrize(
    ("scenarios", "fault"),
    [
        (lambda *_: os._exit(3), "the process ended by 3"),
        (lambda *_: time.sleep(60), "hangs for 0.5 seconds"),
        (raises(KeyError("x")), "KeyError in sim/commands/scenarios.py:scenarios"),
    ],
)
def test_a_session_tells_each_failure_once_and_keeps_its_case(
    sandbox: Sandbox,
    broken: pytest.MonkeyPatch,
    tmp_path: Path,
    scenarios: object,
    fault: str,
) -> None:
    broken.setattr("sim.config.composing.scenarios", scenarios)
    broken.setattr(batches, "HANGING_SECONDS", 0.5)
    cases = st.just(Case("of a test", ("scenarios",)))
    tally = Tally(tmp_path / "found", 1.0, seeded=1)
    batches.fuzz(sandbox, {"of a test": Kind("toy", cases)}, tally, workers=1, seeded=1)
    assert [each.removeprefix("of a test: ") for each in tally.failures] == [fault]
    (kept,) = (tmp_path / "found").glob("*.json")
    assert from_json(kept.read_text()).words == ("scenarios",)
    assert fault in tally.summary()
    assert "1 failures." in tally.summary()


def test_a_case_is_read_as_it_was_written() -> None:
    files = {"a": b"text", "b": b"\xff\x00", "c": Special(LINK, "/nowhere")}
    case = Case("of a test", ("run", "\udc80"), files, {"x": 1}, must="refuse")
    assert from_json(case.as_json()) == case
