"""The inventory-policy workbook keeps the conventions, and the same inputs make the same bytes."""

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from xlinv.templates import inventory_policy
from xlinv.templates.company import empty_company, sample_company
from xlinv.templates.style import STYLES

SHEETS = [
    "About", "Inputs", "Items", "History", "Forecast", "Settings", "Policy", "Cash", "Service curve",
    "Checks", "Version", "Functions",
]  # fmt: skip
TABLES = {
    "tblBenchmarks", "tblFin", "tblItems", "tblHistory", "tblForecast", "tblTargets", "tblLevels",
    "tblPolicy", "tblStockByClass", "tblStockByType", "tblStockByQuality", "tblChecks",
    "tblVersion", "tblFunctions",
}  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("policy") / "policy.xlsx"
    inventory_policy.build(path, sample_company())
    return path


@pytest.fixture(scope="module")
def book(path: Path) -> Any:
    return load_workbook(path)


def formulas(book: Any) -> list[tuple[str, str]]:
    """(place, formula) of every cell that holds one."""
    found = []
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                text = getattr(cell.value, "text", cell.value)
                if isinstance(text, str) and text.startswith("="):
                    found.append((f"{sheet.title}!{cell.coordinate}", text))
    return found


def test_two_builds_are_the_same_bytes(path: Path, tmp_path: Path) -> None:
    inventory_policy.build(tmp_path / "again.xlsx", sample_company())
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()
    assert [each.name for each in tmp_path.iterdir()] == ["again.xlsx"]


def test_sheets_and_tables(book: Any) -> None:
    assert book.sheetnames == SHEETS
    assert {name for sheet in book for name in sheet.tables} == TABLES
    assert {sheet.sheet_state for sheet in book} == {"visible"}


def test_no_merged_cells_frozen_headings_one_page_wide(book: Any) -> None:
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToWidth in (
            None,
            1,
        )  # one page wide is what is meant where nothing is said
        if sheet.title != "About":
            assert sheet.freeze_panes
            assert sheet.print_title_rows


def test_every_cell_says_by_its_style_what_it_is_for(book: Any) -> None:
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    assert cell.style in STYLES, f"{sheet.title}!{cell.coordinate}"


def test_inputs_hold_no_formula_and_are_unlocked(book: Any) -> None:
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.style == "x_Input" and sheet.title != "About":
                    assert cell.data_type != "f"
                    assert not cell.protection.locked


def test_no_constants_in_formulas(book: Any) -> None:
    """0 and 1 are structure (a sign, a whole, an exact match, one half as 1/2); other numbers are inputs."""
    for place, formula in formulas(book):
        bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\$?[A-Z]{1,3}\$?\d+|[A-Za-z_]\w*', "", formula)
        numbers = set(re.findall(r"\d+(?:\.\d+)?", bare)) - {"0", "1"}
        assert not numbers - {"2"} or "1/2" in bare, f"{place}: {formula}"


def test_names_tell_what_they_name(book: Any) -> None:
    names = [name for name in book.defined_names if not name.startswith("_")]
    assert all(re.match(r"(in|set|out|chk)_[A-Z]", name) for name in names)
    assert {"chk_All", "out_DIO", "out_DPO", "out_DSO", "out_CCC", "out_GMROII", "out_ReleaseToMedian"} <= {
        *names
    }


def test_every_check_is_named(book: Any) -> None:
    rows = book["Checks"][book["Checks"].tables["tblChecks"].ref][1:]
    assert len(rows) >= 15
    for row in rows:
        assert list(book.defined_names[row[0].value].destinations) == [("Checks", f"$D${row[0].row}")]
        assert row[4].value in ("error", "warning")
        assert row[5].value


def test_headings_of_figures_carry_their_unit(book: Any) -> None:
    for heading in [cell.value for cell in book["Policy"][5] if cell.value][4:]:
        assert "[" in heading or heading == "Quality", heading


def test_catalogue_columns_are_spilled_over_the_tables(path: Path) -> None:
    with zipfile.ZipFile(path) as package:
        sheet = package.read(f"xl/worksheets/sheet{SHEETS.index('Policy') + 1}.xml").decode()
    spilled = re.findall(
        r'<c r="([A-Z]+6)"[^>]* cm="1"[^>]*><f t="array" ref="\1:[A-Z]+65">([^<]*)</f>', sheet
    )
    called = {name for _, formula in spilled for name in re.findall(r"([A-Z]{3,})\(", formula)}
    assert called >= {
        "ABCXYZ", "EOQ", "SAFETYSTOCK", "REORDERPOINT", "EXPECTEDFILL", "GMROII", "DAYSOFSUPPLY", "SLOBCLASS",
    }  # fmt: skip


def test_empty_book_has_the_same_structure_and_no_figures(tmp_path: Path) -> None:
    inventory_policy.build(tmp_path / "empty.xlsx", empty_company())
    book = load_workbook(tmp_path / "empty.xlsx")
    assert book.sheetnames == SHEETS
    assert [cell.value for cell in book["Items"][5]][:17] == [None] * 17
