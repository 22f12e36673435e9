import numpy as np
import pytest
from scipy import stats

from tests.naive import simulation as naive
from xlinv.cells import InputError
from xlinv.kernels import network_flow as flow
from xlinv.kernels.network_flow import flow_through
from xlinv.network import Network, optimise
from xlinv.network.demand import Demand
from xlinv.network.flow_model import flow_model
from xlinv.network.serial import SerialSystem, optimal_stock
from xlinv.network.simulation import replicate, simulate

CUSTOMER = {"demand_mean": 10.0, "demand_sd": 3.0, "service_time": 0.0, "service_level": 0.95}


def one_stage(**fields):
    return Network.from_tables([{"name": "store", "lead_time": 4.0, "added_cost": 1.0} | CUSTOMER | fields])


def assembly_and_distribution(seed, **fields):
    """Two parts into a product that two stores sell, in random quantities and times, as plain rows."""
    random = np.random.default_rng(seed)
    rows = [
        {"name": name, "lead_time": float(random.integers(0, 5)), "added_cost": 1.0} | fields
        for name in ("part", "casing", "product", "north", "south")
    ]
    for row in rows[3:]:
        row |= CUSTOMER
    arcs = [("part", "product", 2.0), ("casing", "product", 1.0), ("product", "north", 1.0)]
    arcs += [("product", "south", 1.0), ("casing", "south", 3.0)]
    return rows, arcs


def network_of(rows, arcs):
    return Network.from_tables(
        rows, [dict(zip(("source", "destination", "quantity"), arc, strict=True)) for arc in arcs]
    )


VARIANTS = [
    {},
    {"review_period": 3.0},
    {"batch_size": 25.0},
    {"capacity": 70.0},
    {"review_period": 2.0, "batch_size": 7.0, "capacity": 90.0},
]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("fields", VARIANTS)
@pytest.mark.parametrize("compiled", [False, True])
def test_equals_the_naive_simulation(seed, fields, compiled):
    rows, arcs = assembly_and_distribution(seed, **fields)
    random = np.random.default_rng(100 + seed)
    level = {row["name"]: float(random.integers(20, 90)) for row in rows}
    delay = {"part": 2.0, "product": 1.0, "south": 1.0}
    model = flow_model(
        network_of(rows, arcs),
        np.array([level[row["name"]] for row in rows]),
        np.array([delay.get(row["name"], 0.0) for row in rows]),
    )
    totals, _ = replicate(model, 60, 7, 0, 20, True, compiled)
    drawn = model.demand.draw(7, 0, 0, 80)
    demand = {"north": drawn[:, 0].tolist(), "south": drawn[:, 1].tolist()}
    expected = naive.simulate(rows, arcs, demand, level, delay, 20)
    columns = {
        "due": flow.DUE, "late": flow.LATE, "on_hand": flow.ON_HAND, "backorders": flow.BACKORDERS,
        "ready": flow.READY, "cycles": flow.CYCLES, "served": flow.SERVED_CYCLES,
        "unmatched": flow.UNMATCHED,
    }  # fmt: skip
    for number, row in enumerate(rows):
        found = totals[model.position[number]]
        for measure, column in columns.items():
            assert found[column] == pytest.approx(expected[row["name"]][measure], rel=1e-9, abs=1e-6), measure


def test_random_lead_times_equal_the_naive_simulation():
    rows, arcs = assembly_and_distribution(1)
    rows[0] |= {"lead_time": 3.0, "lead_time_sd": 2.0}
    rows[2] |= {"lead_time": 3.5, "lead_time_distribution": ((1.0, 0.5), (6.0, 0.5))}
    level = {row["name"]: 60.0 for row in rows}
    model = flow_model(network_of(rows, arcs), np.full(5, 60.0), np.zeros(5))
    totals, _ = replicate(model, 80, 3, 1, 0, True, False)
    drawn = model.demand.draw(3, 1, 0, 80)
    draws = np.rint(model.lead_times.draw(3, 1, 0, 80)).astype(int)
    expected = naive.simulate(
        rows,
        arcs,
        {"north": drawn[:, 0].tolist(), "south": drawn[:, 1].tolist()},
        level,
        {},
        0,
        {"part": draws[:, 0].tolist(), "product": draws[:, 1].tolist()},
    )
    for number, row in enumerate(rows):
        assert totals[model.position[number], flow.ON_HAND] == pytest.approx(expected[row["name"]]["on_hand"])


