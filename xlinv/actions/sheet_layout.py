"""How a result sheet looks: title, facts of the run, notes, charts, tables, widths and formats."""

import textwrap
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from xlinv.actions.report import Column, OutSheet, Table
from xlinv.cells import Cell, CellError

_FORMATS: Final = {
    "number": "#,##0.00",
    "units": "#,##0",
    "money": "#,##0",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
    "days": "0.0",
}
# Blanks in front, so that text keeps off the number to its left.
_TEXT_BESIDE_NUMBER: Final = '"   "@'
_FONT, _FONT_SIZE, _TITLE_SIZE, _TITLE_HEIGHT = "Arial", 10, 14, 22
_TITLE_FONT: Final = (31, 56, 100)
HEADER_FILL: Final = (31, 56, 100)
HEADER_FONT: Final = (255, 255, 255)
NOTE_FONT: Final = (89, 89, 89)
_TOTAL_FILL: Final = (237, 240, 246)
_CHART_WIDTH, _CHART_HEIGHT, _CHART_GAP = 440, 255, 15
_ROW_HEIGHT: Final = 15
_LONG_TABLE: Final = 25
# Wider tables than this have their charts above them: beside them they would print too small to read.
_WIDEST_BESIDE_CHART: Final = 85.0
_NARROWEST, _WIDEST = 9.0, 44.0
_NARROWEST_NOTE, _WIDEST_NOTE = 90, 130
_FORMULA_STARTS: Final = ("=", "+", "-", "@")


