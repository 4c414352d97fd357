"""How figures for slides look, and how they are written."""

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.store.folders import whole_file
from sim.text.outgoing import OBEYED, visible

SETTINGS: Any = {
    "figure.dpi": 160,
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
    "text.parse_math": False,  # a $ in a name is a dollar
    "svg.hashsalt": "repurchase",
    "svg.fonttype": "path",
}
PNG: Any = {"format": "png", "metadata": {"Software": None}, "pil_kwargs": {"compress_level": 3}}
SVG: Any = {"format": "svg", "metadata": {"Date": None, "Creator": None}}


def _library_s_own() -> dict[str, Any]:
    """What a file of settings, or whoever called, has changed, as matplotlib has it by itself."""
    given = dict.items(mpl.rcParams)  # asked one by one, they would cost more than a figure
    own = dict(dict.items(mpl.rcParamsDefault))
    return {key: own[key] for key, value in given if key != "backend" and own[key] != value}


@contextmanager
def applied(font: str | None = None) -> Iterator[None]:
    """These settings and no others, for figures made and saved inside.

    Parameters
    ----------
    font
        Family to look for characters in that the usual one lacks.
    """
    families = [SETTINGS["font.family"], *([font] if font else [])]
    settings = {**_library_s_own(), **SETTINGS, "font.family": families}
    with mpl.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # a box says so where it stands
        yield


def literal(figure: Figure) -> None:
    """Every text of a figure as it can be drawn: of what has no shape, the code."""
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if OBEYED.search(text.get_text()):
            text.set_text(visible(text.get_text()))


def save(figure: Figure, folder: Path, name: str, font: str | None = None) -> tuple[Path, Path]:
    """Write a figure as PNG and SVG, each whole or not at all; the same gives the same bytes.

    Returns
    -------
    tuple
        Paths of the PNG and the SVG.
    """
    png, svg = folder / f"{name}.png", folder / f"{name}.svg"
    with applied(font):
        layout = figure.get_layout_engine()
        if layout is not None:
            with _nothing_left_out():
                layout.execute(figure)  # the costly part, once for both
        with mpl.rc_context({"figure.constrained_layout.use": False}):  # else it comes back
            figure.set_layout_engine(None)
            for path, how in ((png, PNG), (svg, SVG)):
                with whole_file(path) as partial, _nothing_left_out():
                    figure.savefig(partial, **how)
    return png, svg


@contextmanager
def _nothing_left_out() -> Iterator[None]:
    """Refuse a figure for which memory was short: FreeType leaves out what it cannot read."""
    ignored: list[BaseException] = []
    usual = sys.unraisablehook

    def note(told: Any) -> None:
        if isinstance(told.exc_value, MemoryError):
            ignored.append(told.exc_value)
        else:
            usual(told)

    sys.unraisablehook = note
    try:
        yield
    finally:
        sys.unraisablehook = usual
    if ignored:
        raise MemoryError from ignored[0]


__all__ = ["applied", "literal", "save"]
