"""Segmentation: which items deserve which policy."""

from typing import Annotated, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from xlinv.catalogue import (
    Argument,
    Column,
    Example,
    Ge,
    Gt,
    Items,
    Labels,
    Le,
    Option,
    Refusal,
    Result,
    Row,
    Table,
    Value,
    answers,
    function,
)
from xlinv.cells import CellError, Floats
from xlinv.functions.arguments import DemandHistory
from xlinv.kernels import forecasting, segmentation

FAMILY: Final = "Segmentation"

ItemValues: TypeAlias = Annotated[
    Items, Argument("money", "Value of each item, such as its demand per year at cost.", Ge(0))
]
CutA: TypeAlias = Annotated[
    Value, Argument("fraction", "Cumulative share up to which items are A.", Gt(0), Le(1), default=0.8)
]
CutB: TypeAlias = Annotated[
    Value, Argument("fraction", "Cumulative share up to which items are B.", Gt(0), Le(1), default=0.95)
]
CutX: TypeAlias = Annotated[
    Value, Argument("ratio", "Variability up to which items are X.", Ge(0), default=0.5)
]
CutY: TypeAlias = Annotated[
    Value, Argument("ratio", "Variability up to which items are Y.", Ge(0), default=1)
]
Measure: TypeAlias = Annotated[
    Option,
    Argument(
        "",
        "Measure of variability: cv is the standard deviation (n − 1) over the mean; mad is 1.25 × the mean "
        "absolute deviation over the mean, less swayed by single peaks; error is the root mean square error "
        "of a simple exponential smoothing over the mean, which counts only what cannot be forecast so.",
        default="cv",
        options=("cv", "mad", "error"),
    ),
]

_NO_VALUE: Final = "a share of a total of 0 is not defined"
_NO_VARIABILITY: Final = "variability is not defined without demand in at least one of at least two periods"


def _check_cuts(first: float, second: float) -> None:
    if first > second:
        raise Refusal(CellError.NUM, f"the first cut must not be above the second: {first:g} and {second:g}")


def _abc(values: Floats, cut_a: float, cut_b: float) -> NDArray[np.int64]:
    _check_cuts(cut_a, cut_b)
    if not values.any():
        return np.zeros(len(values), np.int64)
    return segmentation.share_classes(values, cut_a, cut_b)


def _variability(history: Floats, measure: str) -> Floats:
    if measure == "cv":
        return segmentation.relative_spreads(history, False)
    if measure == "error":
        return forecasting.relative_forecast_errors(history)
    return segmentation.SD_PER_MAD * segmentation.relative_spreads(history, True)


def _named(names: tuple[str, ...], codes: NDArray[np.int64]) -> NDArray[Any]:
    return np.array(names, object)[codes]


@function(
    "ABCCLASS",
    family=FAMILY,
    formula="share = (sum of all larger values + own value) / total; A where share ≤ cut_a, else B where "
    "share ≤ cut_b, else C; the largest value is always A. Equal values share a class, so the order of the "
    "rows does not matter",
    source="Dickie (1951), Factory Management and Maintenance 109(7); Silver, Pyke & Thomas (2017), §2.4.2",
    serves=("R054", "R028"),
    examples=[
        Example(
            "=ABCCLASS({15;500;30;5;450})",
            [["C"], ["A"], ["C"], ["C"], ["B"]],
            "shares 0.995, 0.5, 0.98, 1 and 0.95: the last lies on the cut",
        ),
        Example("=ABCCLASS({5;5;5;5}, 0.5, 0.9)", [["A"], ["A"], ["A"], ["A"]], "equals share a class"),
        Example(
            "=ABCCLASS({80;-1;15;5})",
            [["A"], [CellError.NUM], ["B"], ["C"]],
            "a negative value spoils only its own row",
        ),
        Example("=ABCCLASS({80;20}, 0.95, 0.8)", CellError.NUM, "the cuts are the wrong way round"),
    ],
)
def abc_class(
    values: ItemValues, cut_a: CutA, cut_b: CutB
) -> Annotated[Items, Result("class", "A, B or C per item.")]:
    """Class of each item by its share of the total value: A for the few that make up most of it."""
    codes = _abc(values, cut_a, cut_b)
    return answers(
        _named(("A", "B", "C"), codes),
        (np.full(len(values), not values.any()), CellError.DIV0, _NO_VALUE),
    )


