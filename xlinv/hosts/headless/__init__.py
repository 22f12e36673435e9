"""The xlwings engine without Excel: the same scripts and actions on any machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def open(path: str | Path) -> Iterator[Any]:
    """A workbook as an `xlwings.Book`, with no Excel behind it.

    Within the block our engine is the active one of xlwings, and the book is what `Book.caller()` gives.
    `book.save()` writes the file, whole or not at all, and leaves every part alone that did not change.

    Raises UnreadableWorkbookError where the file cannot be read.
    """
    import xlwings

    from xlinv.hosts.headless.engine import activated

    previous = xlwings.engines.active
    engine = activated()
    app = engine.apps.add()
    mocked = getattr(xlwings.Book, "_mock_caller", None)
    try:
        book = app.books.open(str(path))
        book.set_mock_caller()
        yield book
    finally:
        if mocked is None:
            if hasattr(xlwings.Book, "_mock_caller"):
                del xlwings.Book._mock_caller
        else:
            xlwings.Book._mock_caller = mocked
        app.quit()
        if previous is not None:
            previous.activate()
