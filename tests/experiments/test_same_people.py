"""Same people, horizons, payback and goals, reckoned by hand."""

import numpy as np
import pandas as pd
import pytest

from sim.config.loading import experiment, load
from sim.experiments import goals, horizons, same_people
from sim.experiments.horizons import Readings, payback
from sim.experiments.simulate import simulate
from sim.indicators.horizons import OUTCOMES, reads
from sim.parameters.quantity import ConfigurationError

NAN = float("nan")


def people(**changes: list[object]) -> pd.DataFrame:
    """Four places; the family of the last graduated on day 300, another came on day 301."""
    table = pd.DataFrame(
        {
            "household": [0, 1, 2, 3, 3],
            "family": [1, 1, 1, 1, 2],
            "entered_day": [NAN, NAN, NAN, NAN, 301],
            "left_day": [NAN, NAN, NAN, 300, NAN],
            "first_order_day": [-50.0, -9.0, 20.0, -400.0, 350.0],
            "established": [True, True, False, True, False],
            "repurchased": [True, False, True, True, False],
            "active": [True, False, True, False, True],
            "orders_since_start": [5, 1, 3, 2, 1],
        }
    )
    return table.assign(**changes)


def test_outcomes_of_the_same_people_by_hand() -> None:
    got = same_people.outcomes_of(people(), 365, 365)
    assert got["repurchasing_households"] == 1e4 * 3 / 4  # also who has graduated since
    assert got["day0_repurchase"] == 1 / 2  # the third customer of day 0 has graduated
    assert got["day0_orders"] == (5 + 1 + 2) / 3
    assert got["day0_churn"] == 1 / 2
    assert got["new_customers"] == 1e4 * 2 / 4
    assert set(got) == {each.name for each in OUTCOMES}


def test_what_a_short_run_cannot_see_is_missing() -> None:
    got = same_people.outcomes_of(people(), 300, 300)
    assert np.isnan([got["repurchasing_households"], got["day0_repurchase"]]).all()
    assert got["day0_churn"] == 2 / 3  # whose graduation is not before the end
    assert got["day0_orders"] == 8 / 3
    assert got["new_customers"] == 1e4 / 4
    assert np.isnan(list(same_people.changed(people(), people(), 300, 300).values())).all()


def test_won_less_lost_is_what_repurchasing_households_differ_by() -> None:
    own = people(repurchased=[False, True, True, True, True])
    got = same_people.changed(own, people(), 365, 365)
    assert got == {"won": 1e4 * 2 / 4, "lost": 1e4 * 1 / 4}
    levels = [same_people.outcomes_of(each, 365, 365) for each in (own, people())]
    net = levels[0]["repurchasing_households"] - levels[1]["repurchasing_households"]
    assert net == got["won"] - got["lost"]
    moved = people(family=[1, 1, 1, 1, 3])  # another family is another household
    assert same_people.changed(moved, people(repurchased=[True] * 5), 365, 365)["lost"] == 5e3


def test_horizons_are_read_from_their_own_columns() -> None:
    table = people(
        repurchased_12m=[False] * 5, active_12m=[True] * 5, orders_since_start_12m=[0] * 5
    )
    early, late = (same_people.outcomes_of(table, day, 400) for day in (365, 400))
    assert early["repurchasing_households"] == 0.0
    assert late["repurchasing_households"] == 7500.0
    assert early["day0_churn"] == 0.0
    assert early["day0_orders"] == 0.0


def test_a_horizon_of_a_long_run_is_the_end_of_a_short_one() -> None:
    small = ("population.households=400", "run.warmup_days=60")
    long, short = (
        simulate(load("baseline", [*small, f"run.days={days}"]), 4, warm_start=False).households
        for days in (500, 365)
    )
    early = same_people.outcomes_of(long, 365, 500)
    # Families that came after day 365 of the long run are in its table, and have done nothing.
    assert early == pytest.approx(same_people.outcomes_of(short, 365, 365), nan_ok=True)
    assert early["repurchasing_households"] > 0


def test_days_that_are_read() -> None:
    assert reads(180) == [180]
    assert reads(365) == [365]
    assert reads(1095) == [365, 730, 1095]
    assert reads(1000) == [365, 730, 1000]


def ladder(days: dict[int, int]) -> pd.DataFrame:
    """A ladder whose contribution after so many days is so many fen."""
    rows = [
        (day, line, "", sign * fen)
        for day, fen in days.items()
        for line, sign in (("list", 3), ("goods", -2), ("contribution", 1))
    ]
    return pd.DataFrame(rows, columns=["days", "line", "lever", "fen"])


def turning() -> Readings:
    """A strategy that gains at first and loses in the end, in six worlds."""
    readings = Readings("baseline", ["baseline", "halved"], list(range(6)))
    ladders = {
        (name, seed): ladder({365: 1000 + gain * first, 730: 2000 + gain * last})
        for name, gain in (("baseline", 0), ("halved", 1))
        for seed, (first, last) in enumerate(
            [(100, -50), (110, -60), (90, -55), (105, -45), (95, -52), (101, -58)]
        )
    }
    readings.read_ladders(ladders)
    return readings


