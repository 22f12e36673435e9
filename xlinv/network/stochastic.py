"""Stochastic service: stages ship what they have, and what is late costs money.

Serial and assembly networks are solved exactly (Clark & Scarf, 1960; Rosling, 1989), distribution trees by
recursive optimisation with a lower bound beside it (Rong, Atan & Snyder, 2017).
"""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from numbers import Real
from typing import Final

import numpy as np

from xlinv.cells import Floats, InputError
from xlinv.network.assembly import added_holding_cost, cost_of_levels, line_of, optimal_levels
from xlinv.network.demand import Demand, Family
from xlinv.network.distribution import Branch, distribution_stock
from xlinv.network.flow_model import families_of
from xlinv.network.model import Network
from xlinv.network.plan import Plan
from xlinv.network.requirements import Requirements, paths_to, requirements
from xlinv.network.topology import Adjacency

_LOCALLY_FOLLOWED = (
    "The cost is that of parts ordered in step. Levels followed stage by stage, without it, can cost a few "
    "per cent more."
)
_SHARED_IN_PART = (
    "How customers share what a stage owes is approximated, being exact for Poisson demand alone: the cost "
    "may differ from a simulated one by a few per cent."
)


_LIMITS: Final = (
    "service_time", "frozen_service_time", "supplier_service_time", "min_stock", "max_stock",
    "min_stock_days", "max_stock_days", "batch_size", "capacity",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class StochasticOptions:
    """How to optimise.

    `stockout_cost` is what a unit owed to customers costs per period, by stage or everywhere; unsaid, the
    cost at which the service level of the stage is optimal. `demand_family` is that of demand, `holding_rate`
    the holding cost per period of a unit of value.
    """

    stockout_cost: float | Mapping[str, float] | None = None
    demand_family: Family | Mapping[str, Family] | None = None
    holding_rate: float = 1.0


@dataclass(frozen=True, slots=True)
class Case:
    """A network made ready: its requirements, lead times with review, demands and stockout costs by stage."""

    network: Network
    need: Requirements
    lead_time: Floats
    demand: dict[int, Demand]
    stockout_cost: dict[int, float]


def optimise_stochastic(network: Network, options: StochasticOptions) -> Plan:
    """The base stock levels of least expected cost per period: holding, also under way, and stockouts.

    Lead times that vary count by the variance they add, as if orders never overtook each other. Raises
    InputError where the network is neither an assembly system nor a distribution tree, or where a lead time
    of an assembly varies, for which no exact method is known.
    """
    started = time.perf_counter()
    case = _case(network, options)
    data = network.arrays
    if (np.diff(data.downstream.start) <= 1).all() and len(case.demand) == 1:
        (end,) = case.demand
        is_line = (np.diff(data.upstream.start) <= 1).all()
        varies = np.flatnonzero(data.lead_time_sd > 0)
        if len(varies) and not is_line:
            stage = network.stages[varies[0]]
            raise InputError("lead_time_sd", "must be 0 in an assembly", stage.lead_time_sd, stage.name)
        units = paths_to(data, np.array([end]))[:, 0]
        line = line_of(
            data, case.need.holding_cost, units, case.lead_time, case.stockout_cost[end], case.demand[end]
        )
        alone = _single_stage_levels(case, units)
        levels, cost = optimal_levels(data, line)
        lower_bound, baseline = cost, cost_of_levels(data, line, alone)
        notes = () if is_line else (_LOCALLY_FOLLOWED,)
    elif (np.diff(data.upstream.start) <= 1).all():
        alone = _single_stage_levels(case, np.ones(len(network)))
        levels, cost, lower_bound, baseline = _distribution(case, alone)
        notes = (_SHARED_IN_PART,) if _shares_in_part(case) else ()
    else:
        rule = (
            "must be one in which every stage has at most one customer, or every stage at most one supplier"
        )
        raise InputError("network", f"{rule}, for method stochastic", _branching_stage(network))
    notes = (*notes, *_not_counted(network))
    return _plan(case, levels, alone, cost, lower_bound, baseline, notes, time.perf_counter() - started)


def _not_counted(network: Network) -> list[str]:
    """Which columns hold what this method leaves out of account."""
    data = network.arrays
    given = [name for name in _LIMITS if (np.nan_to_num(getattr(data, name)) > 0).any()]
    return [f"Not counted by this method: {', '.join(given)}."] if given else []


def _case(network: Network, options: StochasticOptions) -> Case:
    data = network.arrays
    need = requirements(network, options.holding_rate)
    numbers = [number for number, stage in enumerate(network.stages) if stage.has_demand]
    families = families_of(network, options.demand_family)
    for name in options.stockout_cost if isinstance(options.stockout_cost, Mapping) else ():
        if name not in network.index or not network.stages[network.index[name]].has_demand:
            raise InputError("stockout_cost", "must be of a stage with demand", name)
    demand, stockout_cost = {}, {}
    for number, family in zip(numbers, families, strict=True):
        stage = network.stages[number]
        demand[number] = Demand(stage.demand_mean or 0.0, stage.demand_sd or 0.0, family)
        stockout_cost[number] = _stockout_cost(network, number, need, options)
    return Case(network, need, data.lead_time + data.review_period, demand, stockout_cost)


def _stockout_cost(network: Network, number: int, need: Requirements, options: StochasticOptions) -> float:
    """The given cost, or that at which the newsvendor's ratio p / (p + h) is the service level."""
    stage = network.stages[number]
    given = options.stockout_cost
    if isinstance(given, Mapping):
        given = given.get(stage.name)
    if given is not None:
        if not (isinstance(given, Real) and 0 < given < math.inf):
            raise InputError("stockout_cost", "must be > 0 and finite", given, stage.name)
        return float(given)
    level = stage.service_level
    if level is None:
        from scipy.special import ndtr

        level = float(ndtr(stage.safety_factor or 0.0))
    return float(need.holding_cost[number]) * level / (1.0 - level)


def _single_stage_levels(case: Case, units: Floats) -> Floats:
    """What each stage would hold alone: demand over its lead time plus its own safety over it.

    Where whole units are sold, no part of what goes into one: `units` of each stage.
    """
    levels = case.need.mean * case.lead_time + case.need.safety * np.sqrt(case.lead_time)
    discrete = any(demand.discrete for demand in case.demand.values())
    return np.asarray(np.ceil(levels / units - 1e-9) * units if discrete else np.maximum(levels, 0.0))


def _shares_in_part(case: Case) -> bool:
    """Whether some stage has several customers, or its own beside others, with other than Poisson demand."""
    data = case.network.arrays
    takers = np.diff(data.downstream.start) + ~np.isnan(data.demand_sd)
    return bool((takers > 1).any()) and any(demand.family != "poisson" for demand in case.demand.values())


def _distribution(case: Case, alone: Floats) -> tuple[Floats, float, float, float]:
    """Levels, cost, lower bound and the baseline's cost of one or more distribution trees."""
    data = case.network.arrays
    added = added_holding_cost(data, case.need.holding_cost)
    unit = data.arc_quantity != 1.0
    if unit.any():
        arc = case.network.arcs[int(np.flatnonzero(unit)[0])]
        place = f"{arc.source} -> {arc.destination}"
        raise InputError(
            "quantity", "must be 1 in a distribution tree, for method stochastic", arc.quantity, place
        )
    free = np.flatnonzero(added <= 0)
    if len(free):
        rule = "must exceed that of its supplier in a distribution tree, for method stochastic"
        stage = case.network.stages[free[0]]
        raise InputError("holding_cost", rule, float(case.need.holding_cost[free[0]]), stage.name)
    levels = np.zeros(len(case.network))
    cost = lower_bound = baseline = 0.0
    for root in np.flatnonzero(np.diff(data.upstream.start) == 0).tolist():
        branch = _branch(case, added, data.downstream, root)
        found = distribution_stock(branch)
        levels[list(found.level)] = list(found.level.values())
        cost, lower_bound = cost + found.cost, lower_bound + found.lower_bound
        baseline += distribution_stock(branch, dict(enumerate(alone.tolist()))).cost
    return levels, cost, min(lower_bound, cost), baseline


def _branch(case: Case, added: Floats, downstream: Adjacency, i: int) -> Branch:
    """A stage with all it supplies; own customers of one that supplies others too are a branch of no time."""
    below = [_branch(case, added, downstream, j) for j in downstream.neighbours(i).tolist()]
    penalty, lead_time_sd = 0.0, float(case.network.arrays.lead_time_sd[i])
    if i in case.demand:
        penalty = case.stockout_cost[i] + float(case.need.holding_cost[i])
        own = Branch(-1, case.demand[i], 0.0, 0.0, penalty)
        if not below:
            return replace(
                own,
                stage=i,
                lead_time=float(case.lead_time[i]),
                added_cost=float(added[i]),
                lead_time_sd=lead_time_sd,
            )
        below.append(own)
    demand = pooled([part.demand for part in below])
    return Branch(i, demand, float(case.lead_time[i]), float(added[i]), penalty, tuple(below), lead_time_sd)


def pooled(demands: list[Demand]) -> Demand:
    """The sum of independent demands: of their family where they share one, else gamma."""
    families = {demand.family for demand in demands}
    mean = sum(demand.mean for demand in demands)
    deviation = math.sqrt(sum(demand.variance for demand in demands))
    return Demand(mean, deviation, families.pop() if len(families) == 1 else "gamma")


def _plan(
    case: Case,
    levels: Floats,
    alone: Floats,
    cost: float,
    lower_bound: float,
    baseline: float,
    notes: tuple[str, ...],
    seconds: float,
) -> Plan:
    """The plan that these levels make. The cost of a stage is that of holding its safety stock; those of the
    stages do not sum up to `cost`, which counts units under way and stockouts too."""
    data, need = case.network.arrays, case.need
    nothing = np.zeros(len(levels))
    covered = need.mean * case.lead_time
    columns = {
        "inbound_service_time": nothing,
        "outbound_service_time": nothing,
        "lead_time": case.lead_time,
        "net_replenishment_time": case.lead_time,
        "safety_stock": levels - covered,
        "early_arrival_stock": nothing,
        "base_stock": levels,
        "cycle_stock": np.nan_to_num(data.batch_size) / 2.0,
        "pipeline_stock": need.mean * data.lead_time,
        "demand_mean": need.mean,
        "demand_sd": need.deviation,
        "unit_value": need.unit_value,
        "value": need.unit_value * (levels - covered),
        "cost": need.holding_cost * (levels - covered),
        "single_stage_stock": alone - covered,
        "single_stage_cost": need.holding_cost * (alone - covered),
    }
    return Plan(
        network=case.network,
        method="stochastic",
        cost=cost,
        lower_bound=lower_bound,
        baseline_cost=baseline,
        columns=columns,
        notes=notes,
        seconds=seconds,
    )


def _branching_stage(network: Network) -> str:
    """A stage with several suppliers."""
    return network.stages[int(np.argmax(np.diff(network.arrays.upstream.start)))].name
