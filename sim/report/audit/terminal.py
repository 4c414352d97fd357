"""An audit as a table for the terminal."""

from pathlib import Path

import pandas as pd
from rich.table import Table
from rich.text import Text

from sim.report.audit import answer
from sim.report.audit.reading import read_audit
from sim.report.audit.tables import held
from sim.report.levers import change
from sim.report.reading import Estimate
from sim.report.terminal import WORDS

HEADINGS = ("says", "lift", "caused", "gap", "holds")


def audit_table(folder: Path) -> Table:
    """A row per method beside the effect caused.

    Parameters
    ----------
    folder
        What `repurchase audit` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    audit = read_audit(folder)
    table = Table(
        title=WORDS("audit.title", subject=str(audit.manifest["subject"]).replace("_", " ")),
        caption=WORDS.joined(answer.done(audit, WORDS), WORDS("audit.holds")),
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("method", overflow="fold")
    for heading in HEADINGS:
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for name, found in audit.findings.items():
        table.add_row(
            WORDS(f"audit.methods.{name}"),
            _change(found.says),
            answer.lifted(found.lift),
            _change(found.caused),
            _change(found.gap),
            held(found),
            found.verdict,
        )
    return table


def _change(found: Estimate) -> str | Text:
    return change(pd.Series(found._asdict(), dtype=float))


def sentences(folder: Path) -> list[str]:
    """What the analyst would print, what is caused, why they differ, who errs, how to know."""
    return answer.sentences(read_audit(folder), WORDS)


__all__ = ["audit_table", "sentences"]