def test_a_verdict_that_turns_is_marked_where_it_has_turned() -> None:
    table = turning().horizon()
    own = table[(table["strategy"] == "halved") & (table["outcome"] == "contribution_yuan")]
    assert own["day"].tolist() == [365, 730]
    assert own["months"].tolist() == [12.0, 24.0]
    assert own["verdict"].tolist() == ["better", "worse"]
    assert own["turns"].tolist() == [False, True]
    assert own["extra"].tolist() == pytest.approx([601 / 600, -320 / 600], abs=1e-4)
    assert table["turns"].sum() == 1
    assert (own["extra_low"] < own["extra"]).all()


def test_the_ladder_of_a_comparison_keeps_its_order_and_adds_up() -> None:
    table = turning().ladder()
    for _, part in table.groupby("strategy"):
        assert part["line"].tolist() == ["list", "goods", "contribution"]
        lines, contribution = part["mean"].tolist()[:-1], part["mean"].tolist()[-1]
        assert sum(lines) == pytest.approx(contribution, abs=0.004)


def test_a_step_that_a_run_does_not_have_is_nothing_there() -> None:
    readings = Readings("baseline", ["baseline", "mine"], [1, 2])
    plain = ladder({365: 500})
    cost = pd.DataFrame([(365, "lever_cost", "koc", -70)], columns=plain.columns)
    runs = {("baseline", seed): plain for seed in (1, 2)}
    runs |= {("mine", seed): pd.concat([cost, plain]) for seed in (1, 2)}
    readings.read_ladders(runs)
    table = readings.ladder().set_index(["strategy", "line"])["mean"]
    assert table["baseline", "lever_cost"] == 0.0
    assert table["mine", "lever_cost"] == -0.7


def monthly(*amounts: float) -> pd.DataFrame:
    return pd.DataFrame({"month": range(len(amounts)), "contribution_yuan": amounts})


def test_payback_is_the_month_from_which_the_sum_stays_above() -> None:
    worlds = ((-4.0, 1.0, 4.0, 1.0), (-4.2, 1.1, 4.1, 1.0), (-3.9, 0.9, 3.9, 1.2))
    never = ((4.0, -1.0, -9.0, 1.0),) * 3
    runs = {("baseline", seed): monthly(0, 0, 0, 0) for seed in range(3)}
    runs |= {("pays", seed): monthly(*own).iloc[::-1] for seed, own in enumerate(worlds)}
    runs |= {("loses", seed): monthly(*own) for seed, own in enumerate(never)}
    runs |= {("gains", seed): monthly(1 + seed, 1, 1, 1) for seed in range(3)}
    got = payback(runs, "baseline").set_index("strategy")
    assert got.loc["pays", ["month", "low", "high"]].tolist() == [3, 3, 3]
    assert got.loc["gains", "month"] == 1
    assert np.isnan(got.loc["loses", "month"])


def test_a_goal_decides_who_is_best_and_a_weighted_set_weighs() -> None:
    readings = turning()
    for strategy, churn in (("baseline", 0.20), ("halved", 0.19)):
        for seed in readings.seeds:
            readings.put(strategy, seed, {(730, "day0_churn"): churn + 0.001 * seed})
    readings.market = 1000.0

    def best(asked: goals.Asked) -> tuple[str, str]:
        table = goals.goals(readings, {}, asked)
        first = table[table["asked"]].iloc[0]
        return str(table["goal"].iloc[0]), str(first["strategy"])

    assert best("contribution") == ("contribution", "baseline")
    assert best("churn") == ("churn", "halved")
    # A point less churn, for 5.3 yuan less from each 10,000 households.
    assert best({"churn": 5.0, "contribution": 1.0}) == ("own", "baseline")
    assert best({"churn": 6.0, "contribution": 1.0}) == ("own", "halved")
    table = goals.goals(readings, {}, "churn")
    churn = table[table["goal"] == "churn"].set_index("strategy")
    assert churn.loc["halved", "extra"] == pytest.approx(-1.0)
    assert churn["better"].unique().tolist() == ["lower"]
    assert table.loc[table["goal"] == "repurchase_rate", "mean"].isna().all()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("profit", "There is no goal profit"),
        ({"churns": 1.0}, "churn"),
        ({"churn": -1.0}, "goal.churn = -1.0 is impossible"),
        ({"churn": NAN}, "goal.churn = nan is impossible"),
        ({"churn": 0.0}, "Nothing is worth anything"),
    ],
)
def test_goals_that_cannot_be_meant_are_refused(asked: goals.Asked, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        goals.weights(asked)


@pytest.mark.parametrize("goal", goals.GOALS)
def test_every_goal_is_a_word_behind_the_command(goal: str) -> None:
    values, _, _ = experiment("compare", [f"goal={goal}"])
    assert goals.chosen(values["goal"]) == goal
    several, _, _ = experiment("compare", [f"goal={goal}", "goal.contribution=2", "goal.churn=3"])
    worths = goals.weights(several["goal"])
    assert goals.chosen(several["goal"]) == goals.OWN
    assert worths["churn"] == 3.0
    assert worths["contribution"] == 2.0


def test_the_usual_goal_is_that_of_the_settings() -> None:
    values, _, _ = experiment("compare")
    assert goals.weights(values["goal"]) == goals.weights(goals.USUAL)
    assert horizons.BETTER.keys() >= {each.name for each in OUTCOMES}