def test_one_stage_meets_theory():
    level = 40 + 6 * stats.norm.ppf(0.95)
    found = simulate(one_stage(), [level], periods=10_000, replications=20, confidence=0.999)
    loss = stats.norm.pdf(1.6448536) - 1.6448536 * 0.05
    expected = {
        "ready_rate": 0.95,
        "backorders": 6 * loss,
        "on_hand": 6 * stats.norm.ppf(0.95) + 6 * loss,
        "in_process": 40.0,
    }
    for measure, value in expected.items():
        assert abs(found.mean(measure)[0] - value) <= found.half_width(measure)[0], measure


def test_fill_rate_meets_theory():
    # Late in a period is what the demand of L periods exceeds the level by, beyond that of L - 1 periods.
    level, loss = 50.0, lambda sd, z: sd * (stats.norm.pdf(z) - z * stats.norm.sf(z))
    late = loss(6.0, 10 / 6) - loss(27**0.5, 20 / 27**0.5)
    found = simulate(one_stage(), [level], periods=20_000, replications=20, confidence=0.999)
    assert abs(found.mean("fill_rate")[0] - (1 - late / 10)) <= found.half_width("fill_rate")[0]


@pytest.mark.parametrize("family", ["gamma", "poisson", "negbin"])
def test_other_demand_meets_theory(family):
    demand = Demand(10, 4, family)
    level = demand.quantile(0.9, 4)
    found = simulate(
        one_stage(demand_sd=4.0),
        [level],
        demand_family=family,
        periods=10_000,
        replications=20,
        confidence=0.999,
    )
    covered = demand.tail(4)(np.array([level]))[0][0]
    assert abs(found.mean("ready_rate")[0] - covered) <= found.half_width("ready_rate")[0]


def test_serial_cost_meets_theory():
    stock = optimal_stock(SerialSystem([3, 2, 2], [1, 1, 2], 37.12, Demand(5, 1)))
    network = Network.from_tables(
        [
            {"name": "3", "lead_time": 2.0, "added_cost": 2.0},
            {"name": "2", "lead_time": 1.0, "added_cost": 2.0},
            {"name": "1", "lead_time": 1.0, "added_cost": 3.0}
            | CUSTOMER
            | {"demand_mean": 5.0, "demand_sd": 1.0},
        ],
        [{"source": "3", "destination": "2"}, {"source": "2", "destination": "1"}],
    )
    found = simulate(network, stock.local[::-1], periods=10_000, replications=20).measures
    cost = found["on_hand"] @ [2, 4, 7] + found["in_process"] @ [0, 2, 4] + 37.12 * found["backorders"][:, 2]
    assert abs(cost.mean() - stock.cost) <= 4 * cost.std(ddof=1) / 20**0.5


def test_same_seed_same_result_whatever_the_threads_and_the_order_of_rows():
    rows, arcs = assembly_and_distribution(0)
    level = dict.fromkeys((row["name"] for row in rows), 70.0)
    first = simulate(network_of(rows, arcs), level, periods=200, replications=4, threads=1)
    again = simulate(network_of(rows[::-1], arcs[::-1]), level, periods=200, replications=4, threads=3)
    other = simulate(network_of(rows, arcs), level, periods=200, replications=4, seed=2)
    np.testing.assert_allclose(first.measures["on_hand"], again.measures["on_hand"][:, ::-1], rtol=1e-12)
    assert (first.mean("on_hand") != other.mean("on_hand")).any()


def test_compiled_and_plain_give_the_same_bits(monkeypatch):
    rows, arcs = assembly_and_distribution(2, batch_size=5.0)
    level = dict.fromkeys((row["name"] for row in rows), 55.0)
    compiled = simulate(network_of(rows, arcs), level, periods=2000, replications=2)
    monkeypatch.setattr(flow_through, "_dispatcher", flow_through.py_func)
    plain = simulate(network_of(rows, arcs), level, periods=2000, replications=2)
    for measure, values in compiled.measures.items():
        assert (values == plain.measures[measure]).all()


