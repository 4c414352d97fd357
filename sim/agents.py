"""Mesa windows: parents, KOCs, communities, the operator and its rivals as ordinary agents.

A window holds a number and nothing else: what it shows is read from the model's arrays, and
what is set on it is written there. Windows are made when somebody first asks for them, so a
million households cost nothing until they are looked at one by one. `Parent.step` lives a day
in plain Python, through the very functions that the engine compiles.
"""

import itertools
from collections.abc import Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from mesa.agent import AgentSet

from sim.behaviour.day import ASLEEP, waking
from sim.engine import BLOCK, spend_day, worth_noting
from sim.operator.house import HOUSE_STATE
from sim.world.communities import GROUP_RECORD
from sim.world.draws import HOUSEHOLD, LOOK, uniform
from sim.world.household import FIELDS, NEVER, STAGES, stage_of
from sim.world.market import RIVALS
from sim.world.records import clear, copy_fields
from sim.world.state import INBOX

if TYPE_CHECKING:
    from sim.model import RepurchaseModel


class _Numbers:
    """Numbers of windows, kept by each model for itself.

    Mesa's own `Agent._ids` keeps every model that ever made an agent in memory for good.
    """

    def __getitem__(self, model: "Windows") -> Iterator[int]:
        return model.window_numbers


class Window(mesa.Agent):
    """A window on one record of the model.

    Parameters
    ----------
    model
        The model.
    index
        Which record.
    """

    _ids = _Numbers()

    def __init__(self, model: "Windows", index: int) -> None:
        super().__init__(model)
        self.index = index

    @property
    def record(self) -> Any:
        """The record itself: an `np.record` that shares the model's memory."""
        raise NotImplementedError

    if TYPE_CHECKING:  # the fields of the record, see `_show`

        def __getattr__(self, name: str) -> Any: ...


def _show(window: type[Window], names: Any) -> None:
    """Give a kind of window an attribute for each of these fields of its record."""
    for name in names:

        def get(self: Window, name: str = name) -> Any:
            value = self.record[name]
            return value if value.shape else value.item()

        def put(self: Window, value: Any, name: str = name) -> None:
            self.record[name] = value

        setattr(window, name, property(get, put))


class Parent(Window):
    """A household; every field of its record is an attribute.

    Feelings are those of `felt_day`: they drift in closed form until they matter again.
    """

    @property
    def record(self) -> Any:
        """The household's record."""
        return self.model.households.view(np.recarray)[self.index]

    @property
    def alarm(self) -> Any:
        """When the household wakes, and how often it looks."""
        return self.model.alarms.view(np.recarray)[self.index]

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

    def step(self) -> None:
        """Live today, alone and in plain Python, and write it down where the engine would."""
        model, place, alarm = self.model, self.index, self.alarm
        # As a record, the rules would hide behind NumPy's own methods (`choose`).
        world = model.world._replace(behaviour=model.config.behaviour)
        luck = uniform(world.seed, HOUSEHOLD, place, model.day, LOOK)
        woken_by = waking(alarm, luck, world.today[0], model.day)
        if woken_by == ASLEEP:
            return
        block = place // BLOCK
        slip = model.slips.deeds[block, model.slips.counts[block]]
        household, totals = self.record, model.slips.tallies[block]
        parent, deed, tally = _on_paper(household), _on_paper(slip), _on_paper(totals)
        inbox = _on_paper(np.zeros(1, INBOX)[0])
        spend_day(parent, alarm, place, world, model.day, woken_by, inbox, deed, tally)
        copy_fields(parent, household)
        copy_fields(deed, slip)
        copy_fields(tally, totals)
        if worth_noting(deed):
            model.slips.counts[block] += 1


_show(Parent, [field.name for field in FIELDS])


def _on_paper(record: Any) -> SimpleNamespace:
    """A record as a plain object: Python's own numbers neither overflow nor round early."""
    paper = SimpleNamespace()
    copy_fields(record, paper)
    return paper


class KOC(Parent):
    """A parent who may become, or is, a key opinion consumer: followed by others."""

    def __init__(self, model: "Windows", index: int, koc: int) -> None:
        super().__init__(model, index)
        self.koc = koc

    @property
    def standing(self) -> Any:
        """Record of KOC_RECORD: credibility, followers, posts, whether recruited."""
        return self.model.world.kocs[self.koc]

    @property
    def is_koc(self) -> bool:
        """Whether the operator has recruited this parent."""
        return bool(self.standing.recruited)


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


_show(Community, GROUP_RECORD.names)


class Operator(Window):
    """The operator: stock, demand, the service desk's queue; its levers as they are today."""

    @property
    def record(self) -> Any:
        """State of the house."""
        return self.model.house_state[0]

    @property
    def levers(self) -> Any:
        """Parameters of every lever, and the `power` the budget leaves it today."""
        return self.model.world.levers


_show(Operator, HOUSE_STATE.names)


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
    alarms: Any
    world: Any
    slips: Any
    house_state: Any
    newest_groups: Any
    day: int
    first_day: int
    _agents_by_type: dict[type[mesa.Agent], AgentSet]

    def __init__(self, seed: int) -> None:
        super().__init__(rng=seed)
        self.window_numbers = itertools.count(1)
        self._parents: AgentSet | None = None

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
            self._parents = AgentSet(list(self._windows_on_parents()), random=self.random)
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
            yield Parent(self, place) if koc < 0 else KOC(self, place, koc)

    @property
    def parents(self) -> AgentSet:
        """Every household, KOCs among them, by place."""
        self._open_windows()
        return self._parents

    @property
    def kocs(self) -> AgentSet:
        """Whoever may be recruited as a key opinion consumer."""
        return self._of(KOC)

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
    model.slips.counts[:] = 0
    for tally in model.slips.tallies:
        clear(tally)
    model.parents.shuffle_do("step")
    for deeds, count in zip(model.slips.deeds, model.slips.counts, strict=True):
        deeds[:count] = deeds[:count][np.argsort(deeds[:count]["household"])]
