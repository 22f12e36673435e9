"""Dives and the search built on them: choices that fit, at the cost they claim, never below the optimum."""

import random

import numpy as np
import pytest

from tests.network.random_networks import skip_layer_network
from xlinv.network import Network, optimise
from xlinv.network.diving import Dive, decisions
from xlinv.network.guaranteed import GuaranteedOptions, prepared
from xlinv.network.message_passing import MessagePassing
from xlinv.network.messages import cost_of_edge
from xlinv.network.peeling import peeled
from xlinv.network.plan_search import PlanSearch
from xlinv.network.service_times import Problem, pairwise


def core_of(network: Network) -> tuple[Problem, float]:
    """The pairwise problem left once what hangs on loops is solved, and the cost outside it."""
    case = prepared(network, GuaranteedOptions())
    problem, layout = pairwise(case.times, case.costs, case.bounds, None)
    parts = peeled(problem)
    return parts.core, layout.constant + parts.constant


def cost_of(problem: Problem, values: np.ndarray) -> float:
    p = problem
    ends = zip(p.start[:-1], p.start[1:], values, strict=True)
    chosen = [first + np.flatnonzero(p.value[first:last] == value)[0] for first, last, value in ends]
    rules = (p.lead_time, p.coefficient, p.table_start, p.table, p.longest)
    return sum(p.unary[chosen]) + sum(
        cost_of_edge(stage, int(values[tail] - values[head]), *rules)
        for tail, head, stage in zip(p.tail, p.head, p.stage, strict=True)
    )


def test_the_split_decided_is_the_one_whose_halves_differ_most() -> None:
    chance = random.Random(1)
    costs = [[chance.uniform(0, 9) for _ in range(chance.randint(1, 7))] for _ in range(100)]
    start = np.cumsum([0, *map(len, costs)])
    margin, low, high = decisions(np.concatenate(costs), start)
    for v, cost in enumerate(costs):
        splits = [min(cost[i:]) - min(cost[:i]) for i in range(1, len(cost))]
        if not splits:
            assert (low[v], high[v]) == (0, 0)
            continue
        widest = max(splits, key=abs)
        i = splits.index(widest) + 1
        assert margin[v] == abs(widest)
        assert (low[v], high[v]) == ((0, i - 1) if widest > 0 else (i, len(cost) - 1))


@pytest.mark.parametrize("share", [0.05, 0.5, 1.0])
@pytest.mark.parametrize("seed", range(3))
def test_a_dive_ends_in_a_choice_that_fits(seed: int, share: float) -> None:
    network = Network.from_tables(*skip_layer_network(seed, stages=40, arcs=80, layers=5))
    core, outside = core_of(network)
    passing = MessagePassing(core)
    for _ in range(20):
        passing.sweep()
    messages = passing.backward.copy()
    dive = Dive(passing, share, seed)
    while dive.step():
        pass
    assert dive.cost == pytest.approx(cost_of(core, dive.values), rel=1e-12)
    assert dive.cost + outside >= optimise(network).lower_bound * (1 - 1e-9)
    assert np.array_equal(passing.backward, messages)


def test_the_search_finds_the_optimum_of_a_network_full_of_loops_and_finds_it_again() -> None:
    network = Network.from_tables(*skip_layer_network(3, stages=40, arcs=80, layers=5))
    core, outside = core_of(network)
    found = []
    for _ in range(2):
        passing = MessagePassing(core)
        for _ in range(20):
            passing.sweep()
        search = PlanSearch(passing)
        begun = search.cost
        search.go_on(1000, lambda: False)
        assert search.cost <= begun
        assert search.cost == pytest.approx(
            cost_of(core, core.value[core.start[:-1] + search.choice]), rel=1e-12
        )
        found.append((search.cost, search.choice.tobytes()))
    assert found[0] == found[1]
    plan = optimise(network)
    assert plan.optimal
    assert found[0][0] + outside == pytest.approx(plan.cost, rel=1e-9)


def test_a_cheaper_choice_from_elsewhere_is_followed_and_a_dearer_one_is_not() -> None:
    core, _ = core_of(Network.from_tables(*skip_layer_network(2, stages=30, arcs=60, layers=4)))
    passing = MessagePassing(core)
    passing.sweep()
    search, other = PlanSearch(passing), PlanSearch(passing)
    other.go_on(800, lambda: False)
    values = core.value[core.start[:-1] + other.choice]
    assert other.cost < search.cost
    before = search.cost
    search.adopt(values, before)
    assert search.cost == before
    search.adopt(values, other.cost)
    assert search.cost <= other.cost
