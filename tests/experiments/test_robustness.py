"""Alternative assumptions: read, brought to level, and which conclusions survive them."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.commands.program import app
from sim.commands.relevel import yardstick_of
from sim.config.loading import Varied, experiment
from sim.dictionary import KINDS, TYPES, described
from sim.experiments.executors import ExecutionSettings
from sim.experiments.plausible import write_sample
from sim.experiments.relevel import Search, relevel
from sim.experiments.robust.alternatives import alternatives, with_moved
from sim.experiments.robust.conclusions import Aimed, conclusions, differences, firsts, side
from sim.experiments.robust.yardstick import Yardstick, deviations, farther, off
from sim.experiments.robustness import _readable, robustness
from sim.experiments.samplers import Evaluated
from sim.experiments.samplers.damped import Damped
from sim.experiments.samplers.emulated import Target
from sim.experiments.space import Range, Space
from sim.parameters.quantity import ConfigurationError
from sim.store.folders import read_manifest, verify
from sim.store.runs import read_table
from tests import ROOT
from tests.experiments.test_calibrate import aim

runner = CliRunner()
TOWN = ("population.households=1000", "run.warmup_days=400")
SHIPPED = sorted(path.stem for path in (ROOT / "conf/alternative").glob("*.yaml"))
TEXT = """\
title: {title}
why: To see.
source: assumed
settings:
  {setting}
