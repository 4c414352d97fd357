"""The panel: the households of whom a large population's tables are made.

Everybody lives through the model; of a large population only every k-th household's events and
census are kept. Households are arranged by region and, within it, by the child's age, so that
every k-th is a systematic sample of both. The choice depends on neither seed nor strategy.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.config.loading import Simulation
    from sim.engine.model import Engine

STRIDE = 30  # days between two signs of life; where there is a panel a day takes long enough


def one_in(households: int, most: int) -> int:
    """Of how many households one is in the panel.

    Parameters
    ----------
    households
        Size of the population.
    most
        Households that tables may have (`run.panel_households`); 0: any number.

    Returns
    -------
    int
        1 where everybody is: households 0, k, 2k, ... are in a panel of one in k.
    """
    return -(-households // most) if most else 1


def panel_of(config: "Simulation") -> int:
    """`one_in` of a run's population."""
    return one_in(config.population.households, config.run.panel_households)


def told_of_panel(panel: int, households: int) -> dict[str, float | str]:
    """What the manifest of a run says of its panel, if it has one."""
    if panel == 1:
        return {}
    return {
        "panel": f"Indicators, households, lives and orders are of a panel: one household in "
        f"{panel:,}, {households:,} in all. Rates and means are the panel's; indicators that are "
        f"totals and numbers of customers are its sums times {panel:,}. The daily table, the "
        "monthly sums and stocks, groups, costs and contribution are of everybody.",
    }


def live_telling(model: "Engine", until: int, on_day: Callable[[int], None] | None) -> None:
    """Live every day before `until`, and tell `on_day` the last one now and then."""
    stride = STRIDE if panel_of(model.config) == 1 else 1
    while model.day < until:
        model.live_until(min(model.day + stride, until))
        if on_day is not None:
            on_day(model.day - 1)


__all__ = ["live_telling", "one_in", "panel_of", "told_of_panel"]