@function(
    "XYZCLASS",
    family=FAMILY,
    formula="X where variability ≤ cut_x, else Y where variability ≤ cut_y, else Z",
    source="Scholz-Reiter et al. (2012), IJPPM 61(4), 445–451; CV is STDEV.S/AVERAGE of the history",
    serves=("R055",),
    examples=[
        Example("=XYZCLASS({10,12,11,9;10,0,30,5;0,0,40,0})", [["X"], ["Z"], ["Z"]], "CV 0.12, 1.17 and 2"),
        Example(
            '=XYZCLASS({4,4,4,20,20,20,20,20,20}, 0.5, 1, "error")',
            "X",
            "a new level is no variation for long",
        ),
        Example("=XYZCLASS({10,12,11,9;0,0,0,0})", [["X"], [CellError.DIV0]], "no demand, no variability"),
        Example("=XYZCLASS({10,12,11,9}, 1, 0.5)", CellError.NUM, "the cuts are the wrong way round"),
    ],
)
def xyz_class(
    history: DemandHistory, cut_x: CutX, cut_y: CutY, measure: Measure
) -> Annotated[Items, Result("class", "X, Y or Z per item.")]:
    """Class of each item by the variability of its demand: X for the steady ones."""
    _check_cuts(cut_x, cut_y)
    variability = _variability(history, measure)
    codes = segmentation.cut_classes(variability, cut_x, cut_y)
    return answers(_named(("X", "Y", "Z"), codes), (np.isnan(variability), CellError.DIV0, _NO_VARIABILITY))


@function(
    "ABCXYZ",
    family=FAMILY,
    formula="ABCCLASS(values, cut_a, cut_b) & XYZCLASS(history, cut_x, cut_y, measure)",
    source="as ABCCLASS and XYZCLASS",
    serves=("R056",),
    examples=[
        Example("=ABCXYZ({80;15;5}, {10,12,11,9;10,0,30,5;6,5,0,5})", [["AX"], ["BZ"], ["CY"]], "by both"),
        Example(
            '=ABCXYZ({80;"x";5}, {10,12,11,9;10,0,30,5;0,0,0,0})',
            [["AX"], [CellError.VALUE], [CellError.DIV0]],
            "a row with text in it, and one without demand",
        ),
        Example("=ABCXYZ({80;15;5}, {10,12;11,9})", CellError.NA, "three values but two histories"),
    ],
)
def abc_xyz(
    values: ItemValues,
    history: DemandHistory,
    cut_a: CutA,
    cut_b: CutB,
    cut_x: CutX,
    cut_y: CutY,
    measure: Measure,
) -> Annotated[Items, Result("class", "AX to CZ per item.")]:
    """Class of each item by share of value and by variability of demand, such as AX."""
    _check_cuts(cut_x, cut_y)
    by_value = _abc(values, cut_a, cut_b)
    variability = _variability(history, measure)
    codes = 3 * by_value + segmentation.cut_classes(variability, cut_x, cut_y)
    return answers(
        _named(tuple(a + x for a in "ABC" for x in "XYZ"), codes),
        (np.full(len(values), not values.any()), CellError.DIV0, _NO_VALUE),
        (np.isnan(variability), CellError.DIV0, _NO_VARIABILITY),
    )


