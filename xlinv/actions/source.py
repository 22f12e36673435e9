"""The tables that an action reads: selected, named, or found by their headings."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from xlinv.cells import Cell, InputError, cell
from xlinv.workbook.references import Area, address, parse_area

_UNIT = re.compile(r"\s*\[[^\]]*\]\s*$")


@dataclass(frozen=True)
class Source:
    """A table as it stands on a sheet: headings, rows of cells, and where that is."""

    name: str
    sheet: str
    address: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    hidden_rows: int = 0

    @property
    def place(self) -> str:
        return f"{self.sheet}!{self.address}"

    def position(self, *wanted: str) -> int | None:
        """The column whose heading, without its unit, is one of those wanted."""
        names = [folded(heading) for heading in self.headings]
        for name in wanted:
            if folded(name) in names:
                return names.index(folded(name))
        return None

    def column(self, *wanted: str) -> list[Cell]:
        """The cells of a column; raises InputError where there is none of the headings wanted."""
        position = self.position(*wanted)
        if position is None:
            told = " or ".join(f"'{name}'" for name in wanted)
            raise InputError("table", f"needs a column {told}", self.name, self.place)
        return [row[position] for row in self.rows]


def plain_heading(heading: str) -> str:
    """A heading without its unit."""
    return _UNIT.sub("", heading).strip()


def folded(heading: str) -> str:
    """A heading for comparison: without unit, case, blanks and hyphens."""
    return re.sub(r"[\s_\-.]", "", plain_heading(heading)).casefold()


def unit_of(heading: str) -> str:
    """The unit that stands in brackets after a heading; empty where there is none."""
    _, _, unit = heading.rpartition("[")
    return folded(unit.rstrip().rstrip("]")) if heading.rstrip().endswith("]") else ""


def cell_place(source: Source, row: int, column: int) -> str:
    """The address of a cell of a table, rows counted from 0 below the headings."""
    area: Area = parse_area(source.address)
    return f"{source.sheet}!{address(area.top + 1 + row, area.left + column)}"


def table_sources(book: Any) -> Iterable[Source]:
    """Every table (ListObject) of the book."""
    for sheet in book.sheets:
        if sheet.name.startswith("Out_"):
            continue
        for table in sheet.tables:
            if table.data_body_range is not None:
                yield read_range(table.range, table.name)


def selected_source(selection: Any) -> Source:
    """The table under the selection: the ListObject it lies in, else the filled block around it.

    Raises InputError where there is neither.
    """
    table = selection.table
    if table is not None:
        return read_range(table.range, table.name)
    if "," in selection.address:
        raise InputError("selection", "must be one block of cells on one sheet", selection.address)
    region = selection if selection.size > 1 else selection.current_region
    if region.shape[0] < 2 or region.size < 2:
        raise InputError(
            "selection", "must lie in a table with a header row and at least one row", selection.address
        )
    return read_range(region, f"{region.sheet.name}!{region.get_address(False, False)}")


def named_source(book: Any, name: str) -> Source:
    """The table of that name, or the range that an address or a defined name gives.

    Raises InputError where the book has neither.
    """
    for sheet in book.sheets:
        for table in sheet.tables:
            if table.name.casefold() == name.casefold():
                return read_range(table.range, table.name)
    try:
        sheet_name, _, address = name.rpartition("!")
        sheet = book.sheets[sheet_name.strip("'")] if sheet_name else book.sheets.active
        found = sheet.range(address)
    except (KeyError, ValueError, TypeError, IndexError):
        known = ", ".join(table.name for sheet in book.sheets for table in sheet.tables) or "none"
        raise InputError(
            "table", f"must be a table or range of the book (its tables: {known})", name
        ) from None
    return selected_source(found)


def read_range(area: Any, name: str) -> Source:
    """A range with a header row as a Source.

    Raises InputError for merged cells, a heading that is missing or stands twice.
    """
    if area.merge_cells:
        raise InputError("table", "must have no merged cells: unmerge them (Home, Merge & Center)", name)
    values = area.options(ndim=2, err_to_str=True, dates=_as_serial).value
    headings = ["" if value is None else str(value).replace("\n", " ").strip() for value in values[0]]
    place = f"{area.sheet.name}!{area.get_address(False, False)}"
    for number, heading in enumerate(headings, start=1):
        if not heading:
            raise InputError("table", f"needs a heading in column {number}", name, place)
    seen = {heading.casefold() for heading in headings}
    if len(seen) < len(headings):
        twice = next(h for h in headings if [o.casefold() for o in headings].count(h.casefold()) > 1)
        raise InputError("table", "must have each heading once", twice, place)
    rows = [tuple(cell(value) for value in row) for row in values[1:]]
    while rows and all(value in (None, "") for value in rows[-1]):
        rows.pop()
    hidden = _hidden_rows(area) if rows else 0
    return Source(name, area.sheet.name, area.get_address(False, False), tuple(headings), tuple(rows), hidden)


def _hidden_rows(area: Any) -> int:
    """How many rows are hidden, by hand or by a filter: an area of rows of one height is asked once."""
    height = area.row_height
    if height is not None:
        return 0 if height else int(area.shape[0])
    half = area.shape[0] // 2
    top, left = area.row, area.column
    right = left + area.shape[1] - 1
    parts = ((top, top + half - 1), (top + half, top + area.shape[0] - 1))
    return sum(_hidden_rows(area.sheet.range((first, left), (last, right))) for first, last in parts)


def _as_serial(**parts: Any) -> float:
    from datetime import datetime

    from xlinv.cells import serial

    parts.pop("tzinfo", None)
    return serial(datetime(**parts))
