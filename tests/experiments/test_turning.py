"""What `make tornado` keeps: of settings there are, of today's strategies, found by its rule."""

from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.config.loading import Simulation, load
from sim.evidence.facts import facts_file
from sim.experiments import compare
from sim.experiments.effects import outcomes_by
from sim.experiments.ranges import Assumption
from sim.experiments.tornado import USUAL, Lived
from sim.experiments.turning import COLUMNS, MEASURED, kept, turning
from sim.parameters.quantity import ConfigurationError
from tests import ROOT
from tests.project.test_docs import script

SHIPPED = ("run.days=1095", "population.households=20000")
NAMES = ("baseline", "membership", "integrated", "reminders")  # one more than were measured
AGAIN = "`make tornado` finds it anew"


@pytest.fixture(scope="module")
def tornado() -> ModuleType:
    return script("make_tornado")


@pytest.fixture(scope="module")
def configs() -> dict[str, Simulation]:
    return {name: load(name, SHIPPED) for name in NAMES}


def test_what_is_kept_is_of_settings_there_are_with_the_values_they_have(
    tornado: ModuleType, configs: dict[str, Simulation], tmp_path: Path
) -> None:
    table = kept()
    assert list(table) == list(COLUMNS)
    measured = {name: configs[name] for name in (*tornado.STRATEGIES, tornado.REFERENCE)}
    moved = {each.key: each for each in tornado.assumed(measured)}
    assert set(table["assumption"]) <= {"", *moved}, AGAIN
    for row in table[table["assumption"] != ""].to_dict("records"):
        each = moved[row["assumption"]]
        assert row["usual"] == pytest.approx(each.value), each.key
        assert row["value"] == pytest.approx(getattr(each, row["point"])), each.key
    places = set(zip(table["assumption"], table["point"], strict=True))
    missing = [
        place for place in tornado.ends_of([*moved.values()]).items() if place[0] not in places
    ]
    possible = tornado.lives_of(tornado.LOOK, tmp_path).possible
    assert [place for place, end in missing if possible({place[0]: end})] == [], AGAIN
    once = table.duplicated(["assumption", "point", "strategy"])
    assert not once.any()


def test_a_default_comparison_tells_what_is_kept(configs: dict[str, Simulation]) -> None:
    found = compare.background(configs, "baseline", None)["turning"]
    assert len(found) == len(kept()) > 500, AGAIN
    # neither prose nor a lever that is off moves a number
    config = configs["integrated"]
    prose = replace(config, strategy=replace(config.strategy, title="Other"))
    assert len(turning(configs | {"integrated": prose}))
    off = load("reminders", [*SHIPPED, "operator.tiers.silver_yuan=9", "run.threads=1"])
    assert len(turning(configs | {"reminders": off}))


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("integrated", "behaviour.choose.recall=5"),
        ("baseline", "operator.coupons.coupon_percent=11"),
        ("reminders", "run.days=365"),
        ("reminders", "population.households=2000"),
        ("integrated", "shocks.quality_scandal.size=0.5"),
    ],
)
def test_of_other_settings_nothing_is_told(
    configs: dict[str, Simulation], name: str, setting: str
) -> None:
    other = configs | {name: load(name, [*SHIPPED, setting])}
    assert turning(other).empty
    assert "turning" not in compare.background(other, "baseline", None)
    without = {each: config for each, config in configs.items() if each != name}
    assert turning(without).empty


def test_as_it_is_fits_the_recorded_comparison() -> None:
    """Worlds there are fewer and smaller, so its intervals are wide."""
    usual = kept().query("point == 'as it is'").set_index("strategy")
    recorded = pd.read_csv(ROOT / "results" / "reference" / "goals.csv").set_index("goal")
    recorded = recorded[recorded["strategy"] == "reminders"]
    for goal in MEASURED:
        mean = usual.loc["reminders", goal]
        assert recorded["extra_low"][goal] < mean < recorded["extra_high"][goal]
        assert usual.loc["reminders", f"{goal}_low"] < mean < usual.loc["reminders", f"{goal}_high"]
        assert usual.loc["baseline", goal] == 0
        assert usual[f"{goal}_first"].nunique() == 1
        best = usual[goal].idxmax()
        assert (usual[f"{goal}_first"] == best).all()
        assert not usual[f"{goal}_turns"].any()


