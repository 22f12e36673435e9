"""A workbook of 2,674 real parts (Hyndman et al., car parts), every value against plain scipy and pandas."""

from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from scipy import stats

from xlinv.cells import CellError
from xlinv.workbook.recalculation import recalculate

pytestmark = pytest.mark.slow  # 8,000 formulas over 136,000 months

SERVICE, LEAD_TIME = 0.95, 2


@pytest.fixture(scope="module")
def history(shared: Path) -> pd.DataFrame:
    return pd.read_csv(shared / "data" / "demand" / "carparts.csv", index_col=0)


@pytest.fixture(scope="module")
def columns(history: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """What the workbook shows after recalculation, by heading."""
    path = tmp_path_factory.mktemp("parts") / "parts.xlsx"
    last = len(history) + 1
    months = f"Data!$B$2:${xlsxwriter.utility.xl_col_to_name(history.shape[1])}${last}"
    mean, sd = f"A2:A{last}", f"B2:B{last}"
    with xlsxwriter.Workbook(path, {"nan_inf_to_errors": False}) as book:
        data, plan = book.add_worksheet("Data"), book.add_worksheet("Plan")
        for row, (part, values) in enumerate(zip(history.index, history.to_numpy(), strict=True), start=1):
            data.write(row, 0, str(part))
            for column, value in enumerate(values, start=1):
                if not np.isnan(value):
                    data.write_number(row, column, value)
        end = xlsxwriter.utility.xl_col_to_name(history.shape[1])
        for row in range(2, last + 1):
            plan.write_formula(f"A{row}", f"=AVERAGE(Data!B{row}:{end}{row})")
            plan.write_formula(f"B{row}", f"=_xlfn.STDEV.S(Data!B{row}:{end}{row})")
            plan.write_formula(f"C{row}", f"=SUM(Data!B{row}:{end}{row})")
        service = f"{SERVICE},{mean},{sd},{LEAD_TIME}"
        for letter, formula in {
            "D": f"=DEMANDPATTERN({months})",
            "E": f"=XYZCLASS({months})",
            "F": f'=SAFETYSTOCK({SERVICE},{sd},{LEAD_TIME},0,{mean},0,"csl",,"negbin")',
            "G": f'=REORDERPOINT({service},0,0,"csl",,"negbin")',
            "H": f"=ABCXYZ(C2:C{last},{months})",
        }.items():
            plan.write_dynamic_array_formula(f"{letter}2:{letter}2", formula)
    recalculate(path)
    shown = openpyxl.load_workbook(path, data_only=True, read_only=True)["Plan"]
    rows = list(shown.iter_rows(min_row=2, max_row=last, max_col=8, values_only=True))
    names = ("mean", "sd", "total", "pattern", "xyz", "safety", "reorder", "abcxyz")
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def test_mean_deviation_and_total(columns: dict[str, list[Any]], history: pd.DataFrame) -> None:
    np.testing.assert_allclose(np.array(columns["mean"], float), history.mean(axis=1), rtol=1e-12)
    np.testing.assert_allclose(np.array(columns["sd"], float), history.std(axis=1), rtol=1e-12)


def test_stock_against_the_negative_binomial_of_scipy(
    columns: dict[str, list[Any]], history: pd.DataFrame
) -> None:
    mean, variance = LEAD_TIME * history.mean(axis=1), LEAD_TIME * history.var(axis=1)
    fits = (variance > mean * (1 + 1e-9)).to_numpy()
    misfits = (variance < mean * (1 - 1e-9)).to_numpy()
    assert fits.sum() > 1_000
    size = mean[fits] ** 2 / (variance[fits] - mean[fits])
    level = stats.nbinom.ppf(SERVICE, size, mean[fits] / variance[fits])
    reorder, safety = np.array(columns["reorder"], object), np.array(columns["safety"], object)
    np.testing.assert_array_equal(reorder[fits].astype(float), level)
    np.testing.assert_allclose(safety[fits].astype(float), level - mean[fits], rtol=1e-9, atol=1e-9)
    assert set(reorder[misfits]) == set(safety[misfits]) == {str(CellError.NUM)}


def test_classes_against_pandas(columns: dict[str, list[Any]], history: pd.DataFrame) -> None:
    variation = history.std(axis=1) / history.mean(axis=1)
    clear = (np.minimum((variation - 0.5).abs(), (variation - 1).abs()) > 1e-9).to_numpy()
    shown = np.array(columns["xyz"])
    classes = np.where(variation <= 0.5, "X", np.where(variation <= 1, "Y", "Z"))
    assert (shown[clear] == classes[clear]).all()

    total = history.sum(axis=1)
    above = total.map(lambda value: total[total > value].sum()) / total.sum()
    abc = np.where(above < 0.8, "A", np.where(above < 0.95, "B", "C"))
    assert (np.array(columns["abcxyz"]) == np.char.add(abc.astype(str), shown.astype(str))).all()


def test_patterns_against_pandas(columns: dict[str, list[Any]], history: pd.DataFrame) -> None:
    demand = history.where(history > 0)
    interval = history.notna().sum(axis=1) / demand.notna().sum(axis=1)
    squared = (demand.std(axis=1) / demand.mean(axis=1)) ** 2
    rare, rough = interval >= 1.32, squared >= 0.49
    cases = [~rare & ~rough, ~rare & rough, rare & ~rough]
    expected = np.select(cases, ["smooth", "erratic", "intermittent"], "lumpy")
    assert (np.array(columns["pattern"]) == expected).all()
