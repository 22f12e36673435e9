"""The XML of one sheet as bytes: its formula cells found by a scan, everything else left as it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from xlinv.cells import Cell, CellError
from xlinv.workbook.references import Area, address, column_number, parse_area
from xlinv.workbook.xml_text import attribute, escape, unescape

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

_FORMULA_CELL: Final = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"([^>]*)>\s*<f([^>]*?)(?:/>|>([^<]*)</f>)(.*?)</c>', re.DOTALL
)
_VALUE: Final = re.compile(rb"<v(?:\s[^>]*)?>([^<]*)</v>")
_TYPE: Final = re.compile(rb'\st="([^"]*)"')
_CELL_META: Final = re.compile(rb'\scm="([0-9]+)"')
_ATTRIBUTE: Final = re.compile(rb'([\w:]+)="([^"]*)"')
_ROW: Final = re.compile(rb"<row\s([^>]*)>")
_HIDDEN_ROW: Final = re.compile(rb'<row\s[^>]*hidden="(?:1|true)"')
# Attributes in another order, in single quotes, a prefix on every element, comments: legal, and rare.
_UNUSUAL: Final = re.compile(
    rb"<c(?:\s*>|\s+(?!r=\"[A-Z]{1,3}[0-9]{1,7}\")[^>]*>)|<(?:c|f|row|v)\s[^>]*?='|<row(?:\s*>|\s+(?!r=\")[^>]*>)"
    rb"|<!--|<!\[CDATA\[|<\w+:sheetData"
)


@dataclass(slots=True)
class FormulaCell:
    """A formula cell: where it lies in the bytes, its attributes, its formula and its cached value."""

    row: int
    column: int
    start: int
    end: int
    attributes: bytes
    formula_attributes: bytes
    source_text: bytes
    rest: bytes

    @property
    def text(self) -> str:
        """The formula without its `=`; empty where it is shared with an earlier cell."""
        text = self.source_text.decode()
        return unescape(text)

    def formula_attribute(self, name: bytes) -> str:
        for key, value in _ATTRIBUTE.findall(self.formula_attributes):
            if key == name:
                return unescape(value.decode())
        return ""

    @property
    def array(self) -> Area | None:
        """Where the formula's array lies, if it is stored as an array formula."""
        if b't="array"' not in self.formula_attributes:
            return None
        return parse_area(self.formula_attribute(b"ref") or address(self.row, self.column))

    @property
    def dynamic(self) -> bool:
        """Whether the array formula spills, rather than fill a range fixed by the user."""
        return bool(_CELL_META.search(self.attributes))

    def cached(self) -> tuple[str, str]:
        """The cached value as stored: type and escaped text; no type where there is no value."""
        rest = self.rest
        if rest.startswith(b"<v>") and rest.find(b"<", 3) == len(rest) - 4:
            text = rest[3:-4]
        else:
            match = _VALUE.search(rest) if rest else None
            if match is None:
                return "none", ""
            text = match[1]
        kind = _TYPE.search(self.attributes) if b't="' in self.attributes else None
        return kind[1].decode() if kind else "n", text.decode()


def value_of(kind: str, text: str) -> Cell:
    """A stored value as a cell."""
    if kind == "none":
        return None
    if kind == "b":
        return text.strip() in ("1", "true")
    if kind == "e":
        return CellError.from_text(unescape(text)) or CellError.VALUE
    if kind in ("n", ""):
        try:
            return float(text)
        except ValueError:
            return None
    return unescape(text)


