"""Slow, obvious twins of the segmentation and demand-pattern functions."""

import statistics
from collections.abc import Sequence


def abc_class(values: Sequence[float], row: int, cut_a: float, cut_b: float) -> str:
    """The class of one row by Excel's SUMIF(values, ">" & value) + value, over the total."""
    own = values[row]
    share = (sum(v for v in values if v > own) + own) / sum(values)
    if own == max(values) or share <= cut_a + 1e-12:
        return "A"
    return "B" if share <= cut_b + 1e-12 else "C"


def variation(demand: Sequence[float]) -> float:
    """Standard deviation of a sample over its mean."""
    return statistics.stdev(demand) / statistics.mean(demand)


def demand_pattern(demand: Sequence[float]) -> str:
    """The class of Syntetos, Boylan and Croston."""
    sizes = [d for d in demand if d > 0]
    sporadic = len(demand) / len(sizes) >= 1.32
    varied = len(sizes) > 1 and variation(sizes) ** 2 >= 0.49
    return {(0, 0): "smooth", (0, 1): "erratic", (1, 0): "intermittent", (1, 1): "lumpy"}[sporadic, varied]
