"""Every worked example through xlwings' Windows code and through the catalogue; prints the differences."""

import json
from typing import Any
from unittest import mock

from tests.examples import CASES, call_of
from tests.udfs.windows import xlwings_for_windows
from xlinv.catalogue import OMITTED
from xlinv.cells import CellError, block

MISSING = -2147352572  # what COM hands over for an argument that was left out


def as_excel_hands_over(value: Any, scode: dict[str, int]) -> Any:
    """A value as it arrives from a cell or a range: numbers as floats, errors as COM's numbers."""
    if value is OMITTED:
        return MISSING
    rows = tuple(
        tuple(
            scode[str(item)] if isinstance(item, CellError) else float(item) if type(item) is int else item
            for item in row
        )
        for row in block(value)
    )
    return rows if isinstance(value, list) else rows[0][0]


def main() -> None:
    udfs, engine = xlwings_for_windows()
    scode = {text: number for number, text in engine.cell_errors.items()}
    engine.is_range_instance = lambda value: False  # Value2 has been taken in VBA already
    differences = []
    for declared, example in CASES:
        args, headless = call_of(declared, example.formula)
        through = udfs.call_udf(
            "udfs.functions",
            declared.name,
            tuple(as_excel_hands_over(value, scode) for value in args),
            caller=mock.MagicMock(),
        )
        want = [
            [str(item) if isinstance(item, CellError) else "" if item is None else item for item in row]
            for row in headless
        ]
        got = through if isinstance(through, list) else [[through]]
        if got != want:
            differences.append([example.formula, repr(got), repr(want)])
    print(json.dumps({"examples": len(CASES), "differences": differences}))


if __name__ == "__main__":
    main()
