"""`repurchase standstill`. Whether levels stay where they are over years."""

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
def standstill(
    words: Words = None,
    replications: Replications = None,
    seed: Seeds = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
) -> None:
    """Let a strategy run for five years, and say how far each level drifts.

    Each level is that of the year to a month's end. It stands still if it is never farther from
    where it began than two points of a share, or five per cent of money and orders.

    Examples:

        repurchase standstill

        repurchase standstill run.days=730 population.households=5000 -n 1
    """
    with loading():
        from sim.commands.output import show
        from sim.console.progress import bar
        from sim.experiments.standstill import standstill as experiment
        from sim.store.runs import read_table

    options = {"replications": replications, "seed": seed}
    asked = Request(
        "standstill", words, results, config_dir, executor, workers, trust_rules, **options
    )
    with bar("standstill") as on_progress:
        folder = experiment(
            asked.scenario,
            asked.settings,
            replications=asked.values["replications"],
            seed=asked.values["seed"],
            overrides=[f"run.days={asked.values['days']}", *asked.overrides],
            on_progress=on_progress,
        )
    drift = read_table(folder, "drift")
    months = f"years to the end of months {drift['first_month'][0]} to {drift['last_month'][0]}"
    show(f"How far each level moves, {months}", drift.drop(columns=["first_month", "last_month"]))
    still = int((drift["verdict"] == "stands still").sum())
    say(f"{still} of {len(drift)} levels stand still.")
    say(f"Results: {folder}")
