"""On the page: why a strategy contributes more, and whom each lever reaches, in both languages."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from sim.experiments.reach import HARDLY
from sim.report import reach, why
from sim.report.figures import exhibits
from sim.report.reading import Comparison, read_comparison
from sim.report.terminal import comparison_table
from sim.report.words import Words
from sim.store.folders import ResultsError
from tests.stored_comparison import write_comparison

LANGUAGES = [Words("en"), Words("zh")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_comparison(tmp_path_factory.mktemp("reach") / "compare", seeds=range(4))


@pytest.fixture(scope="module")
def comparison(folder: Path) -> Comparison:
    return read_comparison(folder)


def number(cell: str) -> float:
    return float(cell.split("\n")[0].replace("−", "-").replace(",", ""))


@pytest.mark.parametrize("words", LANGUAGES)
def test_the_steps_shown_add_up_to_the_last(comparison: Comparison, words: Words) -> None:
    *rows, total = why.steps(comparison, words).rows
    of_levers = words("tables.why.of", lever="").rstrip()
    steps = [number(row[-1]) for row in rows if not row[0].startswith(of_levers)]
    levers = [number(row[-1]) for row in rows if row[0].startswith(of_levers)]
    assert sum(steps) == number(total[-1]) != 0
    assert len(levers) == 4
    own = {row[0]: number(row[-1]) for row in rows}
    shared = [own[words.name("why_steps", step)] for step in ("price_cut", "lever_cost")]
    assert sum(levers) == sum(shared)


@pytest.mark.parametrize("words", LANGUAGES)
def test_groups_and_what_belongs_to_nobody_add_up(comparison: Comparison, words: Words) -> None:
    rows = {row[0]: number(row[-1]) for row in why.groups(comparison, words).rows}
    outside = rows[words("why.later")] + rows[words("why.nobody")]
    for by in why.GROUPS:
        names = words.ordered(by, comparison.why.loc[comparison.why["by"] == by, "segment"])
        own = sum(rows[words.segment(by, name)] for name in names)
        assert own + outside == pytest.approx(rows[words("segments_all")], abs=len(names))


@pytest.mark.parametrize("words", LANGUAGES)
def test_sentences_name_the_steps_and_who_is_hardly_reached(
    comparison: Comparison, words: Words
) -> None:
    told = why.sentence(comparison, words)
    best = why.strategy_shown(comparison)
    assert words.strategy(best) in told
    assert words.name("why_steps", "lever_cost") in told
    (few,) = reach.sentences(comparison, words)
    assert words.name("levers", "coupons").lower() in few.lower()
    assert " 20 " in few
    assert few in reach.table(comparison, words).note
    assert f"{HARDLY:.0%}" in words("tables.reach.note")


def test_the_terminal_says_both(folder: Path, comparison: Comparison) -> None:
    words, caption = LANGUAGES[0], str(comparison_table(folder).caption)
    assert why.sentence(comparison, words) in caption
    assert reach.sentences(comparison, words)[0] in caption


@pytest.mark.parametrize("words", LANGUAGES)
def test_a_step_without_sense_is_empty_and_no_zero(comparison: Comparison, words: Words) -> None:
    names = [words.name("reach_steps", step) for step in reach.STEPS]
    for shown in (reach.table(comparison, words), reach.meanings(comparison, words)):
        rows = {
            row[0].split("\n")[0]: dict(zip(shown.head, row, strict=True)) for row in shown.rows
        }
        own = rows[words.name("levers", "coupons")]
        empty = [name for name in names if own[name] == "–"]
        assert empty == [words.name("reach_steps", step) for step in ("seen", "acted")]


def test_meanings_are_told_in_chinese_by_the_lever_itself(comparison: Comparison) -> None:
    cells = [cell for row in reach.meanings(comparison, LANGUAGES[1]).rows for cell in row]
    assert not [cell for cell in cells if re.search("[a-z]{3}", cell)]


@pytest.mark.parametrize("words", LANGUAGES)
def test_bars_of_a_strategy_follow_one_another(comparison: Comparison, words: Words) -> None:
    made = {exhibit.name: exhibit for exhibit in exhibits(comparison, words)}
    (panel,) = made["why"].panels
    for _, rows in panel.rows.groupby("strategy"):
        *steps, total = rows.to_dict("records")
        assert [row["start"] for row in steps] == [0.0, *(row["end"] for row in steps[:-1])]
        assert (total["start"], total["end"]) == (0.0, pytest.approx(steps[-1]["end"]))
        assert set(rows["part"]) <= set(made["why"].parts)
    few = [p.rows[p.rows["part"] == words("reach.few")] for p in made["reach"].panels]
    assert all(set(rows["label"]) == {words.name("levers", "coupons")} for rows in few)


def test_a_strategy_alone_has_neither(tmp_path: Path) -> None:
    alone = read_comparison(write_comparison(tmp_path / "compare", ["baseline"], range(2)))
    made = {exhibit.name for exhibit in exhibits(alone, LANGUAGES[0])}
    assert not made & {"why", "why_groups", "reach"}
    assert why.sentence(alone, LANGUAGES[0]) == ""
    assert not why.steps(alone, LANGUAGES[0]).rows
    assert not why.groups(alone, LANGUAGES[0]).rows


@pytest.mark.parametrize(
    ("table", "column", "value"), [("why", "step", "luck"), ("reach", "step", "heard")]
)
def test_a_word_that_no_page_has_is_refused(
    folder: Path, comparison: Comparison, table: str, column: str, value: str
) -> None:
    from sim.report.columns import checked

    frame = getattr(comparison, table).copy()
    frame[column] = frame[column].astype(object)
    frame.loc[0, column] = value
    with pytest.raises(ResultsError, match=value):
        checked(replace(comparison, **{table: frame}), folder)
