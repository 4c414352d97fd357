"""Tiny worlds lived in plain Python from end to end, and checksums of all that was on record.

``python -m tests.plain_worlds`` records them anew, which only a change that is meant to change
results may do; `test_plain_worlds` compares. Nothing of them is compiled but the settling of
households: a mistake in any rule or lever shows here without half a minute of compiling.
"""

import hashlib
import json
from functools import cache
from pathlib import Path
from unittest.mock import patch

import numpy as np

import sim.engine.model
from sim.agents.model import RepurchaseModel
from sim.behaviour import beginning
from sim.config.loading import Simulation
from sim.engine.blocks import mark_left_out
from sim.engine.day_end import gather, keep_books, settle, settle_levers
from sim.engine.day_start import plan_day, run_communities
from sim.operator.operations import open_day
from tests.whole_worlds import eventful

RECORD = Path(__file__).with_name("plain_worlds.json")
PARTS_OF_A_DAY = (plan_day, open_day, run_communities, settle, settle_levers)
PARTS_OF_A_DAY += (gather, keep_books, mark_left_out)
DAYS = 50
OLD = 2180  # days of age: some graduate within these days
SIZE = (
    "run.warmup_days=0",
    f"run.days={DAYS}",
    "run.start_day_of_year=290",
    "behaviour.stay={privacy: 0.5, overload: 0.01}",
    "behaviour.choose={koc_recall: 1, operator_appeal: 4}",
    "behaviour.consent.intrusion=0.1",
    "behaviour.rewards.redeem_base=2",
    "behaviour.talk={tell_chance: 0.8, join_base: 4, complaint_satisfaction: 0.6}",
)
WORLDS = {
    "everything": SIZE,
    "other words": (
        *SIZE,
        "behaviour.choose.kind=habit_first",
        "behaviour.choose.diffusion=complex",
        "behaviour.believe.kind=exponential",
        "operator.broadcast.recipients=group_members",
        "operator.coupons.to_active=false",
        "operator.honours.yuan_per_post=5",
        "operator.reminders.needs_consent=false",
        "operator.consent_design.design=data_hungry",
        "shocks.quality_scandal={size: 1, from_day: 0, until_day: 3650}",
        "shocks.quality_scandal={friend_weight: 4, chat_chance: 1}",
    ),
    "not for everybody": (
        *SIZE,
        "operator.broadcast.audience.channels=[private_domain, group_chat]",
        "operator.acquisition.audience.city_tiers=[first, second, third]",
        "operator.coupons.audience.lot=0.6",
        "operator.reminders.audience.personas=[new]",
        "operator.consent_design.design=minimal",
        "operator.tiers.audience.stages=[newborn, weaning, toddler]",
    ),
    "ill luck": (
        *SIZE,
        "shocks.industry_scandal={size: 1, from_day: 0, until_day: 3650, heard_share: 0.5}",
        "shocks.privacy_breach={size: 1, from_day: 0, until_day: 3650, heard_share: 0.5}",
        "shocks.consent_law={size: 1, from_day: 20}",
        "shocks.price_war={size: 1, from_day: 0, until_day: 3650}",
        "shocks.supply_outage={size: 1, from_day: 0, until_day: 3650}",
        "shocks.shrinking_reach={size: 1, from_day: 0}",
        "shocks.budget_cut={size: 1, from_day: 0, until_day: 3650}",
        "shocks.falling_births={size: 1, from_day: 0}",
        "shocks.fee_rise={size: 1, from_day: 0}",
    ),
    "a tight budget": (*SIZE, "behaviour.choose.kind=threshold", "behaviour.choose.threshold=0.2"),
}
YUAN = {"a tight budget": 60.0, "ill luck": 1e6}  # per customer and month; without end elsewhere
# What levers keep on a household is their own business, as long as nothing else moves.
RULES_OWN = ("trust", "satisfaction", "engagement", "fatigue", "self_efficacy", "privacy_concern")
RULES_OWN += ("reference_price", "habit", "covered_until", "birth_day", "spending_fen", "posts")


def configuration(world: str) -> Simulation:
    """The world's settings: all levers on, everything likely."""
    return eventful(60, *WORLDS[world])


def lived(config: Simulation, days: int, yuan: float = np.inf) -> RepurchaseModel:
    """A model after so many days of plain Python, every phase of them."""
    plain = {part.__name__: part.py_func for part in PARTS_OF_A_DAY}
    with patch.multiple(sim.engine.model, **plain):
        model = RepurchaseModel(config, 7)
        names = ("events", "parents", "inboxes", "all_counters")
        views = {name: getattr(model.buffers, name).view(np.recarray) for name in names}
        model.buffers = model.buffers._replace(**views)
        with patch.object(beginning, "begin_population", beginning.begin_population.py_func):
            model.populate()
        model.households["birth_day"][:6] = -OLD + 7 * np.arange(6)
        old = model.households[6:26]  # as if they had enrolled a year ago
        old["loyalty_member"], old["points_old"], old["points_expire_day"] = 1, 90, 30
        model.operations_state.loyalty_members[:] = 20
        model.operations_state.on_hand[:] = model.operations_state.first_stock[:] = 3
        for name in ("households", "wake_schedules", "sums", "total_counters"):
            setattr(model, name, getattr(model, name).view(np.recarray))
        model.operate(config.operator, yuan)
        model.by_windows = True
        for _ in range(days):
            model.step()
    return model


@cache
def world_lived(world: str) -> RepurchaseModel:
    """One of `WORLDS` on its last evening."""
    return lived(configuration(world), DAYS, YUAN.get(world, np.inf))


def checksums(world: str) -> dict[str, str]:
    """Checksum of every column of the world's event records, days and households."""
    model = world_lived(world)
    parts = {"event": np.concatenate(model.events), "daily": np.array(model.daily)}
    found = {
        f"{part}.{name}": _checksum(records[name])
        for part, records in parts.items()
        for name in records.dtype.names or ()
    }
    return found | {f"household.{name}": _checksum(model.households[name]) for name in RULES_OWN}


def _checksum(values: np.ndarray) -> str:
    kept = np.ascontiguousarray(values, "<f8").tobytes()
    return hashlib.sha256(kept).hexdigest()[:12]


def recorded() -> dict[str, dict[str, str]]:
    """What was recorded, by world and column."""
    record: dict[str, dict[str, str]] = json.loads(RECORD.read_text())
    return record


if __name__ == "__main__":
    everything = {world: checksums(world) for world in WORLDS}
    RECORD.write_text(json.dumps(everything, indent=1, sort_keys=True) + "\n")
