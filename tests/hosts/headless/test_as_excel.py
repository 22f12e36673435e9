"""The headless engine spells, names, fills and keeps as Excel does."""

import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.worksheet.table import Table
from pyopenvba import ExcelFile

from xlinv import headless
from xlinv.cells import InputError


def test_a_quote_in_a_sheets_name_is_doubled_where_it_is_referred_to(book: Any, path: Path) -> None:
    sheet = book.sheets["Second"]
    sheet.name = "Ann's ü"
    assert sheet["A1"].get_address(external=True) == "'[book.xlsx]Ann''s ü'!$A$1"
    sheet["B2"].name = "place"
    sheet["B2"].value = 7
    book.sheets["Data"]["A9"].formula = "='Ann''s ü'!B2+1"
    book.app.calculate()
    assert book.sheets["Data"]["A9"].value == 8
    book.save()
    with headless.open(path) as again:
        assert again.names["place"].refers_to == "='Ann''s ü'!$B$2"
        assert again.names["place"].refers_to_range.value == 7


def test_what_refers_to_a_sheet_follows_its_new_name(book: Any, path: Path) -> None:
    book.names.add("rate", "=Data!$B$2")
    book.sheets["Second"]["A1"].formula = "=data!B2+SUM('Data'!B2:B3)&\"Data!B2\"&OldData!A1"
    book.save()
    book.sheets["Data"].name = "New one"
    assert book.names["rate"].refers_to == "='New one'!$B$2"
    wanted = "='New one'!B2+SUM('New one'!B2:B3)&\"Data!B2\"&OldData!A1"
    assert book.sheets["Second"]["A1"].formula == wanted
    book.save()
    assert openpyxl.load_workbook(path)["Second"]["A1"].value == wanted


def test_a_sheet_that_a_chart_draws_keeps_its_name(book: Any) -> None:
    chart = book.sheets["Data"].charts.add(200, 20, 300, 200)
    chart.set_source_data(book.sheets["Data"]["A1:B3"])
    book.save()
    with pytest.raises(InputError, match="rename it in Excel"):
        book.sheets["Data"].name = "Other"
    assert book.sheets[0].name == "Data"


def test_a_name_of_letters_alone_is_no_column(book: Any) -> None:
    first, second = book.sheets["Data"], book.sheets["Second"]
    first.names.add("loc", "=Data!$A$2")
    second.names.add("loc", "=Second!$A$1")
    assert (first.range("loc").value, second.range("loc").address) == ("A", "$A$1")
    assert [name.name for name in second.names] == ["loc"]


def test_a_spilled_array_is_shown_and_saved_with_every_cell(book: Any, path: Path) -> None:
    book.sheets["Second"]["A1"].formula2 = "=EOQ({100;200},50,2)"
    book.app.calculate()
    shown = book.sheets["Second"]["A1:A2"].value
    assert shown == pytest.approx([70.710678, 100])
    book.save()
    with headless.open(path) as again:
        assert again.sheets["Second"]["A1:A2"].value == shown
        assert again.sheets["Second"]["A1"].impl._grid.formulas[1, 1].area.shape == (2, 1)


def test_conversions_of_containers(book: Any) -> None:
    sheet = book.sheets["Second"]
    sheet["A1"].value = {"x": 1, "y": 2}
    assert sheet["A1"].expand().options(dict).value == {"x": 1, "y": 2}
    sheet["D1"].value = pd.Series([1.0, 2.0], index=pd.Index([10, 20], name="i"), name="s")
    assert sheet["D1"].expand().options(pd.Series).value.to_dict() == {10: 1, 20: 2}
    sheet["K1"].value = pd.DataFrame({"a": [1, 2]}, index=pd.Index(["p", "q"], name="ix"))
    assert sheet["K1"].options(pd.DataFrame, expand="table").value["a"].to_dict() == {"p": 1, "q": 2}
    assert sheet["Z1"].options(empty=0).value == 0


