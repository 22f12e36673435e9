"""How a template is laid out: pages with titles, tables, named cells, spilled formulas, print setup."""

import io
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from xlinv.templates.style import FAIL_COLOURS, LINE, OK_COLOURS, Formats, name_styles

# Properties carry this moment and parts this zip time, so that the same inputs make the same bytes.
_BUILT: Final = datetime(2026, 1, 31, 12, 0, 0)
_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)
_A3, _A4 = 8, 9


@dataclass(frozen=True)
class Column:
    """One column of a table: heading, how its numbers look, width, and values or a formula."""

    heading: str
    number: str = "text"
    width: float = 12
    values: Sequence[Any] = ()
    formula: str = ""
    choices: Sequence[str] = ()
    style: str = ""
    rows: int = 1
    wraps: bool = False

    @property
    def place(self) -> dict[str, Any]:
        if self.wraps:
            return {"align": "left", "indent": 1, "text_wrap": True}
        return {"align": "left", "indent": 1} if self.number == "text" else {"align": "right"}


class Book:
    """A workbook under construction; `save` writes it whole or not at all."""

    def __init__(self, title: str, subject: str) -> None:
        from xlsxwriter import Workbook

        self._bytes = io.BytesIO()
        self.workbook = Workbook(self._bytes, {"in_memory": True, "default_date_format": "d mmm yyyy"})
        self.workbook.set_properties(
            {"title": title, "subject": subject, "author": "xlinv", "company": "", "created": _BUILT}
        )
        self.workbook.set_calc_mode("auto")
        self.formats = Formats(self.workbook)
        self.title = title
        self.pages: list[Page] = []

    def page(self, name: str, kind: str, purpose: str, **layout: Any) -> "Page":
        """A new sheet; `kind` is Input, Calculation, Output or Control."""
        page = Page(self, name, kind, purpose, **layout)
        self.pages.append(page)
        return page

    def name(self, name: str, page: "Page", row: int, column: int) -> None:
        """Give a cell a name that formulas on every sheet can use."""
        self.workbook.define_name(name, f"={page.reference(row, column)}")

    def save(self, path: Path) -> None:
        """Write the book, with named styles and fixed times, through a temporary file."""
        self.workbook.close()
        temporary = path.with_name(f".{path.name}.tmp")
        with zipfile.ZipFile(self._bytes) as made, zipfile.ZipFile(temporary, "w") as out:
            for part in made.namelist():
                content = made.read(part)
                if part == "xl/styles.xml":
                    content = name_styles(content.decode()).encode()
                entry = zipfile.ZipInfo(part, _ZIP_TIME)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system = 3
                out.writestr(entry, content)
        os.replace(temporary, path)


