"""A comparison as a table for the terminal, and how estimates stand in such tables."""

from math import isfinite
from pathlib import Path

from rich.table import Table
from rich.text import Text

from sim.report.answer import equal_budget, sentences
from sim.report.reading import Comparison, Estimate, Estimates, read_comparison
from sim.report.words import Words, whole

WORDS = Words("en")
REPURCHASE, CHURN = "repurchase_rate_365d", "churn_rate_365d"


def comparison_table(directory: Path) -> Table:
    """Strategies from best to worst: repurchase, churn, certainty, money, households.

    Parameters
    ----------
    directory
        A folder that `repurchase compare` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    comparison = read_comparison(directory)
    count = comparison.manifest["replications"]
    table = Table(
        title=f"{len(comparison.names)} strategies in {count} common "
        f"{'worlds' if count != 1 else 'world'}",
        caption=_caption(comparison),
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("strategy", no_wrap=True)
    for heading in (
        "repurchase",
        "Δ repurchase",
        "best",
        "churn",
        "Δ churn",
        "spend",
        "contribution",
        "won",
        "lost",
    ):
        table.add_column(heading, justify="right", no_wrap=True)
    for name in comparison.names:
        table.add_row(*_row(comparison, name), style=_style(comparison, name))
    return table


def _caption(comparison: Comparison) -> str:
    reference = WORDS.strategy(comparison.reference)
    told = (
        f"Δ: difference to {reference} in the same worlds, in points, with 95% intervals that hold "
        "for all strategies at once. Spend: yuan per customer and month. Contribution: yuan "
        f"over the run, of a world. Won: households that repurchase here and not under "
        f"{reference}; lost: the reverse."
    )
    short = "" if comparison.present([REPURCHASE]) else f"{sentences(comparison, WORDS)[0]} "
    unknown = f" {WORDS('unknown_note')}" if _has_unknown(comparison) else ""
    equal = f" {idle}" if (idle := equal_budget(comparison, WORDS)) else ""
    return short + told + unknown + equal


def _has_unknown(comparison: Comparison) -> bool:
    """Whether a few equal worlds leave an interval unknown."""
    if comparison.unknown_interval == "no_interval":
        return False  # one world, of which the answer tells
    shown = (
        values(name)
        for name in (REPURCHASE, CHURN)
        for values in (comparison.level, comparison.difference)
    )
    return any(
        isfinite(value.mean) and not value.bounded for each in shown for value in each.values()
    )


def _row(comparison: Comparison, name: str) -> list[str | Text]:
    best = comparison.best(REPURCHASE).get(name, float("nan"))
    changed = comparison.changed()
    single = comparison.unknown_interval == "no_interval"
    unknown = "" if single else "not known"
    people = [changed[name].won, changed[name].lost] if name in changed else []
    return [
        WORDS.strategy(name),
        _level(comparison.level(REPURCHASE), name, unknown),
        _change(comparison.difference(REPURCHASE), name, unknown),
        WORDS.probability(best),
        _level(comparison.level(CHURN), name, unknown),
        _change(comparison.difference(CHURN), name, unknown),
        WORDS.number(comparison.spent("spend_yuan_per_customer_month")[name].mean),
        whole(comparison.spent("contribution_yuan")[name].mean),
        *[whole(count) for count in people],
    ]


def _level(values: Estimates, name: str, unknown: str) -> str | Text:
    if name not in values:
        return ""
    mean, within = WORDS.level(*values[name], "share")
    return _two_lines(mean, within or (unknown if isfinite(values[name].mean) else ""))


def _change(values: Estimates, name: str, unknown: str) -> str | Text:
    if name not in values or not isfinite(values[name].mean):
        return _two_lines("–", "") if name in values else ""
    value = values[name]
    mean = WORDS.number(value.mean, "share", signed=True).removesuffix(" points")
    within = (
        WORDS.interval(value.low, value.high, "share", signed=True) if value.bounded else unknown
    )
    return _two_lines(mean, within)


def level(value: Estimate, unit: str) -> str | Text:
    """A mean, and its interval in a line below; shares in per cent, as on the page."""
    return _two_lines(*WORDS.level(*value, unit))


def _two_lines(mean: str, within: str) -> str | Text:
    return Text.assemble(mean, "\n", (within, "dim")) if within else mean


def _style(comparison: Comparison, name: str) -> str:
    if name == comparison.names[0]:
        return "bold"
    return "dim" if name == comparison.reference else ""


__all__ = ["comparison_table", "level"]
