"""The xlwings engine without Excel: applications and their open books."""

import itertools
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import xlwings
from xlwings import base_classes

from xlinv.cells import Cell, CellError, cell, serial

if TYPE_CHECKING:
    from xlinv.hosts.headless.book import Book

NAME: Final = "xlinv"


class Engine:
    """What xlwings asks of an engine: its applications, and how values are converted."""

    name = NAME
    type = "desktop"

    @property
    def apps(self) -> "Apps":
        return APPS

    @staticmethod
    def prepare_xl_data_element(value: Any, options: Any) -> Any:
        """A Python value as a cell takes it; dates stay dates until the range formats them."""
        if isinstance(value, date | datetime | time):
            return None if value != value else value
        if hasattr(value, "to_pydatetime"):
            return value.to_pydatetime() if value == value else None
        if type(value).__name__ == "datetime64":
            return None if value != value else value.astype("datetime64[us]").item()
        return cell(value)

    @staticmethod
    def clean_value_data(
        data: list[list[Any]], dates: Any, empty: Any, numbers: Any, err_to_str: bool
    ) -> list[list[Any]]:
        """Cells as Python values, converted as the options of the read ask for."""

        def cleaned(value: Any) -> Any:
            if value is None or value == "":
                return empty
            if isinstance(value, bool):
                return value
            if isinstance(value, datetime):
                parts = (value.year, value.month, value.day, value.hour, value.minute, value.second)
                names = ("year", "month", "day", "hour", "minute", "second")
                return dates(
                    **dict(zip(names, parts, strict=True)), microsecond=value.microsecond, tzinfo=None
                )
            if isinstance(value, int | float):
                return numbers(float(value)) if numbers else float(value)
            if isinstance(value, CellError):
                return str(value) if err_to_str else None
            return value

        return [[cleaned(value) for value in row] for row in data]


class Apps(base_classes.Apps):  # type: ignore[misc]
    """The applications of this process."""

    def __init__(self) -> None:
        self._apps: dict[int, App] = {}

    def keys(self) -> list[int]:
        return list(self._apps)

    def add(self, spec: Any = None, add_book: Any = None, xl: Any = None, visible: Any = None) -> "App":
        app = App()
        self._apps[app.pid] = app
        if add_book:
            app.books.add()
        return app

    def remove(self, app: "App") -> None:
        self._apps.pop(app.pid, None)

    def __iter__(self) -> "Iterator[App]":
        return iter(list(self._apps.values()))

    def __len__(self) -> int:
        return len(self._apps)

    def __getitem__(self, pid: int) -> "App":
        return self._apps[pid]

    @staticmethod
    def cleanup() -> None:
        """There are no processes to end."""


class App(base_classes.App):  # type: ignore[misc]
    """An application: its books, its selection, and what it would have shown to the user."""

    _numbers = itertools.count(1)
    # Plain attributes in place of the base class's properties, which cannot be set.
    screen_updating: Any = True
    display_alerts: Any = True
    enable_events: Any = True
    interactive: Any = True
    status_bar: Any = False
    calculation: Any = "automatic"
    visible: Any = False
    cut_copy_mode: Any = None
    pid: Any = 0
    books: Any = None
    version = "16.0"
    hwnd = 0
    path = startup_path = ""
    api = NAME

    def __init__(self) -> None:
        self.pid = next(self._numbers)
        self.books = Books(self)
        self.alerts: list[str] = []
        self.answer = "ok"
        self.status_messages: list[str] = []
        self.selected: Any = None

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "status_bar" and value:
            self.status_messages.append(str(value))
        super().__setattr__(name, value)

    @property
    def engine(self) -> Engine:
        return ENGINE

    @property
    def selection(self) -> Any:
        if self.selected is not None:
            return self.selected
        book = self.books.active
        return None if book is None else book.sheets.active.range("A1")

    def alert(self, prompt: str, title: Any, buttons: Any, mode: Any, callback: Any) -> str:
        """Keep the message for whoever runs the book, and answer as `answer` says."""
        self.alerts.append(prompt)
        return self.answer

    def activate(self, steal_focus: bool = False) -> None:
        """There is no window."""

    def calculate(self) -> None:
        """Recalculate every open book that came from a file."""
        for book in self.books:
            book.recalculate()

    def quit(self) -> None:
        for book in list(self.books):
            book.close()
        APPS.remove(self)

    def kill(self) -> None:
        self.quit()


class Books(base_classes.Books):  # type: ignore[misc]
    """The open books of an application, the active one last."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._books: list[Book] = []

    @property
    def api(self) -> list["Book"]:
        return self._books

    @property
    def active(self) -> "Book | None":
        return self._books[-1] if self._books else None

    def __len__(self) -> int:
        return len(self._books)

    def __iter__(self) -> "Iterator[Book]":
        return iter(list(self._books))

    def __call__(self, name_or_index: int | str) -> "Book":
        if isinstance(name_or_index, int):
            return self._books[name_or_index - 1]
        for book in self._books:
            if book.name.lower() == name_or_index.lower():
                return book
        raise KeyError(name_or_index)

    def add(self) -> "Book":
        from xlinv.hosts.headless.book import Book, new_document

        book = Book(self.app, new_document())
        self._books.append(book)
        return book

    def open(self, fullname: str, *args: Any, **kwargs: Any) -> "Book":
        """Open a workbook; raises UnreadableWorkbookError where it cannot be read."""
        from xlinv.hosts.headless.book import Book
        from xlinv.hosts.headless.document import read_document

        book = Book(self.app, read_document(Path(fullname)))
        self._books.append(book)
        return book

    def activate(self, book: "Book") -> None:
        self._books.remove(book)
        self._books.append(book)

    def remove(self, book: "Book") -> None:
        if book in self._books:
            self._books.remove(book)


def as_cell(value: Any) -> tuple[Cell, str | None]:
    """A value handed to a range as the cell it becomes, and the number format that Excel would give it."""
    if isinstance(value, datetime):
        return serial(value), "yyyy-mm-dd hh:mm:ss" if value.time() != time() else "yyyy-mm-dd"
    if isinstance(value, date):
        return serial(value), "yyyy-mm-dd"
    if isinstance(value, time):
        return serial(value), "hh:mm:ss"
    return cell(value), None


ENGINE: Final = Engine()
APPS: Final = Apps()


def activated() -> Any:
    """Our engine, known to xlwings and the one that it uses."""
    if NAME not in [engine.name for engine in xlwings.engines]:
        xlwings.engines.add(xlwings.Engine(impl=ENGINE))
    engine = xlwings.engines[NAME]
    engine.activate()
    return engine
