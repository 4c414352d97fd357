"""One run of one strategy: all that experiments know of the model."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.behaviour.drift import bring_up_to_date
from sim.engine.blocks import BLOCK
from sim.engine.day_end import DAILY
from sim.engine.model import Engine
from sim.engine.panel import live_telling, panel_of, told_of_panel
from sim.engine.warm_up import WorldsInMemory, begin_strategy, live_anew, start_strategy
from sim.indicators import (
    Book,
    Observed,
    Reached,
    accounts_table,
    daily_table,
    group_table,
    household_table,
    ladder_table,
    lives_table,
    monthly_table,
    neighbour_table,
    no_neighbours,
    order_log,
    orders_in,
    reach_table,
    summarise,
)
from sim.operator.budget import check_affordable
from sim.operator.discovery import CAUSES, LEVERS, NAMES, SHOCKS
from sim.operator.own_records import EVENT, EVENTS
from sim.operator.reaching import households_by_step, times_by_step
from sim.operator.schedule import Phase, phases
from sim.rules.replacing import told_if_not_compiled
from sim.store.provenance import processors
from sim.store.result import Result
from sim.world.ties import friendships

if TYPE_CHECKING:
    from sim.config.loading import Simulation


def simulate(
    config: "Simulation",
    seed: int,
    *,
    warm_start: bool = True,
    keep_orders: bool = False,
    orders_of_warmup: bool = False,
    on_day: Callable[[int], None] | None = None,
) -> Result:
    """Live through one strategy and measure it.

    Parameters
    ----------
    config
        From `sim.config.loading.load`.
    seed
        Seed of the run, 0 to 2**62 - 1. The same seed is the same luck under every strategy.
    warm_start
        Whether a warmed-up world may be taken from disk and left there.
    keep_orders
        Whether the order log is part of the result.
    orders_of_warmup
        Whether it is, with the orders of the warm-up, on days below 0. Such a run lives its warm-up
        itself: a world on disk has no orders.
    on_day
        Called every few days with the number of the last, for progress; where there is a panel, or
        orders of the warm-up are kept, from the first day of the warm-up on.

    Returns
    -------
    Result
        Above `run.panel_households`, tables with a row per household are of a panel, see
        `sim.engine.panel`, and so are rates; daily figures are of everybody.

    Raises
    ------
    ConfigurationError
        If the strategy's fixed costs exceed its budget.
    """
    began = time.perf_counter()
    observed = observe(
        config, seed, warm_start=warm_start, orders_of_warmup=orders_of_warmup, on_day=on_day
    )
    book = Book(observed)
    return Result(
        indicators=summarise(book),
        daily=daily_table(book),
        monthly=monthly_table(book),
        households=household_table(book),
        groups=group_table(book),
        lives=lives_table(book),
        neighbours=no_neighbours()
        if observed.panel > 1
        else neighbour_table(book, friendships(config.population, seed)),
        ladder=ladder_table(book),
        accounts=accounts_table(book),
        reach=reach_table(book),
        orders=order_log(book) if keep_orders or orders_of_warmup else None,
        info={
            "household_days": float(config.population.households * config.run.days),
            "seconds": time.perf_counter() - began,
            **told_of_panel(observed.panel, len(observed.start)),
        },
    )


@told_if_not_compiled
def observe(
    config: "Simulation",
    seed: int,
    *,
    warm_start: bool = True,
    memory: WorldsInMemory | None = None,
    orders_of_warmup: bool = False,
    on_day: Callable[[int], None] | None = None,
    census_days: Sequence[int] = (),
) -> Observed:
    """Live through one strategy; what was observed, before anything is measured.

    `memory` is where warmed-up worlds are looked for and left, instead of on disk. `census_days`
    are days on whose mornings a census is taken beside those at both ends.
    """
    check_affordable(config)
    threads = config.run.threads or processors()
    model = Engine(config, seed, threads=threads, panel=panel_of(config))
    happening = {name for phase in model.schedule for name in _happening(phase.shocks)}
    early = None
    if orders_of_warmup:
        early = _orders_lived(model, on_day)
        start_strategy(model)
    else:
        begin_strategy(model, keep=warm_start, on_day=on_day, memory=memory)
    start = census(model)
    between = {}
    for day in sorted(census_days):
        live_telling(model, day, on_day)
        between[day] = census(model)
    live_telling(model, config.run.days, on_day)
    model.note_everybody()
    founded = int(model.newest_groups[0, -1])
    return Observed(
        events=_joined(model),
        start=start,
        end=census(model),
        daily=np.array(model.daily, DAILY),
        groups=np.asarray(model.world.groups)[:founded],
        days=config.run.days,
        regions=[region.name for region in config.population.regions],
        use_per_day=model.world.use_per_day,
        seed=seed,
        start_day_of_year=config.run.start_day_of_year,
        panel=model.panel,
        causes=CAUSES,
        own_events={
            f"{name}_{event.name}": (event.unit, event.about)
            for name, event in EVENTS
            if name not in SHOCKS or name in happening
        },
        shock_days=_shock_days(model.schedule, config.run.days),
        operations=[(phase.first_day, phase.operator.operations) for phase in model.schedule],
        reach=_reach(model),
        judge=config.behaviour.judge,
        choose=config.behaviour.choose,
        between=between,
        earlier_orders=early,
    )


def _orders_lived(model: Engine, on_day: Callable[[int], None] | None) -> np.ndarray:
    """Live the warm-up through; the operator's orders in it, all other events forgotten."""
    found: list[np.ndarray] = []

    def note(day: int) -> None:
        found.append(orders_in(_joined(model), model.first_day))
        model.events.clear()
        if on_day is not None:
            on_day(day)

    live_anew(model, note)
    return _one_after_another(found)


