"""Cell addresses and rectangles as Excel writes them."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384

_CELL: Final = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})")


@lru_cache(maxsize=LAST_COLUMN)
def column_number(letters: str) -> int:
    """The 1-based number of a column named by its letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


@lru_cache(maxsize=LAST_COLUMN)
def column_letters(number: int) -> str:
    """The letters that name a 1-based column."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    return f"{column_letters(column)}{row}"


class Area(NamedTuple):
    """A rectangle of cells, 1-based and inclusive."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.bottom - self.top + 1, self.right - self.left + 1

    @property
    def single(self) -> bool:
        return self.top == self.bottom and self.left == self.right

    @property
    def on_sheet(self) -> bool:
        return self.bottom <= LAST_ROW and self.right <= LAST_COLUMN

    def __str__(self) -> str:
        first = address(self.top, self.left)
        return first if self.single else f"{first}:{address(self.bottom, self.right)}"

    def contains(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def intersection(self, other: "Area") -> "Area | None":
        area = Area(
            max(self.top, other.top),
            max(self.left, other.left),
            min(self.bottom, other.bottom),
            min(self.right, other.right),
        )
        return area if area.top <= area.bottom and area.left <= area.right else None


def area_at(row: int, column: int, rows: int, columns: int) -> Area:
    return Area(row, column, row + rows - 1, column + columns - 1)


def parse_area(text: str) -> Area:
    """The rectangle that `A1`, `A1:B2`, `A:B` or `1:2` names, `$` allowed.

    Raises ValueError for anything else.
    """
    first, colon, last = text.replace("$", "").partition(":")
    if not colon and not (first[:1].isalpha() and first[-1:].isdigit()):
        raise ValueError(f"not a cell reference: {text}")  # `B` or `5` alone is a name or a number
    top, left = _corner(first, 1, 1)
    bottom, right = _corner(last or first, LAST_ROW, LAST_COLUMN)
    return Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def is_cell(text: str) -> bool:
    """Whether a word reads as the address of a cell."""
    try:
        return ":" not in text and parse_area(text).single
    except ValueError:
        return False


def _corner(text: str, row: int, column: int) -> tuple[int, int]:
    letters = text.rstrip("0123456789")
    digits = text[len(letters) :]
    if not text or (letters and not letters.isalpha()):
        raise ValueError(f"not a cell reference: {text}")
    row, column = int(digits) if digits else row, column_number(letters) if letters else column
    if not (1 <= row <= LAST_ROW and 1 <= column <= LAST_COLUMN):
        raise ValueError(f"not on a sheet: {text}")
    return row, column


def moved(reference: str, rows: int, columns: int) -> str:
    """A reference as it reads after its formula was copied `rows` down and `columns` right.

    Absolute parts stay; what leaves the sheet becomes `#REF!`.
    """
    if ":" in reference:
        first, _, last = reference.partition(":")
        first, last = moved(first, rows, columns), moved(last, rows, columns)
        return "#REF!" if "#REF!" in (first, last) else f"{first}:{last}"
    match = _CELL.fullmatch(reference)
    if match is None:
        return _moved_line(reference, rows, columns)
    fixed_column, letters, fixed_row, digits = match.groups()
    row = int(digits) + (0 if fixed_row else rows)
    column = column_number(letters) + (0 if fixed_column else columns)
    if not (1 <= row <= LAST_ROW and 1 <= column <= LAST_COLUMN):
        return "#REF!"
    return f"{fixed_column}{column_letters(column)}{fixed_row}{row}"


def _moved_line(reference: str, rows: int, columns: int) -> str:
    """The same for a whole row or column, `5` or `B`."""
    if reference.startswith("$"):
        return reference
    if reference.isdigit():
        row = int(reference) + rows
        return str(row) if 1 <= row <= LAST_ROW else "#REF!"
    column = column_number(reference) + columns
    return column_letters(column) if 1 <= column <= LAST_COLUMN else "#REF!"


def quoted(sheet: str) -> str:
    """A sheet name as a formula writes it, always in quotes."""
    return "'" + sheet.replace("'", "''") + "'"
