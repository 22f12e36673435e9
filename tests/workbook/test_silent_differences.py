"""Where the engine by itself gives another value than Excel, without an error."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from tests.workbook import books
from xlinv.cells import CellError
from xlinv.workbook.evaluate import evaluate

MIXED = [3.0, "x", None, True, 7.0]
WEIGHTS = [1.0, 2.0, 3.0, 4.0, 5.0]


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # TRUE and text count as 0 where they are not calculated with
        ("=SUMPRODUCT(m)", 10.0),
        ("=SUMPRODUCT(m,w)", 38.0),
        ("=SUMPRODUCT(w>2)", 0.0),
        ("=SUMPRODUCT((w>2),w)", 0.0),
        ("=SUMPRODUCT(--(w>2),w)", 12.0),
        ("=SUMPRODUCT((w>2)*w)", 12.0),
        ('=SUMPRODUCT({"1","2"},{3,4})', 0.0),
        ("=SUMPRODUCT({1,#N/A})", CellError.NA),
        ("=SUMPRODUCT({1,2},{1,2,3})", CellError.VALUE),
        # The last match of a computed array
        ("=LOOKUP(2,1/(w<4),w)", 3.0),
        ("=LOOKUP(2,1/((w>1)*(w<4)),w)", 3.0),
        ("=LOOKUP(0,w*1,w)", CellError.NA),
        ("=LOOKUP({1.5,9},w*1,w)", [[1.0, 5.0]]),
        ('=LOOKUP("x",{"a",1;"w",2})', 2.0),
        # Ranges of unlike shapes
        ('=SUMIFS(w,m,">1")', 6.0),
        ('=SUMIFS(w,INDEX(w,1):INDEX(w,4),">1")', CellError.VALUE),
        ('=COUNTIFS(w,">1",INDEX(w,1):INDEX(w,4),">1")', CellError.VALUE),
        ("=SUM(SUMIFS(w,m,{3,7}))", 6.0),
        # An array that is an error has no size
        ("=ROWS(FILTER(w,w>9))", CellError.CALC),
        ("=IFERROR(ROWS(FILTER(w,w>9)),0)", 0.0),
        ("=ROWS(FILTER(w,w>3))", 2.0),
        ("=COLUMNS(nothing)", CellError.NAME),
        ("=ROWS(w)", 5.0),
        # Numbers as text have 15 digits, letters of every script have two cases
        ("=LEN(1/3)", 17.0),
        ("=LEN(0.1+0.2)", 3.0),
        ("=RIGHT(1/3,2)", "33"),
        ("=LEN(w/3)", [[17.0], [17.0], [1.0], [16.0], [16.0]]),
        ('=UPPER("\u00e4\u00f6")', "\u00c4\u00d6"),
        ('=LOWER("\u00c4B")', "\u00e4b"),
        ('=PROPER("o\'neil stock")', "O'Neil Stock"),
        ('=TEXT(12,"@")', "12"),
        # Dates in quotes
        ('=YEAR("2024-05-01")', 2024.0),
        ('=EOMONTH("2024-01-15",0)', 45322.0),
        # Ranges that reach up and to the left, and by name
        ("=SUM(OFFSET(INDEX(w,5),0,0,-3))", 12.0),
        ("=SUM(OFFSET(INDEX(w,5),-1,0,-3,-1))", 9.0),
        ('=SUM(INDIRECT("w"))', 15.0),
        ('=INDIRECT("no such name")', CellError.REF),
        ("=AGGREGATE(12,6,w)", 3.0),
        ("=AGGREGATE(13,6,w)", CellError.NA),
    ],
)
def test_value(formula: str, value: Any) -> None:
    assert evaluate(formula, m=MIXED, w=WEIGHTS) == value


def test_a_table_is_known_by_its_bare_name(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["SKU", "Cost"], ["A", 2.5], ["B", 10]):
        sheet.append(row)
    sheet.add_table(Table(displayName="Items", ref="A1:B3"))
    for place, formula in {
        "D1": '=VLOOKUP("B",Items,2,FALSE)',
        "D2": "=ROWS(Items)",
        "D3": "=SUM(items)",
    }.items():
        sheet[place] = formula
    book.save(tmp_path / "book.xlsx")
    books.recalculated(tmp_path / "book.xlsx")
    assert books.values(tmp_path / "book.xlsx", "D1:D3") == [[10], [2], [12.5]]


def test_what_is_a_formula_and_what_it_says(tmp_path: Path) -> None:
    path = books.write(
        tmp_path / "book.xlsx",
        {"A1": "=1+1", "A2": 2, "B1": "=ISFORMULA(A1)", "B2": "=ISFORMULA(A2)", "B3": "=FORMULATEXT(A1)"},
    )
    books.recalculated(path)
    assert books.values(path, "B1:B3") == [[True], [False], ["#N/A"]]


def test_whole_columns_are_multiplied_but_for_their_heads(tmp_path: Path) -> None:
    cells = {f"{column}{row}": row for column in "AB" for row in range(2, 5)}
    path = books.write(
        tmp_path / "book.xlsx", {**cells, "A1": "head", "B1": "2", "D1": "=SUMPRODUCT(A:A,B:B)"}
    )
    books.recalculated(path)
    assert books.values(path, "D1") == 29
