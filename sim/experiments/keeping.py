"""Where an experiment's tables end up: in one folder, whole or not at all."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sim.dictionary import write_dictionary
from sim.store.runs import whole_folder, write_tables


def keep(folder: Path, tables: Mapping[str, pd.DataFrame], about: Mapping[str, Any]) -> Path:
    """Put an experiment in its place, with what its columns mean beside its tables.

    Parameters
    ----------
    folder
        Its place; what lies there is exchanged at once.
    tables
        By name.
    about
        The manifest; its `experiment` says which of `sim.dictionary.KINDS` it is.

    Returns
    -------
    Path
        The folder.
    """
    with whole_folder(folder, about) as home:
        write_tables(home, tables)
        write_dictionary(home, about["experiment"], tables)
    return folder


__all__ = ["keep"]
