"""`repurchase fit` as a user types it: what is wrong is said in one sentence, nothing is left."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.commands.program import app

runner = CliRunner()
GOOD = "customer,time\na,2024-01-01\na,2024-01-11\na,2024-02-01\n"


def refused(home: Path, *words: str) -> str:
    shown = runner.invoke(app, ["fit", *words, "--results", str(home / "results")])
    assert shown.exit_code == 2, shown.output
    assert not (home / "results").exists()
    lines = shown.stderr.strip().splitlines()
    assert len(lines) == 1
    return lines[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Name one order log"),
        (["orders="], "Name one order log"),
        (["orders=a.csv", "orders=b.csv"], "Name one order log"),
        (["orders=nothing.csv"], "There is no order log"),
        (["orders=nothing.csv", "columns=a.yaml", "columns=b.yaml"], "One file says"),
        (["orders=nothing.csv", "experiment.columns.buyer=x"], "experiment.columns"),
        (["orders=nothing.csv", "columns=a.yaml", "experiment.columns.time=x"], "not both"),
        (["orders=nothing.csv", "experiment.rounds=many"], "rounds"),
    ],
)
def test_words_that_cannot_be_meant_are_refused(
    tmp_path: Path, words: list[str], said: str
) -> None:
    assert said in refused(tmp_path, *words)


def test_a_bad_row_is_named(tmp_path: Path) -> None:
    log = tmp_path / "订单（1）.csv"
    log.write_text(GOOD + "a,soon\n", encoding="utf-8")
    assert "row 5, column time: soon is no day" in refused(tmp_path, f"orders={log}")


def test_a_log_is_fitted_its_page_written_and_how_to_go_on_is_said(tmp_path: Path) -> None:
    log, columns = tmp_path / "own.csv", tmp_path / "columns.yaml"
    log.write_text(GOOD.replace("customer", "who"), encoding="utf-8")
    columns.write_text("customer: who\n", encoding="utf-8")
    words = [f"orders={log}", f"columns={columns}", "experiment.first_days=20"]
    shown = runner.invoke(app, ["fit", *words, "--results", str(tmp_path / "results")])
    assert shown.exit_code == 0, shown.output
    assert "Too few came back (1)" in " ".join(shown.stdout.split())
    (page,) = (tmp_path / "results" / "fit").glob("*/report.html")
    assert page.is_file()
