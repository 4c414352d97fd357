"""Small worlds in which everything happens: every lever on, every rate raised."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.agents.model import RepurchaseModel
from sim.config.composing import lever_names
from sim.config.loading import Simulation, load
from sim.engine.warm_up import begin_strategy

ALL_ON = [f"operator.{lever}.strength=1.0" for lever in lever_names()]
EVENTFUL = [
    *ALL_ON,
    # Many buy from the operator, and many ways lead there.
    "behaviour.choose.operator_appeal=1.5",
    "behaviour.choose={recall: 3, recall_half_life_days: 60, compares_prompted: 0.5}",
    "behaviour.choose={review_recall: 0.2, expecting_search: 0.3, delivery_effect: 0.3}",
    "behaviour.choose.friend_recall=0.5",
    "behaviour.choose={koc_recall: 0.9, reminder_recall: 0.9}",
    "behaviour.basket={deal_base: -2.5, deal_rest_days: 60}",
    "operator.acquisition.reach_share=0.4",
    "operator.acquisition={clicks_per_day: 0.02, media: 1, saturation: 0.7}",
    # They enter, join, talk, and leave again for every reason.
    "operator.funnel.appeal=4",
    "operator.community={topic: both, invitation: 1, promotion_per_day: 4}",
    "operator.community.size_cap=25",
    "operator.community.close_after_days=10",
    "operator.community.rejoin_days=5",
    "behaviour.talk.join_base=1",
    "behaviour.talk.ask_chance=0.5",
    "behaviour.talk.tell_chance=0.5",
    "behaviour.talk.complaint_satisfaction=0.6",
    "behaviour.look.visits_per_day=1",
    "behaviour.look.resting_engagement=0.5",
    "behaviour.look.fatigue_tolerance=12",
    "behaviour.look={ceiling: 2, ceiling_sociability: 0.8, lapse_effect: 1, novelty_share: 0.5}",
    "behaviour.look={click_through: 0.5, offer_notice: 0.5, shops_on_visit: 0.5}",
    "behaviour.need={visit_days: 12, bundle_share: 0.5, top_up_share: 0.2}",
    "behaviour.need={cover_spread_families: 0.3, cover_spread_trips: 0.4}",
    "behaviour.stay={worthless: 0.5, overload: 0.03, privacy: 0.03, silence: 0.1, outgrown: 0.1,"
    " distrust: 0.5, tolerated_trust: 0.6}",
    "behaviour.stay={unfollow_privacy: 0.03, unfollow_distrust: 0.1}",
    "behaviour.stay={stop_overload: 0.001, stop_privacy: 0.03, stop_distrust: 0.1}",
    # Messages, challenges, streams, rewards: often.
    "operator.broadcast={per_week: 5, held_out_share: 0.2, offer_cut: 0.2}",
    "operator.community.offer_cut=0.2",
    "operator.content.offer_cut=0.2",
    "operator.check_in.days_per_month=15",
    "operator.livestream={per_week: 5, watch_chance: 0.9}",
    "operator.coupons={days_between: 10, promotion_days_per_month: 5}",
    "operator.points={points_per_yuan: 3, least_points: 50, transparency: 0.6}",
    "operator.points={newborn_ratio: 1.5, toddler_ratio: 0.8}",
    "operator.tiers={silver_yuan: 200, gold_yuan: 600, platinum_yuan: 1500}",
    "operator.tiers={weaning_ratio: 0.9, preschool_ratio: 0.6, grace_days: 60}",
    "behaviour.rewards={enrol_base: 1, fee_base: 0}",
    "operator.paid_membership={fee_yuan: 20, cut: 0.08}",
    "operator.distribution={calls_per_month: 10, cut: 0.25}",
    "operator.member_days={first_day: 5, days: 8, per_1000: 100}",
    "operator.milestones.gift_percent=25",
    "operator.consent_design.design=privacy_computing",
    "operator.transparency={reports_per_month: 10}",
    "behaviour.judge={return_defective: 0.3, return_good: 0.1}",
    "operator.welcome={messages: 7, coupon_percent: 15, coupon_after_days: 3, trial_pack: 0.8}",
    "operator.reminders.days_before=5",
    "operator.honours={share_honoured: 0.3, making_share: 1, days_between_makings: 20}",
    # So that answers and pieces of others still tell.
    "operator.honours={moderators: 1, answers_per_week: 0.1}",
    "behaviour.talk.make_base=0",
    "operator.personas={experienced_hosts: 0, shopping_hosts: 0, promotion_share: 0}",
    "operator.stores={coverage: 0.6, events_per_month: 10}",
    "behaviour.talk={come_base: -1}",
    "operator.recommendation={quality: 0.9, half_known_orders: 1, needs_consent: false}",
    "operator.care={consultations_per_1000: 300, points_price: 40}",
    "behaviour.talk.consult_base=-2",
    "operator.prediction={refresh_days: 14, share: 1, lead_days: 9, needs_consent: false}",
    # KOCs near everybody.
    "population.ties.places_per_koc=20",
    "operator.koc={least_trust: 0.3, recruited_share: 0.9, posts_per_week: 7}",
    "community.kocs.organic_satisfaction=0.3",
    # Goods and desk run short, so that one order in five is not filled.
    "operator.operations={defect_share: 0.2, stock_cover_days: 14, sorts_days: 1}",
    "operator.operations.desk_tickets_per_1000=8",
    "behaviour.judge={complaint_chance: 0.7, exit_unsolved: 0.5, exit_silent: 0.4}",
    "behaviour.judge={loyalty_holds: 0.3, avoid_days: 40}",
    # What is bought is told of, and rivals answer.
    "behaviour.talk.review_chance=0.5",
    "behaviour.believe={friend_weight: 0.3, review_weight: 0.5}",
    "market={rivals_answer: 0.5, answer_half_life_days: 10}",
]


def eventful(households: int, *more: str) -> Simulation:
    """The integrated strategy with every lever on, in a lively world."""
    size = f"population.households={households}"
    return load("integrated", [*_leaves([*EVENTFUL, size, *more])])


def _leaves(overrides: list[str]) -> Iterator[str]:
    """`a={b: 1, c: 2}` as `a.b=1` and `a.c=2`, so that what is not named stays as it is."""
    for override in overrides:
        key, value = override.split("=", 1)
        if value.startswith("{"):
            for part in value.strip("{}").split(","):
                name, number = part.split(":")
                yield f"{key}.{name.strip()}={number.strip()}"
        else:
            yield override


def begun(config: Simulation, seed: int = 7, threads: int = 1) -> RepurchaseModel:
    """A model on its first day, its operator already at work and spending what it likes."""
    model = RepurchaseModel(config, seed, threads=threads)
    model.populate()
    model.operate(config.operator, np.inf)
    return model


def started(config: Simulation, threads: int = 1) -> RepurchaseModel:
    """A model on its first day, warmed up, its strategy just begun with the budget it has."""
    model = RepurchaseModel(config, 3, threads=threads)
    begin_strategy(model, keep=False)
    return model


def lived_in_every_way(config: Simulation, stops_at: int, days: int) -> list[RepurchaseModel]:
    """Models after so many days: lived step by step first, then at once, by windows, by threads.

    With threads it stops at the morning `stops_at` on its way.
    """
    by_steps, at_once, by_windows, by_threads = (started(config, n) for n in (1, 1, 1, 2))
    by_windows.by_windows = True
    at_once.live_until(days - 1)
    by_threads.live_until(stops_at)
    by_threads.live_until(days - 1)
    models = [by_steps, at_once, by_windows, by_threads]
    for model in models:
        while model.day < days:
            model.step()
    return models


def lived(config: Simulation, days: int, seed: int = 7, threads: int = 1) -> RepurchaseModel:
    """A model after so many days."""
    model = begun(config, seed, threads)
    for _ in range(days):
        model.step()
    return model


def state(model: RepurchaseModel) -> dict[str, np.ndarray]:
    """Everything that tomorrow depends on, and what today left behind, by name."""
    world, found = model.world, {}
    founded = int(model.newest_groups[0, -1])
    parts: dict[str, Any] = {
        "household": model.households,
        "wake_schedule": model.wake_schedules,
        "group": world.groups[:founded],
        "koc": world.kocs,
        "operations": model.operations_state,
        "today": world.today,
    }
    if model.daily:
        parts["event"], parts["daily"] = model.events[-1], model.daily[-1]
    for part, records in parts.items():
        for name in records.dtype.names or ():
            found[f"{part}.{name}"] = np.asarray(records[name])
    found["pressure"] = world.pressure
    found["newest_groups"] = model.newest_groups
    found["ordered_on"], found["opinions"] = world.ordered_on, world.opinions
    return found


def unlike(one: np.ndarray, other: np.ndarray) -> list[str]:
    """Fields in which two arrays of records are not the same, bit for bit."""
    return [n for n in one.dtype.names or () if one[n].tobytes() != other[n].tobytes()]


def differences(one: RepurchaseModel, other: RepurchaseModel) -> list[str]:
    """Names of what is not the same, bit for bit."""
    here, there = state(one), state(other)
    return [name for name in here if here[name].tobytes() != there[name].tobytes()]


def same_rows(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether records agree in every field; between fields there may lie bytes that nobody sets."""
    assert one.dtype == other.dtype
    return all(np.array_equal(one[name], other[name]) for name in one.dtype.names or ())
