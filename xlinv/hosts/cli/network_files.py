"""The files of `xlinv solve`: two tables in, each from a .csv or a sheet of an .xlsx, and a plan out."""

import csv
import os
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xlinv.cells import InputError

if TYPE_CHECKING:
    from xlinv.network import Plan

_BOOKS: Final = (".xlsx", ".xlsm")
_SEPARATORS: Final = ",;\t"
_WIDEST: Final = 40
_NARROWEST: Final = 13
# Characters of a note on one line of its merged cells, and the height of such a line in points.
_NOTE_WIDTH: Final = 65
_LINE_HEIGHT: Final = 15
_A4: Final = 9
_HEADING: Final = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"}
_UNITS: Final = {
    "inbound_service_time": "periods", "outbound_service_time": "periods", "lead_time": "periods",
    "net_replenishment_time": "periods", "safety_stock": "units", "early_arrival_stock": "units",
    "base_stock": "units", "cycle_stock": "units", "pipeline_stock": "units", "demand_mean": "units/period",
    "demand_sd": "units/period", "unit_value": "money/unit", "value": "money", "cost": "money/period",
    "single_stage_stock": "units", "single_stage_cost": "money/period",
}  # fmt: skip

Row = dict[str, Any]


def read_table(source: str) -> list[Row]:
    """One table, every cell as text or number as it stands: `0012` stays `0012`, and `#N/A` an error.

    Raises InputError for a file, a sheet or a row that cannot be read.
    """
    path, sheet = _file_and_sheet(source)
    if not path.is_file():
        raise InputError("table", "must be a file", str(path))
    lines = _sheet_lines(path, sheet) if path.suffix.lower() in _BOOKS else _csv_lines(path)
    return _rows(lines, source)


def _file_and_sheet(source: str) -> tuple[Path, str]:
    """The file that a table is in, and the sheet where one is named after it."""
    name, _, sheet = (source, "", "") if Path(source).is_file() else source.partition("#")
    return Path(name), sheet


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
    import zlib
    from zipfile import BadZipFile

    from openpyxl import load_workbook

    try:
        with closing(load_workbook(path, read_only=True, data_only=True)) as book:
            if sheet and sheet not in book.sheetnames:
                known = ", ".join(book.sheetnames)
                raise InputError("sheet", f"must be a sheet of the workbook ({known})", sheet, str(path))
            return list((book[sheet] if sheet else book.worksheets[0]).iter_rows(values_only=True))
    except InputError:
        raise
    # What is no XML shows as a syntax error, whichever parser reads it.
    except (BadZipFile, zlib.error, SyntaxError, LookupError, ValueError):
        raise InputError("table", "must be a workbook that can be opened", str(path)) from None


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


def check_target(out: Path, sources: Sequence[str]) -> None:
    """Raises InputError for a file that no plan can be written to, before time is spent on the plan.

    `sources` are the tables as `read_table` takes them: inputs are never written over.
    """
    if out.suffix.lower() not in (".csv", ".xlsx"):
        raise InputError("out", "must end in .csv or .xlsx", str(out))
    if not out.parent.is_dir():
        raise InputError("out", "must lie in a folder that exists", str(out))
    if any(out.resolve() == _file_and_sheet(source)[0].resolve() for source in sources):
        raise InputError("out", "must not be one of the tables that are read", str(out))
    try:
        _temporary(out).touch()
        _temporary(out).unlink()
    except OSError as error:
        raise InputError("out", f"must be a file that can be written ({error.strerror})", str(out)) from None


def _temporary(out: Path) -> Path:
    """Where a file is written to before it takes its place."""
    return out.with_name(f".{out.name}.tmp")


def write_plan(plan: "Plan", out: Path) -> None:
    """Write the plan; the file appears whole or not at all. Raises OSError where it cannot be written."""
    temporary = _temporary(out)
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

    try:
        with xlsxwriter.Workbook(path) as book:
            _write_stages(plan, book)
            _write_summary(plan, book)
            for sheet in book.worksheets():
                sheet.set_landscape()
                sheet.set_paper(_A4)
                sheet.fit_to_pages(1, 0)
    except xlsxwriter.exceptions.XlsxWriterException as error:
        raise OSError(str(error)) from None


def _write_stages(plan: "Plan", book: Any) -> None:
    sheet = book.add_worksheet("Stages")
    heading, above_numbers = (book.add_format(_HEADING | {"align": side}) for side in ("left", "right"))
    number, text = book.add_format({"num_format": "#,##0.00"}), book.add_format({"align": "left"})
    table = plan.stages
    for column, name in enumerate(map(str, table)):
        values = table[name].tolist()
        unit = _UNITS.get(name)
        words = name.replace("_", " ").capitalize() + (f" [{unit}]" if unit else "")
        sheet.write(0, column, words, above_numbers if column else heading)
        sheet.write_column(1, column, values, number if column else text)
        widest = max(len(value) if column == 0 else len(f"{value:,.2f}") for value in values)
        longest_word = max(map(len, words.split()))
        sheet.set_column(column, column, min(max(widest + 2, longest_word + 2, _NARROWEST), _WIDEST))
    sheet.set_row(0, 3 * _LINE_HEIGHT)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
    sheet.repeat_rows(0)


def _write_summary(plan: "Plan", book: Any) -> None:
    """The figures, and below them what the plan leaves out of account and the limits it runs into."""
    from xlinv.actions.network_sheets import limit_in_words

    sheet = book.add_worksheet("Summary")
    heading, above_numbers = (book.add_format(_HEADING | {"align": side}) for side in ("left", "right"))
    number, share = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "0.0000%"})
    right = book.add_format({"align": "right"})
    text = book.add_format({"text_wrap": True, "valign": "top", "align": "left"})
    sheet.set_column(0, 1, 20)
    sheet.write(0, 0, "Figure", heading)
    sheet.write(0, 1, "Value", above_numbers)
    figures = plan.summary()
    for row, (name, value) in enumerate(figures.items(), start=1):
        how = share if name == "gap" else number if isinstance(value, float) else right
        sheet.write(row, 0, name.replace("_", " ").capitalize())
        sheet.write(row, 1, value, how)
    first_note = len(figures) + 2
    for row, note in enumerate(plan.notes, start=first_note):
        sheet.merge_range(row, 0, row, 5, note, text)
        sheet.set_row(row, _LINE_HEIGHT * -(-len(note) // _NOTE_WIDTH))
    below = first_note + len(plan.notes) + 1
    if plan.binding:
        sheet.merge_range(below, 0, below, 1, "Limits that the plan runs into", heading)
        sheet.write_column(below + 1, 0, [limit_in_words(limit) for limit in plan.binding])
