"""Distribution trees under stochastic service, each stage following its own base stock level.

Rong, Atan & Snyder (2017), Production and Operations Management 26(7), recursive optimisation: from the
customers up, each stage's level is the best one given those below it, with what it owes to the stages it
supplies shared among them first come, first served. The cost of the levels found is exact for Poisson demand.
The lower bound lets stock move freely between stages of one supplier (Federgruen & Zipkin, 1984).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from xlinv.cells import Floats
from xlinv.kernels.distribution_costs import best_shared_cost, cost_of_shared_backorders
from xlinv.kernels.echelon import expected_over
from xlinv.network.demand import Demand, Masses

_STEPS_PER_DEVIATION: Final = 24
# Up to so many units owed their shares are taken as binomial, above as normal.
_MOST_EXACT: Final = 1000


@dataclass(frozen=True, slots=True)
class Branch:
    """A stage with all it supplies, `demand` being that of all of it.

    `added_cost` is the echelon holding cost; `penalty`, where customers buy, what a unit owed to them costs
    per period: stockout cost plus full holding cost.
    """

    stage: int
    demand: Demand
    lead_time: float
    added_cost: float
    penalty: float
    customers: tuple["Branch", ...] = ()
    lead_time_sd: float = 0.0

    @property
    def lead_time_demand(self) -> Demand:
        """The demand per period to reckon with over the lead time."""
        return self.demand.over_varying(self.lead_time, self.lead_time_sd)


@dataclass(frozen=True, slots=True)
class DistributionStock:
    """Local base stock levels by stage number, expected cost per period, and what no policy undercuts."""

    level: dict[int, float]
    cost: float
    lower_bound: float


@dataclass(frozen=True, slots=True)
class _Solved:
    """Cost of a branch by what its supplier owes it, and in the relaxed problem by its echelon position.

    `curve[i]` is the cost at i steps below its level, continued with `left_slope`; `held` the steps of all
    levels in the branch; `reach` how many steps it may owe; `relaxed` starts at step `relaxed_low`.
    """

    curve: Floats
    left_slope: float
    held: float
    reach: int
    relaxed: Floats
    relaxed_low: int
    relaxed_slope: float


def distribution_stock(root: Branch, given: dict[int, float] | None = None) -> DistributionStock:
    """Base stock levels of a distribution tree by recursive optimisation, or the cost of `given` levels."""
    step = _step(root)
    levels: dict[int, float] = {}
    solved = _solve(root, step, levels, given)
    return DistributionStock(
        {stage: level * step for stage, level in levels.items() if stage >= 0},
        float(solved.curve[0]),
        float(solved.relaxed.min()),
    )


def _step(root: Branch) -> float:
    """The grid for every stage: whole units, or a fraction of the least deviation over a lead time."""
    if root.demand.discrete:
        return 1.0
    deviations: list[float] = []
    branches = [root]
    while branches:
        branch = branches.pop()
        branches += branch.customers
        if branch.lead_time_demand.variance * branch.lead_time > 0:
            deviations.append((branch.lead_time_demand.variance * branch.lead_time) ** 0.5)
    return min(deviations) / _STEPS_PER_DEVIATION if deviations else 1.0


def _solve(branch: Branch, step: float, levels: dict[int, float], given: dict[int, float] | None) -> _Solved:
    below = [_solve(customer, step, levels, given) for customer in branch.customers]
    masses = branch.lead_time_demand.masses(branch.lead_time, step)
    slope = branch.added_cost * step
    least, most = masses.first, masses.first + len(masses.probability) - 1
    if below:
        reach = most + max(part.reach for part in below)
        owed = np.zeros(reach + 1)
        for customer, part in zip(branch.customers, below, strict=True):
            owed += cost_of_shared_backorders(
                part.curve,
                part.left_slope,
                reach,
                customer.demand.mean / branch.demand.mean,
                _spread(customer.demand, branch.demand) / step,
                branch.demand.family == "poisson" and reach <= _MOST_EXACT,
            )
        shares = [customer.demand.mean / branch.demand.mean for customer in branch.customers]
        owed_slope = sum(share * part.left_slope for share, part in zip(shares, below, strict=True))
        held = sum(part.held for part in below)
        shared, shared_low, shared_slope = best_shared_cost(
            [part.relaxed for part in below],
            [part.relaxed_low for part in below],
            [part.relaxed_slope for part in below],
        )
    else:
        reach = most
        owed = branch.penalty * step * np.arange(reach + 1.0)
        owed_slope, held = -branch.penalty * step, 0.0
        shared, shared_low, shared_slope = np.array([0.0]), 0, -branch.penalty * step
    # Cost by net stock, from what may be owed at worst up to what is surely enough.
    net = np.concatenate([owed[::-1], np.full(most - least, owed[0])])
    net_low = -reach
    cost = slope * (np.arange(len(net)) + net_low + held) + net
    curve, low = _over_lead_time(cost, net_low, slope + owed_slope, slope, masses)
    if given is not None and branch.stage in given:
        level = round(given[branch.stage] / step)
    else:
        level = low + int(np.argmin(curve))
    levels[branch.stage] = float(level)
    relaxed_cost = slope * (np.arange(len(shared)) + shared_low) + shared
    relaxed, relaxed_low = _over_lead_time(relaxed_cost, shared_low, slope + shared_slope, slope, masses)
    return _Solved(
        _downward(curve, level - low, slope + owed_slope, slope),
        slope + owed_slope,
        held + level,
        reach,
        relaxed,
        relaxed_low,
        slope + shared_slope,
    )


def _over_lead_time(
    cost: Floats, low: int, left_slope: float, right_slope: float, masses: Masses
) -> tuple[Floats, int]:
    """Expected cost by position, from cost by net stock, and the position it starts at.

    Between the first position from which net stock may rise above `low` and the last from which it may stay
    below its end; both ends of `cost` go on straight.
    """
    least, most = masses.first, masses.first + len(masses.probability) - 1
    start, end = low + least, low + len(cost) - 1 + most
    before, after = low - (start - most), (end - least) - (low + len(cost) - 1)
    padded = np.concatenate(
        [
            cost[0] - left_slope * np.arange(before, 0, -1),
            cost,
            cost[-1] + right_slope * np.arange(1, after + 1),
        ]
    )
    return expected_over(padded, masses.probability), start


def _downward(curve: Floats, level: int, left_slope: float, right_slope: float) -> Floats:
    """The curve from position `level` down to its start."""
    if level < 0:
        return np.array([curve[0] + left_slope * level])
    beyond = curve[-1] + right_slope * np.arange(1, max(level - len(curve) + 1, 0) + 1)
    return np.ascontiguousarray(np.concatenate([curve, beyond])[level::-1])


def _spread(part: Demand, whole: Demand) -> float:
    """Variance, per unit owed, of how many of the units owed are this customer stage's."""
    share = part.mean / whole.mean
    others = max(whole.variance - part.variance, 0.0)
    return (part.variance * (1 - share) ** 2 + share**2 * others) / whole.mean
