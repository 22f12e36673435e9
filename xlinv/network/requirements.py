"""What each stage must cover and what its stock is worth: cost, demand and safety passed along the arcs.

Every quantity counts paths times quantity per: a stage that reaches a demand over two paths of quantity 1
covers twice its deviation, not the root of two.
"""

from dataclasses import dataclass
from numbers import Real
from typing import Final

import numpy as np

from xlinv.cells import Floats, InputError
from xlinv.kernels.compilation import kernel
from xlinv.network.model import Network, NetworkArrays, filled
from xlinv.network.topology import Integers, indices

_DEMANDS_AT_ONCE: Final = 256


@dataclass(frozen=True, slots=True)
class Requirements:
    """Per stage: unit value, holding cost, mean demand per period, its bounded deviation over one period.

    `safety` is k times sigma, pooled over the demand stages reached; `own_safety` is that of the stage's own
    demand, 0 elsewhere. `factor` is the k of the pooled demand: safety over deviation, or, where demand does
    not vary, the k of the demands reached weighted by their means.
    """

    unit_value: Floats
    holding_cost: Floats
    mean: Floats
    safety: Floats
    own_safety: Floats
    deviation: Floats
    factor: Floats


def requirements(
    network: Network, holding_rate: float = 1.0, pooling_exponent: float = 2.0, correlation: float = 0.0
) -> Requirements:
    """What each stage covers and what it costs.

    The safety of stage i is (sum over d of (phi_id k_d sigma_d)^p)^(1/p) with the pooling exponent p in
    [1, 2]: 2 for independent demands, 1 where all peak together; or, with p = 2, for demands that are all
    correlated by `correlation` in [0, 1], the root of (1 - rho) sum of squares + rho square of the sum.
    """
    if not 1.0 <= pooling_exponent <= 2.0:
        raise InputError("pooling_exponent", "must be from 1 to 2", pooling_exponent)
    if not 0.0 <= correlation <= 1.0:
        raise InputError("correlation", "must be from 0 to 1", correlation)
    if correlation > 0.0 and pooling_exponent != 2.0:
        raise InputError("correlation", "must be 0 where pooling_exponent is not 2", correlation)
    if not (isinstance(holding_rate, Real) and holding_rate > 0.0):
        raise InputError("holding_rate", "must be > 0", holding_rate)
    data = network.arrays
    unit_value = _cumulated_cost(data, holding_rate)
    holding_cost = np.where(np.isnan(data.holding_cost), holding_rate * unit_value, data.holding_cost)
    factor = safety_factors(network)
    sigma = filled(data.demand_sd, 0.0)
    own_safety = factor * sigma
    own_mean = filled(data.demand_mean, 0.0)
    mean = passed_upstream(data, own_mean, 1.0)
    to_pass = [(np.abs(own_safety) ** pooling_exponent, pooling_exponent), (sigma**2, 2.0)]
    if correlation:
        to_pass.append((np.maximum(own_safety, 0.0), 1.0))
    pooled, variance, *together = (
        [passed_upstream(data, own, exponent) for own, exponent in to_pass]
        if data.forest
        else _passed_over_all_paths(data, to_pass)
    )
    safety = pooled ** (1.0 / pooling_exponent)
    if correlation:
        safety = np.sqrt((1.0 - correlation) * safety**2 + correlation * together[0] ** 2)
    deviation = np.sqrt(variance)
    pooled_factor = np.divide(safety, deviation, out=np.zeros(len(mean)), where=deviation > 0.0)
    steady = (deviation == 0.0) & (mean > 0.0)
    if steady.any():
        pooled_factor[steady] = passed_upstream(data, factor * own_mean, 1.0)[steady] / mean[steady]
    return Requirements(unit_value, holding_cost, mean, safety, own_safety, deviation, pooled_factor)


