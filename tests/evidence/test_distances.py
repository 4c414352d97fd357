"""How far facts are off: none inside, in widths of their bounds outside."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim import distances
from sim.evidence.facts import load_facts
from sim.evidence.measure import MEASUREMENTS
from sim.parameters.quantity import ConfigurationError


def test_a_fact_within_its_bounds_is_no_way_off_and_one_outside_is_by_widths() -> None:
    facts = {fact.id: fact for fact in load_facts()}
    low, high = facts["L01"].low, facts["L01"].high
    width = high - low
    for value, distance in (
        (low, 0.0),
        ((low + high) / 2, 0.0),
        (high, 0.0),
        (high + width, 1.0),
        (low - width / 4, 0.25),
    ):
        assert distances({"L01": value})["L01"] == pytest.approx(distance, abs=1e-12)
    found = distances({"L03": np.nan, "L02": 0.5})
    assert list(found.index) == ["L03", "L02"]
    assert np.isnan(found["L03"])
    assert (found.name, found.index.name) == ("distance", "id")


def test_a_fact_is_held_against_bounds_in_the_unit_it_is_measured_in() -> None:
    fact = next(fact for fact in load_facts() if fact.id == "X02")
    bounds = MEASUREMENTS["X02"].restated(fact)
    assert bounds.high != fact.high
    assert distances({"X02": bounds.high})["X02"] == 0.0


def test_the_table_of_a_validation_has_its_bounds_with_it() -> None:
    table = pd.DataFrame(
        {
            "id": ["A1", "A2", "A3", "A4", "A5"],
            "value": [1.0, 5.0, np.nan, 3.0, 2.0],
            "low": [2.0, 2.0, 2.0, 3.0, 3.0],
            "high": [4.0, 4.0, 4.0, 3.0, 3.0],
        }
    )
    found = distances(table)
    assert found[["A1", "A2", "A4", "A5"]].tolist() == [0.5, 0.5, 0.0, np.inf]
    assert np.isnan(found["A3"])


def test_what_is_no_fact_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="There is no fact L1"):
        distances({"L1": 0.4})
    with pytest.raises(ConfigurationError, match="has a column low, and this one has none"):
        distances(pd.DataFrame({"id": ["L01"], "value": [0.4]}))


def test_bounds_of_a_folder_of_ones_own_count(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "facts.csv").write_text(
        "id,kind,kpi,who,condition,value,low,high,unit,role,source,note\n"
        "L01,level,k,w,c,0.2,0.1,0.3,share,fit,S1,\n"
    )
    assert distances({"L01": 0.4}, config_dir=tmp_path)["L01"] == pytest.approx(0.5)
    assert distances({"L01": 0.4})["L01"] == 0.0
