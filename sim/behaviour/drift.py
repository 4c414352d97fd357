"""Feelings while nothing happens: fatigue is digested, engagement and evidence fade."""

from sim.behaviour.believe import weight_later
from sim.behaviour.consent import concern_later
from sim.behaviour.look import engagement_later, fatigue_later, resting_engagement
from sim.compilation.compiled import compiled, entry_point
from sim.world.household import (
    COMMUNITY,
    CUSTOMER,
    EARLY_STAGES,
    FIRST_SLOT,
    HELD_OUT,
    NEW,
    PRIVATE,
    SUBSCRIBED,
    stage_of,
)
from sim.world.protocols import Parent, Records
from sim.world.records import copy_fields
from sim.world.state import World


@compiled
def drift(parent: Parent, world: World, day: int) -> None:
    """Bring feelings up to today.

    They move in closed form while nothing happens, so this is done only where they matter: for
    whoever is in touch with the operator, or just thinks of it.
    """
    days = float(day - parent.felt_day)
    if days <= 0.0:
        return
    look = world.behaviour.look
    audience = parent_audience(parent)
    then = world.pressure[audience, parent.felt_day - world.first_day]
    now = world.pressure[audience, day - world.first_day]
    parent.fatigue = fatigue_later(parent.fatigue, days, then, now, look)
    parent.engagement = engagement_later(parent.engagement, rest(parent, world, day), days, look)
    believe = world.behaviour.believe
    parent.trust_weight = weight_later(parent.trust_weight, days, believe)
    parent.privacy_concern = concern_later(
        parent.privacy_concern, parent.privacy_worry, days, world.behaviour.consent
    )
    parent.felt_day = day


@compiled
def rest(parent: Parent, world: World, day: int) -> float:
    """Engagement the parent returns to when nothing happens."""
    early = 1.0 if stage_of(day - parent.birth_day) <= EARLY_STAGES else 0.0
    new = 1.0 if parent.persona == NEW else 0.0
    since = float(day - parent.last_order_day)
    return resting_engagement(parent.sociability, new, early, since, world.behaviour.look)


@compiled
def parent_audience(parent: Parent) -> int:
    """Audience bits of a household: what the operator's messages can be addressed to."""
    return (
        (CUSTOMER if parent.orders > 0 else 0)
        + SUBSCRIBED * parent.subscribed
        + PRIVATE * parent.in_private_domain
        + (COMMUNITY if parent.group >= 0 else 0)
        + HELD_OUT * parent.held_out
        + FIRST_SLOT * parent.left_out
    )


@entry_point
def bring_up_to_date(households: Records[Parent], parent: Parent, world: World, day: int) -> None:
    """Drift of a whole population, for a census; the wide record `parent` is scratch paper."""
    for place in range(len(households)):
        copy_fields(households[place], parent)
        drift(parent, world, day)
        copy_fields(parent, households[place])
