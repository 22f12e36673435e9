"""Lead times of a few values with probabilities: their mean and deviation, and what contradicts them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypeGuard

Scenarios = Sequence[tuple[float, float]]

# Probabilities are checked to as many decimals.
_RELATIVE: Final = 1e-6
# Rounding a small number to a whole one changes it too much to be called rounding.
_MOST_ROUNDED: Final = 0.05


def mean_and_deviation(scenarios: Scenarios) -> tuple[float, float]:
    """Mean and standard deviation of a lead time."""
    mean = sum(time * probability for time, probability in scenarios)
    return mean, sum(probability * (time - mean) ** 2 for time, probability in scenarios) ** 0.5


def unlike_its_scenarios(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Mean and deviation of a lead time that are not those of its distribution, not even rounded to the
    decimals that they are written with, each with the rule it breaks."""
    scenarios = fields.get("lead_time_distribution")
    if not _is_distribution(scenarios):
        return []
    found = []
    names = ("lead_time", "mean"), ("lead_time_sd", "standard deviation")
    for (field, what), expected in zip(names, mean_and_deviation(scenarios), strict=True):
        given = fields.get(field)
        if isinstance(given, float | int) and abs(given - expected) > _tolerance(given, expected):
            found.append((field, f"must be the {what} of lead_time_distribution, {expected:.6g}, or blank"))
    return found


def _is_distribution(scenarios: Any) -> TypeGuard[Scenarios]:
    return (
        isinstance(scenarios, tuple)
        and len(scenarios) > 0
        and all(isinstance(x, float | int) and x >= 0 for pair in scenarios for x in pair)
        and abs(sum(probability for _, probability in scenarios) - 1.0) <= _RELATIVE
    )


def _tolerance(given: float, expected: float) -> float:
    half_a_decimal = 0.5 * 10.0 ** min(int(Decimal(repr(given)).normalize().as_tuple().exponent), 0)
    return max(min(half_a_decimal, _MOST_ROUNDED * expected), _RELATIVE * (1.0 + expected))
