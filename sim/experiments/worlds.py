"""What each world says by itself: what means, differences and their intervals follow from."""

import numpy as np
import pandas as pd

from sim.experiments.horizons import CONTRIBUTION, UNIT, Readings
from sim.experiments.objectives import MAIN
from sim.experiments.paired import Panel, of_all
from sim.experiments.same_people import CHANGED
from sim.experiments.statistics import Floats
from sim.indicators.horizons import OUTCOMES


def worlds(data: Panel, readings: Readings) -> pd.DataFrame:
    """Outcomes at every horizon and main indicators at the end, a row per strategy and world.

    Not rounded: a difference of two rounded numbers would not be the rounded difference.

    Parameters
    ----------
    data
        Indicators of all runs.
    readings
        People and money of the same.

    Returns
    -------
    pandas.DataFrame
        ``strategy, seed, day, outcome, unit, value``; `value` is missing where nothing can be read.
    """
    names = {*(each.name for each in OUTCOMES), *CHANGED, CONTRIBUTION}
    found: dict[tuple[int, str], Floats] = {
        (day, name): values for (day, name), values in readings.values.items() if name in names
    }
    for indicator in MAIN:
        values = of_all(data, indicator.name)
        if values is not None:
            found[readings.days, indicator.name] = values
    units = dict(zip(data.facts["indicator"], data.facts["unit"], strict=True)) | UNIT
    units[CONTRIBUTION] = "yuan"
    count = len(readings.seeds)
    parts = [
        pd.DataFrame(
            {
                "strategy": np.repeat(readings.strategies, count),
                "seed": readings.seeds * len(readings.strategies),
                "day": day,
                "outcome": name,
                "unit": str(units[name]),
                "value": values.ravel(),
            }
        )
        for (day, name), values in sorted(found.items())
    ]
    return pd.concat(parts, ignore_index=True)


__all__ = ["worlds"]
