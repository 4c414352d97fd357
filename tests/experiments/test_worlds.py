"""What each world says by itself is what means and intervals of a comparison are made of."""

import numpy as np
import pytest

from sim.experiments import statistics
from sim.report.reading import read_comparison
from tests.stored_comparison import write_comparison


@pytest.fixture(scope="module")
def comparison(tmp_path_factory):
    return read_comparison(write_comparison(tmp_path_factory.mktemp("worlds") / "baseline-0"))


def values(comparison, outcome, day):
    table = comparison.worlds
    rows = table[(table["outcome"] == outcome) & (table["day"] == day)]
    return rows.pivot(index="seed", columns="strategy", values="value")


def test_levels_differences_and_their_intervals_follow_from_it(comparison):
    told = comparison.horizon[comparison.horizon["outcome"].isin(comparison.worlds["outcome"])]
    assert len(told)
    for (outcome, day), rows in told.groupby(["outcome", "day"]):
        worlds = values(comparison, outcome, day)[list(rows["strategy"])]
        np.testing.assert_allclose(rows["mean"], worlds.mean(), rtol=1e-9)
        others = rows[rows["strategy"] != "baseline"]
        extra = worlds[list(others["strategy"])].sub(worlds["baseline"], axis=0)
        np.testing.assert_allclose(others["extra"], extra.mean(), rtol=1e-9, atol=1e-4)
        half = others["critical"].to_numpy() * extra.std() / np.sqrt(len(extra))
        np.testing.assert_allclose(
            others["extra_high"] - others["extra"], half, rtol=1e-6, atol=1e-4
        )


def test_main_indicators_are_there_at_the_end(comparison):
    worlds = values(comparison, "repurchase_rate_365d", comparison.days)
    got = statistics.mean_intervals(worlds.to_numpy())
    levels = comparison.level("repurchase_rate_365d")
    assert [levels[name].mean for name in worlds] == pytest.approx(got.mean, rel=1e-9)
    assert [levels[name].high for name in worlds] == pytest.approx(got.high, rel=1e-9)
