"""Tables that are no Excel tables: ranges of plain cells, found by their row of headings."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Final, NamedTuple

from xlinv.actions.source import Source, read_range

Fits = Callable[[Source], bool]
# A sheet that is formatted far down reports that many cells without holding them.
_MOST_CELLS: Final = 10_000_000


class _Headings(NamedTuple):
    """Neighbouring cells of one row that may be headings; `right` is the first column after them."""

    row: int
    left: int
    right: int
    texts: tuple[str, ...]

    @property
    def probe(self) -> Source:
        """A table of these headings, to ask whether they are those of a kind."""
        return Source("", "", "", self.texts, ())


def plain_sources(sheets: Iterable[Any], fits: Fits, ends: Fits) -> Iterator[Source]:
    """The ranges of the sheets whose headings fit, outside Excel's tables.

    A range goes down to the first row that is blank across its columns, or to other headings, which `ends`
    tells. Raises InputError for a range that cannot be read, as `read_range` does.
    """
    for sheet in sheets:
        used = sheet.used_range
        if sheet.name.startswith("Out_") or used.size > _MOST_CELLS:
            continue
        rows = used.options(ndim=2, err_to_str=True).value
        found = [(headings, fits(headings.probe)) for headings in _possible_headings(rows)]
        found = [(headings, fit) for headings, fit in found if fit or ends(headings.probe)]
        begins = [headings for headings, _ in found]
        top, left = used.row, used.column
        for headings, fit in found:
            corner = sheet.range((top + headings.row, left + headings.left))
            if fit and corner.table is None:
                last = (top + _last_row(rows, headings, begins), left + headings.right - 1)
                area = sheet.range((corner.row, corner.column), last)
                yield read_range(area, f"{sheet.name}!{area.get_address(False, False)}")


def _possible_headings(rows: Sequence[Sequence[Any]]) -> Iterator[_Headings]:
    """Two or more texts side by side; dates may follow, as they do over a history."""
    for number, row in enumerate(rows):
        gaps = [-1, *(j for j, value in enumerate(row) if value in (None, "")), len(row)]
        for before, after in pairwise(gaps):
            cells = row[before + 1 : after]
            if len(cells) > 1 and isinstance(cells[0], str) and all(map(_is_heading, cells)):
                texts = tuple(str(value).replace("\n", " ").strip() for value in cells)
                yield _Headings(number, before + 1, after, texts)


def _is_heading(value: Any) -> bool:
    return isinstance(value, str | datetime)


def _last_row(rows: Sequence[Sequence[Any]], headings: _Headings, others: Sequence[_Headings]) -> int:
    last = headings.row
    begins = {other.row for other in others if other.left < headings.right and headings.left < other.right}
    for number in range(headings.row + 1, len(rows)):
        filled = any(value not in (None, "") for value in rows[number][headings.left : headings.right])
        if not filled or number in begins:
            break
        last = number
    return last
