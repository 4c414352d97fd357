"""A rule's responses as files, and as a table of a few lines."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sim.dictionary import write_dictionary
from sim.report.style import save
from sim.responses.figure import draw
from sim.responses.responding import DRAWS
from sim.store.runs import whole_folder, write_tables

if TYPE_CHECKING:
    from sim.responses.responding import Responses


def write(responses: "Responses", results: Path) -> Path:
    """Write figure and table into ``<results>/rule/<name>``.

    Returns
    -------
    Path
        The folder, with `figure.png`, `figure.svg`, `responses.csv` and `responses.parquet`.
    """
    from sim.config.loading import resolved

    folder = results / "rule" / responses.name
    about = {
        "experiment": "rule",
        "rule": responses.name,
        "draws": DRAWS if responses.answers else None,
        "configuration": resolved(responses.config),
    }
    figure = draw(responses)
    with whole_folder(folder, about) as home:
        save(figure, home, "figure")
        write_tables(home, {"responses": responses.table})
        write_dictionary(home, "rule", {"responses": responses.table})
    return folder


def summary(responses: "Responses") -> pd.DataFrame:
    """A row per input: its range, and the answer at its low end, typical value and high end.

    Where luck decides among a few answers, the likeliest one with its share.
    """
    rows = []
    for known in responses.inputs:
        ends = (known.low, known.typical, known.high)
        answers = [_word(responses, known.name, float(value)) for value in ends]
        rows.append(
            {
                "input": known.name,
                "unit": known.unit,
                "from": known.told(known.low),
                "typical": known.told(known.typical),
                "to": known.told(known.high),
                "answer at from": answers[0],
                "at typical": answers[1],
                f"at to ({responses.unit})": answers[2],
            }
        )
    return pd.DataFrame(rows)


def _word(responses: "Responses", name: str, value: float) -> str:
    answer = responses.answer({name: value})
    if not responses.answers:
        return f"{answer:.4g}" if answer == answer else "never"
    likeliest = int(answer.argmax())
    return f"{responses.answers[likeliest]} {answer[likeliest]:.0%}"


__all__ = ["summary", "write"]
