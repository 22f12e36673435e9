"""Ranges of cells, as xlwings asks for them."""

from typing import TYPE_CHECKING, Any

from xlwings import utils

from xlinv.hosts.headless.engine import as_cell
from xlinv.hosts.headless.formatting import FormattedRange
from xlinv.hosts.headless.grid import Formula, moved_formula
from xlinv.hosts.headless.styles import Look
from xlinv.workbook.references import LAST_COLUMN, LAST_ROW, Area, column_letters, quoted

if TYPE_CHECKING:
    from xlinv.hosts.headless.book import Name
    from xlinv.hosts.headless.sheet import Sheet
    from xlinv.hosts.headless.tables import Table


class Range(FormattedRange):
    """A rectangle of cells of one sheet."""

    sheet: Any = None
    # Everything is in this process: nothing is gained by cutting reads and writes into pieces.
    max_cells_per_read = None
    max_cells_per_write = None

    def __init__(self, sheet: "Sheet", bounds: Area) -> None:
        self.sheet = sheet
        self.bounds = bounds

    @property
    def api(self) -> "Range":
        return self

    @property
    def row(self) -> int:
        return self.bounds.top

    @property
    def column(self) -> int:
        return self.bounds.left

    @property
    def shape(self) -> tuple[int, int]:
        return self.bounds.shape

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __bool__(self) -> bool:
        return True

    def __call__(self, first: int, second: int | None = None) -> "Range":
        if second is None:
            first, second = (first - 1) // self.shape[1] + 1, (first - 1) % self.shape[1] + 1
        row, column = self.row + first - 1, self.column + second - 1
        return Range(self.sheet, Area(row, column, row, column))

    def get_address(
        self, row_absolute: bool = True, col_absolute: bool = True, external: bool = False
    ) -> str:
        row, column = "$" if row_absolute else "", "$" if col_absolute else ""
        first, last = (self.bounds.top, self.bounds.left), (self.bounds.bottom, self.bounds.right)
        text = f"{column}{column_letters(first[1])}{row}{first[0]}"
        if first != last:
            text += f":{column}{column_letters(last[1])}{row}{last[0]}"
        return f"{quoted(f'[{self.sheet.book.name}]{self.sheet.name}')}!{text}" if external else text

    @property
    def address(self) -> str:
        return self.get_address()

    @property
    def raw_value(self) -> Any:
        area, values = self._inside(), self._grid.values
        rows = [
            [values.get((row, column)) for column in range(area.left, area.right + 1)]
            for row in range(area.top, area.bottom + 1)
        ]
        formats = self._grid.formats
        if formats:
            self._show_dates(rows, area)
        return rows

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        self._write(value, dynamic=False)

    def _show_dates(self, rows: list[list[Any]], area: Area) -> None:
        """Turn numbers that show as dates into dates, as Excel hands them over."""
        dates: dict[int, bool] = {}
        formats, styles = self._grid.formats, self._styles
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                if type(value) is not float and type(value) is not int:
                    continue
                style = formats.get((area.top + i, area.left + j), 0)
                if style not in dates:
                    dates[style] = styles.is_date(style)
                if dates[style] and value >= 1:
                    row[j] = utils.xlserial_to_datetime(value)

    def _write(self, value: Any, dynamic: bool) -> None:
        if not isinstance(value, list | tuple):
            self._fill(value, dynamic)
            return
        top, left = self.bounds.top, self.bounds.left
        for i, row in enumerate(value, start=top):
            if all(type(item) in (float, int, type(None)) for item in row):
                self._grid.put_rows(i, left, [row])
                continue
            for j, item in enumerate(row, start=left):
                self._put((i, j), item, dynamic)

    def _fill(self, value: Any, dynamic: bool) -> None:
        """One value for every cell; a formula moves along as if it were copied."""
        for row, column in self._places():
            own = value
            if isinstance(value, str) and value.startswith("=") and len(value) > 1:
                own = "=" + moved_formula(value[1:], row - self.bounds.top, column - self.bounds.left)
            self._put((row, column), own, dynamic)

    def _put(self, place: tuple[int, int], value: Any, dynamic: bool) -> None:
        if isinstance(value, str) and value[:1] == "=" and len(value) > 1:
            area = Area(*place, *place) if dynamic else None
            self._grid.put_formula(place, Formula(value, area, dynamic))
            return
        if isinstance(value, str) and value[:1] == "'":
            value = value[1:]  # Excel's mark for text that is not to be read as anything else
            self._grid.put(place, value)
            return
        shown, number_format = as_cell(value)
        self._grid.put(place, shown)
        if number_format and not self._styles.is_date(self._grid.formats.get(place, 0)):
            self._look(place, Look(number_format=number_format))

    @property
    def formula(self) -> Any:
        area = self._inside()
        rows = tuple(
            tuple(self._formula_at((row, column)) for column in range(area.left, area.right + 1))
            for row in range(area.top, area.bottom + 1)
        )
        return rows[0][0] if area.single else rows

    @formula.setter
    def formula(self, value: Any) -> None:
        self._write(value, dynamic=False)

    def _formula_at(self, place: tuple[int, int]) -> str:
        formula = self._grid.formulas.get(place)
        if formula is not None:
            return str(formula.text)
        value = self._grid.values.get(place)
        if value is None:
            return ""
        if isinstance(value, bool):
            return str(value).upper()
        return f"{value:.15g}" if isinstance(value, float) else str(value)

    @property
    def formula2(self) -> Any:
        return self.formula

    @formula2.setter
    def formula2(self, value: Any) -> None:
        self._write(value, dynamic=True)

    @property
    def has_array(self) -> bool:
        formula = self._grid.formulas.get((self.bounds.top, self.bounds.left))
        return formula is not None and formula.area is not None

    @property
    def formula_array(self) -> Any:
        formula = self._grid.formulas.get((self.bounds.top, self.bounds.left))
        return formula.text if formula is not None and formula.area is not None else None

    @formula_array.setter
    def formula_array(self, value: str) -> None:
        self._grid.put_formula((self.bounds.top, self.bounds.left), Formula(value, self.bounds))

    def clear_contents(self) -> None:
        for place in self._places():
            if place in self._grid.values or place in self._grid.formulas:
                self._grid.put(place, None)

    def clear_formats(self) -> None:
        for place in self._places():
            if self._grid.formats.pop(place, None) is not None:
                self._grid.changed.add(place)

    def clear(self) -> None:
        self.clear_contents()
        self.clear_formats()

    def _full(self, row: int, column: int) -> bool:
        place = (row, column)
        return self._grid.values.get(place) not in (None, "") or place in self._grid.formulas

    def end(self, direction: str) -> "Range":
        """Where Ctrl and an arrow lead to."""
        down, right = {"down": (1, 0), "up": (-1, 0), "right": (0, 1), "left": (0, -1)}[direction]
        row, column = self.row, self.column
        used = self._grid.used()

        def on_sheet(r: int, c: int) -> bool:
            return 1 <= r <= LAST_ROW and 1 <= c <= LAST_COLUMN

        if (
            self._full(row, column)
            and on_sheet(row + down, column + right)
            and self._full(row + down, column + right)
        ):
            while on_sheet(row + down, column + right) and self._full(row + down, column + right):
                row, column = row + down, column + right
        else:
            row, column = row + down, column + right
            while on_sheet(row, column) and not self._full(row, column):
                if (down > 0 and row > used.bottom) or (right > 0 and column > used.right):
                    row, column = LAST_ROW if down else row, LAST_COLUMN if right else column
                    break
                row, column = row + down, column + right
            row, column = max(1, min(row, LAST_ROW)), max(1, min(column, LAST_COLUMN))
        return Range(self.sheet, Area(row, column, row, column))

    @property
    def current_region(self) -> "Range":
        """The block of filled cells around this one, up to blank rows and columns."""
        top, left, bottom, right = self.bounds
        filled = {place for place, value in self._grid.values.items() if value not in (None, "")}

        def any_filled(rows: range, columns: range) -> bool:
            return any((row, column) in filled for row in rows for column in columns)

        while True:
            before = (top, left, bottom, right)
            beside, over = range(max(1, top - 1), bottom + 2), range(max(1, left - 1), right + 2)
            if top > 1 and any_filled(range(top - 1, top), over):
                top -= 1
            if left > 1 and any_filled(beside, range(left - 1, left)):
                left -= 1
            if any_filled(range(bottom + 1, bottom + 2), over):
                bottom += 1
            if any_filled(beside, range(right + 1, right + 2)):
                right += 1
            if before == (top, left, bottom, right):
                return Range(self.sheet, Area(top, left, bottom, right))

    @property
    def merge_cells(self) -> bool:
        return any(area.intersection(self.bounds) for area in self._merged())

    @property
    def merge_area(self) -> "Range":
        for area in self._merged():
            if area.contains(self.row, self.column):
                return Range(self.sheet, area)
        return self

    def _merged(self) -> list[Area]:
        xml = self.sheet.model.xml
        return xml.merged() if xml is not None else []

    @property
    def table(self) -> "Table | None":
        for table in self.sheet.tables:
            if table.model.area.contains(self.row, self.column):
                return table  # type: ignore[no-any-return]
        return None

    @property
    def name(self) -> "Name | None":
        for name in self.sheet.book.names:
            found = name.refers_to_range
            if found is not None and found.sheet == self.sheet and found.bounds == self.bounds:
                return name  # type: ignore[no-any-return]
        return None

    @name.setter
    def name(self, value: str) -> None:
        self.sheet.book.names.add(value, f"={quoted(self.sheet.name)}!{self.address}")

    def select(self) -> None:
        self.sheet.activate()
        self.sheet.book.app.selected = self
