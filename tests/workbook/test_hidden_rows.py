"""SUBTOTAL and AGGREGATE leave out subtotals, and refuse to guess at hidden rows."""

from pathlib import Path

import openpyxl

from tests.workbook.books import recalculated, values, write

CELLS = {
    "A1": 1,
    "A2": 2,
    "A3": "=SUBTOTAL(9,A1:A2)",
    "A4": 4,
    "B1": "=SUBTOTAL(9,A1:A4)",
    "B2": "=SUBTOTAL(109,A1:A4)",
    "B3": "=AGGREGATE(9,3,A1:A4)",
    "B4": "=AGGREGATE(9,4,A1:A4)",
    "B5": "=AGGREGATE(14,6,A1:A4,1)",
}


def test_subtotals_are_not_counted_twice(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", CELLS)
    recalculated(path)
    assert values(path, "B1:B5") == [[7], [7], [7], [10], [4]]


def test_hidden_rows_are_told_and_not_guessed_at(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", CELLS)
    book = openpyxl.load_workbook(path)
    book.active.row_dimensions[2].hidden = True
    book.save(path)
    found = recalculated(path)
    assert values(path, "B1:B5") == [[7], ["#VALUE!"], ["#VALUE!"], [10], [4]]
    assert all("hidden rows" in error.reasons[0] for error in found.errors)
