"""Many calls of the catalogue computed together give what each gives by itself."""

from pathlib import Path

import openpyxl
import pytest

from tests.workbook.books import recalculated
from xlinv.workbook import recalculation

ROWS = 700


def book(path: Path) -> Path:
    """Calls on numbers, on results of other calls, with text and missing arguments, and on bad input."""
    written = openpyxl.Workbook()
    sheet = written.active
    for row in range(1, ROWS + 1):
        sheet[f"A{row}"] = row - 3
        sheet[f"B{row}"] = f"=XLINV.EOQ(A{row},50,2)"
        sheet[f"C{row}"] = f"=IFERROR(XLINV.EOQ(B{row}*2,50,2),-1)"
        sheet[f"D{row}"] = f"=XLINV.EOQ(A{row},,2)"
        sheet[f"E{row}"] = f"=SUM(XLINV.EOQ(C{row},1,1),XLINV.SAFETYSTOCK(0.95,C{row}+5,4))"
        sheet[f"F{row}"] = f"=C{row}>10"
    written.save(path)
    return path


def test_values_and_reasons_are_those_of_single_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = recalculated(book(tmp_path / "together.xlsx"))
    monkeypatch.setattr(recalculation, "_WORTH_BATCHING", 10**9)
    alone = recalculated(book(tmp_path / "alone.xlsx"))
    shown = [(one.cell, one.computed) for one in together.differences]
    assert shown == [(one.cell, one.computed) for one in alone.differences]
    errors = [(one.cell, one.error, one.reasons) for one in together.errors]
    assert errors == [(one.cell, one.error, one.reasons) for one in alone.errors]
    assert len(errors) > ROWS
