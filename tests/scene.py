"""One household on one day, in a world so plain that every figure can be reckoned by hand.

It buys two things by stock: diapers, 10 a day, and wash and care, 2 a day, both in packs of 100
for 100 yuan, which cost the operator 70. All else it never needs. It has a child of a hundred
days, belongs to nothing, feels everything at one half, and nothing happens to it unless a test
says so: by its record, its inbox, a lever, what holds today, or the luck of a draw. Every rule
that can be taken out by a parameter is (`PLAIN`): a test that is about one puts it back.
"""

import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.agents.model import RepurchaseModel
from sim.behaviour.day import live_one_day
from sim.config.loading import load
from sim.engine.blocks import spend_day
from sim.operator.hooks import NAMES, lever_records
from sim.operator.own_records import EVENT, INBOX, KEEPING, states_for
from sim.parameters.quantity import as_numbers
from sim.world import draws
from sim.world.communities import empty_groups
from sim.world.household import CATEGORIES, NEVER, PARENT, WAKE_SCHEDULE
from sim.world.records import copy_fields
from sim.world.state import COUNTERS, TODAY

DAY = 10
AGE_DAYS = 100
DIAPERS, WASH_CARE = CATEGORIES.index("diapers"), CATEGORIES.index("wash_care")
PRICE_FEN, GOODS_FEN, PACK_UNITS = 10_000, 7_000, 100.0
DIAPERS_A_DAY, WASHES_A_DAY = 10.0, 2.0
UNLUCKY = 1.0 - 1e-9  # a draw that lets nothing happen
NEVER_FADES = 1e30  # half-life, in days, of what lasts
NO_CEILING = 1e3  # logit
# What a rule does is taken out by a parameter of its own, and the rest of the day is as if there
# were no such rule.
PLAIN: dict[str, dict[str, float]] = {
    "need": {
        "bundle_share": 1.0,
        "cover_spread_families": 0.0,
        "cover_spread_trips": 0.0,
        "top_up_share": 0.0,
        "visit_days": 0.0,
    },
    "look": {
        "ceiling": NO_CEILING,
        "ceiling_sociability": 0.0,
        "lapse_effect": 0.0,
        "novelty_share": 0.0,
        "click_through": 0.0,
        "offer_notice": 0.0,
        "shops_on_visit": 0.0,
        "talk_notice": 0.0,
        "call_unneeded": 1.0,
        "shops_on_call": 0.0,
    },
    "believe": {"friend_weight": 0.0, "review_weight": 0.0},
    "choose": {
        "recall_half_life_days": NEVER_FADES,
        "compares_prompted": 1.0,
        "koc_effect": 0.0,
        "review_recall": 0.0,
        "expecting_search": 0.0,
        "delivery_effect": 0.0,
    },
    "basket": {"cross_sell_advice": 0.0, "upgrade_income": 0.0},
    "judge": {"exit_unsolved": 0.0, "exit_silent": 0.0},
    "rewards": {"readers_check_in": 0.0},
    "talk": {
        "reads_only_below": -20.0,
        "review_chance": 0.0,
        "join_taste": 0.0,
        "join_early": 0.0,
        "land_taste": 0.0,
    },
    "stay": {
        "unfollow_privacy": 0.0,
        "unfollow_distrust": 0.0,
        "stop_overload": 0.0,
        "stop_privacy": 0.0,
        "stop_distrust": 0.0,
    },
}
SMALL = ("population.households=60", "population.ties.places_per_koc=20", "run.warmup_days=6")


class Luck:
    """Draws as a test wants them, and a list of those that were asked for.

    Attributes
    ----------
    of
        What comes of a purpose.
    otherwise
        What comes of all others; the least lucky there is, unless it is set.
    asked
        The purposes that were asked for, and on which days.
    """

    def __init__(self) -> None:
        self.of: dict[int, float] = {}
        self.otherwise = UNLUCKY
        self.asked: list[tuple[int, int]] = []

    def uniform(self, seed: int, kind: int, who: int, day: int, purpose: int) -> float:
        """In the place of `sim.world.draws.uniform`."""
        self.asked.append((int(purpose), int(day)))
        return self.of.get(int(purpose), self.otherwise)


