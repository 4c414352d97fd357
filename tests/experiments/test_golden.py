"""Rebuilding the code changes no number; see `tests.golden`."""

import pytest

from tests import golden
from tests.shipped import SHIPPED


def _differing(now: dict[str, str], part: str) -> list[str]:
    then = golden.recorded()[part]
    return [column for column, found in then.items() if now.get(column) != found]


@pytest.mark.parametrize("scenario", SHIPPED)
def test_a_scenario_is_lived_as_before(scenario: str) -> None:
    assert not _differing(golden.of_run(scenario), scenario)


@pytest.mark.parametrize("command", golden.EXPERIMENTS)
def test_an_experiment_tabulates_as_before(command: str) -> None:
    assert not _differing(golden.of_experiment(command), command)


@pytest.mark.slow
def test_the_default_comparison_tabulates_as_before() -> None:
    assert not _differing(golden.of_experiment(golden.LARGE), golden.LARGE)
