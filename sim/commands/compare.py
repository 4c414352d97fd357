"""`repurchase compare`. Strategies in common random worlds, and the page."""

from importlib import import_module
from pathlib import Path
from shlex import quote
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
def compare(
    words: Words = None,
    goal: GoalName = None,
    replications: Replications = None,
    seed: Seeds = None,
    reference: Annotated[
        str | None,
        typer.Option(
            help="The strategy the others are compared with.", autocompletion=scenario_names
        ),
    ] = None,
    budget: Annotated[
        str | None,
        typer.Option(
            help="What each strategy spends over the run. own: whatever it does; equal: as much as "
            "the reference; 3000000: so many yuan in each simulated world; 17.5/customer-month.",
            autocompletion=lambda: ["own", "equal"],
        ),
    ] = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
) -> None:
    """Compare strategies on the same households with the same luck.

    Without names it compares eight strategies over 36 months, in six worlds of 20,000
    households.

    Examples:

        repurchase compare

        repurchase compare baseline koc_led reminders -n 20

        repurchase compare membership promotion_blast --budget equal population.households=5000

        repurchase compare koc_led reminders --budget 12/customer-month

        repurchase compare goal=contribution run.days=365

        repurchase compare report.language=zh
    """
    with loading():
        from sim.commands.output import print_table
        from sim.console.progress import bar
        from sim.experiments.compare import compare as experiment
        from sim.report.page import write_page
        from sim.report.terminal import budget_lines, comparison_table
        from sim.report.words import Words as LanguageOf

    options = {
        "goal": goal,
        "replications": replications,
        "seed": seed,
        "reference": reference,
        "budget": budget,
    }
    asked = Request(
        "compare", words, results, config_dir, executor, workers, trust_rules, **options
    )
    values = asked.values
    LanguageOf(values["report"]["language"])  # refused before anything is lived through
    strategies = asked.names or values["strategies"]
    with bar(f"{len(strategies)} strategies") as on_progress:
        folder = experiment(
            strategies=strategies,
            replications=values["replications"],
            seed=values["seed"],
            reference=values["reference"],
            overrides=[f"run.days={values['days']}", *asked.overrides],
            settings=asked.settings,
            budget=values["budget"],
            precision=values["precision"],
            goal=values["goal"],
            on_progress=on_progress,
            meanwhile=_load_what_follows,
        )
    print_table(comparison_table(folder))
    for sentence in budget_lines(folder):
        say(sentence)
    page = write_page(folder, values["report"]["language"], all_slides=False)
    say(f"Every figure as PNG and SVG: repurchase report {quote(str(folder))}")
    say(f"Page: {page}")


def _load_what_follows() -> None:
    """Load what tables and figures are made with, a second's work, while runs are under way."""
    for module in ("lifelines", "sim.report.slides"):
        import_module(module)
