"""The figure of a rule's responses: a panel for each input."""

import textwrap
from typing import TYPE_CHECKING

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatter

from sim.report.palette import COLOURS
from sim.report.style import applied, literal
from sim.responses.inputs import Input
from sim.responses.responding import DRAWS

if TYPE_CHECKING:
    from sim.responses.responding import Responses

ACROSS, PANEL = 4, (3.1, 2.45)  # panels in a row; inches
INPUT, PARAMETER, PACKAGE = COLOURS[0], COLOURS[2], "#999999"
MOSTLY = 0.6  # an answer so frequent is left out: the others, seldom, show better


OWN = "one's own function"


def draw(responses: "Responses") -> Figure:
    """A panel per input, then a panel per parameter, the typical point marked.

    What the rule is given shares one vertical axis, so that effects can be compared; each
    parameter has its own, since bounds of parameters are wide.
    """
    given = [known for known in responses.inputs if not _is_parameter(known)]
    own = [known for known in responses.inputs if _is_parameter(known)]
    across = min(ACROSS, max(len(given), len(own)))
    rows = [part[i : i + across] for part in (given, own) for i in range(0, len(part), across)]
    with applied():
        figure = Figure(figsize=(max(PANEL[0] * across, 6.5), PANEL[1] * len(rows) + 1.0))
        grid = figure.subplots(len(rows), across, squeeze=False)
        panels = []
        for axes, row in zip(grid, rows, strict=True):
            for panel, known in zip(axes, row, strict=False):
                _panel(panel, responses, known)
                panels.append(panel)
            axes[0].set_ylabel(_answer(responses))
            for empty in axes[len(row) :]:
                empty.set_axis_off()
        _share_height(panels[: len(given)])
        title = f"{responses.name}: {responses.about}"
        figure.suptitle(textwrap.fill(title, 32 * across), x=0.01, ha="left", fontsize=12)
        _explain(figure, responses, panels)
        literal(figure)
    return figure


def _is_parameter(known: Input) -> bool:
    return known.name.startswith("behaviour.")


def _answer(responses: "Responses") -> str:
    words = "" if responses.answers else responses.name.partition(".")[2].replace("_", " ")
    return textwrap.fill(f"{words} ({responses.unit})" if words else responses.unit, 26)


def _share_height(panels: list[Axes]) -> None:
    if panels:
        low = min(axes.get_ylim()[0] for axes in panels)
        high = max(axes.get_ylim()[1] for axes in panels)
        for axes in panels:
            axes.set_ylim(low, high)


def _explain(figure: Figure, responses: "Responses", panels: list[Axes]) -> None:
    """What colours and dots mean."""
    note = "One thing varies in each panel, the others stay at the dots."
    if responses.answers:
        note += f" Of {DRAWS} draws of luck, the share that ends so."
        usual = _usual(responses)
        note += f" The rest: {usual}." if usual else ""
    elif not responses.replaced:
        note += " Blue: what the rule is given; green: its parameters, each with its own height."
    figure.supxlabel(textwrap.fill(note, 32 * ACROSS), x=0.01, ha="left", fontsize=9)
    if responses.answers or responses.replaced:
        handles, labels = _legend(panels)
        figure.legend(handles, labels, loc="outside right upper", fontsize=9)


def _panel(axes: Axes, responses: "Responses", known: Input) -> None:
    table = responses.table
    mine = table[table["input"] == known.name]
    green = _is_parameter(known) and not responses.replaced  # colour then tells whose it is
    colour = PARAMETER if green else INPUT
    shown = _shown(responses)
    few = known.whole and mine["value"].nunique() <= 12
    style = "o--" if few else "-"
    for place, word in enumerate(shown):
        rows = mine[mine["answer"] == word]
        line = COLOURS[place % len(COLOURS)] if responses.answers else colour
        if responses.replaced:
            before = f"{word} of the package".strip()
            axes.plot(rows["value"], rows["package"], style, color=PACKAGE, label=before)
        axes.plot(
            rows["value"],
            rows["response"],
            style,
            color=line,
            markersize=4,
            label=word or OWN,
        )
        typical = rows[rows["value"] == float(known.typical)]
        axes.plot(typical["value"], typical["response"], "o", color=line, markersize=6)
    if known.by_ratio:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter("{x:g}")
        axes.xaxis.set_minor_formatter(LogFormatter())  # plain numbers, if any
    if few:
        ticks = sorted(mine["value"].unique())
        axes.set_xticks(ticks, [known.told(each) for each in ticks] if known.words else None)
        axes.margins(x=0.15)
    axes.set_title(known.name.removeprefix("behaviour."), fontsize=9.5)
    unit = "" if known.words else f" ({known.unit})"
    axes.set_xlabel(textwrap.fill(known.about + unit, 36), fontsize=8.5)


def _shown(responses: "Responses") -> list[str]:
    """The answers to draw: those that ever occur, but for one that mostly does."""
    if not responses.answers:
        return [""]
    most = responses.table.groupby("answer")["response"].max()
    usual = _usual(responses)
    return [word for word in responses.answers if most[word] > 0 and word != usual]


def _usual(responses: "Responses") -> str:
    """The answer that mostly occurs; the others add up to the rest."""
    shares = responses.table.groupby("answer")["response"].mean()
    return str(shares.idxmax()) if shares.max() > MOSTLY else ""


def _legend(panels: "list[Axes]") -> tuple[list[Artist], list[str]]:
    found: dict[str, Artist] = {}
    for axes in panels:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            found.setdefault(label, handle)
    return list(found.values()), list(found)


__all__ = ["draw"]
