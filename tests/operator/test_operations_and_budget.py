"""The operations' stock and desk, and the budget that binds the levers, by example."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.engine.day_end import SUMS
from sim.operator.budget import change_budget, close_budget, new_budget, open_budget
from sim.operator.hooks import NAMES, lever_records, set_powers
from sim.operator.operations import OPERATIONS_STATE, close_day, first_state, open_day
from sim.operator.splits import _draw_lots
from sim.world.draws import HOUSEHOLD, named_purpose, uniform
from sim.world.state import TODAY
from tests.scene import small_model

about = pytest.approx
DAY = 65


class Operations:
    """An operator with goods of one kind."""

    def __init__(self) -> None:
        self.p = SimpleNamespace(
            stock_cover_days=10.0,
            stock_lead_days=3,
            first_stock_days=30.0,
            first_demand_share=0.1,
            least_first_packs=20,
            sorts_days=0.0,
            most_unfilled_share=0.9,
            demand_memory_days=4.0,
            late_days_per_shortage=2.0,
            desk_tickets_per_1000=50.0,
            shortest_wait_minutes=1.5,
            desk_minutes_per_day=600.0,
            review_half_life_days=120.0,
        )
        self.today = np.zeros(1, TODAY).view(np.recarray)
        self.today.supply = 1.0
        self.today.desk_ratio = 1.0
        self.states = np.zeros(1, OPERATIONS_STATE).view(np.recarray)
        self.state = self.states[0]
        self.state.households = 1000
        self.sums = np.zeros(1, SUMS).view(np.recarray)

    def morning(self, day: int = DAY) -> Any:
        open_day.py_func(self.p, self.today, self.states, day)  # type: ignore[attr-defined]
        return self.today[0]

    def evening(self, **sums: int) -> int:
        for name, value in sums.items():
            self.sums[0][name] = value
        return close_day(self.p, self.today, self.states, self.sums)


def test_a_first_guess_of_stock() -> None:
    operations = Operations()
    assert first_state(operations.p, 36_500)[0].on_hand.tolist() == [300] * 8
    assert first_state(operations.p, 36_500)[0].first_stock.tolist() == [300] * 8
    assert first_state(operations.p, 10)[0].on_hand.tolist() == [20] * 8


def test_goods_are_ordered_up_to_their_cover_and_come_after_the_lead_time() -> None:
    operations = Operations()
    operations.state.demand_per_day[2], operations.state.on_hand[2] = 7.0, 30
    operations.state.arriving[2 * 60 + 7] = 15  # on day 67
    operations.morning()
    # Seventy packs and one, less thirty here and fifteen on their way.
    assert operations.state.arriving[2 * 60 + (DAY + 3) % 60] == 26
    assert (operations.state.on_hand[2], operations.state.received[2]) == (30, 0)
    operations.morning(67)
    assert (operations.state.on_hand[2], operations.state.received[2]) == (45, 15)
    operations.morning(68)
    assert (operations.state.on_hand[2], operations.state.received[2]) == (71, 41)
    assert operations.state.arriving[2 * 60 : 3 * 60].sum() == 0


def test_nothing_is_ordered_where_there_is_enough() -> None:
    operations = Operations()
    operations.state.demand_per_day[:], operations.state.on_hand[:] = 2.0, 21
    operations.morning()
    assert operations.state.arriving.sum() == 0
    operations.state.on_hand[:] = 20
    operations.morning()
    assert operations.state.arriving.sum() == 8


def test_what_is_owed_goes_unfilled_and_comes_late() -> None:
    operations = Operations()
    operations.state.demand_per_day[:2], operations.state.on_hand[:2] = 5.0, (-2, 40)
    today = operations.morning()
    assert today.unfilled[:3] == about([0.4, 0.0, 0.0])
    assert today.late_days == about(2.0 * 2 / 10)
    operations.state.on_hand[0] = -50
    assert operations.morning().unfilled[0] == 0.9
    operations.state.demand_per_day[:], operations.state.on_hand[0] = 0.25, -1
    today = operations.morning()
    assert (today.unfilled[0], today.late_days) == (0.9, about(1.0))
    operations.state.on_hand[:] = 0
    assert operations.morning().late_days == 0.0


def test_the_thinner_the_stock_the_more_sizes_and_sorts_are_out() -> None:
    operations = Operations()
    operations.p.sorts_days = 5.0
    operations.state.demand_per_day[:] = 2.0
    operations.state.on_hand[:6] = (40, 20, 10, 0, -1, 10_000)
    today = operations.morning()
    assert today.unfilled[:3] == about([math.exp(-4.0), math.exp(-2.0), math.exp(-1.0)])
    assert today.unfilled[3:6] == about([0.9, 0.9, 0.0])  # at its limits: nothing left, plenty
    operations.state.demand_per_day[:], operations.state.on_hand[0] = 0.0, 1
    assert operations.morning().unfilled[0] < 1e-300  # nobody asks for it
    operations.p.sorts_days = 0.0
    operations.state.demand_per_day[:], operations.state.on_hand[:] = 2.0, 10
    assert not operations.morning().unfilled.any()


@pytest.mark.parametrize(
    ("customers", "ratio", "queue", "wait"),
    [(2000, 1.0, 50, 301.5), (2000, 2.0, 50, 151.5), (10, 1.0, 2, 1201.5), (2000, 1.0, 0, 1.5)],
)
def test_the_wait_at_the_desk(customers: int, ratio: float, queue: int, wait: float) -> None:
    operations = Operations()
    operations.state.customers, operations.state.queue, operations.today.desk_ratio = (
        customers,
        queue,
        ratio,
    )
    assert operations.morning().wait_minutes == about(wait)


def test_the_desk_works_through_its_queue_and_unsolved_tickets_come_back() -> None:
    operations = Operations()
    operations.state.customers, operations.state.queue = 1000, 30
    assert operations.evening(tickets=40, unsolved_tickets=10) == 50
    state = operations.state
    assert (state.tickets, state.served, state.queue) == (50, 50, 30)
    assert operations.evening(tickets=0, unsolved_tickets=0) == 30
    assert (state.tickets, state.served, state.queue) == (50, 80, 0)


def test_who_belongs_is_counted() -> None:
    operations = Operations()
    state = operations.state
    state.customers = state.members = state.private_domain = state.loyalty_members = 100
    operations.evening(new_customers=7, graduated_customers=2, joined_groups=5, left_groups=9)
    operations.evening(
        **dict.fromkeys(("new_customers", "graduated_customers", "joined_groups"), 0),
        left_groups=0,
        entered_private_domain=11,
        left_private_domain=3,
        graduated_private=2,
        enrolled=8,
        graduated_loyal=1,
    )
    counted = (state.customers, state.members, state.private_domain, state.loyalty_members)
    assert counted == (105, 96, 106, 107)


def test_stock_is_taken_and_demand_learnt() -> None:
    operations = Operations()
    operations.state.on_hand[:], operations.state.demand_per_day[:] = 10, 4.0
    operations.sums[0].packs_sold[3] = 12
    operations.evening()
    assert operations.state.on_hand.tolist() == [10, 10, 10, -2, 10, 10, 10, 10]
    assert operations.state.sold[3] == 12
    assert operations.state.demand_per_day[3] == about(6.0)
    assert operations.state.demand_per_day[0] == about(3.0)


def test_what_was_refused_was_asked_for_too() -> None:
    operations = Operations()
    operations.state.on_hand[:], operations.state.demand_per_day[:] = 10, 4.0
    operations.sums[0].packs_sold[3], operations.sums[0].packs_refused[3] = 2, 10
    operations.evening()
    assert (operations.state.on_hand[3], operations.state.sold[3]) == (8, 2)
    assert operations.state.demand_per_day[3] == about(6.0)


# -- the budget ----------------------------------------------------------------------------


def test_a_month_s_money_and_the_pace_it_allows() -> None:
    budget = new_budget(6.0)[0]
    assert (budget.pace, budget.yuan_per_customer_month) == (1.0, 6.0)
    open_budget(budget, 50, 0)
    assert (budget.month_fen, budget.spent_fen, budget.pace) == (30_000, 0, 1.0)
    close_budget(budget, 7_000)
    assert (budget.spent_fen, budget.full_day_fen) == (7_000, about(1_000))
    open_budget(budget, 99, 1)  # who came meanwhile counts from the next month on
    assert budget.month_fen == 30_000
    assert budget.pace == about(23_000 / 29_000)
    close_budget(budget, 2_300)
    full = 2_300 * 29 / 23
    assert budget.full_day_fen == about(1_000 + (full - 1_000) / 7)
    open_budget(budget, 99, 30)
    assert (budget.month_fen, budget.spent_fen) == (59_400, 0)


def test_money_that_is_spent_stops_everything_until_the_month_is_over() -> None:
    budget = new_budget(1.0)[0]
    open_budget(budget, 10, 5)
    close_budget(budget, 1_200)
    open_budget(budget, 10, 6)
    assert budget.pace == 0.0
    close_budget(budget, 0)
    assert budget.full_day_fen == about(1_200 / 7 * 6 / 7)
    close_budget(budget, 30)  # at next to no pace a day tells little
    assert budget.full_day_fen == about(1_200 / 7 * 36 / 49 + 600 / 7)
    open_budget(budget, 0, 30)
    assert budget.month_fen == 100, "of nobody it is that of one"


def test_another_budget_from_today_on() -> None:
    budget = new_budget(6.0)[0]
    open_budget(budget, 50, 0)
    change_budget(budget, 9.0, 50, 40)  # twenty days of the month are left
    assert (budget.month_fen, budget.yuan_per_customer_month) == (about(40_000), 9.0)
    change_budget(budget, 0.0, 0, 60)
    assert budget.month_fen == about(39_100)
    change_budget(budget, 1.0, 1, 61)
    change_budget(budget, 0.0, 1000, 60)
    assert budget.month_fen == 0.0


def test_powers_are_strength_at_the_pace() -> None:
    levers = lever_records(small_model("integrated").config.operator)
    for line, name in enumerate(NAMES):
        own = levers[name]
        assert (own.line, own.power) == (line, own.strength)
    levers.coupons.strength = 0.8
    set_powers(levers, 0.5)
    assert levers.coupons.power == 0.4


def test_a_random_split_is_the_share_that_was_drawn() -> None:
    households, families = np.arange(400), np.arange(400) % 3
    found, nothing = np.zeros(400), np.zeros(400, np.int64)
    purpose = named_purpose("community")
    arguments = (5, purpose, 0, households, families, nothing, nothing, found)
    _draw_lots.py_func(*arguments)  # type: ignore[attr-defined]
    lots = [
        uniform(5, HOUSEHOLD, int(h), int(f), purpose)
        for h, f in zip(households, families, strict=True)
    ]
    assert found.tolist() == lots
