"""Whom a lever is for, in the words of the trade: stage, region, channel, RFM segment, lot.

Every lever has an audience. What it puts before one household it puts before nobody else. What it
plans for all (visits that messages prompt, deals that advertisements show) is left out of the plans
of those it is not for, where it can be told to some alone; a price on every shelf cannot.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from sim.compilation.compiled import compiled
from sim.parameters.quantity import Choice, ConfigurationError, choice, choices, listed, quantity
from sim.text.suggestions import meant
from sim.world.draws import CITY, GROUP, HOUSEHOLD, NEIGHBOURS, uniform
from sim.world.household import (
    AUDIENCE_SLOTS,
    COHORTS,
    FIRST_SLOT,
    PERSONAS,
    STAGES,
    TIERS,
    stage_of,
)
from sim.world.protocols import Parent
from sim.world.state import World

if TYPE_CHECKING:
    from sim.operator.operations import Parameters as Operations

ALL = "all"
CITY_TIERS = ("first", "second", "third", "fourth", "fifth")  # 4 and 5 county and village
# The nearest tie to the operator that a household has.
CHANNELS = ("stranger", "customer", "subscriber", "private_domain", "group_chat")
# How the operator sorts its customers by their orders (recency, frequency, money: RFM); where one
# word ends and the next begins is a setting of its operations.
RECENCIES = ("never", "active", "cooling", "dormant", "lost")  # days since the last order
FREQUENCIES = ("none", "once", "repeat", "frequent")  # orders ever
SPENDINGS = ("none", "low", "middle", "high")  # yuan ever paid
STRANGER, OF_CUSTOMERS, OF_SUBSCRIBERS, IN_PRIVATE, IN_CHAT = range(len(CHANNELS))
OF_LOT = 2  # which of a lever's draws decides its lot
# Who is drawn together: each household alone; the members of a chat, and alone who is in none;
# neighbours on the ring of friendships; the households of a region's cities of one tier.
LOT_UNITS = ("household", "chat", "friends", "city")
BY_HOUSEHOLD, BY_CHAT, BY_FRIENDS, BY_CITY = range(len(LOT_UNITS))
FRIENDS_TOGETHER = 100  # places of a circle of friends, most of whose ties stay inside: assumed


@dataclass
class Audience:
    """Whom a lever is for: whoever is of one of the words in every line."""

    stages: list[str] = choices("childcare stages", STAGES)
    regions: list[str] = choices("regions of the population, by name")
    city_tiers: list[str] = choices("tiers of their cities", CITY_TIERS)
    cohorts: list[str] = choices("when the parent was born", COHORTS)
    personas: list[str] = choices("kinds of parents", PERSONAS)
    channels: list[str] = choices("nearest tie to the operator", CHANNELS)
    tiers: list[str] = choices("member tiers", TIERS)
    recencies: list[str] = choices("how long since the last order", RECENCIES)
    frequencies: list[str] = choices("how many orders ever", FREQUENCIES)
    spendings: list[str] = choices("how much ever paid", SPENDINGS)
    lot: float = quantity("share", "of these, by lot and for good, as in an A/B test", 0, 1, 1.0)
    lot_by: Choice = choice("who is drawn together", LOT_UNITS, "household")

    @property
    def everybody(self) -> bool:
        """Whether nobody is left out."""
        return self.lot == 1.0 and all(ALL in own for own in self._lines().values())

    @property
    def nobody(self) -> bool:
        """Whether everybody is left out."""
        return self.lot == 0.0 or not all(self._lines().values())

    def _lines(self) -> dict[str, list[str]]:
        found = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: own for name, own in found.items() if name not in ("lot", "lot_by")}

    def in_words(self) -> str:
        """Whom it is for, as the end of a sentence; empty where it is for everybody."""
        named = {name.replace("_", " "): own for name, own in self._lines().items()}
        told = [f"{name} {listed(own)}" for name, own in named.items() if ALL not in own and own]
        if self.lot < 1.0:
            share = f"{100 * self.lot:g}%"
            of_units = "" if self.lot_by == "household" else f", drawn by {self.lot_by}"
            told.append((f"{share} of them, by lot" if told else share) + of_units)
        return "nobody" if self.nobody else "; ".join(told)


def check_audience(audience: Audience, regions: Sequence[str], key: str) -> None:
    """Refuse a region that the population has not.

    Raises
    ------
    ConfigurationError
        Naming the key and the regions there are.
    """
    for name in audience.regions:
        if name not in (ALL, *regions):
            raise ConfigurationError(
                f"{key}.regions: there is no region {name!r}{meant(name, [*regions])} It must be "
                f"{listed([*regions])}."
            )


def regions_of(audience: Audience, regions: Sequence[str]) -> int:
    """Regions as bits, in the order of the population's."""
    chosen = [i for i, name in enumerate(regions) if {ALL, name} & set(audience.regions)]
    return sum(1 << i for i in chosen)