def _reach(model: Engine) -> dict[str, Reached]:
    """Whom each lever that was ever on reached."""
    households, times = (count(model.noted) for count in (households_by_step, times_by_step))
    return {
        name: Reached(households[line], times[line], getattr(LEVERS[name], "REACH", {}))
        for line, name in enumerate(NAMES)
        if any(getattr(phase.operator, name).strength > 0.0 for phase in model.schedule)
    }


def shock_days(config: "Simulation") -> tuple[int, int] | None:
    """First day of a run on which there is a shock, and the first after the last such day."""
    return _shock_days(phases(config), config.run.days)


def _shock_days(schedule: Sequence[Phase], run_days: int) -> tuple[int, int] | None:
    ends = [phase.first_day for phase in schedule[1:]] + [run_days]
    days = [
        (phase.first_day, end)
        for phase, end in zip(schedule, ends, strict=True)
        if _happening(phase.shocks)
    ]
    return (days[0][0], days[-1][1]) if days else None


def _happening(shocks: Any) -> list[str]:
    return [name for name, own in vars(shocks).items() if own.size > 0.0]


def _joined(model: Engine) -> np.ndarray:
    """All days' event records; their `household` becomes the row of the census."""
    joined = _one_after_another(model.events)
    if model.panel > 1:
        joined["household"] //= model.panel
    return joined


def _one_after_another(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Event records, copied as bytes: NumPy would compare the record types of every two."""
    raw = f"V{EVENT.itemsize}"
    copied = (part.view(raw) for part in parts)
    return np.concatenate([np.empty(0, raw), *copied]).view(EVENT)


def census(model: Engine) -> np.ndarray:
    """A copy of the panel with every drifting state brought up to this morning."""
    copied = np.array(model.households[:: model.panel])
    day = model.day - 1 if model.day > model.first_day else model.day
    bring_up_to_date(copied, model.buffers.parents[0], model.world, day)
    return copied


__all__ = ["BLOCK", "census", "observe", "shock_days", "simulate"]
