"""A comparison as one self-contained page: the answer first, then figures, tables, origin."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
import pandas as pd

from sim.report import answer, figures, style
from sim.report.reading import Comparison, read_comparison
from sim.report.words import interval, label, number, probability, whole
from sim.store import plain_errors

PAGE = "index.html"
SEGMENTATIONS = ("stage", "region", "persona", "cohort", "tier", "channel", "membership")


class Shown(NamedTuple):
    """A table as the page shows it: cells of text, the first column a heading."""

    title: str
    note: str
    head: list[str]
    rows: list[list[str]]


def write_page(directory: Path) -> Path:
    """Draw the figures of a comparison and write its page.

    Parameters
    ----------
    directory
        A folder that `repurchase compare` wrote; nothing else is read. Figures go into its
        subfolder `figures` as PNG and SVG.

    Returns
    -------
    Path
        The page, which needs no other file and no network.

    Raises
    ------
    ResultsError
        When the folder holds something else, is torn, or cannot be written to.
    """
    comparison = read_comparison(directory)
    page = directory / PAGE
    with plain_errors(directory):
        drawn = _drawn(comparison, directory / "figures")
        page.write_text(_rendered(comparison, drawn), encoding="utf-8")
    return page


def _drawn(comparison: Comparison, folder: Path) -> list[dict[str, str]]:
    folder.mkdir(exist_ok=True)
    shown = []
    for made in figures.draw(comparison):
        _, svg = style.save(made.figure, folder, made.name)
        data = base64.b64encode(svg.read_bytes()).decode("ascii")
        source = f"data:image/svg+xml;base64,{data}"
        shown.append({"name": made.name, "source": source, "caption": made.caption})
    return shown


def _rendered(comparison: Comparison, drawn: list[dict[str, str]]) -> str:
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    said = answer.sentences(comparison)
    return environment.get_template("comparison.html.j2").render(
        title="Operating strategies compared",
        lead=said[0],
        answer=said[1:],
        figures=drawn,
        tables=[
            _strategies(comparison),
            _indicators(comparison),
            _differences(comparison),
            _money(comparison),
            *([_segments(comparison)] if len(comparison.won_lost) else []),
            _precision(comparison),
        ],
        origin=_origin(comparison.manifest),
    )


def _strategies(comparison: Comparison) -> Shown:
    about = comparison.strategies.set_index("strategy")
    rows = [
        [
            label(name),
            *(str(about.loc[name, part]) for part in ("title", "what", "why", "cost", "facts")),
        ]
        for name in comparison.names
    ]
    head = ["strategy", "title", "what it is", "why", "what it costs", "facts"]
    return Shown("The strategies", "From best to worst by repurchase.", head, rows)


def _indicators(comparison: Comparison) -> Shown:
    shown = comparison.present(list(comparison.ranking["indicator"].unique()))
    chances = comparison.best(shown[0]) if shown else {}
    rows = []
    for name in comparison.names:
        cells = [label(name), probability(chances.get(name, float("nan")))]
        for indicator in shown:
            value, unit = comparison.level(indicator)[name], comparison.unit(indicator)
            cells.append(_cell(number(value.mean, unit), interval(value.low, value.high, unit)))
        rows.append(cells)
    head = ["strategy", "probability best", *(label(name) for name in shown)]
    note = "Means with 95% intervals. Probability of being best by the first indicator."
    return Shown("Levels", note, head, rows)


def _differences(comparison: Comparison) -> Shown:
    shown = comparison.present(list(comparison.ranking["indicator"].unique()))
    rows = []
    for name in comparison.names:
        if name == comparison.reference:
            continue
        cells = [label(name)]
        for indicator in shown:
            value, unit = comparison.difference(indicator)[name], comparison.unit(indicator)
            mean = number(value.mean, unit, signed=True)
            cells.append(_cell(mean, interval(value.low, value.high, unit, signed=True)))
        rows.append(cells)
    methods = _methods(comparison, shown)
    note = (
        "Paired, in the same worlds; 95% intervals hold for all strategies at once"
        f"{f' ({methods})' if methods else ''}."
    )
    head = ["strategy", *(label(name) for name in shown)]
    return Shown(f"Differences to {label(comparison.reference)}", note, head, rows)


def _methods(comparison: Comparison, indicators: list[str]) -> str:
    """How the simultaneous intervals were found, each way once."""
    table = comparison.differences
    here = (table["by"] == "all") & table["indicator"].isin(indicators)
    return "; ".join(sorted(table.loc[here, "method"].unique()))


def _money(comparison: Comparison) -> Shown:
    items = {
        "budget_yuan_per_customer_month": "budget per customer and month",
        "spend_yuan_per_customer_month": "spend per customer and month",
        "spend_yuan": "spend",
        "revenue_yuan": "revenue",
        "gross_margin_yuan": "gross margin",
        "contribution_yuan": "contribution",
        "extra_contribution_yuan": f"contribution over {label(comparison.reference)}",
        "return_on_spend": "contribution per yuan spent",
        "extra_return_on_spend": "extra contribution per extra yuan spent",
    }
    levers = sorted(
        item
        for item in comparison.money["item"].unique()
        if item.startswith("spend_") and item not in items
    )
    words = {
        item: f"– {label(item.removeprefix('spend_').removesuffix('_yuan'))}" for item in levers
    }
    ordered = {**dict(list(items.items())[:3]), **words, **dict(list(items.items())[3:])}
    rows = []
    for item, text in ordered.items():
        values = comparison.spent(item)
        found = [values.get(name) for name in comparison.names]
        rows.append([text, *(number(value.mean) if value else "–" for value in found)])
    head = ["yuan", *(label(name) for name in comparison.names)]
    note = (
        "Means over replications, whole run; intervals are in money.csv. Contribution is gross "
        "margin less spend, commission and fulfilment. Return on spend is accounting; the extra "
        "return is what the strategy caused."
    )
    return Shown("Money", note, head, rows)


def _segments(comparison: Comparison) -> Shown:
    table = comparison.won_lost
    names = [name for name in comparison.names if name != comparison.reference]
    rows = []
    for by in ("all", *SEGMENTATIONS):
        for segment in table.loc[table["by"] == by, "segment"].unique():
            changed = comparison.changed(by, segment)
            cells = ["all households" if by == "all" else f"{by}: {label(segment)}"]
            for name in names:
                people = f"{whole(changed[name].won)} won, {whole(changed[name].lost)} lost"
                net = number(changed[name].net_share, "share", signed=True)
                cells.append(_cell(net, people))
            rows.append(cells)
    note = (
        "Balance in points of the segment's households, and households won and lost per world. "
        f"Won: repurchased under the strategy and not under {label(comparison.reference)}; lost: "
        "the reverse. Segments as of the strategy's first day. Intervals are in won_lost.csv."
    )
    return Shown("Won and lost", note, ["households", *(label(name) for name in names)], rows)


def _precision(comparison: Comparison) -> Shown:
    rows = []
    for row in comparison.precision.to_dict("records"):
        unit, needed = str(row["unit"]), row["replications_needed"]
        rows.append(
            [
                label(str(row["strategy"])),
                label(str(row["indicator"])),
                "±" + number(row["half_width"], unit, signed=True).lstrip("+"),
                "±" + number(row["half_width_stated"], unit, signed=True).lstrip("+"),
                "–" if pd.isna(needed) else whole(float(needed)),
                number(row["variance_reduction_ratio"]),
            ]
        )
    head = [
        "strategy",
        "indicator",
        "half-width reached",
        "half-width stated",
        "replications needed",
        "saved by common luck",
    ]
    note = (
        "Half-width of the difference's interval; how many replications the stated one needs; and "
        "how many times more replications independent seeds would take."
    )
    return Shown("Precision", note, head, rows)


def _cell(main: str, beside: str) -> str:
    return f"{main}\n{beside}"


def _origin(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The manifest in brief."""
    reference = manifest["configurations"][manifest["reference"]]
    population, run = reference["population"], reference["run"]
    versions = manifest.get("versions", {})
    pairs = {
        "households": f"{whole(population['households'])} ({population.get('name', '')})",
        "days": f"{run['days']} after a warm-up of {run['warmup_days']}",
        "replications": f"{manifest['replications']}, experiment seed {manifest['seed']}",
        "budget": {"own": "each strategy its own", "equal": "the reference's for all"}.get(
            manifest["budget"], manifest["budget"]
        ),
        "overrides": ", ".join(manifest["overrides"]) or "none",
        "computing": f"{manifest['run_seconds']:,.0f} s of runs",
        "code": str(manifest.get("revision") or manifest.get("code", "")),
        "versions": ", ".join(f"{name} {value}" for name, value in versions.items()),
        "machine": _machine(manifest.get("machine", {})),
        "written": str(manifest.get("created", "")),
    }
    return list(pairs.items())


def _machine(machine: Mapping[str, Any]) -> str:
    if not machine:
        return ""
    memory = machine.get("memory_bytes", 0) / 2**30
    return f"{machine.get('platform')}, {machine.get('processors')} cores, {memory:.0f} GiB"


__all__ = ["write_page"]
