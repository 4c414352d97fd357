"""What a validation measured is kept, and stands beside the fact it was held against."""

from dataclasses import replace
from math import isnan

import pandas as pd
import pytest

from sim.evidence.facts import facts_file, load_facts
from sim.evidence.measured import COLUMNS, beside, kept
from sim.experiments.verdicts import VERDICTS, decided
from sim.parameters.quantity import ConfigurationError


def test_what_is_kept_is_of_facts_there_are_and_says_what_its_interval_says():
    table = pd.read_csv(facts_file().with_name("measured.csv"))
    assert list(table) == list(COLUMNS)
    assert table["id"].is_unique
    assert set(table["id"]) <= {fact.id for fact in load_facts()}
    assert set(table["verdict"]) <= set(VERDICTS)
    single = table[table["measured_low"].notna()]
    assert len(single) > 50
    for row in single.to_dict("records"):
        found = decided(row["low"], row["high"], row["measured_low"], row["measured_high"])
        assert found == row["verdict"], row["id"]


def test_every_shipped_fact_is_measured_against_the_bounds_it_has_today():
    table = pd.read_csv(facts_file().with_name("measured.csv")).set_index("id")
    table = table.drop(index=["X02"])  # judged in points, reported as a ratio
    told = beside(load_facts()).set_index("id")
    assert (told.loc[table.index, "verdict"] == table["verdict"]).all(), "`make measured`"


def test_a_fact_with_other_bounds_was_not_measured():
    fact = next(fact for fact in load_facts() if fact.id == "L01")
    assert beside((fact,))["verdict"].iloc[0] in VERDICTS[:3]
    (row,) = beside((replace(fact, high=0.9),)).to_dict("records")
    assert row["verdict"] == "not measured"
    assert isnan(row["measured"])


def test_of_a_validation_is_kept_what_was_measured():
    facts = pd.DataFrame(
        {
            "id": ["A", "B"], "low": 0.1, "high": 0.2, "value": [0.15, float("nan")],
            "low95": 0.14, "high95": 0.16, "worlds": 5, "verdict": ["inside", "not measured"],
        }
    )  # fmt: skip
    table = kept(facts, 1000)
    assert table.to_dict("records") == [
        {
            "id": "A", "low": 0.1, "high": 0.2, "measured": 0.15, "measured_low": 0.14,
            "measured_high": 0.16, "worlds": 5, "households": 1000, "verdict": "inside",
        }
    ]  # fmt: skip


def test_a_torn_table_is_refused_in_a_sentence(tmp_path):
    home = tmp_path / "evidence"
    home.mkdir()
    (home / "facts.csv").write_bytes(facts_file().read_bytes())
    assert set(beside(load_facts(config_dir=tmp_path), tmp_path)["verdict"]) == {"not measured"}
    (home / "measured.csv").write_text("id,low\nL01,much\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="make it anew"):
        beside(load_facts(config_dir=tmp_path), tmp_path)
