"""Trying a case, and a batch of them with Hypothesis, which makes a failing one small."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import hypothesis.internal.conjecture.engine as engine
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.reporting import with_reporter
from hypothesis.strategies import SearchStrategy

from tests.fuzz.case import Case
from tests.fuzz.judge import SLOW_SECONDS, faults, nonsense
from tests.fuzz.sandbox import Outcome, Sandbox

SHRINKING_SECONDS = 5


@dataclass
class Tried:
    """A case, what came of it and what was wrong."""

    case: Case
    outcome: Outcome
    faults: list[str]


class Found(AssertionError):
    """A case failed in the way that is looked for."""


def tried(sandbox: Sandbox, case: Case) -> Tried:
    """Live through a case and judge it; what was slow once is tried again."""
    told: list[str] = []
    outcome = sandbox.live(case, lambda outcome: told.extend(nonsense(case, outcome)))
    if outcome.seconds > SLOW_SECONDS:  # the machine may have been busy with something else
        told.clear()
        again = sandbox.live(case, lambda outcome: told.extend(nonsense(case, outcome)))
        again.seconds = min(again.seconds, outcome.seconds)
        outcome = again
    return Tried(case, outcome, [*faults(case, outcome), *dict.fromkeys(told)])


def try_many(
    sandbox: Sandbox,
    cases: SearchStrategy[Case],
    number: int,
    seeded: int,
    known: Iterable[str],
    before: Callable[[Case], None],
    after: Callable[[Tried, bool], None],
    shrink: bool = True,
) -> Tried | None:
    """Try so many cases, or until one fails as none did before; that one is made small.

    `before` is told each case, `after` what came of it and whether it was one of many or part of
    making a failing one small. Without `shrink` all are tried, whatever fails.
    """
    wanted: list[str] = []
    smallest: list[Tried] = []
    old = set(known)
    engine.MAX_SHRINKING_SECONDS = SHRINKING_SECONDS

    @seed(seeded)
    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )
    @given(cases)
    def attempt(case: Case) -> None:
        before(case)
        one = tried(sandbox, case)
        after(one, bool(wanted))
        new = [fault for fault in one.faults if fault not in old]
        if new and not wanted and shrink:
            wanted.append(new[0])
        if wanted and wanted[0] in one.faults:
            smallest[:] = [one]
            raise Found(wanted[0])

    try:
        with with_reporter(lambda _: None):  # what came of it is told by us
            attempt()
    except BaseException as error:
        if not smallest or isinstance(error, KeyboardInterrupt):
            raise
    return smallest[0] if smallest else None


def as_told(one: Tried) -> dict[str, Any]:
    """What a batch tells of a case."""
    return {
        "kind": one.case.kind,
        "code": one.outcome.code,
        "seconds": one.outcome.seconds,
        "faults": one.faults,
    }
