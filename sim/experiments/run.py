"""One strategy, one seed."""

from collections.abc import Sequence
from pathlib import Path

from sim.config.loading import load, resolved
from sim.console.progress import OnProgress
from sim.dictionary import write_dictionary
from sim.experiments.asked_budget import OWN
from sim.experiments.budgets import spending
from sim.experiments.executors import ExecutionSettings, run_missing
from sim.experiments.plan import planned
from sim.operator.budget import check_affordable
from sim.store.runs import Store, whole_folder, write_parquet, write_tables

SMALL = ("indicators", "daily", "monthly", "groups", "ladder", "reach")


def run(
    scenario: str,
    seed: int,
    overrides: Sequence[str],
    settings: ExecutionSettings,
    keep_orders: bool = False,
    on_progress: OnProgress | None = None,
    orders_of_warmup: bool = False,
) -> Path:
    """Let one population live through one strategy.

    `orders_of_warmup` keeps the order log with the orders of the warm-up, on days below 0.

    Returns
    -------
    Path
        The result folder ``<results>/run/<scenario>-<hash>``: `indicators`, `daily`, `monthly`,
        `groups`, `ladder` and `reach` as CSV and Parquet; `households` and, if kept, `orders` as
        Parquet only, since they have a row per household and per order. Its manifest tells as
        `funds` how the strengths were found at which this world's levers spend what the strategy's
        fund has for them, with the columns of a comparison's `budgets`.

    Raises
    ------
    ConfigurationError, ResultsError, RunsInterrupted
        In one sentence.
    """
    config = load(scenario, overrides, settings.config_dir, trust_rules=settings.trust_rules)
    configs, budgets = spending({scenario: config}, [seed], scenario, OWN, settings, on_progress)
    config = configs[scenario]
    check_affordable(config)
    job = planned(config, seed, f"{scenario}, seed {seed}", keep_orders, orders_of_warmup)
    run_missing([job], settings, on_progress)
    store = Store(settings.results)
    result = store.read(job.key)
    folder = settings.results / "run" / f"{scenario}-{job.key[:8]}"
    about = {
        "experiment": "run",
        "seeds": [seed],
        "runs": [job.key],
        "configuration": resolved(config),
        "run_seconds": store.manifest(job.key)["seconds"],
        **({"funds": budgets.to_dict("records")} if len(budgets) else {}),
        **{name: told for name, told in result.info.items() if name == "panel"},
    }
    small = {name: getattr(result, name) for name in SMALL}
    large = {"households": result.households}
    if result.orders is not None:
        large["orders"] = result.orders
    with whole_folder(folder, about) as home:
        write_tables(home, small)
        for name, table in large.items():
            write_parquet(table, home / f"{name}.parquet")
        write_dictionary(home, "run", {**small, **large})
    return folder


__all__ = ["run"]
