"""Quantiles, tails and losses of every distribution against scipy and against their definition."""

import numpy as np
import pytest
from scipy import special, stats

from tests.naive import safety_stock as naive
from xlinv.kernels import counts, incomplete_beta, incomplete_gamma, quadrature
from xlinv.kernels.demand_distribution import CODES, leftover, loss_and_tail
from xlinv.kernels.demand_distribution import quantile as quantile_of
from xlinv.kernels.newsvendor import leftovers, losses, quantiles

RANDOM = np.random.default_rng(20)


def sample(count: int, low: float, high: float) -> np.ndarray:
    """Numbers spread evenly over the magnitudes between two powers of ten."""
    return 10.0 ** RANDOM.uniform(low, high, count)


def test_incomplete_gamma_and_its_inverse_equal_scipy() -> None:
    shape = np.concatenate([sample(500, -6, -3), sample(500, -3, 1), sample(500, 1, 7)])
    p = np.concatenate([1 - sample(500, -9, -3), RANDOM.uniform(1e-4, 1 - 1e-4, 1000)])
    got = np.array(
        [incomplete_gamma.quantile(a, q, 1 - q) for a, q in zip(shape.tolist(), p.tolist(), strict=True)]
    )
    want = special.gammaincinv(shape, p)
    normal_numbers = want > 1e-290
    np.testing.assert_allclose(got[normal_numbers], want[normal_numbers], rtol=5e-12)
    for a, x in zip(shape[normal_numbers].tolist(), got[normal_numbers].tolist(), strict=True):
        below, above = incomplete_gamma.tails(a, x)
        assert below == pytest.approx(special.gammainc(a, x), rel=1e-11)
        assert above == pytest.approx(special.gammaincc(a, x), rel=1e-11)


@pytest.mark.parametrize(
    ("shape", "x", "below", "above"),
    [
        (1e-6, 0.3, 0.999999094323186314, 9.05676813685565655e-7),
        (2e-5, 1.0, 0.999995612231522488, 4.3877684775122382e-6),
        (9e-4, 0.002, 0.994936745127636577, 0.00506325487236342341),
    ],
)
def test_both_tails_of_a_small_shape_keep_their_digits(
    shape: float, x: float, below: float, above: float
) -> None:
    """Computed with 50 digits."""
    assert incomplete_gamma.tails(shape, x) == pytest.approx((below, above), rel=1e-14, abs=0)


def test_incomplete_beta_equals_scipy() -> None:
    a, b = sample(400, -2, 6), sample(400, -2, 6)
    x = np.clip(stats.beta.ppf(RANDOM.uniform(0.01, 0.99, 400), a, b), 1e-200, 1 - 1e-12)
    for i in range(400):
        below, above = incomplete_beta.tails(a[i], b[i], x[i], 1.0 - x[i])
        assert below == pytest.approx(special.betainc(a[i], b[i], x[i]), rel=1e-8)
        assert above == pytest.approx(special.betaincc(a[i], b[i], x[i]), rel=1e-8)


def test_incomplete_beta_of_a_huge_and_a_small_parameter() -> None:
    """Computed with 40 digits: Poisson-like terms with a billion units and a shape of a fifth."""
    mean, variance = 3e8, 6.6e8**2
    a, x = mean * mean / (variance - mean), mean / variance
    for n, want in ((1e9, 0.910424666245626398), (1e3, 0.0581856524424081989)):
        below, above = incomplete_beta.tails(a, n + 1, x, 1 - x)
        assert below == pytest.approx(want, rel=1e-13)
        assert above == pytest.approx(1 - want, rel=1e-13)


def test_poisson_quantile_equals_scipy_to_the_unit() -> None:
    mean = sample(1000, -2, 7)
    p = RANDOM.uniform(1e-4, 0.99999, 1000)
    got, _ = quantiles(CODES["poisson"], p, mean, np.zeros(1000))
    np.testing.assert_array_equal(got, stats.poisson.ppf(p, mean))


def test_negative_binomial_quantile_equals_scipy_to_the_unit() -> None:
    mean = sample(4000, -1, 4)
    variance = mean * (1 + sample(4000, -3, 3))
    p = RANDOM.uniform(1e-3, 0.99999, 4000)
    got, reason = quantiles(CODES["negbin"], p, mean, np.sqrt(variance))
    fits = reason == 0
    want = stats.nbinom.ppf(p, mean * mean / (variance - mean), mean / variance)
    np.testing.assert_array_equal(got[fits], want[fits])


