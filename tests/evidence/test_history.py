"""What earlier states of the project measured, kept and added to."""

import pandas as pd
import pytest

from sim.evidence.facts import load_facts
from sim.evidence.history import COLUMNS, history_file, load_history, with_state
from sim.experiments.verdicts import VERDICTS
from sim.parameters.quantity import ConfigurationError

MEASURED = pd.DataFrame(
    {"id": ["A", "B"], "measured": [1.0, 2.0], "verdict": ["inside", "outside"]}
)


def test_the_history_that_ships_tells_of_facts_once_a_state() -> None:
    found = load_history()
    assert list(found) == list(COLUMNS)
    assert not found.duplicated(["id", "version"]).any()
    assert set(found["id"]) <= {fact.id for fact in load_facts()}
    assert set(found["verdict"]) <= set(VERDICTS)
    assert found["version"].nunique() >= 3


def test_a_state_is_appended_and_made_anew() -> None:
    nothing = pd.DataFrame(columns=list(COLUMNS)).astype({"measured": float})
    first = with_state(nothing, MEASURED, "1", "2026-01-01")
    second = with_state(first, MEASURED, "2", "2026-02-01")
    assert second["version"].tolist() == ["1", "1", "2", "2"]
    again = with_state(second, MEASURED.head(1), "2", "2026-03-01")
    assert again[["version", "date", "id"]].to_numpy().tolist() == [
        ["1", "2026-01-01", "A"],
        ["1", "2026-01-01", "B"],
        ["2", "2026-03-01", "A"],
    ]


def test_no_history_is_none_and_a_torn_one_is_refused(tmp_path) -> None:
    home = tmp_path / "evidence"
    home.mkdir()
    (home / "facts.csv").write_bytes(history_file().with_name("facts.csv").read_bytes())
    assert len(load_history(tmp_path)) == 0
    (home / "history.csv").write_text("id,version\nL01,1\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="mend its columns"):
        load_history(tmp_path)
