"""The standard normal distribution against sixty-digit arithmetic and scipy."""

import math

import numpy as np
import pytest
from scipy import special

from xlinv.kernels import normal

# Unit normal loss, computed with 60 digits.
LOSS = [
    (-8, 8.0000000000000000755),
    (-3.5, 3.5000584809184214224),
    (-1, 1.0833154705876862984),
    (-0.25, 0.536344698223580138),
    (0, 0.39894228040143267794),
    (0.5, 0.19779655740130602959),
    (1.75, 0.016173794314831606199),
    (3.25, 0.00015371666952977489618),
    (3.5, 0.000058480918421422438376),
    (3.75, 0.000021030862864430885993),
    (5, 5.3461655338328149539e-8),
    (6.5, 5.9156235254425341277e-12),
    (8, 7.5502624119464989137e-17),
    (12, 1.4605201169845547802e-34),
    (20, 1.3700124947295799431e-90),
    (27.5, 3.1836754780770924201e-168),
    (35, 3.2088044826024767636e-270),
]


@pytest.mark.parametrize(("k", "want"), LOSS)
def test_loss_keeps_its_digits_far_out(k: float, want: float) -> None:
    assert normal.loss(k) == pytest.approx(want, rel=1e-12, abs=0)
    assert normal.loss_over_density(k) * normal.density(k) == pytest.approx(want, rel=1e-12, abs=0)


@pytest.mark.parametrize(("k", "value"), LOSS)
def test_loss_quantile_inverts_the_loss(k: float, value: float) -> None:
    assert normal.loss_quantile(value) == pytest.approx(k, rel=1e-13, abs=1e-13)


def test_quantile_is_exact_to_fourteen_digits() -> None:
    p = np.concatenate([np.linspace(1e-4, 1 - 1e-4, 2001), 10.0 ** -np.arange(5.0, 300.0, 7.0)])
    np.testing.assert_allclose(normal.quantiles(p), special.ndtri(p), rtol=1e-14, atol=1e-16)


def test_tails_add_up_and_invert() -> None:
    for z in np.linspace(-8, 8, 65):
        assert normal.cumulative(z) + normal.upper_tail(z) == pytest.approx(1.0, abs=1e-15)
        assert normal.upper_tail(z) == pytest.approx(special.ndtr(-z), rel=1e-13)


def test_plain_and_compiled_agree() -> None:
    k = np.linspace(-8, 35, 3001)
    plain = np.array([normal.loss(float(x)) for x in k])
    np.testing.assert_allclose(normal.losses(k), plain, rtol=1e-14)
    np.testing.assert_allclose(normal.loss_quantiles(plain), k, rtol=1e-12, atol=1e-13)


def test_loss_quantile_of_the_smallest_and_largest_numbers() -> None:
    assert normal.loss_quantile(1e-320) == pytest.approx(38.2, abs=0.3)
    assert normal.loss_quantile(1e300) == -1e300
    assert math.isfinite(normal.loss_quantile(5e-324))
