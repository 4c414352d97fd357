"""`repurchase sweep`. Any settings over many values."""

import textwrap
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.commands.asking import (
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
from sim.commands.showing import say
from sim.loading import loading


@told_plainly
def sweep(
    words: Words = None,
    lhs: Annotated[
        int | None,
        typer.Option(help="Points of a Latin hypercube, instead of all combinations.", min=1),
    ] = None,
    replications: Replications = None,
    seed: Seeds = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
) -> None:
    """Vary any settings over many values; several values are written with commas.

    Examples:

        repurchase sweep operator.coupons.coupon_percent=5,10,15

        repurchase sweep koc_led operator.koc.strength=0.25,0.5,1 population.households=5000

        repurchase sweep --lhs 50 'behaviour.believe.bad_news_factor=interval(1,3)'
    """
    with loading():
        from sim.experiments.sweep import parsed
        from sim.experiments.sweep import sweep as experiment
        from sim.progress import bar
        from sim.store import read_table

    options = {"samples": lhs, "replications": replications, "seed": seed}
    varied, same = parsed([word for word in words or () if "=" in word])
    fixed = [*(word for word in words or () if "=" not in word), *same]
    asked = Request("sweep", fixed, results, config_dir, executor, workers, trust_rules, **options)
    values = asked.values
    with bar("sweep") as on_progress:
        folder = experiment(
            varied,
            asked.scenario,
            asked.settings,
            method="lhs" if values["samples"] else "grid",
            samples=values["samples"],
            replications=values["replications"],
            seed=values["seed"],
            overrides=asked.overrides,
            on_progress=on_progress,
        )
    _show_points(asked.scenario, list(varied), read_table(folder, "points"))
    say(f"Results: {folder}")


def _show_points(title: str, varied: list[str], points: Any) -> None:
    """A row per point: mean and 95% interval of the indicators that comparisons turn on."""
    from rich.table import Table
    from rich.text import Text

    from sim.commands.showing import print_table, word
    from sim.experiments.paired import MAIN
    from sim.indicators import REGISTRY
    from sim.report.reading import Estimate
    from sim.report.terminal import WORDS, level
    from sim.strategy.changes import units

    table = Table(title=f"{title}: mean and 95% interval", title_justify="left")
    for key in varied:
        unit = units().get(key)
        short = ".".join(key.split(".")[-2:])
        heading = _heading(f"{short}, {unit}" if unit else short)
        table.add_column(heading, justify="right", no_wrap=True)
    shown = [item.name for item in MAIN if item.name in points]
    for name in shown:
        table.add_column(_heading(WORDS.indicator(name)), justify="right", no_wrap=True)
    for row in points.to_dict("records"):
        cells: list[str | Text] = [word(row[key]) for key in varied]
        for name in shown:
            found = Estimate(row[name], row[f"{name}_low"], row[f"{name}_high"])
            measured = found.mean == found.mean
            cells.append(level(found, REGISTRY[name].unit) if measured else "not measured")
        table.add_row(*cells)
    print_table(table)


def _heading(text: str) -> str:
    """Not much wider than the interval below it."""
    return "\n".join(textwrap.wrap(text, 14, break_long_words=False, break_on_hyphens=False))
