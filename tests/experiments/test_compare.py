"""Tables of a comparison: paired, counted right, and the same bytes whatever the order."""

from dataclasses import make_dataclass

import numpy as np
import pandas as pd
import pytest

from sim.config import loading as config
from sim.experiments import compare, executors, outcomes, statistics
from sim.experiments.goals import PRECISION
from sim.parameters.quantity import ConfigurationError
from sim.store.runs import ResultsError, read_manifest, verify, write_tables
from tests.comparison_example import COST, EFFECT, STRATEGIES, households, result

SEEDS = (3, 11, 5, 7, 2, 19, 23, 29)


@pytest.fixture(scope="module")
def results():
    return {(name, seed): result(name, seed) for name in STRATEGIES for seed in SEEDS}


def tables_of(results, strategies=STRATEGIES, seeds=SEEDS, shuffled=None):
    def read(strategy, seed, table):
        frame = getattr(results[strategy, seed], table)
        return frame if shuffled is None else frame.sample(frac=1, random_state=shuffled)

    budgets = {name: COST.get(name, 0.0) for name in strategies}
    return compare.tables(read, strategies, seeds, "baseline", budgets)


@pytest.fixture(scope="module")
def found(results):
    return tables_of(results)


def test_levels_are_the_mean_over_seeds(results, found):
    levels = found["levels"]
    row = levels.query(
        "strategy == 'integrated' and indicator == 'repurchase_rate_365d' and segment == 'newborn'"
    )
    values = []
    for seed in SEEDS:
        frame = results["integrated", seed].indicators
        here = (frame["indicator"] == "repurchase_rate_365d") & (frame["segment"] == "newborn")
        values.append(frame.loc[here, "value"].item())
    assert row["mean"].item() == pytest.approx(np.mean(values))
    assert row["low"].item() < row["mean"].item() < row["high"].item()
    assert row["n"].item() == len(SEEDS)


def test_differences_find_the_built_in_effects(found):
    rows = found["differences"].query("indicator == 'churn_rate_365d' and by == 'all'")
    assert list(rows["strategy"]) == sorted(EFFECT)
    for row in rows.itertuples():
        # churn is built to fall by the effect; customers are nine tenths of the churn base
        assert row.low - 0.01 < -EFFECT[row.strategy] * 1.05 < row.high + 0.01
        assert row.low < row.high


def test_ranking_knows_that_less_churn_is_better(found):
    ranking = found["ranking"]
    for indicator in ("repurchase_rate_365d", "churn_rate_365d"):
        rows = ranking[ranking["indicator"] == indicator]
        assert rows["strategy"].iloc[0] == "integrated"
        assert rows["strategy"].iloc[-1] == "promotion_blast"
        assert rows["probability_best"].sum() == pytest.approx(1.0)


def test_won_and_lost_by_hand():
    reference = pd.DataFrame(
        {
            "household": [0, 1, 2, 3, 4],
            "family": [0, 0, 0, 0, 0],
            "stage": ["newborn", "newborn", "toddler", "toddler", "toddler"],
            "repurchased": [False, True, True, False, True],
        }
    )
    own = reference.assign(repurchased=[True, True, False, True, False])
    own = own.assign(family=[0, 0, 0, 0, 1]).iloc[::-1]  # another family is another household
    got = outcomes.won_and_lost(own, reference).set_index(["by", "segment"])
    assert got.loc[("all", "all")].to_dict() == {
        "households": 4,
        "repurchased_reference": 2,
        "won": 2,
        "lost": 1,
    }
    assert got.loc[("stage", "newborn"), "won"] == 1
    assert got.loc[("stage", "newborn"), "lost"] == 0
    assert got.loc[("stage", "toddler"), ["households", "won", "lost"]].tolist() == [2, 1, 1]


def test_nobody_is_won_or_lost_by_the_reference_itself():
    people = households("baseline", 4, 500)
    got = outcomes.won_and_lost(people, people)
    assert got["won"].sum() == 0
    assert got["lost"].sum() == 0


def test_won_and_lost_over_seeds_balance(found):
    table = found["won_lost"]
    assert set(table["strategy"]) == set(EFFECT)
    for by in ("stage", "region", "persona", "cohort", "tier", "channel", "membership"):
        parts = table[table["by"] == by].groupby("strategy")[["won", "lost"]].sum()
        whole = table[table["by"] == "all"].set_index("strategy")[["won", "lost"]]
        pd.testing.assert_frame_equal(parts, whole, check_names=False)
    row = table[(table["strategy"] == "integrated") & (table["by"] == "all")].iloc[0]
    stayed_away = row["households"] - row["repurchased_reference"]
    assert row["won_share"] == pytest.approx(row["won"] / stayed_away)
    assert row["net_share_low"] <= row["net_share"] <= row["net_share_high"]


