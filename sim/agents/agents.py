"""Mesa windows: parents, KOCs, communities, the operator and its rivals as ordinary agents.

A window holds a number and nothing else: what it shows is read from the model's arrays, and
what is set on it is written there. Windows are made when somebody first asks for them, so a
million households cost nothing until they are looked at one by one. `Parent.step` lives a day
in plain Python, through the very functions that the engine compiles; a subclass of `Parent`
answers whichever of them it likes in its own way.
"""

import difflib
import functools
import itertools
from collections.abc import Iterable, Iterator
from types import FunctionType, SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import mesa
import numpy as np
from mesa.agent import AgentSet

from sim.agents.rule_overrides import RULES, OverriddenRules, Rule
from sim.agents.windows import Window, show_fields
from sim.behaviour.day import ASLEEP
from sim.engine.blocks import BLOCK, worth_noting
from sim.operator.operations import OPERATIONS_STATE
from sim.operator.own_records import EVENT, INBOX, shared
from sim.world.communities import GROUP_RECORD
from sim.world.draws import HOUSEHOLD, LOOK, uniform
from sim.world.household import FIELDS, NEVER, STAGES, stage_of
from sim.world.market import RIVALS
from sim.world.records import clear, copy_fields
from sim.world.ties import MOST_FRIENDS, friends_of

if TYPE_CHECKING:
    from sim.agents.model import RepurchaseModel


class Lived(NamedTuple):
    """A day in buffers: the household as it goes to sleep, and what it leaves behind."""

    woken_by: int
    parent: Any  # PARENT
    wake_schedule: Any  # WAKE_SCHEDULE
    inbox: Any  # INBOX, as the operator's levers left it
    event: Any  # EVENT
    states: Any  # what levers keep of this household, by lever


class Parent(Window):
    """A household: every field of its record is an attribute, every rule it lives by a method.

    Feelings are those of `felt_day`: they drift in closed form until they matter again.

    A subclass answers in its own way by a method that has a rule's name and takes what the rule
    takes; ``super()`` is what the rule itself says::

        class Sceptic(Parent):
            def credible_posts(self, world, place):
                return 0.0

    A method whose name is nearly a rule's is refused: nobody would ever ask it.
    """

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        for kind in cls.__mro__:
            if kind not in Parent.__mro__:
                _check_rules_of(kind)

    @property
    def record(self) -> Any:
        """The household's record."""
        return self.model.households.view(np.recarray)[self.index]

    @property
    def wake_schedule(self) -> Any:
        """When the household wakes, and how often it looks."""
        return self.model.wake_schedules.view(np.recarray)[self.index]

    @property
    def age_days(self) -> int:
        """Age of the index child, negative before birth."""
        return int(self.model.day - self.birth_day)

    @property
    def stage(self) -> str:
        """Childcare stage, one of STAGES."""
        return STAGES[stage_of(self.age_days)]

    @property
    def is_koc(self) -> bool:
        """Whether the operator has recruited this parent as a key opinion consumer."""
        return False

    @property
    def community(self) -> "Community | None":
        """The group chat they are in."""
        return self.model.communities[self.group] if self.group >= 0 else None

    @property
    def friends(self) -> AgentSet:
        """Parents they have strong ties with, who are seen buying."""
        places = np.zeros(MOST_FRIENDS, np.int64)
        found = friends_of(self.index, self.model.world.ties, places)
        return self.model.parents_at(places[:found].tolist())

    def bounds_of(self, name: str) -> tuple[float, float]:
        """Least and greatest value of a field, as it is declared."""
        if name == "group":
            return -1, int(self.model.newest_groups[0, -1]) - 1
        if name == "region":
            return 0, len(self.model.config.population.regions) - 1
        return BOUNDS[name]

    def step(self) -> None:
        """Live today, alone and in plain Python, and write it down where the engine would.

        Raises
        ------
        RuntimeError
            If it is not this household's turn: `model.step()` lets everybody live once a day,
            between the operator's morning and the evening.
        """
        model, block = self.model, self.index // BLOCK
        if self.index not in model.yet_to_live:
            raise RuntimeError(
                f"Household {self.index} lives once a day, within the model's own: call "
                "`model.step()`, which steps every parent; to live otherwise, override `step` "
                "of your subclass of Parent."
            )
        model.yet_to_live.remove(self.index)
        totals = model.buffers.all_counters[block]
        counters = _buffered(totals)
        lived = self.live(counters)
        if lived is None:
            return
        buffer = model.buffers.events[block, model.buffers.counts[block]]
        copy_fields(lived.parent, self.record)
        copy_fields(lived.wake_schedule, self.wake_schedule)
        copy_fields(lived.event, buffer)
        for name, kept in lived.states._asdict().items():
            if self.index in kept:
                copy_fields(kept[self.index], getattr(model.world.states, name)[self.index])
        copy_fields(counters, totals)
        if worth_noting(lived.event):
            model.buffers.counts[block] += 1

    def live(self, counters: Any) -> Lived | None:
        """Today in buffers, nothing of it stored yet; None if it is slept through."""
        model, place = self.model, self.index
        told = model.rules_of(self)
        # As a record, the rules would hide behind NumPy's own methods (`choose`).
        states = _buffered_rows(model.world.states, place)
        world = model.world._replace(behaviour=model.behaviour, states=states)
        luck = uniform(world.seed, HOUSEHOLD, place, model.day, LOOK)
        wake_schedule = _buffered(self.wake_schedule)
        woken_by = told.waking(wake_schedule, luck, world.today[0], model.day, world.behaviour.look)
        if woken_by == ASLEEP:
            return None
        parent = _buffered(self.record)
        inbox, event = (_buffered(np.zeros(1, kind)[0]) for kind in (INBOX, EVENT))
        told.spend_day(
            parent, wake_schedule, place, world, model.day, woken_by, inbox, event, counters
        )
        return Lived(woken_by, parent, wake_schedule, inbox, event, states)


