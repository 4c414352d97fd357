"""`repurchase report`. The page of a comparison, made again from what is stored."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.asking import told_plainly
from sim.commands.showing import say


@told_plainly
def report(
    results: Annotated[
        Path,
        typer.Argument(
            readable=False,
            help="A folder that `repurchase compare` wrote, or one of results that holds one such.",
        ),
    ] = Path("results"),
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[KEY=VALUE]...", help="report.language=zh", show_default=False),
    ] = None,
) -> None:
    """Write a comparison's page and figures again, without simulating.

    Each language has a page of its own: report.html, and report.zh.html with its figures in
    figures.zh. Pages that lie side by side link to each other.

    Examples:

        repurchase report

        repurchase report report.language=zh

        repurchase report results/compare/baseline-1a2b3c4d report.language=zh
    """
    from sim.config import report_settings
    from sim.report.page import pages, write_page

    settings = list(words or ())
    if "=" in str(results) and not results.is_dir():  # no folder was named
        settings, results = [str(results), *settings], Path("results")
    language = report_settings(settings)["language"]
    page = write_page(results, language)
    for other, there in pages(page.parent).items():
        if there != page:
            say(f"Beside it, report.language={other}: {there}")
    say(f"Page: {page}")
