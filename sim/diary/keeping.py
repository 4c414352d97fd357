"""Keeping a diary: all households live by the engine, and a few are watched while they do.

Before the engine lives a day, a watched household lives it once on paper, in plain Python, where
every rule that is asked can be overheard. Then the engine lives the day for everybody, and what it
made of the household must be what was overheard, bit for bit.
"""

import inspect
import numbers
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.agents.agents import Lived, Parent
from sim.agents.model import RepurchaseModel
from sim.agents.rule_overrides import RULES, Rule
from sim.diary.entries import Answer, Diary, Entry, changes
from sim.engine.model import DAY_STEPS, Engine
from sim.engine.warm_up import begin_strategy
from sim.operator.budget import check_affordable
from sim.parameters.quantity import ConfigurationError
from sim.responses.checking import check_rules
from sim.rules.replacing import told_if_not_compiled
from sim.text.outgoing import cited
from sim.world.household import AUDIENCES
from sim.world.market_path import nobody_lives_with
from sim.world.records import copy_fields
from sim.world.state import COUNTERS

if TYPE_CHECKING:
    from sim.config.loading import Simulation

WOKEN_BY = ("asleep", "wake_schedule", "visit", "deal", "message")  # what `waking` says, in words


class Diarist(Parent):
    """A parent overheard: every rule answers as always, and the answer is noted down."""

    def __init__(self, model: RepurchaseModel, index: int) -> None:
        super().__init__(model, index)
        self.answers: list[Answer] = []
        self.asking: list[str] = []

    def foresee(self) -> tuple[Lived | None, tuple[Answer, ...]]:
        """Today on paper, and every rule that was asked."""
        self.answers = []
        counters = np.zeros(1, COUNTERS)[0]
        blank = {name: counters[name].tolist() for name in counters.dtype.names or ()}
        lived = self.live(_Paper(**blank))
        return lived, tuple(self.answers)


class _Paper:
    """A plain object with these attributes."""

    def __init__(self, **values: Any) -> None:
        vars(self).update(values)


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real | np.bool_)


def _plain(value: Any) -> Any:
    """Python's own numbers in place of NumPy's."""
    return value.item() if isinstance(value, np.generic) else value


def _overheard(name: str) -> Rule:
    parameters = tuple(inspect.signature(RULES[name]).parameters)

    def answer(self: Diarist, *arguments: Any) -> Any:
        given = dict(zip(parameters, arguments, strict=True))
        shelf = tuple(given["parent"].covered_until) if "parent" in given else None
        plain = {name: _plain(value) for name, value in given.items() if _is_number(value)}
        self.asking.append(name)
        said = getattr(Parent, name)(self, *arguments)
        self.asking.pop()
        self.answers.append(Answer(name, plain, _plain(said), tuple(self.asking), shelf))
        return said

    return answer


for _name in RULES:
    setattr(Diarist, _name, _overheard(_name))


def keep_diary(
    config: "Simulation",
    seed: int,
    household: int,
    first_day: int = 0,
    days: int | None = None,
    on_day: Callable[[int], None] | None = None,
) -> Diary:
    """Live through one strategy and tell of one household; see `keep_diaries`."""
    return keep_diaries(config, seed, [household], first_day, days, on_day)[0]


@told_if_not_compiled
def keep_diaries(
    config: "Simulation",
    seed: int,
    households: Sequence[int],
    first_day: int = 0,
    days: int | None = None,
    on_day: Callable[[int], None] | None = None,
) -> list[Diary]:
    """Live through one strategy and tell of some households.

    Parameters
    ----------
    config
        From `sim.config.loading.load`.
    seed
        Seed of the run.
    households
        Their places, 0 to the population less one.
    first_day, days
        Which days to tell of; to the end of the run if `days` is left out.
    on_day
        Called after each day with its number, for progress.

    Raises
    ------
    ConfigurationError
        For a household or a day there is not.
    """
    count, last = config.population.households, config.run.days
    for household in households:
        if not 0 <= household < count:
            raise ConfigurationError(
                f"There is no household {cited(household)}: this world has households 0 to "
                f"{count - 1}."
            )
    if not 0 <= first_day < last:
        raise ConfigurationError(
            f"There is no day {cited(first_day)}: this run has days 0 to {last - 1}."
        )
    check_affordable(config)
    check_rules(config)
    model = RepurchaseModel(config, seed)
    begin_strategy(model)
    while model.day < first_day:
        model.step()
        model.events.clear()
        if on_day is not None:
            on_day(model.day - 1)
    end_day = last if days is None else min(first_day + days, last)
    watches = [_Watch(model, household) for household in households]
    while model.day < end_day:
        _watched_day(model, watches)
        if on_day is not None:
            on_day(model.day - 1)
    return [watch.diary(config, seed, first_day, end_day) for watch in watches]