def _live_by(name: str, rule: Rule) -> Rule:
    """The method of `Parent` that says what a rule says."""

    def answer(self: Parent, *arguments: Any) -> Any:
        return self.model.rules_of(self).rules[name](*arguments)

    answer.__name__, answer.__doc__ = name, rule.__doc__
    return answer


def _check_rules_of(kind: type) -> None:
    """Refuse methods that were meant to answer a rule and have no rule's name."""
    known = dir(Parent)
    for name, value in vars(kind).items():
        if isinstance(value, FunctionType) and not name.startswith("_") and name not in known:
            near = difflib.get_close_matches(name, RULES, n=1, cutoff=0.8)
            if near:
                raise TypeError(
                    f"{kind.__name__}.{name} answers no rule, for there is none of this name; did "
                    f"you mean {near[0]}? If it is a method of your own, name it _{name}."
                )


for _name, _rule in RULES.items():
    setattr(Parent, _name, _live_by(_name, _rule))
BOUNDS = {field.name: field.bounds for field in FIELDS}
show_fields(Parent, BOUNDS)


def _buffered(record: Any) -> SimpleNamespace:
    """A record as a plain object: Python's own numbers neither overflow nor round early."""
    paper = SimpleNamespace()
    copy_fields(record, paper)
    return paper


def _buffered_rows(states: Any, place: int) -> Any:
    """What levers keep, of which a household sees by day its own row and the operator's."""
    return states._make(
        {
            row: _buffered(kept[row])
            for row in ((0,) if name.endswith(shared("")) else (place,))
            if kept is not None and len(kept) > 0
        }
        for name, kept in states._asdict().items()
    )


class KOC(Parent):
    """A parent who may become, or is, a key opinion consumer: followed by others.

    Beside what every parent has: `credibility` (0 to 1) and number of `followers`.
    """

    def __init__(self, model: "Windows", index: int, koc: int) -> None:
        super().__init__(model, index)
        self.koc = koc

    @property
    def standing(self) -> Any:
        """Record of KOC_RECORD: credibility, followers, posts, whether recruited."""
        return self.model.world.kocs[self.koc]

    def bounds_of(self, name: str) -> tuple[float, float]:
        """Least and greatest value of a field, as it is declared."""
        return OF_KOCS.get(name) or super().bounds_of(name)

    @property
    def is_koc(self) -> bool:
        """Whether the operator has recruited this parent."""
        return bool(self.standing.recruited)


OF_KOCS: dict[str, tuple[float, float]] = {
    "credibility": (0, 1),
    "followers": (0, np.iinfo(np.int32).max),
}
show_fields(KOC, OF_KOCS, "standing")


class Community(Window):
    """A group chat; every field of its record is an attribute, its topic by index or ANY."""

    @property
    def record(self) -> Any:
        """The chat's record."""
        return self.model.world.groups[self.index]

    @property
    def lives(self) -> bool:
        """Whether it has neither fallen silent nor been closed."""
        return bool(self.silent_day == NEVER and self.closed_day == NEVER)

    @property
    def parents(self) -> AgentSet:
        """Its members."""
        return self.model.parents.select(lambda parent: parent.group == self.index)


show_fields(Community, GROUP_RECORD.names or ())


class Operator(Window):
    """The operator: stock, demand, the service desk's queue; its levers as they are today."""

    @property
    def record(self) -> Any:
        """State of the operator's operations."""
        return self.model.operations_state[0]

    @property
    def levers(self) -> Any:
        """Parameters of every lever, and the `power` the budget leaves it today."""
        return self.model.world.levers


