"""The gate for the engine: built-in formulas with the value Excel shows."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xlinv.workbook.recalculation import recalculate

Cases = list[tuple[dict[str, Any], list[list[Any]]]]


@pytest.fixture(scope="module")
def cases(
    shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[dict[str, Any], list[list[Any]]]]:
    """Every formula with what its cells show after recalculation."""
    target = tmp_path_factory.mktemp("native") / "book.xlsx"
    recalculate(shared / "conformance" / "book.xlsx", target)
    book = openpyxl.load_workbook(target, data_only=True)
    found = []
    for case in json.loads((shared / "conformance" / "native_formulas.json").read_text()):
        sheet, _, place = case["cell"].partition("!")
        anchor = book[sheet][place]
        rows = [
            [
                book[sheet].cell(anchor.row + i, anchor.column + j).value
                for j in range(len(case["expected"][0]))
            ]
            for i in range(len(case["expected"]))
        ]
        found.append((case, rows))
    return found


def as_excel_shows(value: Any) -> Any:
    if isinstance(value, dict):
        return value["error"]
    if isinstance(value, date | datetime):
        return (datetime(value.year, value.month, value.day) - datetime(1899, 12, 30)).days
    return value


def test_every_formula_shows_what_excel_shows(cases: Cases) -> None:
    wrong = []
    for case, rows in cases:
        for expected_row, row in zip(case["expected"], rows, strict=True):
            for expected, value in zip(expected_row, row, strict=True):
                expected, value = as_excel_shows(expected), as_excel_shows(value)
                if isinstance(expected, float | int) and isinstance(value, float | int):
                    same = value == pytest.approx(expected, rel=1e-9, abs=1e-12)
                else:
                    same = value == expected
                if not same:
                    wrong.append((case["id"], case["formula"], expected, value))
    assert not wrong


def test_a_second_recalculation_changes_no_byte(shared: Path, tmp_path: Path) -> None:
    target = tmp_path / "book.xlsx"
    recalculate(shared / "conformance" / "book.xlsx", target, now=datetime(2026, 1, 2))
    first = target.read_bytes()
    again = recalculate(target, now=datetime(2026, 1, 2))
    assert not again.differences
    assert target.read_bytes() == first
