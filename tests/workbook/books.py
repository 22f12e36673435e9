"""Workbooks for tests: written by openpyxl, recalculated, and read back."""

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl

from xlinv.workbook.recalculation import Recalculation, compute


def write(path: Path, cells: Mapping[str, Any], sheet: str = "Sheet") -> Path:
    """A workbook of one sheet; keys are addresses, text that begins with = is a formula."""
    book = openpyxl.Workbook()
    worksheet = book.active
    assert worksheet is not None
    worksheet.title = sheet
    for place, value in cells.items():
        worksheet[place] = value
    book.save(path)
    return path


def recalculated(path: Path, **options: Any) -> Recalculation:
    """Recalculate in place."""
    result = compute(path, **options)
    result.save(path)
    return result


def values(path: Path, area: str, sheet: str | None = None) -> Any:
    """Cached values as rows, or the one value of a single cell."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl warns of what it would lose if it saved
        book = openpyxl.load_workbook(path, data_only=True)
    worksheet = book[sheet] if sheet else book.worksheets[0]
    found = worksheet[area]
    if isinstance(found, tuple):
        return [[cell.value for cell in row] for row in found]
    return found.value
