"""`repurchase report`. The page of what an experiment found, from what is stored."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import told_plainly
from sim.commands.output import say


@told_plainly
def report(
    results: Annotated[
        Path,
        typer.Argument(
            readable=False,
            help="A folder that `compare`, `sweep`, `stress`, `robustness`, `audit`, `abtest`, "
            "`individuals`, `fit`, `calibrate`, `validate` or `backtest` wrote, or one of results "
            "with one comparison.",
        ),
    ] = Path("results"),
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[KEY=VALUE]...", help="report.language=zh", show_default=False),
    ] = None,
) -> None:
    """Write the page of what an experiment found anew, without simulating.

    Each language has a page of its own: report.html, and report.zh.html with its figures in
    figures.zh. Pages that lie side by side link to each other.

    Examples:

        repurchase report

        repurchase report report.language=zh

        repurchase report results/compare/baseline-1a2b3c4d report.language=zh

        repurchase report results/sweep/baseline-1a2b3c4d

        repurchase report results/audit/community-1a2b3c4d report.language=zh
    """
    from sim.config.loading import report_settings
    from sim.report import page
    from sim.report.abtest import page as test_page
    from sim.report.audit import page as audit_page
    from sim.report.backtest import page as backtest_page
    from sim.report.calibrate import page as calibration_page
    from sim.report.fit import page as fit_page
    from sim.report.individuals import page as individuals_page
    from sim.report.reading import comparison_folder
    from sim.report.robustness import page as robustness_page
    from sim.report.stress import page as stress_page
    from sim.report.sweep import page as sweep_page
    from sim.report.validate import page as validation_page
    from sim.report.words import Words
    from sim.store.runs import read_manifest
    from sim.text.incoming import typed

    settings = typed(words)
    if "=" in str(results) and not results.is_dir():  # no folder was named
        settings, results = [str(results), *settings], Path("results")
    language = report_settings(settings)["language"]
    Words(language)  # refused before a folder is looked for
    folder = comparison_folder(results)
    own = {
        "sweep": sweep_page.write_page,
        "stress": stress_page.write_page,
        "robustness": robustness_page.write_page,
        "audit": audit_page.write_page,
        "abtest": test_page.write_page,
        "individuals": individuals_page.write_page,
        "fit": fit_page.write_page,
        "validate": validation_page.write_page,
        "backtest": backtest_page.write_page,
        "calibrate": calibration_page.write_page,
    }
    write = own.get(str(read_manifest(folder).get("experiment")), page.write_page)
    written = write(folder, language)
    for other, there in page.pages(folder).items():
        if there != written:
            say(f"Beside it, report.language={other}: {there}")
    say(f"Page: {written}")
