"""What a fuzzing session came to, told while it goes on and at its end."""

import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fuzz.case import Case

TELL_SECONDS = 10.0


@dataclass
class Tally:
    """Cases, failures and times so far.

    Attributes
    ----------
    out
        Where a failing case of each signature is kept.
    seconds, seeded
        How long it shall go on, and from which seed.
    """

    out: Path
    seconds: float
    seeded: int
    begun: float = field(default_factory=time.monotonic)
    cases: Counter[str] = field(default_factory=Counter)
    shrinking: int = 0
    worked: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    slowest: dict[str, float] = field(default_factory=dict)
    codes: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    kept: dict[str, Path] = field(default_factory=dict)
    told: float = field(default_factory=time.monotonic)

    @property
    def deadline(self) -> float:
        """When it is over."""
        return self.begun + self.seconds

    @property
    def seconds_left(self) -> float:
        """Until then."""
        return self.deadline - time.monotonic()

    def count(self, kind: str, told: Mapping[str, Any]) -> None:
        """One case."""
        if told["again"]:
            self.shrinking += 1
            return
        self.cases[kind] += 1
        self.worked[kind] += told["worked"]
        self.slowest[kind] = max(self.slowest.get(kind, 0.0), told["seconds"])
        self.codes[str(told["code"])] += 1
        self.failures.update(told["faults"])

    def keep(self, faults: Sequence[str], case: Case, shown: str) -> None:
        """A failing case for each of its faults of which there is none yet."""
        for fault in faults:
            self.failures.setdefault(fault, 1)
            if fault in self.kept:
                continue
            self.out.mkdir(parents=True, exist_ok=True)
            name = re.sub(r"\W+", "-", fault).strip("-")[:80]
            path = self.out / f"{len(self.kept) + 1:03}-{name}.json"
            path.write_text(case.as_json(), encoding="utf-8", errors="surrogatepass")
            path.with_suffix(".txt").write_text(
                f"{fault}\n{shown}\n", encoding="utf-8", errors="backslashreplace"
            )
            self.kept[fault] = path

    def tell_now_and_then(self) -> None:
        """How far it has come, on stderr."""
        now = time.monotonic()
        if now - self.told < TELL_SECONDS:
            return
        self.told = now
        left = max(self.seconds_left, 0.0)
        sys.stderr.write(
            f"{self.cases.total():,} cases, {self._rate():.0f} a second; "
            f"{len(self.failures)} failures; {left // 60:.0f} min {left % 60:02.0f} s left\n"
        )

    def _rate(self) -> float:
        return self.cases.total() / max(time.monotonic() - self.begun, 1e-9)

    def _rate_of_a_processor(self) -> float:
        return self.cases.total() / max(sum(self.worked.values()), 1e-9)

    def summary(self) -> str:
        """All of it, for whoever reads it afterwards."""
        took = time.monotonic() - self.begun
        slowest = max(self.slowest.values(), default=0.0)
        lines = [
            f"Seed {self.seeded}: {self.cases.total():,} cases in {took / 60:.1f} minutes, "
            f"{self._rate():.1f} a second; slowest {slowest:.2f} s; "
            f"{self.shrinking:,} more to make failing ones small.",
            f"A processor of its own does {self._rate_of_a_processor():.0f} a second.",
            "Exit codes: " + ", ".join(f"{c} {n:,}" for c, n in sorted(self.codes.items())) + ".",
            "",
            f"{'kind':24} {'cases':>8} {'ms each':>8} {'slowest s':>10}",
        ]
        for kind, number in sorted(self.cases.items()):
            each = 1000 * self.worked[kind] / number
            lines.append(f"{kind:24} {number:8,} {each:8.1f} {self.slowest[kind]:10.2f}")
        lines += ["", f"{len(self.failures)} failures." if self.failures else "No failure."]
        for fault, number in self.failures.most_common():
            lines.append(f"{number:7,} × {fault}  {self.kept.get(fault, '')}")
        return "\n".join(lines)
