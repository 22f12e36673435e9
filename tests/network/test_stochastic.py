import itertools

import numpy as np
import pytest

from tests.naive import distribution as naive
from xlinv.cells import InputError
from xlinv.network import Network, optimise, simulate, verify
from xlinv.network.demand import Demand
from xlinv.network.distribution import Branch, distribution_stock
from xlinv.network.serial import SerialSystem, optimal_stock

CUSTOMER = {"demand_mean": 10.0, "demand_sd": 3.0, "service_time": 0.0, "service_level": 0.95}
CHAIN = [
    {"name": "part", "lead_time": 2.0, "added_cost": 2.0},
    {"name": "product", "lead_time": 1.0, "added_cost": 2.0},
    {"name": "store", "lead_time": 1.0, "added_cost": 3.0}
    | CUSTOMER
    | {"demand_mean": 5.0, "demand_sd": 1.0},
]


def arcs(*pairs):
    return [dict(zip(("source", "destination", "quantity"), pair, strict=False)) for pair in pairs]


def in_a_line(**fields):
    return Network.from_tables(
        [row | fields for row in CHAIN], arcs(("part", "product"), ("product", "store"))
    )


def warehouse(rates, lead_time0=2.0, sd=None):
    """A warehouse and its stores, as a network."""
    rows = [{"name": "warehouse", "lead_time": lead_time0, "added_cost": 1.0}]
    for k, rate in enumerate(rates):
        rows.append({"name": f"store {k}", "lead_time": 1.0, "added_cost": 1.0} | CUSTOMER)
        rows[-1] |= {"demand_mean": float(rate), "demand_sd": float(sd or rate**0.5)}
    return Network.from_tables(rows, arcs(*(("warehouse", f"store {k}") for k in range(len(rates)))))


def simulated_cost(network, plan, stockout_cost, **options):
    """Holding cost of everything on hand, unmatched or under way from another stage, and stockout cost."""
    found = simulate(network, plan, periods=5000, **options).measures
    data, holding = network.arrays, plan.columns["unit_value"]
    supplied = np.zeros(len(network))
    np.add.at(supplied, data.arc_destination, data.arc_quantity * holding[data.arc_source])
    cost = (found["on_hand"] + found["unmatched"]) @ holding + found["in_process"] @ supplied
    return cost + stockout_cost * found["customer_backorders"].sum(axis=1)


def test_a_line_is_solved_as_example_6_1():
    plan = optimise(in_a_line(), "stochastic", stockout_cost=37.12, time_limit=5.0)
    assert plan.cost == pytest.approx(47.66015641604325, rel=1e-5)
    assert plan.optimal
    assert np.cumsum(plan.columns["base_stock"][::-1]) == pytest.approx([6.4909, 12.0176, 22.7055], abs=1e-3)
    assert plan.saving >= 0


def test_lead_times_that_vary_count_by_the_variance_they_add():
    certain = optimise(in_a_line(), "stochastic", stockout_cost=37.12)
    varying = optimise(in_a_line(lead_time_sd=0.5), "stochastic", stockout_cost=37.12)
    assert varying.cost > certain.cost + 5
    (alone,) = optimise(
        Network.from_tables([CHAIN[2] | {"lead_time": 4.0, "lead_time_sd": 1.0}]), "stochastic"
    ).columns["base_stock"]
    assert alone == pytest.approx(20 + 1.6448536 * (4 * 1 + 25 * 1) ** 0.5, abs=0.01)
    line = SerialSystem([1, 1], [1, 2], 20, Demand(4, family="poisson"), [1, 1])
    leaf = Branch(1, line.demand, 1.0, 1.0, 22.0, lead_time_sd=1.0)
    tree = distribution_stock(Branch(0, line.demand, 2.0, 1.0, 0.0, (leaf,), 1.0))
    assert tree.cost == pytest.approx(optimal_stock(line).cost)


def test_what_is_not_counted_is_said():
    plan = optimise(in_a_line(capacity=50.0, batch_size=5.0), "stochastic")
    assert plan.notes == ("Not counted by this method: batch_size, capacity.",)
    assert plan.binding == ()
    assert plan.explain("store").startswith("store protects its own demand. It ships what it has")