@function(
    "PARETO",
    family=FAMILY,
    formula="rows sorted by value, largest first; cumulative share = sum of the values so far / total",
    source="Pareto (1896), Cours d'économie politique; Juran (1951)",
    serves=("R033",),
    examples=[
        Example(
            '=PARETO({20;70;10}, {"nut";"bolt";"pin"})',
            [
                ["rank", "key", "value", "cumulative share"],
                [1, "bolt", 70.0, 0.7],
                [2, "nut", 20.0, 0.9],
                [3, "pin", 10.0, 1.0],
            ],
            "the actual concentration, not a folklore 80/20",
        ),
        Example("=PARETO({0;0})", CellError.DIV0, "no total to share"),
    ],
)
def pareto(
    values: Annotated[
        Column, Argument("money", "Value of each item; blanks are left out.", Ge(0), keep_blanks=True)
    ],
    keys: Annotated[
        Labels, Argument("", "Name of each item; its row within the range where left out.", default=None)
    ],
) -> Annotated[
    Table, Result("count, text, money, fraction", parts=("rank", "key", "value", "cumulative share"))
]:
    """Items by falling value with their cumulative share of the total."""
    rows = np.flatnonzero(~np.isnan(values))
    if not len(rows):
        raise Refusal(CellError.NA, "'values' must hold at least one number")
    order = rows[np.argsort(-values[rows], kind="stable")]
    cumulative = np.cumsum(values[order])
    if cumulative[-1] == 0:
        raise Refusal(CellError.DIV0, _NO_VALUE)
    shares = (cumulative / cumulative[-1]).tolist()
    names = (order + 1).tolist() if keys is None else [keys[row] for row in order.tolist()]
    ranks = range(1, len(order) + 1)
    header = ["rank", "key", "value", "cumulative share"]
    return [header, *map(list, zip(ranks, names, values[order].tolist(), shares, strict=True))]


@function(
    "PARETOCUT",
    family=FAMILY,
    formula="the fewest items, largest first, that reach the share of the total; and their share of all",
    source="Pareto (1896), Cours d'économie politique; Juran (1951)",
    serves=("R033",),
    examples=[
        Example("=PARETOCUT({20;70;10;0})", [[2, 0.5]], "70 and 20 of 100 reach 0.8"),
        Example("=PARETOCUT({20;70;10;0}, 0.7)", [[1, 0.25]], "70 alone is 0.7"),
        Example("=PARETOCUT({0;0})", CellError.DIV0, "no total to share"),
    ],
)
def pareto_cut(
    values: Annotated[Column, Argument("money", "Value of each item; blanks are left out.", Ge(0))],
    share: Annotated[
        Value, Argument("fraction", "Share of the total value to reach.", Gt(0), Le(1), default=0.8)
    ],
) -> Annotated[Row, Result("count, fraction", parts=("items", "share of items"))]:
    """How few items make up the given share of the total value."""
    if not values.any():
        raise Refusal(CellError.DIV0, _NO_VALUE)
    items = segmentation.items_to_share(values, share)
    return items, items / len(values)


@function(
    "SEGCASH",
    family=FAMILY,
    formula="per segment: number of items, sum of their values, and that sum over the total",
    source="Silver, Pyke & Thomas (2017), §2.4.2",
    serves=("R061", "R009"),
    examples=[
        Example(
            '=SEGCASH({100;250;50}, {"C";"A";"C"})',
            [["segment", "items", "cash", "share"], ["A", 1, 250.0, 0.625], ["C", 2, 150.0, 0.375]],
            "the segment that ties up most cash comes first",
        ),
        Example('=SEGCASH({0;0}, {"A";"B"})', CellError.DIV0, "no total to share"),
    ],
)
def seg_cash(
    values: Annotated[Column, Argument("money", "Cash tied up in each item.")],
    segments: Annotated[Labels, Argument("", "Segment of each item; a blank counts as the segment (blank).")],
) -> Annotated[Table, Result("text, count, money, fraction", parts=("segment", "items", "cash", "share"))]:
    """Cash tied up per segment, largest first."""
    members: dict[Any, list[float]] = {}
    for value, segment in zip(values.tolist(), segments, strict=True):
        members.setdefault("(blank)" if segment is None else segment, []).append(value)
    # Sorted sums, so that the order of the rows does not matter to the last digit.
    cash = {segment: sum(sorted(own)) for segment, own in members.items()}
    total = sum(sorted(cash.values()))
    if total == 0:
        raise Refusal(CellError.DIV0, _NO_VALUE)
    rows = [[segment, len(members[segment]), cash[segment], cash[segment] / total] for segment in cash]
    rows.sort(key=lambda row: (-row[2], str(row[0])))
    return [["segment", "items", "cash", "share"], *rows]
