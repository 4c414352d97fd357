"""`repurchase individuals`. Which customers another strategy moves, and for whom it pays."""

from pathlib import Path

from sim.commands.audit import households_unless_asked
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
from sim.commands.output import print_table, say
from sim.console.importing import loading


@told_plainly
def individuals(
    words: Words = None,
    replications: Replications = None,
    seed: Seeds = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
) -> None:
    """Tell which customers another strategy wins, loses and leaves as they are, and whom it pays.

    The same customers go on under the reference in one life and under the strategy in the other.
    Results hold both lives of each of them, order by order.

    Examples:

        repurchase individuals integrated

        repurchase individuals promotion_blast reminders

        repurchase individuals integrated population.households=20000 -n 4
    """
    with loading():
        from sim.console.progress import bar
        from sim.experiments.individuals import individuals as experiment
        from sim.parameters.quantity import ConfigurationError
        from sim.report.individuals.page import write_page
        from sim.report.individuals.terminal import segments_table, sentences
        from sim.text.outgoing import cited

    options = {"replications": replications, "seed": seed}
    asked = Request(
        "individuals", words, results, config_dir, executor, workers, trust_rules, **options
    )
    values = asked.values
    if len(asked.names) > 2:
        raise ConfigurationError(
            "One strategy at a time, and one that it is held against, not "
            f"{cited(' and '.join(asked.names))}."
        )
    usual = [str(values["strategy"]), str(values["reference"])]
    strategy, reference = [*asked.names, *usual[len(asked.names) :]]
    with bar(strategy) as on_progress:
        folder = experiment(
            strategy,
            asked.settings,
            reference=reference,
            index_day=values["index_day"],
            outcome_days=values["outcome_days"],
            replications=values["replications"],
            seed=values["seed"],
            overrides=[
                *households_unless_asked(asked.overrides, values["households"]),
                *asked.overrides,
            ],
            on_progress=on_progress,
        )
    print_table(segments_table(folder))
    for sentence in sentences(folder):
        say(sentence)
    say(f"Page: {write_page(folder)}")
    say(f"Results: {folder}")
