import json
import signal
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from xlinv.hosts.cli import main

STAGES = """stage,lead time,added cost,demand mean,demand sd,z,promised time
01,9,10,,,,
Shop,16,5,100,30,2,0
"""
ARCS = "from,to\n01,Shop\n"


@pytest.fixture
def tables(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "stages.csv").write_text(STAGES)
    (tmp_path / "arcs.csv").write_text(ARCS)
    return str(tmp_path / "stages.csv"), str(tmp_path / "arcs.csv")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["solve", *arguments])


def test_the_terminal_shows_cost_bound_baseline_and_reasons(tables: tuple[str, str]) -> None:
    shown = run(*tables, "--explain", "Shop")
    assert shown.exit_code == 0
    assert "4,500.00  proved optimal (gap 0.0000%)" in shown.output
    assert "900.00" in shown.output
    assert "its stock must cover 25 periods of demand" in shown.output.replace("\n", " ")


def test_json_holds_summary_and_stages(tables: tuple[str, str]) -> None:
    told = json.loads(run(*tables, "--json", "--round-up", "--time-limit", "5").stdout)
    assert told["cost"] == told["lower_bound"] == pytest.approx(4500)
    assert told["optimal"] is True
    assert told["binding"] == ["service_time of Shop"]
    assert [row["stage"] for row in told["stages"]] == ["01", "Shop"]
    assert "explained" not in told
    explained = json.loads(run(*tables, "--json", "--explain", "Shop").stdout)["explained"]
    assert explained["Shop"].startswith("Shop protects its own demand.")


@pytest.mark.parametrize("name", ["plan.csv", "plan.xlsx"])
def test_the_plan_is_written_as_csv_and_xlsx(tables: tuple[str, str], tmp_path: Path, name: str) -> None:
    assert run(*tables, "-o", str(tmp_path / name)).exit_code == 0
    if name.endswith("csv"):
        stock = pd.read_csv(tmp_path / name)["safety_stock"]
    else:
        stock = pd.read_excel(tmp_path / name)["Safety stock [units]"]
        figures = pd.read_excel(tmp_path / name, sheet_name="Summary", header=None)
        assert figures[0].tolist()[-2:] == ["Limits that the plan runs into", "service time of Shop"]
    assert stock.tolist() == pytest.approx([0, 300])


def test_the_terminal_shows_no_line_longer_than_80(tmp_path: Path) -> None:
    long = "A stage with quite a long name @ Antananarivo"
    (tmp_path / "s.csv").write_text(
        "stage,lead time,added cost,demand mean,demand sd,z,promised time,lead time sd\n"
        f"{long},16,123456789,1000000,300000,2,0,1\n"
    )
    (tmp_path / "a.csv").write_text("from,to\n")
    shown = run(str(tmp_path / "s.csv"), str(tmp_path / "a.csv"), "--explain", long).output
    assert max(map(len, shown.splitlines())) <= 80
    assert "Antananarivo" in shown


def test_an_input_is_never_written_over(tables: tuple[str, str]) -> None:
    for place in (*tables, str(Path(tables[0]).parent / "." / "stages.csv")):
        shown = run(*tables, "-o", place)
        assert shown.exit_code == 1
        assert "'out' must not be one of the tables" in shown.output
    assert Path(tables[0]).read_text() == STAGES


def test_tables_may_be_sheets_of_a_workbook(tables: tuple[str, str], tmp_path: Path) -> None:
    book = tmp_path / "network.xlsx"
    with pd.ExcelWriter(book) as writer:
        pd.read_csv(tables[0], dtype=str).to_excel(writer, sheet_name="Nodes", index=False)
        pd.read_csv(tables[1], dtype=str).to_excel(writer, sheet_name="Links", index=False)
    assert "4,500.00" in run(f"{book}#Nodes", f"{book}#Links").output
    assert (
        "must be a sheet of the workbook (Nodes, Links): 'None'"
        in run(f"{book}#None", f"{book}#Links").output
    )


