"""`repurchase abtest`. An A/B test of a lever inside a run: what it says, and what spills over."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.audit import households_unless_asked
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
from sim.commands.output import print_table, say
from sim.console.importing import loading


def _levers(incomplete: str) -> list[str]:
    from sim.operator.discovery import LEVERS

    testable = (name for name, own in LEVERS.items() if not hasattr(own, "FOR_EVERYBODY"))
    return [name for name in testable if name.startswith(incomplete)]


@told_plainly
def abtest(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[LEVER] [SCENARIO] [KEY=VALUE]...",
            help="The lever that is tested, a strategy that has it on, and settings to change.",
            autocompletion=_levers,
            show_default=False,
        ),
    ] = None,
    draw_by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            help="Who is drawn together: household, chat, friends or city; give it several times "
            "to hold one against the other.",
            autocompletion=lambda: ["household", "chat", "friends", "city"],
            show_default=False,
        ),
    ] = None,
    outcome: Annotated[
        str | None,
        typer.Option(
            help="What is told first: orders, repurchased, margin_yuan or visited.",
            autocompletion=lambda: ["orders", "repurchased", "margin_yuan", "visited"],
        ),
    ] = None,
    of_whom: Annotated[
        str | None,
        typer.Option(
            help="Whose outcomes are compared: customers, private_domain or members.",
            autocompletion=lambda: ["customers", "private_domain", "members"],
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
    """Test a lever on some by lot, inside a run, and tell what the test says and what it misses.

    The lever is for a random half of households, of chats, of circles of friends or of cities; an
    operator compares the halves. Here the same households also live with and without the lever, so
    it is known what it did to those who had it, and what spilled over to those who had not.

    Examples:

        repurchase abtest

        repurchase abtest check_in live_and_checkin --by household --by chat --outcome visited

        repurchase abtest reminders reminders population.households=20000 -n 5
    """
    with loading():
        from sim.console.progress import bar
        from sim.experiments.ab_test import ab_test as experiment
        from sim.parameters.quantity import ConfigurationError
        from sim.report.abtest.page import write_page
        from sim.report.abtest.terminal import sentences, test_table
        from sim.text.outgoing import cited

    options = {
        "outcome": outcome,
        "of_whom": of_whom,
        "replications": replications,
        "seed": seed,
    }
    asked = Request("abtest", words, results, config_dir, executor, workers, trust_rules, **options)
    values = asked.values
    own = (str(values["lever"]), str(values["scenario"]))
    if len(asked.names) > 2:
        raise ConfigurationError(
            "One lever at a time, and one strategy that has it, not "
            f"{cited(' and '.join(asked.names))}."
        )
    # A lever that is named alone is tested in the baseline, where it must be on.
    lever, scenario = [*asked.names, "baseline"][:2] if asked.names else own
    with bar(lever) as on_progress:
        folder = experiment(
            lever,
            asked.settings,
            scenario=scenario,
            draw_by=draw_by or values["draw_by"],
            share=values["share"],
            of_whom=values["of_whom"],
            index_day=values["index_day"],
            outcome_days=values["outcome_days"],
            outcome=values["outcome"],
            replications=values["replications"],
            seed=values["seed"],
            overrides=[
                *households_unless_asked(asked.overrides, values["households"]),
                *asked.overrides,
            ],
            on_progress=on_progress,
        )
    print_table(test_table(folder))
    for sentence in sentences(folder):
        say(sentence)
    say(f"Page: {write_page(folder)}")
    say(f"Results: {folder}")