def safety_factors(network: Network) -> Floats:
    """The safety factor k of each demand stage, 0 elsewhere.

    For cycle service the normal quantile. For a fill rate the k at which the expected shortage per order,
    sigma_L G(k), is 1 - fill rate of the order quantity, over the stage's own protection interval; the order
    quantity is the batch or the mean demand of a review period (Silver, Pyke & Thomas, 1998, section 7.7).
    """
    data = network.arrays
    has_demand = ~np.isnan(data.demand_sd)
    is_given = ~np.isnan(data.safety_factor)
    factor = np.where(has_demand & is_given, data.safety_factor, 0.0)
    from_level = indices(has_demand & ~is_given & ~np.isnan(data.service_level))
    if len(from_level):
        from scipy.special import ndtri

        factor[from_level] = ndtri(data.service_level[from_level])
    for i in from_level.tolist():
        if network.stages[i].service_type == "fill":
            factor[i] = _fill_rate_factor(data, i, network.stages[i].name)
    return factor


def _fill_rate_factor(data: NetworkArrays, i: int, name: str) -> float:
    from scipy.optimize import brentq
    from scipy.special import ndtr

    quantity = max(
        float(data.batch_size[i]), float(np.nan_to_num(data.demand_mean[i])) * max(data.review_period[i], 1.0)
    )
    if quantity <= 0.0:
        raise InputError(
            "batch_size", "must be given where service_type is fill and there is no demand_mean", None, name
        )
    time = max(data.lead_time[i] + data.review_period[i] - data.service_time[i], 0.0)
    deviation = float(data.demand_sd[i]) * max(time, 1.0) ** 0.5
    if deviation == 0.0:
        return 0.0
    target = (1.0 - data.service_level[i]) * quantity / deviation

    def shortage(k: float) -> float:
        density = np.exp(-k * k / 2.0) / np.sqrt(2.0 * np.pi)
        return float(density - k * ndtr(-k) - target)

    return float(brentq(shortage, -target - 10.0, 40.0, xtol=1e-12))


def _cumulated_cost(data: NetworkArrays, holding_rate: float) -> Floats:
    """Unit value: cost added at the stage and at all before it, per path; else what holding cost implies."""
    total = filled(data.added_cost, 0.0)
    add_along_arcs(total.reshape(-1, 1), data.order, *data.upstream, data.arc_quantity)
    return np.where(np.isnan(data.added_cost), data.holding_cost / holding_rate, total)


def passed_upstream(data: NetworkArrays, own: Floats, exponent: float) -> Floats:
    """Each stage's own amount plus that of its customers times quantity to the power of `exponent`.

    Exact for sums over paths when `exponent` is 1, and for any exponent where no demand is reached twice.
    """
    total = own.copy()
    weight = data.arc_quantity if exponent == 1.0 else data.arc_quantity**exponent
    add_along_arcs(total.reshape(-1, 1), data.upwards, *data.downstream, weight)
    return total


def _passed_over_all_paths(data: NetworkArrays, to_pass: list[tuple[Floats, float]]) -> list[Floats]:
    """Sum over demand stages d of phi_id to the power of each exponent times d's own amount."""
    demands = np.flatnonzero(~np.isnan(data.demand_sd))
    totals = [np.zeros(len(data.order)) for _ in to_pass]
    for first in range(0, len(demands), _DEMANDS_AT_ONCE):
        block = demands[first : first + _DEMANDS_AT_ONCE]
        reach = paths_to(data, block)
        for total, (amount, exponent) in zip(totals, to_pass, strict=True):
            total += reach**exponent @ amount[block]
    return totals


def paths_to(data: NetworkArrays, demands: Integers) -> Floats:
    """Units of each stage (row) in one unit at each of the demand stages (column): phi."""
    reach = np.zeros((len(data.order), len(demands)))
    reach[demands, np.arange(len(demands))] = 1.0
    add_along_arcs(reach, data.upwards, *data.downstream, data.arc_quantity)
    return reach


def units_of(data: NetworkArrays, i: int) -> Floats:
    """Units of stage i in one unit of each stage: the row of phi that holds those of one stage."""
    units = np.zeros((len(data.order), 1))
    units[i] = 1.0
    add_along_arcs(units, data.order, *data.upstream, data.arc_quantity)
    return np.asarray(units[:, 0])


@kernel(compile_from=500_000, exact=True)
def add_along_arcs(
    totals: Floats, order: Integers, start: Integers, stage: Integers, arc: Integers, weight: Floats
) -> None:
    """Add to the row of each stage, in this order, those of its neighbours times the weight of the arc."""
    for i in order:
        for q in range(start[i], start[i + 1]):
            for column in range(totals.shape[1]):
                totals[i, column] += weight[arc[q]] * totals[stage[q], column]
