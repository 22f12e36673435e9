"""Books, their sheets and names, as xlwings asks for them."""

import io
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from xlinv.cells import InputError
from xlinv.hosts.headless.document import Document, NameModel, SheetModel, read_document
from xlinv.hosts.headless.grid import Grid
from xlinv.hosts.headless.saving import Saving
from xlinv.hosts.headless.sheet import Sheet
from xlinv.workbook.package import Package
from xlinv.workbook.references import parse_area

if TYPE_CHECKING:
    from xlinv.hosts.headless.engine import App
    from xlinv.hosts.headless.range import Range


# Excel takes these for the sheet's own settings, and files spell them so.
_BUILT_IN = {name: f"_xlnm.{name}" for name in ("Print_Titles", "Print_Area")}


def new_document() -> Document:
    """A workbook with one empty sheet."""
    document = Document(None)
    document.sheets.append(SheetModel("Sheet1", document))
    return document


def _empty_package(folder: Path) -> Package:
    """The package that a new workbook is written into."""
    import openpyxl

    content = io.BytesIO()
    openpyxl.Workbook().save(content)
    path = folder / "empty.xlsx"
    path.write_bytes(content.getvalue())
    return Package(path)


class Book(base_classes.Book):  # type: ignore[misc]
    """A workbook; saving it leaves every part alone that nothing changed."""

    app: Any = None

    def __init__(self, app: "App", document: Document) -> None:
        self.app = app
        self.document = document

    @property
    def api(self) -> Document:
        return self.document

    @property
    def name(self) -> str:
        return self.document.path.name if self.document.path else "Book1"

    @property
    def fullname(self) -> str:
        return str(self.document.path) if self.document.path else self.name

    @property
    def sheets(self) -> "Sheets":
        return Sheets(self)

    @property
    def names(self) -> "Names":
        return Names(self)

    def close(self) -> None:
        if self.document.package is not None:
            self.document.package.close()
        self.app.books.remove(self)

    def activate(self) -> None:
        self.app.books.activate(self)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        """Write the book, whole or not at all; raises InputError where there is no path to write to."""
        target = Path(path) if path else self.document.path
        if target is None:
            raise InputError("path", "must be given to save a new book", None)
        self._write(target)
        self._reload(target)

    def _write(self, target: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            package = self.document.package
            if package is None:
                package = _empty_package(Path(folder))
                _adopt(self.document, package)
            package.save(target, Saving(self.document, package).gather())

    def _reload(self, target: Path) -> None:
        """Read the book again from what was written, under the same objects."""
        if self.document.package is not None:
            self.document.package.close()
        fresh = read_document(target)
        fresh.path = target.resolve()
        self.document.__dict__.clear()
        self.document.__dict__.update(fresh.__dict__)
        for sheet in self.document.sheets:
            sheet.document = self.document

    def recalculate(self) -> None:
        """Compute every formula and show the values; a new book is not saved by it."""
        from xlinv.workbook.recalculation import recalculate

        home = self.document.path
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / self.name
            self._write(copy)
            recalculate(copy)
            fresh = read_document(copy)
            for sheet in self.document.sheets:
                other = fresh.sheet(sheet.name)
                if other is not None and sheet.is_worksheet:
                    _take_values(sheet.grid, other.grid)
            if fresh.package is not None:
                fresh.package.close()
        self.document.path = home


def _take_values(grid: Grid, computed: Grid) -> None:
    """Show what was computed; arrays fill as many cells as their values take."""
    before, grid.values = grid.values, computed.values
    for place, formula in computed.formulas.items():
        if place in grid.formulas:
            grid.formulas[place] = replace(grid.formulas[place], area=formula.area)
    places = grid.formulas.keys() | before.keys() | computed.values.keys()
    grid.changed |= {
        place for place in places if place in grid.formulas or before.get(place) != computed.values.get(place)
    }


def _adopt(document: Document, package: Package) -> None:
    """Let a new workbook take over the one sheet of the empty package."""
    document.package = package
    empty = read_document(package.path)
    first = next((sheet for sheet in document.sheets if sheet.part is None), None)
    if first is not None:
        first.part, first.element = empty.sheets[0].part, empty.sheets[0].element
        first.__dict__.pop("xml", None)
        first.grid.changed |= first.grid.values.keys() | first.grid.formulas.keys()


class Sheets(base_classes.Sheets):  # type: ignore[misc]
    """The sheets of a book."""

    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def api(self) -> list[SheetModel]:
        return self._models

    @property
    def _models(self) -> list[SheetModel]:
        return [sheet for sheet in self.book.document.sheets if sheet.is_worksheet]

    @property
    def active(self) -> Sheet:
        document = self.book.document
        model = document.sheets[document.active]
        return Sheet(self.book, model if model.is_worksheet else self._models[0])

    def __len__(self) -> int:
        return len(self._models)

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self.book, model) for model in self._models)

    def __contains__(self, name: object) -> bool:
        return any(model.name.lower() == str(name).lower() for model in self._models)

    def __call__(self, name_or_index: int | str) -> Sheet:
        if isinstance(name_or_index, int):
            return Sheet(self.book, self._models[name_or_index - 1])
        for model in self._models:
            if model.name.lower() == name_or_index.lower():
                return Sheet(self.book, model)
        raise KeyError(name_or_index)

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        document = self.book.document
        model = SheetModel(name or document.new_sheet_name(), document)
        if after is not None:
            position = document.sheets.index(after.model) + 1
        else:
            position = document.sheets.index(before.model) if before is not None else document.active
        document.sheets.insert(position, model)
        document.active = position
        return Sheet(self.book, model)


