"""Check: the sample company's books are clean, and each kind of damage is found where it is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xlinv.workbook.check import check
from xlinv.workbook.findings import verdict
from xlinv.workbook.lint_book import LintBook, LintSheet, LintTable
from xlinv.workbook.lint_formulas import formula_findings
from xlinv.workbook.lint_structure import structure_findings
from xlinv.workbook.references import parse_area

OURS = frozenset({"EOQ", "SAFETYSTOCK"})


def sheet(name: str = "Calc", **content: Any) -> LintSheet:
    """A sheet from cells like A1="=B1*2"; numbers are constants."""
    made = LintSheet(name)
    for place, value in content.items():
        area = parse_area(place)
        if isinstance(value, str) and value.startswith("="):
            made.formulas[area.top, area.left] = value[1:]
        else:
            made.constants[area.top, area.left] = value
    return made


def rules(*sheets: LintSheet, names: dict[str, str] | None = None) -> list[tuple[str, str]]:
    """Rule and cell of every finding about formulas and structure."""
    book = LintBook(list(sheets), names or {})
    found = [*formula_findings(book, OURS), *structure_findings(book, OURS, "1.0")]
    return [(finding.rule, finding.cell) for finding in found]


COLUMN = {f"C{row}": f"=EOQ(A{row},B{row},in_Holding)" for row in range(2, 9)}


def test_a_clean_column_has_no_finding() -> None:
    assert not {rule for rule, _ in rules(sheet(**COLUMN))} & {"L12", "constant", "L13", "L14", "L15"}


@pytest.mark.parametrize(
    ("value", "rule"), [(210, "constant"), ("=EOQ(A5,B6,in_Holding)", "L12"), ("=EOQ(A5,B5,0.3)", "L12")]
)
def test_what_differs_from_its_column_is_found(value: Any, rule: str) -> None:
    assert (rule, "C5") in rules(sheet(**{**COLUMN, "C5": value}))


def test_a_table_column_is_held_to_its_majority() -> None:
    damaged = sheet(**{**{f"C{row}": f"=A{row}*2" for row in range(2, 5)}, "C4": 7})
    damaged.tables.append(
        LintTable("tblX", parse_area("A1:C4"), ("Item", "Quantity [units]", "Double [units]"))
    )
    assert ("constant", "C4") in rules(damaged)


def test_a_number_among_formulas_of_its_style_is_found() -> None:
    damaged = sheet(B1="=in_A", B2=7, B3="=SUM(A1:A3)")
    damaged.styles = dict.fromkeys([(1, 2), (2, 2), (3, 2)], "x_Calc")
    assert ("constant", "B2") in rules(damaged)


@pytest.mark.parametrize(
    ("formula", "rule"),
    [
        ("=A1*0.25", "L14"),
        ("=A1*1E3", "L14"),
        ("=SUM(A1:A9)" + "+SUM(A1:A9)" * 40, "L13"),
    ],
)
def test_long_formulas_and_constants_in_them_are_found(formula: str, rule: str) -> None:
    assert (rule, "D1") in rules(sheet(D1=formula))


@pytest.mark.parametrize(
    "formula", ['=IF(A1>0,"over 90",tbl[Days 365]*2)', "=A10*$B$20+1", "=LOG10(A1)", "='Plan 2026'!A1/2"]
)
def test_digits_that_are_no_constants_are_left_alone(formula: str) -> None:
    assert "L14" not in {rule for rule, _ in rules(sheet(D1=formula))}


def test_the_same_long_calculation_twice_is_told() -> None:
    formula = "=SUMPRODUCT($A$1:$A$90,$B$1:$B$90)/SUM($B$1:$B$90)"
    assert ("L15", "E1") in rules(sheet(D1=formula, E1=formula))


def test_structure_is_held_to_the_conventions() -> None:
    merged = sheet("Result", A1=5.5)
    merged.merged = ["A1:B2"]
    merged.tables.append(LintTable("Data", parse_area("A1:A30"), ("Weight",)))
    found = {rule for rule, _ in rules(merged, sheet(A1="=EOQ(1,1,1)"), names={"total": "Result!$A$1"})}
    assert {"L07", "L10", "L11", "L17", "L19", "L20"} <= found


def test_a_version_other_than_the_pinned_one_is_told() -> None:
    version = sheet("Version", A1="Engine", A2="0.9")
    version.tables.append(LintTable("tblVersion", parse_area("A1:A2"), ("Engine",)))
    assert ("version", "A2") in rules(version)


def test_errors_stale_values_and_failed_checks_of_a_file(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    cells = book.active
    assert cells is not None
    cells["A1"], cells["A2"], cells["A3"] = "=1/0", "=1+1", '=IF(1=2,"OK","FAIL")'
    book.defined_names["chk_Sum"] = openpyxl.workbook.defined_name.DefinedName(
        "chk_Sum", attr_text="Sheet!$A$3"
    )
    book.save(tmp_path / "book.xlsx")
    found = check(tmp_path / "book.xlsx")
    assert {(each.rule, each.cell) for each in found} >= {
        ("error cell", "A1"),
        ("stale", "A2"),
        ("check", "A3"),
    }
    assert verdict(found) == "fail"


@pytest.mark.parametrize("template", ["inventory_policy"])
def test_the_sample_company_s_book_is_clean(template: str, sample: Callable[[str], Path]) -> None:
    assert check(sample(template)) == []


@pytest.mark.slow
def test_the_sample_network_is_clean(sample: Callable[[str], Path]) -> None:
    assert check(sample("network_meio")) == []
