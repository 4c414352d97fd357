"""What the page's script reads: specifications, numbers, and the library that draws them."""

import json
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from typing import Any

import pandas as pd
from markupsafe import Markup

from sim.report.figure import Exhibit, Panel
from sim.report.interactive import CONFIG, Drawing
from sim.store.cache import cache_home, keep, kept
from sim.text.outgoing import visible_in_json

DIGITS = 4  # significant digits of the numbers in the page


def drawings(made: Iterable[Exhibit], drawing: Drawing) -> Markup:
    """Every panel with its numbers, as JSON that cannot end the script it stands in."""
    panels = [
        {
            "id": f"{exhibit.name}-{number}",
            "spec": drawing.spec(exhibit, panel),
            "data": _data(panel),
        }
        for exhibit in made
        for number, panel in enumerate(exhibit.panels)
    ]
    values = {"config": CONFIG, "drawings": panels}
    text = json.dumps(values, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Markup(visible_in_json(text).replace("<", "\\u003c"))


def _data(panel: Panel) -> dict[str, Any]:
    data = {"rows": _columns(panel.rows)}
    return data if panel.links is None else {**data, "links": _columns(panel.links)}


def _columns(table: pd.DataFrame) -> dict[str, Any]:
    columns = [_plain(table[name]) for name in table]
    return {"columns": list(table.columns), "rows": list(zip(*columns, strict=True))}


def _plain(column: "pd.Series[Any]") -> list[Any]:
    """Values as JSON has them: numbers short, nothing for what is missing."""
    values: list[Any] = column.tolist()
    if column.dtype.kind != "f":
        return values
    return [None if value != value else _short(value) for value in values]


def _short(value: float) -> float | int:
    short = float(f"{value:.{DIGITS}g}")
    return int(short) if short.is_integer() else short


@cache
def library() -> Markup:
    """Vega, Vega-Lite and their embedder as one script, as `vl_convert` carries them.

    To take it out of there costs a second, so it is kept among what can be made again.
    """
    path = cache_home() / "page" / f"vega-{version('vl-convert-python')}.js"
    before = kept(path)
    if before is not None:
        script = str(before, "utf-8")
    else:
        import vl_convert

        script = str(vl_convert.javascript_bundle())  # type: ignore[call-arg]
        keep(path, script.encode())
    return Markup(script.replace("</script", "<\\/script"))


__all__ = ["drawings", "library"]
