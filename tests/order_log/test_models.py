"""Models of repeat buying against their definitions: integrals over customers, and simulation."""

from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.special import hyp2f1

from sim.order_log import bg_nbd, gamma_gamma, pareto_nbd
from sim.order_log.bg_nbd import BgNbd
from sim.order_log.gamma_gamma import GammaGamma
from sim.order_log.history import Floats, History, Period
from sim.order_log.likelihood import Known
from sim.order_log.pareto_nbd import ParetoNbd
from sim.order_log.scores import NAIVE, scores, told_by_models, what_came

BG = BgNbd(0.4, 3.0, 0.6, 2.5)
PARETO = ParetoNbd(0.7, 5.0, 0.5, 8.0)
SEEN = ((0, 0, 210), (1, 35, 210), (4, 196, 280), (9, 140, 300))  # repeats, recency, age in days


def of(*seen: tuple[int, int, int], later: Any = None, amount: Any = None) -> History:
    repeats, recency, age = (np.array(each, np.int64) for each in zip(*seen, strict=True))
    after = np.zeros((len(seen), 1), np.int64) if later is None else later
    return History(repeats, recency, age, amount, after, None if amount is None else amount * 0)


def kind(seen: tuple[int, int, int]) -> Known:
    return Known(
        *(np.array([each]) for each in (float(seen[0]), seen[1] / 7, seen[2] / 7)), np.ones(1)
    )


PLACES, WEIGHTS = np.polynomial.legendre.leggauss(400)
SHARES = 0.5 * (PLACES + 1.0)  # of customers with less, so that nothing is singular


def over_customers(integrand: Any, pace: Any, leaving: Any) -> float:
    """The mean of a function of pace and leaving over how customers differ."""
    lam, left = np.meshgrid(pace.ppf(SHARES), leaving.ppf(SHARES), indexing="ij")
    return float(0.25 * WEIGHTS @ integrand(lam, left) @ WEIGHTS)


def bg_alive(x: int, t: float) -> Any:
    return lambda lam, p: (1 - p) ** x * lam**x * np.exp(-lam * t)


def pareto_alive(x: int, t: float) -> Any:
    return lambda lam, mu: lam**x * np.exp(-(lam + mu) * t)


@pytest.mark.parametrize("seen", SEEN[1:])
def test_bg_nbd_is_the_integral_over_customers(seen: tuple[int, int, int]) -> None:
    x, recency, age = seen[0], seen[1] / 7, seen[2] / 7
    pace, leaving = stats.gamma(BG.r, scale=1 / BG.alpha), stats.beta(BG.a, BG.b)
    stays = over_customers(bg_alive(x, age), pace, leaving)
    left = over_customers(
        lambda lam, p: p * (1 - p) ** (x - 1) * lam**x * np.exp(-lam * recency),
        pace,
        leaving,
    )
    told = bg_nbd.log_likelihood(np.array(BG), kind(seen))[0]
    assert told == pytest.approx(np.log(stays + left), abs=1e-4)
    assert BG.alive(of(seen))[0] == pytest.approx(stays / (stays + left), rel=1e-4)
    to_come = over_customers(
        lambda lam, p: bg_alive(x, age)(lam, p) * (1 - np.exp(-lam * p * 20)) / p,
        pace,
        leaving,
    )
    assert BG.expected(of(seen), 140)[0] == pytest.approx(to_come / (stays + left), rel=1e-3)


@pytest.mark.parametrize("seen", SEEN)
def test_pareto_nbd_is_the_integral_over_customers(seen: tuple[int, int, int]) -> None:
    x, recency, age = seen[0], seen[1] / 7, seen[2] / 7
    pace = stats.gamma(PARETO.r, scale=1 / PARETO.alpha)
    leaving = stats.gamma(PARETO.s, scale=1 / PARETO.beta)
    stays = over_customers(pareto_alive(x, age), pace, leaving)
    left = over_customers(
        lambda lam, mu: (
            lam**x * mu / (lam + mu) * (np.exp(-(lam + mu) * recency) - np.exp(-(lam + mu) * age))
        ),
        pace,
        leaving,
    )
    told = pareto_nbd.log_likelihood(np.array(PARETO), kind(seen))[0]
    assert told == pytest.approx(np.log(stays + left), abs=2e-3)
    assert PARETO.alive(of(seen))[0] == pytest.approx(stays / (stays + left), rel=2e-3)
    to_come = over_customers(
        lambda lam, mu: pareto_alive(x, age)(lam, mu) * lam / mu * (1 - np.exp(-mu * 20)),
        pace,
        leaving,
    )
    assert PARETO.expected(of(seen), 140)[0] == pytest.approx(to_come / (stays + left), rel=5e-3)


