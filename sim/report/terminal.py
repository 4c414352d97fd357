"""A comparison as a table for the terminal, and how estimates stand in such tables."""

from math import isfinite
from pathlib import Path

import pandas as pd
from rich.table import Table
from rich.text import Text

from sim.report import budgets, reach, why
from sim.report.answer import enough, sentences
from sim.report.outcomes import CONTRIBUTION, amount, goal_name, months, unseen
from sim.report.reading import Comparison, Estimate, Estimates, read_comparison
from sim.report.tables import Shown
from sim.report.words import Words, whole

WORDS = Words("en")
REPURCHASE, CHURN = "day0_repurchase", "day0_churn"
HEADINGS = ("Δ goal", "best", "won", "lost", "Δ repurchase, day 0", "Δ churn, day 0")


def comparison_table(directory: Path) -> Table:
    """Strategies from best to worst by the goal: certainty, people, money.

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
    goal = goal_name(comparison, WORDS, comparison.goal)
    table = Table(
        title=f"{len(comparison.names)} strategies in {count} common "
        f"{'worlds' if count != 1 else 'world'}, {months(comparison.days)} months. Goal: {goal}",
        caption=_caption(comparison),
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("strategy", no_wrap=True)
    for heading in (*HEADINGS, "spend", "contribution"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name in comparison.names:
        table.add_row(*_row(comparison, name), style=_style(comparison, name))
    return table


def table_of(shown: Shown) -> Table:
    """A table of a page for the terminal; numbers to the right, unless its cells are prose."""
    table = Table(
        title=shown.title, caption=shown.note, title_justify="left", caption_justify="left"
    )
    for place, heading in enumerate(shown.head):
        right = place > 0 and not shown.prose
        table.add_column(heading, justify="right" if right else "left", overflow="fold")
    for row in shown.rows:
        table.add_row(*row)
    return table


def budget_lines(directory: Path) -> list[str]:
    """What strategies were to spend and do, a sentence each; none where nothing was asked for."""
    return budgets.sentences(read_comparison(directory), WORDS)


def fund_lines(table: pd.DataFrame) -> list[str]:
    """What came of the funds of a strategy, a sentence each."""
    return budgets.said(table, table[table["state"] != ""], WORDS)


def _caption(comparison: Comparison) -> str:
    reference = WORDS.strategy(comparison.reference)
    told = (
        f"Δ: difference to {reference}, of the same people, with 95% intervals that hold for all "
        "strategies at once; households per 10,000, rates in points. Won: households that "
        f"repurchase here and not under {reference}; lost: the reverse. Day 0: of the customers "
        "of that day. Spend: price cuts, points and costs of levers, yuan per customer of the "
        "year. Contribution: yuan over the run, of a world."
    )
    told = WORDS.joined(
        told,
        WORDS("unknown_note") if _has_unknown(comparison) else "",
        unseen(comparison, WORDS),
    )
    paragraphs = (
        sentences(comparison, WORDS)[0],
        enough(comparison, WORDS),
        why.sentence(comparison, WORDS),
        WORDS.joined(*reach.sentences(comparison, WORDS)),
        told,
    )
    return "\n".join(filter(None, paragraphs))


def _has_unknown(comparison: Comparison) -> bool:
    """Whether a few equal worlds leave an interval unknown."""
    if comparison.unknown_interval == "no_interval":
        return False  # one world, of which the answer tells
    aimed = comparison.aimed(comparison.goal)
    shown = [comparison.extra(name) for name in (REPURCHASE, CHURN)]
    shown.append({n: aimed[n].gain for n in comparison.names if n != comparison.reference})
    return any(
        isfinite(value.mean) and not value.bounded for each in shown for value in each.values()
    )


def _row(comparison: Comparison, name: str) -> list[str | Text]:
    single = comparison.unknown_interval == "no_interval"
    unknown = "" if single else "not known"
    aimed = comparison.aimed(comparison.goal)[name]
    gain, within = amount(comparison, WORDS, comparison.goal, aimed.gain)
    counts = [comparison.outcome(each).get(name) for each in ("won", "lost")]
    spend = comparison.level("spend_per_customer_yuan").get(name)
    earned = comparison.extra(CONTRIBUTION).get(name)
    return [
        WORDS.strategy(name),
        _two_lines(gain.split(" ")[0], within or (unknown if gain else "")),
        WORDS.probability(aimed.probability_best),
        *(whole(value.mean) if value and isfinite(value.mean) else "" for value in counts),
        _change(comparison.extra(REPURCHASE), name, unknown),
        _change(comparison.extra(CHURN), name, unknown),
        WORDS.number(spend.mean) if spend else "",
        _two_lines(
            whole(comparison.outcome(CONTRIBUTION)[name].mean),
            f"Δ {WORDS.count(earned.mean)}" if earned else "",
        ),
    ]


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


__all__ = ["budget_lines", "comparison_table", "fund_lines", "level", "table_of"]
