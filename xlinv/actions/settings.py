"""Named cells that an action reads: inputs (in_…) and settings (set_…)."""

from typing import Any

from xlinv.cells import Cell, InputError, cell


def named_value(book: Any, name: str) -> Cell:
    """The value of a named cell; None where the book has no such name or the cell is blank."""
    for defined in book.names:
        if defined.name.rpartition("!")[2].casefold() == name.casefold():
            area = defined.refers_to_range
            value = None if area is None else area.options(err_to_str=True).value
            return None if value == "" else cell(value)
    return None


def named_number(book: Any, name: str, default: float | None = None) -> float | None:
    """The number in a named cell, or the default; raises InputError for anything else."""
    value = named_value(book, name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, float | int):
        raise InputError(name, "must be a number", value)
    return float(value)


def named_text(book: Any, name: str, default: str) -> str:
    """The text in a named cell, or the default."""
    value = named_value(book, name)
    return default if value is None else str(value)
