"""An audit as it lies on disk: what records show of a lever, and what it caused."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from pandas.api.types import is_bool_dtype

from sim.report import customers
from sim.report.columns import wrong
from sim.report.customers import ALL, DIVISIONS, Segment
from sim.report.estimates import estimate, rows_of
from sim.report.palette import COLOURS, REFERENCE_COLOUR, Look
from sim.report.reading import Estimate, Findings, read_whole
from sim.report.words import Words
from sim.text.outgoing import cited

# Columns of each table that a report reads: texts | numbers.
COLUMNS = {
    "methods": "outcome method of verdict | mean low high lift caused caused_low caused_high "
    "caused_lift gap_mean gap_low gap_high covered",
    "gaps": "outcome method part | mean low high",
    "effects": "outcome by segment who | customers mean low high",
    "months": "who | month mean low high",
    "changed": "by segment what | customers mean low high",
    "leaves": "rule | share mean low high",
    "policies": "policy | share mean low high over_mean over_low over_high",
    "tests": "outcome | customers treated_share mean low high per_arm detectable",
}
# What a row is of, so none may be there twice.
ROWS = {
    "methods": "outcome method",
    "gaps": "outcome method part",
    "effects": "outcome by segment who",
    "months": "who month",
    "changed": "by segment what",
    "policies": "policy",
    "tests": "outcome",
}
ADJUSTING = ("matching", "regression", "double_ml")
BY_LOT = ("ab_test", "ab_test_treated")
METHODS = ("naive", "before_after", "diff_in_diff", *ADJUSTING, *BY_LOT)
CAUSED = "caused"
PARTS = {  # of the estimates that come apart exactly
    "naive": (CAUSED, "who_takes_part", "effect_on_others"),
    "before_after": (CAUSED, "changed_anyway"),
    "diff_in_diff": (CAUSED, "changed_anyway", "effect_on_others"),
}
OUTCOMES = ("orders", "repurchased", "margin_yuan")
SHOWN_PER = {"orders": 1000.0, "repurchased": 1000.0}  # customers; tables are of one
TREATED, OTHERS = WHO = ("treated", "others")
WON, LOST = "won", "lost"
RIGHT, OVER, UNDER, WRONG_SIGN, UNKNOWN = JUDGEMENTS = (
    "right", "overstated", "understated", "wrong_sign", "unknown",
)  # fmt: skip
VERDICTS = {  # of the table; None: the side of the error tells which
    "agrees": RIGHT,
    "more than double": None,
    "wrong sign": WRONG_SIGN,
    "less than half": None,
    "too high": None,
    "too low": None,
    "none": UNKNOWN,
}


class Finding(NamedTuple):
    """What a method says, beside what was caused on the same customers."""

    says: Estimate
    caused: Estimate
    gap: Estimate
    lift: float
    caused_lift: float
    covered: float
    of: str
    verdict: str

    @property
    def judged(self) -> str:
        """One of `JUDGEMENTS`, by the table's verdict and the side on which the error lies."""
        return VERDICTS[self.verdict] or (OVER if self.gap.mean > 0.0 else UNDER)


class Test(NamedTuple):
    """How large a test has to be."""

    customers: float
    treated_share: float
    caused: Estimate
    per_arm: float
    detectable: float


@dataclass(frozen=True)
class Audit(Findings):
    """Tables and manifest of an audit, see `sim.experiments.audit.audit`; numbers as shown."""

    methods: pd.DataFrame
    gaps: pd.DataFrame
    effects: pd.DataFrame
    months: pd.DataFrame
    changed: pd.DataFrame
    leaves: pd.DataFrame
    policies: pd.DataFrame
    tests: pd.DataFrame
    worlds: pd.DataFrame
    runs: pd.DataFrame

    @property
    def outcome(self) -> str:
        """The outcome that is told."""
        return str(self.manifest["outcome"])

    @property
    def count(self) -> int:
        """How many worlds there are."""
        return int(self.manifest["replications"])

    @property
    def nobody(self) -> bool:
        """Whether nobody is treated, so that there is nothing to tell apart."""
        return self.naive.says.mean != self.naive.says.mean

    @property
    def naive(self) -> Finding:
        """What an analyst would print."""
        return self.findings["naive"]

    @cached_property
    def findings(self) -> dict[str, Finding]:
        """What every method says of the outcome."""
        rows = rows_of(self.methods, outcome=self.outcome)
        per = SHOWN_PER.get(self.outcome, 1.0)
        return {str(row["method"]): _finding(row, per) for row in rows}

    def parts(self, method: str) -> dict[str, float]:
        """What an estimate consists of."""
        rows = rows_of(self.gaps, outcome=self.outcome, method=method)
        per = SHOWN_PER.get(self.outcome, 1.0)
        return {str(row["part"]): per * float(row["mean"]) for row in rows}

    def effects_on(self, who: str) -> dict[Segment, Estimate]:
        """The effect caused by segment, on the treated or on the others."""
        found = rows_of(self.effects, outcome=self.outcome, who=who)
        return _by_segment(found, SHOWN_PER.get(self.outcome, 1.0))

    def counts(self, who: str) -> dict[Segment, float]:
        """How many there are by segment, of the treated or of the others."""
        rows = rows_of(self.effects, outcome=self.outcome, who=who)
        return {(str(row["by"]), str(row["segment"])): float(row["customers"]) for row in rows}

    def moved(self, what: str) -> dict[Segment, Estimate]:
        """Customers in 10,000 who order again in one life alone, by segment."""
        return _by_segment(rows_of(self.changed, what=what), 1.0)

    def by_month(self, who: str) -> dict[int, Estimate]:
        """The effect caused on orders by month from the index day, the first of them 0."""
        per = SHOWN_PER["orders"]
        return {int(row["month"]): estimate(row, per) for row in rows_of(self.months, who=who)}

    @cached_property
    def needed(self) -> dict[str, Test]:
        """How large a test has to be, by outcome."""
        return {str(row["outcome"]): _test(row) for row in rows_of(self.tests)}

    def segments(self, words: Words) -> dict[Segment, str]:
        """What the segments are called, everybody first, in the order in which they are shown."""
        return customers.named(self.effects_on(TREATED), words)

    def named_looks(self, words: Words) -> dict[str, Look]:
        """Methods alike, what was caused grey, whom it was caused on and segments by division."""
        found = {words(f"audit.methods.{name}"): Look(COLOURS[0], "o") for name in METHODS}
        found[self.named_reference(words)] = Look(REFERENCE_COLOUR, "D")
        for place, who in enumerate(WHO):
            found[words(f"audit.who.{who}")] = Look(COLOURS[place], "os"[place])
        return found | customers.looks(self.segments(words))

    def named_reference(self, words: Words) -> str:
        """What methods are held against."""
        return words(f"audit.methods.{CAUSED}")


