"""What each unit of a stock is there for."""

import functools
import math
import operator


def components(
    on_hand: float, safety: float, cycle: float, pipeline: float, prebuild: float, future_demand: float
) -> list[float]:
    """Safety, cycle, pipeline, prebuild, excess and obsolete stock, which add up to on hand plus pipeline.

    What is on hand covers the needs in that order; demand to come uses up the excess and leaves the
    obsolete. Added up from left to right the parts give the whole to the last bit.
    """
    held_safety = min(safety, on_hand)
    held_cycle = min(cycle, on_hand - held_safety)
    held_prebuild = min(prebuild, on_hand - held_safety - held_cycle)
    surplus = on_hand - held_safety - held_cycle - held_prebuild
    obsolete = min(surplus, max(0.0, on_hand - future_demand))
    parts = [held_safety, held_cycle, pipeline, held_prebuild, surplus - obsolete, obsolete]
    return summing_to(on_hand + pipeline, parts)


def summing_to(total: float, parts: list[float]) -> list[float]:
    """The parts, none negative, corrected for rounding so that from left to right they sum to the total.

    The last part takes the difference. Where rounding lets no value of it meet the total, all parts move
    to multiples of the total's last bit, whose sums are exact.
    """
    last = max((i for i, part in enumerate(parts) if part), default=0)
    before = functools.reduce(operator.add, parts[:last], 0.0)
    part = max(0.0, total - before)
    for candidate in (part, math.nextafter(part, math.inf), math.nextafter(part, 0.0)):
        if before + candidate == total:
            return [*parts[:last], candidate, *parts[last + 1 :]]
    bit = math.ulp(total)
    counts = [round(part / bit) for part in parts]
    counts[counts.index(max(counts))] += round(total / bit) - sum(counts)
    return [count * bit for count in counts]
