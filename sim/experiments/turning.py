"""Which assumption turns the choice among shipped strategies, kept in ``evidence/turning.csv``.

`make tornado` lives through hundreds of moved settings; a comparison cannot. So what it found is
kept, and a comparison of the same strategies with the same settings tells it.
"""

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sim.config.loading import Simulation, fingerprint, resolved
from sim.evidence.facts import facts_file
from sim.parameters.quantity import ConfigurationError
from sim.store.runs import what_counts
from sim.text.incoming import UnreadableError, read_text

MEASURED = ("repurchasing_households", "contribution")  # by which it was measured
ABOUT = ("assumption", "point", "strategy", "settings", "version")
SIZES = ("value", "usual", "days", "households", "worlds")
FOUND = ("", "_low", "_high", "_change")  # behind a goal: its numbers
FIRST, TURNS = "_first", "_turns"  # behind a goal: who is chosen there; whether beyond luck
COLUMNS = (*ABOUT, *SIZES, *(goal + end for goal in MEASURED for end in (*FOUND, FIRST, TURNS)))


def settings_of(config: Simulation) -> str:
    """Fingerprint of the settings that move a number: without prose and what is off."""
    counted = what_counts(resolved(config))
    for part in ("operator", "before", "shocks"):
        counted[part] = {name: own for name, own in counted[part].items() if _is_on(own)}
    return fingerprint(counted)[:16]


def _is_on(own: Any) -> bool:
    """Whether it does anything: levers have a strength, shocks a size."""
    return not isinstance(own, Mapping) or own.get("strength", own.get("size")) != 0.0


def turning(configs: Mapping[str, Simulation], config_dir: Path | None = None) -> pd.DataFrame:
    """What was measured of these strategies; no row where one is missing or is set otherwise.

    Parameters
    ----------
    configs
        Strategies of a comparison, by name.
    config_dir
        A folder of the user's own, laid out like `conf/`.

    Returns
    -------
    pandas.DataFrame
        A row per assumption, end of its range and strategy: differences to the reference by each
        of `MEASURED`, who is chosen there, and whether the choice turns beyond luck. Of what was
        looked at in one world alone there is no interval.

    Raises
    ------
    ConfigurationError
        Where the file cannot be read.
    """
    found = kept(config_dir)
    measured = dict(zip(found["strategy"], found["settings"], strict=True))
    same = all(
        name in configs and settings_of(configs[name]) == settings
        for name, settings in measured.items()
    )
    return found if same else found.head(0)


def kept(config_dir: Path | None = None) -> pd.DataFrame:
    """All that `make tornado` wrote, as `turning` gives it; no row where nothing was kept."""
    file = facts_file(config_dir).with_name("turning.csv")
    if not file.exists():
        return pd.DataFrame(columns=list(COLUMNS))
    try:
        rows = csv.DictReader(io.StringIO(read_text(file), newline=""), strict=True)
        table = pd.DataFrame(rows, dtype=str)[list(COLUMNS)]
        numbers = {
            name: table[name].replace("", "nan").astype(float)
            for name in (*SIZES, *(goal + end for goal in MEASURED for end in FOUND))
        }
        switches = {
            goal + TURNS: table[goal + TURNS].map({"True": True, "False": False}.__getitem__)
            for goal in MEASURED
        }
        return table.assign(**numbers, **switches)
    except (UnreadableError, OSError, csv.Error, KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(
            f"{file} is not what `make tornado` writes: make it anew, or take it away."
        ) from error


__all__ = ["COLUMNS", "FIRST", "MEASURED", "TURNS", "kept", "settings_of", "turning"]
