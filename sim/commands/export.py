"""`repurchase export`. Results as a workbook, slides, paper or one page, for others to work on."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import told_plainly
from sim.commands.output import say


@told_plainly
def export(
    results: Annotated[
        Path,
        typer.Argument(
            readable=False,
            help="A folder that an experiment wrote, or one of results with one comparison.",
        ),
    ] = Path("results"),
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[KEY=VALUE]...", help="report.language=zh", show_default=False),
    ] = None,
    to: Annotated[
        str,
        typer.Option(
            help="xlsx, pptx, pdf or html; several with commas between.",
            autocompletion=lambda: ["xlsx", "pptx", "pdf", "html"],
            show_default=False,
        ),
    ] = "",
    language: Annotated[
        str | None,
        typer.Option(help="en or zh.", autocompletion=lambda: ["en", "zh"], show_default="en"),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            readable=False,
            help="The file, or a folder that is there; otherwise beside the tables.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Export results as a workbook, slides, paper or one page, without simulating.

    **xlsx**: a workbook. Of a comparison, what each world says, and levels, differences, horizons
    and the ladder of money by live formulas; of any other experiment, its tables.

    **pptx**: slides with native, editable charts and notes that name their sources (comparisons).

    **pdf**: a report to print (comparisons and sweeps).

    **html**: the page of `repurchase report` as one file (comparisons and sweeps).

    Examples:

        repurchase export --to xlsx

        repurchase export results/compare/baseline-1a2b3c4d --to pptx,pdf --language zh

        repurchase export results/sweep/baseline-1a2b3c4d --to html --output for_the_board.html
    """
    from sim.config.loading import report_settings
    from sim.export.exporting import export as exported
    from sim.text.incoming import typed

    settings = typed(words)
    if "=" in str(results) and not results.is_dir():  # no folder was named
        settings, results = [str(results), *settings], Path("results")
    if language is not None:
        settings.append(f"report.language={language}")
    for path in exported(results, to, report_settings(settings)["language"], output):
        say(f"Written: {path}")
