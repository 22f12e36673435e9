"""One formula at a time: values, names, spellings, what the engine lacks."""

import subprocess
import sys
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

import xlinv
from xlinv.cells import CellError, InputError
from xlinv.workbook.evaluate import evaluate, evaluate_with_problems

DEMAND = [100, 200, 300]


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=1/3", 1 / 3),
        ("2^10", 1024.0),
        ('="a"&1', "a1"),
        ("=1>2", False),
        ("=1/0", CellError.DIV0),
        ("=SEQUENCE(2,2)", [[1.0, 2.0], [3.0, 4.0]]),
        ("=A1", 0.0),
        # Where the engine silently differs from Excel
        ("=FLOOR(-2.1,-1)", -2.0),
        ("=FLOOR(-2.5,2)", -4.0),
        ("=FLOOR(2.5,-2)", CellError.NUM),
        ("=FLOOR(0.3,0.1)", pytest.approx(0.3)),
        ("=CEILING(-2.5,2)", -2.0),
        ("=0.1*3=0.3", True),
        ("=0.1*3<>0.3", False),
        ("=0.3<0.1*3", False),
        ("=1=1.0000001", False),
        ('="a"="A"', True),
        ("=2<1<3", False),  # FALSE comes after every number
        ("=DATE(1900,2,29)", 60.0),
        ("=DATE(1900,1,0)", 0.0),
        ("=DATE(2024,14,1)", 45689.0),
        ("=DATE(1899,12,31)", 693962.0),  # years below 1900 count from 1900
        ("=DATE(-1,1,1)", CellError.NUM),
        # What the engine lacks
        ("=_xlfn.LAMBDA(_xlpm.x,_xlpm.x^2)(5)", 25.0),
        ("=LET(f,LAMBDA(a,b,a-b),f(5,2))", 3.0),
        ("=MAP({1,2;3,4},LAMBDA(a,a*2))", [[2.0, 4.0], [6.0, 8.0]]),
        ("=MAP({1,2},{10,20},LAMBDA(a,b,a+b))", [[11.0, 22.0]]),
        ("=BYROW({1,2;3,4},LAMBDA(r,SUM(r)))", [[3.0], [7.0]]),
        ("=BYCOL({1,2;3,4},LAMBDA(c,MAX(c)))", [[3.0, 4.0]]),
        ("=BYROW({1,2;3,4},_xleta.SUM)", [[3.0], [7.0]]),
        ("=REDUCE(1,{2,3,4},LAMBDA(a,b,a*b))", 24.0),
        ("=SCAN(0,{1;2;3},LAMBDA(a,b,a+b))", [[1.0], [3.0], [6.0]]),
        ("=MAKEARRAY(2,3,LAMBDA(r,c,r*10+c))", [[11.0, 12.0, 13.0], [21.0, 22.0, 23.0]]),
        ("=LET(k,5,MAP({1,2},LAMBDA(a,SUM(MAP({1,2,3},LAMBDA(b,a*b*k))))))", [[30.0, 60.0]]),
        ("=SUM(MAP({1,2},LAMBDA(a,IF(a>1,a,0))))", 2.0),
        ("=MAP({1,2},LAMBDA(a,SEQUENCE(a+1)))", [[CellError.CALC, CellError.CALC]]),
        ("=MMULT({1,2;3,4},{5;6})", [[17.0], [39.0]]),
        ("=MMULT({1,2},{1,2})", CellError.VALUE),
        ("=MINVERSE({2,0;0,4})", [[0.5, 0.0], [0.0, 0.25]]),
        ("=MINVERSE({1,1;1,1})", CellError.NUM),
        ("=MDETERM({2,0;0,4})", pytest.approx(8.0)),
        ("=AGGREGATE(14,6,{1,5,3},2)", 3.0),
        ("=AGGREGATE(9,6,{1,#N/A,3})", 4.0),
        ("=AGGREGATE(9,4,{1,#N/A,3})", CellError.NA),
        ("=AGGREGATE(16,6,{1,2,3,4},0.5)", 2.5),
        ("=LARGE({4,8,6},{1,2})", [[8.0, 6.0]]),
        ("=SMALL({4,8,6},{1;3})", [[4.0], [8.0]]),
        ("=SUM(LARGE({4,8,6},{1,2}))", 14.0),
        ("=INDEX({4,8,6},{1,3})", [[4.0, 6.0]]),
        ("=MATCH({8,6},{4,8,6},0)", [[2.0, 3.0]]),
        ("=WRAPROWS({1,2,3},2)", [[1.0, 2.0], [3.0, CellError.NA]]),
        ('=WRAPCOLS({1,2,3},2,"")', [[1.0, 3.0], [2.0, ""]]),
        ("=EXPAND({1,2},2,2,0)", [[1.0, 2.0], [0.0, 0.0]]),
        ("=FORECAST.ETS(1,{1,2},{1,2})", CellError.NAME),  # absent, and says so
        ("=NOSUCHFUNCTION(1)", CellError.NAME),
        ("=IFERROR(NOSUCHFUNCTION(1),7)", 7.0),
    ],
)
def test_value(formula: str, value: Any) -> None:
    assert evaluate(formula) == value


