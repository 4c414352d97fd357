"""Predicted coupons: what is learnt and from what, who is picked and sent one, what it costs."""

from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.behaviour.day import CALLED
from sim.config.loading import load
from sim.engine.model import Engine
from sim.experiments.simulate import simulate
from sim.operator.hooks import LEVERS, NAMES
from sim.operator.levers.prediction import (
    BY_LOT,
    LIKELY,
    UNLIKELY,
    count_who_came,
    known,
    picked,
)
from sim.operator.own_records import states_for
from sim.operator.predicting import learn, rfm
from sim.operator.studying import next_study
from sim.world.draws import named_purpose
from sim.world.household import NEVER
from tests.scene import DAY, Scene
from tests.whole_worlds import lived

PREDICTION = LEVERS["prediction"]
LOT = named_purpose("prediction")
LINE = NAMES.index("prediction")

# -- what is learnt ---------------------------------------------------------------------------


def customers(count: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """What records say of customers, and who ordered: mostly who is in the midst of a cycle."""
    luck = np.random.default_rng(seed)
    since, orders = luck.uniform(0, 100, count), 1.0 + luck.integers(0, 20, count)
    paid, rest = orders * luck.uniform(100, 300, count), luck.uniform(0, 100, (count, 5))
    chance = 1 / (1 + np.exp(np.abs(since - 50) / 8 - 2))  # neither the latest nor the most
    return np.column_stack([since, orders, paid, rest]), luck.uniform(size=count) < chance


def test_trees_find_what_marks_cannot_see() -> None:
    table, ordered = customers(4000)
    half = np.arange(4000) % 2 == 0
    found = learn(table, ordered, table, half)
    assert found is not None
    assert found.auc > 0.8 > 0.6 > found.auc_rfm
    assert found.auc_recency == pytest.approx(0.5, abs=0.05)
    assert 0.7 < found.accuracy < found.auc
    assert 0 < found.brier < ordered.mean() * (1 - ordered.mean())
    again = learn(table, ordered, table, half)
    assert again is not None
    assert (again.scores == found.scores).all()


def test_nobody_is_scored_by_trees_that_have_seen_what_became_of_them() -> None:
    """Where nothing can be learnt, accuracy is that of a coin, however well trees know by heart."""
    table, _ = customers(2000)
    ordered = np.random.default_rng(5).uniform(size=2000) < 0.3
    half = np.arange(2000) % 2 == 0
    found = learn(table, ordered, table, half)
    assert found is not None
    assert found.auc == pytest.approx(0.5, abs=0.04)
    assert found.accuracy == pytest.approx(0.5, abs=0.04)
    # What becomes of one half moves the scores of the other alone.
    other = learn(table, np.where(half, ~ordered, ordered), table, half)
    assert other is not None
    assert (other.scores[half] == found.scores[half]).all()
    assert (other.scores[~half] != found.scores[~half]).any()


def test_a_leak_would_show() -> None:
    """A column with what is to come gives an accuracy that records alone never reach."""
    table, ordered = customers(2000)
    half = np.arange(2000) % 2 == 0
    leaking = table.copy()
    leaking[:, 7] = ordered
    honest, leaky = learn(table, ordered, table, half), learn(leaking, ordered, table, half)
    assert honest is not None
    assert leaky is not None
    assert leaky.auc > 0.999 > 0.9 > honest.auc


@pytest.mark.parametrize("kind", [True, False])
def test_too_few_of_a_kind_teach_nothing(kind: bool) -> None:
    table, _ = customers(500)
    ordered = np.full(500, kind)
    ordered[:18] = not kind
    assert learn(table, ordered, table, np.arange(500) % 2 == 0) is None


def test_whoever_was_no_customer_teaches_nothing() -> None:
    table, ordered = customers(2000)
    half = np.arange(2000) % 2 == 0
    more = np.vstack([table, np.full((400, table.shape[1]), np.nan)])
    without = learn(table, ordered, table, half)
    found = learn(
        more, np.append(ordered, np.ones(400, bool)), more, np.append(half, np.arange(400) < 200)
    )
    assert found is not None
    assert without is not None
    assert (found.scores[:2000] == without.scores).all()
    assert found[1:] == without[1:]


def test_marks_are_fifths() -> None:
    table = np.column_stack([np.arange(10.0), np.arange(10.0), np.arange(10.0)])
    assert rfm(table)[[0, 9]].tolist() == [5 + 1 + 1, 1 + 5 + 5]
    assert (rfm(table[:, :3] * [0, 1, 1]) % 2 == 1).all(), "equals have equal marks"


# -- from what --------------------------------------------------------------------------------

LIVELY = "behaviour.choose.operator_appeal=1.5"  # small worlds with enough to learn from
PLAIN = (LIVELY, "operator.prediction.needs_consent=false", "operator.prediction.refresh_days=20")


def told_by_orders(events: Any, families: Any, day: int) -> pd.DataFrame:
    """What an order log of all days before one says of families that bought in it first."""
    log = pd.DataFrame(
        {n: events[n] for n in ("household", "family", "day", "paid_fen", "list_fen")}
    )
    log["first"] = events["first_order"]
    log["stock"] = [
        min((d for d in days if d > 0), default=np.nan) for days in events["days_bought"]
    ]
    log = log[(log["list_fen"] > 0) & (log["day"] < day)]
    log = log[log["family"] == families[log["household"]]]
    by = log.sort_values("day").groupby("household")
    told = by.agg(orders=("day", "size"), first=("first", "max"), last=("day", "last"))
    told["begun"], told["paid"] = by["day"].first(), by["paid_fen"].sum() / 100.0
    latest = log.loc[by["day"].idxmax()].set_index("household")
    told["stock_end"] = latest["day"] + latest["stock"]
    return told[told["first"] > 0]


def disagreeing(kept: Any, events: Any, families: Any, day: int) -> int:
    """Customers of whom something else is noted than the orders of all days before say."""
    told = told_by_orders(events, families, day)
    assert len(told) > 100
    noted = known(kept, day)[told.index.to_numpy()]
    said = np.column_stack([day - told["last"], told["orders"], told["paid"], day - told["begun"]])
    same = np.isclose(noted[:, [0, 1, 2, 4]], said).all(axis=1)
    same &= np.isclose(noted[:, 6], told["stock_end"] - day, equal_nan=True)
    return int((~same).sum())


@pytest.fixture(scope="module")
def watched() -> tuple[list[tuple[int, Any, Any]], Any]:
    """What was noted on the mornings of studies, and all that happened."""
    words = [*PLAIN, "population.households=12000", "run.days=100", "run.warmup_days=0"]
    model = Engine(load("predictive_coupons", words), 5)
    model.populate()
    model.operate(model.config.operator, np.inf)
    seen = []
    for day in (20, 40, 60, 80):
        model.live_until(day)
        families = model.households["family"].copy()
        seen.append((day, model.world.states.prediction.copy(), families))
    model.live_until(100)
    return seen, np.concatenate(model.events)


def test_what_is_noted_is_what_the_orders_so_far_say(watched: Any) -> None:
    seen, events = watched
    for day, kept, families in seen[1:]:
        assert disagreeing(kept, events, families, day) == 0


def test_what_is_yet_to_come_would_be_found_out(watched: Any) -> None:
    """A leak planted: in one morning the records of a later one."""
    seen, events = watched
    (_, _, _), (day, kept, families), _, (_, later, _) = seen
    leaking = kept.copy()
    leaking["orders"] = later["orders"]
    assert disagreeing(leaking, events, families, day) > 20
    leaking = kept.copy()
    leaking["last_day"] = np.maximum(kept["last_day"], later["last_day"])
    assert disagreeing(leaking, events, families, day) > 20


# What an operator sees of a parent: orders, visits, consent, what was told at enrolment.
SEEN = {
    "orders",
    "spending_fen",
    "first_order_day",
    "previous_order_day",
    "last_order_day",
    "last_look_day",
    "birth_day",
    "consent",
    "in_private_domain",
    "subscribed",
    "coupon_line",
}


class Watched:
    """A record that notes what of it is read."""

    def __init__(self, record: Any) -> None:
        self.record, self.read = record, set()

    def __getattr__(self, name: str) -> Any:
        self.read.add(name)
        return getattr(self.record, name)


def read_by(scene: Scene, charge: Any) -> set[str]:
    """What a hook reads of a parent at an order."""
    parent = Watched(scene.parent)
    charge(parent, scene.place, scene.world, DAY, scene.inbox, scene.event, scene.counters)
    return parent.read


def test_nothing_but_records_is_noted(scene: Scene) -> None:
    customer(scene).event.list_fen = 100
    assert read_by(scene, PREDICTION.charge) <= SEEN

    def leaking(parent: Any, *others: Any) -> None:
        PREDICTION.charge(parent, *others)
        scene.world.states.prediction[scene.place].spent_fen = parent.trust

    assert read_by(scene, leaking) - SEEN == {"trust"}


# -- who is picked ----------------------------------------------------------------------------


def test_so_large_a_share_is_picked_by_score_or_by_lot() -> None:
    scores = np.random.default_rng(2).uniform(size=1000)
    asked = np.arange(1000) % 4 > 0
    least, most, lot = (picked(scores, asked, by, 0.2, 30) for by in (UNLIKELY, LIKELY, BY_LOT))
    for chosen in (least, most, lot):
        assert chosen.sum() == 150
        assert not (chosen & ~asked).any()
    assert scores[least].max() <= scores[asked & ~least].min()
    assert scores[most].min() >= scores[asked & ~most].max()
    assert scores[lot].mean() == pytest.approx(scores[asked].mean(), abs=0.06)
    assert (lot != picked(scores, asked, BY_LOT, 0.2, 60)).any(), "others the next time"
    assert picked(scores, asked, UNLIKELY, 0.0, 30).sum() == 0
    assert (picked(scores, asked, UNLIKELY, 1.0, 30) == asked).all()


def test_whose_day_has_come_is_counted_by_what_it_did_since() -> None:
    """Four who were picked and two who were not, on day 60, for a coupon due on day 65."""
    rows = [  # last order, the one before, picked
        (-NEVER, -NEVER, 1),
        (65, 30, 1),  # in time, the last day of seven is 71
        (90, 71, 1),  # in time, and again
        (62, 20, 1),  # needs none: left out
        (72, 20, 0),  # too late
        (66, 65, 0),
    ]
    kept = states_for(len(rows) + 1, ["prediction"]).prediction
    last, previous, chosen = np.array(rows).T
    kept["last_day"][:-1], kept["previous_day"][:-1], kept["picked"][:-1] = last, previous, chosen
    kept["asked_day"][:] = [65] * len(rows) + [-NEVER]  # one was not asked for
    own = SimpleNamespace(coupon_days=7)
    shared = states_for(1, ["prediction"]).prediction_shared[0]
    shared["studied_day"] = 60
    for times in (1, 2):
        before = kept.copy()
        count_who_came(own, kept, shared)
        counted = [shared[n] / times for n in ("picks", "picks_came", "others", "others_came")]
        assert counted == [3, 2, 2, 1]
        assert (kept["asked_day"] == -NEVER).all(), "nobody counts twice"
        kept["asked_day"] = before["asked_day"]


def test_nobody_below_the_least_chance_is_picked() -> None:
    some, likely = (run(f"operator.prediction.least_score={n}") for n in (0.0, 0.5))
    picks = [result.daily["prediction_picks"].iloc[-1] for result in (some, likely)]
    assert picks[0] > picks[1] > 0
    assert run("operator.prediction.least_score=1").daily["prediction_picks"].iloc[-1] == 0


def test_of_a_pick_by_lot_who_gets_a_coupon_comes_more_often() -> None:
    """And without a coupon as often: a pick by lot is a test. Ten percent of error, four sigma."""
    lot = ("operator.prediction.pick=by_lot", "operator.prediction.share=0.5")
    daily = run(*lot, "operator.prediction.coupon_percent=60").daily.iloc[-1]
    rates = [daily[f"prediction_{n}_came"] / daily[f"prediction_{n}"] for n in ("picks", "others")]
    assert daily["prediction_picks"] == pytest.approx(daily["prediction_others"], rel=0.1)
    assert rates[0] > rates[1] > 0


def test_levers_learn_on_their_days() -> None:
    operator = SimpleNamespace(prediction=SimpleNamespace(strength=1.0, refresh_days=30))
    assert [next_study(operator, day, 999) for day in (-31, -30, -1, 0, 29, 30)] == [
        -30,
        0,
        0,
        30,
        30,
        60,
    ]
    assert next_study(operator, 0, 7) == 7
    operator.prediction.strength = 0.0
    assert next_study(operator, 0, 999) == 999


# -- who is sent a coupon ---------------------------------------------------------------------


def customer(scene: Scene, **noted: Any) -> Scene:
    """A customer who was picked, whose stock ends in four days."""
    power = noted.pop("power", 1.0)
    own = {"lead_days": 4, "coupon_percent": 20, "coupon_days": 14, "needs_consent": 1}
    scene.lever("prediction", **own, yuan_per_message=0.05).power = power
    kept = scene.world.states.prediction[scene.place]
    usual = {"picked": 1, "orders": 2, "stock_end_day": DAY + 4, "coupon_day": -NEVER}
    for name, value in {**usual, **noted}.items():
        kept[name] = value
    since = {"orders": 2, "subscribed": 1, "consent": 2, "first_order_day": DAY - 60}
    vars(scene.parent).update(since | {"last_order_day": DAY - 26})
    scene.luck.of[LOT] = 0.5
    return scene


def test_it_is_sent_so_many_days_before_stock_ends_and_once(scene: Scene) -> None:
    sent = []
    for left in range(8, -3, -1):
        customer(scene, stock_end_day=DAY + left).spend(CALLED)
        sent += [left] if scene.inbox.coupon_percent > 0 else []
    assert sent == [4, 3, 2, 1, 0], "late, where the household slept that day"
    scene.counters.cost_fen = [0] * len(scene.counters.cost_fen)
    customer(scene).spend(CALLED)
    parent = scene.parent
    assert (parent.coupon_percent, parent.coupon_until, parent.coupon_line) == (20, DAY + 14, LINE)
    assert (scene.costs(), scene.inbox.letter) == ({"prediction": 5}, 1)
    customer(scene, coupon_day=DAY - 1, stock_end_day=DAY + 3).spend(CALLED)
    assert (scene.costs(), scene.inbox.letter) == ({"prediction": 5}, 0)


def test_whoever_was_picked_is_woken_for_it(scene: Scene) -> None:
    customer(scene, stock_end_day=DAY + 9).spend(CALLED)
    assert scene.wake_schedule.wake_day == DAY + 5


@pytest.mark.parametrize(
    ("who", "what"),
    [
        ({}, {"picked": 0}),
        ({"subscribed": 0}, {}),
        ({"consent": 1}, {}),
        ({}, {"power": 0.0}),
        ({}, {"power": 0.4}),  # the lot fell on others
    ],
)
def test_who_is_sent_none(scene: Scene, who: dict[str, int], what: dict[str, Any]) -> None:
    vars(customer(scene, **what).parent).update(who)
    scene.spend(CALLED)
    assert (scene.costs(), scene.inbox.coupon_percent) == ({}, 0)


def test_whose_consent_is_withdrawn_is_forgotten(scene: Scene) -> None:
    customer(scene, scored=1, then_orders=3).parent.consent = 1
    scene.spend(CALLED)
    kept = scene.world.states.prediction[scene.place]
    assert (kept.orders, kept.picked, kept.scored, kept.then_orders) == (0, 0, 0, 0)
    for when in ("", "then_"):
        assert np.isnan(known(scene.world.states.prediction, DAY + 1, when)[scene.place]).all()


# -- in whole worlds --------------------------------------------------------------------------

SIZE = (LIVELY, "population.households=12000", "run.days=180", "run.warmup_days=60")


@cache
def run(*overrides: str) -> Any:
    return simulate(load("predictive_coupons", [*SIZE, *overrides]), 1, warm_start=False)


def spent(result: Any) -> float:
    return float(result.daily["discount_prediction_yuan"].sum())


def test_more_strength_and_a_larger_share_give_more() -> None:
    consent = "operator.prediction.needs_consent=false"
    doses = [spent(run(consent, f"operator.prediction.share={share}")) for share in (0.0, 0.3, 1.0)]
    assert doses[0] == 0.0 < doses[1] < doses[2]
    weaker = run(consent, "operator.prediction.share=1", "operator.prediction.strength=0.4")
    assert 0 < spent(weaker) < 0.8 * doses[2]


def test_trees_stand_beside_marks_on_customers_they_have_not_seen() -> None:
    daily = run("operator.prediction.needs_consent=false", "operator.prediction.share=0").daily
    learnt = daily[daily["prediction_customers"] > 0]
    assert len(learnt) > 100
    assert (learnt["prediction_auc"] > 0.6).all()
    assert learnt["prediction_auc"].mean() > learnt["prediction_auc_recency"].mean()
    assert (learnt["prediction_brier"] < 0.25).all()


def test_without_strength_dates_or_audience_nothing_changes() -> None:
    off = run("operator.prediction.strength=0")
    for other in ("operator.prediction.audience.lot=0", "operator.prediction.from_day=180"):
        assert off.indicators.equals(run(other).indicators)
    late = run("operator.prediction.from_day=150").daily
    assert (late["cost_prediction_yuan"][:150] == 0).all()


@pytest.mark.parametrize("threads", [1, 2])
def test_step_by_step_and_in_one_breath_are_the_same(threads: int) -> None:
    words = [*PLAIN, "population.households=9000", "run.days=90", "run.warmup_days=0"]
    config = load("predictive_coupons", words)
    one = lived(config, 82)
    other = Engine(config, 7, threads=threads)
    other.populate()
    other.operate(config.operator, np.inf)
    other.live_until(82)
    assert one.world.states.prediction.tobytes() == other.world.states.prediction.tobytes()
    assert one.world.states.prediction_shared["customers"][0] > 0
