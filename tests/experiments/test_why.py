"""Why a strategy contributes more: steps by hand, and sums that are exact whatever the numbers."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiments import why
from sim.experiments.simulate import simulate
from sim.experiments.why import Books, steps
from sim.store.result import Result
from tests.comparison_example import SEGMENTS, STRATEGIES, result
from tests.random_worlds import random_configuration
from tests.whole_worlds import eventful

LINES = ("list", "price_cut", "goods", "commission", "serving")


def books(customers: float, orders: float, *fen: float, lever_cost: float = 0.0) -> Books:
    """Books of one world; what is given up or paid as amounts above zero."""
    signed = {(name, ""): np.array([-amount]) for name, amount in zip(LINES, fen, strict=True)}
    signed["list", ""] = -signed["list", ""]
    signed["lever_cost", "koc"] = np.array([-lever_cost])
    return Books(np.array([customers]), np.array([orders]), signed)


def found(before: Books, after: Books) -> dict[str, float]:
    return {step: float(fen[0]) for (step, _), fen in steps(before, after).items()}


@pytest.mark.parametrize(
    ("step", "after"),
    [
        ("customers", books(20, 40, 8000, 800, 4000, 400, 200, lever_cost=100)),
        ("orders_per_customer", books(10, 40, 8000, 800, 4000, 400, 200, lever_cost=100)),
        ("basket", books(10, 20, 8000, 800, 4000, 400, 100, lever_cost=100)),
        ("price_cut", books(10, 20, 4000, 900, 2000, 200, 100, lever_cost=100)),
        ("goods", books(10, 20, 4000, 400, 2500, 200, 100, lever_cost=100)),
        ("commission", books(10, 20, 4000, 400, 2000, 900, 100, lever_cost=100)),
        ("serving", books(10, 20, 4000, 400, 2000, 200, 700, lever_cost=100)),
        ("lever_cost", books(10, 20, 4000, 400, 2000, 200, 100, lever_cost=600)),
    ],
)
def test_what_alone_differs_gets_all_of_it(step: str, after: Books) -> None:
    before = books(10, 20, 4000, 400, 2000, 200, 100, lever_cost=100)
    got = found(before, after)
    assert got.pop(step) == after.total[0] - before.total[0] != 0
    assert set(got.values()) == {0.0}


def test_what_two_factors_do_together_is_shared_evenly() -> None:
    got = found(books(10, 10, 1000, 0, 0, 0, 0), books(20, 60, 6000, 0, 0, 0, 0))
    # 10 × 1 × 100 to 20 × 3 × 100: alone +1000 and +2000, together 2000 more.
    assert got["customers"] == 2000
    assert got["orders_per_customer"] == 3000


def test_where_nobody_ordered_all_of_it_is_customers() -> None:
    nobody, some = books(0, 0, 0, 0, 0, 0, 0), books(5, 9, 900, 90, 400, 50, 30)
    for before, after in ((nobody, some), (some, nobody)):
        got = found(before, after)
        assert got["customers"] == after.total[0] - before.total[0] != 0
        assert sum(abs(each) for each in got.values()) == abs(got["customers"])


counts = st.integers(0, 10**6)
amounts = st.integers(0, 10**12)


@st.composite
def any_books(draw: Callable[..., int]) -> Books:
    customers = draw(counts)
    orders = draw(st.integers(customers, 10**7)) if customers else 0
    listed = draw(amounts) if orders else 0
    parts = [draw(st.integers(0, listed)) for _ in LINES[1:]]
    return books(customers, orders, listed, *parts, lever_cost=draw(amounts))


@given(any_books(), any_books())
def test_steps_are_whole_fen_and_add_up(before: Books, after: Books) -> None:
    got = found(before, after)
    assert sum(got.values()) == after.total[0] - before.total[0]
    assert all(each == round(each) for each in got.values())
    back = found(after, before)
    assert all(abs(got[step] + back[step]) <= 2 for step in got)  # but for rounding, symmetric


def check_accounts(run: Result) -> None:
    """Accounts of everybody are the ladder's lines; groups and who came later are everybody."""
    assert run.accounts is not None
    assert run.ladder is not None
    lines = run.ladder.astype({"line": str}).groupby(["days", "line"])["fen"].sum()
    for days, part in run.accounts.astype({"by": str}).groupby("days"):
        ladder, everybody = lines[days], part[part["by"] == "all"].iloc[0]
        assert everybody["list_fen"] == ladder["list"]
        assert everybody["price_cut_fen"] == -ladder.get("price_cut", 0) - ladder["points_redeemed"]
        for name in LINES[2:]:
            assert everybody[f"{name}_fen"] == -ladder[name], name
        columns = list(part.columns[3:])
        later = part[part["by"] == "later"][columns].sum()
        for by, groups in part[~part["by"].isin(["all", "later"])].groupby("by"):
            assert (groups[columns].sum() + later == everybody[columns]).all(), by


