"""Arrays that grow, shrink, find no room, or fill a range fixed by the user."""

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.formula import ArrayFormula

from tests.workbook.books import recalculated, values, write
from xlinv.workbook.package import UnreadableWorkbookError


def sheet_xml(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


def edited(path: Path, place: str, value: object) -> None:
    """Change a number in the file's bytes, as a user would in Excel; openpyxl would drop the values."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    text, count = re.subn(rf'(<c r="{place}"[^>]*><v>)[^<]*', rf"\g<1>{value}", parts[name].decode())
    assert count == 1
    parts[name] = text.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)


@pytest.fixture
def sequence(tmp_path: Path) -> Path:
    """C2 spills as many numbers as A1 says; a styled cell lies below, F1 adds the spilled range up."""
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    sheet.write_number("A1", 3)
    sheet.write_number("D3", 7)
    sheet.write_blank("C6", None, bold)
    sheet.write_dynamic_array_formula("C2", "=SEQUENCE(A1)")
    sheet.write_dynamic_array_formula("F1", "=SUM(_xlfn.ANCHORARRAY(C2))")
    sheet.write_formula("F2", "=SUM(C2:C300000)")
    book.close()
    return path


def test_a_spill_grows_and_shrinks_in_order_and_keeps_styles(sequence: Path) -> None:
    recalculated(sequence)
    assert values(sequence, "C2:C5") == [[1], [2], [3], [None]]
    assert (values(sequence, "F1"), values(sequence, "F2")) == (6, 6)
    edited(sequence, "A1", 6)
    recalculated(sequence)
    assert values(sequence, "C2:C8") == [[1], [2], [3], [4], [5], [6], [None]]
    assert values(sequence, "D3") == 7
    assert openpyxl.load_workbook(sequence).active["C6"].font.bold
    xml = sheet_xml(sequence)
    rows = [int(row) for row in re.findall(r'<row r="(\d+)"', xml)]
    assert rows == sorted(set(rows))
    assert re.findall(r'<c r="([A-Z]+)3"', xml) == ["C", "D"]
    assert 'ref="C2:C7"' in xml
    edited(sequence, "A1", 2)
    recalculated(sequence)
    assert values(sequence, "C2:C8") == [[1], [2], [None], [None], [None], [None], [None]]
    assert (values(sequence, "F1"), values(sequence, "F2")) == (3, 3)
    assert openpyxl.load_workbook(sequence).active["C6"].font.bold
    first = sequence.read_bytes()
    assert not recalculated(sequence).differences
    assert sequence.read_bytes() == first


def test_a_blocked_spill_says_so_and_recovers(sequence: Path) -> None:
    path = sequence
    edited(path, "A1", 2)
    recalculated(path)
    book = openpyxl.load_workbook(path)
    book.active["C3"] = "in the way"
    book.active["C2"] = "=SEQUENCE(3)"
    book.save(path)
    found = recalculated(path)
    assert values(path, "C2:C4") == [["#SPILL!"], ["in the way"], [None]]
    assert values(path, "F2") == "#SPILL!"
    assert any("not empty" in reason for error in found.errors for reason in error.reasons)
    book = openpyxl.load_workbook(path)
    book.active["C3"] = None
    book.save(path)
    recalculated(path)
    assert values(path, "C2:C4") == [[1], [2], [3]]


@pytest.mark.parametrize("rows", [20_000, pytest.param(200_000, marks=pytest.mark.slow)])
def test_spills_are_not_capped(tmp_path: Path, rows: int) -> None:
    cells = {"A1": f"=SEQUENCE({rows})", "C1": "=SUM(A:A)", "C2": f"=A{rows}"}
    path = write(tmp_path / "book.xlsx", cells)
    found = recalculated(path)
    assert not found.errors
    assert values(path, "C1") == rows * (rows + 1) / 2
    assert values(path, "C2") == rows
    assert not recalculated(path).differences


def test_spills_that_feed_spills_settle(tmp_path: Path) -> None:
    cells = {
        "A1": "=SEQUENCE(3)",
        "B1": "=A1:A3*2",
        "C1": "=SORT(B1:B3,1,-1)",
        "D1": "=SUM(C1:C3)",
        "E1": "=C3",
    }
    path = write(tmp_path / "book.xlsx", cells)
    recalculated(path)
    assert values(path, "A1:C3") == [[1, 2, 6], [2, 4, 4], [3, 6, 2]]
    assert (values(path, "D1"), values(path, "E1")) == (12, 2)


def test_spills_in_a_circle_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", {"A1": "=B2+SEQUENCE(3)", "B1": "=A2+SEQUENCE(3)"})
    with pytest.raises(UnreadableWorkbookError, match="circle"):
        recalculated(path)


def test_two_spills_that_meet(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", {"A2": "=SEQUENCE(1,3)", "B1": "=SEQUENCE(3)"})
    recalculated(path)
    shown = values(path, "A1:C3")
    assert sorted([shown[1][0] == "#SPILL!", shown[0][1] == "#SPILL!"]) == [False, True]


def test_a_spill_into_merged_cells_or_off_the_sheet_is_blocked(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", {"A1": "=SEQUENCE(3)", "C1048576": "=SEQUENCE(2)"})
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("A2:B2")
    book.save(path)
    recalculated(path)
    assert values(path, "A1") == "#SPILL!"
    assert values(path, "C1048576") == "#SPILL!"


def test_array_formulas_fill_the_range_the_user_fixed(tmp_path: Path) -> None:
    path = write(
        tmp_path / "book.xlsx",
        {
            "A1": 1,
            "A2": 2,
            "C1": ArrayFormula("C1:C3", "=A1:A2*10"),
            "E1": ArrayFormula("E1:E2", "=SUM(A1:A2)"),
            "G1": ArrayFormula("G1", "=SUM(A1:A2*A1:A2)"),
            "I1": ArrayFormula("I1:J2", "=A1:A2+1"),
        },
    )
    recalculated(path)
    assert values(path, "C1:C3") == [[10], [20], ["#N/A"]]
    assert values(path, "E1:E2") == [[3], [3]]
    assert values(path, "G1") == 5
    assert values(path, "I1:J2") == [[2, 2], [3, 3]]


def test_a_plain_formula_that_spills_becomes_a_dynamic_array(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", {"A1": "=SEQUENCE(2)"})
    recalculated(path)
    with zipfile.ZipFile(path) as archive:
        assert "xl/metadata.xml" in archive.namelist()
        assert b"metadata.xml" in archive.read("[Content_Types].xml")
        assert b"metadata.xml" in archive.read("xl/_rels/workbook.xml.rels")
    assert re.search(
        r'<c r="A1" cm="1"><f t="array" ref="A1:A2">SEQUENCE\(2\)</f><v>1</v></c>', sheet_xml(path)
    )