def test_the_stockout_cost_of_a_service_level_gives_that_service():
    found = verify(optimise(in_a_line(), "stochastic"), periods=5000, confidence=0.999)
    assert found.bounded is None
    assert found.holds
    assert abs(found.stages["achieved"][2] - 0.95) <= found.stages["achieved ±"][2]


@pytest.mark.parametrize("times", [(2, 2, 1), (6, 1, 1), (0, 3, 2)])
def test_assembly_costs_no_less_than_its_optimum_and_hardly_more(times):
    rows = [
        {"name": name, "lead_time": float(time), "added_cost": cost}
        for name, time, cost in zip(("a", "b", "end"), times, (1.0, 2.0, 3.0), strict=True)
    ]
    rows[2] |= CUSTOMER
    network = Network.from_tables(rows, arcs(("a", "end", 2.0), ("b", "end", 1.0)))
    plan = optimise(network, "stochastic", stockout_cost=50.0)
    cost = simulated_cost(network, plan, 50.0)
    margin = 4 * cost.std(ddof=1) / len(cost) ** 0.5
    assert plan.cost - margin <= cost.mean() <= 1.03 * plan.cost + margin
    assert plan.baseline_cost >= plan.cost


def test_assembly_with_equal_times_is_exactly_balanced():
    rows = [{"name": name, "lead_time": 3.0, "added_cost": 1.0} for name in "ab"]
    rows.append({"name": "end", "lead_time": 2.0, "added_cost": 1.0} | CUSTOMER)
    plan = optimise(
        Network.from_tables(rows, arcs(("a", "end"), ("b", "end"))), "stochastic", stockout_cost=30.0
    )
    merged = optimal_stock(SerialSystem([1, 2], [2, 3], 30, Demand(10, 3)))
    assert plan.cost == pytest.approx(merged.cost, rel=1e-5)
    assert plan.columns["base_stock"] == pytest.approx(
        [merged.local[1], merged.local[1], merged.local[0]], rel=1e-3
    )


@pytest.mark.parametrize("demand", [Demand(16, family="poisson"), Demand(16, 3), Demand(16, 9, "gamma")])
def test_a_tree_without_branches_is_a_line(demand):
    h, lead_time, p = [0.25, 2.5, 2.5, 0.25], [0.25, 0.5, 0.25, 1.0], 9.0
    branch = None
    for stage, (cost, span) in enumerate(zip(h, lead_time, strict=True)):
        branch = Branch(stage, demand, span, cost, p + sum(h), (branch,) if branch else ())
    line = optimal_stock(SerialSystem(h, lead_time, p, demand))
    tree = distribution_stock(branch)
    assert tree.cost == pytest.approx(line.cost, rel=1e-9 if demand.discrete else 2e-4)
    assert tree.lower_bound == pytest.approx(tree.cost, rel=1e-9)
    if demand.discrete:
        assert [tree.level[j] for j in range(4)] == line.local.tolist()


@pytest.mark.parametrize("rates", [(1.0, 2.0), (0.5, 0.5, 1.0)])
def test_warehouse_and_stores_cost_what_the_sum_over_everything_says(rates):
    network = warehouse(rates)
    plan = optimise(network, "stochastic", stockout_cost=12.0, demand_family="poisson")
    level0, *level = plan.columns["base_stock"].astype(int).tolist()
    count = len(rates)

    def cost(level0, level):
        return naive.cost(1, [2] * count, 2, [1] * count, 12, list(rates), level0, level)

    assert plan.cost == pytest.approx(cost(level0, level), rel=1e-9)
    moves = itertools.product((-1, 0, 1), repeat=count)
    best = min(cost(level0 + 1, [s + m for s, m in zip(level, move, strict=True)]) for move in moves)
    assert plan.lower_bound <= best + 1e-9
    assert plan.cost <= 1.03 * best


@pytest.mark.parametrize("family", ["normal", "gamma"])
def test_simulation_confirms_the_cost_of_a_tree(family):
    network = warehouse((10.0, 20.0, 15.0), sd=4.0)
    plan = optimise(network, "stochastic", stockout_cost=20.0, demand_family=family)
    cost = simulated_cost(network, plan, 20.0, demand_family=family)
    assert plan.lower_bound <= cost.mean() * 1.005
    assert cost.mean() == pytest.approx(plan.cost, rel=0.02)
    assert plan.gap <= 0.05
    assert plan.saving > 0


