"""Figures against others': quartiles of a benchmark, and targets weighed into one score."""

from typing import Annotated, Any, Final

import numpy as np

from xlinv.catalogue import (
    Argument,
    Column,
    Example,
    Flag,
    Ge,
    Labels,
    Refusal,
    Result,
    Value,
    Values,
    answers,
    function,
)
from xlinv.cells import Cell, CellError, InputError

_HIGHER_IS_BETTER: Final[dict[Cell, bool]] = {1.0: True, -1.0: False, "higher": True, "lower": False}


@function(
    "BENCHQUARTILE",
    family="Finance and inventory quality",
    formula="1 + number of the limits q1, median, q3, best first, that value does not reach",
    source="Quartiles as in the working capital surveys of Hackett and APQC; a limit reached counts",
    serves=("R005",),
    examples=[
        Example("=BENCHQUARTILE(55, 28.1, 67.7, 90)", 2.0, "DIO between the top quartile and the median"),
        Example("=BENCHQUARTILE({25;45;55}, 30, 40, 50, FALSE)", [[4.0], [2.0], [1.0]], "DPO"),
        Example("=BENCHQUARTILE(55, 67.7, 28.1, 90)", CellError.NUM, "the median lies outside the quartiles"),
    ],
)
def benchmark_quartile(
    value: Annotated[Values, Argument("", "Own figure, in the unit of the benchmark.")],
    q1: Annotated[Values, Argument("", "First quartile of the benchmark.")],
    median: Annotated[Values, Argument("", "Its median.")],
    q3: Annotated[Values, Argument("", "Its third quartile; it may be the better end, or the worse.")],
    lower_is_better: Annotated[
        Flag, Argument("", "TRUE for days of inventory and cost, FALSE for turns and service.", default=True)
    ],
) -> Annotated[Values, Result("quartile", "1 is the best, 4 the worst.")]:
    """Quartile of a benchmark in which a figure lies, 1 for the best."""
    sign = 1.0 if lower_is_better else -1.0
    own, middle = sign * value, sign * median
    best, worst = np.minimum(sign * q1, sign * q3), np.maximum(sign * q1, sign * q3)
    quartile: Any = 1.0 + (own > best) + (own > middle) + (own > worst)
    outside = (middle < best) | (middle > worst)
    return answers(quartile, (outside, CellError.NUM, "'median' must lie between 'q1' and 'q3'"))


@function(
    "SCORE",
    family="Finance and inventory quality",
    formula=(
        "100 · Σ weight · attained / Σ weight; attained is 1 where the target is met, else actual/target, "
        "or target/actual where lower is better, never below 0"
    ),
    source="Simple additive weighting: Hwang & Yoon (1981), Multiple Attribute Decision Making",
    serves=("R130",),
    examples=[
        Example(
            '=SCORE({0.95;80}, {0.95;60}, {3;1}, {"higher";"lower"})',
            93.75,
            "service is met, days of inventory attained by 60/80",
        ),
        Example("=SCORE({45;6}, {50;5}, {1;1}, {1;1})", 95.0, "over the target is not more than met"),
        Example('=SCORE({45;6}, {50;5}, {1;1}, {"up";"up"})', CellError.VALUE, "higher or lower?"),
    ],
)
def score(
    actual: Annotated[Column, Argument("", "Figure of each metric.")],
    target: Annotated[Column, Argument("", "Target of each metric, in the same unit.")],
    weight: Annotated[Column, Argument("", "Weight of each metric; they need not sum to 1.", Ge(0))],
    direction: Annotated[Labels, Argument("", 'What is better, per metric: "higher" or 1, "lower" or -1.')],
) -> Annotated[Value, Result("points", "From 0 to 100.")]:
    """Weighted score of metrics against their targets, 100 where all are met."""
    total = float(weight.sum())
    if total == 0.0:
        raise Refusal(CellError.DIV0, "the weights sum to 0")
    higher = [_higher_is_better(label) for label in direction]
    attained = np.array([_attained(*metric) for metric in zip(actual, target, higher, strict=True)])
    return 100.0 * float(weight @ attained) / total


def _higher_is_better(label: Cell) -> bool:
    if label is None:
        raise InputError("direction", 'must be "higher", "lower", 1 or -1', None)
    key = label.strip().casefold() if isinstance(label, str) else label
    if isinstance(key, bool) or key not in _HIGHER_IS_BETTER:
        raise Refusal(CellError.VALUE, f'\'direction\' must be "higher", "lower", 1 or -1: {label!r}')
    return _HIGHER_IS_BETTER[key]


def _attained(actual: float, target: float, higher: bool) -> float:
    """How far a metric reaches its target, from 0 to 1; a target of 0 or less is met or missed."""
    if actual >= target if higher else actual <= target:
        return 1.0
    if target <= 0.0:
        return 0.0
    return max(0.0, actual / target) if higher else target / actual
