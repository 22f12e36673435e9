"""The codec between raw cells and arrays."""

from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd
import pytest

from xlinv.cells import CellError, InputError, block, read_numbers, serial, write_numbers


def test_numbers_cross_in_one_conversion_and_text_numbers_stay_text() -> None:
    assert read_numbers([[1, 2.5]]).values.tolist() == [[1.0, 2.5]]
    numbers = read_numbers([["1", True, None, CellError.REF, float("nan"), 3]])
    value, na, ref = CellError.VALUE.code, CellError.NA.code, CellError.REF.code
    assert numbers.errors.tolist() == [[value, value, na, ref, na, 0]]


def test_an_array_with_gaps_has_blanks() -> None:
    array = np.array([1.0, np.nan, np.inf])
    assert read_numbers(array).errors[:, 0].tolist() == [0, CellError.NA.code, CellError.NUM.code]
    assert read_numbers(array, 7.0).values[:2, 0].tolist() == [1.0, 7.0]


def test_a_number_too_large_for_a_cell_is_an_error() -> None:
    assert read_numbers([[10**400]]).errors.tolist() == [[CellError.NUM.code]]
    assert read_numbers([[10**400, "x"]]).errors.tolist() == [[CellError.NUM.code, CellError.VALUE.code]]


def test_what_is_not_finite_never_leaves() -> None:
    cells = write_numbers(np.array([[1.0, np.nan, np.inf]]), np.array([[0, 0, 7]], np.int8))
    assert cells == [[1.0, CellError.NUM, CellError.NA]]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (date(1900, 1, 1), 1.0),
        (date(1900, 2, 28), 59.0),
        (date(1900, 3, 1), 61.0),  # Excel counts a 29 February 1900
        (datetime(2024, 1, 15, 12), 45306.5),
        (time(6), 0.25),
        (timedelta(hours=36), 1.5),
    ],
)
def test_dates_are_serials(moment: date | datetime | time | timedelta, expected: float) -> None:
    assert serial(moment) == expected


def test_a_date_before_1900_is_refused() -> None:
    with pytest.raises(InputError, match="must not lie before 1 January 1900"):
        serial(date(1899, 12, 31))


def test_whatever_a_host_hands_over_becomes_rows() -> None:
    assert block(3) == [[3]]
    assert block([1, None]) == [[1], [None]]
    assert block(((1, 2), (3, 4))) == [[1, 2], [3, 4]]
    assert block(pd.DataFrame({"a": [1.0, np.nan]})) == [[1.0], [None]]
    assert block(pd.Series(pd.to_datetime(["2024-01-15"]))) == [[45306.0]]
    assert block("#N/A") == [[CellError.NA]]
    with pytest.raises(InputError, match="same length"):
        block([[1, 2], [3]])
