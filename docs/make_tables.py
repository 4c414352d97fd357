"""Write docs/reference.md: every state, parameter and indicator, as the code declares them.

    python docs/make_tables.py

Units, meanings and bounds come from the declarations in `sim/`; values and their sources from
the lines of `conf/`. A test holds the file to what this script writes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import sim.indicators  # noqa: F401 - fills the registry
from sim.config import CONF
from sim.indicators.registry import REGISTRY
from sim.operator.house import Parameters as House
from sim.schema import parameters_of
from sim.world.communities import Parameters as Community
from sim.world.household import FIELDS, HOUSEHOLD
from sim.world.market import Parameters as Market
from sim.world.population import Population

HERE = Path(__file__).parent
Sourced = dict[str, tuple[str, str]]  # value and source by dotted key

HEAD = """# Reference

Written by `python docs/make_tables.py` from the declarations in `sim/` and the values in `conf/`;
change those, not this file. The model in words is in [odd.md](odd.md). A value's source is a fact
of `conf/evidence/facts.csv`, a publication, or the word *assumed*; *fitted* names the facts that
were looked at while it was chosen by hand.
"""


def table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    heads = list(heads)
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    lines += [
        "| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows
    ]
    return "\n".join(lines) + "\n"


def sourced(path: Path) -> Sourced:
    """Every scalar of a YAML file with the comment on its line."""
    found: Sourced = {}
    parents: list[tuple[int, str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        match = re.match(r"( *)([a-z_0-9]+):\s*([^#]*?)\s*(?:#\s*(.*))?$", line)
        if not match:
            continue
        depth, key, value, source = len(match[1]), match[2], match[3], match[4] or ""
        parents = [parent for parent in parents if parent[0] < depth]
        found[".".join([*(name for _, name in parents), key])] = (value, source)
        parents.append((depth, key))
    return found


def quantities(schema: Any, values: Sourced, path: str = "") -> Iterator[tuple[str, ...]]:
    """A row per number of a dataclass: name, value, unit, meaning, bounds, source."""
    for item in fields(schema):
        key = f"{path}.{item.name}" if path else item.name
        if is_dataclass(item.type):
            yield from quantities(item.type, values, key)
        elif "unit" in item.metadata:
            about, low, high = (item.metadata[name] for name in ("about", "low", "high"))
            value, source = values.get(key, ("", ""))
            bounds = f"{low:g} to {high:g}"
            yield f"`{key}`", value or "(list)", item.metadata["unit"], about, bounds, source


PARAMETERS = ("parameter", "value", "unit", "what", "bounds", "source")


def section(title: str, file: str, schema: Any, values: Sourced, path: str = "") -> str:
    """One table of parameters under its heading."""
    rows = quantities(schema, values, path)
    return f"### {title}\n\n[{file}](../{file})\n\n{table(PARAMETERS, rows)}"


def household() -> str:
    """The population record."""
    rows = (
        (f"`{f.name}`", f"{f.type}{list(f.shape) if f.shape else ''}", f.unit, f.owner, f.about)
        for f in FIELDS
    )
    heads = ("field", "type", "unit", "written by", "what")
    return f"One record takes {HOUSEHOLD.itemsize} bytes.\n\n" + table(heads, rows)


def indicators() -> str:
    """Every indicator with its denominator in words."""
    rows = (
        (f"`{i.name}`", i.unit, i.numerator, i.denominator, i.needs_days) for i in REGISTRY.values()
    )
    return table(("indicator", "unit", "numerator", "denominator", "days needed"), rows)


def reference() -> str:
    """The whole file."""
    behaviour = sourced(CONF / "behaviour" / "default.yaml")
    parts = [HEAD, "## A household's record\n", household(), "## Rules\n"]
    for name, schema in parameters_of("sim.behaviour").items():
        parts.append(section(name, f"sim/behaviour/{name}.py", schema, behaviour, name))
    parts.append("## Levers\n")
    for name, schema in parameters_of("sim.operator.levers").items():
        values = sourced(CONF / "lever" / f"{name}.yaml")
        parts.append(section(name, f"sim/operator/levers/{name}.py", schema, values))
    parts.append("## Around them\n")
    for title, file, schema, place in (
        ("house", "sim/operator/house.py", House, "house/default.yaml"),
        ("community", "sim/world/communities.py", Community, "community/default.yaml"),
        ("market", "sim/world/market.py", Market, "market/default.yaml"),
        ("population", "sim/world/population.py", Population, "population/market_of_2025.yaml"),
    ):
        parts.append(section(title, file, schema, sourced(CONF / place)))
    parts += ["## Indicators\n", indicators()]
    return "\n".join(parts)


if __name__ == "__main__":
    (HERE / "reference.md").write_text(reference(), encoding="utf-8")
