"""A plan has the same bits whether its kernels ran plain or compiled: which of them does must not show."""

from typing import Any

import pytest

from tests.network.random_networks import random_network, skip_layer_network
from xlinv.kernels.compilation import Kernel
from xlinv.network import InfeasibleError, Network, Plan, elimination, general, optimise

Rows = list[dict[str, Any]]


def bits_of(plan: Plan) -> list[bytes | float]:
    return [plan.cost, plan.lower_bound, plan.baseline_cost, *(c.tobytes() for c in plan.columns.values())]


def solved(monkeypatch: pytest.MonkeyPatch, compiled: bool, tables: tuple[Rows, Rows]) -> Any:
    """The bits of the plan with every exact kernel run one way, or what is said where there is none."""

    def run(self: Kernel[..., Any], *args: Any) -> Any:
        return (self.compiled() if compiled or not self.exact else self.plain)(*args)

    with monkeypatch.context() as patch:
        patch.setattr(Kernel, "__call__", run)
        try:
            return bits_of(optimise(Network.from_tables(*tables)))
        except InfeasibleError as error:
            return str(error)


def with_rules(tables: tuple[Rows, Rows], seed: int) -> tuple[Rows, Rows]:
    """Some stages frozen, some with a least or a greatest stock."""
    stages, arcs = tables
    for i, stage in enumerate(stages):
        kind = (seed * 7 + i * 5) % 11
        if kind == 0:
            stage["min_stock"] = 3.0
        elif kind == 1:
            stage["max_stock"] = 40.0
        elif kind == 2:
            stage["frozen_service_time"] = min(1.0, stage.get("service_time", 1.0))
    return stages, arcs


@pytest.mark.parametrize("seed", range(120))
def test_plain_and_compiled_kernels_make_the_same_plan(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    step = (1.0, 0.5, 0.3)[seed % 3]
    tables = random_network(seed, stages=3 + seed % 17, extra_arcs=(seed % 5) * (seed % 4), step=step)
    if seed % 3 == 0 and seed % 2:
        tables = with_rules(tables, seed)
    assert solved(monkeypatch, False, tables) == solved(monkeypatch, True, tables)


@pytest.mark.parametrize("seed", range(3))
def test_the_same_holds_for_local_search_and_branching(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elimination, "_MOST_ENTRIES", 0)
    monkeypatch.setattr(general, "_SEARCH_EVERY", 2)
    tables = skip_layer_network(seed, stages=14, arcs=22, layers=4)
    assert solved(monkeypatch, False, tables) == solved(monkeypatch, True, tables)
