"""The Optimise button on a book without Excel: the same plan as Python's, whole sheets, inputs untouched."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl.worksheet.table import Table as BookTable

import xlinv
from xlinv import headless
from xlinv.actions import optimise, running, writing
from xlinv.actions.running import CancelledError, perform, press
from xlinv.hosts.cli import main
from xlinv.network import Network

HEADINGS = "Stage|Lead time [days]|Added cost [EUR]|Demand mean|Demand SD|Service time|Service level"
STAGES = [
    [*HEADINGS.split("|"), "Current safety stock"],
    ["Plant", 10, 50, None, None, None, None, 900],
    ["DC", 3, 5, None, None, None, None, 0],
    ["=Store", 2, 1, 40, 12, 0, 0.95, 10],
    ["Web", 1, 1, 25, 10, 1, 0.98, 30],
]
ARCS = [["From", "To"], ["Plant", "DC"], ["DC", "=Store"], ["DC", "Web"]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Network"
    for row in STAGES:
        sheet.append(row)
    sheet["A4"].data_type = "s"
    for number, row in enumerate(ARCS, start=1):
        for letter, value in zip("KL", row, strict=True):
            sheet[f"{letter}{number}"] = value
            sheet[f"{letter}{number}"].data_type = "s"
    sheet["A10"] = "A note beside the tables"
    book.save(tmp_path / "network.xlsx")
    return tmp_path / "network.xlsx"


@pytest.fixture
def book(path: Path) -> Iterator[Any]:
    with headless.open(path) as opened:
        opened.sheets["Network"]["B3"].select()
        yield opened


@pytest.fixture
def tabled(book: Any) -> Any:
    sheet = book.sheets["Network"]
    sheet.tables.add(source=sheet["A1:H5"], name="tblStages")
    sheet.tables.add(source=sheet["K1:L4"], name="tblArcs")
    return book


def plan() -> Any:
    stages = pd.DataFrame(STAGES[1:], columns=[heading.split(" [")[0] for heading in STAGES[0]])
    return xlinv.optimise(Network.from_tables(stages, pd.DataFrame(ARCS[1:], columns=ARCS[0])))


def column(sheet: Any, heading: str) -> list[Any]:
    for row in range(1, 60):
        values = sheet.range((row, 1), (row, 14)).value
        if heading in values:
            number = values.index(heading) + 1
            return list(sheet.range((row + 1, number)).expand("down").options(ndim=1).value)
    raise KeyError(heading)


def test_the_plan_is_that_of_python_and_stands_on_its_sheets(tabled: Any) -> None:
    before = tabled.sheets["Network"].used_range.formula
    report = perform(tabled, optimise.network, "Optimise")
    expected = plan()
    assert report.cost == pytest.approx(expected.cost, rel=1e-12)
    assert [sheet.name for sheet in tabled.sheets][1:6] == [
        "Out_MEIO",
        "Out_MEIOvsSEIO",
        "Out_Recommend",
        "Out_Components",
        "Out_Tradeoffs",
    ]
    assert column(tabled.sheets["Out_MEIO"], "Safety stock [units]") == pytest.approx(
        expected.columns["safety_stock"].tolist(), abs=1e-8
    )
    assert tabled.sheets["Network"].used_range.formula == before
    assert tabled.app.selection.address == "$B$3"


def test_the_price_of_limits_stands_above_those_that_bind(book: Any) -> None:
    sheet = book.sheets["Network"]
    sheet["I1"].value, sheet["I4"].value = "Frozen service time", 0
    perform(book, optimise.network, "Optimise", stages="Network!A1:I5", arcs="Network!K1:L4")
    told = book.sheets["Out_Tradeoffs"]
    assert column(told, "Limit") == [
        "frozen service time of =Store",
        "service time of =Store",
    ]
    assert column(told, "Choice")[0] == "Cost of the plan"
    assert column(told, "Cost [per period]")[:2] == pytest.approx([plan().cost, plan().cost])


def test_differences_are_against_what_is_held_today(tabled: Any) -> None:
    perform(tabled, optimise.network, "Optimise")
    sheet = tabled.sheets["Out_Recommend"]
    current, recommended, difference = (
        column(sheet, heading)
        for heading in (
            "Current safety stock [units]",
            "Recommended safety stock [units]",
            "Difference [units]",
        )
    )
    assert current == [900, 0, 10, 30]
    assert difference == pytest.approx([new - old for new, old in zip(recommended, current, strict=True)])


def test_text_that_looks_like_a_formula_stays_text(tabled: Any, path: Path) -> None:
    perform(tabled, optimise.network, "Optimise")
    tabled.save(path)
    sheet = openpyxl.load_workbook(path)["Out_MEIO"]
    names = [cell for row in sheet.iter_rows(max_col=1) for cell in row if cell.value == "=Store"]
    assert [cell.data_type for cell in names] == ["s"]


def test_every_run_has_a_row_in_the_log(tabled: Any) -> None:
    perform(tabled, optimise.network, "Optimise")
    perform(tabled, optimise.single_stage, "Single-stage")
    log = tabled.sheets["Log"].tables["tblRunLog"]
    rows = log.data_body_range.options(ndim=2).value
    assert [row[3] for row in rows] == ["Optimise", "Single-stage"]
    assert rows[0][6] == "Network!A1:H5, Network!K1:L4"
    assert rows[0][8] == pytest.approx(plan().cost)
    assert rows[1][8] == pytest.approx(plan().baseline_cost)
    assert (
        rows[0][0] in tabled.sheets["Out_Recommend"]["A2"].value
        or rows[1][0] in tabled.sheets["Out_Recommend"]["A2"].value
    )


def test_a_unit_tells_stock_in_days_from_stock_in_units(book: Any) -> None:
    sheet = book.sheets["Network"]
    sheet["I1"].value, sheet["I4"].value = "Min stock [days]", 7
    perform(book, optimise.network, "Optimise", stages="Network!A1:I5", arcs="Network!K1:L4")
    stock = column(book.sheets["Out_MEIO"], "Safety stock [units]")
    assert stock[2] == pytest.approx(7 * 40)


def test_plain_ranges_will_do(book: Any) -> None:
    report = perform(book, optimise.network, "Optimise", stages="Network!A1", arcs="Network!K1:L4")
    assert report.cost == pytest.approx(plan().cost, rel=1e-12)


def test_a_second_run_replaces_the_sheets_whole(tabled: Any) -> None:
    perform(tabled, optimise.network, "Optimise")
    tabled.sheets["Out_MEIO"]["A60"].value = "left over"
    perform(tabled, optimise.network, "Optimise")
    assert tabled.sheets["Out_MEIO"]["A60"].value is None
    assert len([sheet for sheet in tabled.sheets if sheet.name.startswith("Out_MEIO")]) == 2


def test_a_wrong_selection_gets_one_message_that_says_what_to_select(book: Any) -> None:
    book.sheets["Network"]["A10:A11"].select()
    assert press(book, optimise.network, "Optimise") is None
    (message,) = book.app.impl.alerts
    assert "stages" in message
    assert [sheet.name for sheet in book.sheets] == ["Network"]


def test_everything_that_is_wrong_with_the_network_is_told(tabled: Any) -> None:
    tabled.sheets["Network"]["L3"].value = "Nowhere"
    tabled.sheets["Network"]["B3"].value = -3
    assert press(tabled, optimise.network, "Optimise") is None
    (message,) = tabled.app.impl.alerts
    assert "Nowhere" in message
    assert "-3" in message


def test_a_write_that_fails_half_way_leaves_nothing(tabled: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    perform(tabled, optimise.single_stage, "Single-stage")
    before = tabled.sheets["Out_MEIO"].used_range.formula
    names = [sheet.name for sheet in tabled.sheets]
    written = writing.write_sheet

    def fail_at_the_third(sheet: Any, content: Any, header: Any) -> None:
        if content.name == "Out_Recommend":
            raise OSError("Excel is in edit mode")
        written(sheet, content, header)

    monkeypatch.setattr(writing, "write_sheet", fail_at_the_third)
    assert press(tabled, optimise.network, "Optimise") is None
    assert tabled.app.impl.alerts[-1] == "Excel is in edit mode"
    assert tabled.sheets["Out_MEIO"].used_range.formula == before
    assert [sheet.name for sheet in tabled.sheets] == names


def test_a_cancelled_run_writes_nothing(tabled: Any) -> None:
    def stopped(run: running.Run) -> Any:
        run.cancel_file.touch()
        run.progress(0.5)

    with pytest.raises(CancelledError):
        perform(tabled, stopped, "Optimise")
    assert press(tabled, stopped, "Optimise") is None
    assert tabled.app.impl.alerts == ["Optimise was stopped. Nothing was written."]
    assert tabled.app.status_bar is False


def test_two_clicks_at_once_do_not_run_twice(tabled: Any) -> None:
    def clicked_again(run: running.Run) -> Any:
        assert press(tabled, optimise.network, "Optimise") is None
        raise CancelledError

    assert press(tabled, clicked_again, "Optimise") is None
    assert any("still at work" in message for message in tabled.app.impl.alerts)
    assert press(tabled, optimise.network, "Optimise") is not None


def test_merged_cells_and_missing_headings_are_told(path: Path) -> None:
    raw = openpyxl.load_workbook(path)
    raw["Network"].merge_cells("A2:A3")
    raw.save(path)
    with headless.open(path) as book:
        book.sheets["Network"]["B3"].select()
        press(book, optimise.network, "Optimise")
        assert "merged" in book.app.impl.alerts[0]


@pytest.mark.slow
def test_a_real_chain_costs_what_it_costs_from_tables(shared: Path, tmp_path: Path) -> None:
    stages = pd.read_csv(shared / "data" / "willems" / "chain_01_stages.csv")
    arcs = pd.read_csv(shared / "data" / "willems" / "chain_01_arcs.csv")
    raw = openpyxl.Workbook()
    for name, frame in (("tblStages", stages), ("tblArcs", arcs)):
        sheet = raw.create_sheet(name[3:])
        sheet.append([str(heading) for heading in frame.columns])
        for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False):
            sheet.append(list(row))
        sheet.add_table(BookTable(displayName=name, ref=sheet.dimensions))
    raw.save(tmp_path / "chain.xlsx")
    with headless.open(tmp_path / "chain.xlsx") as book:
        report = perform(book, optimise.network, "Optimise", round_up=True)
    expected = xlinv.optimise(Network.from_tables(stages, arcs), round_up=True, variable_lead_times=True)
    assert report.cost == pytest.approx(expected.cost, rel=1e-9)
    assert report.cost == pytest.approx(_cost_of_solve(shared), rel=1e-9)
    out = tmp_path / "out.xlsx"
    twin = CliRunner().invoke(main, ["optimise", str(tmp_path / "chain.xlsx"), "--round-up", "-o", str(out)])
    assert twin.output.strip() == report.told
    with headless.open(out) as book:
        (row,) = book.sheets["Log"].tables["tblRunLog"].data_body_range.options(ndim=2).value
        assert row[8] == pytest.approx(report.cost, rel=1e-9)


def _cost_of_solve(shared: Path) -> float:
    """What the command line says of the same two tables."""
    tables = [str(shared / "data" / "willems" / f"chain_01_{name}.csv") for name in ("stages", "arcs")]
    solved = CliRunner().invoke(main, ["solve", *tables, "--round-up", "--variable-lead-times", "--json"])
    return float(json.loads(solved.stdout)["cost"])
