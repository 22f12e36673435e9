"""`xlinv recalc` and `xlinv eval`: what they print and how they end."""

import json
import sys
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from tests.workbook.books import values, write
from xlinv.hosts.cli import main


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_check_changes_nothing_and_names_what_is_stale(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", {"A1": 2, "B1": "=A1*3"})
    before = path.read_bytes()
    result = run("recalc", path, "--check")
    assert result.exit_code == 3
    assert "Sheet!B1  =A1*3  cached blank  computed 6" in result.output
    assert path.read_bytes() == before
    assert run("recalc", path).exit_code == 0
    assert values(path, "B1") == 6
    assert run("recalc", path, "--check").exit_code == 0


def test_out_leaves_the_book_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", {"B1": "=1+1"})
    before = path.read_bytes()
    assert run("recalc", path, "-o", tmp_path / "out.xlsx").exit_code == 0
    assert path.read_bytes() == before
    assert values(tmp_path / "out.xlsx", "B1") == 2
    assert run("recalc", tmp_path / "out.xlsx", "-o", tmp_path / "again.xlsx").exit_code == 0
    assert (tmp_path / "again.xlsx").read_bytes() == (tmp_path / "out.xlsx").read_bytes()


def test_cells_that_show_errors_and_why(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", {"B1": "=XLINV.EOQ(-1,50,2)"})
    run("recalc", path)
    result = run("recalc", path, "--check")
    assert result.exit_code == 1
    assert "#NUM!" in result.output
    assert "'demand' must be >= 0" in result.output


def test_several_reasons_of_one_cell_stand_below_each_other(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", {"A1": "stage", "A2": "Shop", "B1": "=NETWORKCOST(A1:A2,A1:A2)"})
    lines = run("recalc", path).output.splitlines()
    reasons = [line for line in lines if "must be a column" in line]
    assert len(reasons) == 7
    assert all(line.startswith("       '") for line in reasons)


@pytest.mark.parametrize(
    ("result", "code"), [("=1=1", 0), ("=1=2", 1), ('="FAIL"', 1), ('="OK"', 0), ("=1/0", 1)]
)
def test_check_cells(tmp_path: Path, result: str, code: int) -> None:
    path = write(
        tmp_path / "book.xlsx", {"A1": "id", "B1": "result", "A2": "one", "B2": result, "D1": result}
    )
    book = openpyxl.load_workbook(path)
    book.active.add_table(Table(displayName="tblChecks", ref="A1:B2"))
    book.defined_names["chk_All"] = DefinedName("chk_All", attr_text="Sheet!$D$1")
    book.save(path)
    run("recalc", path)
    found = run("recalc", path, "--check")
    assert found.exit_code == code
    if code:
        assert "chk_all" in found.output
        assert "tblChecks" in found.output


def test_tolerance(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", {"A1": 3, "B1": "=1/A1"})
    run("recalc", path)
    import zipfile

    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"0.3333333333333333", b"0.3333333")
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert run("recalc", path, "--check").exit_code == 3
    assert run("recalc", path, "--check", "--tolerance", "1e-6").exit_code == 0


def test_json(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", {"A1": "=1/0", "A2": "=1+1"})
    found = json.loads(run("recalc", path, "--check", "--json").output)
    assert found["formulas"] == 2
    assert found["stale"][1] == {
        "sheet": "Sheet",
        "cell": "A2",
        "formula": "=1+1",
        "cached": None,
        "computed": 2,
    }
    assert found["errors"][0]["error"] == "#DIV/0!"
    missing = run("recalc", tmp_path / "none.xlsx", "--json")
    assert missing.exit_code == 2
    assert "does not exist" in json.loads(missing.output)["error"]


def test_as_of_fixes_today_and_now(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", {"A1": "=TODAY()*1", "A2": "=NOW()-TODAY()", "A3": "=YEAR(NOW())"})
    run("recalc", path, "--as-of", "2024-02-29")
    assert values(path, "A1:A3") == [[45351], [0], [2024]]
    assert run("recalc", path, "--check", "--as-of", "2024-02-29").exit_code == 0


def test_a_second_opinion_agrees_or_says_where_not(tmp_path: Path) -> None:
    pytest.importorskip("ironcalc")
    cells = {
        "A1": 3,
        "A2": "=A1*2",
        "A3": "=XLINV.EOQ(A1,2,1)+A2",
        "A4": "=SUM(A1:A3)",
        "A5": "=DATE(1900,2,29)",
    }
    path = write(tmp_path / "book.xlsx", cells)
    found = json.loads(run("recalc", path, "--second-opinion", "--json").output)
    assert [one["cell"] for one in found["second_opinion"]] == ["A5"]  # Excel's day that never was
    assert found["second_opinion"][0]["ours"] == 60


def test_a_second_opinion_needs_ironcalc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ironcalc", None)
    path = write(tmp_path / "book.xlsx", {"A1": "=1"})
    result = run("recalc", path, "--second-opinion")
    assert result.exit_code == 2
    assert "second-opinion" in result.output


def test_eval() -> None:
    assert run("eval", "=1/4").output == "0.25\n"
    assert run("eval", "-2^2").output == "4\n"
    assert run("eval", "=SEQUENCE(2,2)").output == "1\t2\n3\t4\n"
    assert run("eval", "=1>2").output == "FALSE\n"
    bad = run("eval", "=XLINV.EOQ(-1,50,2)")
    assert bad.exit_code == 1
    assert "#NUM!" in bad.output
    assert "'demand' must be >= 0" in bad.output
    assert run("eval", "=1+").exit_code == 2


def test_a_second_opinion_that_agrees_is_told(tmp_path: Path) -> None:
    pytest.importorskip("ironcalc")
    path = write(tmp_path / "book.xlsx", {"A1": 1, "A2": "=A1+1"})
    assert "IronCalc gives the same value" in run("recalc", path, "--second-opinion").output
    assert "IronCalc" not in run("recalc", path).output
