"""The book that the headless engine opens in these tests."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xlinv import headless


@pytest.fixture
def path(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Data"
    for row in (
        ["item", "quantity", "when"],
        ["A", 1, date(2024, 1, 15)],
        ["B", 2.5, None],
        ["C", "#N/A", None],
    ):
        sheet.append(row)
    sheet["E1"] = "=SUM(B2:B3)"
    book.create_sheet("Second")
    book.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


@pytest.fixture
def book(path: Path) -> Iterator[Any]:
    with headless.open(path) as opened:
        yield opened
