import json
from pathlib import Path

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
    assert "its stock must cover 25 periods of demand" in shown.output


def test_json_holds_summary_and_stages(tables: tuple[str, str]) -> None:
    told = json.loads(run(*tables, "--json", "--round-up", "--time-limit", "5").stdout)
    assert told["cost"] == told["lower_bound"] == pytest.approx(4500)
    assert told["optimal"] is True
    assert told["binding"] == ["service_time of Shop"]
    assert [row["stage"] for row in told["stages"]] == ["01", "Shop"]


@pytest.mark.parametrize("name", ["plan.csv", "plan.xlsx"])
def test_the_plan_is_written_as_csv_and_xlsx(tables: tuple[str, str], tmp_path: Path, name: str) -> None:
    assert run(*tables, "-o", str(tmp_path / name)).exit_code == 0
    read = pd.read_csv if name.endswith("csv") else pd.read_excel
    assert read(tmp_path / name)["safety_stock"].tolist() == pytest.approx([0, 300])


def test_tables_may_be_sheets_of_a_workbook(tables: tuple[str, str], tmp_path: Path) -> None:
    book = tmp_path / "network.xlsx"
    with pd.ExcelWriter(book) as writer:
        pd.read_csv(tables[0], dtype=str).to_excel(writer, sheet_name="Nodes", index=False)
        pd.read_csv(tables[1], dtype=str).to_excel(writer, sheet_name="Links", index=False)
    assert "4,500.00" in run(f"{book}#Nodes", f"{book}#Links").output
    assert "must be a sheet of the workbook: 'None'" in run(f"{book}#None", f"{book}#Links").output


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