def write_sheet(sheet: Any, content: OutSheet, header: Sequence[tuple[str, str]]) -> None:
    """Replace all that a sheet holds by the content, under a header with the facts of the run."""
    for chart in list(sheet.charts):
        chart.delete()
    used = sheet.used_range.row + sheet.used_range.shape[0]
    sheet.clear()
    widths = _widths(content.tables)
    row = _write_head(sheet, content, header, sum(widths)) + 1
    charts = [table for table in content.tables if table.chart is not None and table.rows]
    on_top = bool(charts) and sum(widths) > _WIDEST_BESIDE_CHART
    first = row
    if on_top:
        row += -(-len(charts) // 2) * (-(-(_CHART_HEIGHT + _CHART_GAP) // _ROW_HEIGHT))
    for column, width in enumerate(widths, start=1):
        sheet.range((1, column)).column_width = width
    headings, tables = {}, row
    for table in content.tables:
        headings[table.title] = row + 1
        row = _write_table(sheet, table, row) + 2
    last = max(row, used)
    _dress(sheet, tables, last, max(len(widths), 1))
    _write_charts(sheet, charts, headings, (first, 1) if on_top else (tables + 1, len(widths) + 2), on_top)
    if content.tables and (len(content.tables) == 1 or content.tables[-1].rows > _LONG_TABLE):
        heading = headings[content.tables[-1].title]
        _repeat_headings(sheet, heading, freeze=len(content.tables) == 1 and not on_top)
    _set_page(sheet)


def _write_head(sheet: Any, content: OutSheet, header: Sequence[tuple[str, str]], width: float) -> int:
    """Title, facts of the run, where its figures come from, and notes; the row after them."""
    sheet.range("A1").value = content.title
    facts = [f"{name} {value}".strip() for name, value in header if name != "from"]
    sources = [f"From {value}" for name, value in header if name == "from"]
    across = int(min(max(width, _NARROWEST_NOTE), _WIDEST_NOTE))
    notes = [line for note in content.notes for line in textwrap.wrap(note, across)]
    grey = ["  ·  ".join(facts), *textwrap.wrap(" ".join(sources), across)]
    lines = [*grey, *notes]
    sheet.range((2, 1), (1 + len(lines), 1)).value = [[safe(line)] for line in lines]
    sheet.range((2, 1), (1 + len(grey), 1)).font.color = NOTE_FONT
    return 2 + len(lines)


def _write_table(sheet: Any, table: Table, row: int) -> int:
    """Write title, headings and rows from `row` on; the row after the last."""
    sheet.range((row, 1)).value = safe(table.title)
    sheet.range((row, 1)).font.bold = True
    sheet.range((row, 1)).font.color = _TITLE_FONT
    top, width, count = row + 1, len(table.columns), table.rows
    headings = sheet.range((top, 1), (top, width))
    headings.value = [safe(column.heading) for column in table.columns]
    headings.color, headings.font.color, headings.font.bold = HEADER_FILL, HEADER_FONT, True
    headings.wrap_text = True
    headings.vertical_alignment = "center"
    for number, column in enumerate(table.columns, start=1):
        if _is_number(column):
            sheet.range((top, number)).horizontal_alignment = "right"
    if count:
        _write_rows(sheet, table, top, count)
    return top + count + 1


def _write_rows(sheet: Any, table: Table, top: int, count: int) -> None:
    width = len(table.columns)
    for number, column in enumerate(table.columns, start=1):
        cells = sheet.range((top + 1, number), (top + count, number))
        beside_number = number > 1 and _is_number(table.columns[number - 2])
        if column.format != "text":
            cells.number_format = _FORMATS[column.format]
        elif beside_number:
            sheet.range((top, number), (top + count, number)).number_format = _TEXT_BESIDE_NUMBER
        if column.wrap:
            cells.wrap_text = True
        if column.options:
            cells.data_validation.set_list(list(column.options))
    if any(column.wrap for column in table.columns):
        sheet.range((top + 1, 1), (top + count, width)).vertical_alignment = "top"
    rows = [
        [safe(value) for value in values]
        for values in zip(*(_padded(column, count) for column in table.columns), strict=True)
    ]
    sheet.range((top + 1, 1), (top + count, width)).value = rows
    if rows[-1][0] == "Total":
        total = sheet.range((top + count, 1), (top + count, width))
        total.font.bold, total.color = True, _TOTAL_FILL


def _is_number(column: Column) -> bool:
    return column.format not in ("text", "date")


def _padded(column: Column, count: int) -> list[Cell]:
    return [*column.values, *[None] * (count - len(column.values))]


def _widths(tables: Sequence[Table]) -> list[float]:
    """The width of every column of the sheet: what the widest of its tables needs there."""
    widths: list[float] = []
    for table in tables:
        for number, column in enumerate(table.columns):
            widths.extend([_NARROWEST] * (number + 1 - len(widths)))
            widths[number] = max(widths[number], _width(column))
    return widths


def _width(column: Column) -> float:
    if column.width:
        return column.width
    longest = max((_shown_length(value, column) for value in column.values), default=0)
    words = max(map(len, column.heading.split()), default=0)
    return min(_WIDEST, max(_NARROWEST, longest + 2.0, words + 2.5, len(column.heading) / 2 + 2.5))


def _shown_length(value: Cell, column: Column) -> int:
    if isinstance(value, bool) or value is None:
        return 5
    if column.format == "date":
        return 10
    decimals = 3 if column.format == "number" else 0
    return len(f"{value:,.0f}") + decimals if isinstance(value, float | int) else len(str(value))


def _dress(sheet: Any, tables: int, last: int, columns: int) -> None:
    """One font throughout, a large title, rows as high as their text."""
    whole = sheet.range((1, 1), (last, columns))
    whole.font.name, whole.font.size = _FONT, _FONT_SIZE
    title = sheet.range("A1")
    title.font.bold, title.font.size, title.font.color = True, _TITLE_SIZE, _TITLE_FONT
    sheet.range((tables, 1), (last, columns)).rows.autofit()
    title.row_height = _TITLE_HEIGHT


def _write_charts(
    sheet: Any, charts: Sequence[Table], headings: dict[str, int], place: tuple[int, int], on_top: bool
) -> None:
    """The charts two by two above the tables, or one below the other beside them."""
    anchor = sheet.range(place)
    for number, table in enumerate(charts):
        assert table.chart is not None
        across = number % 2 if on_top else 0
        down = number // 2 if on_top else number
        left = anchor.left + across * (_CHART_WIDTH + _CHART_GAP)
        top = anchor.top + down * (_CHART_HEIGHT + _CHART_GAP)
        chart = sheet.charts.add(left, top, _CHART_WIDTH, _CHART_HEIGHT)
        row, column = headings[table.title], table.chart.first + 1
        count = table.rows - (table.columns[0].values[-1] == "Total")
        chart.set_source_data(sheet.range((row, column), (row + count, column + table.chart.columns - 1)))
        chart.chart_type = table.chart.kind
        chart.title = table.chart.title


def _repeat_headings(sheet: Any, row: int, freeze: bool) -> None:
    """Keep the headings of the only or last table in sight, on the screen and on every page."""
    if freeze:
        sheet.freeze_panes.freeze_at(sheet.range((1, 1), (row, 1)).get_address(False, False))
    quoted = sheet.name.replace("'", "''")
    sheet.names.add("Print_Titles", f"='{quoted}'!${row}:${row}")


def _set_page(sheet: Any) -> None:
    """Lying, as wide as one page; xlwings has no word for it, so only where Excel itself is behind."""
    with suppress(Exception):
        page = sheet.api.PageSetup
        page.Orientation, page.Zoom, page.FitToPagesWide, page.FitToPagesTall = 2, False, 1, False


def safe(value: Cell) -> Any:
    """A value that a cell shows as it is: text that begins like a formula is marked as text."""
    if isinstance(value, CellError):
        return str(value)
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value
