"""Guaranteed service: the service times between stages that make safety stock cheapest.

Every stage delivers whatever is ordered within its service time, as long as demand stays within its bound
(Graves & Willems, 2000). A tree is solved by dynamic programming, any other acyclic network by message
passing and what follows it, until bound and plan meet or time is up.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from xlinv.cells import Floats, InputError
from xlinv.network.general import SolverLimits, solve_general
from xlinv.network.model import Network, NetworkArrays, NetworkError
from xlinv.network.plan import InfeasibleError, Plan
from xlinv.network.requirements import Requirements, requirements
from xlinv.network.service_times import (
    UNBOUNDED,
    ServiceTimes,
    StageCosts,
    Times,
    bounds_of,
    chosen_times,
    pairwise,
    total_cost,
)
from xlinv.network.single_stage import single_stage_times
from xlinv.network.stock import StockCurves, stock_curves
from xlinv.network.ticks import rounded_up, tick_of
from xlinv.network.topology import is_forest
from xlinv.network.tree import best_choice_of_tree

Progress = Callable[[float, float, float], bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteedOptions:
    """How to optimise; see `xlinv.network.optimise` for what each option means."""

    round_up: bool = False
    time_limit: float = 60.0
    progress: Progress | None = None
    holding_rate: float = 1.0
    pooling_exponent: float = 2.0
    correlation: float = 0.0


@dataclass(frozen=True, slots=True)
class Case:
    """A network made ready for the solvers: times in ticks, stock and cost per net replenishment time."""

    times: Times
    tick: float
    need: Requirements
    stock: StockCurves
    costs: StageCosts


def optimise_guaranteed(network: Network, options: GuaranteedOptions) -> Plan:
    """The plan of least holding cost for safety stock under guaranteed service."""
    started = time.perf_counter()
    case = prepared(network, options)
    limits = SolverLimits(started + options.time_limit, options.progress)
    chosen, lower_bound = solved(network, case, limits)
    return _plan(network, case, chosen, lower_bound, time.perf_counter() - started)


def prepared(network: Network, options: GuaranteedOptions) -> Case:
    """The network as the solvers want it; raises NetworkError where a bound lies below the mean."""
    need = requirements(network, options.holding_rate, options.pooling_exponent, options.correlation)
    problems = [
        InputError(
            "service_level",
            "must be >= 0.5 for guaranteed service",
            stage.service_level,
            f"stage {stage.name}",
        )
        for stage, safety in zip(network.stages, need.own_safety.tolist(), strict=True)
        if safety < 0.0
    ]
    if problems:
        raise NetworkError(problems)
    times, tick = times_in_ticks(network.arrays, options.round_up)
    stock = stock_curves(need, times, tick)
    return Case(times, tick, need, stock, stock.costs(need.holding_cost))


def times_in_ticks(data: NetworkArrays, round_up: bool) -> tuple[Times, float]:
    """All times as whole ticks, and the length of a tick in periods; a review counts as lead time."""
    lead_time = data.lead_time + data.review_period
    if round_up:
        lead_time = rounded_up(lead_time, 1.0)
    given = [data.supplier_service_time, data.service_time, data.frozen_service_time]
    tick = tick_of(np.concatenate([lead_time, *(column[~np.isnan(column)] for column in given)]), False)

    def in_ticks(column: Floats, blank: int) -> np.ndarray:
        known = ~np.isnan(column)
        ticks = np.full(len(column), blank, np.int64)
        ticks[known] = np.rint(column[known] / tick)
        return ticks

    return Times(
        order=data.order,
        source=data.arc_source,
        destination=data.arc_destination,
        upstream=data.upstream,
        downstream=data.downstream,
        lead_time=in_ticks(lead_time, 0),
        supplier=in_ticks(data.supplier_service_time, 0),
        promised=in_ticks(data.service_time, UNBOUNDED // 4),
        frozen=in_ticks(data.frozen_service_time, -1),
    ), tick


def solved(network: Network, case: Case, limits: SolverLimits) -> tuple[ServiceTimes, float]:
    """Service times and a lower bound on what any service times cost."""
    bounds, empty = bounds_of(case.times, case.costs.longest)
    if empty >= 0:
        raise InfeasibleError(f"no service time is left for stage {network.stages[empty].name}", ())
    problem, layout = pairwise(case.times, case.costs, bounds, None)
    if is_forest(len(network), case.times.source, case.times.destination):
        chosen = chosen_times(case.times, problem, layout, best_choice_of_tree(problem))
        return chosen, total_cost(case.times, case.costs, chosen)
    return solve_general(case.times, case.costs, problem, layout, limits)


def _plan(network: Network, case: Case, chosen: ServiceTimes, lower_bound: float, seconds: float) -> Plan:
    data, need, tick = network.arrays, case.need, case.tick
    everyone = np.arange(len(network))
    net = np.maximum(chosen.inbound + case.times.lead_time - chosen.outbound, 0)
    safety_stock = case.stock.at(everyone, net)
    alone = single_stage_times(case.times)
    alone_stock = case.stock.at(everyone, alone.inbound + case.times.lead_time - alone.outbound)
    columns = {
        "inbound_service_time": chosen.inbound * tick,
        "outbound_service_time": chosen.outbound * tick,
        "lead_time": case.times.lead_time * tick,
        "net_replenishment_time": net * tick,
        "safety_stock": safety_stock,
        "base_stock": safety_stock + need.mean * (net * tick),
        "cycle_stock": np.nan_to_num(data.batch_size) / 2.0,
        "pipeline_stock": need.mean * data.lead_time,
        "demand_mean": need.mean,
        "demand_sd": need.deviation,
        "unit_value": need.unit_value,
        "value": need.unit_value * safety_stock,
        "cost": need.holding_cost * safety_stock,
        "single_stage_stock": alone_stock,
        "single_stage_cost": need.holding_cost * alone_stock,
    }
    return Plan(
        network=network,
        method="guaranteed",
        cost=total_cost(case.times, case.costs, chosen),
        lower_bound=lower_bound,
        baseline_cost=float((need.holding_cost * alone_stock).sum()),
        columns=columns,
        seconds=seconds,
    )
