"""The figures of a fitted operator: purchases after the cut, customers by how many they made."""

import pandas as pd

from sim.report.estimates import told_in_words
from sim.report.figure import Exhibit, Panel
from sim.report.fit.reading import LOG, Fitted
from sim.report.words import Words

WEEK_DAYS = 7
CURVE, COUNTS = "curve", "counts"


def exhibits(fitted: Fitted, words: Words) -> list[Exhibit]:
    """A figure of the weeks after the cut, and one of customers by number of purchases."""
    told = fitted.told.assign(x=fitted.told["days"] / WEEK_DAYS, mean=fitted.told["purchases"])
    counts = fitted.counts
    of_all = counts.groupby("way")["customers"].transform("sum")
    shares = counts.assign(x=counts["purchases"], mean=100.0 * counts["customers"] / of_all)
    made = [
        (CURVE, _panel(fitted, words, CURVE, told)),
        (COUNTS, _panel(fitted, words, COUNTS, shares)),
    ]
    return [
        Exhibit(
            name,
            "lines",
            words(f"fit.exhibits.{name}.title"),
            words(f"fit.exhibits.{name}.caption"),
            [panel],
        )
        for name, panel in made
    ]


def _panel(fitted: Fitted, words: Words, key: str, rows: pd.DataFrame) -> Panel:
    there = [LOG, *fitted.ways]
    own = rows[rows["way"].isin(there)]
    drawn = pd.DataFrame(
        {
            "strategy": own["way"].astype(str).map(lambda way: fitted.named(way, words)),
            "x": own["x"].astype(float),
            "mean": own["mean"].astype(float),
            "low": float("nan"),
            "high": float("nan"),
        }
    )
    title, x, y = (words(f"fit.panels.{key}.{part}") for part in ("title", "x", "y"))
    last = drawn.groupby("strategy", sort=False)["mean"].last()
    said = [f"{name} {words.number(float(value))}" for name, value in last.items()]
    told = told_in_words(words, title, said)
    return Panel(title, drawn, x, y, zero=True, told=told)


__all__ = ["COUNTS", "CURVE", "exhibits"]
