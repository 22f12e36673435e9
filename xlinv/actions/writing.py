"""A report written into a book: each result sheet whole, or none of them."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from xlinv.actions.report import Column, OutSheet, Report, Table
from xlinv.cells import Cell, CellError, InputError

_FORMATS: Final = {
    "text": "@",
    "number": "#,##0.00",
    "units": "#,##0",
    "money": "#,##0",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
    "days": "0.0",
}
HEADER_FILL: Final = (31, 56, 100)
HEADER_FONT: Final = (255, 255, 255)
NOTE_FONT: Final = (89, 89, 89)
_CHART_WIDTH, _CHART_HEIGHT = 460, 260
_NARROWEST, _WIDEST = 9.0, 44.0
# Errors of Excel itself, as pywin32 and appscript hand them over.
_HOST_ERRORS: Final = ("pywintypes", "pythoncom", "appscript", "aem")
_REFUSED: Final = (
    "Excel did not let the results be written: finish editing the cell (Enter), or unprotect the workbook "
    "(Review, Protect Workbook). Nothing was written."
)
_FORMULA_STARTS: Final = ("=", "+", "-", "@")


class RefusedError(OSError):
    """The host would not let a result be written, with what the user can do about it."""


@dataclass(frozen=True)
class _Before:
    """What a sheet showed before it was written to, to be put back where the writing fails."""

    sheet: Any
    existed: bool
    address: str = ""
    formulas: Any = None


def write_report(book: Any, report: Report, header: Sequence[tuple[str, str]]) -> None:
    """Write every sheet of the report; where one cannot be written, the book is as it was before."""
    done: list[_Before] = []
    active = book.sheets.active
    try:
        for sheet in report.sheets:
            done.append(_before(book, sheet.name))
            _write_sheet(done[-1].sheet, sheet, header)
    except BaseException as error:
        for before in reversed(done):
            _put_back(before)
        active.activate()
        if type(error).__module__.partition(".")[0] in _HOST_ERRORS:
            raise RefusedError(_REFUSED) from error
        raise
    if report.sheets:
        book.sheets[report.sheets[0].name].activate()


def _before(book: Any, name: str) -> _Before:
    names = [sheet.name.casefold() for sheet in book.sheets]
    if name.casefold() in names:
        sheet = book.sheets[names.index(name.casefold())]
        if is_protected(sheet):
            raise InputError("sheet", "must not be protected: unprotect it (Review, Unprotect Sheet)", name)
        used = sheet.used_range
        return _Before(sheet, True, used.address, used.formula)
    sheet = book.sheets.add(name, after=book.sheets[len(book.sheets) - 1])
    return _Before(sheet, False)


def is_protected(sheet: Any) -> bool:
    """Whether a sheet is locked against writing, where the host can tell: xlwings itself does not."""
    with suppress(Exception):
        return bool(getattr(sheet.api, "ProtectContents", getattr(sheet.api, "protected", False)))
    return False


def _put_back(before: _Before) -> None:
    if not before.existed:
        before.sheet.delete()
        return
    before.sheet.clear()
    before.sheet.range(before.address).formula = before.formulas


def _write_sheet(sheet: Any, content: OutSheet, header: Sequence[tuple[str, str]]) -> None:
    for chart in list(sheet.charts):
        chart.delete()
    sheet.clear()
    sheet.range("A1").value = content.title
    sheet.range("A1").font.bold = True
    sheet.range("A1").font.size = 14
    facts = "  ·  ".join(f"{name} {value}" for name, value in header)
    sheet.range("A2").value = safe(facts)
    sheet.range("A2").font.color = NOTE_FONT
    row = 3
    for note in content.notes:
        sheet.range((row, 1)).value = safe(note)
        row += 1
    row += 1
    widths: dict[int, float] = {}
    first_header = row + 1
    for table in content.tables:
        row = _write_table(sheet, table, row, widths) + 2
    for column, width in widths.items():
        sheet.range((1, column)).column_width = width
    sheet.range((first_header, 1), (max(row, first_header), max(widths, default=1))).rows.autofit()
    _write_charts(sheet, content, first_header, len(widths))
    if len(content.tables) == 1:
        sheet.freeze_panes.freeze_at(sheet.range((1, 1), (first_header, 1)).get_address(False, False))


def _write_table(sheet: Any, table: Table, row: int, widths: dict[int, float]) -> int:
    """Write title, headings and rows from `row` on; the row after the last."""
    sheet.range((row, 1)).value = safe(table.title)
    sheet.range((row, 1)).font.bold = True
    top, width, count = row + 1, len(table.columns), table.rows
    headings = sheet.range((top, 1), (top, width))
    headings.value = [safe(column.heading) for column in table.columns]
    headings.color, headings.font.color, headings.font.bold = HEADER_FILL, HEADER_FONT, True
    headings.wrap_text = True
    if count:
        for number, column in enumerate(table.columns, start=1):
            body = sheet.range((top + 1, number), (top + count, number))
            if column.format != "text":
                body.number_format = _FORMATS[column.format]
            if column.wrap:
                body.wrap_text = True
            if column.options:
                body.data_validation.set_list(list(column.options))
        if any(column.wrap for column in table.columns):
            sheet.range((top + 1, 1), (top + count, width)).vertical_alignment = "top"
        rows = [
            [safe(value) for value in values]
            for values in zip(*(_padded(c, count) for c in table.columns), strict=True)
        ]
        sheet.range((top + 1, 1), (top + count, width)).value = rows
    for number, column in enumerate(table.columns, start=1):
        widths[number] = max(widths.get(number, _NARROWEST), _width(column))
    return top + count + 1


def _padded(column: Column, count: int) -> list[Cell]:
    return [*column.values, *[None] * (count - len(column.values))]


def _width(column: Column) -> float:
    if column.width:
        return column.width
    longest = max((_shown_length(value) for value in column.values), default=0)
    words = max(map(len, column.heading.split()), default=0)
    return min(_WIDEST, max(_NARROWEST, longest + 2.0, words + 2.0, len(column.heading) / 2 + 2.0))


def _shown_length(value: Cell) -> int:
    if isinstance(value, bool) or value is None:
        return 5
    return len(f"{value:,.0f}") + 3 if isinstance(value, float | int) else len(str(value))


def _write_charts(sheet: Any, content: OutSheet, top: int, columns: int) -> None:
    anchor = sheet.range((top, columns + 2))
    offset = 0.0
    row = top
    for table in content.tables:
        if table.chart is not None and table.rows:
            chart = sheet.charts.add(anchor.left, anchor.top + offset, _CHART_WIDTH, _CHART_HEIGHT)
            left = table.chart.first + 1
            last = row + table.rows, left + table.chart.columns - 1
            chart.set_source_data(sheet.range((row, left), last))
            chart.chart_type = table.chart.kind
            chart.title = table.chart.title
            offset += _CHART_HEIGHT + 15
        row += table.rows + 3


def safe(value: Cell) -> Any:
    """A value that a cell shows as it is: text that begins like a formula is marked as text."""
    if isinstance(value, CellError):
        return str(value)
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value
