"""One sheet, as xlwings asks for it."""

from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from xlinv.cells import InputError
from xlinv.hosts.headless.charts import Charts
from xlinv.hosts.headless.document import SheetModel
from xlinv.hosts.headless.range import Range
from xlinv.hosts.headless.renaming import follow_new_name
from xlinv.hosts.headless.tables import Tables
from xlinv.workbook.references import LAST_COLUMN, LAST_ROW, Area, parse_area

if TYPE_CHECKING:
    from xlinv.hosts.headless.book import Book, Names


class Sheet(base_classes.Sheet):  # type: ignore[misc]
    """A worksheet of a book."""

    book: Any = None

    def __init__(self, book: "Book", model: SheetModel) -> None:
        self.book = book
        self.model = model

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sheet) and other.model is self.model

    def __hash__(self) -> int:
        return id(self.model)

    @property
    def api(self) -> SheetModel:
        return self.model

    @property
    def name(self) -> str:
        return self.model.name

    @name.setter
    def name(self, value: str) -> None:
        """Rename, and let what refers to the sheet follow.

        Raises InputError for a name that is taken; xlwings itself refuses other bad names.
        """
        if value == self.model.name:
            return
        other = self.book.document.sheet(value)
        if other is not None and other is not self.model:
            raise InputError("sheet name", "must not be taken", value)
        follow_new_name(self.book.document, self.model.name, value)
        for name in self.book.document.names:
            if name.sheet == self.model.name:
                name.sheet = value
        self.model.name = value

    @property
    def names(self) -> "Names":
        from xlinv.hosts.headless.book import Names

        return Names(self.book, self)

    @property
    def index(self) -> int:
        return self.book.sheets.api.index(self.model) + 1  # type: ignore[no-any-return]

    @property
    def freeze_panes(self) -> "FreezePanes":
        return FreezePanes(self)

    @property
    def tables(self) -> Tables:
        return Tables(self)

    @property
    def charts(self) -> Charts:
        return Charts(self)

    @property
    def visible(self) -> bool:
        return self.model.visible == "visible"

    @visible.setter
    def visible(self, value: bool) -> None:
        self.model.visible = "visible" if value else "hidden"

    @property
    def show_gridlines(self) -> bool:
        return self.model.gridlines is not False

    @show_gridlines.setter
    def show_gridlines(self, value: bool) -> None:
        self.model.gridlines = value

    @property
    def cells(self) -> Range:
        return Range(self, Area(1, 1, LAST_ROW, LAST_COLUMN))

    @property
    def used_range(self) -> Range:
        return Range(self, self.model.grid.used())

    def area(self, area: Area) -> Range:
        return Range(self, area)

    def activate(self) -> None:
        self.book.document.active = self.book.document.sheets.index(self.model)

    select = activate

    def delete(self) -> None:
        """Remove the sheet; names of its own go with it.

        Raises InputError for the last sheet, which a workbook cannot do without.
        """
        document = self.book.document
        if len(self.book.sheets) == 1:
            raise InputError("sheet", "cannot be removed, as a workbook needs one", self.name)
        document.names[:] = [name for name in document.names if name.sheet != self.name]
        document.sheets.remove(self.model)
        document.active = min(document.active, len(document.sheets) - 1)

    def clear_contents(self) -> None:
        self.model.grid.clear_contents()

    def clear_formats(self) -> None:
        grid = self.model.grid
        grid.changed |= grid.formats.keys()
        grid.formats.clear()

    def clear(self) -> None:
        self.clear_contents()
        self.clear_formats()

    def autofit(self, axis: str | None = None) -> None:
        self.used_range.autofit(axis)

    def range(self, first: Any, last: Any = None) -> Range:
        """A range by address, name, table or corners; raises KeyError where there is no such thing."""
        found = self._found(first)
        if last is None:
            return found
        other = self._found(last)
        a, b = found.bounds, other.bounds
        return Range(
            found.sheet,
            Area(min(a.top, b.top), min(a.left, b.left), max(a.bottom, b.bottom), max(a.right, b.right)),
        )

    def _found(self, asked: Any) -> Range:
        if isinstance(asked, Range):
            return asked
        if isinstance(asked, tuple | list):
            if 0 in asked[:2]:
                raise IndexError("rows and columns count from 1")
            # xlwings slices with (row, column, rows, columns)
            rows, columns = (asked[2], asked[3]) if len(asked) == 4 else (1, 1)
            row, column = asked[:2]
            return Range(self, Area(row, column, row + rows - 1, column + columns - 1))
        sheet, _, local = str(asked).rpartition("!")
        if sheet:
            return self.book.sheets(sheet.strip("'").replace("''", "'"))._found(local)  # type: ignore[no-any-return]
        try:
            return Range(self, parse_area(local))
        except ValueError:
            return self._named(local)

    def _named(self, asked: str) -> Range:
        for names in (self.names, self.book.names):
            if names.contains(asked):
                found = names(asked).refers_to_range
                if found is not None:
                    return found
        name, _, column = asked.partition("[")
        for sheet in self.book.sheets:
            if name in sheet.tables:
                table = sheet.tables(name)
                body = table.data_body_range
                if body is None or not column:
                    return body or table.range  # type: ignore[no-any-return]
                left = body.bounds.left + table.model.columns.index(column.rstrip("]"))
                return Range(sheet, body.bounds._replace(left=left, right=left))
        raise KeyError(asked)


class FreezePanes:
    """Rows and columns that stay in view."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def freeze_at(self, frozen_range: str) -> None:
        area = parse_area(frozen_range)
        whole_rows, whole_columns = area.right == LAST_COLUMN, area.bottom == LAST_ROW
        self.sheet.model.frozen = (0 if whole_columns else area.bottom, 0 if whole_rows else area.right)

    def unfreeze(self) -> None:
        self.sheet.model.frozen = (0, 0)
