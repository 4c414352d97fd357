"""The size of a pilot follows from how households differ, and from what chats have in common."""

from math import isnan

import numpy as np
import pandas as pd
import pytest

from sim.experiments import pilot
from sim.experiments.pilot import DAY0_CHURN, DAY0_MARGIN, DAY0_REPURCHASE, NET, Spread


def test_arms_are_as_large_as_the_textbook_says():
    # Chow, Shao and Wang 2008, 4.2.3: shares of .85 and .65 at 5% and 80%: 70 in each arm
    assert pilot.per_arm(0.20, 0.65 * 0.35, 0.85 * 0.15) == 70
    # ibid. 3.2: a difference of a twentieth of the deviation takes 6,280 in each arm
    assert pilot.per_arm(0.05, 1.0, 1.0) == 6280
    assert pilot.per_arm(0.025, 1.0, 1.0) == pytest.approx(4 * 6280, rel=1e-3)
    assert isnan(pilot.per_arm(0.0, 1.0, 1.0))


def test_so_many_households_see_the_difference_four_times_in_five():
    luck, trials = np.random.default_rng(1), 4_000
    less, more = 0.18, 0.23
    size = int(pilot.per_arm(more - less, less * (1 - less), more * (1 - more)))
    shares = luck.binomial(size, (less, more), (trials, 2)) / size
    error = np.sqrt((shares * (1 - shares)).sum(axis=1) / size)
    assert (abs(shares[:, 1] - shares[:, 0]) > 1.96 * error).mean() == pytest.approx(0.8, abs=0.02)


def test_members_of_a_cluster_correlate_as_they_were_made_to():
    luck = np.random.default_rng(2)
    cluster = np.repeat(np.arange(2_000), np.tile([4, 16], 1_000))
    values = luck.normal(0, np.sqrt(0.1), 2_000)[cluster]
    values = values + luck.normal(0, np.sqrt(0.9), len(cluster))
    shared, by_member, by_cluster = pilot.intraclass(values, cluster)
    assert shared == pytest.approx(0.1, abs=0.02)
    assert by_cluster == 10
    assert by_member == pytest.approx((4 * 4 + 16 * 16) / 20)
    assert pilot.design_effect(0.1, 21.0) == pytest.approx(3.0)


def test_strangers_correlate_with_nobody_and_loners_tell_nothing():
    luck = np.random.default_rng(3)
    shared, *_ = pilot.intraclass(luck.normal(size=20_000), np.repeat(np.arange(2_000), 10))
    assert abs(shared) < 0.01
    assert all(isnan(each) for each in pilot.intraclass(np.ones(3), np.arange(3)))
    assert all(isnan(each) for each in pilot.intraclass(np.ones(3), np.zeros(3, int)))


def people(repurchased):
    """Eight households, four of them in two chats; one graduates, one is no customer."""
    return pd.DataFrame(
        {
            "group": [0, 0, 1, 1, -1, -1, -1, -1],
            "entered_day": np.nan,
            "left_day": [np.nan] * 5 + [100.0, np.nan, np.nan],
            "first_order_day": [-5.0] * 7 + [20.0],
            "established": [True, True, False, True, False, True, False, False],
            "repurchased_12m": repurchased,
            "active_12m": [True, False, True, True, False, True, True, True],
            "margin_since_start_yuan_12m": [10.0, 30.0, 0.0, 0.0, 20.0, 99.0, 0.0, 99.0],
        }
    )


def test_outcomes_are_of_those_who_could_be_drawn():
    found = pilot.spreads(people([1, 1, 0, 0, 0, 1, 0, 1]), days=1095)
    assert found[DAY0_REPURCHASE].mean == pytest.approx(2 / 6)  # who graduated is left out
    assert found[DAY0_REPURCHASE].variance == pytest.approx(6 / 5 * 2 / 6 * 4 / 6)
    assert found[DAY0_REPURCHASE].correlation == 1.0  # chats agree within, and differ
    assert found[DAY0_CHURN].mean == pytest.approx(1 / 3)
    assert found[DAY0_MARGIN].mean == 10.0
    assert found[NET] == Spread(0.5, 0.25, *found[NET][2:])
    assert pilot.spreads(people([1] * 8), days=364) == {}


def test_a_pilot_is_as_large_as_its_difference_asks(tmp_path):
    spread = Spread(0.20, 0.16, 0.05, 21.0, 11.0)
    found = {("baseline", seed): dict.fromkeys(pilot.UNITS, spread) for seed in range(6)}
    for seed in range(6):
        own = spread._replace(mean=0.24 + 0.001 * (-1) ** seed, variance=0.18)
        found["other", seed] = dict.fromkeys(pilot.UNITS, own)
    table = pilot.pilots(found, ["baseline", "other"], range(6), "baseline").set_index("outcome")
    assert list(table["strategy"]) == ["other"] * 4
    row = table.loc[DAY0_REPURCHASE]
    assert row["extra"] == pytest.approx(0.04)
    assert row["per_arm"] == pilot.per_arm(0.04, 0.16, 0.18)
    assert row["design_effect"] == pytest.approx(2.0)
    assert row["groups_per_arm"] == np.ceil(2 * row["per_arm"] / 11)
    assert list(table["verdict"]) == ["better", "worse", "better", "better"]
    assert table.loc[NET, "extra"] == pytest.approx(400)  # of 10,000


def test_runs_of_less_than_a_year_have_no_pilot():
    table = pilot.pilots({("a", 1): {}, ("b", 1): {}}, ["a", "b"], [1], "a")
    assert table.empty
    assert list(table) == list(pilot.COLUMNS)