class Scene:
    """A household, its day, and the buffers it is written on."""

    def __init__(self, model: RepurchaseModel, luck: Luck) -> None:
        self.luck, self.day, self.place = luck, DAY, 7
        self.now = DAY - model.first_day  # where today stands in the calendar
        self.parent, self.wake_schedule, self.inbox, self.event, self.counters = map(
            blank, (PARENT, WAKE_SCHEDULE, INBOX, EVENT, COUNTERS)
        )
        self.rules = plain_rules(model)
        self.world = model.world._replace(
            behaviour=self.rules,
            levers=lever_records(model.config.operator),
            category=_catalogue(model.world.category),
            use_per_day=_use(model.world.use_per_day),
            calendar=_ordinary_days(model.world.calendar),
            today=np.zeros(1, TODAY).view(np.recarray),
            pressure=np.zeros_like(model.world.pressure),
            groups=empty_groups(4),
            kocs=model.world.kocs.copy(),
            demography=model.world.demography.copy(),
            region=model.world.region.copy(),
            ordered_on=np.full_like(model.world.ordered_on, -NEVER),
            opinions=np.zeros_like(model.world.opinions),
        )
        for name in NAMES:
            self.world.levers[name].strength = self.world.levers[name].power = 0.0
        self.world.levers["acquisition"].media, self.world.levers["acquisition"].saturation = 1, 0
        self.today = self.world.today[0]
        self.today.prompt[:] = 1.0
        for name in ("supply", "rival_price", "public_reach", "spending_ratio", "births"):
            self.today[name] = 1.0  # nothing befalls the operator
        self.today.personal_asked = self.today.intrusion_ratio = 1.0
        vars(self.parent).update(_ordinary_parent())
        self.event.store = self.event.group = -1

    def live(self, woken_by: int) -> None:
        """The household's day."""
        live_one_day(
            self.parent,
            self.place,
            self.world,
            self.day,
            woken_by,
            self.inbox,
            self.event,
            self.counters,
        )

    def spend(self, woken_by: int) -> None:
        """The same with the operator: what its levers offer, and what they charge for it."""
        spend_day(
            self.parent,
            self.wake_schedule,
            self.place,
            self.world,
            self.day,
            woken_by,
            self.inbox,
            self.event,
            self.counters,
        )

    def in_group(self, **of_group: Any) -> Any:
        """Put the household into a group chat, whose record is given back."""
        group = self.world.groups[0]
        group.founded_day, group.stage, group.region, group.members = 0, -1, -1, 1
        for name, value in of_group.items():
            group[name] = value
        self.parent.group, self.parent.in_private_domain, self.parent.subscribed = 0, 1, 1
        self.event.group = 0
        return group

    def lever(self, name: str, **settings: Any) -> Any:
        """Turn a lever on, at full power, with these settings; its record is given back."""
        own = self.world.levers[name]
        kept = getattr(self.world.states, KEEPING[name]) if name in KEEPING else ()
        if name in KEEPING and (kept is None or len(kept) == 0):
            kept = states_for(len(self.world.ordered_on), {name}, self.world.states)
            self.world = self.world._replace(states=kept)
        own.strength = own.power = 1.0
        for key, value in settings.items():
            own[key] = value
        return own

    def costs(self) -> dict[str, int]:
        """What the day cost by lever, in fen."""
        return {
            n: self.counters.cost_fen[i] for i, n in enumerate(NAMES) if self.counters.cost_fen[i]
        }

    def discounts(self) -> dict[str, int]:
        """What price the day gave up by lever, in fen."""
        given = self.counters.discount_fen
        return {name: given[i] for i, name in enumerate(NAMES) if given[i]}


def plain_rules(model: RepurchaseModel) -> Any:
    """The rules of a model without any of those that `PLAIN` takes out."""
    rules = as_numbers(model.config.behaviour)
    for part, neutral in PLAIN.items():
        for name, value in neutral.items():
            assert hasattr(getattr(rules, part), name), f"{part}.{name} is no parameter"
            setattr(getattr(rules, part), name, value)
    return rules


def blank(kind: np.dtype[Any]) -> Any:
    """A record as plain Python holds it."""
    paper = SimpleNamespace()
    copy_fields(np.zeros(1, kind)[0], paper)
    return paper


def _catalogue(category: Any) -> Any:
    category = category.copy()
    category["price_fen"], category["goods_cost_fen"] = PRICE_FEN, GOODS_FEN
    category["pack_units"], category["deal_appeal"], category["by_stock"] = PACK_UNITS, 1.0, 0
    category["by_stock"][[DIAPERS, WASH_CARE]] = 1
    return category


def _use(use: Any) -> Any:
    use = np.zeros_like(use)
    use[DIAPERS], use[WASH_CARE] = DIAPERS_A_DAY, WASHES_A_DAY
    return use


def _ordinary_days(calendar: Any) -> Any:
    calendar = calendar.copy()
    nothing = ("festival", "rival_log_price", "rival_discount", "rival_messages", "rivals_answer")
    for name in nothing:
        calendar[name] = 0.0
    calendar["season"] = calendar["interest"] = calendar["rival_price"] = 1.0
    calendar["next_festival_day"] = NEVER
    return calendar


def _ordinary_parent() -> dict[str, Any]:
    covered = [NEVER] * len(CATEGORIES)
    covered[DIAPERS], covered[WASH_CARE] = DAY + 60, DAY + 90
    never = ("last_order_day", "previous_order_day", "group_since", "group_left_day")
    never += ("last_look_day", "last_met_day", "last_reaction_day", "private_since")
    never += ("try_again_day", "coupon_until", "reminder_day", "avoids_until")
    half = ("trust", "satisfaction", "engagement", "self_efficacy", "privacy_concern")
    return {
        **dict.fromkeys(never, -NEVER),
        **dict.fromkeys(half, 0.5),
        "first_order_day": NEVER,
        "arrival_day": NEVER,
        "arrival_expected_day": NEVER,
        "points_expire_day": NEVER,
        "covered_until": covered,
        "habit": [0.0, 0.0, 0.5, 0.25, 0.25],
        "birth_day": DAY - AGE_DAYS,
        "toilet_training_days": 900,
        "trust_weight": 4.0,
        "privacy_tolerance": 0.5,
        "privacy_worry": 0.5,
        "price_sensitivity": 1.0,
        "use_pace": 1.0,
        "income": 1.0,
        "reference_price": 1.0,
        "group": -1,
        "felt_day": DAY,
    }


def small_model(scenario: str = "baseline") -> RepurchaseModel:
    """A model whose parts scenes are made of."""
    return RepurchaseModel(load(scenario, SMALL), 7)


def lucky(monkeypatch: pytest.MonkeyPatch, luck: Luck) -> None:
    """Let every rule and lever draw from `luck`."""
    for name, module in list(sys.modules.items()):
        ours = name.startswith(("sim.behaviour", "sim.operator", "sim.agents.agents"))
        if ours and vars(module).get("uniform") is draws.uniform:
            monkeypatch.setattr(module, "uniform", luck.uniform)
