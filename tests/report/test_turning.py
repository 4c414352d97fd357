"""Which assumption would turn the choice: told where it was measured of just these choices."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from sim.experiments.turning import kept
from sim.reference.parameters import parameters
from sim.report import turning
from sim.report.answer import points
from sim.report.columns import TURNING, checked
from sim.report.reading import Comparison, read_comparison
from sim.report.words import LANGUAGES, Words
from sim.store.folders import ResultsError
from tests.stored_comparison import write_comparison

EN, ZH = Words("en"), Words("zh")
RECALL, COVER = "behaviour.choose.recall", "behaviour.need.cover_days"
IDLE = "market.great_festival"
HOUSEHOLDS, MONEY = turning.MEASURED


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """`integrated` is chosen for households, the baseline for contribution."""
    place = tmp_path_factory.mktemp("results") / "compare" / "baseline-0"
    return read_comparison(write_comparison(place))


def table(turned: bool = True) -> pd.DataFrame:
    """Two assumptions in five worlds, one in one; the first turns the choice at its high end."""
    places = [("", "as it is", 5.0), *product((RECALL, COVER), ("low", "high"), (5.0,))]
    places += [(IDLE, "low", 1.0), (IDLE, "high", 1.0)]
    rows = []
    for key, point, worlds in places:
        turns = turned and (key, point) == (RECALL, "high")
        moved = {RECALL: 30.0, COVER: 10.0}.get(key, 0.0) * (1 if point == "high" else -1)
        for name in ("integrated", "membership", *([] if key else ["baseline"])):
            mean = {"integrated": 40.0 + moved, "membership": 5.0, "baseline": 0.0}[name]
            row = dict.fromkeys(TURNING, 0.0) | {"strategy": name, "version": "9.9"}
            row |= {"assumption": key, "point": point, "value": 8.0 if point == "high" else 2.0}
            row |= {"usual": 4.0, "days": 1095.0, "worlds": worlds}
            row |= {"households": 20_000.0 if worlds > 1 else 5_000.0}
            row |= {HOUSEHOLDS: mean, f"{HOUSEHOLDS}_low": mean - 3, f"{HOUSEHOLDS}_high": mean + 3}
            row |= {f"{HOUSEHOLDS}_change": moved, f"{MONEY}_change": 0.0}
            row |= {f"{HOUSEHOLDS}_first": "membership" if turns else "integrated"}
            row |= {f"{HOUSEHOLDS}_turns": turns}
            row |= {f"{MONEY}_first": "baseline", f"{MONEY}_turns": False}
            rows.append(row)
    return pd.DataFrame(rows)


def said(compared: Comparison, words: Words = EN) -> str:
    return " ".join(
        text for point in points(compared, words) if point.name == "change" for text in point.said
    )


def test_without_a_measurement_the_command_is_named(compared: Comparison) -> None:
    assert turning.goals(compared) == []
    assert said(compared).startswith("An assumption could. `repurchase assumptions integrated ")


def test_the_assumption_that_turns_the_choice_is_named_with_what_is_chosen_then(
    compared: Comparison,
) -> None:
    text = said(replace(compared, turning=table()))
    assert "in 1 world of 5,000 households; 2 settings, with which a choice came near" in text
    assert "in 5 worlds of 20,000." in text
    assert "version 9.9" in text
    assert (
        "By net repurchasing households, one of 3 assumptions, moved one at a time, "
        "turns the choice" in text
    )
    assert f"with `{RECALL}` (" in text
    assert "at 8 instead of 4 it is membership." in text
    assert "By contribution, none of 3 assumptions, moved one at a time, turns the choice" in text
    most = text[text.index("is moved most by") :]
    assert most.index(RECALL) < most.index(COVER), "the widest comes first"
    assert "from +10 at 2 to +70 at 8" in most
    assert IDLE not in text
    assert "`repurchase assumptions integrated " in text
    assert "this page has not done it" not in text


def test_it_is_said_that_none_turns_it(compared: Comparison) -> None:
    none = table(turned=False)
    text = said(replace(compared, turning=none))
    assert "By net repurchasing households, none of 3 assumptions" in text
    assert "it is membership" not in text
    none.loc[none["point"] == "low", f"{HOUSEHOLDS}_first"] = "membership"
    text = said(replace(compared, turning=none))
    assert "turns the choice, integrated, beyond luck. Within luck alone another" in text
    assert text.count("it is membership") == 2, "of one world nothing is told"


def test_of_many_that_turn_it_some_are_named(compared: Comparison) -> None:
    many = table()
    turned = many[many[f"{HOUSEHOLDS}_turns"]]
    more = [turned.assign(assumption=f"behaviour.x.n{number}") for number in range(7)]
    text = said(replace(compared, turning=pd.concat([many, *more], ignore_index=True)))
    assert "By net repurchasing households, 8 of 10 assumptions" in text
    assert text.count("it is membership") == turning.MOST_CASES
    assert "and 3 more, in turning.csv." in text


def test_what_is_told_is_of_the_choices_of_this_comparison(compared: Comparison) -> None:
    other = table().assign(**{f"{HOUSEHOLDS}_first": "membership"})
    text = said(replace(compared, turning=other))
    assert "By net repurchasing households" not in text
    assert "By contribution, none of 3 assumptions" in text
    neither = other.assign(**{f"{MONEY}_first": "integrated"})
    assert said(replace(compared, turning=neither)) == said(compared)
    money = {**compared.manifest, "goal": MONEY, "goals": {MONEY: 1.0}}
    asked = said(replace(compared, turning=table(), manifest=money))
    assert asked.index("By contribution") < asked.index("By net repurchasing households")


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_tell_the_same(compared: Comparison, language: str) -> None:
    words = Words(language)
    text = said(replace(compared, turning=table()), words)
    for part in (RECALL, COVER, "9.9", "5,000", "20,000", words.strategy("membership")):
        assert part in text
    assert "{" not in text
    assert "nan" not in text
    if language == "zh":
        assert words.own("settings", RECALL) in text, "settings have Chinese names"


def test_settings_that_may_be_named_have_chinese_names() -> None:
    table = kept()
    keys = set(table.loc[table["worlds"] == table["worlds"].max(), "assumption"]) - {""}
    assert len(keys) > 10
    units = {each.key: each.unit for each in parameters() if each.key in keys}
    assert {key for key in keys if ZH.own("settings", key, "") == ""} == set()
    assert {unit for unit in units.values() if ZH.own("units", unit, "-") == "-"} == set()


def test_the_page_is_refused_where_the_table_is_nonsense(
    compared: Comparison, tmp_path: Path
) -> None:
    checked(replace(compared, turning=table()), tmp_path)
    for wrong in (
        table().query("strategy != 'baseline'"),
        table().assign(point="middle"),
        table().assign(**{f"{MONEY}_turns": "no"}),
        table().drop(columns="worlds"),
    ):
        with pytest.raises(ResultsError, match="its table turning"):
            checked(replace(compared, turning=wrong), tmp_path)