@pytest.mark.parametrize("number", range(4))
def test_accounts_are_those_of_the_ladder_in_any_configuration(number: int) -> None:
    check_accounts(simulate(random_configuration(number), number, warm_start=False))


def test_accounts_of_a_long_run_know_when_operations_changed() -> None:
    changed = "[{from_day: 40, operator: {operations: {serving_yuan: 30, commission_share: 0.5}}}]"
    run = simulate(
        eventful(200, "run.warmup_days=0", "run.days=500", f"schedule={changed}"),
        3,
        warm_start=False,
    )
    check_accounts(run)
    assert run.accounts is not None
    assert run.accounts["days"].nunique() == 2
    assert (run.accounts.loc[run.accounts["by"] == "later", "orders"] > 0).any()


def table(worlds: int = 3) -> pd.DataFrame:
    runs = {(name, seed): result(name, seed, 600) for name in STRATEGIES for seed in range(worlds)}
    ladders, accounts = (
        {run: getattr(found, name) for run, found in runs.items()}
        for name in ("ladder", "accounts")
    )
    return why.why(ladders, accounts, "baseline")


def test_the_table_adds_up_by_step_and_by_group() -> None:
    found = table()
    assert set(found["strategy"]) == set(STRATEGIES) - {"baseline"}
    for _, part in found.groupby("strategy"):
        last = part["step"] == "contribution"
        whole = part[(part["by"] == "all") & (part["lever"] == "")]
        total = whole.loc[last, "mean"].item()
        assert total != 0
        assert whole.loc[~last, "mean"].sum() == pytest.approx(total, abs=0.005)
        levers = part[part["lever"] != ""].groupby("step")["mean"].sum()
        own = whole.set_index("step")["mean"]
        assert set(levers.index) == {"price_cut", "lever_cost"}
        assert levers.to_dict() == pytest.approx(own[levers.index].to_dict(), abs=0.005)
        outside = part.loc[last & part["by"].isin(["later", "nobody"]), "mean"].sum()
        for by in SEGMENTS:
            groups = part[part["by"] == by]
            own = groups.loc[last, "mean"].sum()
            assert own + outside == pytest.approx(total, abs=0.005)
            assert groups.loc[~last, "mean"].sum() == pytest.approx(own, abs=0.05)


def test_levels_are_those_of_the_runs() -> None:
    found = table(1)
    own = found[(found["strategy"] == "integrated") & (found["by"] == "all")]
    own = own[own["lever"] == ""].set_index("step")
    before, after = (result(name, 0, 600).accounts for name in ("baseline", "integrated"))
    assert before is not None
    assert after is not None
    for column, counts in (("reference_level", before.iloc[0]), ("level", after.iloc[0])):
        assert own.loc["customers", column] == counts["customers"]
        frequency = counts["orders"] / counts["customers"]
        assert own.loc["orders_per_customer", column] == pytest.approx(frequency)
        assert own.loc["basket", column] == pytest.approx(550)
        assert own.loc["goods", column] == pytest.approx(350 / 550)
    assert own["low"].isna().all()  # one world has no interval


def test_the_reference_alone_has_no_why() -> None:
    one = result("baseline", 0, 100)
    assert one.ladder is not None
    assert one.accounts is not None
    run = ("baseline", 0)
    assert why.why({run: one.ladder}, {run: one.accounts}, "baseline").empty
