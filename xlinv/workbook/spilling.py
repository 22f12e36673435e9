"""Arrays written into the cells beside their formulas, as far as those are free."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from xlinv.cells import Block, Cell, CellError
from xlinv.workbook.calculation import Calculation
from xlinv.workbook.engine import Engine
from xlinv.workbook.package import UnreadableWorkbookError
from xlinv.workbook.references import Area, address, area_at, column_number
from xlinv.workbook.rewriting import ROUND_SHEET
from xlinv.workbook.sheet_calculation import SheetFormulas

_CONTENT: Final = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^>]*>(?=\s*(?:<f|<is|<v>[^<]|<v\s[^/>]*>[^<]))')
_SHIFT: Final = 14


@dataclass(slots=True)
class Anchor:
    """An array formula: where it stands, the cells it fills now, and the range the user fixed, if any."""

    sheet: int
    row: int
    column: int
    filled: Area
    rows: Block
    fixed: Area | None = None
    claimed: Area | None = None
    blocked: bool = False


@dataclass(slots=True)
class Spills:
    """The arrays of a workbook while it is recalculated."""

    calculation: Calculation
    engine: Engine
    sheets: list[SheetFormulas]
    table_areas: dict[str, list[Area]]
    anchors: dict[float, Anchor] = field(default_factory=dict)
    _round: int = 0
    _owners: dict[int, dict[int, float]] = field(default_factory=dict)
    _content: dict[int, set[int]] = field(default_factory=dict)
    _merged: dict[int, list[Area]] = field(default_factory=dict)

    def settle(self) -> None:
        """Evaluate until every array stands in its cells and nothing changes any more."""
        self._adopt()
        self.engine.evaluate()
        while self.calculation.batches.answer():
            self._start_round()
            self.engine.evaluate()
        rounds = 0
        while self._place():
            rounds += 1
            if rounds > len(self.anchors) + 10:
                raise UnreadableWorkbookError(
                    "spilled arrays depend on each other in a circle: " + ", ".join(self._named(5))
                )
            self.engine.evaluate()

    def _start_round(self) -> None:
        self._round += 1
        self.engine.write(ROUND_SHEET, area_at(1, 1, 1, 1), [[float(self._round)]])

    def _named(self, most: int) -> Iterator[str]:
        for anchor in list(self.anchors.values())[:most]:
            yield f"{self.sheets[anchor.sheet].name}!{address(anchor.row, anchor.column)}"

    def _adopt(self) -> None:
        """The arrays as the file has them: their cells hold the cached values until others are known."""
        for position, sheet in enumerate(self.sheets):
            for number, (area, dynamic) in sheet.arrays.items():
                if area.single and dynamic:
                    continue
                rows = self.engine.read(sheet.name, area)
                anchor = Anchor(position, area.top, area.left, area, rows, None if dynamic else area)
                self.anchors[number] = anchor
                self._claim(number, anchor)

    def _place(self) -> bool:
        """Write the arrays that differ from what stands; whether any did."""
        changed = False
        for number in sorted(self.calculation.captured.keys() | self.anchors.keys()):
            anchor = self.anchors.get(number)
            array = self.calculation.captured.get(number)
            if anchor is None:
                anchor = self._new_anchor(number)
            if anchor.fixed:
                changed |= self._fill(anchor, array)
            else:
                changed |= self._spill(number, anchor, array)
        return changed

    def _new_anchor(self, number: float) -> Anchor:
        sheet, rest = divmod(int(number), 1 << 34)
        row, column = (rest >> _SHIFT) + 1, (rest & ((1 << _SHIFT) - 1)) + 1
        anchor = Anchor(sheet, row, column, area_at(row, column, 1, 1), [[None]])
        self.anchors[number] = anchor
        return anchor

    def _fill(self, anchor: Anchor, array: Block | None) -> bool:
        """The range of an array formula entered with Ctrl+Shift+Enter, which never grows."""
        name = self.sheets[anchor.sheet].name
        area = anchor.filled
        if array is None:
            array = self.engine.read(name, area_at(anchor.row, anchor.column, 1, 1))
        height, width = area.shape
        rows = [[_repeated(array, i, j) for j in range(width)] for i in range(height)]
        return self._write(name, anchor, area, rows)

    def _spill(self, number: float, anchor: Anchor, array: Block | None) -> bool:
        name = self.sheets[anchor.sheet].name
        rows: Block = array or [[anchor.rows[0][0]]]
        area = area_at(anchor.row, anchor.column, len(rows), len(rows[0]))
        blocked = not area.single and not self._free(number, anchor, area)
        if blocked:
            area, rows = area_at(anchor.row, anchor.column, 1, 1), [[CellError.SPILL]]
        if blocked != anchor.blocked:
            anchor.blocked = blocked
            (self.calculation.blocked.add if blocked else self.calculation.blocked.discard)(number)
            self.engine.recompute(name, anchor.row, anchor.column)
            self._write(name, anchor, area, rows)
            self._claim(number, anchor)
            return True
        changed = self._write(name, anchor, area, rows)
        if changed:
            self._claim(number, anchor)
        return changed

    def _write(self, name: str, anchor: Anchor, area: Area, rows: Block) -> bool:
        """Put the children into the engine and blank those no longer filled."""
        rows = [[0.0 if cell is None else cell for cell in row] for row in rows]
        before, old = anchor.filled, anchor.rows
        anchor.filled, anchor.rows = area, rows
        if before == area and _children(old) == _children(rows):
            return False
        height, width = area.shape
        old_height, old_width = before.shape
        both = max(width, old_width)
        block: Block = [row + [None] * (both - width) for row in rows]
        block += [[None] * both for _ in range(height, old_height)]
        if both > 1:
            self.engine.write(name, area_at(area.top, area.left + 1, 1, both - 1), [block[0][1:]])
        if len(block) > 1:
            self.engine.write(name, area_at(area.top + 1, area.left, len(block) - 1, both), block[1:])
        return True

    # Which cells are free

    def _claim(self, number: float, anchor: Anchor) -> None:
        owners = self._owners.setdefault(anchor.sheet, {})
        for key in _keys(anchor.claimed) if anchor.claimed else ():
            if owners.get(key) == number:
                del owners[key]
        anchor.claimed = anchor.filled
        owners.update(dict.fromkeys(_keys(anchor.filled), number))

    def _free(self, number: float, anchor: Anchor, area: Area) -> bool:
        if not area.on_sheet:
            return False
        sheet = self.sheets[anchor.sheet]
        tables = self.table_areas.get(sheet.name, [])
        if anchor.sheet not in self._merged:
            self._merged[anchor.sheet] = sheet.xml.merged()
        if any(other.intersection(area) for other in (*tables, *self._merged[anchor.sheet])):
            return False
        owners, content = self._owners.get(anchor.sheet, {}), self._content_of(anchor.sheet)
        own = (anchor.row << _SHIFT) | (anchor.column - 1)
        return not any(
            key != own and (key in content or owners.get(key, number) != number) for key in _keys(area)
        )

    def _content_of(self, position: int) -> set[int]:
        """Cells that hold something of their own: not the children that arrays of the file have filled."""
        if position not in self._content:
            sheet = self.sheets[position]
            found = {
                (int(digits) << _SHIFT) | (column_number(letters.decode()) - 1)
                for letters, digits in _CONTENT.findall(
                    sheet.xml.data, sheet.xml.body_start, sheet.xml.body_end
                )
            }
            for area, _ in sheet.arrays.values():
                found.difference_update(_keys(area))
            self._content[position] = found
        return self._content[position]


def _keys(area: Area) -> Iterator[int]:
    for row in range(area.top, area.bottom + 1):
        for column in range(area.left, area.right + 1):
            yield (row << _SHIFT) | (column - 1)


def _children(rows: Block) -> tuple[list[Cell], Block]:
    return rows[0][1:], rows[1:]


def _repeated(array: Block, i: int, j: int) -> Cell:
    """An array in a larger fixed range: one row or column repeats, and beyond it Excel shows #N/A."""
    i = 0 if len(array) == 1 else i
    j = 0 if len(array[0]) == 1 else j
    return array[i][j] if i < len(array) and j < len(array[0]) else CellError.NA