def test_every_problem_is_told_with_its_place(tables: tuple[str, str]) -> None:
    Path(tables[0]).write_text(STAGES.replace("01,9", "01,-9").replace(",2,0", ",2,"))
    shown = run(*tables)
    assert shown.exit_code == 1
    assert "'lead_time' must be >= 0: -9.0 (Stages, row 2)" in shown.output
    assert "'service_time' must be promised at a stage with demand: blank (Stages, row 3)" in shown.output


def test_infeasible_is_said_with_what_binds(tables: tuple[str, str]) -> None:
    shown = run(*tables, "--cash-cap", "100")
    assert shown.exit_code == 1
    assert "cash_cap 100 is too little" in shown.output
    assert "binding: service_time of Shop" in shown.output


def test_a_method_or_file_that_does_not_exist_is_named(tables: tuple[str, str]) -> None:
    assert "4,500.00" not in run(*tables, "--method", "stochastic").output
    assert "'method' must be one of guaranteed, stochastic" in run(*tables, "--method", "magic").output
    assert "'table' must be a file: 'nowhere.csv'" in run("nowhere.csv", tables[1]).output


def test_a_number_of_zero_counts_as_given(tables: tuple[str, str]) -> None:
    assert "cash_cap 0 is too little" in run(*tables, "--cash-cap", "0").output
    assert "'holding_rate' must be > 0: 0.0" in run(*tables, "--holding-rate", "0").output


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "'stages' must have at least one row"),
        (STAGES.encode("utf-16"), "'table' must be text in UTF-8"),
        (STAGES.replace("Shop", "L\xe4den").encode("cp1252"), "'table' must be text in UTF-8"),
        (f"{STAGES}X,1,1,1,1,1,1,9\n".encode(), "'row' must have no cells beyond its 7 headings: '9'"),
        (STAGES.replace("z,", "stage,").encode(), "'columns' must have different headings: 'stage'"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(
    tables: tuple[str, str], content: bytes, told: str
) -> None:
    Path(tables[0]).write_bytes(content)
    shown = run(*tables)
    assert shown.exit_code == 1
    assert told in shown.output


def test_a_title_above_the_headings_is_passed_over(tables: tuple[str, str], tmp_path: Path) -> None:
    for path in map(Path, tables):
        path.write_text("Our network\n\n" + path.read_text().replace(",", ";"))
    assert "4,500.00" in run(*tables).output


def test_several_problems_stand_on_lines_of_their_own(tables: tuple[str, str]) -> None:
    Path(tables[0]).write_text(STAGES.replace("01,9", "01,-9").replace(",2,0", ",,0"))
    lines = run(*tables).output.splitlines()
    assert lines[0] == "Error: 2 things are wrong:"
    assert lines[1] == "  'lead_time' must be >= 0: -9.0 (Stages, row 2)"


def test_a_decimal_comma_is_told(tables: tuple[str, str]) -> None:
    Path(tables[0]).write_text(STAGES.replace(",", ";").replace("16;5;", "16,5;5;"))
    told = "'lead_time' must be a number, with a point before its decimals: '16,5' (Stages, row 3)"
    assert told in run(*tables).output


def test_what_is_no_workbook_is_told(tables: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "fake.xlsx").write_text(STAGES)
    assert "must be a workbook that can be opened" in run(str(tmp_path / "fake.xlsx"), tables[1]).output


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_damaged_workbook_is_told(tables: tuple[str, str], tmp_path: Path, part: str) -> None:
    whole, damaged = tmp_path / "whole.xlsx", tmp_path / "damaged.xlsx"
    pd.read_csv(tables[0], dtype=str).to_excel(whole, index=False)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(damaged, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name)[: 300 if name == part else None])
    shown = run(str(damaged), tables[1])
    assert (shown.exit_code, "must be a workbook that can be opened" in shown.output) == (1, True)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_cells_may_be_parted_as_excel_does_elsewhere(tables: tuple[str, str], separator: str) -> None:
    for path in map(Path, tables):
        path.write_text(path.read_text().replace(",", separator), encoding="utf-8-sig")
    assert "4,500.00" in run(*tables).output