def _watched_day(model: RepurchaseModel, watches: list["_Watch"]) -> None:
    """A day of the model, step by step, each household watched before and after it lives."""
    for step in DAY_STEPS:
        if step is Engine.live:
            for watch in watches:
                watch.foresee()
        step(model)
        if step is Engine.live:
            for watch in watches:
                watch.compare()
    for watch in watches:
        watch.write()
    model.events.clear()
    model.day += 1


class _Watch:
    """What is known of one household today, and what was written down before."""

    def __init__(self, model: RepurchaseModel, household: int) -> None:
        self.model, self.household = model, household
        self.diarist = Diarist(model, household)
        self.entries: list[Entry] = []
        self.todays: list[dict[str, Any]] = []
        self.first = self.known = self.record

    @property
    def record(self) -> Any:
        """A copy of the household's record as it is now."""
        return self.model.households[self.household].copy()

    def foresee(self) -> None:
        """Live the day on paper."""
        self.before = self.record
        self.lived, self.answers = self.diarist.foresee()
        audience = int(self.diarist.wake_schedule.audience)
        self.todays.append(_worth_telling(self.model.world.today[0], audience))

    def compare(self) -> None:
        """The engine has lived the day: it must have come to the same."""
        self.slept = self.record
        expected = self.before.copy()
        if self.lived is not None:
            copy_fields(self.lived.parent, expected)
        wrong = ", ".join(change.field for change in changes(expected, self.slept))
        if wrong:
            raise AssertionError(
                f"household {self.household}, day {self.model.day}: the engine differs in {wrong}"
            )

    def write(self) -> None:
        """Write the day down if there is anything to tell."""
        after, lived = self.record, self.lived
        if nobody_lives_with(self.before):
            return  # a deal that finds nobody at home
        if lived is None and not any(changes(self.known, after)):
            return
        event = {} if lived is None else _not_zero(vars(lived.event))
        if lived is not None:
            event["store"] = lived.event.store
        self.entries.append(
            Entry(
                day=self.model.day,
                woken_by=WOKEN_BY[0 if lived is None else lived.woken_by],
                before=self.known,
                lived=self.slept,
                after=after,
                inbox={} if lived is None else _inbox(lived.inbox),
                today=self.todays[-1],
                event=event,
                answers=self.answers,
            )
        )
        self.known = after

    def diary(self, config: "Simulation", seed: int, first_day: int, end_day: int) -> Diary:
        """All that was written down."""
        return Diary(
            config=config,
            seed=seed,
            household=self.household,
            first_day=first_day,
            end_day=end_day,
            first=self.first,
            last=self.known,
            entries=self.entries,
            todays=self.todays,
        )


def _worth_telling(today: Any, audience: int) -> dict[str, Any]:
    """What held today for whoever is in this audience."""
    values = {name: today[name] for name in today.dtype.names or ()}
    mine = {n: v[audience] if np.shape(v) == (AUDIENCES,) else v for n, v in values.items()}
    return _not_zero({name: np.asarray(value).tolist() for name, value in mine.items()})


def _inbox(inbox: Any) -> dict[str, Any]:
    """What levers put there; the names of friends are scratch paper."""
    return _not_zero({n: _plain(value) for n, value in vars(inbox).items() if n != "friends"})


def _not_zero(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if np.any(value)}


__all__ = ["keep_diaries", "keep_diary"]
