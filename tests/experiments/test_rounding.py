"""Tables keep ten digits of a number, and exactly those that its text has."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiments.rounding import DIGITS, to_digits

HALFWAY = [1_234_567_890.5, 1_234_567_891.5, 0.12345678905, 9_999_999_999.5, 123_456_789.05]
ODD = [0.0, -0.0, np.nan, np.inf, -np.inf, 1e9, 1e10, 5e-324, 1.7e308, 1e22, 1e-22, 0.1, 2 / 3]


def by_text(values: np.ndarray) -> np.ndarray:
    return np.array([float(f"{value:.{DIGITS}g}") for value in values])


def check(values: np.ndarray) -> None:
    rounded = to_digits(values)
    np.testing.assert_array_equal(rounded, by_text(values))
    np.testing.assert_array_equal(np.signbit(rounded), np.signbit(values))


@given(st.lists(st.floats(allow_nan=False)))
def test_as_its_text(values: list[float]) -> None:
    check(np.array(values, float))


@given(st.lists(st.tuples(st.integers(10**9, 10**10 - 1), st.integers(-14, 14))))
def test_halfway_too(numbers: list[tuple[int, int]]) -> None:
    check(np.array([(whole + 0.5) * 10.0**power for whole, power in numbers], float))


@pytest.mark.parametrize("value", [*HALFWAY, *ODD, *(10.0**power for power in range(-30, 31))])
def test_edges(value: float) -> None:
    check(np.array([value, -value]))
