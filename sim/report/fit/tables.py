"""The tables of a fitted operator, as text in the reader's language."""

import re
import shlex

from sim.report.again import asked_again
from sim.report.fit.answer import unknown
from sim.report.fit.reading import Fitted, Score
from sim.report.sweep.naming import short, shown_value
from sim.report.tables import Shown
from sim.report.words import Words, whole


def score_cells(score: Score, words: Words) -> list[str]:
    """Purchases, their error over the weeks, customers, counts, each customer."""
    return [
        whole(score.purchases),
        words.number(score.curve_error, "share"),
        whole(score.active),
        words.number(score.counts_error, "share"),
        words.number(score.each_error),
    ]


def scores(fitted: Fitted, words: Words) -> Shown:
    """How far each way of telling was off."""
    score = fitted.score
    came = next(iter(score.values()))
    amounts = came.amount_log == came.amount_log
    keys = ["way", "purchases", "curve", "active", "counts", "each"] + ["amount"] * amounts
    head = [words(f"fit.tables.scores.{key}") for key in keys]
    first = [fitted.named("log", words), whole(came.purchases_log), "", whole(came.active_log)]
    rows = [first + ["", ""] + [whole(came.amount_log)] * amounts]
    for way, own in score.items():
        cells = [fitted.named(way, words), *score_cells(own, words)]
        rows.append(cells + [whole(own.amount)] * amounts)
    title, note = words("fit.tables.scores.title"), words("fit.tables.scores.note")
    return Shown("scores", title, note, head, rows)


def settings(fitted: Fitted, words: Words) -> Shown:
    """What was found, beside what is usual, and how far the log pins it down."""
    rows, english = [], words.language == "en"  # in which they are told where they are declared
    for row in fitted.settings.to_dict("records"):
        key = str(row["setting"])
        what = words.own("settings", key, str(row["what"]) if english else "")
        unit = words.own("units", str(row["unit"]), str(row["unit"]) if english else "")
        told = words("comma").join(part for part in (what, unit) if part)
        ends = words("range", low=shown_value(row["low"]), high=shown_value(row["high"]))
        usual, value = shown_value(row["usual"]), shown_value(row["value"])
        named = words("sweep.setting", setting=short(key), what=told) if told else short(key)
        loose = words("fit.tables.settings.loose") if key in fitted.loose else ""
        rows.append([named, usual, value, f"{ends}\n{loose}".strip()])
    head = [words(f"fit.tables.settings.{key}") for key in ("setting", "usual", "value", "alike")]
    title, note = words("fit.tables.settings.title"), words("fit.tables.settings.note")
    return Shown("settings", title, note, head, rows)


def pattern(fitted: Fitted, words: Words) -> Shown:
    """The figures by which log and world were held together."""
    rows = []
    for row in fitted.pattern.to_dict("records"):
        kind, _, number = str(row["figure"]).partition("_")
        unit = "" if kind == "month" else "share"
        named = words(f"fit.figures.{kind}", number=number)
        rows.append([named, words.number(row["log"], unit), words.number(row["world"], unit)])
    head = [words(f"fit.tables.pattern.{key}") for key in ("figure", "log", "world")]
    title, note = words("fit.tables.pattern.title"), words("fit.tables.pattern.note")
    return Shown("pattern", title, note, head, rows)


def parameters(fitted: Fitted, words: Words) -> Shown:
    """What was estimated of the classical models."""
    rows = [
        [
            words(f"fit.ways.{row['model']}"),
            str(row["parameter"]),
            words.number(row["value"]),
            words.own("units", str(row["unit"]), str(row["unit"])) if row["unit"] else "",
        ]
        for row in fitted.parameters.to_dict("records")
    ]
    head = [words(f"fit.tables.parameters.{k}") for k in ("model", "parameter", "value", "unit")]
    title, note = words("fit.tables.parameters.title"), words("fit.tables.parameters.note")
    return Shown("parameters", title, note, head, rows)


def log(fitted: Fitted, words: Words) -> Shown:
    """What was read, and what was done with it."""
    manifest = fitted.manifest
    rows = [
        [words("fit.notes.file"), str(manifest["log"])],
        [words("fit.notes.first_date"), str(manifest["first_date"])],
        *(
            [words(f"fit.notes.{name}"), whole(count)]
            for name, count in manifest["notes"].items()
            if words.says(f"fit.notes.{name}") and (count or name == "rows")
        ),
        *(
            [
                words(f"fit.log.{row['what']}", of=str(row["of"])),
                words.number(row["value"], "share" if row["unit"] == "share" else ""),
            ]
            for row in fitted.log.to_dict("records")
        ),
    ]
    head = [words(f"fit.tables.log.{key}") for key in ("what", "value")]
    return Shown("log", words("fit.tables.log.title"), words("fit.tables.log.note"), head, rows)


def cannot_tell(fitted: Fitted, words: Words) -> Shown:
    """What the log cannot tell, and what is done about it."""
    head = [words(f"fit.tables.unknown.{key}") for key in ("what", "so")]
    rows = [list(each) for each in unknown(fitted, words)]
    title, note = words("fit.tables.unknown.title"), words("fit.tables.unknown.note")
    return Shown("unknown", title, note, head, rows, prose=True)


def asked(fitted: Fitted, words: Words) -> Shown:
    """How it was done, so that it can be done again."""
    search = fitted.manifest["search"]
    rows = [
        [words("fit.asked.points"), whole(_points(fitted))],
        [words("fit.asked.households"), whole(_households(fitted))],
        [words("fit.asked.won"), words("fit.asked.days", days=whole(search["won_days"]))],
        [words("fit.asked.worlds"), whole(fitted.manifest["replications"])],
    ]
    return asked_again(rows, command(fitted), words)


def _points(fitted: Fitted) -> int:
    return int(fitted.points["point"].nunique()) if len(fitted.points) else 0


def _households(fitted: Fitted) -> int:
    return int(fitted.manifest["configuration"]["population"]["households"])


def command(fitted: Fitted) -> str:
    """What to type for the same results."""
    manifest = fitted.manifest
    search = manifest["search"]
    days = ("first_days", "next_days", "left_out_days")
    own = {
        **{name: manifest[name] for name in days},
        **{name: manifest[name] for name in ("time_format", "time_zone") if manifest[name]},
        **{name: value for name, value in search.items() if name != "settings"},
        **{f"columns.{meaning}": column for meaning, column in manifest["columns"].items()},
    }
    said = [f"experiment.{name}={_quoted(value)}" for name, value in own.items()]
    options = ["-n", str(manifest["replications"]), "--seed", str(manifest["seed"])]
    log = f"orders={manifest['log']}"
    scenario = str(manifest["scenario"])
    overrides = map(str, manifest["overrides"])
    return shlex.join(["repurchase", "fit", scenario, log, *options, *said, *overrides])


def _quoted(value: object) -> str:
    """A value as a setting takes it: in quotes where a text is no plain word."""
    text = str(value)
    plain = not isinstance(value, str) or re.fullmatch(r"[A-Za-z_]\w*", text, re.ASCII)
    return text if plain else "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


__all__ = [
    "asked",
    "cannot_tell",
    "command",
    "log",
    "parameters",
    "pattern",
    "score_cells",
    "scores",
    "settings",
]