def _finding(row: Mapping[str, Any], per: float) -> Finding:
    says, gap = estimate(row, per), estimate(row, per, "gap_mean", "gap_")
    caused = estimate(row, per, CAUSED, f"{CAUSED}_")
    lift, caused_lift, covered = (float(row[n]) for n in ("lift", "caused_lift", "covered"))
    of, verdict = str(row["of"]), str(row["verdict"])
    return Finding(says, caused, gap, lift, caused_lift, covered, of, verdict)


def _test(row: Mapping[str, Any]) -> Test:
    per = SHOWN_PER.get(str(row["outcome"]), 1.0)
    customers, share, arm = (float(row[n]) for n in ("customers", "treated_share", "per_arm"))
    return Test(customers, share, estimate(row, per), arm, per * float(row["detectable"]))


def _by_segment(rows: list[dict[str, Any]], per: float) -> dict[Segment, Estimate]:
    return {(str(row["by"]), str(row["segment"])): estimate(row, per) for row in rows}


def read_audit(directory: Path) -> Audit:
    """Read and verify what `repurchase audit` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    return read_whole(directory, "audit", Audit, _wrong, _astray)


def _wrong(audit: Audit) -> Iterator[str]:
    for name, columns in COLUMNS.items():
        yield from wrong(name, getattr(audit, name), columns)
    for name, of in ROWS.items():
        if getattr(audit, name).duplicated(of.split()).any():
            yield f"its table {name} tells the same twice"
    if len(audit.leaves) and not is_bool_dtype(audit.leaves["addressed"]):
        yield "addressed in its table leaves is no switch"


def _astray(audit: Audit) -> Iterator[str]:
    """Words that a report has no sentence for, and rows that it needs and that are missing."""
    if audit.outcome not in OUTCOMES:
        yield f"its manifest tells of {cited(audit.outcome)}"
    for name, column, known in (
        ("methods", "method", METHODS),
        ("methods", "verdict", VERDICTS),
        ("effects", "by", (ALL, *DIVISIONS)),
        ("tests", "outcome", OUTCOMES),
    ):
        found = set(getattr(audit, name)[column].astype(str))
        if other := sorted(found - set(known)):
            yield f"{column} in its table {name} is {cited(other[0])}"
    if audit.outcome not in audit.needed:
        yield f"its table tests has nothing of {audit.outcome}"
    if len(audit.policies) and "tree" not in set(audit.policies["policy"].astype(str)):
        yield "its table policies has nothing of the tree"
    yield from _incomplete(audit)


def _incomplete(audit: Audit) -> Iterator[str]:
    """Methods, parts and segments that are missing."""
    for each in METHODS:
        if each not in audit.findings and each not in BY_LOT:
            yield f"its table methods has nothing of {each}"
    for method, parts in PARTS.items():
        if set(audit.parts(method)) != set(parts):
            yield f"its table gaps does not tell what {method} consists of"
    segments = set(audit.counts(TREATED))
    for who in WHO:
        if (ALL, ALL) not in audit.counts(who) or set(audit.counts(who)) != segments:
            yield "its table effects does not tell of everybody"
    for what in (WON, LOST):
        if set(audit.moved(what)) != segments:
            yield "its table changed does not tell of everybody"
    if set(audit.by_month(TREATED)) != set(audit.by_month(OTHERS)):
        yield "its table months does not tell of everybody"


__all__ = [
    "ADJUSTING",
    "ALL",
    "BY_LOT",
    "CAUSED",
    "DIVISIONS",
    "JUDGEMENTS",
    "LOST",
    "METHODS",
    "OTHERS",
    "OUTCOMES",
    "OVER",
    "RIGHT",
    "TREATED",
    "UNDER",
    "UNKNOWN",
    "VERDICTS",
    "WON",
    "WRONG_SIGN",
    "Audit",
    "Finding",
    "Test",
    "read_audit",
]
