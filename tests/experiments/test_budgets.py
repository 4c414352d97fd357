"""Equal money: what strategies spend is equal, and what came of it is told."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.commands.program import app
from sim.config.loading import load
from sim.experiments.asked_budget import EQUAL, OWN, RATE, asked_budget
from sim.experiments.budgets import COMMON, spending
from sim.experiments.compare import compare
from sim.experiments.executors import ExecutionSettings
from sim.experiments.plan import replication_seeds
from sim.parameters.quantity import ConfigurationError
from sim.report.budgets import sentences, summary, totals
from sim.report.reading import read_comparison
from sim.report.words import Words
from sim.store.runs import read_manifest, read_table
from tests.random_strategies import write_random_strategies
from tests.shipped import SHIPPED

SIZE = ["population.households=4000", "run.days=180"]
FOUND = ("met", "binding", "unbinding")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> ExecutionSettings:
    return ExecutionSettings(tmp_path_factory.mktemp("results"), executor="threads")


def spent(
    settings: ExecutionSettings,
    said: str,
    overrides: Sequence[str] = (),
    names: Sequence[str] = ("baseline", "integrated"),
    worlds: int = 2,
) -> tuple[dict[str, Any], pd.DataFrame]:
    """Strategies as they spend what they are to, and the rows they came to."""
    configs = {name: load(name, [*SIZE, *overrides]) for name in names}
    seeds = replication_seeds(1, worlds)
    budget = asked_budget(said, 4000)
    found, table = spending(configs, seeds, names[0], budget, settings)
    return found, table[table["state"] != ""].set_index(["strategy", "lever"])


# -- what may be said -----------------------------------------------------------------------


def test_a_budget_is_a_word_a_total_or_a_rate() -> None:
    assert asked_budget("own", 100) == OWN
    assert asked_budget(" equal ", 100) == EQUAL
    assert asked_budget("３０００", 100).amount == 3000.0
    rate = asked_budget("17.5／customer-month", 10**6)
    assert (rate.amount, rate.unit, rate.said) == (17.5, RATE, "17.5/customer-month")


@pytest.mark.parametrize("said", ["", "1e6", "nan", "-3", "0", "0.0", "3 000", "5/month", "Own"])
def test_what_is_no_budget_is_refused(said: str) -> None:
    with pytest.raises(ConfigurationError, match="is none: write `own`, `equal`"):
        asked_budget(said, 1)


# -- what comes of it -----------------------------------------------------------------------


def test_the_others_spend_what_the_reference_does(settings: ExecutionSettings) -> None:
    configs, ends = spent(settings, "equal")
    assert configs["baseline"] == load("baseline", SIZE)
    assert ends.loc[("baseline", COMMON), ["state", "factor"]].tolist() == ["met", 1.0]
    other = ends.loc[("integrated", COMMON)]
    assert other["state"] == "binding"
    assert other["factor"] < 1.0
    assert other["spend"] == pytest.approx(other["target"], rel=0.005)
    assert other["target"] == ends.loc[("baseline", COMMON), "spend"]
    assert configs["integrated"].operator.tiers.strength == pytest.approx(other["factor"])


def test_all_worlds_have_the_last_word(settings: ExecutionSettings) -> None:
    names = ("baseline", "membership")
    _, ends = spent(settings, "equal", names=names, worlds=5)
    assert ends["worlds"].tolist() == [5, 5]
    assert ends["spend"].max() / ends["spend"].min() < 1.01


def test_a_rate_is_per_customer_and_month(settings: ExecutionSettings) -> None:
    configs, ends = spent(settings, "14/customer-month", names=("baseline",))
    assert ends.loc[("baseline", COMMON), "unit"] == RATE
    assert ends.loc[("baseline", COMMON), "spend"] == pytest.approx(14.0, rel=0.005)
    assert configs["baseline"].operator.acquisition.media > 1.0  # more than at full strength


@pytest.mark.parametrize(
    ("said", "overrides", "state"),
    [
        ("9000000", ["strategy.scalable=[funnel]"], "unspendable"),  # it has no dose
        ("9000", ["strategy.scalable=[funnel]"], "unavoidable"),
        ("9000000", ["strategy.budget_yuan_per_customer_month=9"], "unspendable"),
    ],
)
def test_what_cannot_be_spent_or_saved_is_said(
    settings: ExecutionSettings, said: str, overrides: list[str], state: str
) -> None:
    _, ends = spent(settings, said, overrides, ("baseline",))
    assert ends["state"].tolist() == [state]


def test_funds_are_spent_beside_an_equal_total(settings: ExecutionSettings) -> None:
    fund = "strategy.fund={coupons: 5000, acquisition: 12000}"
    configs, ends = spent(settings, "equal", [fund])
    for name in ("baseline", "integrated"):
        for lever, yuan in (("coupons", 5000), ("acquisition", 12000)):
            # In so small a world a budget is cut day by day as coupons happen to be spent.
            assert ends.loc[(name, lever), "spend"] == pytest.approx(yuan, rel=0.02)
        assert configs[name].strategy.fund == {}
    other, reference = (ends.loc[(name, COMMON), "spend"] for name in ("integrated", "baseline"))
    assert other == pytest.approx(reference, rel=0.01)


def test_what_contradicts_itself_is_refused(settings: ExecutionSettings) -> None:
    off = [f"operator.{name}.strength=0" for name in vars(load("baseline").operator)
           if name != "operations"]  # fmt: skip
    for said, overrides, why in (
        ("equal", off, "spends nothing on levers, so there is no total"),
        ("9000", ["strategy.scalable=[koc]"], "has no lever whose strength could be changed"),
        ("9000", ["strategy.fund.coupons=9500"], "has funds of 9,500 yuan, more than the 9,000"),
        ("70/customer-month", [], "may spend 60 yuan per customer and month at most"),
    ):
        with pytest.raises(ConfigurationError, match=why):
            spent(settings, said, overrides, ("baseline",))


def test_nothing_asked_is_nothing_lived(settings: ExecutionSettings) -> None:
    configs, ends = spent(settings, "own", ["run.days=7"], ("baseline",))
    assert configs == {"baseline": load("baseline", [*SIZE, "run.days=7"])}
    assert ends.empty


# -- what is told ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_comparison_tells_it(settings: ExecutionSettings, language: str) -> None:
    names = ["baseline", "integrated", "reminders"]
    folder = compare(names, 2, 1, "baseline", SIZE, settings, budget="equal")
    assert read_manifest(folder)["budget"] == "equal"
    words, comparison = Words(language), read_comparison(folder)
    told = sentences(comparison, words)
    assert len(told) == 1 + len(names)
    for name, sentence in zip(comparison.names, told[1:], strict=True):
        assert words.strategy(name).lower() in sentence.lower()
    own = compare(names, 2, 1, "baseline", SIZE, settings)
    assert own != folder
    assert sentences(read_comparison(own), words) == []
    assert summary(read_comparison(own), words) == ""
    assert totals(read_comparison(own), words).rows == []
    shown = totals(comparison, words)
    assert len(shown.rows) == len(names)
    assert "1 → " in " ".join(row[-1] for row in shown.rows)
    assert words("budgets.alike", apart="")[:6] in summary(comparison, words)


def test_run_and_check_find_the_strength(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["baseline", "strategy.fund.acquisition=8000", *SIZE]
    shown = CliRunner().invoke(app, ["run", *words])
    assert shown.exit_code == 0, shown.output
    assert "Lived with operator.acquisition." in shown.stdout
    (folder,) = (tmp_path / "results/run").iterdir()
    daily = read_table(folder, "daily")
    paid = daily["cost_acquisition_yuan"] + daily["discount_acquisition_yuan"]
    assert paid.sum() == pytest.approx(8000, rel=0.01)
    shown = CliRunner().invoke(app, ["check", *words, "--try"])
    assert shown.exit_code == 0, shown.output
    assert "8,000 yuan for acquisition in a world of 4,000 households" in shown.stdout
    assert "operator.acquisition.strength=" in shown.stdout


# -- what was promised ----------------------------------------------------------------------


@pytest.mark.slow
def test_all_that_ship_and_two_at_random_spend_the_same(tmp_path: Path) -> None:
    own = tmp_path / "own"
    names = [*SHIPPED, *write_random_strategies(own, [1, 2])]
    settings = ExecutionSettings(tmp_path / "results", "threads", config_dir=own)
    size = ["population.households=5000", "run.days=365"]
    folder = compare(names, 3, 1, "baseline", size, settings, budget="equal")
    money = read_table(folder, "money")
    total = money[money["item"] == "spend_yuan"].set_index("strategy")["mean"]
    budgets = read_table(folder, "budgets")
    assert set(budgets.loc[budgets["state"] != "", "state"]) <= set(FOUND)
    assert len(total) == len(names)
    assert total.max() / total.min() < 1.01
