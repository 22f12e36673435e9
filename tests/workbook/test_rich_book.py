"""A workbook with charts, slicers, comments and buttons keeps them all."""

import zipfile
from datetime import datetime
from pathlib import Path

from tests.workbook.books import values
from xlinv.workbook.recalculation import compute, recalculate

NOW = datetime(2026, 1, 2)


def test_only_sheets_with_changed_values_differ(shared: Path, tmp_path: Path) -> None:
    source = shared / "conformance" / "rich.xlsx"
    target = tmp_path / "rich.xlsx"
    recalculate(source, target, now=NOW)
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target) as after:
        assert before.namelist() == after.namelist()
        changed = {name for name in before.namelist() if before.read(name) != after.read(name)}
    assert changed == {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"}


def test_values_by_table_array_and_clock(shared: Path, tmp_path: Path) -> None:
    target = tmp_path / "rich.xlsx"
    recalculate(shared / "conformance" / "rich.xlsx", target, now=NOW)
    assert values(target, "B2", "Model") == 1530
    assert values(target, "D1:D3", "Model") == [[1], [2], [3]]
    assert values(target, "I1:I3", "Model") == [[200], [210], [220]]
    assert values(target, "B6", "Model") == NOW
    assert values(target, "D3", "Data") == 105 * 2.5


def test_a_second_recalculation_writes_nothing(shared: Path, tmp_path: Path) -> None:
    target = tmp_path / "rich.xlsx"
    recalculate(shared / "conformance" / "rich.xlsx", target, now=NOW)
    again = compute(target, now=NOW)
    assert not again.parts
    assert again.save(target) is False
