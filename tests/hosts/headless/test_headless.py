"""The headless engine keeps the promises of xlwings' own public tests for the part of its API we offer."""

import shutil
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlwings as xw

from xlinv import headless
from xlinv.cells import InputError
from xlinv.workbook.package import UnreadableWorkbookError


def reopened(path: Path) -> Any:
    return openpyxl.load_workbook(path)


class TestBook:
    def test_is_what_the_caller_gets_and_no_longer_afterwards(self, path: Path) -> None:
        with headless.open(path) as book:
            assert xw.Book.caller().name == book.name == "book.xlsx"
            assert xw.apps.active.books.active.fullname == str(path)
        assert not hasattr(xw.Book, "_mock_caller")

    def test_saves_elsewhere_and_leaves_the_original(self, book: Any, path: Path, tmp_path: Path) -> None:
        before = path.read_bytes()
        book.sheets["Data"]["A1"].value = "changed"
        book.save(tmp_path / "other.xlsx")
        assert path.read_bytes() == before
        assert reopened(tmp_path / "other.xlsx")["Data"]["A1"].value == "changed"
        assert book.name == "other.xlsx"

    def test_a_save_that_fails_leaves_the_file_whole(
        self, book: Any, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = path.read_bytes()
        book.sheets["Data"]["A1"].value = "changed"

        def fail(*_: object) -> None:
            raise OSError("disk full")

        monkeypatch.setattr("os.replace", fail)
        with pytest.raises(OSError, match="disk full"):
            book.save()
        assert path.read_bytes() == before
        assert [p.name for p in path.parent.iterdir()] == [path.name]

    def test_a_new_book_is_written_whole(self, book: Any, tmp_path: Path) -> None:
        new = book.app.books.add()
        new.sheets[0].name = "First"
        new.sheets[0]["B2"].value = [[1, "two"], [True, None]]
        new.save(tmp_path / "new.xlsx")
        sheet = reopened(tmp_path / "new.xlsx")["First"]
        assert [[cell.value for cell in row] for row in sheet["B2:C3"]] == [[1, "two"], [True, None]]

    def test_what_is_no_workbook_is_refused_in_words(self, tmp_path: Path) -> None:
        (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 not really")
        with (
            pytest.raises(UnreadableWorkbookError, match="restore a backup"),
            headless.open(tmp_path / "broken.xlsx"),
        ):
            pass


class TestSheets:
    def test_by_name_number_and_membership(self, book: Any) -> None:
        assert [sheet.name for sheet in book.sheets] == ["Data", "Second"]
        assert book.sheets[0].name == book.sheets("data").name == "Data"
        assert "Second" in [sheet.name for sheet in book.sheets]
        assert book.sheets["Second"].index == 2

    def test_add_rename_delete(self, book: Any, path: Path) -> None:
        added = book.sheets.add("Third", after=book.sheets["Data"])
        assert [sheet.name for sheet in book.sheets] == ["Data", "Third", "Second"]
        added.name = "Out_Third"
        book.sheets["Second"].delete()
        book.save()
        assert reopened(path).sheetnames == ["Data", "Out_Third"]

    @pytest.mark.parametrize("name", ["", "a" * 32, "a/b", "what?", "Second"])
    def test_a_name_that_excel_does_not_take_is_refused(self, book: Any, name: str) -> None:
        with pytest.raises(ValueError, match="sheet name"):
            book.sheets["Data"].name = name

    def test_the_last_sheet_stays(self, book: Any) -> None:
        book.sheets["Second"].delete()
        with pytest.raises(InputError, match="needs one"):
            book.sheets["Data"].delete()

    def test_panes_widths_and_gridlines(self, book: Any, path: Path) -> None:
        sheet = book.sheets["Data"]
        sheet.freeze_panes.freeze_at("A1:B1")
        sheet["A:A"].column_width = 30
        sheet.show_gridlines = False
        book.save()
        saved = reopened(path)["Data"]
        assert saved.freeze_panes == "C2"
        assert saved.column_dimensions["A"].width == 30
        assert saved.sheet_view.showGridLines is False


class TestRange:
    @pytest.mark.parametrize(
        "value",
        [1.5, -3.0, "text", True, None, "ümläut <&>", datetime(2024, 2, 29, 13, 30), "  spaces  ", "a\nb"],
    )
    def test_a_value_comes_back_after_saving(self, book: Any, path: Path, value: Any) -> None:
        book.sheets["Second"]["C3"].value = value
        assert book.sheets["Second"]["C3"].value == value
        book.save()
        with headless.open(path) as again:
            assert again.sheets["Second"]["C3"].value == value

    def test_shapes_follow_xlwings_rules(self, book: Any) -> None:
        sheet = book.sheets["Second"]
        sheet["A1"].value = [1, 2, 3]
        assert sheet["A1:C1"].value == [1, 2, 3]
        sheet["A2"].options(transpose=True).value = [4, 5]
        assert sheet["A2:A3"].value == [4, 5]
        assert sheet["A1:C3"].options(ndim=2).value == [[1, 2, 3], [4, None, None], [5, None, None]]
        assert sheet["A1"].expand("right").address == "$A$1:$C$1"
        assert sheet["A1"].expand("down").address == "$A$1:$A$3"
        assert sheet[1:3, 0].address == "$A$2:$A$3"
        assert sheet["A1"].offset(1, 1).address == "$B$2"
        assert sheet["A1:B2"].resize(3, 1).shape == (3, 1)
        assert sheet["A:A"].shape == (1_048_576, 1)

    def test_dates_and_errors_are_read_as_excel_gives_them(self, book: Any) -> None:
        sheet = book.sheets["Data"]
        assert sheet["C2"].value == datetime(2024, 1, 15)
        assert sheet["B4"].value is None
        assert sheet["B4"].options(err_to_str=True).value == "#N/A"
        assert sheet["B2"].options(numbers=int).value == 1

    def test_a_frame_goes_and_comes_back(self, book: Any) -> None:
        frame = pd.DataFrame(
            {"item": ["A", "B"], "value": [1.0, np.nan], "day": pd.to_datetime(["2024-01-01", None])}
        )
        sheet = book.sheets["Second"]
        sheet["B2"].options(index=False).value = frame
        assert sheet["D3"].number_format == "yyyy-mm-dd"
        back = sheet["B2:D4"].options(pd.DataFrame, index=False).value
        pd.testing.assert_frame_equal(back, frame, check_dtype=False)

    def test_formulas_move_as_they_are_filled_and_show_after_calculation(self, book: Any, path: Path) -> None:
        sheet = book.sheets["Data"]
        sheet["F2:F3"].formula = "=B2*10"
        assert sheet["F3"].formula == "=B3*10"
        sheet["G1"].formula2 = "=EOQCOST(250,1300,8,0.225)"
        book.app.calculate()
        assert sheet["F2:F3"].value == [10, 25]
        assert sheet["G1"].value == pytest.approx(69.725)
        assert sheet["E1"].value == 3.5
        book.save()
        assert reopened(path)["Data"]["F3"].value == "=B3*10"

    def test_text_that_only_looks_like_a_formula_stays_text(self, book: Any, path: Path) -> None:
        book.sheets["Data"]["A9"].value = "'=HYPERLINK(1)"
        assert book.sheets["Data"]["A9"].value == "=HYPERLINK(1)"
        book.save()
        with headless.open(path) as again:
            assert again.sheets["Data"]["A9"].formula == "=HYPERLINK(1)"
            assert again.sheets["Data"]["A9"].impl.formula_array is None
        with zipfile.ZipFile(path) as archive:
            assert b"HYPERLINK(1)</f>" not in archive.read("xl/worksheets/sheet1.xml")

    def test_formats(self, book: Any, path: Path) -> None:
        cell = book.sheets["Data"]["B2"]
        cell.number_format = "#,##0.00"
        cell.color = "#FFF9E5"
        cell.font.bold = True
        cell.font.color = (0, 0, 255)
        cell.wrap_text = True
        assert (cell.number_format, cell.color, cell.font.bold) == ("#,##0.00", (255, 249, 229), True)
        book.save()
        saved = reopened(path)["Data"]["B2"]
        assert saved.number_format == "#,##0.00"
        assert saved.fill.fgColor.rgb == "FFFFF9E5"
        assert saved.font.b
        assert saved.font.color.rgb == "FF0000FF"
        assert saved.alignment.wrap_text
        assert saved.value == 1

    def test_regions_and_ends(self, book: Any) -> None:
        sheet = book.sheets["Data"]
        assert sheet["B3"].current_region.address == "$A$1:$C$4"
        assert sheet["A1"].end("down").address == "$A$4"
        assert sheet["A4"].end("up").address == "$A$1"
        assert sheet["A9"].end("up").address == "$A$4"
        assert sheet.used_range.address == "$A$1:$E$4"
        assert sheet["A1"].end("right").end("right").address == "$E$1"

    def test_selection(self, book: Any) -> None:
        assert book.app.selection.address == "$A$1"
        book.sheets["Second"]["B2:C3"].select()
        assert book.app.selection.address == "$B$2:$C$3"
        assert book.sheets.active.name == "Second"


class TestNamesAndTables:
    def test_names(self, book: Any, path: Path) -> None:
        book.names.add("in_rate", "=Data!$B$2")
        book.sheets["Data"]["A1:B2"].name = "block"
        assert book.names["in_rate"].refers_to_range.value == 1
        assert book.sheets["Second"].range("block").address == "$A$1:$B$2"
        book.names["block"].delete()
        book.save()
        assert list(reopened(path).defined_names) == ["in_rate"]

    def test_tables_are_made_read_and_resized(self, book: Any, path: Path) -> None:
        sheet = book.sheets["Data"]
        table = sheet.tables.add(source=sheet["A1:B3"], name="tblItems")
        assert sheet["A2"].table.name == "tblItems"
        assert table.data_body_range.address == "$A$2:$B$3"
        book.save()
        sheet = book.sheets["Data"]
        sheet.tables["tblItems"].resize(sheet["A1:C4"])
        assert sheet.range("tblItems[item]").value == ["A", "B", "C"]
        book.save()
        saved = reopened(path)["Data"].tables["tblItems"]
        assert saved.ref == "A1:C4"
        assert [column.name for column in saved.tableColumns] == ["item", "quantity", "when"]

    def test_a_second_table_of_a_name_or_over_another_is_refused(self, book: Any) -> None:
        sheet = book.sheets["Data"]
        sheet.tables.add(source=sheet["A1:B3"], name="tblItems")
        with pytest.raises(InputError, match="taken"):
            book.sheets["Second"].tables.add(source=book.sheets["Second"]["A1:B3"], name="TBLITEMS")
        with pytest.raises(InputError, match="overlap"):
            sheet.tables.add(source=sheet["B2:C3"])

    def test_charts(self, book: Any, path: Path) -> None:
        sheet = book.sheets["Data"]
        chart = sheet.charts.add(200, 20, 300, 200)
        chart.set_source_data(sheet["A1:B3"])
        chart.chart_type = "column_clustered"
        chart.title = "Quantity"
        book.save()
        assert len(reopened(path)["Data"]._charts) == 1


def test_alerts_and_status_are_kept_for_whoever_runs_the_book(book: Any) -> None:
    book.app.alert("Select a table.")
    book.app.status_bar = "50 %"
    assert book.app.impl.alerts == ["Select a table."]
    assert book.app.impl.status_messages == ["50 %"]


def test_every_part_that_was_not_touched_keeps_its_bytes(shared: Path, tmp_path: Path) -> None:
    path = tmp_path / "rich.xlsx"
    shutil.copy(shared / "conformance" / "rich.xlsx", path)
    with headless.open(path) as book:
        sheet = book.sheets.add("Out_Result", after=book.sheets[len(book.sheets) - 1])
        sheet["A1"].value = [["stage", "stock"], ["A", 1.5]]
        sheet["B2"].number_format = "0.00"
        book.save()
    with zipfile.ZipFile(shared / "conformance" / "rich.xlsx") as old, zipfile.ZipFile(path) as new:
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
        assert changed == {
            "[Content_Types].xml",
            "xl/_rels/workbook.xml.rels",
            "xl/workbook.xml",
            "xl/styles.xml",
        }
        assert set(new.namelist()) - set(old.namelist()) == {"xl/worksheets/sheet3.xml"}


def test_saving_what_did_not_change_writes_the_same_parts(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        before = {name: archive.read(name) for name in archive.namelist()}
    with headless.open(path) as book:
        assert book.sheets["Data"]["A1"].value == "item"
        book.save()
    with zipfile.ZipFile(path) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == before


def test_a_replaced_sheet_takes_its_parts_with_it(shared: Path, tmp_path: Path) -> None:
    path = tmp_path / "rich.xlsx"
    shutil.copy(shared / "conformance" / "rich.xlsx", path)
    with headless.open(path) as book:
        book.sheets[0].delete()
        book.save()
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert "xl/worksheets/sheet1.xml" not in names
        assert "xl/drawings/drawing1.xml" not in names
        assert "xl/worksheets/sheet2.xml" in names
        types = archive.read("[Content_Types].xml").decode()
        assert all(
            f'PartName="/{part}"' not in types for part in ("xl/worksheets/sheet1.xml", "xl/comments1.xml")
        )


def test_many_cells_go_and_come_back_whole(path: Path) -> None:
    values = np.arange(400_000, dtype=float).reshape(20_000, 20) / 7
    with headless.open(path) as book:
        book.sheets["Second"]["A1"].value = values
        book.save()
    with headless.open(path) as book:
        back = book.sheets["Second"].used_range.options(np.array).value
    np.testing.assert_array_equal(back, values)
