"""An operator fitted to its order log: what is searched, told, kept, and never looked at."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.config.loading import Varied, load
from sim.experiments.executors import ExecutionSettings
from sim.experiments.fit import HEAD, NAME, Search, fit
from sim.experiments.fitting.likeness import told_by_likes
from sim.experiments.fitting.new_customers import NewCustomers
from sim.experiments.fitting.pattern import followed_alike, followed_in_log, pattern, targets
from sim.experiments.fitting.people import write_people
from sim.experiments.samplers import Evaluated
from sim.experiments.samplers.emulated import Emulated, Target
from sim.experiments.simulate import observe
from sim.experiments.space import Range, Space
from sim.indicators import Book
from sim.order_log.columns import Columns
from sim.order_log.history import History, Period, Purchases
from sim.parameters.quantity import ConfigurationError
from sim.store.folders.kinds import EXPERIMENTS
from sim.store.runs import read_manifest

SETTINGS = (
    "behaviour.choose.operator_appeal=interval(-4,1)",
    "behaviour.need.cover_days=interval(10,90)",
)
SMALL = Search(SETTINGS, won_days=200, first_points=6, rounds=2, points_per_round=2, replications=2)
WORLD = ["population.households=3000", "run.warmup_days=120"]
FIRST = pd.Timestamp("2024-01-01")
Folders = tuple[Path, Path]


def write_log(path: Path, later: bool = True) -> Path:
    """What an operator with a pull of its own has in its order log, of customers won by day 200."""
    change = ["behaviour.choose.operator_appeal=0.5", "behaviour.need.cover_days=25"]
    config = load("baseline", [*WORLD, *change, "run.days=400"])
    book = Book(observe(config, 77))
    orders, won = book.orders, book.first_order_day
    own = (won[orders.family] >= 0) & (won[orders.family] < 200) & (orders.day >= 0)
    own &= later | (orders.day < 200)
    days = FIRST + pd.to_timedelta(orders.day[own], unit="D")
    table = pd.DataFrame({"customer": orders.family[own], "time": days.strftime("%Y-%m-%d")})
    if not later:  # what follows is made up: everybody orders on the very last day
        last = table.drop_duplicates("customer").assign(time="2025-02-03")
        table = pd.concat([table, last])
    table.to_csv(path, index=False)
    return path


def fitted(log: Path, results: Path, search: Search = SMALL, **how: Any) -> Path:
    how = {"first_days": 190, "overrides": WORLD} | how  # before what is made up
    return fit(log, Columns(), ExecutionSettings(results), search, **how)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    home = tmp_path_factory.mktemp("fit")
    log = write_log(home / "own.csv")
    return log, fitted(log, home / "results")


def table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(folder / f"{name}.parquet")


def test_what_is_kept_is_what_is_promised(kept: Folders) -> None:
    _, folder = kept
    for name in EXPERIMENTS["fit"].tables:
        assert (folder / f"{name}.csv").is_file()
    scores = table(folder, "scores").set_index("way")
    assert list(scores.index) == ["simulator", "bg_nbd", "pareto_nbd", "same_pace"]
    manifest = read_manifest(folder)
    counts = table(folder, "counts").groupby("way")["customers"].sum()
    np.testing.assert_allclose(counts, manifest["customers"], rtol=1e-6)
    came = table(folder, "told").query("way == 'log'")["purchases"]
    assert came.iloc[-1] == scores["purchases_log"].iloc[0] > 0
    assert came.is_monotonic_increasing
    assert table(folder, "points")["point"].nunique() == 6 + 2 * 2


def test_the_search_moves_towards_how_the_operator_is(kept: Folders) -> None:
    """The log is of an operator that pulls more than the usual one, to families who buy oftener."""
    _, folder = kept
    found = table(folder, "settings").set_index("setting")
    assert found.loc["behaviour.choose.operator_appeal", "value"] > -2.46
    assert found.loc["behaviour.need.cover_days", "value"] < 67
    own = table(folder, "points").groupby("point")["distance"].first()
    assert own.iloc[6:].min() <= own.iloc[:6].min()  # what was learnt was of use


def test_the_operator_found_can_be_run(kept: Folders) -> None:
    _, folder = kept
    chosen = ["behaviour=fitted", "population=fitted"]
    config = Varied("baseline", chosen, folder / "conf").at({})
    best = table(folder, "settings").set_index("setting")["value"]
    assert config.behaviour.choose.operator_appeal == best["behaviour.choose.operator_appeal"]
    assert config.behaviour.need.cover_days == best["behaviour.need.cover_days"]
    usual = load("baseline")
    assert config.behaviour.look == usual.behaviour.look
    assert config.population.households == usual.population.households


def test_what_was_said_of_people_is_part_of_the_operator_found(tmp_path: Path) -> None:
    said = ["behaviour=default", "behaviour.talk.land_base=1.25", "population.households=700"]
    write_people(tmp_path / "conf", NAME, HEAD, {"behaviour.need.cover_days": 31.5}, said)
    config = Varied("baseline", ["behaviour=fitted", "population=fitted"], tmp_path / "conf").at({})
    assert config.behaviour.talk.land_base == 1.25
    assert config.behaviour.need.cover_days == 31.5
    assert config.population.households == 20_000


def test_an_operator_that_wins_nobody_is_refused(kept: Folders, tmp_path: Path) -> None:
    nobody = NewCustomers(np.zeros(0, int), np.zeros(0, int))
    history = History(
        np.zeros(1, int), np.zeros(1, int), np.ones(1, int), None, np.zeros((1, 1), int), None
    )
    with pytest.raises(ConfigurationError, match="won no customer"):
        told_by_likes(history, nobody, Period(2, 7), 7)


def test_the_second_part_teaches_nothing(kept: Folders, tmp_path: Path) -> None:
    """With another future every estimate is the same: no part of it reaches the search."""
    log, folder = kept
    other = fitted(write_log(tmp_path / "own.csv", later=False), tmp_path / "results")
    for name in ("settings", "points", "pattern", "parameters"):
        pd.testing.assert_frame_equal(table(folder, name), table(other, name))
    assert not table(folder, "scores").equals(table(other, "scores"))
    assert log.name == "own.csv"


def test_the_same_command_goes_on_where_it_stopped(kept: Folders, tmp_path: Path) -> None:
    log, folder = kept
    shutil.copytree(folder.parent.parent / "runs", tmp_path / "runs")
    before = {path.name for path in (tmp_path / "runs").iterdir()}
    again = fitted(log, tmp_path)
    assert {path.name for path in (tmp_path / "runs").iterdir()} == before  # nothing was lived
    for name in EXPERIMENTS["fit"].tables:
        pd.testing.assert_frame_equal(table(folder, name), table(again, name))


def test_of_one_customer_the_rule_alone_is_told(tmp_path: Path) -> None:
    log = tmp_path / "one.csv"
    log.write_text("customer,time\na,2024-01-01\na,2024-01-11\na,2024-02-01\n", encoding="utf-8")
    folder = fitted(log, tmp_path / "results", first_days=20)
    assert table(folder, "scores")["way"].tolist() == ["same_pace"]
    assert table(folder, "settings").empty
    assert not (folder / "conf").exists()


@pytest.mark.parametrize(
    ("search", "how", "said"),
    [
        (SMALL, {"first_days": 900}, "first_days=900 leaves nothing to be forecast"),
        (SMALL, {"next_days": 900}, "next_days=900 is more than there is"),
        (Search(["behaviour.need.cover_days=7,9"]), {}, "must be a range"),
        (Search(["operator.coupons.strength=interval(0,1)"]), {}, "cannot be found from a log"),
        (Search(["behaviour.need.cover_days=7"]), {}, "varies nothing"),
        (Search(["behaviour.need.covered=interval(1,2)"]), {}, "no setting"),
        (SMALL, {"first_days": -5}, "first_days=-5 is below zero"),
        (SMALL, {"left_out_days": 190}, "Nobody is left"),
        (SMALL, {"overrides": ["run.days=100"]}, "leave run.days out"),
        (
            SMALL,
            {"overrides": ["behaviour.need.cover_days=30"]},
            "is looked for and cannot be given",
        ),
        (Search(SETTINGS, points_per_round=0), {}, "points_per_round must be 1 at least"),
    ],
)
def test_what_cannot_be_done_is_refused_and_leaves_nothing(
    kept: Folders, tmp_path: Path, search: Search, how: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        fitted(kept[0], tmp_path / "results", search, **how)
    assert not (tmp_path / "results").exists()


def test_emulators_find_where_targets_lie() -> None:
    """A bowl whose middle is known; within 60 points it comes nearer than the spread alone."""
    space = Space({"a": Range(0.0, 1.0), "b": Range(1.0, 100.0, "log")})
    aims = {"x": Target(0.3, 0.02), "y": Target(2.0, 0.1)}

    def outcome(point: Any) -> dict[str, float]:
        a, b = float(point["a"]), np.log10(float(point["b"]))
        return {"x": a * a + 0.1 * b, "y": b + 3.0 * a}

    search, lived = Emulated(space, aims, 20, 8, 5, seed=1), 0
    while points := search.ask():
        lived += len(points)
        search.tell([Evaluated(point, outcome(point)) for point in points])
    assert lived == 60
    assert search.distances[20:].min() < 0.5 < search.distances[:20].min()


def test_what_cannot_be_measured_counts_as_far_off() -> None:
    search = Emulated(Space({"a": Range(0.0, 1.0)}), {"x": Target(0.5, 0.1)}, 3, 0, 1, seed=1)
    points = search.ask()
    search.tell([Evaluated(point, {"x": np.nan}) for point in points])
    assert (search.distances == 20.0).all()
    assert search.ask() == []


def people() -> NewCustomers:
    """Half buy every ten days for good, half never again."""
    regular = np.tile(np.arange(0, 401, 10), 50)
    customer = np.concatenate([np.repeat(np.arange(50), 41), np.arange(50, 100)])
    return NewCustomers(customer, np.concatenate([regular, np.zeros(50, int)]))


def test_figures_are_those_of_the_purchases() -> None:
    simulated = people()
    purchases = Purchases(simulated.customer, simulated.day)
    seen = pattern(followed_in_log(purchases, 200))
    assert seen["next_1"].value == 0.5
    assert seen["next_2"].value == 1.0
    assert seen["gap_7"].value == 0.0
    assert seen["gap_14"].value == 1.0
    assert seen["recent"].value == 0.5
    alike = pattern(followed_alike(simulated, np.full(30, 199)))
    assert {name: figure.value for name, figure in alike.items()} == pytest.approx(
        {name: figure.value for name, figure in seen.items()}
    )
    aims = targets(seen, alike)
    assert all(aims[name].spread > seen[name].error for name in seen)


def test_customers_are_told_by_their_likes() -> None:
    """Who bought every ten days goes on so; who never came back does not come back."""
    history = History(
        np.array([19, 0]),
        np.array([190, 0]),
        np.array([199, 199]),
        None,
        np.zeros((2, 1), int),
        None,
    )
    weekly, counts, each = told_by_likes(history, people(), Period(200, 70), 7)
    assert each.tolist() == [7.0, 0.0]
    assert weekly.sum() == 7.0
    assert counts[0, 7] == 1.0
    assert counts[1, 0] == 1.0
    np.testing.assert_allclose(counts.sum(axis=1), 1.0)