@pytest.mark.parametrize(
    "names",
    [
        DEMAND,
        [[100], [200], [300]],
        np.array(DEMAND),
        pd.Series(DEMAND),
        pd.DataFrame({"demand": DEMAND}),
    ],
    ids=["list", "rows", "array", "series", "frame"],
)
def test_names_take_lists_arrays_and_frames(names: Any) -> None:
    assert xlinv.evaluate("=SUM(d)", d=names) == 600
    assert xlinv.evaluate("=d*2", d=names) == [[200.0], [400.0], [600.0]]
    assert xlinv.evaluate("=ROWS(d)", d=names) == 3


def test_names_are_cells_and_serve_where_only_ranges_may_stand() -> None:
    assert evaluate('=SUMIFS(d,d,">150")', d=DEMAND) == 500
    assert evaluate("=SUM(OFFSET(d,1,0,2,1))", d=DEMAND) == 500
    assert evaluate("=YEAR(day)", day=date(2026, 3, 1)) == 2026
    assert evaluate("=rate*4", rate=0.25) == 1
    assert evaluate("=ISBLANK(x)", x=None) is True
    assert evaluate("=x", x=CellError.NA) is CellError.NA
    assert evaluate("=ROW(d)", d=DEMAND) == [[1.0], [2.0], [3.0]]


def test_a_text_that_looks_like_a_formula_stays_text() -> None:
    assert evaluate("=x", x="=1+1") == "=1+1"
    assert evaluate("=LEN(x)", x="<&>") == 3


def test_100_000_cells_spill_back() -> None:
    demand = np.arange(100_000.0)
    rows = evaluate("=d+1", d=demand)
    assert len(rows) == 100_000
    assert rows[-1] == [100_000.0]


@pytest.mark.parametrize(
    "formula", ["=1+", "=(1", "=1)", "", "=SUM(1,", "={1,2", "=" + "(" * 100 + "1" + ")" * 100]
)
def test_what_is_no_formula_is_refused(formula: str) -> None:
    with pytest.raises(InputError, match="formula"):
        evaluate(formula)


def test_a_decimal_comma_is_refused_and_not_taken_for_two_arguments() -> None:
    with pytest.raises(InputError, match="decimals take a point"):
        evaluate("=EOQ(0,95;50;2)")
    assert evaluate("=SUM(1;2;{3,4;5,6})") == 21


def test_long_chains_keep_their_order() -> None:
    assert evaluate("=" + "+".join(["1"] * 4096)) == 4096
    assert evaluate("=" + "+".join(["a"] * 4000), a=2) == 8000
    assert evaluate("=" + "-".join(["1"] * 1000)) == -998
    assert evaluate("=" + "&".join(['"a"'] * 1500)) == "a" * 1500
    assert evaluate("=" + "+".join(["2*3"] * 1000)) == 6000


def test_problems_are_told() -> None:
    value, problems = evaluate_with_problems("=missing+1")
    assert value is CellError.NAME
    assert problems == ["missing is no name of this workbook"]


def test_the_first_value_comes_without_heavy_imports() -> None:
    program = (
        "import sys, xlinv; assert xlinv.evaluate('=1+1') == 2;"
        "print([name for name in ('numba', 'scipy', 'pandas', 'openpyxl', 'xlwings') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["A1", "d1", "xfd1048576", "TRUE"])
def test_a_name_that_would_read_as_a_cell_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="must not read as a cell"):
        evaluate(f"={name}+1", **{name: 5})


def test_values_that_fit_no_cell() -> None:
    assert evaluate("=x", x=pd.NA) == 0
    assert evaluate("=x", x=10**400) is CellError.NUM
    assert evaluate("=ISBLANK(x)", x=pd.Series([1, pd.NA], dtype="Int64")) == [[False], [True]]


def test_a_name_hides_a_function_only_where_it_is_a_lambda() -> None:
    assert evaluate("=EOQ(1000,50,2)+EOQ", eoq=1) == pytest.approx(224.60679775)
