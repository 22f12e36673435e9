"""The files of `xlinv solve`: two tables in, each from a .csv or a sheet of an .xlsx, and a plan out."""

import csv
import os
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xlinv.cells import InputError

if TYPE_CHECKING:
    from xlinv.network import Plan

_BOOKS: Final = (".xlsx", ".xlsm")
_SEPARATORS: Final = ",;\t"
_WIDEST: Final = 40
# Characters of a note on one line of its merged cells, and the height of such a line in points.
_NOTE_WIDTH: Final = 65
_LINE_HEIGHT: Final = 15

Row = dict[str, Any]


def read_table(source: str) -> list[Row]:
    """One table, every cell as text or number as it stands: `0012` stays `0012`, and `#N/A` an error.

    Raises InputError for a file, a sheet or a row that cannot be read.
    """
    whole = Path(source)
    name, _, sheet = (source, "", "") if whole.is_file() else source.partition("#")
    path = Path(name)
    if not path.is_file():
        raise InputError("table", "must be a file", name)
    lines = _sheet_lines(path, sheet) if path.suffix.lower() in _BOOKS else _csv_lines(path)
    return _rows(lines, source)


def _csv_lines(path: Path) -> list[list[Any]]:
    """The lines of a text file, cells parted by what parts its heading: comma, semicolon or tab."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        rule = "must be text in UTF-8 (in Excel: save as CSV UTF-8) or an .xlsx workbook"
        raise InputError("table", rule, str(path)) from None
    heading = next((line for line in text.splitlines() if any(mark in line for mark in _SEPARATORS)), "")
    separator = max(_SEPARATORS, key=heading.count)
    try:
        return list(csv.reader(text.splitlines(keepends=True), delimiter=separator))
    except csv.Error as error:
        raise InputError("table", f"must be text in rows of cells ({error})", str(path)) from None


def _sheet_lines(path: Path, sheet: str) -> list[Sequence[Any]]:
    """The rows of a sheet, of the first one where none is named."""
    from zipfile import BadZipFile

    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError):
        raise InputError("table", "must be a workbook that can be opened", str(path)) from None
    try:
        if sheet and sheet not in book.sheetnames:
            known = ", ".join(book.sheetnames)
            raise InputError("sheet", f"must be a sheet of the workbook ({known})", sheet, str(path))
        return list((book[sheet] if sheet else book.worksheets[0]).iter_rows(values_only=True))
    finally:
        book.close()


def _rows(lines: Iterable[Sequence[Any]], source: str) -> list[Row]:
    """What is below the heading, by heading; columns without one are left out, and titles above it.

    The heading is the first row of more than one filled cell, as no table here has but one column.
    """
    rows = list(lines)
    first = next((i for i, row in enumerate(rows) if sum(cell not in (None, "") for cell in row) > 1), 0)
    heading, *below = rows[first:] or [()]
    names = ["" if cell is None else str(cell).strip() for cell in heading]
    repeated = {name for name in names if name and names.count(name) > 1}
    if repeated:
        raise InputError("columns", "must have different headings", min(repeated), source)
    for number, line in enumerate(below, start=2):
        beyond = [cell for cell in line[len(names) :] if cell not in (None, "")]
        if beyond:
            rule = f"must have no cells beyond its {len(names)} headings"
            raise InputError("row", rule, beyond[0], f"{source}, row {number}")
    return [{name: cell for name, cell in zip_longest(names, line[: len(names)]) if name} for line in below]


def check_target(out: Path) -> None:
    """Raises InputError for a file that no plan can be written to, before time is spent on the plan."""
    if out.suffix.lower() not in (".csv", ".xlsx"):
        raise InputError("out", "must end in .csv or .xlsx", str(out))
    if not out.parent.is_dir():
        raise InputError("out", "must lie in a folder that exists", str(out))


def write_plan(plan: "Plan", out: Path) -> None:
    """Write the plan; the file appears whole or not at all."""
    temporary = out.with_name(f".{out.name}.tmp")
    try:
        if out.suffix.lower() == ".csv":
            # With its mark of UTF-8, without which Excel takes accents for something else.
            plan.stages.to_csv(temporary, index=False, encoding="utf-8-sig")
        else:
            _write_book(plan, temporary)
        os.replace(temporary, out)
    finally:
        temporary.unlink(missing_ok=True)


def _write_book(plan: "Plan", path: Path) -> None:
    """A book of two sheets: the stages of the plan, and its figures."""
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        heading = book.add_format({"bold": True, "bottom": 1, "align": "right"})
        number = book.add_format({"num_format": "#,##0.00"})
        right = book.add_format({"align": "right"})
        share = book.add_format({"num_format": "0.0000%"})
        text = book.add_format({"text_wrap": True, "valign": "top", "align": "left"})
        stages, summary = book.add_worksheet("Stages"), book.add_worksheet("Summary")
        table = plan.stages
        for column, name in enumerate(map(str, table)):
            values = table[name].tolist()
            stages.write(0, column, name, heading)
            stages.write_column(1, column, values, number if column else text)
            widest = max(len(value) if column == 0 else len(f"{value:,.2f}") for value in values)
            stages.set_column(column, column, min(max(widest, len(name)) + 4, _WIDEST))
        stages.freeze_panes(1, 1)
        stages.autofilter(0, 0, len(table), len(table.columns) - 1)
        summary.set_column(0, 1, 20)
        summary.write_row(0, 0, ["figure", "value"], heading)
        for row, (name, value) in enumerate(plan.summary().items(), start=1):
            how = share if name == "gap" else number if isinstance(value, float) else right
            summary.write(row, 0, name)
            summary.write(row, 1, value, how)
        for row, note in enumerate(plan.notes, start=len(plan.summary()) + 2):
            summary.merge_range(row, 0, row, 5, note, text)
            summary.set_row(row, _LINE_HEIGHT * -(-len(note) // _NOTE_WIDTH))
        for sheet in (stages, summary):
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
        stages.repeat_rows(0)
