"""One entry in the ledger per fen given up: parts of an order add up, however deep its cuts."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.agents.model import RepurchaseModel
from sim.behaviour.ordering import (
    BY_DEAL,
    BY_FESTIVAL,
    BY_LIVESTREAM,
    BY_MESSAGE,
    BY_NEED,
    BY_POST,
    place_order,
)
from sim.behaviour.weighing import DEEPEST_CUT, PRIVATE_STORE, PUBLIC_STORE
from sim.operator.hooks import NAMES, book_charges
from sim.operator.own_records import EVENT, INBOX
from sim.world.household import MOST_HELD, PARENT
from sim.world.records import clear
from sim.world.state import COUNTERS
from tests.whole_worlds import begun, eventful

LEVER_OF_DEAL = {
    BY_DEAL: "acquisition",
    BY_FESTIVAL: "acquisition",
    BY_LIVESTREAM: "livestream",
    BY_MESSAGE: "broadcast",
    BY_POST: "content",  # of whoever is in no chat
}
DEAL_LEVERS = {*LEVER_OF_DEAL.values(), "community"}
DEEPEST = [
    "operator.coupons={coupon_percent: 90, promotion_days_per_month: 2}",
    "operator.coupons={promotion_cut: 0.9, festival_cut: 0.9}",
    "operator.tiers={silver_yuan: 0, gold_yuan: 0, platinum_yuan: 0}",
    "operator.tiers={silver_cut: 0.5, gold_cut: 0.5, platinum_cut: 0.5}",
    "operator.points={points_per_yuan: 100, least_points: 0}",
    "behaviour.rewards.redeem_base=20",
    "operator.acquisition={deal_cut: 0.9, festival_cut: 0.9}",
    "operator.livestream.cut=0.9",
    "operator.broadcast.offer_cut=0.9",
    "operator.content.offer_cut=0.9",
    "operator.community.offer_cut=0.9",
    "run.start_day_of_year=280",  # 11 November comes on day 34
]


@pytest.fixture(scope="module")
def model() -> RepurchaseModel:
    return begun(eventful(200, "run.warmup_days=0", "run.days=2"))


def blank(kind: np.dtype[Any]) -> SimpleNamespace:
    """A record as plain Python holds it."""
    row = np.zeros(1, kind)[0]
    return SimpleNamespace(**{name: row[name].tolist() for name in kind.names or ()})


def ordered(
    model: RepurchaseModel, *, cause: int = BY_NEED, coupon: int = 0, points: int = 0, **put: Any
) -> tuple[SimpleNamespace, dict[str, int]]:
    """An order of clothes by a member, and what each lever booked for it."""
    parent, inbox, event, counters = map(blank, (PARENT, INBOX, EVENT, COUNTERS))
    today = model.world.today.copy()
    clear(today[0])
    today[0].cut_private = today[0].cut_public = put.pop("sale", 0.0)
    today[0].deal_cut = put.pop("deal", 0.0)
    today[0].message_offer_cut = today[0].post_offer_cut = today[0].deal_cut
    inbox.livestream_cut = float(today[0].deal_cut)
    inbox.tier_cut, inbox.points_share = put.pop("tier", 0.0), put.pop("payable", 1.0)
    inbox.yuan_per_point = put.pop("yuan_per_point", 0.01)
    inbox.points_per_yuan = put.pop("points_per_yuan", 0.0)
    price_fen = put.pop("price_fen", 11600)
    category = model.world.category.copy()
    category["price_fen"] = price_fen
    rewards = SimpleNamespace(
        redeem_base=20.0,
        redeem_expiring=0.0,
        expiring_days=60,
        usual_clarity=0.0,
        unfair_weight=0.0,
    )  # whoever can, by rules that are plain
    rules = model.world.behaviour
    parts = {name: rules[name] for name in ("basket", "choose", "look", "believe", "consent")}
    behaviour = SimpleNamespace(**parts, rewards=rewards)
    world = model.world._replace(today=today, category=category, behaviour=behaviour)
    parent.loyalty_member, parent.group, parent.region, parent.income = 1, -1, 0, 1.0
    parent.points_new, parent.points_expire_day = points, 300
    parent.coupon_percent, parent.coupon_until = coupon, 30 if coupon else -1
    parent.coupon_line = NAMES.index(put.pop("whose", "coupons"))
    vars(parent).update(put.pop("parent", {}))
    event.group = -1
    event.packs[6] = put.pop("packs", 1)
    store = put.pop("store", PUBLIC_STORE)
    assert not put
    place_order(parent, 0, world, 0, store, cause, inbox, event)
    event.store = store
    book_charges(parent, 0, world, 0, inbox, event, counters)
    parts = {name: counters.discount_fen[line] for line, name in enumerate(NAMES)}
    event.parent = parent
    return event, {name: part for name, part in parts.items() if part}


cuts = st.floats(0, 0.9)


@given(
    price_fen=st.integers(100, 6_000_000),
    sale=cuts,
    coupon=st.integers(0, 90),
    tier=cuts,
    deal=cuts,
    cause=st.sampled_from([BY_NEED, *LEVER_OF_DEAL]),
    store=st.sampled_from([PRIVATE_STORE, PUBLIC_STORE]),
    points=st.integers(0, 100_000),
    payable=st.floats(0, 1),
    yuan_per_point=st.floats(0, 1),
)
@settings(max_examples=300, deadline=None)
def test_parts_add_up_to_what_was_given_up(model: RepurchaseModel, **of_order: Any) -> None:
    event, parts = ordered(model, **of_order)
    assert event.list_fen == event.paid_fen + sum(parts.values())
    assert all(part > 0 for part in parts.values())
    by_cuts = sum(part for name, part in parts.items() if name != "points")
    assert by_cuts <= event.list_fen * DEEPEST_CUT
    takers = {"coupons", "tiers", "points", LEVER_OF_DEAL.get(of_order["cause"])}
    assert parts.keys() <= takers


def test_where_the_cap_bites_the_tier_takes_what_the_coupon_leaves(model: RepurchaseModel) -> None:
    event, parts = ordered(model, price_fen=10_000, coupon=60, tier=0.5)
    assert event.paid_fen == 1000
    assert parts == {"coupons": 6000, "tiers": 3000}


def test_a_deal_answers_for_what_it_takes_beyond_sale_and_tier(model: RepurchaseModel) -> None:
    cuts = {"price_fen": 10_000, "sale": 0.2, "tier": 0.1, "cause": BY_DEAL}
    assert ordered(model, deal=0.5, **cuts)[1] == {
        "coupons": 2000,
        "tiers": 1000,
        "acquisition": 2000,
    }
    assert ordered(model, deal=0.3, **cuts)[1] == {"coupons": 2000, "tiers": 1000}


def test_rounding_leaves_no_fen_without_a_lever(model: RepurchaseModel) -> None:
    event, parts = ordered(model, price_fen=105, sale=0.25, tier=0.25)  # 26.25 and 26.25
    assert event.paid_fen == 53
    assert parts == {"coupons": 26, "tiers": 26}


def test_no_deal_gives_goods_away() -> None:
    """Cuts of advertised deals and of festivals come together, down to the deepest cut."""
    config = eventful(200, "run.warmup_days=0", "run.days=40", *DEEPEST)
    model = begun(config)
    deepest = 0.0
    for _ in range(40):
        model.step()
        deepest = max(deepest, float(model.world.today[0].deal_cut))
        assert (model.events[-1]["paid_fen"] >= 0).all()
    assert deepest == DEEPEST_CUT


def test_every_day_s_ledger_adds_up_at_the_extremes() -> None:
    config = eventful(1000, "run.warmup_days=0", "run.days=40", *DEEPEST)
    for rival, ratio in zip(config.market.rivals, (2, 0.5, 2), strict=True):
        rival.price_ratio = ratio
    model = begun(config)
    for _ in range(40):
        model.step()
        row = model.daily[-1]
        parts = sum(int(row[name]) for name in row.dtype.names if name.startswith("discount_"))
        assert row["list_fen"] == row["revenue_fen"] + parts
    daily = np.array(model.daily)
    for name in (*DEAL_LEVERS, "coupons", "tiers", "points"):
        assert daily[f"discount_{name}"].sum() > 0, f"{name} gave nothing up in this test"


def test_points_and_tier_spending_fill_up_instead_of_wrapping(model: RepurchaseModel) -> None:
    full = {"points_new": MOST_HELD - 10, "points_old": 3, "tier_spending_fen": MOST_HELD - 5}
    event, _ = ordered(model, points_per_yuan=100.0, payable=0.0, parent=full)
    assert event.points_issued == 7
    assert event.parent.points_new + event.parent.points_old == MOST_HELD
    assert event.parent.tier_spending_fen == MOST_HELD


def test_points_worth_next_to_nothing_are_points(model: RepurchaseModel) -> None:
    event, parts = ordered(model, points=500, yuan_per_point=1e-300)
    assert (event.points_redeemed, parts) == (500, {})


def test_the_dearest_orders_fit_their_fields() -> None:
    """Prices and lines at their limits after a year of such orders: no sum of money wraps."""
    config = eventful(
        300,
        "run.warmup_days=0",
        "run.days=30",
        "behaviour.basket={upgrade_income: 2, cross_sell: 1}",
        "operator.points={points_per_yuan: 100, share_payable: 0}",
    )
    for category in config.population.categories:
        category.price_yuan_per_pack, category.pack_units = 20000, 0.1
    model = begun(config)
    for field in ("points_new", "tier_spending_fen"):
        model.households[field] = MOST_HELD - 10**6
    for _ in range(30):
        model.step()
        events = model.events[-1]
        orders = events[events["list_fen"] != 0]
        for field in ("list_fen", "paid_fen", "goods_cost_fen", "points_issued"):
            assert (orders[field] >= 0).all(), field
        for field in ("points_new", "points_old", "tier_spending_fen", "spending_fen"):
            assert (np.asarray(model.households[field]) >= 0).all(), field
    assert np.asarray(model.households["tier_spending_fen"]).max() == MOST_HELD