def test_an_error_in_a_cell_of_a_sheet_is_no_blank(tables: tuple[str, str], tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    rows = [
        line.split(",")
        for line in STAGES.replace("z,promised time", "z,promised time,min stock").splitlines()
    ]
    for number, row in enumerate(rows):
        book.active.append(row if number != 2 else [*row, "#DIV/0!"])
    book.save(tmp_path / "book.xlsx")
    shown = run(str(tmp_path / "book.xlsx"), tables[1])
    assert "'min_stock' must be a number: '#DIV/0!' (Stages, row 3)" in shown.output


def test_a_stage_called_na_keeps_its_name(tables: tuple[str, str], tmp_path: Path) -> None:
    for path in map(Path, tables):
        pd.read_csv(path, dtype=str).replace("01", "NA").to_excel(path.with_suffix(".xlsx"), index=False)
    told = run(*(str(Path(path).with_suffix(".xlsx")) for path in tables), "--json")
    assert json.loads(told.stdout)["stages"][0]["stage"] == "NA"


def test_columns_that_are_not_understood_are_named(tables: tuple[str, str]) -> None:
    Path(tables[0]).write_text(STAGES.replace("promised time", "promised time,min stok"))
    shown = run(*tables, "--json")
    assert "not understood, and left out: min stok (did you mean min stock?)." in shown.stderr
    assert json.loads(shown.stdout)["optimal"] is True


@pytest.mark.parametrize(
    ("out", "told"),
    [
        ("plan.txt", "must end in .csv or .xlsx"),
        ("no/plan.csv", "must lie in a folder"),
    ],
)
def test_where_no_plan_can_be_written_is_told_before_it_is_made(
    tables: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str, told: str
) -> None:
    monkeypatch.setattr("xlinv.network.optimise", lambda *_, **__: pytest.fail("was solved first"))
    shown = run(*tables, "-o", str(tmp_path / out))
    assert shown.exit_code == 1
    assert told in shown.output


def test_a_folder_that_nobody_may_write_to_is_told_before_the_plan_is_made(
    tables: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", refused)
    monkeypatch.setattr("xlinv.network.optimise", lambda *_, **__: pytest.fail("was solved first"))
    shown = run(*tables, "-o", str(tmp_path / "plan.xlsx"))
    assert shown.exit_code == 1
    assert "'out' must be a file that can be written (Permission denied)" in shown.output


def test_nothing_half_written_is_left_where_writing_fails(
    tables: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(path: str, **_: object) -> None:
        Path(path).write_text("half")
        raise OSError("disk full")

    monkeypatch.setattr(pd.DataFrame, "to_csv", lambda _, path, **__: fails(path))
    (tmp_path / "plan.csv").write_text("before")
    shown = run(*tables, "-o", str(tmp_path / "plan.csv"))
    assert (shown.exit_code, "disk full" in shown.output) == (1, True)
    assert (tmp_path / "plan.csv").read_text() == "before"
    assert not list(tmp_path.glob(".*"))


def test_a_workbook_that_cannot_be_written_is_told(
    tables: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import xlsxwriter

    def fails(_: object) -> None:
        raise xlsxwriter.exceptions.FileCreateError("disk full")

    monkeypatch.setattr(xlsxwriter.Workbook, "close", fails)
    shown = run(*tables, "-o", str(tmp_path / "plan.xlsx"))
    assert (shown.exit_code, "Error: disk full" in shown.output) == (1, True)
    assert not list(tmp_path.glob("*plan*"))


@pytest.mark.parametrize("proved", [True, False])
def test_ctrl_c_keeps_the_best_plan_so_far(
    tables: tuple[str, str], monkeypatch: pytest.MonkeyPatch, proved: bool
) -> None:
    from xlinv import network

    solve = network.optimise

    def interrupted(*arguments: Any, progress: Callable[..., bool], **options: Any) -> network.Plan:
        signal.raise_signal(signal.SIGINT)
        assert progress(0.1, 2.0, 1.0) is False
        plan = solve(*arguments, progress=progress, **options)
        return plan if proved else replace(plan, lower_bound=4000.0)

    monkeypatch.setattr(network, "optimise", interrupted)
    shown = run(*tables)
    assert shown.exit_code == 0
    assert ("this is the best plan found so far" in shown.stderr) == (not proved)
    assert "4,500.00" in shown.stdout
