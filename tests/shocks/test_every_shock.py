"""Every shock: nothing of it without size, its direction and its end, and books that balance.

The world is lively and has every lever on, so that whatever a shock may touch is there.
"""

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.agents.model import RepurchaseModel
from sim.behaviour.consent import NONE, PERSONALISED
from sim.config.loading import load
from sim.operator.discovery import SHOCKS
from sim.strategy.lint import doubts
from sim.world.household import NEVER
from tests.engine.test_conservation import LAWS, Day
from tests.whole_worlds import eventful, same_rows

FROM, UNTIL, DAYS = 20, 60, 110
LARGE = ("run.warmup_days=0", f"run.days={DAYS}", "operator.coupons.coupon_percent=20")
LARGE += ("strategy.budget_yuan_per_customer_month=100000",)
EXTREME = {  # settings that would show if anything of a shock without size happened
    "budget_cut": "spending_ratio=0",
    "consent_law": "fine_share=1",
    "falling_births": "births_ratio=0",
    "fee_rise": "rise=1",
    "industry_scandal": "heard_share=1",
    "price_war": "cut=0.9",
    "privacy_breach": "heard_share=1",
    "quality_scandal": "defect_ratio=99",
    "shrinking_reach": "reach_share=0",
    "supply_outage": "supply_share=0",
}


def dated(shock: str, size: float, *said: str) -> list[str]:
    own = {"size": size, "from_day": FROM, "until_day": UNTIL}
    return [*(f"shocks.{shock}.{key}={value}" for key, value in own.items()), *said]


def begun(households: int, *said: str) -> RepurchaseModel:
    """A model on its first day, with money that never binds."""
    config = eventful(households, *LARGE, *said)
    model = RepurchaseModel(config, 7)
    model.populate()
    model.operate(config.operator, config.strategy.budget_yuan_per_customer_month)
    return model


@cache
def lived(*said: str, until: int = DAYS, windows: bool = False, few: int = 1500) -> RepurchaseModel:
    model = begun(few, *said)
    model.by_windows = windows
    while model.day < until:
        if windows:
            model.step()
        else:
            model.live_until(until)
    return model


def struck(shock: str, *said: str, size: float = 1.0) -> RepurchaseModel:
    return lived(*dated(shock, size, *said))


def column(model: RepurchaseModel, name: str, first: int = FROM, end: int = UNTIL) -> np.ndarray:
    return np.array([day[name] for day in model.daily[first:end]], float)


def same(one: RepurchaseModel, other: RepurchaseModel) -> bool:
    own, others = one.state, other.state
    kept = [name for name in own if not name.startswith("states.")]
    alike = all(own[name].tobytes() == others[name].tobytes() for name in kept)
    events = (np.concatenate(model.events) for model in (one, other))
    return alike and same_rows(*events)


def test_every_shock_is_tried() -> None:
    assert set(EXTREME) == set(SHOCKS)


@pytest.mark.parametrize("shock", SHOCKS)
def test_without_size_no_bit_is_another(shock: str) -> None:
    assert same(struck(shock, f"shocks.{shock}.{EXTREME[shock]}", size=0.0), lived())


@pytest.mark.parametrize("shock", SHOCKS)
def test_until_it_begins_days_are_as_without_and_then_they_are_not(shock: str) -> None:
    calm, own = lived(), struck(shock)
    assert all(one == other for one, other in zip(calm.daily[:FROM], own.daily[:FROM], strict=True))
    assert not same(calm, own) or calm.daily[FROM] != own.daily[FROM]


def test_mesa_windows_live_the_same_days_with_all_of_them_and_after() -> None:
    """Sizes other than 1, which a NumPy record would have by itself."""
    dates = {"from_day": 2, "until_day": 9}
    said = [word for shock in SHOCKS for word in dated(shock, 0.5)]
    said += [f"shocks.{shock}.{key}={day}" for shock in SHOCKS for key, day in dates.items()]
    engine, windows = (lived(*said, until=13, windows=each, few=400) for each in (False, True))
    own, other = engine.state, windows.state
    assert [name for name in own if own[name].tobytes() != other[name].tobytes()] == []
    assert same(engine, windows)
    assert sum(int(day["quality_scandal_own_order"]) for day in engine.daily[9:]) == 0