def test_corners_and_slices(book: Any) -> None:
    sheet = book.sheets["Data"]
    for asked in (("A1", "C2"), ((1, 1), (2, 3)), (sheet["A1"], sheet["C2"])):
        assert sheet.range(*asked).address == "$A$1:$C$2"
    assert sheet["A1:C4"][1:, 1:2].value == [1, 2.5, None]
    assert sheet["A1:C4"].rows[1].columns[0].value == "A"
    assert [cell.value for cell in sheet["A1:B2"]] == ["item", "quantity", "A", 1]
    assert sheet["A1:C4"].last_cell.address == "$C$4"


def test_hidden_and_chart_sheets_stay_where_they_are(path: Path) -> None:
    made = openpyxl.load_workbook(path)
    made.create_sheet("Hidden").sheet_state = "hidden"
    made.create_sheet("Deep").sheet_state = "veryHidden"
    chart = BarChart()
    chart.add_data(Reference(made["Data"], min_col=2, min_row=1, max_row=4))
    made.create_chartsheet("Drawn").add_chart(chart)
    made.save(path)
    with headless.open(path) as book:
        assert [(sheet.name, sheet.visible) for sheet in book.sheets][2:] == [
            ("Hidden", False),
            ("Deep", False),
        ]
        book.sheets.add("First", before=book.sheets["Data"])
        book.save()
    saved = openpyxl.load_workbook(path)
    assert saved.sheetnames == ["First", "Data", "Second", "Hidden", "Deep", "Drawn"]
    assert [saved[name].sheet_state for name in saved.sheetnames[3:5]] == ["hidden", "veryHidden"]


def test_in_a_changed_sheet_only_the_changed_cells_bytes_change(shared: Path, tmp_path: Path) -> None:
    path = tmp_path / "rich.xlsx"
    shutil.copy(shared / "conformance" / "rich.xlsx", path)
    with headless.open(path) as book:
        book.sheets[0]["A2"].value = "changed"
        book.save()
    with zipfile.ZipFile(shared / "conformance" / "rich.xlsx") as old, zipfile.ZipFile(path) as new:
        changed = [name for name in old.namelist() if old.read(name) != new.read(name)]
        assert changed == ["xl/worksheets/sheet1.xml"]
        cell = re.compile(rb'<c r="A2"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
        before, after = (cell.sub(b"", archive.read(changed[0])) for archive in (old, new))
        without_spans = re.compile(rb'(<row r="2"[^>]*?) spans="[^"]*"')
        assert without_spans.sub(rb"\1", before) == without_spans.sub(rb"\1", after)


def test_a_book_with_macros_keeps_them(tmp_path: Path) -> None:
    path = tmp_path / "macros.xlsm"
    made = ExcelFile.create_new(path)
    made.set_module("Module1", 'Attribute VB_Name = "Module1"\nSub Hello()\nEnd Sub\n')
    made.save()
    made.close()
    before = parts(path)
    with headless.open(path) as book:
        book.sheets[0]["A1"].value = [["a", 1], ["b", 2]]
        book.sheets.add("Out_Result", after=book.sheets[0])["A1"].value = "done"
        book.save()
    after = parts(path)
    assert after["xl/vbaProject.bin"] == before["xl/vbaProject.bin"]
    assert b"sheet.macroEnabled.main+xml" in after["[Content_Types].xml"]
    with headless.open(path) as book:
        assert [sheet.range("A1").value for sheet in book.sheets] == ["a", "done"]


def test_a_table_with_totals_grows_with_its_totals_row(book: Any, path: Path) -> None:
    made = openpyxl.load_workbook(path)
    table = Table(displayName="tblSums", ref="A1:B4", totalsRowCount=1)
    made["Data"].add_table(table)
    made.save(path)
    with headless.open(path) as opened:
        sheet = opened.sheets["Data"]
        assert sheet.tables["tblSums"].data_body_range.address == "$A$2:$B$3"
        assert sheet.tables["tblSums"].totals_row_range.address == "$A$4:$B$4"
        sheet.tables["tblSums"].resize(sheet["A1:B6"])
        opened.save()
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/tables/table1.xml")
    assert b'ref="A1:B6"' in xml
    assert b'<autoFilter ref="A1:B5"' in xml


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
