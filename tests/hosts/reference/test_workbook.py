"""The workbook of examples: every one of them live, and OK; a wrong expectation is a FAIL."""

from dataclasses import replace
from pathlib import Path

import openpyxl
from click.testing import CliRunner

from xlinv.catalogue import Example
from xlinv.cells import CellError
from xlinv.functions import CATALOGUE
from xlinv.hosts.cli import main
from xlinv.hosts.reference.workbook import Verdicts, verdicts, write_workbook


def test_every_example_of_the_catalogue_is_live_and_ok(tmp_path: Path) -> None:
    path = tmp_path / "examples.xlsx"
    written = CliRunner().invoke(main, ["functions", "--workbook", str(path)])
    count = sum(len(declared.examples) for declared in CATALOGUE.values())
    assert f"{count} of {count} examples OK" in written.output
    assert written.exit_code == 0
    assert verdicts(path) == Verdicts(count, ())


def test_every_sheet_prints_a_page_wide_and_legible(tmp_path: Path) -> None:
    path = tmp_path / "examples.xlsx"
    write_workbook(path)
    for sheet in openpyxl.load_workbook(path):
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        ranges = sheet.column_dimensions.values()
        characters = sum(each.width * (each.max - each.min + 1) for each in ranges)
        assert characters < 220, f"{sheet.title} would print at less than two thirds of its size"


WRONG = [
    Example("=EOQCOST(250, 1300, 8, 0.225)", 69.8, "another number"),
    Example("=EOQCOST(250, 1300, 8, 0.225)", CellError.NUM, "no error"),
    Example("=EOQCOST(0, 1300, 8, 0.225)", CellError.NA, "another error"),
    Example("=EOQCOST(0, 1300, 8, 0.225)", 69.725, "an error where a number belongs"),
    Example("=EOQCOST({250;0}, 1300, 8, 0.225)", [[69.725], [CellError.DIV0]], "half of it"),
]


def test_an_example_that_shows_something_else_fails(tmp_path: Path) -> None:
    path = tmp_path / "wrong.xlsx"
    right = Example("=EOQCOST({250;0}, 1300, 8, 0.225)", [[69.725], [CellError.NUM]], "as it is")
    write_workbook(path, {"EOQCOST": replace(CATALOGUE["EOQCOST"], examples=(*WRONG, right))})
    found = verdicts(path)
    assert found.examples == len(WRONG) + 1
    assert found.failed == tuple(example.formula for example in WRONG)