def test_orders_that_may_not_cross_arrive_in_order():
    network = one_stage(lead_time_sd=3.0)
    crossing = simulate(network, [60.0], periods=3000, replications=5)
    waiting = simulate(network, [60.0], periods=3000, replications=5, orders_cross=False)
    assert waiting.mean("in_process")[0] > crossing.mean("in_process")[0] + 1


def test_fractional_times_divide_the_period():
    found = simulate(
        one_stage(lead_time=2.5), [25 + 3 * 2.5**0.5 * 1.6448536], periods=10_000, confidence=0.999
    )
    assert abs(found.mean("ready_rate")[0] - 0.95) <= found.half_width("ready_rate")[0]


def test_an_outside_supplier_that_promises_later_lengthens_the_wait():
    longer = simulate(one_stage(lead_time=6.0), [70.0], periods=500)
    outside = simulate(one_stage(supplier_service_time=2.0), [70.0], periods=500)
    assert outside.mean("on_hand") == pytest.approx(longer.mean("on_hand"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"levels": {"store": 5.0, "shop": 1.0}},
            "'base_stock_level' must belong to a stage of the network: 'shop'",
        ),
        ({"levels": [1.0], "seed": 2**64}, "'seed' must be < 2**63"),
        ({"levels": [1.0], "warm_up": -1}, "'warm_up' must be a whole number >= 0: -1"),
        (
            {"levels": [1.0], "demand_family": {"shop": "gamma"}},
            "'demand_family' must be of a stage with demand: 'shop'",
        ),
        ({"levels": {}}, "'base_stock_level' must be given for every stage: 'store'"),
        ({"levels": [1.0, 2.0]}, "'base_stock_level' must have one value for each of 1 stages"),
        ({"levels": [np.inf]}, "'base_stock_level' must be finite: inf (store)"),
        ({"levels": [1.0], "service_times": [-1.0]}, "'service_time' must be >= 0: -1.0 (store)"),
        ({"periods": 0}, "'periods' must be a whole number >= 1: 0"),
        ({"replications": 1}, "'replications' must be a whole number >= 2: 1"),
        ({"demand_family": "weibull"}, "'demand_family' must be one of normal"),
        ({"service_times": [0.123456]}, "'times' must be multiples of a common step"),
        ({"confidence": 1.0}, "'confidence' must be in (0, 1): 1.0"),
        ({"confidence": "high"}, "'confidence' must be in (0, 1): 'high'"),
        ({"levels": ["much"]}, "'base_stock_level' must be numbers: ['much']"),
        ({"levels": {"store": "much"}}, "'base_stock_level' must be numbers: ['much']"),
        ({"periods": True}, "'periods' must be a whole number >= 1: True"),
        ({"network": "store"}, "'network' must be a Network, such as Network.from_tables makes: 'store'"),
    ],
)
def test_refuses_what_cannot_be_simulated(change, message):
    with pytest.raises(InputError) as error:
        simulate(**({"network": one_stage(), "levels": [50.0]} | change))
    assert message in str(error.value)


def test_a_level_below_zero_keeps_so_much_waiting():
    rows = [{"name": "store", "lead_time": 2.0, "added_cost": 1.0, "service_time": 0.0, "service_level": 0.9}]
    network = network_of([rows[0] | {"demand_mean": 10.0, "demand_sd": 0.0}], [])
    found = simulate(network, [-4.0], periods=50, replications=2)
    # Two periods of demand are under way, and 4 units are not even ordered.
    assert found.mean("customer_backorders") == pytest.approx([24.0])
    assert found.mean("in_process") == pytest.approx([20.0])


def test_what_was_found_shows_in_a_line():
    found = simulate(one_stage(), [50.0], periods=10, replications=2)
    assert len(repr(found)) < 120
    assert repr(one_stage()) == "Network of 1 stages and 0 arcs"


def test_a_plan_of_another_network_is_refused():
    shop = {
        "name": "shop",
        "lead_time": 1.0,
        "added_cost": 1.0,
        "demand_sd": 1.0,
        "service_time": 0.0,
        "z": 2,
    }
    plan = optimise(Network.from_tables([shop]))
    with pytest.raises(InputError, match="'levels' must be a plan for the stages of this network: 'shop'"):
        simulate(one_stage(), plan)
