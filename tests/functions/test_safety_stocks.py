"""Safety stock and its relatives: against their definition, and what theory says of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.naive import safety_stock as naive
from xlinv.cells import CellError
from xlinv.functions import CATALOGUE

FEW = settings(max_examples=40, deadline=None)
services = st.floats(0.02, 0.998)
sds = st.floats(0.1, 200.0)
means = st.floats(1.0, 500.0)
lead_times = st.floats(0.0, 20.0)
DISTRIBUTIONS = ("normal", "gamma", "poisson", "negbin", "lognormal")


def value(name: str, *args: object) -> float:
    cells = CATALOGUE[name].evaluate(*args).cells
    assert isinstance(cells[0][0], float), (name, args, cells)
    return cells[0][0]


def error(name: str, *args: object) -> object:
    return CATALOGUE[name].evaluate(*args).cells[0][0]


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
@pytest.mark.parametrize("fill", [0.4, 0.97])
def test_fill_rate_stock_by_definition(distribution: str, fill: float) -> None:
    mean, sd, lead_time = 6.0, 5.0, 3.0
    centre, spread = mean * lead_time, sd * lead_time**0.5
    got = value("REORDERPOINT", fill, mean, sd, lead_time, 0, 0, "fill", 20, distribution)
    assert got == pytest.approx(
        naive.fill_stock(distribution, (1 - fill) * 20, centre, spread, None), rel=1e-8
    )
    got = value("ORDERUPTO", fill, mean, sd, lead_time, 2, 0, "fill", distribution)
    longer = 5 * mean, sd * 5**0.5
    want = naive.fill_stock(distribution, (1 - fill) * mean * 2, *longer, (centre, spread))
    assert got == pytest.approx(want, rel=1e-8)


@pytest.mark.parametrize("distribution", ["poisson", "negbin"])
def test_whole_reorder_point_is_the_smallest_that_serves(distribution: str) -> None:
    for service in (0.8, 0.95, 0.99):
        point = value("REORDERPOINT", service, 4, 6, 3, 0, 0, "csl", None, distribution)
        d = naive.demand(distribution, 12, 6 * 3**0.5)
        assert d.cdf(point) >= service > d.cdf(point - 1)


@given(services, sds, means, lead_times, st.floats(0.0, 3.0), st.floats(0.0, 5.0))
@FEW
def test_safety_stock_is_monotone(
    service: float, sd: float, mean: float, lead_time: float, lead_time_sd: float, review: float
) -> None:
    def stock(*, s: float = service, d: float = sd, lt: float = lead_time) -> float:
        return value("SAFETYSTOCK", s, d, lt, lead_time_sd, mean, review)

    assert stock(s=service + 0.001) >= stock()
    if service > 0.5:
        assert stock(d=sd * 1.1) >= stock()
        assert stock(lt=lead_time + 1) >= stock()


@given(services, sds, st.floats(1.0, 5000.0))
@FEW
def test_service_measures_are_inverse(fill: float, sd: float, quantity: float) -> None:
    csl = value("FILLTOCSL", fill, sd, quantity)
    if 1e-12 < csl < 1 - 1e-12:
        assert value("CSLTOFILL", csl, sd, quantity) == pytest.approx(fill, abs=1e-9)


@given(means, sds, st.floats(0.1, 20.0), st.floats(0.0, 3.0))
@FEW
def test_service_curve_shows_what_safety_stock_gives(
    mean: float, sd: float, lead_time: float, spread: float
) -> None:
    [header, *rows] = CATALOGUE["SERVICECURVE"].evaluate(mean, sd, lead_time, spread, 3).cells
    assert header == ["service", "safety stock", "value"]
    for service, stock, worth in rows:
        assert stock == value("SAFETYSTOCK", service, sd, lead_time, spread, mean)
        assert worth == pytest.approx(3 * stock)


@pytest.mark.parametrize("distribution", ["normal", "gamma", "lognormal"])
@given(services, st.floats(0.1, 50.0), st.floats(10.0, 100.0), st.floats(1.0, 9.0))
@FEW
def test_units_may_be_scaled(
    distribution: str, service: float, sd: float, mean: float, lead_time: float
) -> None:
    args = lead_time, 0, 0, "fill"
    one = value("REORDERPOINT", service, mean, sd, *args, 2 * mean, distribution)
    thousand = value("REORDERPOINT", service, 1000 * mean, 1000 * sd, *args, 2000 * mean, distribution)
    assert thousand == pytest.approx(1000 * one, rel=1e-9, abs=1e-6 * mean)


@given(services, means, sds, lead_times, st.floats(0.0, 3.0), st.floats(0.0, 5.0), st.floats(-1.0, 1.0))
@settings(max_examples=300, deadline=None)
def test_drivers_add_up_to_the_safety_stock(
    service: float, mean: float, sd: float, lead_time: float, lead_time_sd: float, review: float, bias: float
) -> None:
    [parts] = (
        CATALOGUE["SSDRIVERS"].evaluate(service, mean, sd, lead_time, lead_time_sd, review, bias * sd).cells
    )
    stock = value("SAFETYSTOCK", service, sd, lead_time, lead_time_sd, mean, review)
    assert sum(parts) == stock
    assert all(part * stock >= 0.0 for part in parts)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_nothing_uncertain_needs_no_stock(distribution: str) -> None:
    expected = 0.0 if distribution != "negbin" else CellError.NUM
    if distribution != "poisson":
        assert error("SAFETYSTOCK", 0.95, 0, 4, 0, 10, 0, "csl", None, distribution) == expected
    assert error("SAFETYSTOCK", 0.95, 0, 0, 0, 10, 0, "csl", None, distribution) == 0.0
    assert error("REORDERPOINT", 0.95, 0, 0, 4, 0, 0, "csl", None, distribution) == 0.0


@pytest.mark.parametrize("distribution", ["normal", "gamma", "lognormal"])
def test_all_but_known_demand_is_close_to_known_demand(distribution: str) -> None:
    point = value("REORDERPOINT", 0.53125, 43, 0.1, 1, 0, 0, "fill", 86, distribution)
    assert point == pytest.approx(43 - (1 - 0.53125) * 86)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
@pytest.mark.parametrize(
    ("mean", "sd"), [(2.2e-309, 2.2e-309), (5e-324, 1.0), (1e6, 5e-324), (1e6, 1e6), (1e307, 1e308)]
)
@pytest.mark.parametrize("stock", [0.0, 5e-324, 1.0, 1e6])
def test_numbers_at_the_edge_of_the_range_give_a_number_or_an_error(
    distribution: str, mean: float, sd: float, stock: float
) -> None:
    for shown in (
        error("EXPECTEDSHORT", stock, mean, sd, distribution),
        error("NEWSVENDORCOST", stock, 1, 1, mean, sd, distribution),
        error("EXPECTEDFILL", stock, 1, mean, sd, 1, 0, distribution),
        error("SAFETYSTOCK", 0.9, sd, 1, 0, mean, 1, "fill", None, distribution),
        error("ORDERUPTO", 0.9, mean, sd, 1e4, 1, 1e3, "csl", distribution),
        error("SSDRIVERS", 0.9, mean, sd, 1, 1e3),
    ):
        assert isinstance(shown, float | CellError)


def test_known_demand_may_run_short_by_the_promise() -> None:
    assert value("SAFETYSTOCK", 0.95, 0, 4, 0, 10, 0, "fill", 200) == pytest.approx(-10.0)
    assert value("SAFETYSTOCK", 0.95, 1e-9, 4, 0, 10, 0, "fill", 200) == pytest.approx(-10.0)
    assert value("SAFETYSTOCK", 0.95, 0, 4, 0, 10, 2, "fill") == pytest.approx(-1.0)


def test_what_cannot_be_is_refused_with_a_reason() -> None:
    cases = {
        "variance of demand above its mean": (0.95, 1, 3, 0, 4, 0, "csl", None, "negbin"),
        "mean demand above 0": (0.95, 1, 3, 0, 0, 0, "csl", None, "gamma"),
        "is not Poisson": (0.95, None, 3, 1, 4, 0, "csl", None, "poisson"),
        "'demand_mean' above 0": (0.95, 1, 3, 0, 0, 2, "fill"),
    }
    for sentence, args in cases.items():
        outcome = CATALOGUE["SAFETYSTOCK"].evaluate(*args)
        assert outcome.cells == [[CellError.NUM]]
        assert sentence in outcome.problems[0].sentence


def test_expected_fill_is_at_least_what_the_reorder_point_aims_at() -> None:
    for quantity in (10, 60, 400):
        for distribution in DISTRIBUTIONS:
            point = value("REORDERPOINT", 0.9, 20, 15, 4, 0, 0, "fill", quantity, distribution)
            fill = value("EXPECTEDFILL", point, quantity, 20, 15, 4, 0, distribution)
            assert fill >= 0.9 - 1e-9
            if quantity == 400 and distribution in ("normal", "gamma"):
                assert fill == pytest.approx(0.9, abs=1e-4)


def test_time_phased_equals_the_plain_formula_when_nothing_changes() -> None:
    stock = CATALOGUE["SAFETYSTOCKTP"].evaluate([[50.0]] * 6, 12, 2.5, 0.95, 1).cells
    np.testing.assert_allclose(stock, value("SAFETYSTOCK", 0.95, 12, 2.5, 0, 50, 1), rtol=1e-12)
    point = CATALOGUE["REORDERPOINTTP"].evaluate([[50.0]] * 6, 12, 2.5, 0.95, 1).cells
    np.testing.assert_allclose(point, value("REORDERPOINT", 0.95, 50, 12, 2.5, 0, 1), rtol=1e-12)


def test_reorder_point_looks_ahead() -> None:
    points = CATALOGUE["REORDERPOINTTP"].evaluate([10, 20, 40], 0, 1.5, 0.9).cells
    assert points == [[10 + 10], [20 + 20], [40 + 20]]
