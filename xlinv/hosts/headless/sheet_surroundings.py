"""What stands around a sheet's cells: its view, column widths, and links to drawings and tables."""

import re
from typing import Final
from xml.sax.saxutils import escape

from xlinv.hosts.headless.document import SheetModel
from xlinv.workbook.references import LAST_COLUMN, Area, address

# The elements of a sheet that come after its lists of choices (ECMA-376 part 1, 18.3.1.99).
_AFTER_CHOICES: Final = (
    "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks",
    "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "tableParts",
    "extLst",
)  # fmt: skip
RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def inserted(data: bytes, element: str, followers: tuple[str, ...]) -> bytes:
    """The sheet with an element in the place that the order of elements gives it."""
    end = data.rfind(b"</sheetData>")
    places = [data.find(f"<{name}".encode(), end) for name in followers]
    place = min((p for p in places if p >= 0), default=data.rfind(b"</worksheet>"))
    declared = _with_relationship_prefix(data)
    shift = len(declared) - len(data)
    return declared[: place + shift] + element.encode() + declared[place + shift :]


def _with_relationship_prefix(data: bytes) -> bytes:
    if b'xmlns:r="' in data[: data.find(b"<sheetData")]:
        return data
    return data.replace(b"<worksheet ", f'<worksheet xmlns:r="{RELATIONSHIPS}" '.encode(), 1)


def with_view(data: bytes, sheet: SheetModel) -> bytes:
    """The sheet with panes frozen and gridlines shown or not."""
    lines = ' showGridLines="0"' if sheet.gridlines is False else ""
    pane = ""
    if sheet.frozen is not None and sheet.frozen != (0, 0):
        rows, columns = sheet.frozen
        split = (f' xSplit="{columns}"' if columns else "") + (f' ySplit="{rows}"' if rows else "")
        active = "bottomRight" if rows and columns else "bottomLeft" if rows else "topRight"
        corner = address(rows + 1, columns + 1)
        pane = f'<pane{split} topLeftCell="{corner}" activePane="{active}" state="frozen"/>'
    views = f'<sheetViews><sheetView{lines} workbookViewId="0">{pane}</sheetView></sheetViews>'
    data = re.sub(rb"<sheetViews>.*?</sheetViews>", b"", data, count=1, flags=re.DOTALL)
    return _before(data, views, (b"<sheetFormatPr", b"<cols>", b"<sheetData"))


def with_widths(data: bytes, widths: dict[int, float]) -> bytes:
    """The sheet with the widths of some columns changed, the other columns as they are."""
    found = re.search(rb"<cols>(.*?)</cols>", data, re.DOTALL)
    columns: dict[int, str] = {}
    for low, high, rest in re.findall(
        r'<col\s(?=[^>]*min="(\d+)")(?=[^>]*max="(\d+)")([^>]*?)/>', found[1].decode() if found else ""
    ):
        rest = re.sub(r'\s*\b(?:min|max)="[^"]*"', "", " " + rest).strip()
        for column in range(int(low), min(int(high), LAST_COLUMN) + 1):
            columns[column] = rest
    for column, width in widths.items():
        kept = re.sub(
            r'\s*\b(?:width|customWidth|bestFit)="[^"]*"', "", " " + columns.get(column, "")
        ).strip()
        columns[column] = f'width="{width:g}" customWidth="1"' + (f" {kept}" if kept else "")
    runs: list[tuple[int, int, str]] = []
    for column in sorted(columns):
        if runs and runs[-1][1] == column - 1 and runs[-1][2] == columns[column]:
            runs[-1] = (runs[-1][0], column, columns[column])
        else:
            runs.append((column, column, columns[column]))
    section = "<cols>" + "".join(f'<col min="{a}" max="{b}" {rest}/>' for a, b, rest in runs) + "</cols>"
    if found:
        return data[: found.start()] + section.encode() + data[found.end() :]
    return _before(data, section, (b"<sheetData",))


def with_choices(data: bytes, choices: list[tuple[Area, str]]) -> bytes:
    """The sheet with lists to choose from in some of its cells."""
    elements = "".join(
        f'<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="{area}">'
        f"<formula1>{escape(source)}</formula1></dataValidation>"
        for area, source in choices
    )
    found = re.search(rb'<dataValidations\b[^>]*?count="(\d+)"', data)
    if found is None:
        return inserted(
            data, f'<dataValidations count="{len(choices)}">{elements}</dataValidations>', _AFTER_CHOICES
        )
    data = data[: found.start(1)] + str(int(found[1]) + len(choices)).encode() + data[found.end(1) :]
    return data.replace(b"</dataValidations>", elements.encode() + b"</dataValidations>", 1)


def _before(data: bytes, element: str, followers: tuple[bytes, ...]) -> bytes:
    place = min(p for name in followers if (p := data.find(name)) >= 0)
    return data[:place] + element.encode() + data[place:]


def page_setup() -> bytes:
    """A new sheet prints on one page's width, lying."""
    return (
        b'<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        b'<pageSetup orientation="landscape" fitToHeight="0"/>'
    )
