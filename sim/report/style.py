"""How figures look: one colour and marker per strategy, the same in every figure and report."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl
from matplotlib.figure import Figure

REFERENCE_COLOUR = "#777777"
# Paul Tol's "muted" scheme, told apart with any colour vision and in print.
COLOURS = (
    "#332288",
    "#CC6677",
    "#117733",
    "#88CCEE",
    "#882255",
    "#DDCC77",
    "#44AA99",
    "#AA4499",
    "#999933",
)
# His "light" scheme, for what is no strategy: levers, reasons, ways.
PARTS = (
    "#77AADD",
    "#EE8866",
    "#44BB99",
    "#EEDD88",
    "#FFAABB",
    "#AAAA00",
    "#99DDFF",
    "#BBCC33",
    "#BBBBBB",
)
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">")
# The strategies that come with the project keep theirs whatever they are compared with.
PLACES = (
    "integrated",
    "promotion_blast",
    "expert_community",
    "reminders",
    "koc_led",
    "membership",
    "service_first",
    "live_and_checkin",
    "baseline",
)

SETTINGS: Any = {
    "figure.dpi": 100,
    "savefig.dpi": 160,
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": "#E4E4E4",
    "grid.linewidth": 0.7,
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.wspace": 0.05,
    "figure.constrained_layout.hspace": 0.06,
    "figure.constrained_layout.h_pad": 0.08,
    "svg.hashsalt": "repurchase",
    "svg.fonttype": "path",
}


class Look(NamedTuple):
    """Colour and marker of a strategy."""

    colour: str
    marker: str


def looks(strategies: Iterable[str], reference: str) -> dict[str, Look]:
    """Look of every strategy: the reference grey, the project's own fixed, others what is free.

    With more strategies than colours, colours come again with other markers.
    """
    names = list(dict.fromkeys(strategies))
    found = {reference: Look(REFERENCE_COLOUR, "o")}
    taken = {PLACES.index(name) for name in names if name in PLACES and name != reference}
    free = [i for i in range(len(COLOURS)) if i not in taken]
    spare = 0
    for name in sorted(set(names) - {reference}):
        if name in PLACES:
            place, again = PLACES.index(name), 0
        else:
            pool = free or list(range(len(COLOURS)))
            place, again = pool[spare % len(pool)], spare // len(pool) + (not free)
            spare += 1
        found[name] = Look(COLOURS[place], MARKERS[(place + again) % len(MARKERS)])
    return {name: found[name] for name in [*names, reference]}


@contextmanager
def applied(font: str | None = None) -> Iterator[None]:
    """These settings, for figures made and saved inside.

    Parameters
    ----------
    font
        Family to look for characters in that the usual one lacks.
    """
    families = [SETTINGS["font.family"], *([font] if font else [])]
    with mpl.rc_context({**SETTINGS, "font.family": families}):
        yield


def save(figure: Figure, folder: Path, name: str, font: str | None = None) -> tuple[Path, Path]:
    """Write a figure as PNG and SVG, each whole or not at all; the same gives the same bytes.

    Returns
    -------
    tuple
        Paths of the PNG and the SVG.
    """
    png, svg = folder / f"{name}.png", folder / f"{name}.svg"
    with applied(font):
        figure.draw_without_rendering()  # finds the layout, the costly part, once for both
        with mpl.rc_context({"figure.constrained_layout.use": False}):
            figure.set_layout_engine(None)
        for path, metadata in ((png, {"Software": None}), (svg, {"Date": None, "Creator": None})):
            partial = path.with_name(f".{os.getpid()}-{path.name}")
            figure.savefig(partial, metadata=metadata)
            partial.replace(path)
    return png, svg


__all__ = ["COLOURS", "PARTS", "Look", "applied", "looks", "save"]
