"""The workbook's formulas give the numbers of the tables, and nothing of outsiders is a formula."""

import io

import openpyxl
import pytest

from sim.experiments import compare
from sim.export import workbook
from sim.report.words import Words
from sim.store.runs import read_manifest
from tests.export.conftest import HOSTILE
from tests.export.office import converted, without_results
from tests.stored_comparison import write_comparison

EN = Words("en")
CLOSE = 1e-9
SHEETS = ("Levels", "Differences", "People", "Horizons", "Ladder", "Assumptions")


@pytest.fixture(scope="module")
def content(folder):
    return workbook.made(folder, EN)


@pytest.fixture(scope="module")
def formulas(content):
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.fixture(scope="module")
def written(content):
    """What formulas give, as it was written beside them."""
    return openpyxl.load_workbook(io.BytesIO(content), data_only=True)


def reckoned(content, home):
    """What LibreOffice reckons out, with nothing to go by but the formulas."""
    (home / "whole.xlsx").write_bytes(content)
    without_results(home / "whole.xlsx", home / "bare.xlsx")
    (home / "out").mkdir()
    return openpyxl.load_workbook(
        converted(home / "bare.xlsx", "xlsx", home / "out"), data_only=True
    )


def rows(book, sheet):
    """Rows of a flat sheet by outcome, months and strategy."""
    heads = [cell.value for cell in book[sheet][3]]
    found = (
        dict(zip(heads, values, strict=True))
        for values in book[sheet].iter_rows(4, values_only=True)
    )
    return {(row["outcome"], row["months"], row["strategy"]): row for row in found}


def compared_with_written(formulas, written, found):
    """Every formula gives what was written beside it; returns how many there are."""
    count = 0
    for sheet in formulas.worksheets:
        for line in sheet.iter_rows():
            for cell in line:
                if cell.data_type != "f":
                    continue
                told, got = (book[sheet.title][cell.coordinate].value for book in (written, found))
                count += 1
                if isinstance(told, str) or told is None:
                    assert (got or "") == (told or ""), (sheet.title, cell.coordinate, cell.value)
                else:
                    where = f"{sheet.title} {cell.coordinate} {cell.value}"
                    assert got == pytest.approx(told, rel=CLOSE, abs=1e-12), where
    return count


def test_libreoffice_reckons_out_what_was_written(content, formulas, written, tmp_path):
    found = reckoned(content, tmp_path)
    assert compared_with_written(formulas, written, found) > 1_000
    ladder = [row for row in found["Ladder"].iter_rows(values_only=True) if row[1] == "adds up"]
    assert len(ladder) == 1


@pytest.mark.parametrize("worlds", [1, 3])
def test_few_worlds_too(worlds, tmp_path):
    folder = write_comparison(tmp_path / "few", ["baseline", "integrated"], range(worlds))
    content = workbook.made(folder, EN)
    books = (openpyxl.load_workbook(io.BytesIO(content), data_only=only) for only in (False, True))
    assert compared_with_written(*books, reckoned(content, tmp_path)) > 50


def test_levels_and_differences_are_those_of_the_tables(written, comparison):
    """Tables are rounded to ten digits, money to a hundredth of a fen."""
    levels, differences = rows(written, "Levels"), rows(written, "Differences")
    seen = 0
    for row in comparison.horizon.to_dict("records"):
        key = f"outcomes.{row['outcome']}"
        if not EN.says(key):
            continue
        place = EN(key), f"{row['months']:g}", EN.strategy(row["strategy"])
        near = {"rel": CLOSE, "abs": 1e-4 if row["unit"] == "yuan" else 1e-12}
        if (found := levels.get(place)) is not None:
            seen += 1
            assert found["mean"] == pytest.approx(row["mean"], **near)
            assert found["95% from"] == pytest.approx(row["low"], **near)
        if (found := differences.get(place)) is not None:
            assert found["mean"] == pytest.approx(row["extra"], **near)
            size = max(abs(row["extra_low"]), abs(row["extra_high"]))
            near["abs"] = max(near["abs"], CLOSE * size)
            assert found["95% from"] == pytest.approx(row["extra_low"], **near)
            assert found["to"] == pytest.approx(row["extra_high"], **near)
    assert seen > 20
    rate = comparison.difference("repurchase_rate_365d")
    for name, told in rate.items():
        found = differences[EN.indicator("repurchase_rate_365d"), "12", EN.strategy(name)]
        assert found["mean"] == pytest.approx(told.mean, rel=CLOSE)
        assert found["to"] == pytest.approx(told.high, abs=CLOSE)


