"""`repurchase decompose`. What each lever adds to a strategy's effect."""

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
def decompose(
    words: Words = None,
    goal: GoalName = None,
    permutations: Annotated[
        int | None,
        typer.Option(
            help="Orders in which many levers join, in every world, an even number.", min=2
        ),
    ] = None,
    replications: Replications = None,
    seed: Seeds = None,
    reference: Annotated[
        str | None,
        typer.Option(help="The strategy that it is compared with.", autocompletion=scenario_names),
    ] = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
) -> None:
    """Take a strategy's effect apart: what each lever adds alone, at last, and by Shapley's share.

    The shares add up to the effect. Levers that do more or less together than the sum of what
    they do alone are named. Everything is measured in the same worlds.

    Examples:

        repurchase decompose integrated

        repurchase decompose membership --goal contribution -n 10

        repurchase decompose integrated -n 3 population.households=2000 run.days=365
    """
    with loading():
        from sim.commands.output import print_table
        from sim.config.loading import experiment as settings_of
        from sim.console.progress import bar
        from sim.experiments.decompose import decompose as experiment
        from sim.report.decompose import decomposition_table, sentences, write_figures

    options = {
        "replications": replications,
        "seed": seed,
        "reference": reference,
        "goal": goal,
        "permutations": permutations,
    }
    asked = Request(
        "decompose", words, results, config_dir, executor, workers, trust_rules, **options
    )
    values = asked.values
    purposes = settings_of("levers", (), config_dir)[0]["purposes"]  # told once, for both
    with bar(asked.scenario) as on_progress:
        folder = experiment(
            asked.scenario,
            asked.settings,
            reference=values["reference"],
            goal=values["goal"],
            replications=values["replications"],
            seed=values["seed"],
            permutations=values["permutations"],
            exact_players=values["exact_players"],
            overrides=[f"run.days={values['days']}", *asked.overrides],
            purposes=purposes,
            on_progress=on_progress,
        )
    print_table(decomposition_table(folder))
    for sentence in sentences(folder):
        say(sentence)
    say(f"Figures: {write_figures(folder)}")
    say(f"Results: {folder}")