@pytest.mark.parametrize("shock", SHOCKS)
def test_its_file_says_when_it_happens_and_nothing_odd_of_it(shock: str) -> None:
    own = getattr(load("baseline").shocks, shock)
    assert (own.size, own.from_day) == (0.0, 120)
    said = [f"shocks.{shock}.size=1", "run.days=400"]
    assert not any(shock in each for each in doubts(load("baseline", said), load("baseline")))


def test_all_at_once_books_balance_on_every_day() -> None:
    """A graduated family takes what it has along, and none follows where births fall."""
    said = [word for shock in SHOCKS for word in dated(shock, 1.0)]
    model = begun(1500, *said)
    for number in range(DAYS):
        before, operations = np.array(model.households), model.operations_state[0].copy()
        model.step()
        for law in LAWS:
            law(Day(before, operations, model)), f"day {number}"
    fined = model.daily[FROM]["operations_fines_fen"]
    paid = [int(event["paid_fen"]) for event in model.events[FROM] if event["list_fen"] > 0]
    assert fined == sum(int(fen * 0.04) for fen in paid) > 0


# -- directions -----------------------------------------------------------------------------


def test_an_outage_empties_shelves_and_they_fill_again() -> None:
    """What does not arrive cannot be sold; what was asked for in vain is ordered again."""
    calm, own = lived(), struck("supply_outage", "shocks.supply_outage.supply_share=0")
    late = slice(FROM + 20, UNTIL)
    assert (
        column(own, "unfilled_orders")[20:].sum() > 2 * column(calm, "unfilled_orders")[20:].sum()
    )
    assert column(own, "orders")[late.start - FROM :].sum() < column(calm, "orders")[20:].sum()
    empty = [
        column(own, "unfilled_orders", *days).sum() / column(own, "orders", *days).sum()
        for days in ((UNTIL - 20, UNTIL), (DAYS - 20, DAYS))
    ]
    assert empty[1] < 0.1 * empty[0], "weeks later shelves are full again"


def test_a_price_war_draws_orders_away_while_it_lasts() -> None:
    """Whoever compares finds rivals cheaper; when prices are as before, so is the comparison."""
    calm, own = lived(), struck("price_war", "shocks.price_war.cut=0.4")
    lost = [1.0 - column(own, "orders", *days).sum() / column(calm, "orders", *days).sum()
            for days in ((FROM, UNTIL), (UNTIL + 20, DAYS))]  # fmt: skip
    assert lost[0] > 0.05
    assert lost[1] < lost[0] / 2
    assert own.world.today[0].rival_price == 1.0


def test_a_rise_of_fees_costs_money_and_no_order_and_only_while_it_lasts() -> None:
    """Households see no fee; a share of every public sale goes to the platform."""
    calm, own = lived(), struck("fee_rise", "shocks.fee_rise.rise=0.25")
    for name in ("orders", "revenue_fen", "private_revenue_fen"):
        assert (column(own, name, 0, DAYS) == column(calm, name, 0, DAYS)).all()
    fees = "operations_commission_fen"
    assert column(own, fees).sum() == pytest.approx(2 * column(calm, fees).sum(), rel=1e-3)
    assert (column(own, fees, UNTIL, DAYS) == column(calm, fees, UNTIL, DAYS)).all()
    assert own.daily[FROM]["commission_share"] == 0.5


def test_shrinking_reach_brings_fewer_from_the_public_at_a_higher_price() -> None:
    """Fewer see what is published, and the media cost what they did."""
    calm, own = lived(), struck("shrinking_reach", "shocks.shrinking_reach.reach_share=0.4")
    clicks = [column(each, "deal_visits").sum() for each in (own, calm)]
    assert clicks[0] == pytest.approx(0.4 * clicks[1], rel=0.15)
    assert column(own, "new_customers").sum() < 0.9 * column(calm, "new_customers").sum()
    spent = [column(each, "cost_acquisition").sum() for each in (own, calm)]
    assert spent[0] == pytest.approx(spent[1], rel=0.15)
    back = [column(each, "deal_visits", UNTIL, DAYS).sum() for each in (own, calm)]
    assert back[0] == pytest.approx(back[1], rel=0.05)


def test_falling_births_leave_places_empty_for_good() -> None:
    """Nobody moves in where a child has grown up, and nobody does later."""
    calm, own = lived(), struck("falling_births", "shocks.falling_births.births_ratio=0")
    empty = [(np.asarray(each.households["birth_day"]) == NEVER).sum() for each in (own, calm)]
    left = int(column(own, "graduated").sum())
    assert empty[1] == 0
    assert empty[0] == left > 5


