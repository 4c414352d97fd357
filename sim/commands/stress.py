"""`repurchase stress`. Strategies put through shocks, against their undisturbed selves."""

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
    Words,
    Workers,
    told_plainly,
)
from sim.commands.output import say
from sim.console.importing import loading


def shock_names(incomplete: str) -> list[str]:
    """What a shell may complete where a shock is asked for."""
    from sim.config import composing

    return [name for name in composing.shock_names() if name.startswith(incomplete)]


@told_plainly
def stress(
    words: Words = None,
    shock: Annotated[
        list[str] | None,
        typer.Option(
            help="A shock by name, may be given several times; without it, all of them.",
            autocompletion=shock_names,
        ),
    ] = None,
    size: Annotated[
        float | None, typer.Option(help="How large every shock is; 1: as its file describes it.")
    ] = None,
    outcome: Annotated[
        str | None,
        typer.Option(
            help="What is told first: repurchasing_households, orders, contribution or churn.",
            autocompletion=lambda: ["repurchasing_households", "orders", "contribution", "churn"],
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
    """Put strategies through shocks: how much each takes, for how long, and what never comes back.

    Every strategy is held against its undisturbed self, the same strategy in the same worlds
    without the shock. Shocks come one at a time, dated as their files say.

    Examples:

        repurchase stress

        repurchase stress promotion_blast service_first --shock quality_scandal

        repurchase stress -n 3 population.households=2000 --outcome contribution

        repurchase stress --shock price_war shocks.price_war.cut=0.2 shocks.price_war.until_day=240
    """
    with loading():
        from sim.commands.output import print_table
        from sim.console.progress import bar
        from sim.experiments.stress import stress as experiment
        from sim.report.stress.page import write_page
        from sim.report.stress.terminal import resilience_table, sentences
        from sim.strategy.meaning import sentence as told

    options = {"replications": replications, "seed": seed, "size": size, "outcome": outcome}
    asked = Request("stress", words, results, config_dir, executor, workers, trust_rules, **options)
    values = asked.values
    with bar("stress") as on_progress:
        folder = experiment(
            asked.names or values["strategies"],
            asked.settings,
            shocks=shock or (),
            size=values["size"],
            band=values["band"],
            outcome=values["outcome"],
            replications=values["replications"],
            tell=told,
            seed=values["seed"],
            overrides=[f"run.days={values['days']}", *asked.overrides],
            on_progress=on_progress,
        )
    print_table(resilience_table(folder))
    for sentence in sentences(folder):
        say(sentence)
    say(f"Page: {write_page(folder)}")
    say(f"Results: {folder}")
