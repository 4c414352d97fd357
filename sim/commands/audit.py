"""`repurchase audit`. What records show of a lever, and what it caused."""

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
from sim.commands.output import print_table, say
from sim.console.importing import loading


def _subjects(incomplete: str) -> list[str]:
    from sim.experiments.auditing.subjects import SUBJECTS

    return [name for name in SUBJECTS if name.startswith(incomplete)]


@told_plainly
def audit(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[LEVER|MEMBERSHIP] [SCENARIO] [KEY=VALUE]...",
            help="What is audited: community, coupons, service, points, tier, reminders, "
            "messages, koc or private_domain; a strategy that has it; and settings to change.",
            autocompletion=_subjects,
            show_default=False,
        ),
    ] = None,
    outcome: Annotated[
        str | None,
        typer.Option(
            help="What is told first: orders, repurchased or margin_yuan.",
            autocompletion=lambda: ["orders", "repurchased", "spending_yuan"],
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
    """Hold what an operator's records show of a lever against what it caused.

    An analyst sees who joined, got or used it, and what they ordered before and after. Here the
    same households also live without it, so what it caused is known: how far each method is off,
    whom it would have misled, and how large a test would have told.

    Examples:

        repurchase audit community

        repurchase audit coupons --outcome repurchased -n 20

        repurchase audit service population.households=20000 -n 3
    """
    with loading():
        from sim.console.progress import bar
        from sim.experiments.audit import audit as experiment
        from sim.report.audit.page import write_page
        from sim.report.audit.terminal import audit_table, sentences

    options = {"outcome": outcome, "replications": replications, "seed": seed}
    asked = Request("audit", words, results, config_dir, executor, workers, trust_rules, **options)
    values = asked.values
    subject, scenario = _named(asked.names, values)
    with bar(subject) as on_progress:
        folder = experiment(
            subject,
            asked.settings,
            scenario=scenario,
            index_day=values["index_day"],
            exposure_days=values["exposure_days"],
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
    print_table(audit_table(folder))
    for sentence in sentences(folder):
        say(sentence)
    say(f"Page: {write_page(folder)}")
    say(f"Results: {folder}")


def _named(names: list[str], values: dict[str, object]) -> tuple[str, str]:
    """The subject and the strategy that are named, or the command's own."""
    from sim.parameters.quantity import ConfigurationError
    from sim.text.outgoing import cited

    if len(names) > 2:
        raise ConfigurationError(
            f"One lever at a time, and one strategy that has it, not {cited(' and '.join(names))}."
        )
    subject, scenario = [*names, *[""] * (2 - len(names))]
    return subject or str(values["subject"]), scenario or str(values["scenario"])


def households_unless_asked(overrides: list[str], households: object) -> list[str]:
    """The setting of how many households there are, unless another is asked for."""
    said = [text for text in overrides if text.startswith(("population=", "population.households"))]
    return [] if said else [f"population.households={households}"]
