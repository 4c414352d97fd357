"""A comparison of made-up runs that exports are made of."""

import pytest

from sim.report.reading import read_comparison
from tests.stored_comparison import write_comparison

HOSTILE = '=HYPERLINK("evil","+1")'  # what a strategy of somebody else may be called


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("export") / "compare" / "baseline-0"
    return write_comparison(place, title=HOSTILE)


@pytest.fixture(scope="session")
def comparison(folder):
    return read_comparison(folder)