@compiled
def addressed(parent: Parent, place: int, world: World, day: int, own: Any) -> bool:
    """Whether a household belongs to a lever's audience today."""
    if own.everybody > 0:
        return True
    return belongs(parent, place, world, day, own.audience, own.purpose)


@compiled
def belongs(
    parent: Parent, place: int, world: World, day: int, for_whom: Any, purpose: int
) -> bool:
    """Whether a household is of one of the words in every line of an audience, and of the lot.

    The records of audiences are alike for all levers, so that this is compiled once.
    """
    if not (
        has(for_whom.stages, stage_of(day - parent.birth_day))
        and has(for_whom.regions, parent.region)
        and has(for_whom.city_tiers, parent.city_tier - 1)
        and has(for_whom.cohorts, parent.cohort)
        and has(for_whom.personas, parent.persona)
        and has(for_whom.channels, channel_of(parent))
        and has(for_whom.tiers, parent.tier)
        and has(for_whom.recencies, recency_of(parent, day, world.operations))
        and has(for_whom.frequencies, frequency_of(parent, world.operations))
        and has(for_whom.spendings, spending_of(parent, world.operations))
    ):
        return False
    if for_whom.lot >= 1.0:
        return True
    unit, group, city = for_whom.lot_by, parent.group, city_of(parent.region, parent.city_tier)
    luck = lot_of(world.seed, unit, place, parent.family, group, city, purpose + OF_LOT)
    return bool(luck < for_whom.lot)


@compiled
def city_of(region: int, city_tier: int) -> int:
    """Number of a region's cities of one tier: they are drawn together."""
    return int(region) * len(CITY_TIERS) + int(city_tier) - 1


@compiled
def lot_of(
    seed: int, unit: int, place: int, family: int, group: int, city: int, purpose: int
) -> float:
    """The lot that a household draws, alone or with all of its unit (an index of LOT_UNITS)."""
    if unit == BY_CHAT and group >= 0:
        return uniform(seed, GROUP, group, 0, purpose)
    if unit == BY_FRIENDS:
        return uniform(seed, NEIGHBOURS, place // FRIENDS_TOGETHER, 0, purpose)
    if unit == BY_CITY:
        return uniform(seed, CITY, city, 0, purpose)
    return uniform(seed, HOUSEHOLD, place, family, purpose)


@compiled
def has(words: int, word: int) -> bool:
    """Whether a word is among those chosen, which are told as bits."""
    return (words >> word) & 1 == 1


@compiled
def channel_of(parent: Parent) -> int:
    """The nearest tie of a household to the operator, an index of CHANNELS."""
    if parent.group >= 0:
        return IN_CHAT
    if parent.in_private_domain > 0:
        return IN_PRIVATE
    if parent.subscribed > 0:
        return OF_SUBSCRIBERS
    return OF_CUSTOMERS if parent.orders > 0 else STRANGER


@compiled
def recency_of(parent: Parent, day: int, p: "Operations") -> int:
    """How long ago a household ordered last, an index of RECENCIES."""
    if parent.orders == 0:
        return 0
    days = day - parent.last_order_day
    return 1 + (days > p.active_days) + (days > p.cooling_days) + (days > p.dormant_days)


@compiled
def frequency_of(parent: Parent, p: "Operations") -> int:
    """How often a household has ordered, an index of FREQUENCIES."""
    if parent.orders == 0:
        return 0
    return 1 + (parent.orders > 1) + (parent.orders >= p.frequent_orders)


@compiled
def spending_of(parent: Parent, p: "Operations") -> int:
    """How much a household has paid ever, an index of SPENDINGS."""
    if parent.orders == 0:
        return 0
    paid = parent.spending_fen / 100.0
    return 1 + (paid >= p.middle_yuan) + (paid >= p.high_yuan)


@compiled
def left_out_by(parent: Parent, place: int, world: World, day: int, own: Any) -> int:
    """The bit of a lever's slot, if it has one and the household is not in its audience."""
    if own.slot < 0 or addressed(parent, place, world, day, own):
        return 0
    return 1 << int(own.slot)


__all__ = [
    "ALL",
    "AUDIENCE_SLOTS",
    "CHANNELS",
    "CITY_TIERS",
    "FIRST_SLOT",
    "FREQUENCIES",
    "FRIENDS_TOGETHER",
    "LOT_UNITS",
    "RECENCIES",
    "SPENDINGS",
    "Audience",
    "addressed",
    "channel_of",
    "check_audience",
    "city_of",
    "frequency_of",
    "has",
    "left_out_by",
    "lot_of",
    "recency_of",
    "regions_of",
    "spending_of",
]
