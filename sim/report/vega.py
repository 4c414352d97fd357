"""Vega-Lite in few words: channels and layers as the plain dictionaries that it reads.

Written by hand rather than with Altair, whose objects took a quarter of a page's time; the tests
check every drawing against Vega-Lite's schema with it instead.
"""

from collections.abc import Sequence
from typing import Any

Spec = dict[str, Any]

BOUNDED = "isValid(datum.low)"  # of rows: there is an interval
FAINT = "#777"
ONE_ROW = [{"aggregate": [{"op": "count", "as": "rows"}]}]
SEEN = "focus === '' || datum.strategy === focus"  # nothing is brought forward, or this strategy is


def nominal(field: str, **more: Any) -> Spec:
    """A channel of names."""
    return {"field": field, "type": "nominal", **more}


def ordinal(field: str, **more: Any) -> Spec:
    """A channel of places in an order."""
    return {"field": field, "type": "ordinal", **more}


def quantitative(field: str, **more: Any) -> Spec:
    """A channel of numbers."""
    return {"field": field, "type": "quantitative", **more}


def either(test: str, then: Any, otherwise: Any) -> Spec:
    """A channel of one value for rows that pass a test and another for the rest."""
    return {"condition": [{"test": test, "value": then}], "value": otherwise}


def mapped(domain: Sequence[Any], values: Sequence[Any]) -> Spec:
    """A scale that gives each member of the domain its own value."""
    return {"domain": list(domain), "range": list(values)}


def layer(mark: Spec, filters: Sequence[str], **encoding: Any) -> Spec:
    """Marks of one type for the rows that pass all filters.

    Parameters
    ----------
    mark
        Its ``type``, and how it looks.
    filters
        Vega expressions.
    **encoding
        Channels by name.
    """
    made: Spec = {"mark": mark, "encoding": encoding}
    return {**made, "transform": [{"filter": test} for test in filters]} if filters else made


def zero_line(axis: str = "x") -> Spec:
    """One line at zero of an axis, however many rows there are."""
    return {
        "mark": {"type": "rule", "color": "#333"},
        "encoding": {axis: {"datum": 0}},
        "transform": ONE_ROW,
    }


def line_at(x: float, colour: str, told: str) -> Spec:
    """One dashed line, however many rows there are."""
    return {
        "mark": {"type": "rule", "color": colour, "strokeDash": [5, 4], "opacity": 0.7},
        "encoding": {"x": {"datum": x}, "tooltip": {"value": told}},
        "transform": ONE_ROW,
    }


def named_line_at(x: float, told: str) -> list[Spec]:
    """One faint line with its name along it, however many rows there are."""
    line = line_at(x, FAINT, told)
    line["mark"] |= {"strokeDash": [1, 3], "strokeWidth": 1}
    name = {"type": "text", "angle": 270, "align": "right", "dx": -2, "dy": -5, "fontSize": 9}
    text = {"x": {"datum": x}, "y": {"value": 0}, "text": {"value": told}}
    return [line, {"mark": name | {"color": FAINT}, "encoding": text, "transform": ONE_ROW}]


__all__ = [
    "BOUNDED",
    "SEEN",
    "Spec",
    "either",
    "layer",
    "line_at",
    "mapped",
    "named_line_at",
    "nominal",
    "ordinal",
    "quantitative",
    "zero_line",
]
