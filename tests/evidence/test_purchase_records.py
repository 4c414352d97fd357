import os
from pathlib import Path

import numpy as np
import pytest

from sim.evidence.purchase_records import PurchaseRecordsError, aggregates, gini, main
from tests import ROOT

SHARED = ROOT.parent / "shared" / "data"
FOLDER = Path(os.environ.get("PURCHASE_RECORDS", SHARED))
needs_records = pytest.mark.skipif(
    not (FOLDER / "grocery_orders.csv").exists(),
    reason="purchase records are not here: name their folder in PURCHASE_RECORDS",
)


@pytest.fixture(scope="module")
def derived():
    table = aggregates(FOLDER)
    return {(row.measure, row.of): row.value for row in table.itertuples()}


@needs_records
@pytest.mark.parametrize(
    ("measure", "of", "written"),
    [
        ("share of purchases", "clothing", 0.417),
        ("share of purchases", "formula and food", 0.040),
        ("share of purchases before birth", "all", 0.139),
        ("age of child at purchase, quantile 0.5", "maternity", -1.8),
        ("age of child at purchase, quantile 0.5", "all", 14.0),
        ("purchases against an average day", "Double Eleven", 10.3),
        ("purchases against an average day", "Double Twelve", 5.3),
        ("season", "month 2", 0.65),
        ("season", "month 5", 1.31),
        ("chance of another purchase", "after purchase 1", 0.636),
        ("chance of another purchase", "after purchase 4", 0.891),
        ("Gini coefficient of purchases", "customers", 0.618),
        ("90th percentile / median of interpurchase time", "gaps", 3.8),
        ("return within 180 days", "after 90 silent days", 0.295),
        ("regularity", "last two gaps", 1.87),
    ],
)
def test_the_written_aggregates_are_those_of_the_records(derived, measure, of, written):
    rounding = 0.06 if abs(written) > 1.5 else 0.001
    assert derived[measure, of] == pytest.approx(written, rel=0.01, abs=rounding)


@needs_records
def test_the_season_in_the_configuration_is_the_derived_one(derived):
    from tests.worlds import market

    found = [derived["season", f"month {m}"] for m in range(1, 13)]
    assert market().season_by_month == pytest.approx(found, abs=0.006)


@needs_records
def test_the_command_writes_a_table(capsys):
    assert main([str(FOLDER)]) == 0
    assert capsys.readouterr().out.startswith("measure,of,value,unit\n")


def test_a_folder_without_records_is_named(tmp_path, capsys):
    with pytest.raises(PurchaseRecordsError, match="is missing"):
        aggregates(tmp_path)
    assert main([str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_the_command_asks_for_a_folder(capsys):
    assert main([]) == 2
    assert "Name one folder" in capsys.readouterr().err


def test_gini_of_known_distributions():
    assert gini(np.full(100, 3)) == pytest.approx(0)
    assert gini(np.array([0] * 99 + [1])) == pytest.approx(0.99)
    quantiles = (np.arange(100_000) + 0.5) / 100_000
    pareto = (1 - quantiles) ** (-1 / 3)  # Pareto of exponent a has Gini 1 / (2 a - 1)
    assert gini(pareto) == pytest.approx(1 / 5, abs=0.002)


WHOLE = {
    "tianchi_mum_baby_trade_history.csv": "user_id,category_1,day\n1,28,20130105\n",
    "tianchi_mum_baby.csv": "user_id,birthday\n1,20130101\n",
    "grocery_orders.csv": "cust,date\n1,2013-01-01\n",
}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("grocery_orders.csv", b"", "grocery_orders.csv cannot be read: No columns"),
        ("grocery_orders.csv", b"cust,date\n1,2013-01-01\xff\n", "line 2 is not UTF-8 text"),
        ("grocery_orders.csv", b'cust,date\n"', "cannot be read"),
        ("grocery_orders.csv", b"date\n2013-01-01\n", "has no column cust"),
        ("grocery_orders.csv", b"cust,date\n1,20 May\n", "date must hold dates like 2014-12-31"),
        ("grocery_orders.csv", b"cust,date\n\n", "are too few"),
        ("tianchi_mum_baby.csv", b"user_id,birthday\nx,20130101\n", "must hold whole numbers"),
        ("tianchi_mum_baby.csv", b"user_id,birthday\n1,20130101\n", "are too few"),
    ],
)
def test_records_that_are_none_are_told_in_a_sentence(tmp_path, capsys, name, content, said):
    for each, text in WHOLE.items():
        (tmp_path / each).write_text(text)
    (tmp_path / name).write_bytes(content)
    assert main([str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert len(told.splitlines()) == 1


def test_records_in_a_pipe_are_not_waited_for(tmp_path, capsys):
    os.mkfifo(tmp_path / "tianchi_mum_baby_trade_history.csv")
    assert main([str(tmp_path)]) == 2
    assert "it is no ordinary file" in capsys.readouterr().err
