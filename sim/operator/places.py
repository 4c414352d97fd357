"""What serves the households around it, stores and warehouses: who is near, how many it takes.

Who lives near one is drawn by lot among a lever's audience, so that `audience.regions` and
`audience.city_tiers` say where the operator builds; it lasts as long as a family lives there, and
a larger share only adds to those near. As many are paid for as there are households to be served,
customers or not; small operators share one.
"""

from sim.compilation.compiled import compiled
from sim.operator.audiences import addressed
from sim.operator.common import LeverParameters
from sim.world.draws import HOUSEHOLD, uniform
from sim.world.market_path import nobody_lives_with
from sim.world.protocols import Parent, Records
from sim.world.state import World

COUNTING_DAYS = 30  # between two counts of households: the month of leases


@compiled
def lives_near(
    parent: Parent, place: int, world: World, own: LeverParameters, share: float
) -> bool:
    """Whether a household lives near one, where at full strength a share of households does."""
    luck = uniform(world.seed, HOUSEHOLD, place, parent.family, own.purpose)
    return luck < own.power * share


@compiled
def households_counted(
    counted: int, households: Records[Parent], world: World, day: int, own: LeverParameters
) -> int:
    """Households of the audience, as they were `counted`; once a month they are counted anew.

    Without power nobody is served, and nobody is counted.
    """
    if own.power <= 0.0:
        return 0
    if counted > 0 and day % COUNTING_DAYS != 0:
        return counted
    found = 0
    for place in range(len(households)):
        parent = households[place]
        if not nobody_lives_with(parent) and addressed(parent, place, world, day, own):
            found += 1
    return found


__all__ = ["COUNTING_DAYS", "households_counted", "lives_near"]
