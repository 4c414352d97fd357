"""Means with their intervals as formulas over the worlds in a row, and what these give."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.export.sheets import Sheet, at, span
from sim.report.words import Words

CONFIDENCE = "confidence"  # the name of the cell that holds it
COVERED = 0.95  # what it holds
COLUMNS = ("mean", "low", "high", "worlds", "deviation", "critical", "half", "how")
FEW = 5  # worlds; fewer that all say the same tell nothing of how much others would differ
ZERO = 1e-12  # of the largest value: what is no more is rounding
SEVERAL = re.compile(r"Šidák's t, (\d+) comparisons")

Floats = NDArray[np.float64]


@dataclass
class Row:
    """A row of a sheet whose worlds stand side by side.

    Attributes
    ----------
    sheet, row
        Where it is.
    first
        Column of the first of `COLUMNS`.
    worlds
        Column of the first world.
    values
        What the worlds say, missing where one says nothing.
    how
        The format of its numbers.
    half
        Half of the interval, once it is written.
    """

    sheet: Sheet
    row: int
    first: int
    worlds: int
    values: Floats
    how: str
    half: float = np.nan

    @property
    def mean(self) -> float:
        """Of the worlds that say something."""
        known = self.values[np.isfinite(self.values)]
        return float(known.mean()) if len(known) else np.nan

    @property
    def ends(self) -> tuple[float, float, float]:
        """Mean, and the ends of its interval once it is written."""
        return self.mean, self.mean - self.half, self.mean + self.half

    def write(self, size: str, largest: float, method: str, critical: float, words: Words) -> None:
        """Write the formulas, each with what it gives.

        Parameters
        ----------
        size
            Formula of the largest value beside which a spread may be rounding.
        largest
            What it gives.
        method
            How standard errors are made an interval: empty for that of one mean, otherwise as the
            tables have it.
        critical
            Standard errors, where no formula gives them.
        words
            The reader's language.
        """
        known = self.values[np.isfinite(self.values)]
        n = len(known)
        spread = float(known.std(ddof=1)) if n > 1 else np.nan
        formula, standard_errors = _critical(method, n, self._at("worlds"), critical)
        half = standard_errors * spread / np.sqrt(n) if n > 1 else np.nan
        if n < FEW and not spread > ZERO * largest:
            half = np.nan
        self.half = half
        numbers = span(self.row, self.worlds, self.row, self.worlds + len(self.values) - 1)
        count, deviation, errors = map(self._at, ("worlds", "deviation", "critical"))
        self._put("mean", f'IF({count}>0,AVERAGE({numbers}),"")', self.mean, self.how)
        for end, sign in (("low", -1), ("high", 1)):
            told = f"{self._at('mean')}{'+' if sign > 0 else '-'}{self._at('half')}"
            told = f'IF({self._at("half")}="","",{told})'
            self._put(end, told, self.mean + sign * half, self.how)
        self._put("worlds", f"COUNT({numbers})", n, "count")
        self._put("deviation", f'IF({count}>1,_xlfn.STDEV.S({numbers}),"")', spread, self.how)
        if formula:
            self._put("critical", f'IF({count}>1,{formula},"")', standard_errors, "critical")
        else:
            self.sheet.number(self.row, self._column("critical"), critical, "critical")
        few = f"AND({count}<{FEW},{deviation}<={ZERO}*{size})"
        told = f'IF({count}<2,"",IF({few},"",{errors}*{deviation}/SQRT({count})))'
        self._put("half", told, half, self.how)
        self.sheet.text(self.row, self._column("how"), _told(method, words))

    def _put(self, name: str, formula: str, value: float, how: str) -> None:
        self.sheet.formula(self.row, self._column(name), formula, value, how)

    def _column(self, name: str) -> int:
        return self.first + COLUMNS.index(name)

    def _at(self, name: str) -> str:
        return at(self.row, self._column(name))


def largest(numbers: str) -> str:
    """Formula of the largest number of a range, whatever its sign."""
    return f"MAX(MAX({numbers}),-MIN({numbers}))"


def _critical(method: str, n: int, count: str, stored: float) -> tuple[str, float]:
    """Formula of the standard errors that an interval takes, and what it gives."""
    several = SEVERAL.match(method)
    if n < 2 or not (several or method in ("", "paired t")):
        return "", stored
    comparisons = int(several[1]) if several else 1
    covered = COVERED ** (1 / comparisons)
    each = f"{CONFIDENCE}^(1/{comparisons})" if several else CONFIDENCE
    found = float(special.stdtrit(n - 1, 0.5 + covered / 2))
    return f"_xlfn.T.INV.2T(1-{each},{count}-1)", found


def _told(method: str, words: Words) -> str:
    """How an interval was found, in the reader's language."""
    if method in ("", "paired t"):
        return words(f"export.methods.{'paired' if method else 'alone'}")
    several = re.search(r"(\d+) comparisons", method)
    if several is None:
        return ""
    key = "sidak" if SEVERAL.match(method) else "correlated"
    return words(f"export.methods.{key}", count=several[1])


__all__ = ["COLUMNS", "CONFIDENCE", "COVERED", "Floats", "Row", "largest"]
