"""The catalogue in a second real spreadsheet program."""

import csv
import math
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table as BookTable

import xlinv
from tests.examples import CASES, call_of
from tests.hosts.libreoffice.calc import Calc, calc
from xlinv.cells import Cell, CellError
from xlinv.functions import CATALOGUE
from xlinv.hosts.libreoffice.extension import build_extension, configuration, interface
from xlinv.network import Network

__all__ = ["calc"]

_NAME = re.compile(rf"\b({'|'.join(CATALOGUE)})\(")


def dotted(formula: str) -> str:
    """The formula with our functions as Calc knows them."""
    return _NAME.sub(r"XLINV.\1(", formula)


def test_the_interface_and_the_configuration_name_every_function() -> None:
    idl = interface(CATALOGUE.values())
    tree = ElementTree.fromstring(configuration(CATALOGUE.values()))
    name = "{http://openoffice.org/2001/registry}name"
    functions = tree.find(f".//node[@{name}='AddInFunctions']")
    assert functions is not None
    assert [node.get(name) for node in functions] == list(CATALOGUE)
    assert all(f" {function}(" in idl for function in CATALOGUE)


def test_the_extension_is_the_same_each_time(tmp_path: Path) -> None:
    first = build_extension(tmp_path / "a.oxt").read_bytes()
    assert first == build_extension(tmp_path / "b.oxt").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.oxt") as archive:
        assert archive.testzip() is None


def as_shown(cell: Cell) -> str | float:
    if isinstance(cell, CellError):
        return str(cell)
    return float(cell) if isinstance(cell, float | int) else cell or ""


def alike(got: str, want: str | float) -> bool:
    if isinstance(want, str):
        return got == want
    try:
        return math.isclose(float(got), want, rel_tol=1e-9, abs_tol=1e-9)
    except ValueError:
        return False


def test_every_example_is_the_same_in_calc(calc: Calc, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Examples"
    expected: list[tuple[str, int, list[list[Cell]]]] = []
    row = 1
    for declared, example in CASES:
        _, cells = call_of(declared, example.formula)
        corner = f"{get_column_letter(len(cells[0]))}{row + len(cells) - 1}"
        sheet.cell(row, 1).value = ArrayFormula(f"A{row}:{corner}", dotted(example.formula))
        expected.append((example.formula, row, cells))
        row += len(cells)
    book.save(tmp_path / "examples.xlsx")
    with calc.values(tmp_path / "examples.xlsx")["Examples"].open(newline="") as lines:
        shown = list(csv.reader(lines))
    different = [
        (formula, shown[start - 1 + i][j], cell)
        for formula, start, cells in expected
        for i, cells_row in enumerate(cells)
        for j, cell in enumerate(cells_row)
        if not alike(shown[start - 1 + i][j], as_shown(cell))
    ]
    assert not different


@pytest.mark.slow
def test_the_menu_entry_optimise_runs_the_same_action(calc: Calc, tmp_path: Path) -> None:
    stages = [
        ["Stage", "Lead time", "Added cost", "Demand mean", "Demand SD", "Service time", "Service level"]
    ]
    stages += [["Plant", 10, 50, None, None, None, None], ["Store", 2, 1, 40, 12, 0, 0.95]]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Network"
    for row in stages:
        sheet.append(row)
    sheet["K1"], sheet["L1"], sheet["K2"], sheet["L2"] = "From", "To", "Plant", "Store"
    sheet.add_table(BookTable(displayName="tblStages", ref="A1:G3"))
    sheet.add_table(BookTable(displayName="tblArcs", ref="K1:L2"))
    book.save(tmp_path / "network.xlsx")
    calc.press(tmp_path / "network.xlsx", tmp_path / "result.xlsx", "Network", "B2", "btnOptimiseNetwork")
    result = openpyxl.load_workbook(tmp_path / "result.xlsx", data_only=True)
    shown = [cell.value for row in result["Out_MEIO"].iter_rows() for cell in row]
    plan = xlinv.optimise(
        Network.from_tables(pd.DataFrame(stages[1:], columns=stages[0]), [{"from": "Plant", "to": "Store"}])
    )
    for stock in plan.columns["safety_stock"].tolist():
        assert any(
            isinstance(value, float | int) and math.isclose(value, stock, abs_tol=1e-6) for value in shown
        )


@pytest.mark.parametrize(
    "name", ["component.py", "functions.xcu", "functions.idl", "menu.xcu", "META-INF/manifest.xml"]
)
def test_the_extension_holds_what_it_needs(name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(build_extension(tmp_path / "x.oxt")) as archive:
        assert name in archive.namelist()
