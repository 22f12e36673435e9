"""The single-stage baseline: every stage protects its own full lead time at the same service."""

import numpy as np

from xlinv.network.service_times import ServiceTimes, Times


def single_stage_times(times: Times) -> ServiceTimes:
    """Nobody waits for anybody: each stage covers what its external suppliers and it itself take."""
    return ServiceTimes(inbound=times.supplier, outbound=np.zeros_like(times.supplier))


def saving_share(cost: float, baseline_cost: float) -> float:
    """The saving as a fraction of the baseline; 0 where the baseline costs nothing."""
    return (baseline_cost - cost) / baseline_cost if baseline_cost > 0.0 else 0.0
