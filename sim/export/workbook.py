"""A workbook: of a comparison with live formulas, of anything else its tables as they are kept."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.export import background, summaries
from sim.export.intervals import CONFIDENCE, COVERED
from sim.export.paired import write_paired
from sim.export.sheets import Book
from sim.report import answer
from sim.report.page import origin
from sim.report.reading import Comparison, read_comparison
from sim.report.words import Words
from sim.store.folders import steadily
from sim.store.runs import read_manifest


def made(folder: Path, words: Words) -> bytes:
    """The content of the workbook of a folder of results."""
    return steadily(folder, lambda: _made(folder, words))


def _made(folder: Path, words: Words) -> bytes:
    manifest = read_manifest(folder)
    compared = read_comparison(folder) if manifest.get("experiment") == "compare" else None
    title = words("page.title") if compared else words("export.title", name=folder.name)
    book = Book(title, datetime.fromisoformat(manifest["created"]).replace(tzinfo=None))
    read_me = book.sheet(words("export.sheets.read_me"), background.READ_ME)
    told = [(words("export.columns.folder"), folder.name)]
    told += origin(manifest, words) if compared else _brief(manifest)
    told += [(words("export.caveats.head"), words("export.caveats.all"))] if compared else []
    sentences = answer.sentences(compared, words) if compared else []
    row = background.write_read_me(read_me, title, told, sentences, words)
    if compared:
        read_me.text(row, 0, words("export.columns.confidence"), "bold")
        read_me.number(row, 1, COVERED, "left")
        book.define(CONFIDENCE, read_me.cell(row, 1, fixed=True))
        _write_comparison(book, compared, words)
    names = background.write_tables(book, folder, manifest, words)
    row += 2
    read_me.text(row, 0, words("export.columns.sheets"), "bold")
    shown = COMPARED if compared else ()
    for name in shown:
        reference = words.strategy(str(manifest["reference"]))
        about = words(f"export.about.{name}", reference=reference)
        read_me.text(row, 1, f"{words(f'export.sheets.{name}')}: {about}")
        row += 1
    tables = words("export.about.tables", names=words("comma").join(names))
    read_me.prose(row, 1, tables, background.READ_ME[1])
    return book.content()


COMPARED = ("levels", "differences", "people", "horizon", "ladder", "assumptions")


def _write_comparison(book: Book, comparison: Comparison, words: Words) -> None:
    paired = write_paired(book, comparison, words)
    if len(comparison.names) > 1:
        summaries.write_people(book, comparison, paired, words)
        summaries.write_horizon(book, comparison, paired, words)
    summaries.write_ladder(book, comparison, paired, words)
    background.write_assumptions(book, comparison, words)


def _brief(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a manifest tells in a line each."""
    short = {k: v for k, v in manifest.items() if isinstance(v, str | int | float)}
    lists = {k: ", ".join(map(str, v)) for k, v in manifest.items() if isinstance(v, list)}
    return [(name, str(value)) for name, value in sorted((short | lists).items())]


__all__ = ["made"]
