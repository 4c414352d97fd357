"""The rows of a validation: each fact measured in finished runs, and judged."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from sim.evidence.facts import Fact
from sim.evidence.measure import MEASUREMENTS, PAIRED, Measurement, PairedMeasurement
from sim.evidence.regularities import BEYOND, CENSUS_DAYS
from sim.evidence.waiting import why_not
from sim.experiments.plan import PlannedRun
from sim.experiments.verdicts import INSIDE, NOT_MEASURED, NOTHING, judge, together
from sim.store.runs import Store, run_key

NOBODY = "nobody in these runs of whom it could be said"


@dataclass(frozen=True)
class Evidence:
    """What finished runs say, and why some worlds cannot be run.

    Attributes
    ----------
    store
        Where runs are kept.
    runs
        Those asked for so far, by world and seed.
    configs, refused
        Resolved configuration of each world, or why it cannot be composed.
    confidence
        Of the intervals.
    beyond
        Worlds of which regularities beyond the facts are read, too.
    """

    store: Store
    runs: dict[tuple[str, int], PlannedRun]
    configs: dict[str, dict[str, Any]]
    refused: dict[str, str]
    confidence: float
    beyond: Collection[str] = ()

    def missing(self, worlds: Collection[str], seeds: Sequence[int]) -> list[PlannedRun]:
        """Runs of these worlds that nobody has asked for yet; they are noted as asked for."""
        added = {
            (world, seed): self._planned(world, seed, f"{world}, replication {i + 1}")
            for world in self.configs
            if world in worlds
            for i, seed in enumerate(seeds)
            if (world, seed) not in self.runs
        }
        self.runs.update(added)
        return list(added.values())

    def _planned(self, world: str, seed: int, label: str) -> PlannedRun:
        """A run whose key tells what is kept of it, which is not what an ordinary run keeps."""
        kept: dict[str, Any] = {"kept": "readings"}
        if world in self.beyond:
            kept |= {"beyond": True, "censuses": list(CENSUS_DAYS.get(world, ()))}
        values = self.configs[world]
        return PlannedRun(label, values, seed, False, run_key({**values, **kept}, seed))

    def why_not(self, worlds: Sequence[str]) -> str | None:
        """Why a world cannot be run, None if all can."""
        missing = [self.refused[world] for world in worlds if world in self.refused]
        return missing[0] if missing else None

    def readings(self, fact: str, world: str, seeds: Sequence[int]) -> list[tuple[float, ...]]:
        """What was read for a fact, world by world."""
        found = []
        for seed in seeds:
            table = self._table(world, seed, "indicators")
            found.append(tuple(table.loc[table["indicator"] == fact, "value"]))
        return found

    def values(
        self, how: Measurement | PairedMeasurement, fact: str, seeds: Sequence[int]
    ) -> list[float]:
        """The fact's figure in each world."""
        if isinstance(how, PairedMeasurement):
            pairs = ([self._table(world, s, "orders") for world in how.worlds] for s in seeds)
            return [how.follow(*pair) for pair in pairs]
        by_world = [self.readings(fact, world, seeds) for world in how.worlds]
        return [how.combine(*told) for told in zip(*by_world, strict=True)]

    def demanded(
        self, how: Measurement | PairedMeasurement, fact: str, seeds: Sequence[int]
    ) -> tuple[str, str]:
        """The verdict on a further condition, and what is wrong if it does not hold."""
        if isinstance(how, PairedMeasurement) or how.demand is None:
            return INSIDE, ""
        told = [how.demand.positive(each) for each in self.readings(fact, how.worlds[0], seeds)]
        each = [
            judge([world[i] for world in told], 0.0, np.inf, self.confidence)
            for i in range(len(told[0]))
        ]
        verdict = together([judged.verdict for judged in each])
        return verdict, "" if verdict == INSIDE else how.demand.wrong

    def _table(self, world: str, seed: int, name: str) -> pd.DataFrame:
        return self.store.table(self.runs[world, seed].key, name)


def row_of(fact: Fact, evidence: Evidence, seeds: Sequence[int]) -> dict[str, Any]:
    """A fact's row in the table: as reported, as measured in the worlds of these seeds, verdict."""
    how = MEASUREMENTS.get(fact.id) or PAIRED.get(fact.id) or BEYOND.get(fact.id)
    held = how.restated(fact) if isinstance(how, Measurement) else fact
    judged, why, lever = NOTHING, "", ""
    if how is None:
        lever, why = why_not(fact.id)
    elif refused := evidence.why_not(how.worlds):
        why = f"a run it needs cannot be made: {refused}"
    else:
        values = evidence.values(how, fact.id, seeds)
        judged = judge(values, held.low, held.high, evidence.confidence)
        demanded, wrong = evidence.demanded(how, fact.id, seeds)
        if judged.verdict == NOT_MEASURED:
            why = NOBODY
        else:
            judged, why = replace(judged, verdict=together([judged.verdict, demanded])), wrong
    return {
        "id": fact.id,
        "kind": fact.kind,
        "role": fact.role,
        "kpi": fact.kpi,
        "who": fact.who,
        "condition": fact.condition,
        "unit": held.unit,
        "reported": held.value,
        "low": held.low,
        "high": held.high,
        "value": judged.value,
        "low95": judged.low,
        "high95": judged.high,
        "worlds": judged.worlds,
        "verdict": judged.verdict,
        "worlds_needed": judged.worlds_needed(held.low, held.high),
        "waits_for": lever,
        "why": why,
    }


__all__ = ["Evidence", "row_of"]