def test_a_warehouse_that_also_sells():
    network = Network.from_tables(
        [
            {"name": "warehouse", "lead_time": 2.0, "added_cost": 1.0} | CUSTOMER,
            {"name": "store", "lead_time": 1.0, "added_cost": 1.0} | CUSTOMER,
        ],
        arcs(("warehouse", "store")),
    )
    plan = optimise(network, "stochastic", stockout_cost=20.0)
    assert simulated_cost(network, plan, 20.0).mean() == pytest.approx(plan.cost, rel=0.02)


@pytest.mark.parametrize(
    ("network", "options", "message"),
    [
        (
            Network.from_tables(
                [
                    {"name": "a", "lead_time": 2.0, "lead_time_sd": 1.0, "added_cost": 1.0},
                    {"name": "b", "lead_time": 2.0, "added_cost": 1.0},
                    {"name": "end", "lead_time": 2.0, "added_cost": 1.0} | CUSTOMER,
                ],
                arcs(("a", "end"), ("b", "end")),
            ),
            {},
            "'lead_time_sd' must be 0 in an assembly: 1.0 (a)",
        ),
        (in_a_line(), {"stockout_cost": -1.0}, "'stockout_cost' must be > 0 and finite: -1.0 (store)"),
        (in_a_line(), {"stockout_cost": "dear"}, "'stockout_cost' must be > 0 and finite: 'dear' (store)"),
        (
            in_a_line(),
            {"stockout_cost": {"shop": 9.0}},
            "'stockout_cost' must be of a stage with demand: 'shop'",
        ),
        (in_a_line(), {"holding_rate": "dear"}, "'holding_rate' must be > 0: 'dear'"),
        (in_a_line(), {"round_up": True}, "'option' must be one of stockout_cost"),
        (
            Network.from_tables(
                [{"name": name, "lead_time": 1.0, "added_cost": 1.0} | CUSTOMER for name in "abcd"],
                arcs(("a", "c"), ("a", "d"), ("b", "c")),
            ),
            {},
            "every stage at most one supplier, for method stochastic: 'c'",
        ),
    ],
)
def test_refuses_what_it_does_not_cover(network, options, message):
    with pytest.raises(InputError) as error:
        optimise(network, "stochastic", **options)
    assert message in str(error.value)


def test_an_assembly_sold_in_whole_units_takes_parts_in_whole_sets():
    rows = [{"name": name, "lead_time": 2.0, "added_cost": 1.0} for name in ("a", "b", "end")]
    rows[2] |= CUSTOMER | {"demand_mean": 4.0, "demand_sd": 2.0}
    network = Network.from_tables(rows, arcs(("a", "end", 2.0), ("b", "end", 3.0)))
    plan = optimise(network, "stochastic", demand_family="poisson")
    held_alone = plan.columns["single_stage_stock"] + plan.columns["demand_mean"] * plan.columns["lead_time"]
    assert (held_alone % [2, 3, 1] == 0).all()
    assert plan.saving >= 0
    assert (plan.columns["base_stock"] % [2, 3, 1] == 0).all()


def test_a_plan_whose_warehouse_is_best_kept_short_can_be_verified():
    rows = [
        {"name": "warehouse", "lead_time": 0.0, "added_cost": 4.0},
        *({"name": f"store {k}", "lead_time": 2.0, "added_cost": 0.2} | CUSTOMER for k in range(2)),
    ]
    network = Network.from_tables(rows, arcs(("warehouse", "store 0"), ("warehouse", "store 1")))
    plan = optimise(network, "stochastic", demand_family="poisson", stockout_cost=0.5)
    assert plan.columns["base_stock"][0] < 0
    cost = simulated_cost(network, plan, 0.5, demand_family="poisson")
    assert cost.mean() == pytest.approx(plan.cost, rel=0.02)


def test_where_shares_of_what_is_owed_are_approximated_it_is_said():
    normal, poisson, alone = (
        optimise(warehouse(rates), "stochastic", demand_family=family)
        for rates, family in (((4.0, 9.0), "normal"), ((4.0, 9.0), "poisson"), ((9.0,), "normal"))
    )
    assert any("approximated" in note for note in normal.notes)
    assert not poisson.notes
    assert not alone.notes
