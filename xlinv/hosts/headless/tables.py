"""Tables (ListObjects) of a sheet, as xlwings asks for them."""

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from xlinv.cells import InputError
from xlinv.hosts.headless.document import TableModel
from xlinv.hosts.headless.range import Range
from xlinv.workbook.references import Area

if TYPE_CHECKING:
    from xlinv.hosts.headless.sheet import Sheet


class Tables(base_classes.Tables):  # type: ignore[misc]
    """The tables of a sheet."""

    def __init__(self, sheet: "Sheet") -> None:
        self.sheet = sheet

    @property
    def api(self) -> list[TableModel]:
        return self.sheet.model.tables

    @property
    def parent(self) -> "Sheet":
        return self.sheet

    def __len__(self) -> int:
        return len(self.api)

    def __iter__(self) -> "Iterator[Table]":
        return (Table(self.sheet, model) for model in self.api)

    def __contains__(self, name: object) -> bool:
        return any(model.name.lower() == str(name).lower() for model in self.api)

    def __call__(self, name_or_index: int | str) -> "Table":
        if isinstance(name_or_index, int):
            return Table(self.sheet, self.api[name_or_index - 1])
        for model in self.api:
            if model.name.lower() == name_or_index.lower():
                return Table(self.sheet, model)
        raise KeyError(name_or_index)

    def add(
        self,
        source_type: Any = None,
        source: Any = None,
        link_source: Any = None,
        has_headers: Any = True,
        destination: Any = None,
        table_style_name: str | None = None,
        name: str | None = None,
    ) -> "Table":
        """Make a table of a range whose first row holds the headings.

        Raises InputError for a name that is taken and a range that overlaps another table.
        """
        area: Area = source.impl.bounds
        taken = {model.name.lower() for _, model in self.sheet.book.document.tables()}
        if name is not None and name.lower() in taken:
            raise InputError("table name", "must not be taken", name)
        for model in self.api:
            if model.area.intersection(area):
                raise InputError("table", f"must not overlap the table {model.name}", str(area))
        chosen = name or next(f"Table{n}" for n in itertools.count(1) if f"table{n}" not in taken)
        model = TableModel(chosen, area, _headings(self.sheet, area), table_style_name)
        self.api.append(model)
        return Table(self.sheet, model)


def _headings(sheet: "Sheet", area: Area) -> list[str]:
    """The headings of a table; Excel wants each filled and none twice."""
    headings: list[str] = []
    for number, column in enumerate(range(area.left, area.right + 1), start=1):
        value = sheet.model.grid.values.get((area.top, column))
        heading = str(value) if value not in (None, "") else f"Column{number}"
        count = itertools.count(2)
        while heading.lower() in (other.lower() for other in headings):
            heading = f"{value}{next(count)}"
        if heading != value:
            sheet.model.grid.put((area.top, column), heading)
        headings.append(heading)
    return headings


class Table(base_classes.Table):  # type: ignore[misc]
    """One table."""

    parent: Any = None

    def __init__(self, sheet: "Sheet", model: TableModel) -> None:
        self.parent = sheet
        self.model = model

    @property
    def api(self) -> TableModel:
        return self.model

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def display_name(self) -> str:
        return self.model.name

    @property
    def table_style(self) -> str | None:
        return self.model.style

    @property
    def show_headers(self) -> bool:
        return bool(self.model.header_rows)

    @property
    def show_totals(self) -> bool:
        return bool(self.model.totals_rows)

    @property
    def range(self) -> Range:
        return Range(self.parent, self.model.area)

    @property
    def header_row_range(self) -> Range | None:
        if not self.model.header_rows:
            return None
        return Range(self.parent, self.model.area._replace(bottom=self.model.area.top))

    @property
    def data_body_range(self) -> Range | None:
        area = self.model.area
        top, bottom = area.top + self.model.header_rows, area.bottom - self.model.totals_rows
        return Range(self.parent, area._replace(top=top, bottom=bottom)) if top <= bottom else None

    @property
    def totals_row_range(self) -> Range | None:
        if not self.model.totals_rows:
            return None
        return Range(self.parent, self.model.area._replace(top=self.model.area.bottom))

    def resize(self, range: Any) -> None:
        """Let the table cover another range with the same header row."""
        area: Area = range.impl.bounds
        if area.top != self.model.area.top:
            raise InputError("table", "must keep its header row when resized", str(area))
        self.model.area = area
        self.model.columns = _headings(self.parent, area)
        self.model.changed = True
