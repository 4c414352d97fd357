"""`repurchase dose`. One setting over its range: where the best dose lies."""

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
from sim.commands.output import say
from sim.console.importing import loading


@told_plainly
def dose(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CURVE]... [KEY=VALUE,VALUE,...]...",
            help="Curves of conf/dose.yaml by name, without any all of them; or curves of your "
            "own; and settings to change.",
            show_default=False,
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
    """Draw dose curves: what a setting earns and wins over its range, and where the best lies.

    Examples:

        repurchase dose

        repurchase dose coupons messages -n 3 population.households=5000

        repurchase dose operator.coupons.days_between=15,30,60,120
    """
    with loading():
        from sim.commands.output import print_table
        from sim.console.progress import bar
        from sim.experiments.dose import dose as experiment
        from sim.experiments.dose import kept, varied
        from sim.experiments.varied import parsed
        from sim.report.dose import dose_table, sentences, write_figures
        from sim.text.incoming import typed

    options = {"replications": replications, "seed": seed}
    own, same = parsed([word for word in typed(words) if "=" in word])
    fixed = [*(word for word in typed(words) if "=" not in word), *same]
    asked = Request("dose", fixed, results, config_dir, executor, workers, trust_rules, **options)
    values, curves = asked.values, varied(own)
    if asked.names or not own:
        curves = [*kept(values["curves"], asked.names), *curves]
    with bar("doses") as on_progress:
        folder = experiment(
            curves,
            values["scenario"],
            asked.settings,
            replications=values["replications"],
            seed=values["seed"],
            overrides=[f"run.days={values['days']}", *asked.overrides],
            on_progress=on_progress,
        )
    print_table(dose_table(folder))
    for sentence in sentences(folder).values():
        say(sentence)
    say(f"Figures: {write_figures(folder)}")
    say(f"Results: {folder}")
