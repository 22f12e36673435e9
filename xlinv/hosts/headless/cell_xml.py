"""Cells as XML, and sheets whose changed cells are put among the bytes that stay."""

import re
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Final
from xml.sax.saxutils import escape

from xlinv.cells import Cell
from xlinv.hosts.headless.document import DEFAULT_HEIGHT
from xlinv.hosts.headless.grid import Grid, Place
from xlinv.workbook.engine import stored
from xlinv.workbook.references import address, column_number
from xlinv.workbook.sheet_xml import MAIN, SheetXml

_ROW: Final = re.compile(rb'<row r="([0-9]+)"([^>]*?)(?:/>|>(.*?)</row>)', re.DOTALL)
_CELL: Final = re.compile(rb'<c r="([A-Z]+)[0-9]+"(?:[^>]*?)(?:/>|>.*?</c>)', re.DOTALL)
_SPANS: Final = re.compile(rb'\sspans="[^"]*"')
_EMPTY_BODY: Final = re.compile(rb"<sheetData[^>]*/>")
_HEIGHT: Final = re.compile(rb'\s(?:ht|customHeight)="[^"]*"')
# Characters that XML cannot hold; Excel stores them as their code in this form.
_UNSTORABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def cell_xml(place: Place, grid: Grid, dynamic_meta: int) -> bytes:
    """One cell with its format, formula and value; empty where it holds nothing."""
    value = grid.values.get(place)
    if type(value) is float and isfinite(value) and place not in grid.formulas and place not in grid.formats:
        return b'<c r="%s"><v>%s</v></c>' % (address(*place).encode(), repr(value).encode())
    formula = grid.formulas.get(place)
    style = grid.formats.get(place)
    if value is None and formula is None and style is None:
        return b""
    look = f' s="{style}"' if style else ""
    where = address(*place)
    if formula is None:
        return _constant(where, look, value).encode()
    array = ""
    if formula.area is not None:
        look += f' cm="{dynamic_meta}"' if formula.dynamic else ""
        array = f' t="array" ref="{formula.area}"'
    kind, text = stored(value) if value is not None else ("", "")
    shown = f"<v>{text}</v>" if value is not None else ""
    return f'<c r="{where}"{look}{kind}><f{array}>{escape(formula.text[1:])}</f>{shown}</c>'.encode()


def _constant(where: str, look: str, value: Cell) -> str:
    if value is None:
        return f'<c r="{where}"{look}/>'
    if isinstance(value, str):
        text = escape(_UNSTORABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", value), {"\r": "&#13;"})
        space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
        return f'<c r="{where}"{look} t="inlineStr"><is><t{space}>{text}</t></is></c>'
    kind, text = stored(value)
    return f'<c r="{where}"{look}{kind}><v>{text}</v></c>'


def sheet_data(grid: Grid, places: Iterable[Place], dynamic_meta: int, heights: Mapping[int, float]) -> bytes:
    """Rows of the given cells, in order."""
    pieces: list[bytes] = []
    current = 0
    for place in sorted(places):
        xml = cell_xml(place, grid, dynamic_meta)
        if not xml:
            continue
        if place[0] != current:
            pieces.append(b"</row>" if current else b"")
            pieces.append(b'<row r="%d"%s>' % (place[0], _height(heights, place[0])))
            current = place[0]
        pieces.append(xml)
    return b"".join([*pieces, b"</row>" if current else b""])


def _height(heights: Mapping[int, float], row: int) -> bytes:
    return b' ht="%s" customHeight="1"' % f"{heights[row]:g}".encode() if row in heights else b""


def with_changed_cells(sheet: SheetXml, grid: Grid, dynamic_meta: int, heights: Mapping[int, float]) -> bytes:
    """The sheet with its changed cells and row heights rewritten; every other byte stays."""
    wanted: dict[int, dict[int, bytes]] = {}
    for row, column in grid.changed:
        wanted.setdefault(row, {})[column] = cell_xml((row, column), grid, dynamic_meta)
    for row in heights:
        wanted.setdefault(row, {})
    rows = sorted(wanted)
    data, pieces, position, following = sheet.data, [], sheet.body_start, 0
    for match in _ROW.finditer(data, sheet.body_start, sheet.body_end):
        number = int(match[1])
        while following < len(rows) and rows[following] < number:
            pieces += [
                data[position : match.start()],
                _row(rows[following], b"", b"", wanted, heights),
            ]
            position = match.start()
            following += 1
        if following == len(rows):
            break
        if rows[following] == number:
            pieces += [
                data[position : match.start()],
                _row(number, match[2], match[3] or b"", wanted, heights),
            ]
            position = match.end()
            following += 1
    pieces.append(data[position : sheet.body_end])
    pieces += [_row(number, b"", b"", wanted, heights) for number in rows[following:]]
    start, rest = data[: sheet.body_start], data[sheet.body_end :]
    empty = _EMPTY_BODY.match(rest)  # `<sheetData/>`: nothing lies inside it, so it is opened here
    if empty:
        start, rest = start + b"<sheetData>", b"</sheetData>" + rest[empty.end() :]
    return b"".join([start, *pieces, rest])


def _row(
    number: int,
    attributes: bytes,
    inside: bytes,
    wanted: Mapping[int, Mapping[int, bytes]],
    heights: Mapping[int, float],
) -> bytes:
    """A row with the wanted cells in place of the ones it had."""
    cells = {column_number(found[1].decode()): found[0] for found in _CELL.finditer(inside)}
    cells.update(wanted[number])
    body = b"".join(cells[column] for column in sorted(cells))
    attributes = _SPANS.sub(b"", attributes).rstrip(b"/ ")
    if number in heights:
        attributes = _HEIGHT.sub(b"", attributes) + _height(heights, number)
    return b'<row r="%d"%s>%s</row>' % (number, attributes, body) if body or attributes else b""


def new_sheet_start() -> bytes:
    """The head of a sheet that did not exist."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{MAIN}" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetFormatPr defaultRowHeight="{DEFAULT_HEIGHT:g}" customHeight="1"/>'
    ).encode()
