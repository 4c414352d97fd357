"""`repurchase backtest`. Experiments that happened, predicted."""

from pathlib import Path

from sim.commands.options import (
    ConfigDir,
    ExecutorName,
    Replications,
    Request,
    ResultsDir,
    Seeds,
    TrustRules,
    Words,
    Workers,
    told_plainly,
)
from sim.commands.output import say
from sim.console.importing import loading


@told_plainly
def backtest(
    words: Words = None,
    replications: Replications = None,
    seed: Seeds = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
) -> None:
    """Predict experiments that really happened, and hold that against what they found.

    Those that numbers were fitted to are not blind, and scored apart. Whatever behaviour is chosen
    (behaviour=NAME) predicts. `repurchase report` makes the page.

    Examples:

        repurchase backtest

        repurchase backtest -n 20 population.households=50000
    """
    with loading():
        from sim.commands.output import print_table
        from sim.console.progress import bar
        from sim.experiments.backtest import backtest as experiment
        from sim.report.backtest.terminal import score_tables, sentences

    options = {"replications": replications, "seed": seed}
    asked = Request(
        "backtest", words, results, config_dir, executor, workers, trust_rules, **options
    )
    with bar("backtest") as on_progress:
        folder = experiment(
            scenario=asked.scenario,
            replications=asked.values["replications"],
            seed=asked.values["seed"],
            overrides=asked.overrides,
            settings=asked.settings,
            on_progress=on_progress,
        )
    for table in score_tables(folder):
        print_table(table)
    for sentence in sentences(folder):
        say(sentence)
    say(f"Results: {folder}")
