"""A plain Mesa model: every parent is an agent who steps in plain Python and may be replaced."""

import secrets
from collections.abc import Sequence
from pathlib import Path

from sim.agents.agents import KOC, Community, Operator, Parent, Rival
from sim.agents.model import RepurchaseModel
from sim.config.loading import load
from sim.engine.warm_up import begin_strategy
from sim.operator.budget import check_affordable

HOUSEHOLDS = 1000  # a day of so many takes about .15 seconds


class PlainModel(RepurchaseModel):
    """A strategy from its first day on, lived agent by agent.

    With `Parent` itself it is bit for bit the world of the compiled engine, some hundred times
    slower. The warm-up is always the engine's, so parents of every kind begin as equals.

    Parameters
    ----------
    scenario
        The strategy, a name in `scenarios/`.
    overrides
        Settings to change, as on the command line.
    seed
        Seed of the run, noted as `seed_of_luck`. Without one it is drawn, as in any Mesa model:
        replications of `mesa.batch_run` differ. What is to be compared needs the same seed.
    households
        How many parents there are.
    parent
        `Parent`, or a subclass of it that answers some of the rules in its own way.
    config_dir
        A folder of the user's own, laid out like `conf/`.
    trust_rules
        Whether code may run that the scenario names.

    Attributes
    ----------
    by_windows
        Whether parents step one by one; set it to False and the engine goes on.
    running
        False once the run's days are over.
    """

    def __init__(
        self,
        scenario: str = "baseline",
        overrides: Sequence[str] = (),
        seed: int | None = None,
        households: int = HOUSEHOLDS,
        parent: type[Parent] = Parent,
        config_dir: Path | None = None,
        trust_rules: bool = False,
    ) -> None:
        size = f"population.households={households}"
        config = load(scenario, [size, *overrides], config_dir, trust_rules=trust_rules)
        check_affordable(config)
        super().__init__(config, secrets.randbits(62) if seed is None else seed)
        self.parent_class = parent
        begin_strategy(self, keep=seed is not None)  # a world drawn by lot is not asked for again
        self.by_windows = True

    def step(self) -> None:
        """Live one day; none after the last."""
        if self.running:
            super().step()


__all__ = ["KOC", "Community", "Operator", "Parent", "PlainModel", "Rival"]
