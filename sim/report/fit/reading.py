"""A fitted operator as it lies on disk: what each way told, what was found, what the log lacks."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sim.report.columns import wrong
from sim.report.palette import Look, looks
from sim.report.reading import Findings, read_whole
from sim.report.words import Words
from sim.text.outgoing import cited

# Columns of each table that a report reads: texts | numbers.
COLUMNS = {
    "told": "way | days purchases",
    "counts": "way | purchases customers",
    "scores": "way | purchases purchases_log curve_error active active_log counts_error "
    "each_error amount amount_log",
    "parameters": "model parameter unit | value",
    "settings": "setting what unit | usual value low high open points",
    "pattern": "figure | log log_error world spread",
    "log": "what of unit | value",
}
ROWS = {"told": "way days", "counts": "way purchases", "scores": "way", "settings": "setting"}
LOG, SIMULATOR = "log", "simulator"
MODELS = ("bg_nbd", "pareto_nbd")
WAYS = (SIMULATOR, *MODELS, "same_pace")
HALF = 0.5  # assumed; of what was searched: a setting that may lie anywhere in it is open
FEW = 5  # assumed; points without which nobody can tell


class Score(NamedTuple):
    """How far a way of telling was off."""

    purchases: float
    purchases_log: float
    curve_error: float
    active: float
    active_log: float
    counts_error: float
    each_error: float
    amount: float
    amount_log: float


@dataclass(frozen=True)
class Fitted(Findings):
    """Tables and manifest of `sim.experiments.fit.fit`."""

    told: pd.DataFrame
    counts: pd.DataFrame
    scores: pd.DataFrame
    parameters: pd.DataFrame
    settings: pd.DataFrame
    pattern: pd.DataFrame
    points: pd.DataFrame
    log: pd.DataFrame

    @property
    def ways(self) -> list[str]:
        """Ways of telling that there are, the simulator first."""
        there = set(self.scores["way"].astype(str))
        return [way for way in WAYS if way in there]

    @property
    def score(self) -> dict[str, Score]:
        """How far each was off."""
        rows = {row["way"]: row for row in self.scores.to_dict("records")}
        return {
            way: Score(*(float(rows[way][name]) for name in Score._fields)) for way in self.ways
        }

    @property
    def loose(self) -> list[str]:
        """Settings that the log does not pin down, or too few points tell whether it does."""
        rows = self.settings
        open_yet = (rows["open"] > HALF) | (rows["points"] < FEW)
        return rows.loc[open_yet, "setting"].astype(str).tolist()

    @property
    def unused(self) -> list[str]:
        """Columns that seem to mean something and that nobody said the log has."""
        return [str(each) for each in self.manifest["unused"]]

    @property
    def lacks(self) -> list[str]:
        """Meanings for which the log has no column."""
        return [str(each) for each in self.manifest["lacks"]]

    def named_looks(self, words: Words) -> dict[str, Look]:
        """The log grey, and a colour for each way of telling."""
        names = [self.named(LOG, words), *(self.named(way, words) for way in self.ways)]
        return looks(names, self.named_reference(words))

    def named_reference(self, words: Words) -> str:
        """The log, as it was."""
        return self.named(LOG, words)

    def named(self, way: str, words: Words) -> str:
        """What a way of telling is called."""
        return words(f"fit.ways.{way}")


def read_fitted(directory: Path) -> Fitted:
    """Read and verify what `repurchase fit` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    return read_whole(directory, "fit", Fitted, _wrong, _astray)


def _wrong(found: Fitted) -> Iterator[str]:
    for name, columns in COLUMNS.items():
        yield from wrong(name, getattr(found, name), columns)
    for name, of in ROWS.items():
        if getattr(found, name).duplicated(of.split()).any():
            yield f"its table {name} tells the same twice"


def _astray(found: Fitted) -> Iterator[str]:
    """Ways that no report has words for, or that are told in one table alone."""
    for name in ("told", "counts", "scores"):
        there = set(getattr(found, name)["way"].astype(str))
        if other := sorted(there - {LOG, *WAYS}):
            yield f"way in its table {name} is {cited(other[0])}"
        if there - {LOG} != set(found.scores["way"].astype(str)) or (name != "scores") != (
            LOG in there
        ):
            yield f"its table {name} does not tell of every way"


__all__ = ["LOG", "MODELS", "SIMULATOR", "Fitted", "Score", "read_fitted"]
