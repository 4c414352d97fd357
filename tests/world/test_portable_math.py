import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from sim.world import portable_math
from tests.machine import machine

GRID = [*np.linspace(-30, 30, 401), -700.0, 700.0, 1e-12, -1e-12, 0.0]
POSITIVE = [*np.geomspace(1e-12, 1e12, 401), 1.0, 1 - 1e-12, 1 + 1e-12, math.sqrt(0.5)]
OPEN = [*np.linspace(1e-4, 1 - 1e-4, 401), 0.5, 1e-10, 1e-30, 1 - 1e-10, 0.075, 0.925]


def ulps(value, true):
    return abs(value - true) / math.ulp(true)


def test_exp_is_within_two_units_in_the_last_place():
    assert max(ulps(portable_math.exp(x), math.exp(x)) for x in GRID) <= 2.5


def test_exp_holds_its_argument():
    assert portable_math.exp(1e9) == portable_math.exp(700.0) < math.inf
    assert portable_math.exp(-1e9) == portable_math.exp(-700.0) > 0


def test_log_is_within_two_units_in_the_last_place():
    assert max(ulps(portable_math.log(x), math.log(x)) for x in POSITIVE if x != 1) <= 2.5
    assert portable_math.log(1.0) == 0


def test_normal_is_the_quantile_of_the_standard_normal():
    for u in OPEN:
        assert portable_math.normal(u) == pytest.approx(norm.ppf(u), rel=1e-13, abs=1e-13)


def test_logistic_limits_and_symmetry():
    assert portable_math.logistic(0.0) == 0.5
    assert portable_math.logistic(800.0) == 1
    assert 0 < portable_math.logistic(-600.0) < 1e-200
    assert portable_math.logistic(2.0) + portable_math.logistic(-2.0) == pytest.approx(1, abs=1e-15)


@given(st.floats(0.01, 100), st.floats(-5, 5))
def test_power(base, exponent):
    assert portable_math.power(base, exponent) == pytest.approx(base**exponent, rel=1e-13)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (portable_math.exp, GRID),
        (portable_math.log, POSITIVE),
        (portable_math.normal, OPEN),
        (portable_math.logistic, GRID),
    ],
    ids=["exp", "log", "normal", "logistic"],
)
def test_compiled_and_plain_give_the_same_bits(function, arguments):
    twin = machine(function)
    assert all(function(float(x)) == twin(float(x)) for x in arguments)
