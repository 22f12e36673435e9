"""Which of the given limits hold a plan back."""

from typing import Final

import numpy as np

from xlinv.network.plan import Plan

_CLOSE: Final = 1e-9


def binding_constraints(plan: Plan) -> tuple[str, ...]:
    """The given limits that a plan runs into: promises, frozen times, least and most stock, the cash cap."""
    if plan.method == "stochastic":
        return ()
    data, columns = plan.network.arrays, plan.columns
    outbound, net = columns["outbound_service_time"], columns["net_replenishment_time"]
    safety = columns["safety_stock"]
    with np.errstate(invalid="ignore"):
        least = np.fmax(data.min_stock, data.min_stock_days * columns["demand_mean"])
        most = np.fmin(data.max_stock, data.max_stock_days * columns["demand_mean"])
        met = {
            "service_time": (outbound >= data.service_time - _CLOSE) & (net > _CLOSE),
            "frozen_service_time": ~np.isnan(data.frozen_service_time),
            "min_stock": (least > 0.0) & (safety <= least * (1.0 + _CLOSE)),
            "max_stock": safety >= most * (1.0 - _CLOSE),
        }
    found = [
        f"{name} of {plan.network.stages[i].name}"
        for name, where in met.items()
        for i in np.flatnonzero(where).tolist()
    ]
    stock = safety + columns["early_arrival_stock"] + columns["cycle_stock"]
    if plan.cash_cap is not None and (columns["unit_value"] * stock).sum() >= plan.cash_cap * 0.999:
        found.append("cash_cap")
    return tuple(found)
