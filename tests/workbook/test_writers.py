"""The same book written by openpyxl, by XlsxWriter and saved by LibreOffice shows the same values."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.formula import ArrayFormula

from tests.workbook.books import recalculated, values

NUMBERS = [100, 250, 40]
FORMULAS = {
    "C1": ("=A1:A3*2", "C1:C3"),
    "D1": ("=XLINV.EOQ(A1:A3,50,2)", "D1:D3"),
    "E1": ("=SUM(A1:A3*A1:A3)", "E1"),
    "F1": ('=A1&" units"', "F1"),
    "G1": ("=XLINV.EOQ(A2,50,2)", "G1"),
}


def plain(path: Path) -> None:
    book = openpyxl.Workbook()
    for row, number in enumerate(NUMBERS, start=1):
        book.active.cell(row, 1, number)
    for place, (formula, _) in FORMULAS.items():
        book.active[place] = formula
    book.save(path)


def with_array_formulas(path: Path) -> None:
    plain(path)
    book = openpyxl.load_workbook(path)
    for place, (formula, area) in FORMULAS.items():
        book.active[place] = ArrayFormula(area, formula)
    book.save(path)


def with_dynamic_arrays(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_column("A1", NUMBERS)
    for place, (formula, area) in FORMULAS.items():
        sheet.write_dynamic_array_formula(area if ":" in area else f"{place}:{place}", formula)
    book.close()


def saved_by_libreoffice(path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("needs LibreOffice")
    source = path.parent / "source" / path.name
    source.parent.mkdir()
    with_dynamic_arrays(source)
    profile = (path.parent / "profile").as_uri()
    subprocess.run(
        [
            *(office, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx"),
            *("--outdir", str(path.parent), str(source)),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )


@pytest.mark.parametrize(
    "writer",
    [
        plain,
        with_array_formulas,
        with_dynamic_arrays,
        pytest.param(saved_by_libreoffice, marks=pytest.mark.slow),
    ],
)
def test_values(writer: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    writer(path)
    found = recalculated(path)
    assert not found.errors
    assert values(path, "C1:C3") == [[200], [500], [80]]
    expected: list[Any] = [[pytest.approx((2 * number * 50 / 2) ** 0.5)] for number in NUMBERS]
    assert values(path, "D1:D3") == expected
    assert values(path, "E1") == 100**2 + 250**2 + 40**2
    assert values(path, "F1") == "100 units"
    assert values(path, "G1") == expected[1][0]
    assert not recalculated(path).differences


@pytest.mark.parametrize(
    "spelling",
    [
        "EOQ",
        "eoq",
        "XLINV.EOQ",
        "_xldudf_XLINV_EOQ",
        "_xll.EOQ",
        "_xll.XLINV.EOQ",
        "[1]!EOQ",
        "'C:\\Program Files\\add ins\\xlinv.xlam'!EOQ",
        "'https://x.example/lib/xlinv.xlam'!EOQ",
        "xlinv.xlam!EOQ",
    ],
)
def test_every_stored_spelling_of_a_function(tmp_path: Path, spelling: str) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = f"={spelling}(100,50,2)"
    book.active["A2"] = f"=IF({spelling}(100,50,2)>1,{spelling}(100,50,2)*2,0)"
    path = tmp_path / "book.xlsx"
    book.save(path)
    recalculated(path)
    assert values(path, "A1") == pytest.approx(5000**0.5)
    assert values(path, "A2") == pytest.approx(2 * 5000**0.5)


def test_books_refer_to_tables_names_and_other_sheets(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(str(path))
    items = book.add_worksheet("Items & more")
    items.add_table(
        "A1:C4",
        {
            "name": "Items",
            "data": [["a", 100], ["b", 200], ["c", 300]],
            "columns": [
                {"header": "Item"},
                {"header": "Demand [pcs]"},
                {"header": "Twice", "formula": "=Items[@[Demand '[pcs']]]*2"},
            ],
        },
    )
    book.define_name("Rate", "=0.25")
    book.define_name("AllDemand", "='Items & more'!$B$2:$B$4")
    book.define_name("Double", "=_xlfn.LAMBDA(_xlpm.x,_xlpm.x*2)")
    sheet = book.add_worksheet("Out")
    for place, formula in {
        "A1": "=SUM(Items[Demand '[pcs']])",
        "A2": "=SUM(Items[Twice])*Rate",
        "A3": "=SUM(AllDemand)",
        "A4": "=Double(Rate)",
        "A5": "=SUM(Items[[Demand '[pcs']]:[Twice]])",
        "A6": "=ROWS(Items[#All])",
        "A7": "=Items[[#Headers],[Twice]]",
        "A8": "=Items[Nope]",
        "A9": "=SUM('Items & more:Out'!C2)",
        "A10": "=Missing!A1",
    }.items():
        sheet.write_formula(place, formula)
    book.close()
    found = recalculated(path)
    shown = [row[0] for row in values(path, "A1:A10", "Out")]
    assert shown == [600, 300, 600, 0.5, 1800, 4, "Twice", "#REF!", 200, "#REF!"]
    assert any("Missing" in reason for error in found.errors for reason in error.reasons)
