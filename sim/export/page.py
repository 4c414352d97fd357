"""The page of a comparison or a sweep as one file that needs no other."""

from pathlib import Path

from sim.report import page
from sim.report.figures import exhibits
from sim.report.reading import read_comparison
from sim.report.sweep import page as sweep_page
from sim.report.sweep.figures import exhibits as sweep_exhibits
from sim.report.sweep.reading import read_sweep
from sim.report.words import Words
from sim.store.runs import read_manifest


def made(folder: Path, words: Words) -> bytes:
    """The content of the page."""
    if read_manifest(folder).get("experiment") == "sweep":
        sweep = read_sweep(folder)
        text = sweep_page.rendered(sweep, sweep_exhibits(sweep, words), words, page.ALONE)
    else:
        compared = read_comparison(folder)
        text = page.rendered(compared, exhibits(compared, words), words, page.ALONE)
    return text.encode()


__all__ = ["made"]
