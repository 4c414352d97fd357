"""What the last validation measured beside the facts, kept with them in ``measured.csv``.

`repurchase validate` lives through a hundred worlds; a comparison cannot. So what it found of the
average operator is kept, and a comparison shows it beside the facts that its strategies name.
"""

import csv
import io
from pathlib import Path
from typing import Any

import pandas as pd

from sim.evidence.facts import Fact, facts_file
from sim.parameters.quantity import ConfigurationError
from sim.text.incoming import UnreadableError, read_text

NUMBERS = ("low", "high", "measured", "measured_low", "measured_high", "worlds", "households")
COLUMNS = ("id", *NUMBERS, "verdict")  # low and high: bounds of the fact that was judged
NOT_MEASURED = "not measured"  # the verdict on what no run tells
SHOWN = ("measured", "measured_low", "measured_high", "verdict", "worlds", "households")
NOTHING = dict.fromkeys(SHOWN, float("nan")) | {"verdict": NOT_MEASURED, "worlds": 0.0}


def kept(facts: pd.DataFrame, households: int) -> pd.DataFrame:
    """What is kept of a validation.

    Parameters
    ----------
    facts
        The table of that name of `repurchase validate`.
    households
        Of its worlds.
    """
    table = facts[facts["verdict"] != NOT_MEASURED].rename(
        columns={"value": "measured", "low95": "measured_low", "high95": "measured_high"}
    )
    return table.assign(households=households)[list(COLUMNS)]


def beside(facts: tuple[Fact, ...], config_dir: Path | None = None) -> pd.DataFrame:
    """Facts with what was measured of each, a row per fact.

    A fact whose bounds are no longer those that were judged counts as not measured.

    Parameters
    ----------
    facts
        As `load_facts` gives them.
    config_dir
        A folder of the user's own, laid out like `conf/`.

    Raises
    ------
    ConfigurationError
        Where the table of what was measured cannot be read.
    """
    found = _read(facts_file(config_dir).with_name("measured.csv"))
    rows = []
    for fact in facts:
        own = found.get(fact.id)
        same = own is not None and (own["low"], own["high"]) == (fact.low, fact.high)
        told = {name: own[name] for name in SHOWN} if own and same else NOTHING
        rows.append(vars(fact) | told)
    return pd.DataFrame(rows)


def _read(file: Path) -> dict[str, dict[str, Any]]:
    """Rows by fact; none where nothing was kept."""
    if not file.exists():
        return {}
    try:
        rows = csv.DictReader(io.StringIO(read_text(file), newline=""), strict=True)
        return {
            row["id"]: {name: float(row[name]) for name in NUMBERS} | {"verdict": row["verdict"]}
            for row in rows
        }
    except (UnreadableError, OSError, csv.Error, KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(
            f"{file} is not what `make measured` writes: make it anew, or take it away."
        ) from error


__all__ = ["COLUMNS", "NOTHING", "SHOWN", "beside", "kept"]
