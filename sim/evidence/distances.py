"""How far measured facts lie outside their bounds: what a calibration brings down."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from sim.evidence.facts import Fact, load_facts
from sim.evidence.measure import MEASUREMENTS
from sim.parameters.quantity import ConfigurationError
from sim.text.outgoing import cited
from sim.text.suggestions import instead

COLUMNS = ("id", "value", "low", "high")


def distances(
    measured: pd.DataFrame | Mapping[str, float], config_dir: str | Path | None = None
) -> pd.Series:
    """How far each measured fact is outside its bounds, in widths of these; 0 inside.

    Parameters
    ----------
    measured
        The table ``facts`` of `sim.validate`, or what was measured by id of the fact, such as a
        `sim.Simulator` with facts among its outcomes gives.
    config_dir
        A folder of your own, laid out like `conf/`, with its own ``evidence/facts.csv`` if any;
        the table ``facts`` has its bounds with it.

    Returns
    -------
    pandas.Series
        By id; NaN where nothing was measured.

    Raises
    ------
    ConfigurationError
        When there is no such fact, or the table lacks a column.

    Examples
    --------
    >>> distances({"L01": 0.4, "L03": 0.43}).round(2).to_dict()
    {'L01': 0.0, 'L03': 0.5}
    """
    if isinstance(measured, pd.DataFrame):
        missing = [name for name in COLUMNS if name not in measured]
        if missing:
            raise ConfigurationError(
                f"A table of facts has a column {missing[0]}, and this one has none: give the "
                "table `facts` of a validation."
            )
        names = [str(name) for name in measured["id"]]
        value, low, high = (measured[name].to_numpy(float) for name in COLUMNS[1:])
    else:
        names, folder = list(measured), None if config_dir is None else Path(config_dir)
        facts = {fact.id: _as_measured(fact) for fact in load_facts(config_dir=folder)}
        for name in names:
            if name not in facts:
                raise ConfigurationError(f"There is no fact {cited(name)}{instead(name, facts)}")
        value = np.array([measured[name] for name in names], float)
        low = np.array([facts[name].low for name in names], float)
        high = np.array([facts[name].high for name in names], float)
    outside = np.maximum(np.maximum(low - value, value - high), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):  # bounds that are one number have no width
        found = np.where(outside == 0.0, 0.0, outside / (high - low))
    return pd.Series(found, index=pd.Index(names, name="id"), name="distance")


def _as_measured(fact: Fact) -> Fact:
    """The fact in the unit in which it is measured."""
    return MEASUREMENTS[fact.id].restated(fact) if fact.id in MEASUREMENTS else fact


__all__ = ["distances"]