class SheetXml:
    """The bytes of a sheet split at its cells."""

    def __init__(self, data: bytes) -> None:
        if _UNUSUAL.search(data) or b"<sheetData" not in data:
            data = canonical(data)
        self.data = data
        self.body_start, self.body_end = _body(data)

    def formula_cells(self) -> Iterator[FormulaCell]:
        """Every formula cell, in the order of the file."""
        columns: dict[bytes, int] = {}
        for match in _FORMULA_CELL.finditer(self.data, self.body_start, self.body_end):
            letters, digits, attributes, formula_attributes, text, rest = match.groups(b"")
            column = columns.get(letters)
            if column is None:
                column = columns[letters] = column_number(letters.decode())
            start, end = match.span()
            yield FormulaCell(int(digits), column, start, end, attributes, formula_attributes, text, rest)

    def formula_cell_at(self, start: int) -> FormulaCell:
        """The formula cell whose bytes begin at `start`."""
        match = _FORMULA_CELL.match(self.data, start)
        assert match is not None
        letters, digits, attributes, formula_attributes, text, rest = match.groups(b"")
        column = column_number(letters.decode())
        return FormulaCell(
            int(digits), column, start, match.end(), attributes, formula_attributes, text, rest
        )

    def row_heights(self) -> Iterator[tuple[int, float]]:
        """Number and height in points of every row that has a height of its own; 0 where it is hidden."""
        for match in _ROW.finditer(self.data, self.body_start, self.body_end):
            given = dict(_ATTRIBUTE.findall(match[1]))
            if given.get(b"hidden") in (b"1", b"true"):
                yield int(given[b"r"]), 0.0
            elif b"ht" in given:
                yield int(given[b"r"]), float(given[b"ht"])

    def has_hidden_rows(self) -> bool:
        return _HIDDEN_ROW.search(self.data, self.body_start, self.body_end) is not None

    def is_filtered(self) -> bool:
        return b"<filterColumn" in self.data[self.body_end :]

    def merged(self) -> list[Area]:
        """The merged ranges."""
        tail = self.data[self.body_end :]
        return [parse_area(ref.decode()) for ref in re.findall(rb'<mergeCell\s+ref="([^"]+)"', tail)]


def _body(data: bytes) -> tuple[int, int]:
    """Where the inside of `<sheetData>` begins and ends."""
    match = re.search(rb"<sheetData(?:\s[^>]*)?/?>", data)
    if match is None or match[0].endswith(b"/>"):
        position = match.start() if match else len(data)
        return position, position
    end = data.find(b"</sheetData>", match.end())
    return match.end(), end if end >= 0 else len(data)


def canonical(data: bytes) -> bytes:
    """The same sheet in the plain form that the scan reads: no prefix, double quotes, `r` on every cell."""
    writer = _Canonical()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.ordered_attributes = True
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.text
    parser.Parse(data, True)
    return "".join(writer.pieces).encode()


class _Canonical:
    def __init__(self) -> None:
        self.pieces = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n']
        self.prefix = ""
        self.row = self.column = 0

    def start(self, name: str, attributes: list[str]) -> None:
        pairs = list(zip(attributes[::2], attributes[1::2], strict=True))
        if len(self.pieces) == 1:
            pairs = self._root(pairs)
        name = self._plain(name)
        if name in ("c", "row"):
            pairs = self._placed(name, dict(pairs))
        self.pieces.append(f"<{name}" + "".join(f" {key}={attribute(value)}" for key, value in pairs) + ">")

    def _root(self, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
        for key, value in pairs:
            if value == MAIN and key.startswith("xmlns:"):
                self.prefix = key[6:] + ":"
                return [("xmlns", MAIN), *pairs]
        return pairs

    def _plain(self, name: str) -> str:
        return name.removeprefix(self.prefix) if self.prefix else name

    def _placed(self, name: str, given: dict[str, str]) -> list[tuple[str, str]]:
        if name == "row":
            self.row = int(given.pop("r", self.row + 1))
            self.column = 0
            return [("r", str(self.row)), *given.items()]
        place = given.pop("r", None)
        self.column = parse_area(place).left if place else self.column + 1
        return [("r", address(self.row, self.column)), *given.items()]

    def end(self, name: str) -> None:
        self.pieces.append(f"</{self._plain(name)}>")

    def text(self, text: str) -> None:
        self.pieces.append(escape(text))
