"""Whether a plan keeps what it promises, found out by simulation."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from xlinv.cells import Floats, InputError
from xlinv.kernels.bounded_demand import Windows, within_bounds
from xlinv.kernels.network_flow import Integers
from xlinv.network.demand import Family
from xlinv.network.flow_model import FlowModel, flow_model, grid_of
from xlinv.network.model import Stage, filled
from xlinv.network.plan import Plan
from xlinv.network.requirements import passed_upstream, requirements
from xlinv.network.simulation import (
    DemandFilter,
    Simulation,
    checked,
    levels_and_times,
    run,
    simulation_of,
    warm_up_of,
)
from xlinv.network.ticks import NEGLIGIBLE

if TYPE_CHECKING:
    import pandas as pd


_LONGEST_WINDOW: Final = 400


@dataclass(frozen=True, slots=True)
class Verification:
    """What a plan achieves under bounded demand, where it promises one, and under demand as it comes.

    `bounded` is None where the method of the plan knows no bound. `steps` is into how many steps a period was
    divided, and `rounding` the most by which a time of the plan was moved to lie on one, in periods.
    """

    plan: Plan
    bounded: Simulation | None
    unbounded: Simulation
    steps: int = 1
    rounding: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether the promise holds: nothing ever late while demand keeps its bounds, or, without bounds,
        the service of every demand stage not below its target by more than the confidence interval."""
        if self.bounded is not None:
            return bool((self.bounded.measures["fill_rate"] == 1.0).all())
        return bool(self.stages["meets_target"].dropna().all())

    @property
    def stages(self) -> "pd.DataFrame":
        """One row per stage: on time under bounded demand, target and achieved service, whether it is met."""
        import pandas as pd

        stages = self.plan.network.stages
        by_fill = np.array([stage.service_level and stage.service_type == "fill" for stage in stages], bool)
        achieved, margin = (
            np.where(by_fill, of("fill_rate"), of("cycle_service"))
            for of in (self.unbounded.mean, self.unbounded.half_width)
        )
        target = np.array([_target(stage) for stage in stages])
        columns: dict[str, object] = {"stage": self.unbounded.names}
        if self.bounded is not None:
            columns["bounded_fill_rate"] = self.bounded.mean("fill_rate")
        columns |= {
            "target": target,
            "achieved": achieved,
            "achieved ±": margin,
            "meets_target": [
                None if np.isnan(level) else bool(value >= level)
                for level, value in zip(target, achieved + margin, strict=True)
            ],
        }
        return pd.DataFrame(columns)

    def sentences(self) -> list[str]:
        """What was found, for people."""
        found = []
        if self.bounded is not None:
            late = np.flatnonzero(self.bounded.mean("fill_rate") < 1.0)
            if len(late):
                names = ", ".join(self.bounded.names[i] for i in late[:3].tolist())
                more = f" and {len(late) - 3} more" if len(late) > 3 else ""
                found.append(f"Demand kept its bounds, and yet {names}{more} delivered late.")
            else:
                found.append("While demand keeps its bounds, every stage delivers within its service time.")
        table = self.stages.dropna(subset=["target"])
        missed = table[~table["meets_target"].astype(bool)]
        if len(missed):
            worst = missed.sort_values("achieved").iloc[0]
            found.append(
                f"Under demand as it comes, {len(missed)} of {len(table)} demand stages stay below their "
                f"target; {worst['stage']} reaches {worst['achieved']:.1%} of {worst['target']:.1%}."
            )
        else:
            reach = (
                "the 1 demand stage reaches its"
                if len(table) == 1
                else f"all {len(table)} demand stages reach their"
            )
            found.append(f"Under demand as it comes, {reach} target.")
        if self.rounding > 0.0:
            found.append(
                f"The times of the plan have no common step: they were rounded to 1/{self.steps} of a "
                f"period, by up to {self.rounding:.2g}."
            )
        return found


def _target(stage: Stage) -> float:
    """The service that a demand stage promises, of a safety factor its cycle service; NaN elsewhere."""
    if not stage.has_demand:
        return math.nan
    from scipy.special import ndtr

    return float(ndtr(stage.safety_factor or 0.0)) if stage.service_level is None else stage.service_level


def verify(
    plan: Plan,
    *,
    periods: int = 1000,
    replications: int = 20,
    seed: int = 1,
    demand_family: Family | None = None,
    confidence: float = 0.95,
) -> Verification:
    """Simulate a plan: does every stage deliver within its service time, and do customers get their service?

    Under bounded demand the demand of a period is cut wherever a stage's last net replenishment time would
    see more than the plan covers, and lead times are those planned with. Under demand as it comes nothing is
    cut and lead times vary as the network says. Times that have no common step are rounded, and it is said.
    """

    def simulated(model: FlowModel, bounded: bool) -> Simulation:
        measures = run(
            model,
            periods,
            replications,
            seed,
            warm_up_of(model),
            True,
            demand_filter=(lambda: bound_of(plan, model)) if bounded else None,
        )
        return simulation_of(plan.network, model, periods, seed, confidence, measures)

    if not isinstance(plan, Plan):
        raise InputError("plan", "must be a Plan, such as optimise gives", plan)
    checked(periods, replications, seed, confidence)
    certain, varying = (planned_model(plan, demand_family, certain) for certain in (True, False))
    bounded = simulated(certain, True) if plan.method == "guaranteed" else None
    steps = certain.steps_per_period
    return Verification(plan, bounded, simulated(varying, False), steps, rounding_of(plan, steps))


