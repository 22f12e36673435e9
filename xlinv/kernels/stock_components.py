"""What each unit of a stock is there for."""

import math


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
    surplus = max(0.0, on_hand - held_safety - held_cycle - held_prebuild)
    obsolete = min(surplus, max(0.0, on_hand - future_demand))
    parts = [held_safety, held_cycle, pipeline, max(0.0, held_prebuild), surplus - obsolete, obsolete]
    return summing_to(on_hand + pipeline, parts)


def summing_to(total: float, parts: list[float]) -> list[float]:
    """The non-negative parts with the last of them corrected for rounding, so that their sum is the total."""
    parts = list(parts)
    for position in range(len(parts) - 1, -1, -1):
        if parts[position] == 0.0:
            continue
        before = sum(parts[:position])
        part = total - before
        if part < 0.0:
            parts[position] = 0.0
            continue
        while before + part < total:
            part = math.nextafter(part, math.inf)
        while before + part > total:
            part = math.nextafter(part, 0.0)
        parts[position] = part
        return parts
    return parts