@dataclass
class Page:
    """A sheet under construction; rows and columns count from 0."""

    book: Book
    name: str
    kind: str
    purpose: str
    title: str = ""
    widths: Sequence[float] = ()
    large_paper: bool = False
    portrait: bool = False
    one_page: bool = False
    sheet: Any = field(init=False)

    def __post_init__(self) -> None:
        self.sheet = self.book.workbook.add_worksheet(self.name)
        self.sheet.hide_gridlines(2)
        self.sheet.set_default_row(15)
        self.sheet.set_paper(_A3 if self.large_paper else _A4)
        if not self.portrait:
            self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 1 if self.one_page else 0)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.sheet.set_footer(f"&L&8{self.book.title}&C&8&A&R&8Page &P of &N")
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, width)
        self.text(0, 0, self.title or self.name, "x_Title")
        self.sheet.set_row(0, 24)
        self.text(1, 0, self.purpose, "x_Note")

    def reference(self, row: int, column: int) -> str:
        """The absolute address of a cell, for use in a formula on any sheet."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        sheet = f"'{self.name}'" if " " in self.name else self.name
        return f"{sheet}!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}"

    def cell(self, row: int, column: int) -> str:
        """The relative address of a cell, for use in a formula on this sheet."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        return str(xl_rowcol_to_cell(row, column))

    def block(self, row: int, column: int, last_row: int, last_column: int) -> str:
        """The absolute address of a block of cells, for use in a formula on this sheet."""
        from xlsxwriter.utility import xl_range_abs

        return str(xl_range_abs(row, column, last_row, last_column))

    def column(self, column: int) -> str:
        """The address of a whole column, for use in a formula on this sheet."""
        from xlsxwriter.utility import xl_col_to_name

        letter = xl_col_to_name(column, col_abs=True)
        return f"{letter}:{letter}"

    def text(self, row: int, column: int, text: str, style: str = "x_Text", **changes: Any) -> None:
        self.sheet.write_string(row, column, text, self.book.formats.get(style, **changes))

    def section(self, row: int, text: str, column: int = 0) -> None:
        self.text(row, column, text, "x_Section")

    def headings(
        self, row: int, column: int, headings: Sequence[str], style: str = "x_Out", height: float = 30
    ) -> None:
        """A row of headings; the first stands left, a heading that begins with a blank left and indented."""
        for offset, heading in enumerate(headings):
            place: dict[str, Any] = {"align": "left"} if offset == 0 else {"align": "center"}
            if heading.startswith(" "):
                place = {"align": "left", "indent": 1}
            self.text(row, column + offset, heading.strip(), style, **place)
        self.sheet.set_row(row, height)

    def value(
        self, row: int, column: int, value: Any, number: str = "text", name: str = "", style: str = "x_Input"
    ) -> None:
        """An input, a date or a text, named where `name` is given."""
        as_text = isinstance(value, str) or number == "text"
        place: dict[str, Any] = {"align": "left", "indent": 1} if as_text else {}
        form = self.book.formats.get(style, "date" if isinstance(value, date) else number, **place)
        if value is None:
            self.sheet.write_blank(row, column, None, form)
        elif isinstance(value, date):
            self.sheet.write_datetime(row, column, value, form)
        else:
            self.sheet.write(row, column, value, form)
        if name:
            self.book.name(name, self, row, column)

    def formula(
        self,
        row: int,
        column: int,
        formula: str,
        number: str = "text",
        name: str = "",
        style: str = "x_Calc",
        **changes: Any,
    ) -> None:
        """A formula that gives one value; its last value shows also where the catalogue is not installed."""
        self.sheet.write_formula(row, column, formula, self.book.formats.get(style, number, **changes))
        if name:
            self.book.name(name, self, row, column)

    def spill(
        self,
        row: int,
        column: int,
        formula: str,
        rows: int = 1,
        columns: int = 1,
        number: str = "text",
        name: str = "",
        style: str = "x_Calc",
        **changes: Any,
    ) -> None:
        """A formula that gives several values, over the cells it fills now."""
        form = self.book.formats.get(style, number, **changes)
        last = (row + rows - 1, column + columns - 1)
        self.sheet.write_dynamic_array_formula(row, column, *last, formula, form)
        if name:
            self.book.name(name, self, row, column)

    def named_values(self, row: int, values: Sequence[tuple[str, str, Any, str, str]]) -> int:
        """Rows of label, value, unit and note, each value under its name; the row after the last."""
        self.headings(row, 0, ("Setting", "Value", "Unit", " What it does", " ", " "), "x_Head", 18)
        for offset, (label, name, value, unit, note) in enumerate(values, start=1):
            self.text(row + offset, 0, label)
            self.value(row + offset, 1, value, _number_of(unit), name)
            self.text(row + offset, 2, unit, align="center")
            self.text(row + offset, 3, note, "x_Note", indent=1)
        return row + len(values) + 1

    def table(self, row: int, column: int, name: str, columns: Sequence[Column], height: float = 45) -> int:
        """A table with one heading row; the row after its last. Columns with values are inputs."""
        rows = max(max(len(col.values), col.rows) for col in columns)
        self.sheet.add_table(
            row,
            column,
            row + rows,
            column + len(columns) - 1,
            {
                "name": name,
                "style": None,
                "autofilter": False,
                "columns": [self._table_column(col) for col in columns],
            },
        )
        self.sheet.set_row(row, height)
        for offset, col in enumerate(columns):
            self._fill_column(row + 1, column + offset, col, rows)
        return row + rows + 1

    def _table_column(self, column: Column) -> dict[str, Any]:
        style = "x_Out" if column.formula or column.style else "x_Head"
        place = column.place if column.number == "text" else {"align": "center"}
        made = {
            "header": column.heading,
            "header_format": self.book.formats.get(style, **place),
        }
        if column.formula:
            made["formula"] = column.formula
            made["format"] = self.book.formats.get(column.style or "x_Calc", column.number, **column.place)
        return made

    def _fill_column(self, row: int, column: int, col: Column, rows: int) -> None:
        if not col.formula:
            for offset in range(rows):
                value = col.values[offset] if offset < len(col.values) else None
                self.value(row + offset, column, value, col.number, style=col.style or "x_Input")
        if col.choices:
            self.sheet.data_validation(
                row, column, row + rows - 1, column, {"validate": "list", "source": list(col.choices)}
            )

    def protect(self) -> None:
        """Lock what is not an input, without a password: a slip is prevented, a decision is not."""
        self.sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})

    def choose(self, row: int, column: int, source: Sequence[str] | str) -> None:
        """Offer a list of choices in a cell: texts, or a formula that gives a range."""
        self.sheet.data_validation(row, column, row, column, {"validate": "list", "source": source})

    def colour_checks(self, cells: str) -> None:
        """Green where a cell says OK, red where it says FAIL."""
        for word, colours in (("OK", OK_COLOURS), ("FAIL", FAIL_COLOURS)):
            self.sheet.conditional_format(
                cells,
                {
                    "type": "cell",
                    "criteria": "==",
                    "value": f'"{word}"',
                    "format": self.book.workbook.add_format(colours),
                },
            )

    def grey_where_not_installed(self, row: int, column: int, last_row: int, last_column: int) -> None:
        """Grey out #NAME?, which a spill shows where the catalogue is missing: the cells in front stay."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        rule = f"=IFERROR(ERROR.TYPE({xl_rowcol_to_cell(row, column)})=5,FALSE)"
        grey = self.book.workbook.add_format({"font_color": LINE})
        self.sheet.conditional_format(
            row, column, last_row, last_column, {"type": "formula", "criteria": rule, "format": grey}
        )

    def freeze(self, row: int, column: int, repeat: tuple[int, int] | None = None) -> None:
        """Keep the headings in sight, on the screen and on every printed page."""
        self.sheet.freeze_panes(row, column)
        first, last = repeat or (row - 1, row - 1)
        self.sheet.repeat_rows(first, last)

    def chart(self, row: int, column: int, options: Mapping[str, Any]) -> Any:
        """A native chart placed at a cell; `options` are its type, title, size and axes."""
        chart = self.book.workbook.add_chart(
            {key: options[key] for key in ("type", "subtype") if key in options}
        )
        font = {"name": "Arial", "size": 9, "color": "#404040"}
        chart.set_title({"name": options["title"], "name_font": {**font, "size": 11, "bold": True}})
        for axis in ("x_axis", "y_axis"):
            getattr(chart, f"set_{axis}")(
                {"num_font": font, "name_font": {**font, "bold": False}, **options.get(axis, {})}
            )
        chart.set_legend({"position": "bottom", "font": font} if options.get("legend") else {"none": True})
        chart.set_chartarea({"border": {"color": "#D0D3DA"}})
        chart.set_size({"width": options["width"], "height": options["height"]})
        self.sheet.insert_chart(row, column, chart, {"object_position": 2, "description": options["title"]})
        return chart


_NUMBER_OF_UNIT: Final = {
    "days": "integer", "months": "integer", "per year": "percent", "fraction": "percent", "EUR": "integer",
    "seconds": "integer", "number": "integer", "ratio": "ratio", "relative": "tiny", "date": "date",
}  # fmt: skip


def _number_of(unit: str) -> str:
    return _NUMBER_OF_UNIT.get(unit, "text")
