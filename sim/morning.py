"""Morning: what holds for everyone today, before anybody wakes."""

from typing import Any

from sim.behaviour.look import kept_share
from sim.compiled import compiled, entry_point
from sim.operator.lever import make_plans, set_powers
from sim.world.household import AUDIENCES
from sim.world.records import clear


@entry_point
def announce(world: Any, pace: float, day: int) -> None:
    """The market's day and the house's terms; then every lever, at the budget's pace."""
    today, house = world.today[0], world.house
    clear(today)
    for audience in range(AUDIENCES):
        today.prompt[audience] = 1.0
    today.festival = world.calendar[day - world.first_day].festival
    today.first_contact_resolution = house.first_contact_resolution
    today.defect_share = house.defect_share
    today.desk_ratio = 1.0
    set_powers(world.levers, pace)
    make_plans(world, day)
    send_messages(world, day)


@compiled
def send_messages(world: Any, day: int) -> None:
    """Messages of all senders, discounted at the pace at which they are digested."""
    now = day - world.first_day
    if now == 0:
        return  # the first day's backlog is set with the population
    kept = kept_share(1.0, world.behaviour.look.fatigue_half_life_days)
    others = world.calendar[now].rival_messages
    for audience in range(AUDIENCES):
        arrived = world.today[0].broadcasts[audience] + others
        world.pressure[audience, now] = kept * world.pressure[audience, now - 1] + arrived
