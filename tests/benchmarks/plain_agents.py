"""The same rules on ordinary Mesa agents: attributes on Python objects, no compiler.

Only the agents' own steps are timed. Morning and evening are done for them by the engine, for
nothing, and so is all reading of arrays: they find the world as plain Python objects.
"""

import time
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np

from sim.agents.model import RepurchaseModel
from sim.behaviour.day import ASLEEP, waking
from sim.engine.blocks import BLOCK, spend_day, worth_noting
from sim.engine.model import DAY_STEPS
from sim.world.draws import HOUSEHOLD, LOOK, uniform
from sim.world.events import EVENT
from sim.world.records import copy_fields
from sim.world.state import COUNTERS, INBOX
from tests.benchmarks.line import Line
from tests.benchmarks.worlds import THREADS, live, living

WARMUP_DAYS, SETTLING_DAYS = 60, 30


class PlainParent(mesa.Agent):
    """A household: every field of its record and of its wake schedule is an ordinary attribute."""

    def __init__(self, model: "PlainModel", place: int) -> None:
        super().__init__(model)
        self.place = place
        self.read()

    def read(self) -> None:
        """Take over what the records say."""
        copy_fields(self.model.inner.households[self.place], self)
        for name, value in zip(
            self.model.inner.wake_schedules.dtype.names,
            self.model.inner.wake_schedules[self.place],
            strict=True,
        ):
            setattr(self, name, value.item())

    def write(self) -> None:
        """Let the records say what became of the household."""
        household, wake_schedule = (
            self.model.inner.households[self.place],
            self.model.inner.wake_schedules,
        )
        for name in household.dtype.names:
            household[name] = getattr(self, name)
        for name in wake_schedule.dtype.names:
            wake_schedule[name][self.place] = getattr(self, name)

    def step(self) -> None:
        """Live today."""
        model = self.model
        luck = uniform(model.world.seed, HOUSEHOLD, self.place, model.day, LOOK)
        today, look = model.world.today[0], model.world.behaviour.look
        woken_by = waking(self, luck, today, model.day, look)
        if woken_by == ASLEEP:
            return
        event, inbox = model.blank(EVENT), model.blank(INBOX)
        spend_day(
            self, self, self.place, model.world, model.day, woken_by, inbox, event, model.counters
        )
        model.awake.append((self, event))


class PlainModel(mesa.Model):
    """A Mesa model of plain parents, who live in the world of `inner`."""

    def __init__(self, inner: RepurchaseModel) -> None:
        super().__init__(rng=inner.seed_of_luck)
        assert len(inner.households) <= BLOCK  # one block of buffers, filled in order
        self.inner = inner
        self.parents = [PlainParent(self, place) for place in range(len(inner.households))]
        self.awake: list[tuple[PlainParent, Any]] = []
        self.seconds = 0.0
        self.households_awake = 0

    def blank(self, kind: np.dtype[Any]) -> SimpleNamespace:
        """A buffer with every field of a record type."""
        return plain(np.zeros(1, kind)[0]) if kind is COUNTERS else _copy(BLANK[kind])

    def step(self) -> None:
        """A day: only the parents' part of it is timed."""
        for phase in DAY_STEPS:
            if phase is RepurchaseModel.live:
                self.live()
            else:
                phase(self.inner)
        self.inner.day += 1
        for parent, _ in self.awake:
            parent.read()  # who asked for a chat has been shown to one

    def live(self) -> None:
        """Every parent's step; then the evening gets the buffers it expects."""
        self.day, self.world = self.inner.day, plain_world(self.inner.world)
        self.counters, self.awake = self.blank(COUNTERS), []
        began = time.perf_counter()
        self.agents.do("step")
        self.seconds += time.perf_counter() - began
        self.households_awake += len(self.awake)
        buffers = self.inner.buffers
        noted = [event for _, event in self.awake if worth_noting(event)]
        for row, event in enumerate(noted):
            copy_fields(event, buffers.events[0, row])
        buffers.counts[0] = len(noted)
        copy_fields(self.counters, buffers.all_counters[0])
        for parent, _ in self.awake:
            parent.write()


def plain(value: Any) -> Any:
    """Records as objects, arrays of records as lists of them, numbers as Python's own."""
    if isinstance(value, np.void):
        return SimpleNamespace(**{name: plain(value[name]) for name in value.dtype.names or ()})
    if isinstance(value, np.ndarray) and value.dtype.names:
        return [plain(each) for each in value]
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value


def plain_world(world: Any) -> Any:
    """All of a world as plain objects; tables of several dimensions as dictionaries."""
    tables = {name: _table(getattr(world, name)) for name in ("use_per_day", "pressure")}
    others = {n: plain(v) for n, v in world._asdict().items() if n not in tables}
    return world._replace(**others, **tables)


def _table(array: Any) -> dict[tuple[int, ...], Any]:
    cells: dict[tuple[int, ...], Any] = {at: value.item() for at, value in np.ndenumerate(array)}
    rows = {at: array[at].tolist() for at in np.ndindex(array.shape[:-1])}
    return cells | rows


BLANK = {kind: plain(np.zeros(1, kind)[0]) for kind in (EVENT, INBOX)}


def _copy(paper: SimpleNamespace) -> SimpleNamespace:
    copied = {n: list(v) if isinstance(v, list) else v for n, v in vars(paper).items()}
    return SimpleNamespace(**copied)


def measure(small: bool = False) -> list[Line]:
    """Plain agents, and the engine at their number and at a million."""
    households, days = (200, 3) if small else (2000, 20)
    many = 20_000 if small else 1_000_000
    model = PlainModel(_settled(households, days, 1))
    for _ in range(days):
        model.step()
    plain_speed = households * days / model.seconds
    speeds = {
        (size, threads): size * days / live(_settled(size, days, threads), days)
        for size, threads in ((households, 1), (households, THREADS), (many, 1), (many, THREADS))
    }
    ratios = {case: speed / plain_speed for case, speed in speeds.items()}
    told = "; ".join(
        f"{size:,} households, {threads} thread{'s' * (threads > 1)}: {ratio:,.0f}"
        for (size, threads), ratio in ratios.items()
    )
    return [
        Line(
            "the engine over the same rules on plain Mesa agents",
            ratios[many, THREADS],
            "ratio",
            300.0,
            "higher",
            f"{households:,} agents, {days} days: {plain_speed:,.0f} agent-days/s, "
            f"{model.households_awake / households / days:.1%} awake; engine over it at {told}",
        )
    ]


def _settled(households: int, days: int, threads: int) -> RepurchaseModel:
    model = living(households, WARMUP_DAYS, SETTLING_DAYS + days, threads)
    live(model, SETTLING_DAYS)
    return model
