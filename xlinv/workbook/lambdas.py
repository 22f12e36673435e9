"""MAP, BYROW, BYCOL, REDUCE, SCAN and MAKEARRAY, which the engine lacks.

The body of a lambda is written as one formula per element into a second engine, next to the elements'
values, and evaluated there in one go. REDUCE and SCAN let each of these formulas refer to the one before.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from xlinv.cells import Block, Cell, CellError
from xlinv.workbook.array_functions import OMITTED
from xlinv.workbook.references import LAST_ROW, Area, address, area_at

_MARK: Final = re.compile("\ue006(\\d+)\ue007|\ue004(\\d+)\ue005")
MOST_ELEMENTS: Final = LAST_ROW
ELEMENTS, VALUES, RESULTS = "Elements", "Values", "Results"


@dataclass(frozen=True, slots=True)
class Plan:
    """One lambda over arrays: its kind, how many parameters it has, and its body with marks for them."""

    kind: str
    parameters: int
    body: str


@dataclass(slots=True)
class Plans:
    """The plans of a workbook, each known by its number."""

    plans: list[Plan] = field(default_factory=list)
    _numbers: dict[Plan, int] = field(default_factory=dict)

    def number(self, kind: str, parameters: int, body: str) -> int:
        plan = Plan(kind, parameters, body)
        if plan not in self._numbers:
            self._numbers[plan] = len(self.plans)
            self.plans.append(plan)
        return self._numbers[plan]


# Blocks by sheet and formulas by sheet, to the values of the results: a second engine of the same kind.
Evaluate = Callable[[dict[str, list[tuple[Area, Block]]], list[tuple[int, str]]], Block]


def run(plan: Plan, arguments: list[Block], evaluate: Evaluate) -> Block:
    """The array that a plan gives; `arguments` are its arrays and then what its body is handed in."""
    arrays, handed_in = arguments[: _arrays(plan)], arguments[_arrays(plan) :]
    shape, elements, windows = _ELEMENTS[plan.kind](arrays)
    if shape[0] * shape[1] == 0 or shape[0] * shape[1] > MOST_ELEMENTS:
        return [[CellError.VALUE]]
    blocks = {ELEMENTS: elements, VALUES: []}
    places = []
    column = 1
    for value in handed_in:
        area = area_at(1, column, len(value), len(value[0]))
        blocks[VALUES].append((area, value))
        places.append(f"{VALUES}!{_fixed(area)}")
        column = area.right + 1
    formulas = []
    for number, window in enumerate(windows, start=1):
        if number == 1 and plan.kind in ("REDUCE", "SCAN") and arrays[0] == [[OMITTED]]:
            formulas.append((1, window[1]))  # without a start, the first element is it
            continue
        if plan.kind in ("REDUCE", "SCAN") and number > 1:
            window = (f"{RESULTS}!A{number - 1}", *window[1:])
        formulas.append((number, _filled(plan.body, window, places)))
    results = [row[0] for row in evaluate(blocks, formulas)]
    if plan.kind == "REDUCE":
        return [[results[-1]]]
    width = shape[1]
    return [results[start : start + width] for start in range(0, len(results), width)]


def _arrays(plan: Plan) -> int:
    return 2 if plan.kind in ("REDUCE", "SCAN", "MAKEARRAY") else plan.parameters


def _filled(body: str, window: tuple[str, ...], places: list[str]) -> str:
    return _MARK.sub(lambda mark: window[int(mark[1])] if mark[1] else places[int(mark[2])], body)


def _fixed(area: Area) -> str:
    return str(area) if area.single else f"{address(area.top, area.left)}:{address(area.bottom, area.right)}"


Windows: TypeAlias = list[tuple[str, ...]]
# The shape of the result, the elements' values, and what the parameters are for each of them.
Elements: TypeAlias = tuple[tuple[int, int], list[tuple[Area, Block]], Windows]


def _map(arrays: list[Block]) -> Elements:
    rows = max(len(array) for array in arrays)
    columns = max(len(array[0]) for array in arrays)
    lists: list[list[Cell]] = [
        [_at(array, i, j) for i in range(rows) for j in range(columns)] for array in arrays
    ]
    block: Block = [list(row) for row in zip(*lists, strict=True)]
    windows = [
        tuple(f"{ELEMENTS}!{address(number, column)}" for column in range(1, len(arrays) + 1))
        for number in range(1, rows * columns + 1)
    ]
    return (rows, columns), [(area_at(1, 1, len(block), len(arrays)), block)], windows


def _at(array: Block, i: int, j: int) -> Cell:
    """An element as arrays of unlike shapes meet: one row or column repeats, beyond the rest is #N/A."""
    i = 0 if len(array) == 1 else i
    j = 0 if len(array[0]) == 1 else j
    return array[i][j] if i < len(array) and j < len(array[0]) else CellError.NA


def _by_row(arrays: list[Block]) -> Elements:
    rows, columns = len(arrays[0]), len(arrays[0][0])
    windows: Windows = [(f"{ELEMENTS}!{area_at(row, 1, 1, columns)}",) for row in range(1, rows + 1)]
    return (rows, 1), [(area_at(1, 1, rows, columns), arrays[0])], windows


def _by_column(arrays: list[Block]) -> Elements:
    rows, columns = len(arrays[0]), len(arrays[0][0])
    windows: Windows = [(f"{ELEMENTS}!{area_at(1, column, rows, 1)}",) for column in range(1, columns + 1)]
    return (1, columns), [(area_at(1, 1, rows, columns), arrays[0])], windows


def _fold(arrays: list[Block]) -> Elements:
    initial, array = arrays
    if len(initial) > 1 or len(initial[0]) > 1:
        initial = [[CellError.CALC]]  # arrays are carried from step to step in Excel only
    flat: Block = [[value] for row in array for value in row]
    blocks = [(area_at(1, 1, len(flat), 1), flat), (area_at(1, 2, 1, 1), [[initial[0][0]]])]
    windows: Windows = [(f"{ELEMENTS}!B1", f"{ELEMENTS}!A{number}") for number in range(1, len(flat) + 1)]
    return (len(array), len(array[0])), blocks, windows


def _make(arrays: list[Block]) -> Elements:
    sizes = [array[0][0] for array in arrays]
    if not all(isinstance(size, float | int) and 1 <= size <= MOST_ELEMENTS for size in sizes):
        return (0, 0), [], []
    rows, columns = (int(size) for size in sizes)  # type: ignore[arg-type]
    if rows * columns > MOST_ELEMENTS:
        return (0, 0), [], []
    windows: Windows = [(str(i), str(j)) for i in range(1, rows + 1) for j in range(1, columns + 1)]
    return (rows, columns), [], windows


_ELEMENTS: Final[dict[str, Callable[[list[Block]], Elements]]] = {
    "MAP": _map,
    "BYROW": _by_row,
    "BYCOL": _by_column,
    "REDUCE": _fold,
    "SCAN": _fold,
    "MAKEARRAY": _make,
}
