"""The levers by which a strategy differs from its reference, and what some of them do together.

The players are the levers that a strategy has otherwise; whatever else differs (operations,
budget, schedule, shocks, …) is one player more. A coalition, a whole number whose bits are its
players, is the reference with what these players have of the strategy.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

from sim.config.loading import Simulation, resolved
from sim.experiments import shapley
from sim.experiments.critical import Floats
from sim.experiments.effects import Effects, extra_column
from sim.experiments.evaluation import Evaluation, Trial
from sim.experiments.goals import Asked
from sim.parameters.quantity import ConfigurationError
from sim.store.runs import identity
from sim.text.outgoing import cited

REST = "rest"  # the player that has whatever differs and is no lever


def players_of(whole: Simulation, base: Simulation) -> list[str]:
    """The levers that two strategies have otherwise, and `REST` if that is not all."""
    levers = [
        name
        for name, own in vars(whole.operator).items()
        if hasattr(own, "strength") and own != getattr(base.operator, name)
    ]
    alike = identity(resolved(mixed(whole, base, levers, levers))) == identity(resolved(whole))
    return levers if alike else [*levers, REST]


def mixed(
    whole: Simulation, base: Simulation, players: Sequence[str], members: Sequence[str]
) -> Simulation:
    """The reference with what some players have of the strategy."""
    rest = whole if REST in members else base
    levers = {
        name: getattr((whole if name in members else base).operator, name)
        for name in players
        if name != REST
    }
    mix: Simulation = replace(rest, operator=replace(rest.operator, **levers))
    return mix


@dataclass
class Game:
    """What every coalition is worth in every world that has lived through it.

    Parameters
    ----------
    lives
        What lives through them.
    players
        Of whom coalitions are made, as bits in this order.
    whole, base
        The strategy and its reference.
    goal
        What is measured first.
    purposes
        By player, what it is for: a column of the daily table or an indicator.
    """

    lives: Evaluation
    players: Sequence[str]
    whole: Simulation
    base: Simulation
    goal: Asked
    purposes: Mapping[str, str] = field(default_factory=dict)
    trials: dict[int, Trial] = field(default_factory=dict, init=False)
    _worths: dict[tuple[int, int], Floats] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        extra = list(dict.fromkeys(self.purposes.values()))
        self.effects = Effects(self.lives, extra, self.goal)
        self.everybody = (1 << len(self.players)) - 1

    def live(self, drawn: Sequence[Sequence[shapley.Order]]) -> None:
        """Live through what is needed: in every world its own orders, or all coalitions."""
        needed = defaultdict(list)
        for world, seed in enumerate(self.lives.seeds):
            for coalition in sorted(self._needed(drawn[world] if drawn else ())):
                needed[coalition].append(seed)
        planned = [
            self._planned(number, coalition, seeds)
            for number, (coalition, seeds) in enumerate(sorted(needed.items()))
        ]
        self.trials = dict(zip(sorted(needed), self.lives.live(planned), strict=True))
        worlds = {seed: world for world, seed in enumerate(self.lives.seeds)}
        for coalition, trial in self.trials.items():
            measured = self.effects.measured(trial)
            rows = measured[[each.name for each in self.effects.outcomes]].to_numpy(float)
            for run, row in zip(trial.runs, rows, strict=True):
                self._worths[coalition, worlds[run.seed]] = row

    def in_world(self, world: int) -> shapley.Worth:
        """What coalitions are worth in one world, by every outcome."""
        return lambda coalition: self._worths[coalition, world]

    def everywhere(self, coalition: int) -> Floats:
        """Outcomes of a coalition, shape (worlds, outcomes)."""
        worlds = range(len(self.lives.seeds))
        return np.array([self._worths[coalition, world] for world in worlds])

    def purpose(self, player: str, coalition: int) -> Floats:
        """What a player is for, under a coalition that everybody lives through, by world."""
        measured = self.effects.measured(self.trials[coalition])
        return measured[extra_column(self.purposes[player])].to_numpy(float)

    def told(self, coalition: int) -> str:
        """Members of a coalition, in words."""
        return " + ".join(self._members(coalition))

    def _members(self, coalition: int) -> list[str]:
        return [name for place, name in enumerate(self.players) if coalition >> place & 1]

    def _needed(self, orders: Sequence[shapley.Order]) -> set[int]:
        """Nobody, everybody, who is alone, who is missing, all pairs, and the way of the orders."""
        if not orders:
            return set(range(self.everybody + 1))
        ones = [1 << place for place in range(len(self.players))]
        found = {0, self.everybody, *ones, *(self.everybody ^ one for one in ones)}
        found |= {one | other for one, other in combinations(ones, 2)}
        return found.union(*map(shapley.on_the_way, orders))

    def _planned(self, number: int, coalition: int, seeds: Sequence[int]) -> Trial:
        strategy = self.lives.strategies[0]
        config = mixed(self.whole, self.base, self.players, self._members(coalition))
        point = {"with": self.told(coalition) or "none of them"}
        try:
            return self.lives.planned(number, point, strategy, config, seeds)
        except ConfigurationError as error:
            if coalition in (0, self.everybody):  # then it is one of the two strategies
                raise
            raise ConfigurationError(
                f"{cited(strategy)} cannot be taken apart, for with {self.told(coalition)} alone "
                f"it cannot be run: {error}"
            ) from None


__all__ = ["REST", "Game", "mixed", "players_of"]
