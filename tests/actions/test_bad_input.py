"""Bad input to actions: one plain message that says where, nothing half-written, all rows counted."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from tests.actions.conftest import table_on
from xlinv import headless
from xlinv.actions import writing
from xlinv.actions.plan import order_quantity
from xlinv.actions.running import perform, press
from xlinv.actions.segment import abc_xyz
from xlinv.actions.source import selected_source
from xlinv.cells import InputError
from xlinv.hosts.cli import main

HEADINGS = ["Item", "Unit cost", "On hand", "Lead time [days]"]
ITEMS = [HEADINGS, ["A", 10, 50, 5], ["B", 4, 20, 5], ["C", 1, 90, 5]]
HISTORY = [["Item", "P1", "P2", "P3"], ["A", 10, 12, 11], ["B", 3, 9, 1], ["C", 2, 2, 2]]


@pytest.fixture
def small(write_book: Callable[..., Path]) -> Path:
    return write_book({"tblItems": ITEMS, "tblHistory": HISTORY})


def changed(path: Path, change: Callable[[Any], None]) -> Path:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def refusal(path: Path, **options: Any) -> str:
    """The one message of an action that writes nothing."""
    with headless.open(path) as book:
        before = [sheet.name for sheet in book.sheets]
        assert press(book, abc_xyz, "ABC-XYZ", **options) is None
        (message,) = book.app.impl.alerts
        assert [sheet.name for sheet in book.sheets] == before
        assert message.count("\n") == 0
        return str(message)


def test_hidden_and_filtered_rows_are_counted_and_told(small: Path) -> None:
    def hide(book: Any) -> None:
        book["Items"].row_dimensions[3].hidden = True
        book["History"].auto_filter.ref = "A1:D4"

    with headless.open(changed(small, hide)) as book:
        report = perform(book, abc_xyz, "ABC-XYZ")
        assert report.told.endswith("Hidden and filtered rows are included: tblItems (1).")
        assert table_on(book.sheets["Out_ABCXYZ"], "Item")["Item"] == ["A", "B", "C"]


def test_a_number_stored_as_text_is_told_with_its_cell(small: Path) -> None:
    def spoil(book: Any) -> None:
        book["Items"]["B3"] = "4.0"

    message = refusal(changed(small, spoil))
    assert "'Unit cost' must be a number (a number stored as text" in message
    assert "Items!B3" in message


def test_text_in_the_history_is_told_with_its_cell(small: Path) -> None:
    def spoil(book: Any) -> None:
        book["History"]["C4"] = "none"

    assert "History!C4" in refusal(changed(small, spoil))


def test_an_item_that_stands_twice_is_told(small: Path) -> None:
    def spoil(book: Any) -> None:
        book["Items"]["A4"] = "A"

    assert refusal(changed(small, spoil)) == "'Item' must stand once: 'A' (Items!A4)"


def test_merged_cells_are_told(small: Path) -> None:
    message = refusal(changed(small, lambda book: book["Items"].merge_cells("A2:A3")))
    assert "must have no merged cells" in message


def test_a_missing_column_is_told_by_its_name(small: Path) -> None:
    with (
        headless.open(small) as book,
        pytest.raises(InputError, match="'table' needs a column 'Order cost'"),
    ):
        perform(book, order_quantity, "Order Qty")


def test_a_selection_across_sheets_or_of_several_blocks_is_refused(small: Path) -> None:
    assert "must be a table or range of the book" in refusal(small, items="Items:History!A1:B3")
    with pytest.raises(InputError, match="one block of cells on one sheet"):
        selected_source(SimpleNamespace(table=None, address="$A$1:$B$3,$D$1:$E$3"))


def test_a_protected_sheet_of_results_is_left_alone(small: Path) -> None:
    with headless.open(small) as book:
        perform(book, abc_xyz, "ABC-XYZ")
        book.save(str(small))

    def protect(book: Any) -> None:
        book["Out_CashBySegment"].protection.sheet = True

    with headless.open(changed(small, protect)) as book:
        before = book.sheets["Out_ABCXYZ"].used_range.formula
        assert press(book, abc_xyz, "ABC-XYZ") is None
        (message,) = book.app.impl.alerts
        assert message == (
            "'sheet' must not be protected: unprotect it (Review, Unprotect Sheet): 'Out_CashBySegment'"
        )
        assert book.sheets["Out_ABCXYZ"].used_range.formula == before


def test_when_excel_refuses_the_message_says_what_to_do(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = type("com_error", (Exception,), {"__module__": "pywintypes"})

    def fail(*_: Any) -> None:
        raise refused(-2147352567, "Exception occurred.")

    monkeypatch.setattr(writing, "write_sheet", fail)
    assert "finish editing the cell (Enter)" in refusal(small)


@pytest.mark.parametrize("text", ["=1+1", "+49 89", "-x", "@sum", "=HYPERLINK(1)"])
def test_text_that_begins_like_a_formula_stays_text(small: Path, text: str) -> None:
    def rename(book: Any) -> None:
        for sheet in ("Items", "History"):
            book[sheet]["A2"] = text
            book[sheet]["A2"].data_type = "s"

    with headless.open(changed(small, rename)) as book:
        perform(book, abc_xyz, "ABC-XYZ")
        book.save(str(small))
    sheet = openpyxl.load_workbook(small)["Out_ABCXYZ"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == text]
    assert [cell.data_type for cell in cells] == ["s"]


def test_a_book_that_cannot_be_written_is_told_and_left_as_it_is(small: Path, tmp_path: Path) -> None:
    before = small.read_bytes()
    out = tmp_path / "missing folder" / "out.xlsx"
    result = CliRunner().invoke(main, ["segment", "abcxyz", str(small), "-o", str(out)])
    assert result.exit_code == 2
    assert len(result.output.strip().splitlines()) == 1
    assert small.read_bytes() == before


def test_a_file_that_is_no_workbook_is_told(tmp_path: Path) -> None:
    path = tmp_path / "note.xlsx"
    path.write_text("no workbook")
    result = CliRunner().invoke(main, ["validate", str(path)])
    assert result.exit_code == 2
    assert "note.xlsx" in result.output
