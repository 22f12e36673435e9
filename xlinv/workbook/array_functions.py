"""Functions that give arrays, as Excel defines them, over cells and rows of cells."""

import bisect
import functools
from collections.abc import Callable, Sequence
from typing import Any, Final

from xlinv.cells import Block, Cell, CellError
from xlinv.workbook.comparison import each, order_of_cells

OMITTED: Final = "\ue00fomitted"
_MOST_CELLS: Final = 1_048_576 * 16


class ShownError(Exception):
    """Ends a function with the error its cell shows."""

    def __init__(self, error: CellError) -> None:
        self.error = error


def shows_errors(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that ends in ShownError gives that error instead."""

    @functools.wraps(function)
    def called(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except ShownError as shown:
            return shown.error

    return called


def rows_of(value: Any) -> Block:
    return value if isinstance(value, list) else [[value]]


def _given(value: Any) -> bool:
    return not (value is None or value == OMITTED)


def _whole(value: Any, default: int) -> int:
    if not _given(value):
        return default
    if isinstance(value, CellError):
        raise ShownError(value)
    if isinstance(value, list):
        return _whole(value[0][0], default)
    if not isinstance(value, float | int):
        raise ShownError(CellError.VALUE)
    return int(value)


def _transposed(rows: Block) -> Block:
    return [list(column) for column in zip(*rows, strict=True)]


# Sorting


def _sorted(rows: Block, keys: Sequence[Sequence[Cell]], orders: Sequence[int]) -> Block:
    """Rows by keys of falling weight; equal ones keep their order, blanks come last."""
    positions = list(range(len(rows)))
    for key, order in reversed(list(zip(keys, orders, strict=True))):
        if order not in (1, -1):
            raise ShownError(CellError.VALUE)
        blanks = [position for position in positions if key[position] is None]
        filled = [position for position in positions if key[position] is not None]
        filled.sort(key=_sorting_key(key), reverse=order < 0)
        positions = filled + blanks
    return [rows[position] for position in positions]


def _sorting_key(cells: Sequence[Cell]) -> Callable[[int], Any]:
    compare = functools.cmp_to_key(order_of_cells)
    return lambda position: compare(cells[position])


@shows_errors
def sort(array: Any, index: Any = OMITTED, order: Any = OMITTED, by_column: Any = False) -> Any:
    rows = rows_of(array)
    sideways = _given(by_column) and bool(by_column)
    rows = _transposed(rows) if sideways else rows
    indices = [_whole(item, 1) for row in rows_of(index) for item in row]
    orders = [_whole(item, 1) for row in rows_of(order) for item in row]
    orders = orders * len(indices) if len(orders) == 1 else orders
    if len(orders) != len(indices) or not all(1 <= number <= len(rows[0]) for number in indices):
        return CellError.VALUE
    result = _sorted(rows, [[row[number - 1] for row in rows] for number in indices], orders)
    return _transposed(result) if sideways else result


@shows_errors
def sort_by(array: Any, *pairs: Any) -> Any:
    rows = rows_of(array)
    keys = [rows_of(key) for key in pairs[::2]]
    orders = [_whole(order, 1) for order in pairs[1::2]]
    orders += [1] * (len(keys) - len(orders))
    sideways = bool(keys) and len(keys[0]) == 1 and len(keys[0][0]) > 1
    rows = _transposed(rows) if sideways else rows
    lines = [key[0] if sideways else [row[0] for row in key] for key in keys]
    if any(len(line) != len(rows) for line in lines):
        return CellError.VALUE
    result = _sorted(rows, lines, orders)
    return _transposed(result) if sideways else result


# Searching


def look_up(wanted: Any, within: Any, results: Any = OMITTED) -> Any:
    """LOOKUP by halving, which looks at cells of the wanted kind only: the last one that is not greater."""
    rows = rows_of(within)
    by_row = len(rows[0]) > len(rows)
    line = rows[0] if by_row else [row[0] for row in rows]
    answers = (
        [item for row in rows_of(results) for item in row] if _given(results) else _last_line(rows, by_row)
    )

    def one(cell: Cell) -> Cell:
        if isinstance(cell, CellError):
            return cell
        cell = 0.0 if cell is None else cell
        places = [place for place, item in enumerate(line) if _kind(item) is _kind(cell)]
        found = bisect.bisect_right(places, 0, key=lambda place: order_of_cells(line[place], cell))
        return answers[places[found - 1]] if found and places[found - 1] < len(answers) else CellError.NA

    return each(one, wanted)


def _last_line(rows: Block, by_row: bool) -> list[Cell]:
    return rows[-1] if by_row else [row[-1] for row in rows]


def _kind(cell: Cell) -> type:
    return float if type(cell) is int else type(cell)


# Choosing rows and columns


@shows_errors
def filtered(array: Any, include: Any, if_empty: Any = OMITTED) -> Any:
    rows, wanted = rows_of(array), rows_of(include)
    sideways = len(wanted) == 1 and len(wanted[0]) == len(rows[0]) and len(wanted[0]) > 1
    if sideways:
        rows, wanted = _transposed(rows), _transposed(wanted)
    if len(wanted) != len(rows) or len(wanted[0]) != 1:
        return CellError.VALUE
    kept = [row for row, (flag,) in zip(rows, wanted, strict=True) if _truth(flag)]
    if not kept:
        return if_empty if _given(if_empty) else CellError.CALC
    return _transposed(kept) if sideways else kept


def _truth(flag: Cell) -> bool:
    if isinstance(flag, CellError):
        raise ShownError(flag)
    if isinstance(flag, str):
        raise ShownError(CellError.VALUE)
    return bool(flag)


@shows_errors
def unique(array: Any, by_column: Any = False, exactly_once: Any = False) -> Any:
    rows = rows_of(array)
    sideways = _given(by_column) and bool(by_column)
    rows = _transposed(rows) if sideways else rows
    groups: dict[tuple[Any, ...], list[list[Cell]]] = {}
    for row in rows:
        groups.setdefault(tuple(map(_identity, row)), []).append(row)
    once = _given(exactly_once) and bool(exactly_once)
    kept = [group[0] for group in groups.values() if not once or len(group) == 1]
    if not kept:
        return CellError.CALC
    return _transposed(kept) if sideways else kept


def _identity(cell: Cell) -> tuple[str, Any]:
    """What makes two cells one: text regardless of case."""
    if isinstance(cell, str):
        return "text", cell.casefold()
    if isinstance(cell, bool | CellError) or cell is None:
        return type(cell).__name__, cell
    return "number", float(cell)


def _part(count: int, size: int, take: bool) -> slice:
    """The first (or for a negative count last) items taken, or what is left when they are dropped."""
    if take:
        return slice(0, count) if count >= 0 else slice(max(size + count, 0), size)
    return slice(count, size) if count >= 0 else slice(0, max(size + count, 0))


def _cut(take: bool) -> Callable[..., Any]:
    @shows_errors
    def cut(array: Any, rows: Any = OMITTED, columns: Any = OMITTED) -> Any:
        block = rows_of(array)
        height, width = len(block), len(block[0])
        down = _part(_whole(rows, height if take else 0), height, take)
        across = _part(_whole(columns, width if take else 0), width, take)
        result = [row[across] for row in block[down]]
        return result if result and result[0] else CellError.CALC

    return cut


# Joining and reshaping


@shows_errors
def stacked(*arrays: Any) -> Any:
    """VSTACK; narrower arrays are filled up with #N/A."""
    blocks = [rows_of(array) for array in arrays]
    width = max(len(block[0]) for block in blocks)
    return [row + [CellError.NA] * (width - len(row)) for block in blocks for row in block]


def side_by_side(*arrays: Any) -> Any:
    """HSTACK; shorter arrays are filled up with #N/A."""
    blocks = [rows_of(array) for array in arrays]
    height = max(map(len, blocks))
    lines: Block = [[] for _ in range(height)]
    for block in blocks:
        filler: list[Cell] = [CellError.NA] * len(block[0])
        for number, line in enumerate(lines):
            line += block[number] if number < len(block) else filler
    return lines


def _wrapped(by_row: bool) -> Callable[..., Any]:
    @shows_errors
    def wrap(vector: Any, count: Any, pad: Any = CellError.NA) -> Any:
        rows = rows_of(vector)
        if len(rows) > 1 and len(rows[0]) > 1:
            return CellError.VALUE
        size = _whole(count, 0)
        if size < 1:
            return CellError.NUM
        flat = [item for row in rows for item in row]
        flat += [pad if _given(pad) else CellError.NA] * (-len(flat) % size)
        lines = [flat[start : start + size] for start in range(0, len(flat), size)]
        return lines if by_row else _transposed(lines)

    return wrap


@shows_errors
def expanded(array: Any, rows: Any = OMITTED, columns: Any = OMITTED, pad: Any = OMITTED) -> Any:
    block = rows_of(array)
    height, width = _whole(rows, len(block)), _whole(columns, len(block[0]))
    if height < len(block) or width < len(block[0]):
        return CellError.VALUE
    if height * width > _MOST_CELLS:
        return CellError.NUM
    filler = pad if _given(pad) else CellError.NA
    wide = [list(row) + [filler] * (width - len(row)) for row in block]
    return wide + [[filler] * width for _ in range(height - len(block))]


# Missing arguments reach these as OMITTED, since 0 and nothing differ.
FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    "DROP": _cut(take=False),
    "EXPAND": expanded,
    "FILTER": filtered,
    "HSTACK": side_by_side,
    "SORT": sort,
    "SORTBY": sort_by,
    "TAKE": _cut(take=True),
    "UNIQUE": unique,
    "VSTACK": stacked,
    "WRAPCOLS": _wrapped(by_row=False),
    "WRAPROWS": _wrapped(by_row=True),
}
