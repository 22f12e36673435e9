"""New values written into the bytes of a sheet; whatever did not change keeps its bytes."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from xlinv.cells import Cell, CellError
from xlinv.workbook.engine import stored
from xlinv.workbook.references import Area, address, column_number, parse_area
from xlinv.workbook.sheet_xml import FormulaCell, SheetXml, value_of

# Values closer than this are the same number computed twice, and the file keeps the one it has.
SAME: Final = 1e-15

_ROW: Final = re.compile(rb'<row r="([0-9]+)"([^>]*?)(?:/>|>(.*?)</row>)', re.DOTALL)
_CELL: Final = re.compile(rb'<c r="([A-Z]+)[0-9]+"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_VALUE: Final = re.compile(rb"<v(?:\s[^>]*)?(?:/>|>[^<]*</v>)")
_VALUE_TEXT: Final = re.compile(rb"<v(?:\s[^>]*)?>([^<]*)</v>")
_INLINE: Final = re.compile(rb"<is(?:\s[^>]*)?>.*?</is>", re.DOTALL)
_INLINE_TEXT: Final = re.compile(rb"<t(?:\s[^>]*)?>([^<]*)</t>")
_TYPE: Final = re.compile(rb'\st="([^"]*)"')
_META: Final = re.compile(rb'\s[cv]m="[0-9]+"')
_SPANS: Final = re.compile(rb'\sspans="[^"]*"')
_DIMENSION: Final = re.compile(rb'<dimension ref="([^"]+)"')

Report = Callable[[int, int, Cell, Cell], None]


def same(cached: Cell, computed: Cell, tolerance: float = SAME) -> bool:
    """Whether two cells show the same value; numbers may differ by `tolerance` of the larger."""
    if isinstance(computed, bool) or isinstance(cached, bool):
        return cached is computed
    if isinstance(computed, float | int) and isinstance(cached, float | int):
        return cached == computed or abs(cached - computed) <= tolerance * max(abs(cached), abs(computed))
    return type(cached) is type(computed) and cached == computed


def formula_cell(cell: FormulaCell, value: Cell, array: Area | None, meta: int | None) -> bytes:
    """A formula cell with its value; `array` and `meta` where it spills and the file does not say so yet."""
    kind, text = stored(value)
    attributes = _TYPE.sub(b"", cell.attributes) if b't="' in cell.attributes else cell.attributes
    formula = cell.formula_attributes
    if array is not None:
        formula = _array_attributes(formula, array)
    if meta is not None:
        attributes = _META.sub(b"", attributes) + f' cm="{meta}"'.encode()
    space = ' xml:space="preserve"' if text != text.strip() else ""
    new = f"<v{space}>{text}</v>".encode()
    rest = _with_value(cell.rest, new)
    inside = cell.source_text
    element = b"<f%s>%s</f>" % (formula, inside) if inside else b"<f%s/>" % formula
    place = address(cell.row, cell.column).encode()
    return b'<c r="%s"%s%s>%s%s</c>' % (place, attributes, kind.encode(), element, rest)


def _with_value(rest: bytes, value: bytes) -> bytes:
    """What follows the formula in a cell, with the value in place of the old one."""
    if not rest or (rest.startswith(b"<v>") and rest.find(b"<", 3) == len(rest) - 4):
        return value
    rest = _INLINE.sub(b"", rest)
    return _VALUE.sub(lambda _: value, rest, count=1) if _VALUE.search(rest) else value + rest


def _array_attributes(attributes: bytes, area: Area) -> bytes:
    kept = re.sub(rb'\s(?:t|ref|si)="[^"]*"', b"", attributes)
    return f' t="array" ref="{area}"'.encode() + kept


def with_values(sheet: SheetXml, wanted: Mapping[int, Mapping[int, Cell]], report: Report) -> bytes:
    """The sheet with values put beside array formulas: by row and column; None clears a cell.

    Cells and rows come into being in order; `report` is told row, column, old and new value of each change.
    """
    rows = sorted(wanted)
    data, pieces, position, next_row = sheet.data, [], sheet.body_start, 0
    for match in _ROW.finditer(data, sheet.body_start, sheet.body_end):
        number = int(match[1])
        while next_row < len(rows) and rows[next_row] < number:
            pieces.append(data[position : match.start()])
            position = match.start()
            pieces.append(_new_row(rows[next_row], wanted[rows[next_row]], report))
            next_row += 1
        if next_row == len(rows):
            break
        if rows[next_row] == number:
            new = _row(match, wanted[number], report)
            if new is not None:
                pieces += [data[position : match.start()], new]
                position = match.end()
            next_row += 1
    pieces.append(data[position : sheet.body_end])
    pieces += [_new_row(number, wanted[number], report) for number in rows[next_row:]]
    return b"".join((data[: sheet.body_start], *pieces, data[sheet.body_end :]))


def _new_row(number: int, wanted: Mapping[int, Cell], report: Report) -> bytes:
    cells = [
        _new_cell(number, column, value, report)
        for column, value in sorted(wanted.items())
        if value is not None
    ]
    return b'<row r="%d">%s</row>' % (number, b"".join(cells)) if cells else b""


def _new_cell(row: int, column: int, value: Cell, report: Report, attributes: bytes = b"") -> bytes:
    report(row, column, None, value)
    return _cell_bytes(row, column, value, attributes)


def _cell_bytes(row: int, column: int, value: Cell, attributes: bytes) -> bytes:
    kind, text = stored(value)
    space = ' xml:space="preserve"' if text != text.strip() else ""
    place = address(row, column)
    return b'<c r="%s"%s%s><v%s>%s</v></c>' % (
        place.encode(),
        attributes,
        kind.encode(),
        space.encode(),
        text.encode(),
    )


def _row(match: re.Match[bytes], wanted: Mapping[int, Cell], report: Report) -> bytes | None:
    """An existing row with the wanted values, or None where it has them already."""
    number, inside = int(match[1]), match[3] or b""
    pieces: list[bytes] = []
    position, changed, inserted = 0, False, False
    columns = sorted(wanted)
    next_column = 0
    for found in _CELL.finditer(inside):
        column = column_number(found[1].decode())
        while next_column < len(columns) and columns[next_column] < column:
            value = wanted[columns[next_column]]
            if value is not None:
                pieces += [
                    inside[position : found.start()],
                    _new_cell(number, columns[next_column], value, report),
                ]
                position, inserted = found.start(), True
            next_column += 1
        if next_column < len(columns) and columns[next_column] == column:
            new = _changed_cell(number, column, found, wanted[column], report)
            if new is not None:
                pieces += [inside[position : found.start()], new]
                position, changed = found.end(), True
            next_column += 1
    pieces.append(inside[position:])
    for column in columns[next_column:]:
        if wanted[column] is not None:
            pieces.append(_new_cell(number, column, wanted[column], report))
            inserted = True
    if not changed and not inserted:
        return None
    attributes = _SPANS.sub(b"", match[2]) if inserted else match[2]
    return b'<row r="%d"%s>%s</row>' % (number, attributes.rstrip(b"/ "), b"".join(pieces))


def _changed_cell(row: int, column: int, found: re.Match[bytes], value: Cell, report: Report) -> bytes | None:
    """A cell beside an array formula with its new value, or None where it shows that already."""
    attributes, inside = found[2].rstrip(b"/ "), found[3] or b""
    cached = _cached(attributes, inside)
    if value is None:
        if not inside:
            return None
        report(row, column, cached, None)
        kept = _META.sub(b"", _TYPE.sub(b"", attributes))
        return b'<c r="%s"%s/>' % (address(row, column).encode(), kept) if kept.strip() else b""
    if same(cached, value):
        return None
    report(row, column, cached, value)
    return _cell_bytes(row, column, value, _TYPE.sub(b"", attributes))


def _cached(attributes: bytes, inside: bytes) -> Cell:
    kind = _TYPE.search(attributes)
    name = kind[1].decode() if kind else "n"
    if name == "inlineStr":
        return value_of("str", b"".join(_INLINE_TEXT.findall(inside)).decode())
    if name == "s":
        return CellError.REF  # a shared string beside an array was not put there by a calculation
    match = _VALUE_TEXT.search(inside)
    return value_of(name, match[1].decode()) if match else None


def dimension_grown(data: bytes, area: Area | None) -> bytes:
    """The sheet's `<dimension>` made to hold an area as well."""
    match = _DIMENSION.search(data)
    if match is None or area is None:
        return data
    old = parse_area(match[1].decode())
    new = Area(
        min(old.top, area.top),
        min(old.left, area.left),
        max(old.bottom, area.bottom),
        max(old.right, area.right),
    )
    if new == old:
        return data
    return data[: match.start(1)] + str(new).encode() + data[match.end(1) :]
