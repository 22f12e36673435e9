"""The single-stage baseline: every stage protects its own full lead time at the same service."""

import numpy as np

from xlinv.network.service_times import ServiceTimes, Times


def single_stage_times(times: Times) -> ServiceTimes:
    """Nobody waits for anybody: each stage covers what its external suppliers and it itself take."""
    return ServiceTimes(inbound=times.supplier, outbound=np.zeros_like(times.supplier))
