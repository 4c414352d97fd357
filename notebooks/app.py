"""A thousand parents in a browser, some of whom believe nobody: an example to copy.

Start it with ``solara run notebooks/app.py`` and press play. The model is an ordinary Mesa model,
`Sceptic` an ordinary agent; whatever works with Mesa works with them.
"""

from typing import Any

import mesa
import numpy as np
from mesa.visualization import Slider, SolaraViz, make_plot_component

from sim.agents.plain import Parent, PlainModel
from sim.config.loading import strategy_titles


class Sceptic(Parent):
    """Believes its own orders alone, if it is one of so many in ten; else like everybody."""

    @property
    def doubts(self) -> bool:
        """Whether this one is a sceptic."""
        return self.index % 10 < self.model.sceptics

    def believe_members(self, parent: Any, group: Any, days: float, p: Any) -> None:
        """What members tell in the chat."""
        if not self.doubts:
            super().believe_members(parent, group, days, p)

    def believe_experts(self, parent: Any, expert: float, promotion: float, p: Any) -> None:
        """What experts say, and the operator itself."""
        if not self.doubts:
            super().believe_experts(parent, expert, promotion, p)

    def credible_posts(self, world: Any, place: int) -> float:
        """Posts of followed KOCs, by how credible they are."""
        return 0.0 if self.doubts else super().credible_posts(world, place)


class Doubts(PlainModel):
    """A strategy among sceptics: so many in ten believe nobody."""

    def __init__(
        self, scenario: str = "integrated", sceptics: int = 5, households: int = 1000, seed: int = 1
    ) -> None:
        super().__init__(scenario, seed=int(seed), households=int(households), parent=Sceptic)
        self.sceptics = sceptics
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "orders": lambda model: sum(int(day["orders"]) for day in model.daily),
                "trust of believers": lambda model: mean_trust(model, doubting=False),
                "trust of sceptics": lambda model: mean_trust(model, doubting=True),
            }
        )
        self.datacollector.collect(self)

    def step(self) -> None:
        """Live a day, and note its figures."""
        super().step()
        self.datacollector.collect(self)


def mean_trust(model: Doubts, doubting: bool) -> float:
    """Mean trust in the operator of whoever is in its private domain."""
    reached = model.parents.select(lambda one: one.in_private_domain and one.doubts == doubting)
    return float(np.mean(reached.get("trust"))) if len(reached) else float("nan")


def label_trust(axes: Any) -> None:
    """Say what the figure of trust shows."""
    axes.set(title="Trust of those in the private domain; a step is a day", ylabel="0 to 1")


def label_orders(axes: Any) -> None:
    """Say what the figure of orders shows."""
    axes.set(title="Orders with the operator so far", ylabel="orders")


page = SolaraViz(
    Doubts(),
    components=[
        make_plot_component(
            {"trust of believers": "tab:blue", "trust of sceptics": "tab:orange"},
            post_process=label_trust,
        ),
        make_plot_component({"orders": "tab:green"}, post_process=label_orders),
    ],
    model_params={
        "scenario": {
            "type": "Select",
            "value": "integrated",
            "values": list(strategy_titles()),
            "label": "Strategy",
        },
        "sceptics": Slider("Sceptics in ten parents", 5, 0, 10, 1),
        "households": Slider("Households", 1000, 200, 2000, 200),
        "seed": Slider("Seed", 1, 1, 20, 1),
    },
    name="Parents who doubt",
    play_interval=50,
)
