"""`repurchase validate`. The literature's facts, measured in the simulation."""

from pathlib import Path

import typer

from sim.commands.asking import (
    ConfigDir,
    ExecutorName,
    Replications,
    Request,
    ResultsDir,
    Seed,
    Words,
    Workers,
    told_plainly,
)
from sim.loading import loading


@told_plainly
def validate(
    words: Words = None,
    replications: Replications = None,
    seed: Seed = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
) -> None:
    """Measure in the simulation what the literature reports, and say where it lies.

    Examples:

        repurchase validate

        repurchase validate -n 10 population.households=50000
    """
    with loading():
        from sim.commands.showing import show
        from sim.evidence.validate import validate as experiment
        from sim.progress import bar
        from sim.store import read_table

    options = {"replications": replications, "seed": seed}
    asked = Request("validate", words, results, config_dir, executor, workers, **options)
    with bar("facts") as on_progress:
        folder = experiment(
            scenario=asked.scenario,
            replications=asked.values["replications"],
            seed=asked.values["seed"],
            overrides=asked.overrides,
            settings=asked.settings,
            on_progress=on_progress,
        )
    facts = ["id", "kpi", "who", "reported", "low", "high", "value", "verdict", "why"]
    show("Facts as reported and as measured", read_table(folder, "facts")[facts])
    show("Inside the bounds", read_table(folder, "summary"))
    typer.echo(f"Results: {folder}")