def planned_model(plan: Plan, family: Family | None, certain: bool) -> FlowModel:
    """The network with the plan's levels and times; a plan counts the review of a stage as lead time.

    Times without a common step are rounded, so that what is due at the same time stays so.
    """
    levels, service_time = levels_and_times(plan.network, plan, None)
    review = plan.network.arrays.review_period
    lead_time = np.maximum(plan.columns["lead_time"] - review, 0.0)
    steps = grid_of(plan.network, lead_time, service_time, certain, may_round=True)
    if plan.method == "guaranteed":
        waits = np.rint(plan.columns["inbound_service_time"] * steps)
        lead_time = np.maximum(_ready(plan, steps) - waits - np.rint(review * steps), 0.0) / steps
    return flow_model(plan.network, levels, service_time, family, lead_time, certain, steps)


def _ready(plan: Plan, steps: int) -> Floats:
    """How many steps after a customer's order a stage without stock could deliver, by the plan."""
    return np.rint((plan.columns["inbound_service_time"] + plan.columns["lead_time"]) * steps)


def rounding_of(plan: Plan, steps: int) -> float:
    """The most by which a service time or lead time of the plan is moved to lie on the grid, in periods."""
    lead_time = plan.columns["lead_time"][~(plan.network.arrays.lead_time_sd > 0)]
    times = np.concatenate([lead_time, plan.columns.get("outbound_service_time", lead_time[:0])])
    moved = float(np.abs(np.rint(times * steps) / steps - times).max(initial=0.0))
    return moved if moved * steps > NEGLIGIBLE else 0.0


def bound_of(plan: Plan, model: FlowModel) -> DemandFilter:
    """A filter that keeps one replication's demand within what the plan says each stage covers.

    That is its demand over the net replenishment time; where capacities let backlogs outlast that time, mean
    plus k sigma root t over all times t in which a backlog may still grow, of a stage's own demand too.
    """
    network, steps = model.network, model.steps_per_period
    if not (plan.network.arrays.capacity > 0).any():
        bounds = [(network, _windows(model, *_over_net_times(plan, steps)))]
    else:
        alone = np.zeros_like(network.customer_start)
        by_itself = network._replace(customer_start=alone, supplier_start=alone)
        length, own, pooled = _over_all_times(plan, steps)
        lengths = [length] * len(plan.network)
        bounds = [(by_itself, _windows(model, lengths, own)), (network, _windows(model, lengths, pooled))]
    period = 0

    def kept(demand: Floats) -> Floats:
        nonlocal period
        for reached, windows in bounds:
            demand = within_bounds(demand, reached, windows, period)
        period += len(demand)
        return demand

    return kept


def _windows(model: FlowModel, lengths: list[Integers], bounds: list[Floats]) -> Windows:
    """The lengths of windows per stage, in steps, and the demand that may fall into each, for the kernel."""
    stages = len(model.network.lead_time)
    counts, sizes = np.zeros(stages, np.int64), np.ones(stages, np.int64)
    counts[model.position] = [len(each) for each in lengths]
    sizes[model.position] = [int(each.max(initial=0)) + 1 for each in lengths]
    in_order = np.argsort(model.position)
    start, ring_start = (np.concatenate([[0], np.cumsum(column)]) for column in (counts, sizes))
    return Windows(
        start.astype(np.int64),
        np.concatenate([lengths[i] for i in in_order]).astype(np.int64),
        np.concatenate([bounds[i] for i in in_order]).astype(np.float64),
        ring_start.astype(np.int64),
        np.zeros(int(ring_start[-1])),
        np.zeros(stages),
    )


def _over_net_times(plan: Plan, steps: int) -> tuple[list[Integers], list[Floats]]:
    """For each stage its net replenishment time, in steps, and the demand that it covers, if there is any."""
    leaves = np.rint(plan.columns["outbound_service_time"] * steps)
    net = np.maximum(_ready(plan, steps) - leaves, 0.0).astype(np.int64)
    covered = plan.columns["safety_stock"] + (
        plan.columns["demand_mean"] * plan.columns["net_replenishment_time"]
    )
    return (
        [net[i : i + 1][net[i : i + 1] > 0] for i in range(len(net))],
        [covered[i : i + 1][net[i : i + 1] > 0] for i in range(len(net))],
    )


def _over_all_times(plan: Plan, steps: int) -> tuple[Integers, list[Floats], list[Floats]]:
    """The lengths of windows that matter, in steps, and per stage the demand in them: its own, and all."""
    data, need = plan.network.arrays, requirements(plan.network)
    slack = data.capacity - need.mean
    unpooled = passed_upstream(data, need.own_safety, 1.0)
    growing = float(np.nanmax((unpooled / slack) ** 2))
    net = plan.columns["net_replenishment_time"].max()
    length = np.arange(1, int(min(np.ceil((growing + net) * steps), _LONGEST_WINDOW)) + 1)
    time = length / steps
    own_mean = filled(data.demand_mean, 0.0)
    pairs = ((need.own_safety, own_mean), (need.safety, need.mean))
    own, pooled = (
        [k_sigma * np.sqrt(time) + mean * time for k_sigma, mean in zip(*pair, strict=True)] for pair in pairs
    )
    return length, own, pooled