def test_ladder_and_horizons_are_those_of_the_tables(written, comparison):
    sheet = written["Ladder"]
    column = 2 + comparison.names.index("integrated")
    found = [sheet.cell(4 + i, column).value for i in range(sheet.max_row - 4)]
    table = comparison.ladder
    assert found == pytest.approx(
        list(table.loc[table["strategy"] == "integrated", "mean"]), abs=5e-3
    )
    extra = comparison.extra("repurchasing_households")["integrated"]
    horizon = next(
        row
        for row in written["Horizons"].iter_rows(4, values_only=True)
        if row[:2] == ("integrated", EN("outcomes.repurchasing_households"))
    )
    assert horizon[2:5] == pytest.approx(tuple(extra), rel=1e-8)


def test_every_formula_is_ours_and_text_of_others_stays_text(formulas):
    cells = [c for sheet in formulas for line in sheet.iter_rows() for c in line]
    hostile = [cell for cell in cells if HOSTILE in str(cell.value)]
    assert hostile
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in hostile)
    ours = ("IF(", "COUNT(", "SUM(", "B", "C", "D", "E", "F", "G", "H")
    made = {cell.parent.title for cell in cells if cell.data_type == "f"}
    assert made == {"Levels", "Differences", "People", "Horizons", "Ladder"}
    assert all(c.value[1:].startswith(ours) for c in cells if c.data_type == "f")


def test_assumptions_have_unit_and_source_and_what_strategies_change(written, comparison):
    found = {row[0]: row for row in written["Assumptions"].iter_rows(4, values_only=True)}
    assert set(found) == set(comparison.assumptions["key"])
    heads = [cell.value for cell in written["Assumptions"][3]]
    assert all(row[4] for row in found.values())
    for row in comparison.changes.to_dict("records"):
        value = found[row["key"]][heads.index(EN.strategy(row["strategy"]))]
        assert (
            str(value) == row["value"].replace(",", "")
            or float(row["value"].replace(",", "")) == value
        )


def test_every_table_of_the_folder_is_there_with_what_its_columns_mean(written, folder):
    tables = {n[:-8] for n in read_manifest(folder)["files"] if n.endswith(".parquet")}
    assert {f"table {name}" for name in tables} <= set(written.sheetnames)
    sheet = written["table worlds"]
    assert [cell.value for cell in sheet[3]][:3] == ["strategy", "seed", "day"]
    assert sheet["A1"].value == "name of the strategy"
    assert sheet.max_row > 100


def test_a_new_table_becomes_a_sheet_by_itself(tmp_path, monkeypatch):
    usual = compare.background

    def with_another(*given):
        found = usual(*given)
        return found | {"novelty": found["facts"].head(2)}

    monkeypatch.setattr(compare, "background", with_another)
    folder = write_comparison(tmp_path / "new", ["baseline", "integrated"], range(2))
    book = openpyxl.load_workbook(io.BytesIO(workbook.made(folder, EN)), read_only=True)
    assert "table novelty" in book.sheetnames


def test_chinese_workbook_and_equal_bytes(folder, content):
    assert workbook.made(folder, EN) == content
    book = openpyxl.load_workbook(io.BytesIO(workbook.made(folder, Words("zh"))), read_only=True)
    assert book.sheetnames[:4] == ["说明", "水平", "差异", "同一批人"]
