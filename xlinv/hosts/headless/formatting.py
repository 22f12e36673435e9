"""How a range looks: number formats, colours, fonts, alignment, widths."""

import math
import textwrap
from collections.abc import Iterator
from typing import Any, Final

from xlwings import base_classes, utils

from xlinv.cells import CellError
from xlinv.hosts.headless.document import DEFAULT_HEIGHT, DEFAULT_WIDTH, column_points
from xlinv.hosts.headless.styles import Look
from xlinv.workbook.references import LAST_COLUMN, LAST_ROW, Area, quoted

_WIDEST: Final = 60.0


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
    def data_validation(self) -> "Choices":
        return Choices(self)

    @property
    def column_width(self) -> float:
        return float(self.sheet.model.widths.get(self.bounds.left, DEFAULT_WIDTH))

    @column_width.setter
    def column_width(self, value: float) -> None:
        for column in range(self.bounds.left, self.bounds.right + 1):
            self.sheet.model.widths[column] = value

    @property
    def row_height(self) -> float | None:
        """The height of the rows, 0 where they are hidden; None where it is not the same for all."""
        top, bottom = self.bounds.top, self.bounds.bottom
        own = {**self.sheet.model.file_heights, **self.sheet.model.heights}
        given = [height for row, height in own.items() if top <= row <= bottom]
        heights = {*given, *([DEFAULT_HEIGHT] if len(given) <= bottom - top else [])}
        return float(heights.pop()) if len(heights) == 1 else None

    @row_height.setter
    def row_height(self, value: float) -> None:
        for row in range(self.bounds.top, self.bounds.bottom + 1):
            self.sheet.model.heights[row] = value

    @property
    def left(self) -> float:
        return self._left_of(self.bounds.left)

    def _left_of(self, column: int) -> float:
        return sum(column_points(self.sheet.model, before) for before in range(1, column))

    @property
    def top(self) -> float:
        heights = self.sheet.model.heights
        return float(sum(heights.get(row, DEFAULT_HEIGHT) for row in range(1, self.bounds.top)))

    @property
    def width(self) -> float:
        last = self.bounds.right + 1
        return self._left_of(last) - self.left

    @property
    def height(self) -> float:
        heights, area = self.sheet.model.heights, self._inside()
        return float(sum(heights.get(row, DEFAULT_HEIGHT) for row in range(area.top, area.bottom + 1)))

    def autofit(self, axis: str | None = None) -> None:
        """Make columns as wide as what they show, and rows as high as the text that is wrapped in them."""
        if axis not in ("rows", "r"):
            self._fit_columns()
        if axis not in ("columns", "c"):
            self._fit_rows()

    def _fit_columns(self) -> None:
        area = self._inside()
        for column in range(area.left, area.right + 1):
            shown = [
                _characters(self._grid.values.get((row, column))) for row in range(area.top, area.bottom + 1)
            ]
            self.sheet.model.widths[column] = min(_WIDEST, max([DEFAULT_WIDTH, *(n + 1.7 for n in shown)]))

    def _fit_rows(self) -> None:
        lines = {row: 1 for row in self.sheet.model.heights if self.bounds.top <= row <= self.bounds.bottom}
        for row, column in self._places():
            value = self._grid.values.get((row, column))
            style = self._grid.formats.get((row, column), 0)
            if isinstance(value, str) and self._styles.alignment(style).wrap:
                width = int(self.sheet.model.widths.get(column, DEFAULT_WIDTH))
                lines[row] = max(lines.get(row, 1), len(textwrap.wrap(value, max(width, 1))))
        for row, count in lines.items():
            if count > 1 or row in self.sheet.model.heights:
                self.sheet.model.heights[row] = count * DEFAULT_HEIGHT


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


class Choices(base_classes.DataValidation):  # type: ignore[misc]
    """The list of values that the cells of a range may take."""

    def __init__(self, rng: FormattedRange) -> None:
        self.range = rng

    @property
    def api(self) -> FormattedRange:
        return self.range

    def set_list(self, source: Any, in_cell_dropdown: bool) -> None:
        if isinstance(source, str):
            formula = source.removeprefix("=")
        elif isinstance(source, list | tuple):
            formula = '"' + ",".join(map(str, source)) + '"'
        else:
            sheet = quoted(source.sheet.name)
            formula = f"{sheet}!{source.get_address()}"
        model = self.range.sheet.model
        model.choices = [(area, old) for area, old in model.choices if area != self.range.bounds]
        model.choices.append((self.range.bounds, formula))
