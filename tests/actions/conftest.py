"""The sample company's workbooks, open, and books of a few tables for single cases."""

from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from xlinv import headless

Rows = Sequence[Sequence[Any]]


@pytest.fixture
def policy(sample: Callable[[str], Path]) -> Iterator[Any]:
    with headless.open(sample("inventory_policy")) as book:
        yield book


@pytest.fixture
def network(sample: Callable[[str], Path]) -> Iterator[Any]:
    with headless.open(sample("network_meio")) as book:
        yield book


@pytest.fixture
def write_book(tmp_path: Path) -> Callable[..., Path]:
    """Writes tables side by side, one sheet each, and named cells; text stays text."""

    def write(tables: dict[str, Rows], names: dict[str, Any] | None = None) -> Path:
        book = openpyxl.Workbook()
        first = book.active
        assert first is not None
        first.title = "Settings"
        for number, (name, value) in enumerate((names or {}).items(), start=1):
            first[f"A{number}"] = value
            book.defined_names[name] = openpyxl.workbook.defined_name.DefinedName(
                name, attr_text=f"Settings!$A${number}"
            )
        for name, rows in tables.items():
            sheet = book.create_sheet(name.removeprefix("tbl"))
            for i, row in enumerate(rows, start=1):
                for j, value in enumerate(row, start=1):
                    cell = sheet.cell(i, j, value)
                    if isinstance(value, str):
                        cell.data_type = "s"
            sheet.add_table(Table(displayName=name, ref=sheet.dimensions))
        path = tmp_path / "book.xlsx"
        book.save(path)
        return path

    return write


def table_on(sheet: Any, heading: str) -> dict[str, list[Any]]:
    """The table of a result sheet that has this heading, as columns by heading."""
    used = sheet.used_range.options(ndim=2, err_to_str=True).value
    top = next(number for number, row in enumerate(used) if heading in row)
    names = list(takewhile(lambda name: name is not None, used[top]))
    rows = []
    for row in used[top + 1 :]:
        if all(value is None for value in row[: len(names)]):
            break
        rows.append(row[: len(names)])
    return {name: [row[column] for row in rows] for column, name in enumerate(names)}