@pytest.mark.parametrize("model", [BG, PARETO])
def test_chances_are_a_distribution_with_the_expected_mean(model: Any) -> None:
    history = of(*SEEN)
    chances = model.chances(history, 140, 150)
    assert (chances >= 0).all()
    np.testing.assert_allclose(chances.sum(axis=1), 1.0, atol=1e-6)
    mean = chances @ np.arange(151)
    np.testing.assert_allclose(mean, model.expected(history, 140), rtol=1e-4)


@pytest.mark.parametrize("model", [BG, PARETO])
def test_signs_of_what_is_expected(model: Any) -> None:
    """More purchases, and later ones, make more; longer silence makes fewer; no time, none."""
    often = model.expected(of((1, 200, 210), (5, 200, 210)), 100)
    assert often[1] > often[0] > 0
    silent = model.expected(of((3, 200, 210), (3, 60, 210)), 100)
    assert silent[0] > silent[1]
    assert model.expected(of(*SEEN), 1e-9) == pytest.approx(np.zeros(4), abs=1e-8)
    longer = [model.expected(of(*SEEN), days) for days in (10, 100, 1000)]
    assert (longer[0] < longer[1]).all()
    assert (longer[1] < longer[2]).all()


def test_expected_purchases_are_the_published_formula_and_hold_where_it_is_lost() -> None:
    history = of(*SEEN)
    x, ratio = history.repeats.astype(float), 20 / (BG.alpha + history.age / 7)
    whole = BG.a + BG.b + x - 1.0
    told = whole / (BG.a - 1.0) * (1.0 - hyp2f1(BG.r + x, BG.a - 1.0, whole, -ratio))
    np.testing.assert_allclose(BG.expected(history, 140), BG.alive(history) * told, rtol=1e-4)
    staying = BgNbd(0.51, 4.42, 0.0008, 617.0)  # nobody drops out: everybody goes on at a pace
    found = staying.expected(of((300, 360, 364), (80, 700, 720)), 364)
    np.testing.assert_allclose(found, [300.51 / 56.42 * 52, 80.51 / 107.28 * 52], rtol=0.01)


@pytest.mark.parametrize("model", [BgNbd(8.44, 2.35, 3.57, 150.4), BgNbd(0.665, 14.9, 0.941, 87.4)])
def test_nobody_is_told_to_buy_more_than_who_never_drops_out(model: BgNbd) -> None:
    """Where libraries lose the formula's hypergeometric function without saying so."""
    history = of((3, 40, 56), (9, 50, 62), (18, 100, 118))
    most = (model.r + history.repeats) / (model.alpha + history.age / 7) * 52
    told = model.expected(history, 364)
    assert (told > 0).all()
    assert (told < most).all()


def simulated(customers: int, seed: int) -> tuple[History, Floats]:
    """Customers of a BG/NBD world, followed for a year and another, and their later purchases."""
    rng = np.random.default_rng(seed)
    seen, later = [], []
    for _ in range(customers):
        pace, drops = rng.gamma(BG.r, 1 / BG.alpha), rng.beta(BG.a, BG.b)
        days, alive, now = [0], True, 0.0
        while alive:
            now += rng.exponential(7 / pace) if pace > 1e-6 else 1e9
            if now >= 728:
                break
            days.append(int(now))
            alive = rng.random() >= drops
        before = sorted({day for day in days if day < 364})
        seen.append((len(before) - 1, before[-1], 363))
        later.append(len({day for day in days if day >= 364}))
    return of(*seen, later=np.array(later, np.int64)[:, None]), np.array(later, float)


def test_parameters_come_back_and_the_second_year_is_told() -> None:
    """Of 4,000 customers; over worlds r comes out within a tenth, the second year within 8 %."""
    history, later = simulated(4000, 1)
    found = BgNbd.fitted(history)
    assert found.r == pytest.approx(BG.r, rel=0.15)
    assert found.a / (found.a + found.b) == pytest.approx(BG.a / (BG.a + BG.b), rel=0.25)
    assert found.expected(history, 364).sum() == pytest.approx(later.sum(), rel=0.08)


