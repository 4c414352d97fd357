"""`repurchase assumptions`. Which assumption could change the choice of a strategy."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.options import (
    ConfigDir,
    ExecutorName,
    GoalName,
    Replications,
    Request,
    ResultsDir,
    Seeds,
    TrustRules,
    Words,
    Workers,
    scenario_names,
    told_plainly,
)
from sim.commands.output import say
from sim.console.importing import loading


@told_plainly
def assumptions(
    words: Words = None,
    goal: GoalName = None,
    only: Annotated[
        str | None,
        typer.Option(help="A part of the settings, such as behaviour.choose, or one of them."),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option("--all", help="Move settings with a source in the literature too."),
    ] = False,
    factor: Annotated[
        float | None, typer.Option(help="How often a number is its low end, and its high end it.")
    ] = None,
    replications: Replications = None,
    seed: Seeds = None,
    reference: Annotated[
        str | None,
        typer.Option(
            help="The strategy the others are compared with.", autocompletion=scenario_names
        ),
    ] = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
) -> None:
    """Move every assumption over its range, one at a time, and see whether the choice changes.

    Numbers are halved and doubled, shares by their odds. Everything is measured in the same
    worlds. All assumptions on behaviour are some 350 points: --only takes a part of them.

    Examples:

        repurchase assumptions integrated --only behaviour.choose

        repurchase assumptions koc_led membership --goal contribution -n 10

        repurchase assumptions integrated -n 3 population.households=2000 run.days=365
    """
    with loading():
        from sim.commands.output import print_table
        from sim.console.progress import bar
        from sim.experiments.tornado import tornado
        from sim.report.tornado import sentences, tornado_tables, write_figures

    options = {
        "replications": replications,
        "seed": seed,
        "reference": reference,
        "goal": goal,
        "only": only,
        "everything": everything or None,
        "factor": factor,
    }
    asked = Request(
        "assumptions", words, results, config_dir, executor, workers, trust_rules, **options
    )
    values = asked.values
    strategies = asked.names or values["strategies"]
    with bar(strategies[0] if len(strategies) == 1 else f"{len(strategies)} strategies") as told:
        folder = tornado(
            strategies,
            asked.settings,
            reference=values["reference"],
            goal=values["goal"],
            replications=values["replications"],
            seed=values["seed"],
            only=values["only"],
            everything=values["everything"],
            factor=values["factor"],
            overrides=[f"run.days={values['days']}", *asked.overrides],
            on_progress=told,
        )
    for table in tornado_tables(folder):
        print_table(table)
    for sentence in sentences(folder):
        say(sentence)
    say(f"Figures: {write_figures(folder)}")
    say(f"Results: {folder}")