show_fields(Operator, OPERATIONS_STATE.names or ())


class Rival(Window):
    """A store that is not the operator's; prices are today's."""

    @property
    def record(self) -> Any:
        """Today's market, all rivals in it."""
        return self.model.world.calendar[self.model.day - self.model.first_day]

    @property
    def name(self) -> str:
        """One of RIVALS."""
        return RIVALS[self.index]

    @property
    def price_ratio(self) -> float:
        """Price over the operator's list price, discount included."""
        return float(self.record.rival_price[self.index])

    @property
    def discount(self) -> float:
        """Discount as a share of its usual price."""
        return float(self.record.rival_discount[self.index])


class Windows(mesa.Model):
    """A Mesa model whose agents are windows, made when somebody first asks for them."""

    config: Any
    households: Any
    wake_schedules: Any
    world: Any
    buffers: Any
    operations_state: Any
    newest_groups: Any
    day: int
    first_day: int
    _agents_by_type: dict[type[mesa.Agent], AgentSet]
    parent_class: type[Parent] = Parent  # whose rules households live by when they step

    def __init__(self, seed: int) -> None:
        super().__init__(rng=seed)
        self.window_numbers = itertools.count(1)
        self.yet_to_live: set[int] = set()  # whose turn is still to come, within a day
        self._parents: AgentSet | None = None
        self._by_place: list[Parent] = []
        self._overridden: dict[type[Parent], OverriddenRules] = {}

    def rules_of(self, parent: Parent) -> OverriddenRules:
        """The rules as this kind of parent lives by them, and this one answering."""
        kind = type(parent)
        if kind not in self._overridden:
            own = [name for name in RULES if getattr(kind, name) is not getattr(Parent, name)]
            self._overridden[kind] = OverriddenRules(own)
        self._overridden[kind].who = parent
        return self._overridden[kind]

    @functools.cached_property
    def koc_class(self) -> type[KOC]:
        """KOCs live by the same rules as other parents."""
        own = self.parent_class
        return KOC if own is Parent else type(f"{own.__name__}KOC", (KOC, own), {})

    @property
    def agents(self) -> AgentSet:
        """Windows on everybody: parents by place, the operator, rivals, chats as founded."""
        self._open_windows()
        return self._all_agents

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], AgentSet]:
        """The same by kind of window."""
        self._open_windows()
        return self._agents_by_type

    def _open_windows(self) -> None:
        """Make the windows that are still missing."""
        if self._parents is None:
            self._by_place = list(self._windows_on_parents())
            self._parents = AgentSet(self._by_place, random=self.random)
            Operator(self, 0)
            for rival in range(len(RIVALS)):
                Rival(self, rival)
        known = len(self._agents_by_type.get(Community, ()))
        for group in range(known, int(self.newest_groups[0, -1])):
            Community(self, group)

    def _windows_on_parents(self) -> Iterator[Parent]:
        candidates = {int(place): koc for koc, place in enumerate(self.world.kocs["household"])}
        for place in range(len(self.households)):
            koc = candidates.get(place, -1)
            yield self.parent_class(self, place) if koc < 0 else self.koc_class(self, place, koc)

    @property
    def parents(self) -> AgentSet:
        """Every household, KOCs among them, by place."""
        self._open_windows()
        return self._parents

    def parents_at(self, places: Iterable[int]) -> AgentSet:
        """The households in these places."""
        self._open_windows()
        return AgentSet([self._by_place[place] for place in places], random=self.random)

    @property
    def kocs(self) -> AgentSet:
        """Whoever may be recruited as a key opinion consumer."""
        return self._of(self.koc_class)

    @property
    def communities(self) -> AgentSet:
        """Group chats in the order of founding."""
        return self._of(Community)

    @property
    def rivals(self) -> AgentSet:
        """The other stores."""
        return self._of(Rival)

    @property
    def operators(self) -> AgentSet:
        """The operator, alone in its set."""
        return self._of(Operator)

    def _of(self, kind: type[Window]) -> AgentSet:
        return self.agents_by_type.get(kind, AgentSet([], random=self.random))


def live_by_windows(model: "RepurchaseModel") -> None:
    """A day of everybody through their windows, in any order: the same day as the engine's."""
    model.buffers.counts[:] = 0
    for counters in model.buffers.all_counters:
        clear(counters)
    model.yet_to_live = set(range(len(model.households)))
    try:
        model.parents.shuffle_do("step")
    finally:
        model.yet_to_live.clear()
    for events, count in zip(model.buffers.events, model.buffers.counts, strict=True):
        events[:count] = events[:count][np.argsort(events[:count]["household"])]
