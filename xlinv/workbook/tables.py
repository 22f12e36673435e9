"""Tables of a workbook, and structured references turned into cell references."""

import re
from dataclasses import dataclass
from typing import Final

from xlinv.workbook.references import Area, column_letters, quoted

# Stands for the row of the formula itself in rewritten text, so that one rewriting serves a whole column.
THIS_ROW: Final = "\ue002"

_SPECIFIER: Final = re.compile(r"\[((?:'.|[^\[\]'])*)\]")


@dataclass(frozen=True, slots=True)
class Table:
    """Where a table lies; `area` includes its header and totals rows, `columns` are lower-case."""

    name: str
    sheet: str
    area: Area
    header_rows: int
    totals_rows: int
    columns: tuple[str, ...]

    @property
    def first_row(self) -> int:
        return self.area.top + self.header_rows

    @property
    def last_row(self) -> int:
        return self.area.bottom - self.totals_rows


@dataclass(frozen=True, slots=True)
class TablePart:
    """What a structured reference asks for: items such as `#data`, and first and last column."""

    table: str
    items: frozenset[str]
    columns: tuple[str, ...]

    @property
    def single_cell(self) -> bool:
        return self.items == {"#this row"} and len(self.columns) == 1


def table_part(text: str) -> TablePart:
    """The parts of `Name[…]`, unescaped and lower-case; the name is empty for `[@Column]`."""
    name, _, inner = text.partition("[")
    inner = inner[:-1].strip()
    items: set[str] = set()
    columns: list[str] = []
    if inner.startswith("@"):
        items.add("#this row")
        inner = inner[1:].strip()
        if inner and not inner.startswith("["):
            inner = f"[{inner}]"
    specifiers = _SPECIFIER.findall(inner) if "[" in _without_escapes(inner) else [inner] if inner else []
    for specifier in specifiers:
        word = specifier.strip().lower()
        if word.startswith("#"):
            items.add(word)
        else:
            columns.append(re.sub(r"'(.)", r"\1", specifier).strip().lower())
    return TablePart(name.lower(), frozenset(items), tuple(columns))


def _without_escapes(text: str) -> str:
    return re.sub(r"'.", "", text)


def cell_reference(part: TablePart, table: Table) -> str | None:
    """The cells a structured reference names, or None where the table has no such column or row.

    A reference to the row of the formula holds THIS_ROW in place of the number.
    """
    try:
        numbers = [table.columns.index(column) for column in part.columns]
    except ValueError:
        return None
    left = column_letters(table.area.left + (min(numbers) if numbers else 0))
    right = column_letters(table.area.left + (max(numbers) if numbers else len(table.columns) - 1))
    if "#this row" in part.items:
        top = bottom = THIS_ROW
        first, last = f"${left}{top}", f"${right}{bottom}"
    else:
        rows = _rows(part.items, table)
        if rows is None:
            return None
        first, last = f"${left}${rows[0]}", f"${right}${rows[1]}"
    sheet = quoted(table.sheet)
    return f"{sheet}!{first}" if first == last else f"{sheet}!{first}:{last}"


def _rows(items: frozenset[str], table: Table) -> tuple[int, int] | None:
    if "#all" in items:
        return table.area.top, table.area.bottom
    top, bottom = table.first_row, table.last_row
    if "#headers" in items:
        if not table.header_rows:
            return None
        top = table.area.top
        bottom = bottom if "#data" in items else top
    if "#totals" in items:
        if not table.totals_rows:
            return None
        bottom = table.area.bottom
        top = top if items & {"#data", "#headers"} else bottom
    return (top, bottom) if top <= bottom else None
