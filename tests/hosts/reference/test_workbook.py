"""The workbook of examples: every one of them live, and OK; a wrong expectation is a FAIL."""

from dataclasses import replace
from pathlib import Path

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
