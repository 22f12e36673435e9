"""How a range looks: number formats, colours, fonts, alignment, widths."""

import math
from collections.abc import Iterator
from typing import Any, Final

from xlwings import base_classes, utils

from xlinv.cells import CellError
from xlinv.hosts.headless.styles import Look
from xlinv.workbook.references import LAST_COLUMN, LAST_ROW, Area

_DEFAULT_WIDTH: Final = 8.43
_DEFAULT_HEIGHT: Final = 15.0
_POINTS_PER_CHARACTER: Final = 5.25
_WIDEST: Final = 60.0
_PADDING: Final = 3.75


class FormattedRange(base_classes.Range):  # type: ignore[misc]
    """The part of a range that concerns its looks."""

    sheet: Any = None
    bounds: Area

    @property
    def _grid(self) -> Any:
        return self.sheet.model.grid

    @property
    def _styles(self) -> Any:
        return self.sheet.book.document.styles

    def _inside(self) -> Area:
        """The bounds, those of whole rows and columns cut down to what is used."""
        if self.bounds.bottom < LAST_ROW and self.bounds.right < LAST_COLUMN:
            return self.bounds
        used = self._grid.used()
        return self.bounds._replace(
            bottom=min(self.bounds.bottom, max(used.bottom, self.bounds.top)),
            right=min(self.bounds.right, max(used.right, self.bounds.left)),
        )

    def _places(self) -> Iterator[tuple[int, int]]:
        area = self._inside()
        for row in range(area.top, area.bottom + 1):
            for column in range(area.left, area.right + 1):
                yield row, column

    def _look(self, place: tuple[int, int], look: Look) -> None:
        self._grid.format(place, self._styles.with_look(self._grid.formats.get(place, 0), look))

    def look(self, look: Look) -> None:
        """Change the format of every cell of the range."""
        for place in self._places():
            self._look(place, look)

    def _style(self) -> int:
        return int(self._grid.formats.get((self.bounds.top, self.bounds.left), 0))

    @property
    def number_format(self) -> str | None:
        formats = {self._styles.number_format(self._grid.formats.get(place, 0)) for place in self._places()}
        return formats.pop() if len(formats) == 1 else None

    @number_format.setter
    def number_format(self, value: str) -> None:
        self.look(Look(number_format=value))

    @property
    def color(self) -> tuple[int, int, int] | None:
        return self._styles.fill(self._style())  # type: ignore[no-any-return]

    @color.setter
    def color(self, value: Any) -> None:
        if isinstance(value, str):
            value = utils.hex_to_rgb(value)
        self.look(Look(no_fill=True) if value is None else Look(fill=tuple(value)))

    @property
    def font(self) -> "Font":
        return Font(self)

    @property
    def wrap_text(self) -> bool:
        return bool(self._styles.alignment(self._style()).wrap)

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self.look(Look(wrap=value))

    @property
    def horizontal_alignment(self) -> str | None:
        return self._styles.alignment(self._style()).horizontal  # type: ignore[no-any-return]

    @horizontal_alignment.setter
    def horizontal_alignment(self, value: str) -> None:
        self.look(Look(horizontal=value))

    @property
    def vertical_alignment(self) -> str | None:
        return self._styles.alignment(self._style()).vertical  # type: ignore[no-any-return]

    @vertical_alignment.setter
    def vertical_alignment(self, value: str) -> None:
        self.look(Look(vertical=value))

    @property
    def column_width(self) -> float:
        return float(self.sheet.model.widths.get(self.bounds.left, _DEFAULT_WIDTH))

    @column_width.setter
    def column_width(self, value: float) -> None:
        for column in range(self.bounds.left, self.bounds.right + 1):
            self.sheet.model.widths[column] = value

    @property
    def row_height(self) -> float:
        return _DEFAULT_HEIGHT

    @property
    def left(self) -> float:
        return self._left_of(self.bounds.left)

    def _left_of(self, column: int) -> float:
        widths = (self.sheet.model.widths.get(c, _DEFAULT_WIDTH) for c in range(1, column))
        return float(sum(width * _POINTS_PER_CHARACTER + _PADDING for width in widths))

    @property
    def top(self) -> float:
        return (self.bounds.top - 1) * _DEFAULT_HEIGHT

    @property
    def width(self) -> float:
        last = self.bounds.right + 1
        return self._left_of(last) - self.left

    @property
    def height(self) -> float:
        return self.bounds.shape[0] * _DEFAULT_HEIGHT

    def autofit(self, axis: str | None = None) -> None:
        """Make columns as wide as what they show; rows grow by themselves."""
        if axis in ("rows", "r"):
            return
        area = self._inside()
        for column in range(area.left, area.right + 1):
            shown = [
                _characters(self._grid.values.get((row, column))) for row in range(area.top, area.bottom + 1)
            ]
            self.sheet.model.widths[column] = min(_WIDEST, max([_DEFAULT_WIDTH, *(n + 1.7 for n in shown)]))


def _characters(value: Any) -> int:
    if value is None:
        return 0
    if isinstance(value, float):
        return len(f"{value:,.2f}") if math.isfinite(value) else 5
    return max(map(len, str(value).split("\n"))) if not isinstance(value, CellError) else 8


class Font(base_classes.Font):  # type: ignore[misc]
    """The font of a range, that of its first cell where it is read."""

    def __init__(self, rng: FormattedRange) -> None:
        self.range = rng

    @property
    def api(self) -> FormattedRange:
        return self.range

    @property
    def _own(self) -> Look:
        return self.range._styles.font(self.range._style())  # type: ignore[no-any-return]

    @property
    def bold(self) -> bool:
        return bool(self._own.bold)

    @bold.setter
    def bold(self, value: bool) -> None:
        self.range.look(Look(bold=value))

    @property
    def italic(self) -> bool:
        return bool(self._own.italic)

    @italic.setter
    def italic(self, value: bool) -> None:
        self.range.look(Look(italic=value))

    @property
    def size(self) -> float | None:
        return self._own.size

    @size.setter
    def size(self, value: float) -> None:
        self.range.look(Look(size=value))

    @property
    def color(self) -> tuple[int, int, int] | None:
        return self._own.font_colour

    @color.setter
    def color(self, value: Any) -> None:
        self.range.look(Look(font_colour=tuple(utils.hex_to_rgb(value) if isinstance(value, str) else value)))

    @property
    def name(self) -> str | None:
        return self._own.font_name

    @name.setter
    def name(self, value: str) -> None:
        self.range.look(Look(font_name=value))
