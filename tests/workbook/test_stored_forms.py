"""Forms in which Excel itself stores formulas and values."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workbook.books import recalculated, values, write
from xlinv.workbook.package import UnreadableWorkbookError

SHEET = "xl/worksheets/sheet1.xml"
EXCEL = b"""<Properties><Application>Microsoft Excel</Application>
<AppVersion>16.0300</AppVersion></Properties>"""


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def with_rows(path: Path, rows: str) -> Path:
    """A workbook whose only sheet holds these rows."""

    def change(parts: dict[str, bytes]) -> None:
        head, _, rest = parts[SHEET].partition(b"<sheetData")
        parts[SHEET] = (
            head + b"<sheetData>" + rows.encode() + b"</sheetData>" + rest.partition(b"</sheetData>")[2]
        )

    return rewritten(write(path, {"A1": 1}), change)


def test_shared_formulas_move_their_references(tmp_path: Path) -> None:
    rows = """<row r="1"><c r="A1"><v>1</v></c>
<c r="B1"><f t="shared" ref="B1:C3" si="0">A1*$A1+SUM(A$1:A1)</f></c>
<c r="C1"><f t="shared" si="0"/></c></row>
<row r="2"><c r="A2"><v>2</v></c><c r="B2"><f t="shared" si="0"/></c></row>
<row r="3"><c r="A3"><v>3</v></c><c r="B3"><f t="shared" si="0"></f><v>9</v></c></row>"""
    path = with_rows(tmp_path / "book.xlsx", rows)
    recalculated(path)
    assert values(path, "B1:B3") == [[2], [4 + 3], [9 + 6]]
    assert values(path, "C1") == 2 * 1 + 2
    with zipfile.ZipFile(path) as archive:
        xml = archive.read(SHEET).decode()
    assert '<c r="B2"><f t="shared" si="0"/><v>7</v></c>' in xml


def test_a_shared_formula_without_its_first_is_refused(tmp_path: Path) -> None:
    path = with_rows(tmp_path / "book.xlsx", '<row r="1"><c r="A1"><f t="shared" si="4"/></c></row>')
    with pytest.raises(UnreadableWorkbookError, match="shares a formula"):
        recalculated(path)


def test_what_excel_stored_as_one_cell_meets_its_row(tmp_path: Path) -> None:
    """Excel marks what spills; a plain formula in a file it saved takes the cell of its own row."""

    def saved_by_excel(parts: dict[str, bytes]) -> None:
        parts["docProps/app.xml"] = EXCEL

    cells = {
        "A1": 1,
        "A2": 2,
        "A3": 3,
        "B2": "=A1:A3*10",
        "C2": "=ABS(A:A)",
        "D3": "=SUM(A1:A3)",
        "E2": "=SUMPRODUCT(A1:A3*2)",
    }
    path = rewritten(write(tmp_path / "book.xlsx", cells | {"F9": "=A1:A3"}), saved_by_excel)
    recalculated(path)
    assert [values(path, place) for place in ("B2", "C2", "D3", "E2", "F9")] == [20, 2, 6, 12, "#VALUE!"]


def test_full_calculation_on_load_goes_unless_something_is_unknown(tmp_path: Path) -> None:
    known = write(tmp_path / "known.xlsx", {"A1": "=1+1"})
    unknown = write(tmp_path / "unknown.xlsx", {"A1": "=1+1", "A2": "=OTHERADDIN(1)"})
    for path, kept in ((known, False), (unknown, True)):
        recalculated(path)
        with zipfile.ZipFile(path) as archive:
            assert (b"fullCalcOnLoad" in archive.read("xl/workbook.xml")) is kept


def test_values_of_every_kind_and_their_styles(tmp_path: Path) -> None:
    rows = """<row r="1"><c r="A1" s="0" t="str"><f>"a"&amp;"&lt;b&gt;"</f><v>old</v></c>
<c r="B1" t="e"><f>1=1</f><v>#N/A</v></c><c r="C1" t="b"><f>NA()</f><v>1</v></c>
<c r="D1" s="0"><f>" x "</f></c><c r="E1" t="s"><f>1/3</f><v>0</v></c></row>"""
    path = with_rows(tmp_path / "book.xlsx", rows)
    recalculated(path)
    assert values(path, "A1:E1") == [["a<b>", True, "#N/A", " x ", 1 / 3]]
    with zipfile.ZipFile(path) as archive:
        xml = archive.read(SHEET).decode()
    assert '<c r="A1" s="0" t="str"><f>"a"&amp;"&lt;b&gt;"</f><v>a&lt;b&gt;</v></c>' in xml
    assert '<v xml:space="preserve"> x </v>' in xml
    assert not recalculated(path).differences
