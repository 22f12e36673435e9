"""Validate finds what planning would stumble over, and the New buttons make books and replace none."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.actions.conftest import table_on
from xlinv import headless
from xlinv.actions.model import validate
from xlinv.actions.running import find_action, perform
from xlinv.hosts import new_book

ITEMS = [
    ["Item", "Site", "Unit cost [EUR/unit]", "Lead time [days]", "On hand [units]", "Service target"],
    ["A", "Ulm", 10, 5, 20, 0.95],
    ["B", "Ulm", 12, 0, -3, 95],
    ["A", "Ulm", 10, 5, 20, 0.95],
    [" C", "Ulm", "12.5", 7, 4, 0.9],
    ["D", "Ulm", None, 7, 4, 0.9],
]
HISTORY = [["Item", "P1", "P2"], ["A", 5, 6], ["B", -1, 2], ["C", 3, None], ["Z", 1, 1]]
FINANCE = [
    ["Month end", "Revenue", "Cost of goods sold", "Inventory", "Receivables", "Payables"],
    [45000, 10, 5, 3, 2, 1],
    ["2024-02-29", 10, 5, 3, 2, 1],
]


def issues(path: Path) -> set[tuple[str, str]]:
    """Cell and text of every issue found."""
    with headless.open(path) as book:
        perform(book, validate, "Validate")
        table = table_on(book.sheets["Out_DataIssues"], "Severity")
        places = zip(table["Sheet"], table["Cell"], table["Issue"], strict=True)
        return {(f"{sheet}!{cell}", text) for sheet, cell, text in places}


@pytest.mark.parametrize("book", ["policy", "network"])
def test_the_sample_books_have_no_issue(book: str, request: pytest.FixtureRequest) -> None:
    report = perform(request.getfixturevalue(book), validate, "Validate")
    assert report.message.startswith("No issues in ")
    assert report.verdict == "ok"


def test_every_kind_of_bad_cell_is_listed_with_its_place(write_book: Callable[..., Path]) -> None:
    found = issues(write_book({"tblItems": ITEMS, "tblHistory": HISTORY, "tblFin": FINANCE}))
    assert found >= {
        ("Items!A4", "Row stands twice"),
        ("Items!D3", "Zero"),
        ("Items!E3", "Below 0"),
        ("Items!F3", "Above 1"),
        ("Items!C5", "Number stored as text"),
        ("Items!A5", "Blanks around text"),
        ("Items!C6", "Missing"),
        ("Items!A6", "Not in tblHistory"),
        ("History!B3", "Negative demand"),
        ("History!C4", "1 periods are blank"),
        ("History!A5", "Not in tblItems"),
        ("Fin!A3", "Date stored as text"),
    }


@pytest.mark.parametrize(
    ("arcs", "cell", "text"),
    [
        (
            [["Plant", "Shop"], ["Plant", "Nowhere"]],
            "Arcs!B3",
            "destination must be a stage of the table Stages",
        ),
        ([["Plant", "Shop"], ["Shop", "Plant"]], "Arcs!", "must not lead back"),
        ([["Plant", "Shop"], ["Plant", "Shop"]], "Arcs!A3", "Row stands twice"),
    ],
)
def test_a_broken_network_is_told(
    write_book: Callable[..., Path], arcs: list[list[str]], cell: str, text: str
) -> None:
    stages = [
        ["Stage", "Lead time", "Added cost", "Demand mean", "Demand SD", "Service level", "Service time"],
        ["Plant", 5, 10, None, None, None, None],
        ["Shop", 2, 1, 10, 3, 0.95, 0],
    ]
    found = issues(write_book({"tblStages": stages, "tblArcs": [["From", "To"], *arcs]}))
    assert any(place.startswith(cell) and text in told for place, told in found), found


def test_merged_cells_and_headings_that_stand_twice_are_issues(write_book: Callable[..., Path]) -> None:
    path = write_book({"tblItems": ITEMS[:2], "tblFin": FINANCE[:2]})
    raw = openpyxl.load_workbook(path)
    raw["Items"].merge_cells("A1:B1")
    raw.save(path)
    assert any("merged" in text for _, text in issues(path))


@pytest.mark.parametrize("template", ["inventory_policy", "network_meio"])
def test_new_makes_a_book_and_replaces_none(
    template: str, write_book: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def built(name: str, path: Path) -> None:
        openpyxl.Workbook().save(path)

    monkeypatch.setattr(new_book, "create", built)
    (tmp_path / f"{template}.xlsx").write_bytes(b"mine")
    with headless.open(write_book({})) as book:
        perform(book, find_action(f"xlinv.hosts.new_book:{template}"), "New")
        assert [each.name for each in book.app.books] == ["book.xlsx", f"{template} 2.xlsx"]
    assert (tmp_path / f"{template}.xlsx").read_bytes() == b"mine"
