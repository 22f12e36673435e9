import itertools

import pytest

from tests.naive import spares as naive
from xlinv.cells import InputError
from xlinv.network.spares import Base, RepairablePart, base_backorders, depot_backorders, spares_plan

NORTH = Base("north", 2.0, 0.2, 0.5, 0.3, systems=10)
SOUTH = Base("south", 1.0, 0.0, 0.0, 0.5, systems=6)
PUMP = RepairablePart("pump", 10.0, 1.5, (NORTH, SOUTH))
RADIO = RepairablePart("radio", 3.0, 0.8, (Base("north", 4.0, 0.5, 0.2, 0.3, systems=10),), per_system=2)


def expected(part, method, stocks):
    depot, *bases = stocks
    curves = base_backorders(part, depot, method)
    return sum(float(curve[min(stock, len(curve) - 1)]) for curve, stock in zip(curves, bases, strict=True))


def test_depot_backorders_of_a_poisson_pipeline():
    means, variances = depot_backorders(PUMP)
    masses = naive.poisson(1.5 * (2.0 * 0.8 + 1.0))
    for stock in range(6):
        left = [max(units - stock, 0) for units in range(len(masses))]
        mean = sum(m * b for m, b in zip(masses, left, strict=True))
        assert means[stock] == pytest.approx(mean)
        square = sum(m * b * b for m, b in zip(masses, left, strict=True))
        assert variances[stock] == pytest.approx(square - mean**2)


def test_a_single_site_is_palms_theorem():
    part = RepairablePart("valve", 1.0, 0.0, (Base("site", 3.0, 1.0, 0.5, 0.0),))
    (curve,) = base_backorders(part, 0, "vari-metric")
    masses = naive.poisson(1.5)
    assert curve[2] == pytest.approx(sum(m * max(units - 2, 0) for units, m in enumerate(masses)))


@pytest.mark.parametrize("stocks", [(0, 1, 1), (2, 1, 0), (4, 2, 1), (8, 1, 1)])
def test_vari_metric_is_close_to_exact_and_closer_than_metric(stocks):
    depot, *bases = stocks
    exact = sum(naive.exact_backorders(PUMP, depot, bases))
    with_variance = expected(PUMP, "vari-metric", stocks)
    assert with_variance == pytest.approx(exact, rel=0.02)
    assert abs(with_variance - exact) <= abs(expected(PUMP, "metric", stocks) - exact) + 1e-9


@pytest.mark.parametrize("method", ["metric", "vari-metric"])
def test_every_plan_of_one_part_is_the_best_of_all(method):
    for units in range(1, 8):
        plan = spares_plan([PUMP], budget=10.0 * units, method=method)
        bought = plan.depot[0] + sum(plan.base[0])
        best = naive.fewest(lambda stocks: expected(PUMP, method, stocks), 3, bought)
        assert plan.expected_backorders == pytest.approx(best)
        within = naive.fewest(lambda stocks: expected(PUMP, method, stocks), 3, units)
        assert plan.lower_bound <= within + 1e-9


@pytest.mark.parametrize("units", range(1, 6))
def test_what_marginal_analysis_leaves_of_a_budget_is_spent_too(units):
    # The first unit helps little, the second much: alone the first is no step of the best slope.
    part = RepairablePart("x", 1.0, 4.0, (Base("y", 0.5, 0.0, 0.0, 0.3),))
    plan = spares_plan([part], budget=float(units))
    assert plan.cost == plan.depot[0] + plan.base[0][0] <= units
    best = naive.fewest(lambda stocks: expected(part, "vari-metric", stocks), 2, units)
    assert plan.expected_backorders == pytest.approx(best)
    assert plan.lower_bound <= best + 1e-9


def test_the_rest_of_a_budget_goes_to_what_it_still_buys():
    cheap = RepairablePart("cheap", 3.0, 1.0, (Base("y", 0.5, 0.0, 0.0, 0.3),))
    plan = spares_plan([PUMP, cheap], budget=18.0)
    assert plan.cost == 10.0 * (plan.depot[0] + sum(plan.base[0])) + 3.0 * (plan.depot[1] + plan.base[1][0])
    assert 18.0 - 3.0 < plan.cost <= 18.0


def test_no_budget_is_spent_on_what_is_of_no_use():
    assert spares_plan([PUMP, RADIO], budget=1e9).cost < 500


def test_two_parts_within_a_budget_beat_every_other_division():
    plan = spares_plan([PUMP, RADIO], budget=60.0)
    assert plan.cost <= 60.0
    best = min(
        naive.fewest(lambda stocks: expected(PUMP, "vari-metric", stocks), 3, pumps)
        + naive.fewest(lambda stocks: expected(RADIO, "vari-metric", stocks), 2, radios)
        for pumps, radios in itertools.product(range(7), range(21))
        if 10 * pumps + 3 * radios <= plan.cost
    )
    assert plan.expected_backorders == pytest.approx(best)
    assert plan.lower_bound <= best


def test_targets_are_reached_and_one_step_less_would_not_do():
    backorders = spares_plan([PUMP, RADIO], expected_backorders=0.1)
    assert backorders.expected_backorders <= 0.1
    assert spares_plan([PUMP, RADIO], budget=backorders.cost - 1e-6).expected_backorders > 0.1
    available = spares_plan([PUMP, RADIO], availability=0.98)
    assert available.availability >= 0.98
    assert spares_plan([PUMP, RADIO], budget=available.cost - 1e-6).availability < 0.98


def test_availability_is_the_product_over_all_places():
    plan = spares_plan([PUMP, RADIO], budget=40.0)
    (north, south), (radio,) = plan.backorders
    at_north = (1 - north / 10) * (1 - radio / 20) ** 2
    assert plan.availability == pytest.approx((10 * at_north + 6 * (1 - south / 6)) / 16)
    table = plan.stock
    assert list(table["place"]) == ["depot", "north", "south", "depot", "north"]
    assert table["stock"].sum() * 10 >= plan.cost


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: spares_plan([PUMP]),
            "'target' must be exactly one of budget, expected_backorders, availability",
        ),
        (lambda: spares_plan([PUMP], budget=1.0, availability=0.9), "'target' must be exactly one of"),
        (lambda: spares_plan([PUMP], availability=1.0), "'availability' must be in (0, 1): 1.0"),
        (lambda: spares_plan([PUMP], budget=-1.0), "'budget' must be >= 0: -1.0"),
        (
            lambda: spares_plan([PUMP], budget=1.0, method="exact"),
            "'method' must be one of vari-metric, metric",
        ),
        (lambda: RepairablePart("x", 0.0, 1.0, (NORTH,)), "'unit_cost' must be > 0 and finite: 0.0 (x)"),
        (lambda: spares_plan([PUMP], budget="much"), "'budget' must be >= 0: 'much'"),
        (lambda: spares_plan(["pump"], budget=1.0), "'parts' must be RepairablePart each: 'pump'"),
        (
            lambda: RepairablePart("x", "dear", 1.0, (NORTH,)),
            "'unit_cost' must be > 0 and finite: 'dear' (x)",
        ),
        (lambda: RepairablePart("x", 1.0, 1.0, ()), "'bases' must have at least one: 0 (x)"),
        (
            lambda: RepairablePart("x", 1.0, 1.0, (Base("y", 1.0, 1.5, 0.0, 0.0),)),
            "'repair_share' must be in [0, 1]: 1.5 (x at y)",
        ),
    ],
)
def test_refuses_what_makes_no_sense(make, message):
    with pytest.raises(InputError) as error:
        make()
    assert message in str(error.value)
