"""`repurchase run`. One population, one strategy."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.commands.options import (
    ConfigDir,
    ExecutorName,
    Request,
    ResultsDir,
    Seed,
    TrustRules,
    Words,
    Workers,
    told_plainly,
)
from sim.commands.output import say
from sim.console.importing import loading


@told_plainly
def run(
    words: Words = None,
    seed: Seed = None,
    keep_orders: Annotated[
        bool | None, typer.Option("--keep-orders", help="Keep the full order log (Parquet).")
    ] = None,
    orders_of_warmup: Annotated[
        bool | None,
        typer.Option(
            "--orders-of-warmup",
            help="Keep it with the orders of the warm-up, on days below 0; it is lived anew.",
        ),
    ] = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
) -> None:
    """Let one population live through one strategy.

    Examples:

        repurchase run

        repurchase run koc_led --seed 7 --keep-orders

        repurchase run koc_led --keep-orders --orders-of-warmup

        repurchase run integrated population=city run.days=730 operator.koc.strength=0.5
    """
    with loading():
        from sim.commands.output import show
        from sim.console.progress import bar
        from sim.experiments.run import run as experiment
        from sim.store.runs import read_manifest, read_table

    asked = Request(
        "run",
        words,
        results,
        config_dir,
        executor,
        workers,
        trust_rules,
        seed=seed,
        keep_orders=keep_orders,
        orders_of_warmup=orders_of_warmup,
    )
    with bar(asked.scenario) as on_progress:
        folder = experiment(
            asked.scenario,
            asked.values["seed"],
            asked.overrides,
            asked.settings,
            asked.values["keep_orders"],
            on_progress,
            asked.values["orders_of_warmup"],
        )
    table = read_table(folder, "indicators")
    whole = table[(table["by"] == "all") & (table["segment"] == "all")]
    show(asked.scenario, whole[["indicator", "value", "unit"]])
    manifest = read_manifest(folder)
    for sentence in _funds(asked, manifest):
        say(sentence)
    if "panel" in manifest:
        say(manifest["panel"])
    say(f"Results: {folder}")


def _funds(asked: Request, manifest: Mapping[str, Any]) -> list[str]:
    """What came of the strategy's funds, and the settings with which this world spends them."""
    import pandas as pd

    from sim.config.loading import from_resolved, read
    from sim.operator.scaling import changed
    from sim.report.terminal import fund_lines

    if "funds" not in manifest:
        return []
    own = read(asked.scenario, asked.overrides, asked.config_dir)
    settings = changed(own, from_resolved(manifest["configuration"]))
    lived = f"Lived with {' '.join(settings)}." if settings else "Lived as it is."
    return [*fund_lines(pd.DataFrame(manifest["funds"])), lived]
