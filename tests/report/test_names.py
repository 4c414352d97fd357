"""Reports import no model, so they write its names out: they are the same names."""

from sim.dictionary import experiments as dictionary
from sim.experiments import goals, horizons, why
from sim.indicators import ladder
from sim.operator.steps import STEPS
from sim.report import columns, reach


def test_names_that_are_written_out_beside_the_model_are_its_own() -> None:
    assert columns.GOALS == dictionary.GOALS == (*goals.GOALS, goals.OWN)
    assert tuple(ladder.LINES) == columns.LINES
    assert columns.WHY_STEPS == dictionary.WHY_STEPS == tuple(why.STEPS)
    assert columns.REACH_STEPS == reach.STEPS == tuple(STEPS)
    assert set(columns.VERDICTS) == {*horizons.VERDICTS.values(), ""}
