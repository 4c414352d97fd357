"""A line of the table "Speed and size": what was measured, beside its target."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Line:
    """One figure and what it must reach.

    Attributes
    ----------
    what
        What was measured.
    value
        The figure, in `unit`.
    unit
        Its unit; `ratio` for a quotient of two figures of this run.
    target
        What it must reach; None where it is told for the reader only.
    better
        Whether the target is a most (`lower`) or a least (`higher`).
    note
        How it was measured, or where it comes from if not from this run.
    """

    what: str
    value: float | None
    unit: str
    target: float | None = None
    better: Literal["lower", "higher"] = "lower"
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None without a target or a figure."""
        if self.target is None or self.value is None:
            return None
        return self.value <= self.target if self.better == "lower" else self.value >= self.target

    def __str__(self) -> str:
        figure = "not measured" if self.value is None else f"{_figure(self.value)} {self.unit}"
        sign = "at most" if self.better == "lower" else "at least"
        target = "" if self.target is None else f"{sign} {_figure(self.target)}"
        word = {True: "reached", False: "MISSED", None: ""}[self.reached]
        line = f"{self.what:<58} {figure:>30}  {target:<20} {word}"
        return f"{line.rstrip()}\n    {self.note}" if self.note else line.rstrip()


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