class Names(base_classes.Names):  # type: ignore[misc]
    """The defined names of a book, or of one of its sheets."""

    def __init__(self, book: Book, sheet: Sheet | None = None) -> None:
        self.book = book
        self.sheet = sheet

    @property
    def api(self) -> list[NameModel]:
        return self._models

    @property
    def _models(self) -> list[NameModel]:
        names = self.book.document.names
        if self.sheet is None:
            return names
        return [name for name in names if name.sheet == self.sheet.name]

    def __len__(self) -> int:
        return len(self._models)

    def __iter__(self) -> "Iterator[Name]":
        return (Name(self, model) for model in self._models)

    def contains(self, name_or_index: int | str) -> bool:
        if isinstance(name_or_index, int):
            return 1 <= name_or_index <= len(self)
        return any(model.name.lower() == name_or_index.lower() for model in self._models)

    def __call__(self, name_or_index: int | str) -> "Name":
        if isinstance(name_or_index, int):
            return Name(self, self._models[name_or_index - 1])
        for model in self._models:
            if model.name.lower() == name_or_index.lower():
                return Name(self, model)
        raise KeyError(name_or_index)

    def add(self, name: str, refers_to: str) -> "Name":
        sheet = self.sheet.name if self.sheet is not None else None
        name = _BUILT_IN.get(name, name) if sheet is not None else name
        model = NameModel(name, refers_to.removeprefix("="), sheet)
        names = self.book.document.names
        names[:] = [n for n in names if (n.name.lower(), n.sheet) != (name.lower(), sheet)]
        names.append(model)
        return Name(self, model)


class Name(base_classes.Name):  # type: ignore[misc]
    """One defined name."""

    def __init__(self, names: Names, model: NameModel) -> None:
        self.names = names
        self.model = model

    @property
    def api(self) -> NameModel:
        return self.model

    def delete(self) -> None:
        self.names.book.document.names.remove(self.model)

    @property
    def name(self) -> str:
        return self.model.name

    @name.setter
    def name(self, value: str) -> None:
        self.model.name = value

    @property
    def refers_to(self) -> str:
        return "=" + self.model.refers_to

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.model.refers_to = value.removeprefix("=")

    @property
    def refers_to_range(self) -> "Range | None":
        sheet, _, area = self.model.refers_to.rpartition("!")
        try:
            found = self.names.book.sheets(sheet.strip("'").replace("''", "'"))
            return found.area(parse_area(area))
        except (KeyError, ValueError):
            return None
