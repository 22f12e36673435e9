"""The examples as a workbook: each live below what it is expected to show, with OK or FAIL."""

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from xlinv.catalogue import Example, Function
from xlinv.cells import Block, Cell, CellError
from xlinv.functions import CATALOGUE
from xlinv.version import __version__
from xlinv.workbook.recalculation import recalculate
from xlinv.workbook.references import address, area_at

HEADINGS: Final = ("Function", "Example, and why", "Verdict", "", "Values")
_VERDICT, _SIDE, _VALUES = 2, 3, 4
_FIRST_ROW: Final = 3
_LINE: Final = 15  # the height of a line in points
# Characters that share a line: of text, of text beside many values, of all values, of a value at least.
_TEXT_WIDE, _NARROW_TEXT, _VALUES_WIDE, _VALUE_WIDE = 56, 44, 60, 12
_A4: Final = 9
_BUILT: Final = datetime(2000, 1, 1)  # the same bytes on every day
# Excel's ERROR.TYPE of each error that an example may show.
_ERROR_TYPE: Final = {error: number for number, error in enumerate(list(CellError)[:8], start=1)}


@dataclass(frozen=True)
class Verdicts:
    """How many examples show what is expected of them, and those that do not."""

    examples: int
    failed: tuple[str, ...]


def write_workbook(path: Path, functions: Mapping[str, Function] = CATALOGUE) -> None:
    """Write the examples of every function, one sheet per family, and recalculate them."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"title": f"xlinv {__version__}: worked examples", "created": _BUILT})
        styles = {name: book.add_format(style) for name, style in _STYLES.items()}
        families: dict[str, list[Function]] = {}
        for declared in functions.values():
            families.setdefault(declared.family, []).append(declared)
        sheets = {family: book.add_worksheet(family[:31]) for family in ("Summary", *families)}
        for sheet in sheets.values():
            sheet.set_landscape()
            sheet.set_paper(_A4)
            sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(_FIRST_ROW - 1)
            sheet.set_footer("&L&8Worked examples&C&8&A&R&8Page &P of &N")
        _write_summary(sheets.pop("Summary"), list(families), styles)
        for family, members in families.items():
            _FamilySheet(sheets[family], styles, members).write(family)
    recalculate(path)


def verdicts(path: Path) -> Verdicts:
    """What the verdict column of a recalculated workbook of examples says."""
    import openpyxl

    book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    examples, failed = 0, []
    for sheet in book.worksheets[1:]:
        for row in sheet.iter_rows(min_row=_FIRST_ROW + 1, max_col=_VERDICT + 1, values_only=True):
            if row[0] is not None:
                examples += 1
                if row[_VERDICT] != "OK":
                    failed.append(str(row[1]))
    book.close()
    return Verdicts(examples, tuple(failed))


_HEAD: Final = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F3864", "valign": "vcenter"}
_TOP: Final = {"valign": "top", "top": 1, "top_color": "#D0D3DA"}
_VALUE: Final = {"valign": "top", "align": "right", "text_wrap": True}
_CODE: Final = {"font_name": "Consolas", "font_size": 10}
_STYLES: Final[dict[str, dict[str, Any]]] = {
    "title": {"bold": True, "font_size": 16, "font_color": "#1F3864"},
    "note": {"font_color": "#595959"},
    "head": _HEAD,
    "number head": {**_HEAD, "align": "right"},
    "verdict head": {**_HEAD, "align": "center"},
    "name": {**_TOP, "bold": True, "font_color": "#1F3864"},
    "code": {**_TOP, **_CODE, "text_wrap": True},
    "why": {"valign": "top", "text_wrap": True, "font_color": "#595959"},
    "verdict": {**_TOP, "bold": True, "align": "center"},
    "first side": {**_TOP, "font_color": "#595959"},
    "side": {"valign": "top", "font_color": "#595959"},
    "first expected": {**_VALUE, **_TOP, "bg_color": "#F5F6F9"},
    "expected": {**_VALUE, "bg_color": "#F5F6F9"},
    "live": {**_VALUE, "bg_color": "#EAF1FB"},
    "ok": {"font_color": "#1E6B34", "bg_color": "#E2F0D9"},
    "fail": {"font_color": "#9C0006", "bg_color": "#FBD5D5"},
}

_SUMMARY: Final = (
    ("Family", "head"),
    ("Examples", "number head"),
    ("OK", "number head"),
    ("Verdict", "verdict head"),
)


def _write_summary(sheet: Any, families: list[str], styles: dict[str, Any]) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 3, 12)
    sheet.write(0, 0, "Worked examples of every function", styles["title"])
    told = (
        "Each is live below the value expected of it. FAIL shows where they differ, and wherever the "
        "functions of xlinv are not loaded."
    )
    sheet.write(1, 0, told, styles["note"])
    for number, (heading, style) in enumerate(_SUMMARY):
        sheet.write(2, number, heading, styles[style])
    for row, family in enumerate(families, start=_FIRST_ROW):
        column = f"'{family[:31]}'!{_column(_VERDICT)}"
        sheet.write_url(row, 0, f"internal:'{family[:31]}'!A1", string=family)
        sheet.write_formula(row, 1, f'=COUNTIF({column},"OK")+COUNTIF({column},"FAIL")')
        sheet.write_formula(row, 2, f'=COUNTIF({column},"OK")')
        place = address(row + 1, 2), address(row + 1, 3)
        sheet.write_formula(row, 3, f'=IF({place[0]}={place[1]},"OK","FAIL")', styles["verdict"])
    _colour(sheet, _FIRST_ROW, _FIRST_ROW + len(families) - 1, 3, styles)


def _column(column: int) -> str:
    letters = address(1, column + 1).rstrip("0123456789")
    return f"${letters}${_FIRST_ROW + 1}:${letters}$5000"


def _colour(sheet: Any, first: int, last: int, column: int, styles: dict[str, Any]) -> None:
    for word in ("OK", "FAIL"):
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": styles[word.lower()]}
        sheet.conditional_format(first, column, last, column, rule)


class _FamilySheet:
    """The examples of one family: the values expected of each, and the live ones below them."""

    def __init__(self, sheet: Any, styles: dict[str, Any], members: Iterable[Function]) -> None:
        self.sheet, self.styles = sheet, styles
        self.cases = [(f, example, _rows_shown(example)) for f in members for example in f.examples]
        self.width = max(len(rows[0]) for _, _, rows in self.cases)
        self.value_wide = max(_VALUE_WIDE, _VALUES_WIDE // self.width)
        self.text_wide = _TEXT_WIDE if self.width * _VALUE_WIDE <= _VALUES_WIDE else _NARROW_TEXT

    def write(self, family: str) -> None:
        sheet = self.sheet
        sheet.hide_gridlines(2)
        sheet.freeze_panes(_FIRST_ROW, 1)
        for column, width in enumerate((23, self.text_wide + 2, 8, 9)):
            sheet.set_column(column, column, width)
        sheet.set_column(_VALUES, _VALUES + self.width - 1, self.value_wide)
        sheet.write(0, 0, family, self.styles["title"])
        sheet.set_row(_FIRST_ROW - 1, 20)
        sheet.write_row(_FIRST_ROW - 1, 0, [*HEADINGS, *[""] * (self.width - 1)], self.styles["head"])
        sheet.write(_FIRST_ROW - 1, _VERDICT, HEADINGS[_VERDICT], self.styles["verdict head"])
        row = _FIRST_ROW
        for declared, example, rows in self.cases:
            self._write_case(row, declared, example, rows)
            row += 2 * len(rows)
        _colour(sheet, _FIRST_ROW, row - 1, _VERDICT, self.styles)

    def _write_case(self, row: int, declared: Function, example: Example, rows: Block) -> None:
        sheet, styles = self.sheet, self.styles
        live = row + len(rows)
        sheet.write(row, 0, declared.name, styles["name"])
        sheet.write(row, _SIDE, "expected", styles["first side"])
        sheet.write(live, _SIDE, "live", styles["side"])
        for first, text, style in ((row, example.formula, "code"), (live, example.why, "why")):
            self._write_beside(first, text, style, rows)
        for i, cells in enumerate(rows):
            for j in range(self.width):
                self._write_expected(row + i, j, cells[j] if j < len(cells) else None, i == 0)
        last = live + len(rows) - 1, _VALUES + len(rows[0]) - 1
        sheet.write_dynamic_array_formula(live, _VALUES, *last, example.formula, styles["live"])
        verdict = self._verdict(row, rows, example.tolerance)
        sheet.write_dynamic_array_formula(row, _VERDICT, row, _VERDICT, verdict, styles["verdict"])

    def _write_expected(self, row: int, part: int, cell: Cell, first: bool) -> None:
        value = str(cell) if isinstance(cell, CellError) else cell
        if value is not None:
            style = "first expected" if first else "expected"
            self.sheet.write(row, _VALUES + part, value, self.styles[style])
        elif first:
            self.sheet.write_blank(row, _VALUES + part, None, self.styles["first side"])

    def _write_beside(self, first: int, text: str, style: str, rows: Block) -> None:
        """A text beside the rows of values, which are made high enough for it and for their own texts."""
        last = first + len(rows) - 1
        if last > first:
            self.sheet.merge_range(first, 1, last, 1, "", self.styles[style])
        self.sheet.write_string(first, 1, text, self.styles[style])
        lines = [max(_lines(cell, self.value_wide) for cell in cells) for cells in rows]
        lines[0] += max(0, _lines(text, self.text_wide) - sum(lines))
        for row, count in enumerate(lines, start=first):
            if count > 1:
                self.sheet.set_row(row, _LINE * count)

    def _verdict(self, row: int, rows: Block, tolerance: float) -> str:
        """OK where every cell shows what is expected: numbers within the tolerance, errors of their kind."""
        first_live = row + len(rows)
        expected = area_at(row + 1, _VALUES + 1, len(rows), len(rows[0]))
        live = area_at(first_live + 1, _VALUES + 1, len(rows), len(rows[0]))
        near = f"ABS({live}-{expected})<={tolerance:g}*(1+ABS({expected}))"
        same = f"SUM(IFERROR(--IF(ISNUMBER({expected}),{near},{live}={expected}),0))"
        errors = [
            f"(IFERROR(ERROR.TYPE({address(first_live + 1 + i, _VALUES + 1 + j)}),0)={_ERROR_TYPE[cell]})"
            for i, cells in enumerate(rows)
            for j, cell in enumerate(cells)
            if isinstance(cell, CellError)
        ]
        return f'=IF({"+".join([same, *errors])}={len(rows) * len(rows[0])},"OK","FAIL")'


def _rows_shown(example: Example) -> Block:
    return example.shows if isinstance(example.shows, list) else [[example.shows]]


def _lines(shown: Cell, wide: int) -> int:
    """Lines that a text needs where so many characters fit on one; numbers are rounded to fit."""
    return len(textwrap.wrap(shown, wide, break_on_hyphens=False)) or 1 if isinstance(shown, str) else 1
