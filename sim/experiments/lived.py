"""Where the tables end up of what one scenario lived through, and what its manifest tells."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sim.config.loading import fingerprint
from sim.experiments.compare import settled
from sim.experiments.evaluation import Evaluation
from sim.experiments.keeping import keep


def keep_lived(
    experiment: str,
    lives: Evaluation,
    tables: Mapping[str, pd.DataFrame],
    asked: Mapping[str, Any],
    seed: int,
) -> Path:
    """Keep an experiment in a folder named by its scenario and by all that was asked.

    Parameters
    ----------
    experiment
        Which of `sim.dictionary.KINDS` it is.
    lives
        What lived through it; the first of its strategies is the scenario.
    tables
        By name; numbers are rounded to what every machine agrees on.
    asked
        What determines the tables, for the manifest.
    seed
        Where the seeds of the worlds come from.

    Returns
    -------
    Path
        The folder ``<results>/<experiment>/<scenario>-<hash>``.
    """
    scenario = lives.strategies[0]
    about = {
        "experiment": experiment,
        "scenario": scenario,
        "replications": len(lives.seeds),
        "seed": seed,
        **asked,
        "overrides": list(lives.overrides),
        "run_seconds": round(lives.seconds(), 3),
    }
    folder = lives.settings.results / experiment / f"{scenario}-{fingerprint(asked)[:8]}"
    return keep(folder, {name: settled(table) for name, table in tables.items()}, about)


__all__ = ["keep_lived"]
