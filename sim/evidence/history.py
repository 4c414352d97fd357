"""What was measured of each fact in earlier states of the project, kept in ``history.csv``.

A row for every fact in every state that was kept: `make measured` appends the newest. So a reader
sees whether a fact was always met, came to be met, or was lost.
"""

import csv
import io
from pathlib import Path

import pandas as pd

from sim.evidence.facts import facts_file
from sim.parameters.quantity import ConfigurationError
from sim.text.incoming import UnreadableError, read_text

COLUMNS = ("id", "version", "date", "measured", "verdict")


def history_file(config_dir: Path | None = None) -> Path:
    """Where it lies: beside the facts."""
    return facts_file(config_dir).with_name("history.csv")


def load_history(config_dir: Path | None = None) -> pd.DataFrame:
    """Every state that was kept, oldest first; no rows where none was.

    Raises
    ------
    ConfigurationError
        Where the table cannot be read.
    """
    file = history_file(config_dir)
    if not file.exists():
        return pd.DataFrame(columns=list(COLUMNS)).astype({"measured": float})
    try:
        reader = csv.DictReader(io.StringIO(read_text(file), newline=""), strict=True)
        rows = [{name: row[name] for name in COLUMNS} for row in reader]
        return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"measured": float})
    except (UnreadableError, OSError, csv.Error, KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(
            f"{file} is not what `make measured` writes: mend its columns, or take it away."
        ) from error


def with_state(
    history: pd.DataFrame, measured: pd.DataFrame, version: str, date: str
) -> pd.DataFrame:
    """The history with one more state; of a version that is there already, with that made anew.

    Parameters
    ----------
    history, measured
        As `load_history` gives the one, and `sim.evidence.measured.kept` the other.
    version, date
        What the state is called, and the day it was measured on.
    """
    own = measured.assign(version=version, date=date)[list(COLUMNS)]
    parts = [part for part in (history[history["version"] != version], own) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else history


__all__ = ["COLUMNS", "history_file", "load_history", "with_state"]
