"""Guaranteed service: the service times between stages that make safety stock cheapest.

Every stage delivers whatever is ordered within its service time, as long as demand stays within its bound
(Graves & Willems, 2000). A tree is solved by dynamic programming, any other acyclic network by message
passing and what follows it, until bound and plan meet or time is up.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xlinv.cells import Floats, InputError
from xlinv.kernels.compilation import expect_more
from xlinv.network.candidates import candidate_times
from xlinv.network.cash import within_cash
from xlinv.network.coarse import solved_coarsely
from xlinv.network.general import solve_general
from xlinv.network.lead_times import longest_lead_time
from xlinv.network.limits import SolverLimits
from xlinv.network.model import Network, NetworkArrays, NetworkError, Stage, filled
from xlinv.network.notes import notes_on
from xlinv.network.plan import InfeasibleError, Plan
from xlinv.network.repair import kept, repaired
from xlinv.network.requirements import Requirements, requirements
from xlinv.network.service_times import (
    UNBOUNDED,
    Bounds,
    ServiceTimes,
    StageCosts,
    Times,
    bounds_of,
    pairwise,
    total_cost,
)
from xlinv.network.single_stage import single_stage_times
from xlinv.network.stock import StockCurves, StockRules, stock_curves, stock_rules
from xlinv.network.ticks import rounded_up, tick_of, whole_ticks
from xlinv.network.topology import indices

Progress = Callable[[float, float, float], bool | None]


# Up to here every whole tick is looked at; beyond, candidate times alone, or a coarser grid.
_MOST_VALUES: Final = 40_000_000
# With this many ticks per stage candidate times are worth a look, where stages are few or ticks parts of a
# period: they take about as long to find as this many times as many ticks take to look at.
_FINE_VALUES_PER_STAGE: Final = 400
_FEWER: Final = 24
_MOST_CANDIDATES: Final = 500_000
_FEW_STAGES: Final = 50
_MOST_OF_FEW_STAGES: Final = 20_000
_MOST_BENT_TIMES: Final = 1_000
_COARSE_TICKS: Final = tuple(digit * 10.0**power for power in range(-6, 10) for digit in (1, 2, 5))


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteedOptions:
    """How to optimise; times in periods.

    `round_up` rounds lead times up to whole periods. `time_limit` is in seconds; `progress` is called with
    seconds, cost and lower bound and stops the search by returning False. `holding_rate` turns unit value
    into holding cost per period where a stage has none of its own. `pooling_exponent` and `correlation` say
    how demands pool, see `requirements`. `variable_lead_times` counts the deviation of lead times, see
    `stock.stock_curves`. `cash_cap` limits the value of safety, early-arrival and cycle stock together.
    """

    round_up: bool = False
    time_limit: float = 60.0
    progress: Progress | None = None
    holding_rate: float = 1.0
    pooling_exponent: float = 2.0
    correlation: float = 0.0
    variable_lead_times: bool = False
    cash_cap: float | None = None

    def __post_init__(self) -> None:
        for name in ("time_limit", "holding_rate", "pooling_exponent", "correlation", "cash_cap"):
            value = getattr(self, name)
            if value is not None and not (isinstance(value, Real) and value == value):
                raise InputError(name, "must be a number", value)
        for name in ("round_up", "variable_lead_times"):
            if not isinstance(getattr(self, name), bool):
                raise InputError(name, "must be True or False", getattr(self, name))
        if self.progress is not None and not callable(self.progress):
            raise InputError("progress", "must be a function of seconds, cost and lower bound", self.progress)


@dataclass(frozen=True, slots=True)
class Case:
    """A network made ready for the solvers: times in ticks, stock and cost per net replenishment time."""

    network: Network
    lead_time: Floats
    times: Times
    tick: float
    need: Requirements
    stock: StockCurves
    costs: StageCosts
    bounds: Bounds
    notes: tuple[str, ...] = ()


def optimise_guaranteed(
    network: Network, options: GuaranteedOptions, need: Requirements | None = None
) -> Plan:
    """The plan of least holding cost for safety stock under guaranteed service.

    `need` replaces what the demand of the network asks of each stage.
    """
    expect_more()
    started = time.perf_counter()
    limits = SolverLimits(started + options.time_limit, options.progress)
    case = prepared(network, options, need)
    if options.cash_cap is None:
        chosen, lower_bound = solved(case, case.costs, limits)
    else:
        chosen, lower_bound = within_cash(case, options.cash_cap, limits, solved)
    return plan_of(case, chosen, lower_bound, options.cash_cap, time.perf_counter() - started)


def requirements_under(network: Network, options: GuaranteedOptions) -> Requirements:
    """What each stage covers, under the options for cost and pooling."""
    return requirements(network, options.holding_rate, options.pooling_exponent, options.correlation)


def prepared(network: Network, options: GuaranteedOptions, need: Requirements | None = None) -> Case:
    """The network as the solvers want it; raises NetworkError where a bound lies below the mean."""
    data = network.arrays
    need = need or requirements_under(network, options)
    if need.own_safety.min(initial=0.0) < 0.0:
        below = np.flatnonzero(need.own_safety < 0.0).tolist()
        factor = need.own_safety / data.demand_sd
        raise NetworkError([_below_the_mean(network.stages[i], float(factor[i])) for i in below])
    lead_time = data.lead_time + data.review_period
    if options.round_up:
        lead_time = rounded_up(lead_time, 1.0)
    rules = stock_rules(network, need, options.variable_lead_times)
    reach = lead_time.copy()
    for i in indices(rules.variable > 0).tolist():
        reach[i] += longest_lead_time(network.stages[i]) - network.stages[i].lead_time
    tick, bent = _grid(network, lead_time, rules)
    any_bent = bool(bent.any())
    times = times_in_ticks(data, reach, tick, bent if any_bent else None)
    bounds, empty = bounds_of(times, np.full(len(network), UNBOUNDED // 4))
    on_grid = any_bent or options.cash_cap is not None
    notes = notes_on(network, rules, options.variable_lead_times, tick, on_grid)
    greatest = np.maximum(bounds.inbound_high + times.lead_time, 0)
    stock = stock_curves(network, need, rules, bent, lead_time, times.lead_time, greatest, tick)
    if any_bent:
        bounds, empty = bounds_of(times, stock.longest)
    if empty >= 0:
        name = network.stages[empty].name
        raise InfeasibleError(
            f"no service time is left for stage {name}: its greatest stock does not cover what it must",
            (f"max_stock at or near {name}",),
        )
    costs = stock.costs(need.holding_cost)
    return Case(network, lead_time, times, tick, need, stock, costs, bounds, notes)


def _below_the_mean(stage: Stage, factor: float) -> InputError:
    """What to say of a service that less than the mean demand would give: its bound is none."""
    if stage.safety_factor is not None:
        rule = "must be >= 0 for guaranteed service"
        return InputError("safety_factor", rule, stage.safety_factor, stage.name)
    rule = "must be >= 0.5 for guaranteed service"
    if stage.service_type == "fill":
        rule = "must ask for a safety factor >= 0 for guaranteed service; of this fill rate it is "
        rule += f"{factor:.3g}"
    return InputError("service_level", rule, stage.service_level, stage.name)


def _grid(network: Network, lead_time: Floats, rules: StockRules) -> tuple[float, NDArray[np.bool_]]:
    """The length of a tick in periods, and which stages are tabulated.

    All times are multiples of a tick, but for lead times known by mean and deviation alone, where no time
    stands out. Where tables would be too long on that grid, all stages are tabulated on a coarser one, which
    lead times need not meet.
    """
    data, bent = network.arrays, rules.bent
    any_bent = bool(bent.any())
    times = [data.supplier_service_time, data.service_time, data.frozen_service_time]
    times.append(lead_time[rules.variable == 0] if any_bent else lead_time)
    for i in indices(rules.variable > 0).tolist():
        stage = network.stages[i]
        added = lead_time[i] - stage.lead_time
        times.append(np.array([time + added for time, _ in stage.lead_time_distribution], np.float64))
    tick = tick_of(np.concatenate(times), any_bent)
    if not any_bent:
        return tick, bent
    depth = np.zeros(len(lead_time))
    for k in data.order.tolist():
        waiting = depth[data.upstream.neighbours(k)].max(initial=data.supplier_service_time[k])
        depth[k] = waiting + lead_time[k]
    if depth.max() / tick <= _MOST_BENT_TIMES:
        return tick, bent
    coarse = next(step for step in _COARSE_TICKS if depth.max() / step <= _MOST_BENT_TIMES or step > 1e8)
    return coarse, np.ones(len(bent), bool)


def times_in_ticks(data: NetworkArrays, reach: Floats, tick: float, bent: NDArray[np.bool_] | None) -> Times:
    """All times as whole ticks, rounded to the safe side where they are none.

    Promises are rounded down; what a stage waits for and takes is rounded up, see `stock_curves` for why that
    costs a tabulated stage nothing.
    """
    if bent is not None:
        reach = np.where(bent, rounded_up(reach, tick), reach)
    return Times(
        order=data.order,
        source=data.arc_source,
        destination=data.arc_destination,
        upstream=data.upstream,
        downstream=data.downstream,
        has_suppliers=data.has_suppliers,
        has_customers=data.has_customers,
        lead_time=np.rint(reach / tick).astype(np.int64),
        supplier=whole_ticks(data.supplier_service_time, tick, 0, True),
        promised=whole_ticks(data.service_time, tick, UNBOUNDED // 4, False),
        frozen=whole_ticks(data.frozen_service_time, tick, -1, True),
    )


def solved(case: Case, costs: StageCosts, limits: SolverLimits) -> tuple[ServiceTimes, float]:
    """Service times and a lower bound on what any service times cost."""
    bounds = case.bounds
    spans = bounds.inbound_high - bounds.inbound_low + bounds.outbound_high - bounds.outbound_low
    values = int(spans.sum())
    worth_finding = _worth_finding(case, costs, values)
    candidates = candidate_times(case.times, bounds, worth_finding) if worth_finding else None
    if values > _MOST_VALUES and candidates is None:
        return solved_coarsely(case, costs, limits, solved)
    problem, layout = pairwise(case.times, costs, bounds, candidates)
    chosen, lower_bound = solve_general(case.times, costs, problem, layout, limits)
    if total_cost(case.times, costs, chosen) > lower_bound:
        chosen = _no_dearer_than_alone(case.times, costs, chosen)
    return chosen, lower_bound


def _no_dearer_than_alone(times: Times, costs: StageCosts, chosen: ServiceTimes) -> ServiceTimes:
    """A search that is stopped early may not have come as far as single-stage planning, without a search."""
    alone = single_stage_times(times)
    others = [repaired(times, alone)]
    if np.all(times.frozen < 0):
        others.append(alone)
    return min(
        (chosen, *(other for other in others if kept(times, other))),
        key=lambda plan: total_cost(times, costs, plan),
    )


def _worth_finding(case: Case, costs: StageCosts, values: int) -> int:
    """Up to how many candidate times are better looked at than all ticks, of which there are `values`.

    None with tables: these may bend so that other times are best.
    """
    few = len(case.network) <= _FEW_STAGES
    fine = values > _FINE_VALUES_PER_STAGE * len(case.network) and (few or case.tick < 1.0)
    if len(costs.table) or not (fine or values > _MOST_VALUES):
        return 0
    return _MOST_OF_FEW_STAGES if few else min(values // _FEWER, _MOST_CANDIDATES)


def plan_of(
    case: Case, chosen: ServiceTimes, lower_bound: float, cash_cap: float | None, seconds: float
) -> Plan:
    """The plan that these service times make."""
    data, need, tick = case.network.arrays, case.need, case.tick
    net = np.maximum(chosen.inbound + case.times.lead_time - chosen.outbound, 0)
    safety_stock, early_stock = case.stock.at(net)
    alone = single_stage_times(case.times)
    alone_stock, _ = case.stock.at(alone.inbound + case.times.lead_time - alone.outbound)
    covered = np.maximum((chosen.inbound - chosen.outbound) * tick + case.lead_time, 0.0)
    cost = need.holding_cost * (safety_stock + early_stock)
    columns = {
        "inbound_service_time": chosen.inbound * tick,
        "outbound_service_time": chosen.outbound * tick,
        "lead_time": case.lead_time,
        "net_replenishment_time": covered,
        "safety_stock": safety_stock,
        "early_arrival_stock": early_stock,
        "base_stock": safety_stock + need.mean * covered,
        "cycle_stock": filled(data.batch_size, 0.0) / 2.0,
        "pipeline_stock": need.mean * data.lead_time,
        "demand_mean": need.mean,
        "demand_sd": need.deviation,
        "unit_value": need.unit_value,
        "value": need.unit_value * safety_stock,
        "cost": cost,
        "single_stage_stock": alone_stock,
        "single_stage_cost": need.holding_cost * alone_stock,
    }
    return Plan(
        network=case.network,
        method="guaranteed",
        cost=float(cost.sum()),
        lower_bound=float(min(lower_bound, cost.sum())),
        baseline_cost=float((need.holding_cost * alone_stock).sum()),
        columns=columns,
        notes=case.notes,
        cash_cap=cash_cap,
        seconds=seconds,
    )
