"""Built-in functions of one cell run on each cell of an array, as they do in Excel."""

import pytest

from xlinv.cells import CellError
from xlinv.workbook.evaluate import evaluate

NUMBERS = [0.25, 2.0, 45000.0]
TEXTS = ["ab", "c x", "12"]


@pytest.mark.parametrize(
    "formula",
    [
        "ABS(-d)", "SIGN(d)", "INT(d)", "ROUND(d,1)", "MOD(d,2)", "SQRT(d)", "LN(d)", "POWER(d,2)",
        "ISNUMBER(d)", "ISTEXT(d)", "ISERROR(d)", "ISBLANK(d)", "NOT(d>1)", 'TEXT(d,"0.0")',
        "YEAR(d)", "MONTH(d)", "NORM.S.DIST(d,TRUE)", "GAMMA.DIST(d,2,2,TRUE)", 'IFS(d>1,"more",TRUE,"less")',
        'SWITCH(d,2,"two","other")',
    ],
)  # fmt: skip
def test_each_number(formula: str) -> None:
    assert evaluate(formula, d=NUMBERS) == [[evaluate(formula, d=number)] for number in NUMBERS]


@pytest.mark.parametrize(
    "formula",
    [
        "LEN(d)",
        "UPPER(d)",
        "LEFT(d,1)",
        "MID(d,2,1)",
        'SUBSTITUTE(d,"a","b")',
        'EXACT(d,"ab")',
        'FIND("x",d)',
    ],
)
def test_each_text(formula: str) -> None:
    assert evaluate(formula, d=TEXTS) == [[evaluate(formula, d=text)] for text in TEXTS]


def test_errors_of_a_range_are_counted() -> None:
    errors = [CellError.NA, 1.0, CellError.DIV0]
    assert evaluate("=SUMPRODUCT(--ISERROR(d))", d=errors) == 2
    assert evaluate("=SUMPRODUCT(--ISNUMBER(d))", d=errors) == 1
