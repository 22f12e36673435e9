"""The cells of one sheet in memory: what they show, their formulas and formats, and what was changed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Final

from xlinv.cells import Cell, CellError
from xlinv.workbook.formula import Shape, shape
from xlinv.workbook.references import Area, address, column_number, moved, parse_area
from xlinv.workbook.sheet_xml import SheetXml, value_of

Place = tuple[int, int]

_CELL: Final = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_FORMULA: Final = re.compile(rb"<f([^>]*?)(?:/>|>([^<]*)</f>)")
_VALUE: Final = re.compile(rb"<v(?:\s[^>]*)?>([^<]*)</v>")
_TEXT: Final = re.compile(rb"<t(?:\s[^>]*)?>([^<]*)</t>")
_PHONETIC: Final = re.compile(rb"<rPh\b.*?</rPh>", re.DOTALL)
_ATTRIBUTE: Final = re.compile(rb'(\w+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as typed, with the rectangle it fills where it is an array formula."""

    text: str
    area: Area | None = None
    dynamic: bool = False


@dataclass
class Grid:
    """What a sheet holds, by row and column from 1."""

    values: dict[Place, Cell] = field(default_factory=dict)
    formulas: dict[Place, Formula] = field(default_factory=dict)
    formats: dict[Place, int] = field(default_factory=dict)
    changed: set[Place] = field(default_factory=set)
    formulas_changed: bool = False

    def put(self, place: Place, value: Cell) -> None:
        """Show a value in a cell, in place of whatever it held."""
        if self.formulas.pop(place, None) is not None:
            self.formulas_changed = True
        if value is None:
            self.values.pop(place, None)
        else:
            self.values[place] = value
        self.changed.add(place)

    def put_rows(self, top: int, left: int, rows: Sequence[Sequence[Cell]]) -> None:
        """Show rows of values from a corner on."""
        formulas = self.formulas
        for i, row in enumerate(rows, start=top):
            for j, value in enumerate(row, start=left):
                if formulas and formulas.pop((i, j), None) is not None:
                    self.formulas_changed = True
                if value is None:
                    self.values.pop((i, j), None)
                else:
                    self.values[i, j] = value
            self.changed.update((i, j) for j in range(left, left + len(row)))

    def put_formula(self, place: Place, formula: Formula) -> None:
        """Put a formula into a cell; what it shows is not known until it is calculated."""
        self.formulas[place] = formula
        self.formulas_changed = True
        self.values.pop(place, None)
        self.changed.add(place)

    def format(self, place: Place, index: int) -> None:
        self.formats[place] = index
        self.changed.add(place)

    def clear_contents(self) -> None:
        """Empty every cell."""
        self.changed |= self.values.keys() | self.formulas.keys()
        self.formulas_changed = self.formulas_changed or bool(self.formulas)
        self.values.clear()
        self.formulas.clear()

    def used(self) -> Area:
        """The rectangle of all cells that hold something."""
        rows: set[int] = set()
        columns: set[int] = set()
        for held in (self.values, self.formulas):
            for row, column in held:
                rows.add(row)
                columns.add(column)
        if not rows:
            return Area(1, 1, 1, 1)
        return Area(min(rows), min(columns), max(rows), max(columns))


def read_grid(sheet: SheetXml, shared_strings: Sequence[str]) -> Grid:
    """Every cell of a sheet, shared formulas as they read in each cell."""
    grid = Grid()
    shared: dict[str, tuple[str, int, int]] = {}
    for found in _CELL.finditer(sheet.data, sheet.body_start, sheet.body_end):
        letters, digits, attributes, inside = found.groups()
        place = int(digits), column_number(letters.decode())
        kind = "n"
        if attributes:
            for name, value in _ATTRIBUTE.findall(attributes):
                if name == b"s":
                    grid.formats[place] = int(value)
                elif name == b"t":
                    kind = value.decode()
        if not inside:
            continue
        if b"<f" in inside:
            formula = _formula(inside, place, b"cm=" in attributes, shared)
            if formula is not None:
                grid.formulas[place] = formula
        shown = _shown(kind, inside, shared_strings)
        if shown is not None:
            grid.values[place] = shown
    return grid


def _shown(kind: str, inside: bytes, shared_strings: Sequence[str]) -> Cell:
    if kind == "inlineStr":
        return "".join(unescape(text.decode()) for text in _TEXT.findall(_PHONETIC.sub(b"", inside)))
    found = _VALUE.search(inside)
    if found is None:
        return None
    text = found[1].decode()
    if kind == "s":
        position = int(text)
        return shared_strings[position] if position < len(shared_strings) else CellError.REF
    return value_of(kind, text)


def _formula(
    inside: bytes, place: Place, dynamic: bool, shared: dict[str, tuple[str, int, int]]
) -> Formula | None:
    found = _FORMULA.search(inside)
    if found is None:
        return None
    attributes = {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(found[1])}
    text = unescape((found[2] or b"").decode())
    if attributes.get("t") == "array":
        return Formula("=" + text, parse_area(attributes.get("ref", address(*place))), dynamic)
    if attributes.get("t") == "shared":
        key = attributes.get("si", "")
        if text:
            shared[key] = text, *place
        elif key in shared:
            first, row, column = shared[key]
            text = moved_formula(first, place[0] - row, place[1] - column)
    return Formula("=" + text) if text else None


def moved_formula(text: str, rows: int, columns: int) -> str:
    """A formula, without its `=`, as it reads after being copied down and right."""
    own = shape(text)
    return Shape(own.key, [moved(reference, rows, columns) for reference in own.references]).text()


def read_shared_strings(data: bytes) -> list[str]:
    """The texts that the cells of all sheets refer to by number."""
    items = re.findall(rb"<si>(.*?)</si>|<si/>", data, re.DOTALL)
    return [
        "".join(unescape(text.decode()) for text in _TEXT.findall(_PHONETIC.sub(b"", item))) for item in items
    ]
