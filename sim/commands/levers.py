"""`repurchase levers`. Every lever by itself, off and at full strength."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import (
    ConfigDir,
    ExecutorName,
    Replications,
    Request,
    ResultsDir,
    Seeds,
    TrustRules,
    Workers,
    told_plainly,
)
from sim.commands.output import say
from sim.console.importing import loading


def lever_names(incomplete: str) -> list[str]:
    """What a shell may complete where a lever is asked for."""
    from sim.config import composing

    return [name for name in composing.lever_names() if name.startswith(incomplete)]


@told_plainly
def levers(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[LEVER]... [KEY=VALUE]...",
            help="Levers by name, without any all of them; and settings to change.",
            autocompletion=lever_names,
            show_default=False,
        ),
    ] = None,
    replications: Replications = None,
    seed: Seeds = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
) -> None:
    """Move one lever at a time: off, as the baseline has it, at full strength; in the same worlds.

    Examples:

        repurchase levers

        repurchase levers coupons points -n 3 population.households=5000

        repurchase levers experiment.scenario=integrated run.days=720
    """
    with loading():
        from sim.commands.output import print_table
        from sim.console.progress import bar
        from sim.experiments.levers import levers as experiment
        from sim.report.levers import levers_table

    options = {"replications": replications, "seed": seed}
    asked = Request("levers", words, results, config_dir, executor, workers, trust_rules, **options)
    values = asked.values
    with bar("levers") as on_progress:
        folder = experiment(
            asked.names,
            values["scenario"],
            asked.settings,
            replications=values["replications"],
            seed=values["seed"],
            overrides=[f"run.days={values['days']}", *asked.overrides],
            purposes=values["purposes"],
            on_progress=on_progress,
        )
    print_table(levers_table(folder))
    say(f"Results: {folder}")