@pytest.mark.parametrize("n", [0.0, 3.0, 250.0])
def test_counts_near_poisson_approach_poisson(n: float) -> None:
    exact = counts.tails(n, 100.0, 100.0)
    near = counts.tails(n, 100.0, 100.0 * (1 + 1e-9))
    assert near == pytest.approx(exact, rel=1e-4, abs=1e-12)


@pytest.mark.parametrize("distribution", CODES)
@pytest.mark.parametrize(("mean", "sd"), [(4.0, 3.0), (60.0, 20.0), (2.0, 6.0), (400.0, 21.0)])
def test_loss_and_quantile_by_definition(distribution: str, mean: float, sd: float) -> None:
    code = CODES[distribution]
    d = naive.demand(distribution, mean, sd)
    spread = d.std()
    for z in (-2.0, -0.5, 0.3, 1.7, 4.0):
        x = mean + z * spread
        short, tail = loss_and_tail(code, x, mean, sd)
        assert short == pytest.approx(naive.loss(distribution, x, mean, sd), rel=1e-8)
        assert tail == pytest.approx(d.sf(x), rel=1e-9)
        assert leftover(code, x, mean, sd) == pytest.approx(x - mean + short, rel=1e-9, abs=1e-9 * mean)
    for p in (0.05, 0.5, 0.9, 0.999):
        assert quantile_of(code, p, mean, sd) == pytest.approx(d.ppf(p), rel=1e-9)


@pytest.mark.parametrize("ratio", [1e-9, 1e-6, 1e-3, 0.09, 0.11, 1.0])
def test_lognormal_loss_does_not_cancel_where_the_spread_is_small(ratio: float) -> None:
    mean, sd = 1000.0, 1000.0 * ratio
    short, _ = loss_and_tail(CODES["lognormal"], mean + sd, mean, sd)
    close, _ = loss_and_tail(CODES["normal"], mean + sd, mean, sd)
    assert short == pytest.approx(close, rel=max(2 * ratio, 1e-9), abs=0)


def test_loss_far_in_the_tail_stays_positive_and_falls() -> None:
    for distribution, code in CODES.items():
        stock = np.linspace(10.0, 400.0, 40)
        values, _ = losses(code, stock, np.full(40, 10.0), np.full(40, 4.0))
        assert (values >= 0).all(), distribution
        assert (np.diff(values) <= 0).all(), distribution


# What a stock far below the mean has left, computed with 50 digits.
LEFT = [
    ("gamma", 1.738, 1738.0, 784.0, 1.27536119790166317e-14),
    ("gamma", 733.0, 1000.0, 35.0, 5.84580258501272331e-17),
    ("gamma", 3.0, 20.0, 10.0, 0.00218448619293888283),
    ("lognormal", 110.0, 15170.0, 10700.0, 4.3883763977536747e-13),
    ("lognormal", 50.0, 100.0, 12.0, 4.66030916309300618e-9),
    ("lognormal", 50.0, 100.0, 9.0, 4.73673580317715439e-15),
    ("poisson", 8.0, 81.0, 9.0, 3.59762928251351253e-26),
    ("poisson", 0.5, 20.0, 20.0**0.5, 1.03057681121927891e-9),
    ("poisson", 130.0, 187.0, 187.0**0.5, 0.0000135384932807639348),
    ("negbin", 1.0, 44.0, 9.25, 3.51666945412693452e-14),
    ("negbin", 8.5, 47.0, 7.0, 3.76679951136840275e-12),
    ("negbin", 72.0, 140.0, 12.0, 2.85588139858969493e-10),
]


@pytest.mark.parametrize(("distribution", "stock", "mean", "sd", "want"), LEFT)
def test_what_is_left_of_little_stock_does_not_cancel(distribution, stock, mean, sd, want) -> None:
    assert leftover(CODES[distribution], stock, mean, sd) == pytest.approx(want, rel=1e-11, abs=0)


@pytest.mark.parametrize("distribution", CODES)
def test_more_stock_leaves_more(distribution: str) -> None:
    stock = np.linspace(-5.0, 300.0, 611)
    left, _ = leftovers(CODES[distribution], stock, np.full(611, 100.0), np.full(611, 30.0))
    short, _ = losses(CODES[distribution], stock, np.full(611, 100.0), np.full(611, 30.0))
    assert (left >= 0.0).all()
    assert (np.diff(left) >= 0.0).all()
    np.testing.assert_allclose(left - short, stock - 100.0, rtol=1e-12, atol=1e-12)


def test_quadrature_nodes_equal_numpy() -> None:
    for got, want in zip(quadrature.gauss_legendre(40), np.polynomial.legendre.leggauss(40), strict=True):
        np.testing.assert_allclose(got, want, atol=1e-14)
