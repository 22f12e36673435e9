"""400,000 cells through the headless engine against openpyxl by itself."""

import time
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.benchmarks.conftest import Claim
from xlinv import headless

pytestmark = pytest.mark.benchmark


def test_400_000_cells_written_and_read_no_slower_than_openpyxl(tmp_path: Path, claim: Claim) -> None:
    values = np.random.default_rng(1).random((20_000, 20))
    path, peer = tmp_path / "own.xlsx", tmp_path / "openpyxl.xlsx"
    openpyxl.Workbook().save(path)
    with headless.open(path):
        pass  # imports do not count

    start = time.perf_counter()
    with headless.open(path) as book:
        book.sheets[0]["A1"].value = values
        book.save()
    with headless.open(path) as book:
        back = book.sheets[0].used_range.options(np.array).value
    own = time.perf_counter() - start
    np.testing.assert_array_equal(back, values)

    start = time.perf_counter()
    written = openpyxl.Workbook()
    sheet = written.active
    assert sheet is not None
    for row in values.tolist():
        sheet.append(row)
    written.save(peer)
    read = openpyxl.load_workbook(peer).active
    assert read is not None
    again = np.array([[cell.value for cell in row] for row in read.iter_rows()])
    theirs = time.perf_counter() - start
    np.testing.assert_allclose(again, values, rtol=1e-15)  # it stores 16 digits
    claim("400,000 cells written and read back, headless", f"{own / theirs:.2f} × openpyxl's time", "≤ 1 ×")
    assert own <= theirs
