"""What one world tells: every estimate beside the effect caused, and what lies between the two.

The same households live both lives, alike to the last order until the index day. So what a
household would have done without the lever is known, and with it, exactly,

    naive          = caused + who takes part - what others got of it
    before/after   = caused + what would have changed anyway
    diff in diff   = caused + what would have changed otherwise - what others got of it

where *caused* is of the treated, *who takes part* what they would have ordered more than the others
in the life without the lever, and *what others got of it* the lever's effect on the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sim.experiments.auditing import estimators
from sim.experiments.auditing.estimators import METHODS, Estimate, Sample
from sim.experiments.auditing.lives import check_alike
from sim.experiments.auditing.records import OUTCOMES, Flags, Life, check_history, history, segments
from sim.experiments.auditing.subjects import Subject
from sim.experiments.pilot import per_arm
from sim.experiments.same_people import PER
from sim.experiments.statistics import Floats
from sim.operator.splits import in_lot

TREATED, OFFERED = "treated", "offered"
TEST, TEST_TREATED = "ab_test", "ab_test_treated"
TEST_SHARE = 0.5  # of households: the narrowest interval of a test
Row = dict[str, Any]


@dataclass(frozen=True)
class World:
    """One world's lives.

    Attributes
    ----------
    seed
        Of the world.
    subject, own
        What is audited, and the lever's settings.
    on, off
        The life with the lever, and the one in which it is withheld from the index day on.
    test
        A third life, with the lever for a random half of households from the index day on; None
        where the lever can be kept from nobody.
    """

    seed: int
    subject: Subject
    own: Any
    on: Life
    off: Life
    test: Life | None = None

    def __post_init__(self) -> None:
        check_alike(self.on, self.off, *([self.test] if self.test else []))

    @cached_property
    def at_risk(self) -> Flags:
        """Of whom it is asked, the same customers in every life."""
        return self.subject.at_risk(self.on, self.own)

    @cached_property
    def treated(self) -> Flags:
        """Who of them was treated in the life with the lever."""
        return self._treated(self.on)

    @cached_property
    def history(self) -> pd.DataFrame:
        """What is adjusted for."""
        return check_history(history, self.on)[self.at_risk]

    def offered(self) -> Flags:
        """Who of them is of the lot that the test offers the lever to."""
        who = self.on.before[self.at_risk]
        place, family = (who[name].to_numpy(np.int64) for name in ("household", "family"))
        return in_lot(self.seed, self.subject.lever, place, family, TEST_SHARE)

    def rows(self) -> dict[str, list[Row]]:
        """Rows of each table, of this world alone."""
        known, treated, chance = self.history.to_numpy(float), self.treated, None
        if not estimators.too_few(treated):
            chance = estimators.learnt_chance(known, treated)
        found: dict[str, list[Row]] = {name: [] for name in ("worlds", "gaps", "effects", "tests")}
        for outcome in OUTCOMES:
            with_it, without = self._outcome(self.on, outcome), self._outcome(self.off, outcome)
            before = self.on.earlier(outcome)[self.at_risk]
            sample = Sample(with_it, before, treated, known, chance)
            found["worlds"] += self._estimates(outcome, sample, without)
            found["gaps"] += gaps(outcome, sample, without)
            found["effects"] += self._effects(outcome, with_it, without)
            found["tests"].append(self._power(outcome, with_it, without))
        return found | {"months": self._months(), "changed": self._changed()}

    def brought(self) -> Floats:
        """What the lever brought in of each customer of whom it is asked, yuan."""
        with_it, without = (self._outcome(life, "margin_yuan") for life in (self.on, self.off))
        return with_it - without

    def _outcome(self, life: Life, outcome: str) -> Floats:
        return life.outcome(outcome)[self.at_risk]

    def _treated(self, life: Life) -> Flags:
        at_work = self.own.strength > 0.0  # else nothing reaches anybody
        return np.asarray((self.subject.treated(life, self.own) & at_work)[self.at_risk])

    def _estimates(self, outcome: str, sample: Sample, without: Floats) -> list[Row]:
        caused = sample.after - without
        of_treated = _mean(caused[sample.treated])
        level = _mean(sample.after[sample.treated])
        found: dict[str, tuple[str, Estimate, float, float]] = {
            method: (TREATED, estimate(sample), of_treated, level)
            for method, estimate in METHODS.items()
        }
        if self.test is not None:
            offered, seen = self.offered(), self._outcome(self.test, outcome)
            by_lot = estimators.difference(seen, offered)
            took = self._treated(self.test) & offered
            by_taken = estimators.per_treated(offered, took, seen)
            found[TEST] = (OFFERED, by_lot, _mean(caused), _mean(seen[offered]))
            found[TEST_TREATED] = (TREATED, by_taken, of_treated, level)
        return [
            {
                "seed": self.seed,
                "outcome": outcome,
                "method": method,
                "of": whom,
                "value": got.value,
                "error": got.error,
                "caused": truth,
                "level": own_level,
            }
            for method, (whom, got, truth, own_level) in found.items()
        ]

    def _divided(self) -> Iterator[tuple[str, str, Flags]]:
        """Every segment of those of whom it is asked."""
        divided = {name: words[self.at_risk] for name, words in segments(self.on).items()}
        yield "all", "all", np.ones(int(self.at_risk.sum()), bool)
        for by, words in divided.items():
            for segment in np.unique(words):
                yield by, str(segment), words == segment

    def _changed(self) -> list[Row]:
        """Customers who order again in one life alone, per 10,000 of each segment."""
        with_it, without = (self._outcome(life, "repurchased") for life in (self.on, self.off))
        return [
            {
                "by": by,
                "segment": segment,
                "what": what,
                "customers": int(here.sum()),
                "value": PER * _mean(which[here].astype(float)),
            }
            for by, segment, here in self._divided()
            for what, which in (
                ("won", with_it > without),
                ("lost", with_it < without),
                ("unmoved", with_it == without),
            )
        ]

    def _effects(self, outcome: str, with_it: Floats, without: Floats) -> list[Row]:
        caused, treated = with_it - without, self.treated
        return [
            {
                "outcome": outcome,
                "by": by,
                "segment": segment,
                "who": who,
                "customers": int(here.sum()),
                "without": _mean(without[here]),
                "value": _mean(caused[here]),
            }
            for by, segment, inside in self._divided()
            for who, here in (("treated", inside & treated), ("others", inside & ~treated))
        ]

    def _months(self) -> list[Row]:
        change = (self.on.months("ordered") - self.off.months("ordered"))[self.at_risk]
        return [
            {"month": month, "who": who, "value": _mean(change[here, month])}
            for month in range(change.shape[1])
            for who, here in (("treated", self.treated), ("others", ~self.treated))
        ]

    def _power(self, outcome: str, with_it: Floats, without: Floats) -> Row:
        return {
            "outcome": outcome,
            "customers": len(with_it),
            "treated_share": _mean(self.treated.astype(float)),
            "value": _mean(with_it - without),
            "variance": _variance(with_it),
            "variance_without": _variance(without),
        }


def gaps(outcome: str, sample: Sample, without: Floats) -> list[Row]:
    """What the estimates that need no model consist of; the parts add up to each of them."""
    treated, others = sample.treated, ~sample.treated
    caused = sample.after - without
    change = without - sample.before
    spill = -_mean(caused[others])
    parts = {
        "naive": {
            "caused": _mean(caused[treated]),
            "who_takes_part": _mean(without[treated]) - _mean(without[others]),
            "effect_on_others": spill,
        },
        "before_after": {
            "caused": _mean(caused[treated]),
            "changed_anyway": _mean(change[treated]),
        },
        "diff_in_diff": {
            "caused": _mean(caused[treated]),
            "changed_anyway": _mean(change[treated]) - _mean(change[others]),
            "effect_on_others": spill,
        },
    }
    return [
        {"outcome": outcome, "method": method, "part": part, "value": value}
        for method, told in parts.items()
        for part, value in told.items()
    ]


def detectable(customers: float, variance: float, variance_without: float) -> float:
    """The least effect that a test of so many customers, half of them offered it, would see."""
    least = 1e-3  # any small effect: those whom it takes to see one go with its square
    if not customers > 0.0:
        return float("nan")
    arms = per_arm(least, variance, variance_without) / (customers / 2.0)
    return float(least * np.sqrt(arms))


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _variance(values: Floats) -> float:
    return float(values.var(ddof=1)) if len(values) > 1 else float("nan")


__all__ = [
    "OFFERED",
    "TEST",
    "TEST_SHARE",
    "TEST_TREATED",
    "TREATED",
    "World",
    "detectable",
    "gaps",
]
