"""`repurchase sweep`. Any settings over many values."""

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
    Words,
    Workers,
    told_plainly,
)
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
    asked = Request("sweep", fixed, results, config_dir, executor, workers, **options)
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
    typer.echo(f"Results: {folder}")


def _show_points(title: str, varied: list[str], points: Any) -> None:
    """A row per point: mean and 95% interval of the indicators that comparisons turn on."""
    from sim.commands.showing import show
    from sim.experiments.paired import MAIN
    from sim.report.words import Words

    shown = points[varied].rename(columns=lambda key: ".".join(key.split(".")[-2:]))
    for name in (item.name for item in MAIN if item.name in points):
        lines = zip(points[name], points[f"{name}_low"], points[f"{name}_high"], strict=True)
        shown[Words().indicator(name)] = [
            _mean_and_interval(mean, low, high) if mean == mean else "not measured"
            for mean, low, high in lines
        ]
    show(f"{title}: mean and 95% interval", shown)


def _mean_and_interval(mean: float, low: float, high: float) -> str:
    """Of one world there is no interval."""
    from sim.commands.showing import word

    return f"{word(mean)}\n{word(low)} to {word(high)}" if low == low else word(mean)
