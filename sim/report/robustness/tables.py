"""The tables of conclusions under other assumptions, as text in the reader's language."""

from collections.abc import Sequence

from sim.report.estimates import rows_of
from sim.report.robustness.answer import goal_name, named, statement
from sim.report.robustness.reading import ORDER, Conclusion, Robustness, assumption
from sim.report.tables import Shown, shown_of
from sim.report.words import Words, capital

VERDICTS = {"holds in all": "in_all", "hangs on": "hangs", "not reversed": "unsure", "open": "open"}


def conclusions(found: Robustness, words: Words) -> Shown:
    """Every conclusion by the goal, and the assumptions under which it holds."""
    rows = [_row(each, words, len(found.assumed)) for each in found.concluded(found.goal)]
    goal = goal_name(words, found.goal)
    return shown_of(words, "robustness", "conclusions", _head(words), rows, prose=True, goal=goal)


def other_goals(found: Robustness, words: Words) -> Shown:
    """The same by every other goal, without the orders of two strategies."""
    rows = [
        [capital(goal_name(words, goal)), *_row(each, words, len(found.assumed))]
        for goal in found.goals
        if goal != found.goal
        for each in found.concluded(goal)
        if each.kind != ORDER
    ]
    head = [words("robustness.tables.goal"), *_head(words)]
    return shown_of(words, "robustness", "other_goals", head, rows, prose=True)


def _head(words: Words) -> list[str]:
    keys = ("conclusion", "verdict", "holds", "reversed", "undecided")
    return [words(f"robustness.tables.{key}") for key in keys]


def _row(each: Conclusion, words: Words, count: int) -> list[str]:
    holds = words("robustness.tables.of", held=len(each.holds), count=count) if each.holds else "–"
    verdict = words(f"robustness.verdicts.{VERDICTS[each.verdict]}")
    where = [_where(names, words, count) for names in (each.reversed, each.undecided)]
    return [capital(statement(each, words)), verdict, holds, *where]


def _where(names: Sequence[str], words: Words, count: int) -> str:
    """The assumptions by name; all of them as a count, which is shorter."""
    if len(names) == count:
        return words("robustness.tables.of", held=count, count=count)
    return named(names, words) or "–"


def assumptions(found: Robustness, words: Words) -> Shown:
    """What is assumed, why somebody believes it, and what it sets."""
    rows = [
        [
            capital(assumption(words, each.name)),
            words.prose(each.title),
            words.prose(each.why),
            words.prose(each.source),
            each.settings,
            each.moved or words("robustness.tables.nothing"),
        ]
        for each in found.assumed
        if each.title
    ]
    keys = ("assumption", "title", "why", "source", "settings", "moved")
    head = [words(f"robustness.tables.{key}") for key in keys]
    return shown_of(words, "robustness", "assumptions", head, rows, prose=True)


def fit(found: Robustness, words: Words) -> Shown:
    """The facts under each assumption, and how far off all of them are."""
    ids = list(dict.fromkeys(found.fit["id"].astype(str)))
    rows = []
    for each in found.assumed:
        by_id = {str(row["id"]): row for row in rows_of(found.fit, assumption=each.name)}
        if not by_id:  # a sample, which was judged by what drew it
            continue
        cells = [_fact(words, by_id[name]) if name in by_id else "–" for name in ids]
        far = (words.number(each.off), words.number(each.farther))
        rows.append([capital(assumption(words, each.name)), *far, *cells])
    first = {str(row["id"]): row for row in reversed(rows_of(found.fit))}
    reported = [_reported(words, first[name]) for name in ids]
    rows.insert(0, [words("robustness.tables.reported"), "", "", *reported])
    head = [words(f"robustness.tables.{key}") for key in ("assumption", "far", "farther")]
    return shown_of(words, "robustness", "fit", [*head, *ids], rows)


def _fact(words: Words, row: dict[str, object]) -> str:
    """A figure, and below how many deviations it lies from the fact."""
    far = words.number(float(str(row["deviations"])), signed=True)
    return f"{words.number(float(str(row['mean'])))}\n{far}"


def _reported(words: Words, row: dict[str, object]) -> str:
    low, high = (float(str(row[name])) for name in ("reported_low", "reported_high"))
    return f"{words.number(float(str(row['reported'])))}\n{words.interval(low, high)}"


__all__ = ["assumptions", "conclusions", "fit", "other_goals"]