def test_everybody_twice_changes_no_estimate() -> None:
    history, _ = simulated(300, 2)
    double = History(
        *(np.concatenate([each, each]) for each in (history.repeats, history.recency, history.age)),
        None, np.concatenate([history.later] * 2), None,
    )  # fmt: skip
    np.testing.assert_allclose(BgNbd.fitted(history), BgNbd.fitted(double), rtol=1e-2)


def test_gamma_gamma_draws_those_known_little_to_the_mean() -> None:
    rng = np.random.default_rng(3)
    true = GammaGamma(6.0, 4.0, 60.0)
    repeats = rng.integers(1, 9, 3000)
    nu = rng.gamma(true.q, 1 / true.gamma, 3000)
    mean = np.array([rng.gamma(true.p * n, 1 / v) / n for n, v in zip(repeats, nu, strict=True)])
    history = of(*[(int(n), 10, 100) for n in repeats], amount=mean)
    found = GammaGamma.fitted(history)
    assert found is not None
    assert found.p * found.gamma / (found.q - 1) == pytest.approx(120.0, rel=0.05)
    rich = of((1, 10, 100), (8, 10, 100), (0, 0, 100), amount=np.array([400.0, 400.0, np.nan]))
    one, many, nobody = found.expected(rich)
    assert 120 < one < many < 400
    assert nobody == pytest.approx(120.0, rel=0.05)


@pytest.mark.parametrize(("x", "mean"), [(1, 40.0), (3, 120.0), (8, 300.0)])
def test_gamma_gamma_is_the_integral_over_customers(x: int, mean: float) -> None:
    p, q, gamma = 6.0, 4.0, 60.0
    nu = stats.gamma(q, scale=1 / gamma).ppf(SHARES)
    told = 0.5 * WEIGHTS @ stats.gamma(p * x, scale=1 / (nu * x)).pdf(mean)
    found = gamma_gamma.log_likelihood(np.array([p, q, gamma]), np.array([x]), np.array([mean]))
    assert found[0] == pytest.approx(np.log(told), abs=1e-6)


def test_where_nobody_paid_there_is_no_money() -> None:
    assert GammaGamma.fitted(of((0, 0, 50), (2, 9, 50), amount=np.array([np.nan, 0.0]))) is None


@pytest.mark.parametrize("customers", [1, 29])
def test_of_too_few_customers_the_rule_alone_is_told(customers: int) -> None:
    history = of(*[(2, 50, 100)] * customers, later=np.ones((customers, 1), np.int64))
    told, parameters = told_by_models(history, Period(101, 7))
    assert [one.way for one in told] == [NAIVE]
    assert parameters.empty
    table = scores(what_came(history), told)
    assert table["purchases"].iloc[0] == pytest.approx(customers * 2 / 100 * 7)


def test_perfect_telling_is_off_by_nothing() -> None:
    history = of((2, 50, 100), (0, 0, 40), later=np.array([[1, 2], [0, 0]]))
    came = what_came(history)
    table = scores(came, [came])
    assert table[["curve_error", "counts_error", "each_error"]].to_numpy().sum() == 0.0
    assert table["purchases"].iloc[0] == 3.0


# Logarithms of likelihoods as pymc-marketing 0.19.2 has them (BetaGeoNBD, ParetoNBD), which needs
# another Numba than the laboratory does and so does not stand beside it: x, t_x and T in weeks.
OF_PYMC_MARKETING = {
    (0, 0.0, 30.0): (-0.9591581, -0.8547102305390439),
    (1, 5.0, 30.0): (-4.57727302, -4.768607915617397),
    (4, 28.0, 40.0): (-14.81379464, -14.881400141856941),
    (9, 20.0, 300 / 7): (-22.1489549, -21.93807605441896),
}


@pytest.mark.parametrize(("seen", "said"), OF_PYMC_MARKETING.items())
def test_likelihoods_are_those_of_the_usual_library(
    seen: tuple[int, float, float], said: tuple[float, float]
) -> None:
    own = Known(*(np.array([float(each)]) for each in seen), np.ones(1))
    assert bg_nbd.log_likelihood(np.array(BG), own)[0] == pytest.approx(said[0], abs=1e-6)
    assert pareto_nbd.log_likelihood(np.array(PARETO), own)[0] == pytest.approx(said[1], abs=1e-5)
