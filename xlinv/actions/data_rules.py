"""What must hold in the tables of a book, and every cell where it does not."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from xlinv.actions.columns import ARCS, FORECAST, HISTORY, ITEMS, STAGES, Field, TableKind, period_columns
from xlinv.actions.source import Source, cell_place, plain_heading
from xlinv.cells import Cell, CellError, shown

Severity = Literal["error", "warning", "info"]

_EARLIEST, _LATEST = 32874.0, 73051.0  # 1990 and 2100 as serial numbers
_MOST_OF_A_COLUMN: Final = 0.5


@dataclass(frozen=True)
class Issue:
    """One thing that is wrong, where, and what to do about it."""

    severity: Severity
    place: str
    table: str
    column: str
    text: str
    value: Cell
    advice: str


@dataclass(frozen=True)
class Known:
    """A table with its kind, None where it is of no kind that actions read."""

    source: Source
    kind: TableKind | None


def issues_of(tables: Sequence[Known]) -> Iterator[Issue]:
    """Every issue of the tables, each by itself and then against each other."""
    for table in tables:
        yield from _cells(table)
        yield from _rows_twice(table)
        if table.kind is not None:
            yield from _fields(table.source, table.kind)
    yield from _items_without_history(tables)


def _cells(table: Known) -> Iterator[Issue]:
    """Errors, numbers and dates stored as text, blanks around text: in any table."""
    source = table.source
    for column, heading in enumerate(source.headings):
        values = [row[column] for row in source.rows]
        filled = [value for value in values if value not in (None, "")]
        numbers = [
            value for value in filled if isinstance(value, float | int) and not isinstance(value, bool)
        ]
        numeric = len(numbers) > _MOST_OF_A_COLUMN * len(filled) or _is_number_field(table, column)
        for number, value in enumerate(values):
            found = _wrong_cell(value, numeric)
            if found:
                yield Issue(
                    "error" if numeric or isinstance(value, CellError) else "warning",
                    cell_place(source, number, column),
                    source.name,
                    plain_heading(heading),
                    found[0],
                    value,
                    found[1],
                )


def _wrong_cell(value: Cell, numeric: bool) -> tuple[str, str] | None:
    if isinstance(value, CellError):
        return "Error value", "Correct the formula or the data behind it"
    if not isinstance(value, str) or not value:
        return None
    if numeric and as_number(value) is not None:
        return "Number stored as text", "Convert it: Data, Text to Columns, Finish"
    if numeric and looks_like_date(value):
        return "Date stored as text", "Convert it: Data, Text to Columns, choose the order of day and month"
    if value != value.strip():
        return "Blanks around text", "Remove them: such a key matches no other"
    return None


def _is_number_field(table: Known, column: int) -> bool:
    if table.kind is None:
        return False
    if table.kind.by_period:
        return column in period_columns(table.source)
    return any(
        field.kind != "text" and table.kind.position(table.source, name) == column
        for name, field in table.kind.fields.items()
    )


def as_number(text: str) -> float | None:
    """The number that a text shows, thousands separated or not; None where it shows none."""
    try:
        return float(text.replace(",", "").replace(" ", "").replace("\xa0", ""))
    except ValueError:
        return None


def looks_like_date(text: str) -> bool:
    """Whether a text reads as a date: three parts, two of them numbers."""
    parts = text.replace("/", "-").replace(".", "-").replace(" ", "-").split("-")
    return len(parts) == 3 and sum(part.isdigit() for part in parts) >= 2


def _rows_twice(table: Known) -> Iterator[Issue]:
    """Rows that repeat another one, and keys that stand twice, also where only case and blanks differ."""
    source, kind = table.source, table.kind
    seen: dict[object, int] = {}
    keyed = [] if kind is None else [kind.position(source, name) for name in kind.key if name in kind.fields]
    positions = [position for position in keyed if position is not None]
    for number, row in enumerate(source.rows):
        whole = tuple(map(str, row))
        key = tuple(_key(row[position]) for position in positions) if positions else whole
        if not any(key):
            continue
        if key in seen:
            same = tuple(map(str, source.rows[seen[key]])) == whole
            first = cell_place(source, seen[key], positions[0] if positions else 0)
            yield Issue(
                "error" if positions else "warning",
                cell_place(source, number, positions[0] if positions else 0),
                source.name,
                ", ".join(plain_heading(source.headings[position]) for position in positions),
                "Row stands twice" if same else "Key stands twice",
                row[positions[0]] if positions else None,
                f"Delete or rename one of them; the first is {first}",
            )
        else:
            seen[key] = number


def _key(value: Cell) -> str:
    return "" if value is None else str(value).strip().casefold()


def _fields(source: Source, kind: TableKind) -> Iterator[Issue]:
    """The rules of the columns of one kind of table."""
    for name, field in kind.fields.items():
        position = kind.position(source, name)
        if position is None:
            if field.required:
                yield _missing_column(source, field)
            continue
        for number, row in enumerate(source.rows):
            found = _broken_rule(field, row[position])
            if found:
                severity, text, advice = found
                heading = plain_heading(source.headings[position])
                place = cell_place(source, number, position)
                yield Issue(severity, place, source.name, heading, text, row[position], advice)
    if kind in (HISTORY, FORECAST):
        yield from _history(source)


def _missing_column(source: Source, field: Field) -> Issue:
    advice = f"Add a column {' or '.join(field.headings[:3])}"
    return Issue("error", source.place, source.name, field.known_as, "Column is missing", None, advice)


def _broken_rule(field: Field, value: Cell) -> tuple[Severity, str, str] | None:
    """What is wrong with the value of a field that is no error and no number stored as text."""
    if value is None or value == "":
        return ("error", "Missing", "Fill it in") if field.required else None
    if field.kind == "text" or isinstance(value, CellError):
        return None
    if isinstance(value, bool | str):
        text = str(value)
        if as_number(text) is not None or looks_like_date(text):
            return None
        return "error", "Not a number" if field.kind == "number" else "Not a date", "Correct it"
    if field.kind == "date" and not _EARLIEST <= value <= _LATEST:
        return "error", "Not a date between 1990 and 2100", "Correct it"
    if field.least is not None and value < field.least:
        return "error", f"Below {field.least:g}", "Correct it: a booking may be missing"
    if field.most is not None and value > field.most:
        return "error", f"Above {field.most:g}", "It is a fraction: 0.95 for 95 %"
    if value == 0 and field.zero:
        return "warning", "Zero", f"Check it: {field.zero}"
    return None


def _history(source: Source) -> Iterator[Issue]:
    """Demand below zero, and single periods that were not observed."""
    for number, row in enumerate(source.rows):
        cells = [(column, row[column]) for column in period_columns(source)]
        blank = [column for column, value in cells if value in (None, "")]
        for column, value in cells:
            if isinstance(value, float | int) and value < 0:
                yield Issue(
                    "error", cell_place(source, number, column), source.name, source.headings[column],
                    "Negative demand", value, "Book returns against the period of the sale",
                )  # fmt: skip
        if blank and len(blank) < len(cells):
            yield Issue(
                "warning", cell_place(source, number, blank[0]), source.name, source.headings[blank[0]],
                f"{len(blank)} periods are blank", None,
                "A blank counts as not observed: enter 0 where nothing was sold",
            )  # fmt: skip


def _items_without_history(tables: Sequence[Known]) -> Iterator[Issue]:
    """Items that only the master data or only the history knows."""
    items = next((table.source for table in tables if table.kind is ITEMS), None)
    position = None if items is None else ITEMS.position(items, "item")
    if items is None or position is None:
        return
    known = Counter(_key(row[position]) for row in items.rows)
    for table in tables:
        if table.kind not in (HISTORY, FORECAST):
            continue
        own = table.kind.position(table.source, "item") or 0
        listed = {_key(row[own]) for row in table.source.rows}
        for number, row in enumerate(table.source.rows):
            if _key(row[own]) not in known:
                yield Issue(
                    "warning", cell_place(table.source, number, own), table.source.name, "Item",
                    f"Not in {items.name}", row[own], f"Add it to {items.name}, or delete its row",
                )  # fmt: skip
        for number, row in enumerate(items.rows):
            if _key(row[position]) not in listed:
                yield Issue(
                    "warning", cell_place(items, number, position), items.name, "Item",
                    f"Not in {table.source.name}", row[position], f"Add its row to {table.source.name}",
                )  # fmt: skip


def network_tables(tables: Sequence[Known]) -> tuple[Source, Source] | None:
    """The tables of stages and arcs, where the book has one of each."""
    stages = [table.source for table in tables if table.kind is STAGES]
    arcs = [table.source for table in tables if table.kind is ARCS]
    return (stages[0], arcs[0]) if len(stages) == 1 and len(arcs) == 1 else None


def told_value(value: Cell) -> Cell:
    """A value as the list of issues shows it: text with its quotation marks, so that blanks are seen."""
    return shown(value) if isinstance(value, str) else str(value) if isinstance(value, CellError) else value
