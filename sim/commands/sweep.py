"""`repurchase sweep`. Any settings over many values, under one strategy or several."""

from pathlib import Path
from shlex import quote
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
    scenario_names,
    told_plainly,
)
from sim.commands.output import say
from sim.console.importing import loading


@told_plainly
def sweep(
    words: Words = None,
    lhs: Annotated[
        int | None,
        typer.Option(help="Points of a Latin hypercube, instead of all combinations.", min=1),
    ] = None,
    replications: Replications = None,
    seed: Seeds = None,
    reference: Annotated[
        str | None,
        typer.Option(
            help="The strategy the others are compared with; without it, the first one named.",
            autocompletion=scenario_names,
        ),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(help="What must hold: KEY<=KEY, KEY>=NUMBER; other points are left out."),
    ] = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
) -> None:
    """Vary any settings over many values; several values are written with commas.

    With several strategies all are varied alike, and compared at each point in the same worlds.

    Examples:

        repurchase sweep operator.coupons.coupon_percent=5,10,15

        repurchase sweep baseline koc_led operator.coupons.coupon_percent=5,10,15 -n 10

        repurchase sweep koc_led operator.koc.strength=0.25,0.5,1 population.households=5000

        repurchase sweep --lhs 50 'behaviour.believe.bad_news_factor=interval(1,3)'
    """
    with loading():
        from sim.commands.output import print_table
        from sim.console.progress import bar
        from sim.experiments.sweep import sweep as experiment
        from sim.experiments.varied import constraint, parsed
        from sim.report.sweep.terminal import sweep_table
        from sim.text.incoming import typed

    options = {"samples": lhs, "replications": replications, "seed": seed, "reference": reference}
    varied, same = parsed([word for word in typed(words) if "=" in word])
    fixed = [*(word for word in typed(words) if "=" not in word), *same]
    asked = Request("sweep", fixed, results, config_dir, executor, workers, trust_rules, **options)
    values = asked.values
    with bar("sweep") as on_progress:
        folder = experiment(
            varied,
            asked.names or values["strategies"],
            asked.settings,
            method="lhs" if values["samples"] else "grid",
            samples=values["samples"],
            replications=values["replications"],
            seed=values["seed"],
            reference=values["reference"],
            overrides=asked.overrides,
            constraints=[constraint(text) for text in where or ()],
            on_progress=on_progress,
        )
    print_table(sweep_table(folder))
    say(f"A page with figures: repurchase report {quote(str(folder))}")
    say(f"Results: {folder}")