def test_money_adds_up(found):
    money = found["money"].set_index(["strategy", "item"])["mean"]
    for name in EFFECT:
        spend = money[name, "spend_community_yuan"] + money[name, "spend_coupons_yuan"]
        spend += money[name, "spend_points_yuan"]
        assert money[name, "spend_yuan"] == pytest.approx(spend)
        given_up = money[name, "price_cuts_yuan"] + money[name, "points_redeemed_yuan"]
        paid = money[name, "lever_cost_yuan"]
        assert given_up > 0
        assert paid + given_up == pytest.approx(spend)
        margin, contribution = money[name, "gross_margin_yuan"], money[name, "contribution_yuan"]
        operations = money[name, "operations_commission_yuan"]
        assert margin - paid - operations == pytest.approx(contribution)
        extra = contribution - money["baseline", "contribution_yuan"]
        assert money[name, "extra_contribution_yuan"] == pytest.approx(extra)
        assert money[name, "budget_yuan_per_customer_month"] == COST[name]
    assert ("baseline", "extra_contribution_yuan") not in money


def test_spend_per_customer_and_month_has_months_of_thirty_days():
    daily = pd.DataFrame({"day": range(60), "customers": 100, "cost_points_yuan": 10.0})
    daily["gross_margin_yuan"] = 30.0
    got = outcomes.money({("baseline", 1): daily}, {}, "baseline").set_index("item")["mean"]
    assert got["spend_yuan"] == 600.0
    assert got["customer_months"] == 200.0
    assert got["spend_yuan_per_customer_month"] == 3.0
    assert "return_on_spend" not in got.index  # what is spent did not bring all that is earned


def test_extra_money_has_the_intervals_of_the_differences(results, found):
    money = found["money"].set_index(["strategy", "item"])
    worlds = [[results[name, seed].daily["contribution_yuan"].sum() for name in STRATEGIES]
              for seed in SEEDS]  # fmt: skip
    column = STRATEGIES.index("baseline")
    got = statistics.paired_differences(worlds, column, correlated=False)
    others = [name for name in STRATEGIES if name != "baseline"]
    for i, name in enumerate(others):
        row = money.loc[(name, "extra_contribution_yuan")]
        assert row[["mean", "low", "high"]].tolist() == pytest.approx(
            [got.mean[i], got.low[i], got.high[i]]
        )


def test_extra_return_is_a_quotient_of_means_and_only_where_more_is_spent():
    def day(spend, margin):
        return pd.DataFrame(
            {"customers": [30], "cost_points_yuan": [spend], "gross_margin_yuan": [margin]}
        )

    daily = {}
    for seed, wobble in enumerate((-0.9, 0.1, 0.8)):
        daily["baseline", seed] = day(100.0, 300.0)
        # Spends a yuan more or less and loses twelve: a mean of quotients would be a gain.
        daily["alike", seed] = day(100.0 + wobble, 288.0)
        daily["saves", seed] = day(50.0, 270.0)
        daily["more", seed] = day(110.0 + wobble, 325.0 + wobble)
    got = outcomes.money(daily, {}, "baseline").set_index(["strategy", "item"])["mean"]
    assert got["more", "extra_return_on_spend"] == pytest.approx(15 / 10)
    assert ("alike", "extra_return_on_spend") not in got
    assert ("saves", "extra_return_on_spend") not in got


def test_spend_is_all_that_is_given_up_or_paid():
    daily = pd.DataFrame({"customers": [60], "cost_points_yuan": [4.0], "gross_margin_yuan": [9.0]})
    daily["discount_points_yuan"], daily["discount_coupons_yuan"] = 3.0, 1.0
    got = outcomes.money({("baseline", 1): daily}, {}, "baseline").set_index("item")["mean"]
    parts = {"spend": 4.0, "lever_cost": 2.0, "points_redeemed": 1.5, "price_cuts": 0.5}
    for name, yuan in parts.items():
        assert got[f"{name}_yuan_per_customer_month"] == yuan
    assert got["spend_points_yuan"] == 7.0


def test_precision_says_what_it_takes(found):
    table, goals = found["precision"], found["goals"]
    assert (table.groupby("goal").size() == len(STRATEGIES) - 1).all()
    assert table["goal"].unique().tolist() == goals["goal"].unique().tolist()
    told = table.dropna()
    largest = goals.groupby("goal")["extra"].agg(lambda extra: extra.abs().max())
    stated = PRECISION * told["goal"].map(largest)
    assert told["half_width_stated"].tolist() == pytest.approx(stated.tolist())
    reached = told["half_width"] <= told["half_width_stated"]
    assert (told.loc[reached, "replications_needed"] <= len(SEEDS)).all()
    assert (told.loc[~reached, "replications_needed"] > len(SEEDS)).all()
    rate = told[told["goal"] == "repurchase_rate"]
    assert (rate["variance_reduction_ratio"] > 2).all()


