"""The New buttons: a template as a new workbook beside the book in front, open and ready."""

from pathlib import Path
from typing import Any

from xlinv.actions.report import Report
from xlinv.actions.running import Run
from xlinv.templates import create


def inventory_policy(run: Run) -> Report:
    """A new workbook from the template inventory_policy."""
    return _open_new(run, "inventory_policy")


def network_meio(run: Run) -> Report:
    """A new workbook from the template network_meio."""
    return _open_new(run, "network_meio")


def _open_new(run: Run, template: str) -> Report:
    path = free_path(folder_of(run.book), template)
    run.progress(0.1, f"building {path.name}")
    create(template, path)
    run.book.app.books.open(str(path))
    return Report(f"{path} is new and filled with the sample company: type over its inputs.")


def folder_of(book: Any) -> Path:
    """Where a new book goes: beside the saved one, else into Documents, else into the home folder."""
    beside = Path(str(book.fullname)).parent
    if Path(str(book.fullname)).is_file():
        return beside
    documents = Path.home() / "Documents"
    return documents if documents.is_dir() else Path.home()


def free_path(folder: Path, template: str) -> Path:
    """The template's name, numbered where there is such a file already."""
    path = folder / f"{template}.xlsx"
    number = 2
    while path.exists():
        path = folder / f"{template} {number}.xlsx"
        number += 1
    return path