def test_a_budget_cut_slows_every_lever_from_the_next_day_to_the_day_after_its_last() -> None:
    """Levers work at the part of their strength that may be paid for, and cost as much."""
    calm, own = lived(), struck("budget_cut", "shocks.budget_cut.spending_ratio=0.3")
    assert own.daily[FROM]["pace"] == 1.0
    assert column(own, "pace", FROM + 1, UNTIL + 1) == pytest.approx(0.3)
    assert set(column(own, "pace", UNTIL + 1, DAYS)) == {1.0}
    fixed = "cost_service_desk"  # so much a customer, whatever households do
    assert column(own, fixed, FROM + 1).sum() < 0.35 * column(calm, fixed, FROM + 1).sum()
    assert column(own, "orders").sum() < column(calm, "orders").sum()


def trust_of(model: RepurchaseModel, places: np.ndarray) -> np.ndarray:
    return np.asarray(model.households["trust"], float)[places]


def test_a_scandal_of_the_trade_is_believed_and_costs_rivals_too() -> None:
    """Whoever hears trusts the operator less; rivals, which lose too, win fewer of its orders."""
    loud = ("shocks.industry_scandal.news_weight=3",)
    calm, own = lived(), struck("industry_scandal", *loud)
    heard = np.flatnonzero(own.world.states.industry_scandal["heard_day"] > 0)
    assert len(heard) > 1000
    assert (trust_of(own, heard) < trust_of(calm, heard)).mean() > 0.9
    spared = struck("industry_scandal", *loud, "shocks.industry_scandal.rivals_loss=0")
    orders = [column(each, "orders", FROM, DAYS).sum() for each in (spared, own, calm)]
    assert orders[0] < orders[2]
    assert orders[0] < orders[1], "where rivals are spared it costs the operator more"
    lost = column(own, "industry_scandal_rivals_lost", 0, DAYS)
    assert (np.diff(lost[FROM:UNTIL]) >= 0).all()
    assert (np.diff(lost[UNTIL:]) < 0).all(), "rivals win it back"


def test_a_breach_worries_customers_alone_and_drives_some_away() -> None:
    """Only a customer's data are out; worry above tolerance ends messages and private domain."""
    calm, own = lived(), struck("privacy_breach", "shocks.privacy_breach.alarm=0.8")
    heard = own.world.states.privacy_breach["heard_day"] > 0
    late = own.world.states.privacy_breach["heard_day"] >= UNTIL - 10
    customer = np.asarray(own.households["first_order_day"]) < FROM
    worry = [np.asarray(each.households["privacy_concern"], float) for each in (own, calm)]
    assert (worry[0] > worry[1])[heard & late & customer].mean() > 0.9
    stranger = [np.asarray(each.households["orders"]) == 0 for each in (own, calm)]
    assert (worry[0] == worry[1])[heard & stranger[0] & stranger[1]].all()
    for name in ("left_private_domain", "unsubscribed"):
        # Where every lever is on, more leave for other reasons.
        assert column(own, name).sum() > 1.1 * column(calm, name).sum()


def test_a_consent_law_asks_everybody_anew_once_and_fewer_consent() -> None:
    """A plain question reminds of worries, so that some who had consented do not again."""
    calm, own = lived(), struck("consent_law", "shocks.consent_law.plainness=1")
    events = np.concatenate(own.events)
    asked = events[events["consent_law_asked"] > 0]
    once = np.unique(asked[["household", "family"]])
    assert len(once) == len(asked) > 100
    assert ((asked["day"] >= FROM) & (asked["day"] < UNTIL)).all()
    consents = [np.asarray(each.households["consent"]) for each in (own, calm)]
    assert (consents[0] > NONE).mean() < (consents[1] > NONE).mean()
    personal = [(each == PERSONALISED).mean() for each in consents]
    assert personal[0] < 0.8 * personal[1]
    fines = column(own, "operations_fines_fen", 0, DAYS)
    assert (fines[FROM:UNTIL] > 0).all()
    assert fines[:FROM].sum() + fines[UNTIL:].sum() == 0


@pytest.mark.parametrize(
    ("shock", "event"),
    [("industry_scandal", "heard"), ("privacy_breach", "heard"), ("consent_law", "asked")],
)
def test_who_heard_is_noted_once(shock: str, event: str) -> None:
    rows = np.concatenate(struck(shock).events)
    noted: Any = rows[rows[f"{shock}_{event}"] > 0]
    assert len(noted) == len(np.unique(noted[["household", "family"]])) > 100
