"""The project's own table of what was fitted to what: as `conf/` has it, and to no check."""

import csv
import re

import yaml

from sim.evidence.facts import load_facts
from tests import ROOT

CONF = ROOT / "conf"
TABLE = CONF / "evidence" / "fitted.csv"
COLUMNS = ["file", "key", "value", "fitted_to", "how", "by", "date"]
LINE = re.compile(r"^\s*(?:-\s+)?(\w+):\s*(\S+)\s+#\s*(.*)$")
MOVED = re.compile(r"(?<!not )\b(?:fitted|calibrated): ([^;]*)")
FACT = re.compile(r"\b[ILCXP]\d\d\b")
ROLES = {fact.id: fact.role for fact in load_facts()}


def lines() -> list[tuple[str, str, str, str]]:
    """File, key, value and comment of every setting that has a comment."""
    found = []
    for path in sorted(CONF.rglob("*.yaml")):
        name = path.relative_to(CONF).as_posix()
        for line in path.read_text(encoding="utf-8").splitlines():
            if match := LINE.match(line):
                found.append((name, *match.groups()))
    return found


def table() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
        assert reader.fieldnames == COLUMNS
    return rows


def test_what_settings_say_of_fitting_is_what_the_table_says() -> None:
    said = {
        (file, key, value, " ".join(FACT.findall(moved[1])))
        for file, key, value, comment in lines()
        if (moved := MOVED.search(comment))
    }
    told = [tuple(row[name] for name in COLUMNS[:4]) for row in table()]
    assert len(set(told)) == len(told)
    assert set(told) == said, "a value that moves, or what it was moved for, has its line"


def test_nothing_is_fitted_to_a_check() -> None:
    for row in table():
        facts = row["fitted_to"].split()
        assert facts, row
        assert {ROLES[fact] for fact in facts} <= {"fit", "input"}, row


def test_no_setting_names_a_check_but_to_say_that_it_is_one() -> None:
    checks = {fact for fact, role in ROLES.items() if role == "check"}
    named = {
        fact
        for _, _, _, comment in lines()
        if "is a check" not in comment
        for fact in FACT.findall(comment)
    }
    assert not named & checks


def test_every_line_says_how_by_whom_and_when() -> None:
    for row in table():
        assert len(row["how"]) > 20
        assert row["by"]
        assert re.fullmatch(r"20\d\d-[01]\d-[0-3]\d", row["date"])
        assert float(yaml.safe_load(row["value"])) == float(row["value"])
        assert (CONF / row["file"]).is_file()


def test_comments_of_settings_are_read() -> None:
    match = LINE.match("  recall: 5.2  # assumed; calibrated: L01, X12; not L18")
    assert match is not None
    moved = MOVED.search(match[3])
    assert moved is not None
    assert FACT.findall(moved[1]) == ["L01", "X12"]
    assert not MOVED.search("assumed (P10 is a check, not fitted: nothing)")