"""


def own(folder: Path, name: str, setting: str = "behaviour.choose.kind: threshold") -> Path:
    """A folder of the user's own with an alternative."""
    home = folder / "mine" / "alternative"
    home.mkdir(parents=True, exist_ok=True)
    text = TEXT.format(title=name.capitalize(), setting=setting)
    (home / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / "mine"


# -- what is assumed instead --------------------------------------------------------------


def test_every_shipped_alternative_can_be_lived_and_changes_something() -> None:
    varied = Varied("baseline")
    usual = varied.at({})
    for each in alternatives():
        assert varied.at(each.point) != usual, each.name
        assert "assumed" in each.source or any(c.isdigit() for c in each.source), each.name
    kinds = {key for each in alternatives() for key in each.settings}
    for key in ("choose.kind", "choose.diffusion", "believe.kind", "choose.recall"):
        assert f"behaviour.{key}" in kinds
    assert {"population.circle_taste_share", "market.rivals_answer"} <= kinds


def test_the_strategies_are_those_of_a_comparison() -> None:
    values = [experiment(name)[0] for name in ("robustness", "compare")]
    for name in ("strategies", "days", "replications", "reference"):
        assert values[0][name] == values[1][name]


def test_alternatives_of_ones_own_come_before_the_packages(tmp_path: Path) -> None:
    home = own(tmp_path, "habit_first", "behaviour.choose.strong_habit: 0.6")
    own(tmp_path, "cautious")
    found = {each.name: each for each in alternatives(config_dir=home)}
    assert set(found) == {*SHIPPED, "cautious"}
    assert found["habit_first"].settings == {"behaviour.choose.strong_habit": 0.6}
    chosen = alternatives(["rivals_answer", "cautious"], home)
    assert [each.name for each in chosen] == ["rivals_answer", "cautious"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: A\n", "needs a why, in words"),
        ("title: A\nwhy: B\nsource: C\n", "assumes nothing: write what it sets"),
        (TEXT.format(title="A", setting="run.days: 5"), "run.days in `settings` is no setting of"),
        (TEXT.format(title="A", setting="behaviour: 5"), "behaviour in `settings` is no setting"),
        (TEXT.format(title="A", setting="market.x: [1]"), "must be a number, a word or a switch"),
        (
            TEXT.format(title="A", setting="market.x: 1") + "mvoed:\n  a.b: 1\n",
            "did you mean moved",
        ),
        (
            TEXT.format(title="A", setting="market.x: 1") + "moved:\n  market.x: 2\n",
            "market.x twice",
        ),
        (TEXT.format(title="A", setting="rules.judge.x: a.py"), "add --trust-rules"),
        ("- 5\n", "is no alternative"),
    ],
)
def test_what_is_no_alternative_is_refused(text: str, said: str, tmp_path: Path) -> None:
    (own(tmp_path, "odd") / "alternative/odd.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=said.replace("`", ".")) as error:
        alternatives(["odd"], tmp_path / "mine")
    assert "odd.yaml" in str(error.value)


def test_a_name_of_several_words_is_refused_before_anything_is_lived(tmp_path: Path) -> None:
    home = own(tmp_path, "my idea")
    with pytest.raises(ConfigurationError, match="letters, digits and underscores"):
        alternatives(config_dir=home)


def test_what_was_moved_is_written_and_nothing_else_changes() -> None:
    text = (ROOT / "conf/alternative/friends_unlike.yaml").read_text(encoding="utf-8")
    moved = with_moved(text, {"behaviour.choose.recall": 5.5}, ["L01", "L06"])
    assert moved == f"{text}moved:\n  behaviour.choose.recall: 5.5  # moved for L01, L06\n"
    assert with_moved(moved, {}, []) == text
    again = with_moved(moved, {"market.rivals_answer": 1.0}, ["L01"])
    assert again == f"{text}moved:\n  market.rivals_answer: 1.0  # moved for L01\n"
    remark = "# What is said at the end stays.\n"
    assert with_moved(moved + remark, {}, []) == text + remark


# -- brought to level ---------------------------------------------------------------------


def went(start: Sequence[float], near: float = 0.05, rounds: int = 8) -> Damped:
    """Where damped steps lead in a world whose two figures of three settings are known."""
    space = Space({name: Range(0.0, 1.0) for name in ("x", "y", "z")})
    targets = {"a": Target(1.0, 0.1), "b": Target(0.2, 0.1)}
    sampler = Damped(space, targets, start, near, rounds)
    while points := sampler.ask():
        x, y, z = (np.array([float(p[n]) for p in points]) for n in ("x", "y", "z"))
        a, b = x + y**2 + 0.01 * z, np.sin(3 * x) * y
        figures = zip(a.tolist(), b.tolist(), strict=True)
        sampler.tell(
            [
                Evaluated(p, {"a": one, "b": other})
                for p, (one, other) in zip(points, figures, strict=True)
            ]
        )
    return sampler


def test_damped_steps_find_what_is_asked_for_and_move_no_more_than_they_must() -> None:
    found = went([0.3, 0.3, 0.5])
    assert found.off[0] > 4.0
    assert found.off[found.best] <= 0.05
    assert len(found.places) < 30
    moved = [float(np.linalg.norm(place - found.places[0])) for place in found.places]
    there = np.flatnonzero(found.off <= 0.05)
    assert moved[found.best] == min(moved[k] for k in there)


def test_what_is_near_enough_is_left_where_it_is() -> None:
    near = went([0.3, 0.3, 0.5])
    again = went(near.places[near.best].tolist(), near=0.06)
    assert len(again.places) == 1
    assert len(went([0.3, 0.3, 0.5], rounds=0).places) == 1


def test_steps_stay_within_what_may_be_and_end() -> None:
    space = Space({"x": Range(0.0, 1.0)})
    sampler = Damped(space, {"a": Target(9.0, 1.0)}, [0.5], 0.1, 20)
    while points := sampler.ask():
        sampler.tell([Evaluated(p, {"a": float(p["x"])}) for p in points])
    assert sampler.places[sampler.best][0] == 1.0
    assert max(place[0] for place in sampler.places) <= 1.0
    assert len(sampler.places) < 30


def test_what_is_allowed_counts_for_nothing() -> None:
    space = Space({"x": Range(0.0, 1.0)})
    sampler = Damped(space, {"a": Target(0.9, 0.1)}, [0.0], 0.1, 5, {"a": 4.0})
    while points := sampler.ask():
        sampler.tell([Evaluated(p, {"a": float(p["x"])}) for p in points])
    assert 0.49 <= sampler.places[sampler.best][0] <= 0.6, "as near as is allowed, and no nearer"


def test_what_is_nearer_in_one_fact_makes_up_for_nothing_in_another() -> None:
    aims = [aim("A", 0.0, 1.0), aim("B", 0.0, 1.0)]
    usual, other = np.array([[2.0, 1.0]]), np.array([[0.0, -2.0]])
    assert off(usual, aims) == pytest.approx(np.sqrt(2.5))
    assert off(other, aims) < off(usual, aims)
    assert farther(other, usual, aims) == pytest.approx(np.sqrt(0.5))
    assert farther(usual, usual, aims) == 0.0


def test_deviations_are_of_means_and_what_is_missing_is_as_far_as_can_be() -> None:
    aims = [aim("A", 1.0, 0.5), aim("B", 1.0, 0.5)]
    figures = np.array([[1.5, np.nan], [2.5, np.nan]])
    assert deviations(figures, aims).tolist() == pytest.approx([2.0, 20.0])


def test_only_rows_marked_fit_level_anything(tmp_path: Path) -> None:
    for name, role in (("L19", "check"), ("I07", "input")):
        yardstick = Yardstick([name], {"usual": 0.05})
        with pytest.raises(ConfigurationError, match=f"{name} is marked {role}"):
            relevel(
                alternatives(["habit_first"]),
                yardstick,
                Search(["behaviour.choose.recall=interval(1,20)"]),
                TOWN,
                ExecutionSettings(tmp_path),
            )


def test_an_alternative_is_brought_nearer_and_its_file_says_so(tmp_path: Path) -> None:
    search = Search(["behaviour.choose.operator_appeal=interval(-6,2)"], rounds=1)
    settings = ExecutionSettings(tmp_path / "results", executor="threads")
    yardstick = Yardstick(["L01"], {"usual": 0.05}, worlds=1)
    home = own(tmp_path, "unloved", "population.operator_taste_spread: 1.0")
    found = alternatives(["unloved"], home)
    folder = relevel(found, yardstick, search, TOWN, settings)
    verify(folder)
    (row,) = read_table(folder, "alternatives").to_dict("records")
    assert row["relevelled_farther"] <= row["switched_farther"]
    points = read_table(folder, "points")
    assert points["off"].min() <= row["relevelled_farther"]
    assert points["off"].iloc[0] == pytest.approx(row["switched_farther"])
    levels = read_table(folder, "levels").set_index("id")
    assert set(levels.index) == {"L01"}
    declared_as_written(folder, "relevel")
    (written,) = alternatives(["unloved"], folder / "conf")
    moved = read_table(folder, "moved").set_index("setting")["value"]
    for key, value in written.moved.items():
        assert value == pytest.approx(moved[key])
    runs = sorted((tmp_path / "results/runs").iterdir())
    assert relevel(found, yardstick, search, TOWN, settings) == folder
    assert sorted((tmp_path / "results/runs").iterdir()) == runs, "the same again lives nothing"
    with pytest.raises(ConfigurationError, match="is looked for from 0 to 1"):
        relevel(found, yardstick, Search(["behaviour.choose.recall=interval(0,1)"]), TOWN, settings)


# -- what follows -------------------------------------------------------------------------


def lived(
    by_assumption: Mapping[str, Sequence[float]], spread: float = 0.2
) -> dict[str, dict[str, Aimed]]:
    """Six worlds in which strategies come to these means, by two goals with other directions."""
    luck = np.random.default_rng(1).normal(0.0, spread, (3, 6))
    return {
        name: {
            "more": Aimed(np.array(means)[:, None] + luck, "points", 1),
            "churn": Aimed(-np.array(means)[:, None] - luck, "points", -1),
        }
        for name, means in by_assumption.items()
    }


NAMES = ("baseline", "strong", "weak")


def judged(by_assumption: Mapping[str, Sequence[float]]) -> pd.DataFrame:
    table = differences(lived(by_assumption), NAMES, "more")
    found = conclusions(table, NAMES, "baseline", "more")
    return found.set_index(["goal", "kind", "strategy", "against"])


def test_sides_follow_the_interval_and_the_direction() -> None:
    assert side(1.0, 2.0, 1) == "better"
    assert side(1.0, 2.0, -1) == "worse"
    assert side(-2.0, -1.0, -1) == "better"
    assert side(-1.0, 1.0, 1) == side(float("nan"), float("nan"), 1) == "undecided"


def test_conclusions_hold_are_reversed_or_undecided() -> None:
    found = judged(
        {
            "as_it_is": (0.0, 5.0, -3.0),
            "alike": (0.0, 4.0, -3.0),
            "turned": (0.0, 0.1, 3.0),
        }
    )
    for goal in ("more", "churn"):  # where less is better, all is the same
        strong = found.loc[goal, "sign", "strong", "baseline"]
        assert (strong["as_it_is"], strong["verdict"]) == ("better", "not reversed")
        assert (strong["holds"], strong["undecided"]) == ("as_it_is alike", "turned")
        weak = found.loc[goal, "sign", "weak", "baseline"]
        assert (weak["as_it_is"], weak["verdict"], weak["reversed"]) == (
            "worse",
            "hangs on",
            "turned",
        )
        order = found.loc[goal, "order", "strong", "weak"]
        assert (order["verdict"], order["reversed"]) == ("hangs on", "turned")
        best = found.loc[goal, "best", "strong", ""]
        assert (best["as_it_is"], best["reversed"]) == ("better", "turned")
    asked = found.reset_index().groupby("goal")["asked"].agg(["min", "max"])
    assert asked.loc["more"].all()
    assert not asked.loc["churn"].any()


def test_what_holds_everywhere_and_what_is_open() -> None:
    found = judged({"as_it_is": (0.0, 5.0, 0.05), "other": (0.0, 5.0, 3.0)}).loc["more"]
    assert found.loc[("sign", "strong", "baseline"), "verdict"] == "holds in all"
    assert found.loc[("best", "strong", ""), "verdict"] == "holds in all"
    weak = found.loc["sign", "weak", "baseline"]
    assert (weak["as_it_is"], weak["verdict"]) == ("undecided", "open")
    assert weak["holds"] == weak["reversed"] == ""


def test_who_comes_first_and_whether_that_is_sure() -> None:
    by_assumption = {"as_it_is": (0.0, 5.0, -3.0), "close": (0.0, 5.0, 4.95)}
    table = differences(lived(by_assumption, spread=1.0), NAMES, "more")
    found = firsts(table, NAMES, "more").set_index(["goal", "assumption"])
    assert found.loc[("more", "as_it_is"), ["strategy", "sure"]].tolist() == ["strong", True]
    assert found.loc[("churn", "as_it_is"), ["strategy", "sure"]].tolist() == ["strong", True]
    assert not found.loc[("more", "close"), "sure"]


def test_a_goal_that_some_assumption_does_not_tell_is_left_out() -> None:
    told = lived({"as_it_is": (0.0, 5.0, -3.0), "odd": (0.0, 5.0, -3.0)})
    odd = told["odd"]["churn"]
    odd.values[1] = np.nan  # of one strategy no world says anything
    assert set(_readable(told)["as_it_is"]) == set(_readable(told)["odd"]) == {"more"}
    odd.values[1, 2] = 1.0
    assert set(_readable(told)["odd"]) == {"more", "churn"}, "one whole world will do"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two strategies under three assumptions and a sample, in two tiny worlds."""
    place = tmp_path_factory.mktemp("robustness")
    home = own(place, "appealing", "behaviour.choose.operator_appeal: -1.5")
    (home / "behaviour").mkdir()
    (home / "behaviour/doubtful.yaml").write_text("defaults: [default, _self_]\n")
    points = [{"behaviour.need.cover_days": days} for days in (50.0, 80.0)]
    write_sample(home / "behaviour/doubtful.csv", points, np.array([0.5, 0.5]))
    settings = ExecutionSettings(place / "results", executor="threads", config_dir=home)
    return robustness(
        ["reminders"],
        alternatives(["appealing", "rivals_answer"], home),
        settings,
        yardstick=Yardstick(["L01", "L06"], {"usual": 0.05}, worlds=1),
        near=0.1,
        reference="baseline",
        goal="repurchasing_households",
        replications=2,
        overrides=["run.days=365", *TOWN, "behaviour=doubtful"],
    )


def test_strategies_live_under_every_assumption_in_the_same_worlds(folder: Path) -> None:
    verify(folder)
    assumptions = ["as_it_is", "appealing", "rivals_answer", "plausible"]
    table = read_table(folder, "assumptions").set_index("assumption")
    assert list(table.index) == assumptions
    assert table.loc["appealing", "settings"] == "behaviour.choose.operator_appeal=-1.5"
    runs = read_table(folder, "runs")
    assert runs.groupby(["assumption", "strategy"])["seed"].apply(tuple).nunique() == 1
    assert runs["key"].nunique() == len(runs) == 2 * 2 * len(assumptions)
    told = read_table(folder, "differences")
    assert set(told["goal"]) == {
        "repurchasing_households", "contribution", "day0_repurchase", "churn", "repurchase_rate",
    }  # fmt: skip
    pairs = told.set_index(["assumption", "goal", "strategy", "against"])["mean"]
    for assumption in assumptions:
        one = pairs[assumption, "contribution", "reminders", "baseline"]
        assert one == pytest.approx(-pairs[assumption, "contribution", "baseline", "reminders"])
        assert one != 0.0
    fit = read_table(folder, "fit")
    assert set(fit["assumption"]) == set(assumptions[:3]), "a sample is judged by what drew it"
    off = fit.groupby("assumption")["deviations"].apply(lambda d: float(np.sqrt((d**2).mean())))
    for name in assumptions[:3]:
        assert table.loc[name, "off"] == pytest.approx(off[name])
    assert read_manifest(folder)["assumptions"]["plausible"] != {}


def declared_as_written(folder: Path, kind: str) -> None:
    tables = {path.stem: read_table(folder, path.stem) for path in folder.glob("*.parquet")}
    assert set(tables) == set(KINDS[kind])
    told = described(kind, tables)
    for name, table in tables.items():
        assert list(told[name]) == [column.name for column in KINDS[kind][name]], name
        assert list(told[name]) == list(table.columns), name
        for column, about in told[name].items():
            assert table[column].dtype.kind in TYPES[about["type"]], (name, column)
            if labels := about.get("labels"):
                assert set(table[column].astype(str)) <= set(labels), (name, column)


def test_every_column_is_declared_as_it_is_written(folder: Path) -> None:
    declared_as_written(folder, "robustness")


def test_the_goal_is_read_as_a_comparison_reads_it(folder: Path) -> None:
    from sim.experiments.compare import compare

    results, home = folder.parents[1], folder.parents[2] / "mine"
    settings = ExecutionSettings(results, executor="threads", config_dir=home)
    before = len(list((results / "runs").iterdir()))
    other = compare(["reminders"], 2, 1, "baseline", ["run.days=365", *TOWN], settings)
    assert len(list((results / "runs").iterdir())) == before, "it lives the very same runs"
    goals = read_table(other, "goals").set_index(["goal", "strategy"])
    told = read_table(folder, "differences").set_index(["assumption", "goal", "strategy"])
    for goal in ("repurchasing_households", "contribution", "churn"):
        row = told.loc["as_it_is", goal, "reminders"]
        expected = goals.loc[goal, "reminders"]
        assert row["mean"] == pytest.approx(expected["extra"])
        assert row["low"] == pytest.approx(expected["extra_low"], nan_ok=True)


def shown(*words: str, home: Path) -> str:
    told = runner.invoke(app, [*words, "--results", str(home)], env={"COLUMNS": "200"})
    assert told.exit_code == 0, told.output
    return told.stdout


def test_the_commands_say_what_came_of_it(tmp_path: Path) -> None:
    mine = own(tmp_path, "appealing", "behaviour.choose.operator_appeal: -1.5")
    (mine / "relevel.yaml").write_text(
        (ROOT / "conf/relevel.yaml").read_text(encoding="utf-8").replace("rounds: 6", "rounds: 0")
        .replace("worlds: 2", "worlds: 1"), encoding="utf-8"
    )  # fmt: skip
    options = (*TOWN, "--config-dir", str(mine))
    said = shown("relevel", "appealing", "experiment.facts=[L01]", *options, home=tmp_path / "r")
    assert "Farther off the facts than what is shipped" in said
    assert "repurchase robustness --config-dir" in said
    words = ("reminders", "--alternative", "appealing", "-n", "2", "run.days=365", *options)
    said = shown("robustness", *words, home=tmp_path / "r")
    assert "By the goal, net repurchasing households: reminders, against baseline" in said
    assert "under 2 assumptions about people: as it is, and appealing." in " ".join(said.split())
    assert "Page: " in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("robustness", "--alternative", "habit_frist"), "There is no alternative habit_frist"),
        (("robustness", "basline"), "There is no scenario basline; did you mean baseline?"),
        (("robustness", "baseline"), "nothing to conclude of baseline alone"),
        (("robustness", "goal=hapiness"), "There is no goal=hapiness"),
        (("robustness", "goal=churn", "run.days=60"), "cannot be read in runs of 60 days"),
        (("relevel", "habit_frist"), "There is no alternative habit_frist"),
        (("relevel", "experiment.facts=[P02]"), "P02 is marked check: nothing is fitted but"),
        (("relevel", "experiment.worlds=0"), "experiment.worlds must be 1 at least"),
        (("relevel", "experiment.settings=['a.b=1']"), "a.b=1 varies nothing"),
    ],
)
def test_bad_input_is_one_sentence(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    told = runner.invoke(app, [*words, "--results", str(tmp_path)])
    assert told.exit_code == 2, told.output
    assert said in told.stderr
    assert len(told.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


# -- the page -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_made_from_the_folder(folder: Path, language: str, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / folder.name))
    told = runner.invoke(app, ["report", str(copy), f"report.language={language}"])
    assert told.exit_code == 0, told.output
    name = {"en": "report.html", "zh": "report.zh.html"}[language]
    page = (copy / name).read_text(encoding="utf-8").split("<script")[0]
    assert "robustness." not in page
    for words in {
        "en": ("rivals answer", "plausible behaviours", "Rivals match price cuts"),
        "zh": ("对手跟价", "可信行为样本", "对手跟着降价"),
    }[language]:
        assert words in page
    figures = {"en": "figures", "zh": "figures.zh"}[language]
    assert (copy / figures / "by_assumption.svg").exists()


def test_every_shipped_alternative_has_its_chinese() -> None:
    from sim.report.words import Words

    words = Words("zh")
    for each in alternatives():
        assert words.name("alternatives", each.name) != each.name.replace("_", " ")
        for text in (each.title, each.why, each.source):
            assert words.prose(text) != text, text


def test_a_changed_folder_is_not_shown(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / folder.name))
    (copy / "fit.parquet").write_bytes(b"")
    assert runner.invoke(app, ["report", str(copy)]).exit_code == 2


def test_the_yardstick_is_that_of_the_configuration() -> None:
    told = yardstick_of(None)
    assert list(told.facts) == experiment("relevel")[0]["facts"]
    assert told.discrepancy == experiment("calibrate")[0]["discrepancy"]
