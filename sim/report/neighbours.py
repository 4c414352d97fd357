"""The figure of some neighbours: who knows whom, and who of them became a customer."""

import numpy as np
import pandas as pd

from sim.report.figure import Exhibit, Maker, Panel
from sim.report.palette import PARTS
from sim.report.reading import Comparison
from sim.report.words import Words, whole

WAYS = ("advertisement", "deal", "koc", "own")
BEFORE, NEVER = "before", "never"  # when a neighbour first ordered, where not in the run
RINGS = {"neighbour": 1.0, "koc": 0.45}  # radius of a network's circles


def neighbours(maker: Maker) -> Exhibit | None:
    """Ties of some neighbours, and who of them became a customer, when and by what."""
    table = maker.comparison.sample
    if "friends" not in table:
        return None
    words = maker.words
    first = table.drop_duplicates("household")
    places = first[["household"]].assign(**_circles(first["role"]))
    rows = maker.labelled(table).merge(places, on="household")
    state = [
        _state(day, way) for day, way in zip(rows["first_order_day"], rows["way"], strict=True)
    ]
    rows = rows.assign(
        part=[words.name("ways", name) for name in state],
        role=[words.name("roles", role) for role in rows["role"]],
        told=[_first_order(words, day) for day in rows["first_order_day"]],
        size=np.where(rows["role"] == "koc", 2.0, 1.0),
    )
    columns = ["strategy", "household", "x", "y", "part", "role", "told", "friends_before", "size"]
    panel = maker.panel("neighbours", rows[columns])
    links = _links(first.set_index("household"), places.set_index("household"))
    colours = {words.name("ways", way): PARTS[i] for i, way in enumerate(WAYS)}
    colours |= {words.name("ways", BEFORE): "#555555", words.name("ways", NEVER): "#E3E6E9"}
    told = Panel(panel.title, panel.rows, panel.x, panel.y, links=links)
    return maker.exhibit(
        "neighbours", "network", [told], "strategy", colours, **_word_of_mouth(maker.comparison)
    )


def _circles(role: pd.Series) -> dict[str, pd.Series]:
    """Places on circles: neighbours beside neighbours, KOCs within."""
    of_role = role.groupby(role)
    angle = 2 * np.pi * of_role.cumcount() / of_role.transform("size")
    radius = role.map(RINGS)
    return {"x": radius * np.sin(angle), "y": radius * np.cos(angle)}


def _links(people: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    pairs = [
        (one, int(other), kind)
        for kind in ("friends", "follows")
        for one, others in people[kind].items()
        for other in str(others).split()
        if kind == "follows" or int(other) > int(str(one))
    ]
    table = pd.DataFrame(pairs, columns=["one", "other", "kind"])
    ends = places[["x", "y"]]
    return (
        table.join(ends, on="one")
        .join(ends.rename(columns={"x": "x2", "y": "y2"}), on="other")
        .drop(columns=["one", "other"])
    )


def _state(day: float, way: str) -> str:
    if np.isnan(day):
        return NEVER
    return str(way) if day >= 0 and way else BEFORE


def _first_order(words: Words, day: float) -> str:
    if np.isnan(day):
        return words("first_order_never")
    return words("first_order", day=whole(day)) if day >= 0 else words("first_order_before")


def _word_of_mouth(comparison: Comparison) -> dict[str, str]:
    """How many new customers of the sample had a friend who had ordered before, and others."""
    best = comparison.sample[comparison.sample["strategy"] == comparison.names[0]]
    known = best["friends_before"] > 0
    new, never = best["first_order_day"] >= 0, best["first_order_day"].isna()
    counts = {"new": new, "new_known": new & known, "never": never, "never_known": never & known}
    return {name: whole(float(mask.sum())) for name, mask in counts.items()}


__all__ = ["WAYS", "neighbours"]
