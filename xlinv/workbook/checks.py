"""Check cells: names that begin with chk_, and the result column of the table tblChecks."""

from collections.abc import Iterator
from typing import Final

from xlinv.cells import Block, Cell, CellError
from xlinv.workbook.book_xml import BookXml
from xlinv.workbook.references import Area, address, parse_area

_TABLE: Final = "tblchecks"
_RESULT: Final = "result"
_PREFIX: Final = "chk_"


def check_areas(book: BookXml) -> Iterator[tuple[str, str, Area]]:
    """What a check is called, its sheet, and the cells that hold its result."""
    sheets = {sheet.name.lower(): sheet.name for sheet in book.worksheets}
    for (_, name), text in book.names.items():
        sheet, _, cells = text.rpartition("!")
        home = sheets.get(sheet.strip("'").replace("''", "'").lower())
        if name.startswith(_PREFIX) and home:
            try:
                yield name, home, parse_area(cells)
            except ValueError:
                continue
    table = book.tables.get(_TABLE)
    if table is not None and _RESULT in table.columns:
        column = table.area.left + table.columns.index(_RESULT)
        if table.first_row <= table.last_row:
            yield table.name, table.sheet, Area(table.first_row, column, table.last_row, column)


def failed(title: str, sheet: str, area: Area, values: Block) -> Iterator[str]:
    """A sentence for every cell that shows a failed check."""
    for i, row in enumerate(values):
        for j, value in enumerate(row):
            if _fails(value):
                place = address(area.top + i, area.left + j)
                yield f"check {title} in {sheet}!{place} shows {_shown(value)}"


def _fails(value: Cell) -> bool:
    if isinstance(value, str):
        return value.strip().upper().startswith("FAIL")
    return value is False or isinstance(value, CellError)


def _shown(value: Cell) -> str:
    return "FALSE" if value is False else str(value)
