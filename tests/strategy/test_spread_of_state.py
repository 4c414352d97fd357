"""No strategy drives most parents or chats to the end of a scale, where all are alike."""

from typing import Any

import numpy as np
import pytest

from sim.behaviour.look import highest_engagement
from sim.config.loading import Simulation, load
from sim.experiments.simulate import observe
from tests.shipped import SHIPPED

DAYS, ACTIVE_DAYS = 180, 30
AT_THE_END = 0.01  # of the scale
MOST, FEW = 0.5, 5  # share of those looked at; members of a chat that tell nothing of it


def lived(strategy: str) -> Simulation:
    """Half a year of a strategy, by an operator of the usual age."""
    return load(strategy, ["population.households=8000", f"run.days={DAYS}"])


def at_an_end(values: Any, highest: Any = 1.0, weights: Any = None) -> float:
    """Share of values at the bottom or the top of their scale."""
    place = np.asarray(values, float) / highest
    ended = (place <= AT_THE_END) | (place >= 1.0 - AT_THE_END)
    return float(np.average(ended, weights=weights))


@pytest.mark.parametrize("strategy", SHIPPED)
def test_feelings_and_chats_are_spread_over_their_scales(strategy: str) -> None:
    config = lived(strategy)
    parents = observe(config, seed=5).end
    reached = parents[parents["in_private_domain"] > 0]
    assert len(reached) > 50
    look = config.behaviour.look
    highest = [highest_engagement(float(s), look) for s in reached["sociability"]]
    shares = {
        "trust": at_an_end(reached["trust"]),
        "satisfaction": at_an_end(reached["satisfaction"]),
        "engagement": at_an_end(reached["engagement"], np.array(highest)),
        "fatigue": at_an_end(reached["fatigue"], look.fatigue_tolerance),
    }
    members = parents[parents["group"] >= 0]
    active = np.bincount(members["group"], members["last_reaction_day"] >= DAYS - ACTIVE_DAYS)
    of = np.bincount(members["group"])
    told = of >= FEW  # counted by members: chats long silent keep the few who never left
    shares["activity of chats"] = at_an_end(active[told] / of[told], weights=of[told])
    assert {name: round(share, 2) for name, share in shares.items() if share > MOST} == {}
    for name in ("trust", "satisfaction", "engagement"):
        low, high = np.quantile(reached[name], [0.1, 0.9])
        assert high - low > 0.02, f"{name} tells hardly anybody apart: {low:.2f} to {high:.2f}"