def test_monthly_has_a_band_for_every_month(found):
    band = found["monthly"].query("strategy == 'membership' and series == 'repurchase_rate_30d'")
    assert band["month"].tolist() == list(range(12))
    assert (band["low"] < band["mean"]).all()


def test_same_bytes_from_any_order(results, found, tmp_path):
    other = tables_of(results, STRATEGIES[::-1], SEEDS[::-1], shuffled=8)
    for place, tables in (("one", found), ("two", other)):
        (tmp_path / place).mkdir()
        write_tables(tmp_path / place, tables)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert len(files) == 2 * len(found)
    for name in files:
        same = (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
        assert same, name


def test_strategy_more_changes_no_level_of_the_others(results, found):
    fewer = tables_of(results, ("baseline", "integrated"))["levels"]
    same = found["levels"][found["levels"]["strategy"].isin(("baseline", "integrated"))]
    pd.testing.assert_frame_equal(fewer, same.reset_index(drop=True))


def test_one_replication_has_means_and_no_intervals(results):
    got = tables_of(results, seeds=SEEDS[:1])
    assert got["differences"]["mean"].notna().all()
    assert got["differences"]["low"].isna().all()
    assert got["precision"]["replications_needed"].isna().all()


def test_reference_alone_is_not_a_comparison_but_does_not_fail(results):
    got = tables_of(results, ("baseline",))
    assert len(got["levels"]) > 0
    assert len(got["differences"]) == 0
    assert len(got["won_lost"]) == 0


def plain(name, budget=2.0):
    about = config.Strategy(name, name.title(), "what", "why", "cost", ["X01"], budget)
    run = config.Run(days=360, warmup_days=0, start_day_of_year=0, threads=1)
    nobody = make_dataclass("Operator", [])()
    people = make_dataclass("Population", ["households", "regions"])(2_000, [])
    return config.Simulation(about, people, {name: 1}, {}, nobody, nobody, {}, run, nobody)


@pytest.fixture
def laboratory(monkeypatch, tmp_path):
    """`compare` with made-up runs instead of the model; tells what was loaded and simulated."""
    seen = {"loaded": [], "simulated": []}

    def load(name, overrides=(), config_dir=None, trust_rules=False):
        seen["loaded"].append((name, tuple(overrides)))
        return plain(name)

    def simulate(run, on_day):
        name = next(iter(run.config["behaviour"]))
        seen["simulated"].append((name, run.seed))
        return result(name, run.seed, size=300)

    monkeypatch.setattr(compare, "load", load)
    monkeypatch.setattr(compare, "check_affordable", lambda config: None)
    monkeypatch.setattr(executors, "simulate_planned", simulate)
    return seen, executors.ExecutionSettings(results=tmp_path / "results")


def test_compare_writes_whole_folder_and_computes_only_what_is_missing(laboratory):
    seen, settings = laboratory
    folder = compare.compare(["membership"], 3, 1, "baseline", [], settings)
    verify(folder)
    manifest = read_manifest(folder)
    assert manifest["reference"] == "baseline"
    assert manifest["strategies"] == ["baseline", "membership"]
    assert len(manifest["seeds"]) == 3
    assert len(seen["simulated"]) == 6
    first = (folder / "levels.csv").read_bytes()
    again = compare.compare(["membership"], 3, 1, "baseline", [], settings)
    assert again == folder
    assert (folder / "levels.csv").read_bytes() == first
    assert len(seen["simulated"]) == 6
    more = compare.compare(["membership", "integrated"], 4, 1, "baseline", [], settings)
    assert more != folder
    assert len(seen["simulated"]) == 12


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"replications": 0}, "replications"),
        ({"budget": "mine"}, "budget = mine"),
        ({"budget": "299"}, "less than a yuan for each of its 2,000 households"),
        ({"precision": 0.0}, "precision"),
    ],
)
def test_impossible_wishes_are_refused_in_one_sentence(laboratory, wrong, word):
    _, settings = laboratory
    wish = {"replications": 2, "budget": "own", "precision": 0.01, **wrong}
    with pytest.raises(ConfigurationError, match=word):
        compare.compare(
            ["membership"], seed=1, reference="baseline", overrides=[], settings=settings, **wish
        )


def test_foreign_folder_is_not_replaced(laboratory):
    _, settings = laboratory
    folder = compare.compare(["membership"], 2, 1, "baseline", [], settings)
    (folder / "manifest.json").unlink()
    with pytest.raises(ResultsError):
        compare.compare(["membership"], 2, 1, "baseline", [], settings)
