import numpy as np
import pytest
from scipy import stats

from xlinv.cells import InputError
from xlinv.network.demand import Demand

CASES = [
    (Demand(5, 2), stats.norm(15, 2 * 3**0.5)),
    (Demand(5, 2, "gamma"), stats.gamma(18.75, scale=0.8)),
    (Demand(5, family="poisson"), stats.poisson(15)),
    (Demand(5, 3, "negbin"), stats.nbinom(3 * 25 / 4, 5 / 9)),
]


@pytest.mark.parametrize(("demand", "reference"), CASES)
def test_distribution_over_three_periods(demand, reference):
    x = np.arange(-2.0, 40.0)
    below, above = demand.tail(3)(x)
    np.testing.assert_allclose(below, reference.cdf(x), rtol=1e-10, atol=1e-15)
    np.testing.assert_allclose(above, reference.sf(x), rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize(("demand", "reference"), CASES)
@pytest.mark.parametrize("probability", [0.001, 0.3, 0.5, 0.95, 0.999999])
def test_quantiles(demand, reference, probability):
    assert demand.quantile(probability, 3) == pytest.approx(reference.ppf(probability), rel=1e-9)


@pytest.mark.parametrize(("demand", "reference"), CASES)
def test_masses_keep_mean_and_variance(demand, reference):
    step = 1.0 if demand.discrete else 0.05
    masses = demand.masses(3, step)
    x = (masses.first + np.arange(len(masses.probability))) * step
    mean = x @ masses.probability
    assert mean == pytest.approx(15, rel=1e-9)
    assert (x - mean) ** 2 @ masses.probability == pytest.approx(
        reference.var() + (0 if demand.discrete else step**2 / 12), rel=1e-6
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"mean": -1}, "'demand_mean' must be >= 0"),
        ({"mean": 5, "sd": float("inf")}, "'demand_sd' must be >= 0 and finite"),
        ({"mean": 5, "sd": 2, "family": "negbin"}, "'demand_sd' must exceed"),
        ({"mean": 5, "sd": 2, "family": "weibull"}, "'family' must be one of normal"),
        ({"mean": 0, "sd": 2, "family": "gamma"}, "'demand_mean' must be > 0"),
    ],
)
def test_refuses_what_is_no_demand(fields, message):
    with pytest.raises(InputError, match=message.replace("(", r"\(")):
        Demand(**fields)
