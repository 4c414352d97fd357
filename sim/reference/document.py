"""The reference as a document in Markdown, and a part of it as a table."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from sim.reference.parameters import Parameter, parameters, plain
from sim.text.markdown import markdown

HEAD = """# Reference

Written by `repurchase reference --write` from the declarations in `sim/` and the values in `conf/`;
change those, not this file. The model in words is in [odd.md](odd.md). A default's source is a fact
of `conf/evidence/facts.csv`, a publication, or the word *assumed*; *fitted* names the facts that
were looked at while it was chosen by hand. *Read by* names functions as file and function, found in
the source. `repurchase reference operator.coupons` prints a part of this in the terminal.
"""
COLUMNS = ("parameter", "default", "unit", "what", "range", "source", "read by")
TITLES = {  # of the parts, in the order of the document
    "strategy": "Strategy",
    "operator": "Levers and operations",
    "shocks": "Shocks",
    "behaviour": "Rules",
    "community": "Community",
    "market": "Market",
    "population": "Population",
    "run": "Run",
}
COMMON = ("from_day", "until_day", "audience")  # of every lever
SHOWN = 6  # members of a list that are shown


def reference(config_dir: Path | None = None) -> str:
    """The whole document."""
    found = parameters(config_dir)
    parts = [HEAD, "## A household's record\n", household()]
    for part, title in TITLES.items():
        parts.append(f"## {title}\n")
        mine = [each for each in found if each.key.split(".")[0] == part]
        if part == "operator":
            parts.append(_of_every_lever(mine))
            mine = [each for each in mine if not _common(each)]
        for place, members in groupby(mine, _section):
            parts.append(_described(place, list(members)))
    parts += ["## Indicators\n", indicators(), "## Outcomes of the same people\n", outcomes()]
    return "\n".join(parts)


def _common(parameter: Parameter) -> bool:
    """Whether every lever has it, so that it is told once."""
    inside = parameter.key.split(".")[2:]
    return inside[0] in COMMON if inside else False


def _of_every_lever(found: Sequence[Parameter]) -> str:
    """When and for whom any lever works."""
    mine = [each for each in found if _common(each)]
    first = [each for each in mine if each.key.split(".")[1] == mine[0].key.split(".")[1]]
    cells = [row(replace(each, key=_of_any(each.key))) for each in first]
    declared = "sim/operator/common.py"
    return (
        f"### every lever\n\n[{declared}](../{declared}): each lever has a strength, "
        f"dates and an audience.\n\n{markdown(COLUMNS, cells)}"
    )


def _of_any(key: str) -> str:
    first, _, *rest = key.split(".")
    return ".".join([first, "<lever>", *rest])


def _section(parameter: Parameter) -> str:
    """Rules, levers and shocks have a table each; so has every other part."""
    pieces = parameter.key.split(".")
    return ".".join(pieces[:2]) if pieces[0] in ("behaviour", "operator", "shocks") else pieces[0]


def _described(place: str, members: Sequence[Parameter]) -> str:
    first = members[0]
    where = f"[{first.declared}](../{first.declared})"
    title = f"### {place.split('.')[-1]}\n\n" if "." in place else ""
    return f"{title}{where}\n\n{markdown(COLUMNS, (row(each) for each in members))}"


def row(parameter: Parameter) -> tuple[str, ...]:
    """A parameter's cells, in the order of `COLUMNS`."""
    return (
        f"`{parameter.key}`",
        shown(parameter.default),
        parameter.unit,
        parameter.about,
        parameter.bounds,
        parameter.source,
        ", ".join(parameter.read_by),
    )


def shown(value: Any) -> str:
    """A value in a cell; of a long list its beginning."""
    if value is None:
        return "none"
    if not isinstance(value, list):
        return plain(value)
    if any(isinstance(each, list) for each in value):
        return f"{len(value)} lists"
    more = f", … ({len(value)} values)" if len(value) > SHOWN else ""
    return ", ".join(plain(each) for each in value[:SHOWN]) + more


def household() -> str:
    """The population record."""
    from sim.world.household import FIELDS, HOUSEHOLD

    rows = (
        (f"`{f.name}`", f"{f.type}{list(f.shape) if f.shape else ''}", f.unit, f.owner, f.about)
        for f in FIELDS
    )
    heads = ("field", "type", "unit", "written by", "what")
    return f"One record takes {HOUSEHOLD.itemsize} bytes.\n\n" + markdown(heads, rows)


def indicators() -> str:
    """Every indicator with its denominator in words."""
    import sim.indicators  # noqa: F401 - fills the registry
    from sim.indicators.registry import REGISTRY

    rows = (
        (f"`{i.name}`", i.unit, i.numerator, i.denominator, i.needs_days) for i in REGISTRY.values()
    )
    return markdown(("indicator", "unit", "numerator", "denominator", "days needed"), rows)


def outcomes() -> str:
    """What comparisons read at every horizon, in words."""
    from sim.indicators.horizons import OUTCOMES

    told = {1: "more", -1: "less"}
    rows = ((f"`{o.name}`", o.unit, o.about, told[o.better], o.needs_days) for o in OUTCOMES)
    return markdown(("outcome", "unit", "what", "better", "days needed"), rows)


__all__ = ["COLUMNS", "reference", "row", "shown"]
