"""The same customers in several lives: how they are planned, lived, kept and held together.

Lives of a world are alike until the index day; what an operator's records hold of each is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from sim.config.loading import Simulation, from_resolved, resolved
from sim.console.progress import OnProgress
from sim.evidence.operator_records import contacts, customers
from sim.experiments.auditing.records import Dates, Life
from sim.experiments.executors import ExecutionSettings, run_missing
from sim.experiments.plan import PlannedRun
from sim.experiments.workers import OnDay
from sim.indicators import Book, daily_table, monthly_table
from sim.operator.budget import check_affordable
from sim.parameters.quantity import ConfigurationError
from sim.parameters.schema import Change
from sim.store.result import Result
from sim.store.runs import Store, run_key

ON, OFF = "with", "without"
Runs = Mapping[tuple[str, int], PlannedRun]  # by life and seed


def lives_with_and_without(
    base: Simulation,
    lever: str,
    dates: Dates,
    *,
    starts: bool,
    withheld: Mapping[str, Any],
    tested: Mapping[str, Mapping[str, Any]],
) -> dict[str, Simulation]:
    """The configurations of the lives of a world: alike until the index day.

    Parameters
    ----------
    base
        A strategy that has the lever.
    lever, dates
        Its name; when it is at work or withheld.
    starts
        Whether it begins on the index day; it was there before otherwise.
    withheld
        Its settings in the life without it.
    tested
        By life in which it is tested, the audience that it is for.
    """

    def schedule(*changes: tuple[int, int, Mapping[str, Any]]) -> Simulation:
        more = [Change(first, after, operator={lever: dict(own)}) for first, after, own in changes]
        changed: Simulation = replace(base, schedule=[*base.schedule, *more])
        return changed

    absent = [(0, dates.index_day, {"strength": 0.0})] if starts else []
    index, end = dates.index_day, base.run.days
    return {
        ON: schedule(*absent),
        OFF: schedule(*absent, (index, end, withheld)),
        **{
            life: schedule(*absent, (index, end, {"audience": audience}))
            for life, audience in tested.items()
        },
    }


def live(
    lives: Mapping[str, Simulation],
    seeds: Sequence[int],
    named: str,
    days: Sequence[int],
    settings: ExecutionSettings,
    on_progress: OnProgress | None,
) -> Runs:
    """Live every life in every world, unless that is stored, and keep its records.

    Parameters
    ----------
    lives
        Configurations by life.
    seeds
        Of the worlds.
    named
        What the runs' labels begin with.
    days
        On whose mornings the customer list is kept.
    settings, on_progress
        As for every experiment.
    """
    for config in lives.values():
        check_affordable(config)
    runs = {
        (life, each): _planned(config, each, f"{named} {life}, world {i}", days)
        for i, each in enumerate(seeds, 1)
        for life, config in lives.items()
    }
    run_missing(
        list(runs.values()), settings, on_progress, compute=partial(kept_records, days=days)
    )
    return runs


def _planned(config: Simulation, seed: int, label: str, days: Sequence[int]) -> PlannedRun:
    values = resolved(config)
    # Another key than that of an ordinary run: what is kept of it is something else.
    kept = f"records, with the list of days {', '.join(map(str, days))}"
    return PlannedRun(label, values, seed, False, run_key({**values, "kept": kept}, seed))


def kept_records(run: PlannedRun, on_day: OnDay, *, days: Sequence[int]) -> Result:
    """Live through one run and keep what the operator's records hold of it.

    `households` holds the customer list on the mornings of some days, `orders` all contacts; see
    `sim.evidence.operator_records`.
    """
    from sim.experiments.simulate import observe

    config = from_resolved(run.config)
    book = Book(observe(config, run.seed, on_day=on_day, census_days=days))
    columns = ["indicator", "by", "segment", "numerator", "denominator", "value", "unit"]
    return Result(
        indicators=pd.DataFrame(columns=columns),
        daily=daily_table(book),
        monthly=monthly_table(book),
        households=customers(book),
        groups=pd.DataFrame({"founded_day": book.observed.groups["founded_day"]}),
        orders=contacts(book),
    )


def life_of(store: Store, run: PlannedRun, dates: Dates) -> Life:
    """What is kept of a life."""
    tables = store.tables(run.key)
    return Life(tables.read("households"), tables.read("orders"), dates)


def check_alike(one: Life, *others: Life) -> None:
    """Refuse lives whose customers differ on the index day.

    Raises
    ------
    ConfigurationError
        What is caused could not be told.
    """
    for other in others:
        if not one.before.equals(other.before):
            raise ConfigurationError(
                "The lives part before the index day: what the lever caused cannot be told."
            )


def runs_table(runs: Runs) -> pd.DataFrame:
    """A row per run with its life, seed and key."""
    return pd.DataFrame(
        {"life": life, "seed": run.seed, "key": run.key} for (life, _), run in runs.items()
    )


__all__ = [
    "OFF",
    "ON",
    "Runs",
    "check_alike",
    "kept_records",
    "life_of",
    "live",
    "lives_with_and_without",
    "runs_table",
]