@pytest.mark.slow
def test_todays_code_gives_what_is_kept_as_it_is(tornado: ModuleType, tmp_path: Path) -> None:
    found = tornado.live(tornado.FULL, {}, tmp_path)
    usual = kept().query("point == 'as it is'").set_index("strategy")
    for goal, lived in found.items():
        for name in tornado.STRATEGIES:
            mean = lived.ahead(USUAL, name, tornado.REFERENCE).mean()
            assert usual.loc[name, goal] == pytest.approx(mean, rel=1e-6), AGAIN


def made_up(tornado: ModuleType, worlds: int, **ends_of: float) -> dict[str, Lived]:
    """`integrated` leads by 20; assumptions move `reminders` at their high end by so much."""
    luck = np.random.default_rng(worlds).random((2, worlds))

    def levels(moved: float) -> dict[str, Any]:
        own = {"integrated": 30.0 + luck[0], "reminders": 10.0 + moved + luck[1]}
        return own | {"baseline": np.zeros(worlds)}

    found: dict[Any, Any] = {USUAL: levels(0.0)}
    for key, moved in ends_of.items():
        found |= {(key, "low"): levels(0.0), (key, "high"): levels(moved)}
    return {
        goal: Lived(outcomes_by(goal)[0], tornado.STRATEGIES, "baseline", found)
        for goal in MEASURED
    }


def test_what_comes_near_or_moves_most_is_looked_at_closer(
    tornado: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tornado, "WIDEST", 0)
    seen = made_up(tornado, 1, idle=0.0, near=12.0, far=-40.0, turning=30.0)
    usual = made_up(tornado, 5)
    assert tornado.narrowed(seen, usual) == [("near", "high"), ("turning", "high")]
    wide = {
        goal: replace(lived, levels={**lived.levels, ("far", "low"): lived.levels["far", "high"]})
        for goal, lived in seen.items()
    }
    for lived in wide.values():
        lived.levels["far", "low"]["integrated"] = lived.levels[USUAL]["integrated"] + 50.0
    monkeypatch.setattr(tornado, "WIDEST", 1)
    places = [("near", "high"), ("turning", "high"), ("far", "low"), ("far", "high")]
    assert tornado.narrowed(wide, usual) == places, "both ends of what moves the difference most"


def test_the_choice_turns_where_more_worlds_say_so(tornado: ModuleType) -> None:
    about = ("share", "", "assumed", "odds", 0.1, 0.2, 0.3)
    moved = [Assumption(key, *about) for key in ("idle", "x")]
    made_of = dict.fromkeys(("integrated", "reminders", "baseline"), "0" * 16)
    seen, measured = made_up(tornado, 1, idle=0.0, x=30.0), made_up(tornado, 5, x=30.0)
    table = tornado.table_of({tornado.LOOK: seen, tornado.FULL: measured}, moved, made_of)
    assert list(table) == list(COLUMNS)
    assert table["assumption"].tolist() == [""] * 3 + ["idle"] * 4 + ["x"] * 4
    assert table["worlds"].tolist() == [5] * 3 + [1] * 4 + [5] * 4
    turned = table[table["contribution_turns"]]
    told = turned[["assumption", "point", "contribution_first"]].drop_duplicates()
    assert told.to_numpy().tolist() == [["x", "high", "reminders"]]
    own = turned.set_index("strategy")
    assert own["value"].tolist() == [0.3, 0.3]
    assert own["contribution_change"].tolist() == pytest.approx([0.0, 30.0])
    assert own["contribution_low"]["reminders"] < own["contribution"]["reminders"]
    idle = table[table["assumption"] == "idle"]
    assert idle["contribution_low"].isna().all(), "one world has no interval"
    assert not idle["contribution_turns"].any()


def test_a_file_that_is_something_else_is_refused_in_one_sentence(tmp_path: Path) -> None:
    home = tmp_path / "evidence"
    home.mkdir()
    (home / "facts.csv").write_text(facts_file().read_text(encoding="utf-8"), encoding="utf-8")
    assert kept(tmp_path).empty, "who has facts of their own has not measured by them"
    for text in ("", "assumption,point\na,b\n", (",".join(COLUMNS) + "\n" + "x," * 3 + "\n")):
        (home / "turning.csv").write_text(text, encoding="utf-8")
        with pytest.raises(ConfigurationError, match="is not what `make tornado` writes"):
            kept(tmp_path)
