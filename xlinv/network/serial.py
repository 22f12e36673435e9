"""Serial systems under stochastic service: optimal echelon stock, its cost, and newsvendor bounds.

Stage 1, the first of every array, faces the customers; the last is supplied without limit. Holding costs are
echelon costs, what a stage adds to the cost of holding a unit for a period.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from xlinv.cells import Floats, InputError
from xlinv.kernels.echelon import EchelonCosts, echelon_costs
from xlinv.network.demand import Demand

# Errs by less than 1e-5 of the cost: the error falls with the square of the number of steps.
_STEPS_PER_DEVIATION: Final = 128
_MOST_STEPS: Final = 400_000


@dataclass(frozen=True, slots=True)
class SerialSystem:
    """A line of stages: echelon holding cost (money per unit and period, > 0 at the last stage, else >= 0),
    lead time (periods, >= 0), stockout cost (money per unit and period, > 0), the customers' demand, and the
    standard deviation of each lead time (unsaid, 0), counted by the variance that it adds.

    Where orders are placed before the demand of a period is known, add that period to the first lead time.
    """

    echelon_holding_cost: tuple[float, ...]
    lead_time: tuple[float, ...]
    stockout_cost: float
    demand: Demand
    lead_time_sd: tuple[float, ...]

    def __init__(
        self,
        echelon_holding_cost: Sequence[float],
        lead_time: Sequence[float],
        stockout_cost: float,
        demand: Demand,
        lead_time_sd: Sequence[float] | None = None,
    ) -> None:
        object.__setattr__(self, "echelon_holding_cost", tuple(map(float, echelon_holding_cost)))
        object.__setattr__(self, "lead_time", tuple(map(float, lead_time)))
        object.__setattr__(self, "stockout_cost", float(stockout_cost))
        object.__setattr__(self, "demand", demand)
        deviations = [0.0] * len(self.lead_time) if lead_time_sd is None else lead_time_sd
        object.__setattr__(self, "lead_time_sd", tuple(map(float, deviations)))
        _check(self)

    def __len__(self) -> int:
        return len(self.lead_time)

    @property
    def lead_time_demand(self) -> list[Demand]:
        """For each stage the demand per period to reckon with over its lead time."""
        return [
            self.demand.over_varying(span, sd)
            for span, sd in zip(self.lead_time, self.lead_time_sd, strict=True)
        ]

    @property
    def certain(self) -> bool:
        """Whether the demand over every lead time is known."""
        return all(demand.variance == 0 for demand in self.lead_time_demand)

    @property
    def step(self) -> float:
        """The grid on which cost is computed: whole units, or a fraction of the least deviation."""
        if self.demand.discrete:
            return 1.0
        deviations = [
            math.sqrt(demand.variance * span)
            for demand, span in zip(self.lead_time_demand, self.lead_time, strict=True)
            if demand.variance * span > 0
        ]
        if not deviations:
            return 1.0
        return max(min(deviations) / _STEPS_PER_DEVIATION, 20 * sum(deviations) / _MOST_STEPS)


@dataclass(frozen=True, slots=True)
class SerialStock:
    """Base stock levels of a serial system, stage 1 first, in units, and the expected cost per period.

    `local` is what each stage keeps its own inventory position at; following it gives the same system.
    """

    echelon: Floats
    local: Floats
    cost: float


def optimal_stock(system: SerialSystem) -> SerialStock:
    """The base stock levels of least expected cost per period, exact but for the grid.

    The cost counts units under way to a stage at the holding cost of the stage that sent them. A stage that
    adds no holding cost keeps no stock back: its level is that of its supplier. Clark & Scarf (1960),
    computed as in Snyder & Shen (2019), Theorem 6.1, by convolution of cost with lead-time demand.
    """
    if system.certain:
        echelon = system.demand.mean * np.cumsum(system.lead_time)
        return SerialStock(echelon, local_levels(echelon), _certain_cost(system, echelon))
    found = _costs(system, np.full(len(system), np.nan))
    echelon = found.level * system.step
    for j in range(len(system) - 2, -1, -1):
        if system.echelon_holding_cost[j] == 0:
            echelon[j] = echelon[j + 1]
    return SerialStock(echelon, local_levels(echelon), found.cost)


def cost_of_stock(system: SerialSystem, echelon: Sequence[float] | Floats) -> float:
    """Expected cost per period of echelon base stock levels (units, stage 1 first)."""
    levels = np.asarray(echelon, np.float64)
    if levels.shape != (len(system),) or not np.isfinite(levels).all():
        raise InputError("echelon", f"must be {len(system)} finite numbers", levels.tolist())
    if system.demand.discrete and (levels != np.round(levels)).any():
        raise InputError("echelon", "must be whole units where demand is", levels.tolist())
    if system.certain:
        return _certain_cost(system, levels)
    return _costs(system, levels / system.step).cost


def local_levels(echelon: Floats) -> Floats:
    """Local base stock levels from echelon ones: no stage waits for more than those above it can hold."""
    effective = np.minimum.accumulate(echelon[::-1])[::-1]
    return np.diff(effective, prepend=0.0)


@dataclass(frozen=True, slots=True)
class NewsvendorBounds:
    """Echelon base stock levels, stage 1 first, in units: bounds of the optimum and the heuristic between."""

    lower: Floats
    upper: Floats
    heuristic: Floats


def newsvendor_bounds(system: SerialSystem, weight: float = 0.5) -> NewsvendorBounds:
    """Bounds of the optimal echelon levels by one newsvendor problem each, and the level between them.

    With D over the lead times of stages 1 to j: F(lower) = (p + sum_{i>j} h_i) / (p + sum_i h_i) and
    F(upper) = (p + sum_{i>j} h_i) / (p + sum_{i>=j} h_i). The heuristic is `weight` (in [0, 1]) of the
    lower bound and the rest of the upper one, unrounded. Shang & Song (2003), Theorems 1 and 2.
    """
    if not 0 <= weight <= 1:
        raise InputError("weight", "must be in [0, 1]", weight)
    h = np.array(system.echelon_holding_cost)
    if (h == 0).any():
        raise InputError("echelon_holding_cost", "must be > 0 at every stage for these bounds", h.tolist())
    span = np.cumsum(system.lead_time).tolist()
    above = system.stockout_cost + h.sum() - np.cumsum(h)
    lower_ratio, upper_ratio = above / (system.stockout_cost + h.sum()), above / (above + h)
    varying = np.sqrt(np.cumsum(np.square(system.lead_time_sd))).tolist()
    demands = [system.demand.over_varying(time, sd) for time, sd in zip(span, varying, strict=True)]

    def levels(ratio: Floats) -> Floats:
        return np.array([d.quantile(r, s) for d, r, s in zip(demands, ratio.tolist(), span, strict=True)])

    lower, upper = levels(lower_ratio), levels(upper_ratio)
    return NewsvendorBounds(lower, upper, weight * lower + (1 - weight) * upper)


def _costs(system: SerialSystem, level: Floats) -> EchelonCosts:
    """Costs of levels given in grid steps, NaN where the best is wanted."""
    step = system.step
    masses = [
        demand.masses(span, step)
        for demand, span in zip(system.lead_time_demand, system.lead_time, strict=True)
    ]
    return echelon_costs(
        np.array(system.echelon_holding_cost) * step,
        system.stockout_cost * step,
        [mass.first for mass in masses],
        [mass.probability for mass in masses],
        level,
        not system.demand.discrete,
    )


def _certain_cost(system: SerialSystem, echelon: Floats) -> float:
    """Cost per period where demand is the same in every period."""
    position, cost = np.inf, 0.0
    for j in range(len(system) - 1, -1, -1):
        position = min(float(echelon[j]), position) - system.demand.mean * system.lead_time[j]
        cost += system.echelon_holding_cost[j] * position
    return cost + (system.stockout_cost + sum(system.echelon_holding_cost)) * max(-position, 0.0)


def _check(system: SerialSystem) -> None:
    costs, times = system.echelon_holding_cost, system.lead_time
    if not costs or len(costs) != len(times):
        raise InputError("lead_time", f"must have one value for each of {len(costs)} stages", times)
    for stage, (cost, time) in enumerate(zip(costs, times, strict=True), start=1):
        if not 0 <= cost < np.inf:
            raise InputError("echelon_holding_cost", "must be >= 0 and finite", cost, f"stage {stage}")
        if not 0 <= time < np.inf:
            raise InputError("lead_time", "must be >= 0 and finite", time, f"stage {stage}")
    if len(system.lead_time_sd) != len(times):
        raise InputError(
            "lead_time_sd", f"must have one value for each of {len(costs)} stages", system.lead_time_sd
        )
    for stage, (time, sd) in enumerate(zip(times, system.lead_time_sd, strict=True), start=1):
        if not 0 <= sd < np.inf:
            raise InputError("lead_time_sd", "must be >= 0 and finite", sd, f"stage {stage}")
        if sd > 0 and time == 0:
            raise InputError("lead_time", "must be > 0 where lead_time_sd is", time, f"stage {stage}")
    if costs[-1] == 0:
        raise InputError("echelon_holding_cost", "must be > 0", costs[-1], f"stage {len(costs)}")
    if not 0 < system.stockout_cost < np.inf:
        raise InputError("stockout_cost", "must be > 0 and finite", system.stockout_cost)
