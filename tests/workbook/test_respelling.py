"""Functions spelled for another spreadsheet program, and back."""

import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.formatting.rule import FormulaRule
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from tests.workbook.books import recalculated, values, write
from xlinv.hosts.cli import main
from xlinv.workbook.respelling import respell

BOOKS = Path(__file__).resolve().parents[2] / "workbooks"


def spelled(formula: str, program: str, folder: Path) -> str:
    path = write(folder / "book.xlsx", {"A1": formula})
    respell(path, folder / "out.xlsx", program)
    return str(openpyxl.load_workbook(folder / "out.xlsx").active["A1"].value)


@pytest.mark.parametrize(
    ("formula", "calc"),
    [
        ("=EOQ(100,50,2)", "=XLINV.EOQ(100,50,2)"),
        ("=SUM(eoq(A1,50,2))", "=SUM(XLINV.EOQ(A1,50,2))"),
        ("=[1]!SAFETYSTOCK(0.95,20,4)", "=XLINV.SAFETYSTOCK(0.95,20,4)"),
        (r"='C:\Users\ann\xlinv.xlam'!EOQ(1,2,3)", "=XLINV.EOQ(1,2,3)"),
        ("=_xldudf_XLINV_EOQ(1,2,3)", "=XLINV.EOQ(1,2,3)"),
        ("=_xll.EOQ(1,2,3)", "=XLINV.EOQ(1,2,3)"),
        ('=METHODINFO("EOQ(1,2)")&"EOQ("', '=XLINV.METHODINFO("EOQ(1,2)")&"EOQ("'),
        ("='EOQ(old)'!A1+EOQ(1,2,3)", "='EOQ(old)'!A1+XLINV.EOQ(1,2,3)"),
        ("=tbl[EOQ(x)]+SUM(1)", "=tbl[EOQ(x)]+SUM(1)"),
        ("='[2]Prices.xlam'!EOQ(1)", "='[2]Prices.xlam'!EOQ(1)"),
        ("=MYEOQ(1)+EOQ+SUM(2)", "=MYEOQ(1)+EOQ+SUM(2)"),
    ],
)
def test_ours_are_spelled_for_calc_and_nothing_else_is(formula: str, calc: str, tmp_path: Path) -> None:
    assert spelled(formula, "libreoffice", tmp_path) == calc


def test_what_calc_wrote_is_spelled_for_excel(tmp_path: Path) -> None:
    assert spelled("=xlinv.eoq(100,50,2)+XLINV.DIO(1,2)", "excel", tmp_path) == "=EOQ(100,50,2)+DIO(1,2)"


@pytest.mark.parametrize("name", ["inventory_policy.xlsx", "network_meio.xlsx"])
def test_there_and_back_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    assert respell(BOOKS / name, tmp_path / "calc.xlsx", "libreoffice") > 0
    assert respell(tmp_path / "calc.xlsx", tmp_path / "back.xlsx", "excel") > 0
    assert (tmp_path / "back.xlsx").read_bytes() == (BOOKS / name).read_bytes()


def test_every_place_that_holds_formulas_is_respelled_and_no_other_part(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "EOQ(1,2,3)"
    sheet.conditional_formatting.add("A1", FormulaRule(formula=["EOQ(1,2,3)>A2"]))
    choices = DataValidation(type="custom", formula1="EOQ(1,2,3)<=A2")
    choices.add("A2")
    sheet.add_data_validation(choices)
    book.defined_names["lot"] = DefinedName("lot", attr_text="EOQ(1,2,3)")
    book.save(tmp_path / "book.xlsx")
    assert respell(tmp_path / "book.xlsx", tmp_path / "calc.xlsx", "libreoffice") == 3
    with zipfile.ZipFile(tmp_path / "book.xlsx") as old, zipfile.ZipFile(tmp_path / "calc.xlsx") as new:
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert changed == {"xl/workbook.xml", "xl/worksheets/sheet1.xml"}
    read = openpyxl.load_workbook(tmp_path / "calc.xlsx")
    assert read.defined_names["lot"].attr_text == "XLINV.EOQ(1,2,3)"
    assert read.active["A1"].value == "EOQ(1,2,3)"


def test_the_workbooks_own_function_of_that_name_stays(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", {"A1": "=EOQ(2)"})
    book = openpyxl.load_workbook(path)
    book.defined_names["EOQ"] = DefinedName("EOQ", attr_text="_xlfn.LAMBDA(_xlpm.x,_xlpm.x*10)")
    book.save(path)
    before = path.read_bytes()
    assert respell(path, path, "libreoffice") == 0
    assert path.read_bytes() == before


def test_both_spellings_give_the_same_number(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", {"A1": "=EOQ(100,50,2)"})
    respell(path, tmp_path / "calc.xlsx", "libreoffice")
    recalculated(path)
    recalculated(tmp_path / "calc.xlsx")
    assert values(path, "A1") == values(tmp_path / "calc.xlsx", "A1")


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", {"A1": "=EOQ(1,2,3)"})
    run = CliRunner().invoke
    done = run(main, ["addin", "repair", str(path), "--for", "libreoffice"])
    assert "1 formulas spelled for libreoffice" in done.output
    assert "already" in run(main, ["addin", "repair", str(path), "--for", "libreoffice"]).output
    assert run(main, ["addin", "repair", str(path), "--for", "excel", "--to", "x"]).exit_code == 2
