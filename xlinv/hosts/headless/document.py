"""A workbook in memory: its package, and sheets, names and tables as they were read and changed."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from xlinv.hosts.headless.grid import Grid, read_grid, read_shared_strings
from xlinv.hosts.headless.styles import EMPTY_STYLES, Styles
from xlinv.workbook.book_xml import read_book, relationships
from xlinv.workbook.package import Package
from xlinv.workbook.references import Area, parse_area
from xlinv.workbook.sheet_xml import MAIN, SheetXml

_Q: Final = f"{{{MAIN}}}"
DEFAULT_WIDTH: Final = 8.43
DEFAULT_HEIGHT: Final = 15.0
_POINTS_PER_CHARACTER: Final = 5.25
_PADDING: Final = 3.75
_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class TableModel:
    """A table: where it lies, header and totals included, and the part that holds it, if it was read."""

    name: str
    area: Area
    columns: list[str]
    style: str | None = "TableStyleMedium2"
    part: str | None = None
    identity: int = 0
    header_rows: int = 1
    totals_rows: int = 0
    changed: bool = False


@dataclass
class ChartModel:
    """A new chart: what it draws and where it stands, in points."""

    name: str
    left: float
    top: float
    width: float
    height: float
    kind: str = "column_clustered"
    title: str | None = None
    source: Area | None = None


@dataclass
class NameModel:
    """A defined name, of the whole book or of one sheet; `extra` are its other attributes as they stand."""

    name: str
    refers_to: str
    sheet: str | None = None
    extra: str = ""


@dataclass
class SheetModel:
    """A sheet: its cells are read when they are asked for."""

    name: str
    document: "Document" = field(repr=False)
    part: str | None = None
    element: str = ""
    visible: str = "visible"
    tables: list[TableModel] = field(default_factory=list)
    charts: list[ChartModel] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    frozen: tuple[int, int] | None = None
    gridlines: bool | None = None
    choices: list[tuple[Area, str]] = field(default_factory=list)
    is_worksheet: bool = True
    cleared: bool = False

    @cached_property
    def xml(self) -> SheetXml | None:
        """The sheet's bytes as they were read; None for a new sheet."""
        package = self.document.package
        if package is None or self.part is None or self.part not in package or not self.is_worksheet:
            return None
        return SheetXml(package.read_xml(self.part))

    @cached_property
    def grid(self) -> Grid:
        return read_grid(self.xml, self.document.shared_strings) if self.xml else Grid()

    @cached_property
    def file_heights(self) -> dict[int, float]:
        """The heights of rows as the file gives them, 0 for hidden ones; other rows have the usual height."""
        return dict(self.xml.row_heights()) if self.xml else {}

    @property
    def changed(self) -> bool:
        read = "grid" in self.__dict__ and bool(self.grid.changed)
        new_table = any(table.part is None for table in self.tables)
        shown = (
            bool(self.widths or self.heights or self.choices)
            or self.frozen is not None
            or self.gridlines is not None
        )
        return read or new_table or shown or bool(self.charts) or self.cleared

    @property
    def protected(self) -> bool:
        return self.xml is not None and b"<sheetProtection" in self.xml.data[self.xml.body_end :]


@dataclass
class Document:
    """The whole workbook; `package` is None until it was saved for the first time."""

    path: Path | None
    package: Package | None = None
    sheets: list[SheetModel] = field(default_factory=list)
    names: list[NameModel] = field(default_factory=list)
    active: int = 0
    workbook_part: str = "xl/workbook.xml"
    opened: object = None

    @cached_property
    def shared_strings(self) -> list[str]:
        if self.package is None:
            return []
        part = read_book(self.package).shared_strings
        return read_shared_strings(self.package.read_xml(part)) if part else []

    @cached_property
    def styles(self) -> Styles:
        part = self.styles_part
        if self.package is None or part not in self.package:
            return Styles(EMPTY_STYLES)
        return Styles(self.package.read_xml(part).decode("utf-8"))

    @cached_property
    def styles_part(self) -> str:
        if self.package is not None:
            for kind, target in relationships(self.package, self.workbook_part).values():
                if kind.endswith("/styles"):
                    return target
        return "xl/styles.xml"

    def sheet(self, name: str) -> SheetModel | None:
        return next((sheet for sheet in self.sheets if sheet.name.lower() == name.lower()), None)

    def tables(self) -> Iterator[tuple[SheetModel, TableModel]]:
        return ((sheet, table) for sheet in self.sheets for table in sheet.tables)

    def structure(self) -> object:
        """What workbook.xml says of the sheets and names, to tell whether it has to be written."""
        sheets = [(sheet.name, sheet.visible, sheet.part) for sheet in self.sheets]
        names = [(name.name, name.refers_to, name.sheet) for name in self.names]
        return sheets, names, self.active

    def new_sheet_name(self) -> str:
        return next(f"Sheet{n}" for n in itertools.count(1) if self.sheet(f"Sheet{n}") is None)


def read_document(path: Path) -> Document:
    """Open a workbook; raises UnreadableWorkbookError where it cannot be read."""
    package = Package(path)
    structure = read_book(package)
    document = Document(path, package, workbook_part=structure.part)
    text = package.read_xml(structure.part).decode("utf-8")
    links = relationships(package, structure.part)
    for element in re.findall(r"<sheet\b[^>]*?/>|<sheet\b[^>]*?>\s*</sheet>", text):
        document.sheets.append(_read_sheet(document, element, links))
    listed = [sheet.name for sheet in document.sheets]
    document.names = [_read_name(found, listed) for found in re.finditer(_DEFINED_NAME, text)]
    active = re.search(r'\bactiveTab="(\d+)"', text)
    document.active = min(int(active[1]), len(listed) - 1) if active else 0
    document.opened = document.structure()
    return document


_DEFINED_NAME: Final = re.compile(r"<definedName\b([^>]*)>([^<]*)</definedName>")


def _read_sheet(document: Document, element: str, links: dict[str, tuple[str, str]]) -> SheetModel:
    values = {name: unescape(value) for name, value in re.findall(r'([\w:]+)="([^"]*)"', element)}
    identity = next((value for name, value in values.items() if name.endswith(":id")), "")
    kind, part = links.get(identity, ("", ""))
    sheet = SheetModel(
        values["name"],
        document,
        part,
        element,
        values.get("state", "visible"),
        is_worksheet=kind.endswith("/worksheet"),
    )
    assert document.package is not None
    if sheet.is_worksheet:
        for kind, target in relationships(document.package, part).values():
            if kind.endswith("/table"):
                sheet.tables.append(_read_table(document.package, target))
    return sheet


def _read_table(package: Package, part: str) -> TableModel:
    root = ElementTree.fromstring(package.read_xml(part))
    style = root.find(f"{_Q}tableStyleInfo")
    return TableModel(
        name=root.get("displayName", root.get("name", "")),
        area=parse_area(root.get("ref", "A1")),
        columns=[column.get("name", "") for column in root.iter(f"{_Q}tableColumn")],
        style=None if style is None else style.get("name"),
        part=part,
        identity=int(root.get("id", "0")),
        header_rows=int(root.get("headerRowCount", "1")),
        totals_rows=int(root.get("totalsRowCount", "0")),
    )


def _read_name(found: re.Match[str], sheets: list[str]) -> NameModel:
    values = dict(re.findall(r'([\w:]+)="([^"]*)"', found[1]))
    local = values.pop("localSheetId", None)
    name = unescape(values.pop("name"))
    extra = "".join(f' {key}="{value}"' for key, value in values.items())
    return NameModel(name, unescape(found[2]), None if local is None else sheets[int(local)], extra)


def column_points(sheet: SheetModel, column: int) -> float:
    """How wide a column is, in points."""
    return sheet.widths.get(column, DEFAULT_WIDTH) * _POINTS_PER_CHARACTER + _PADDING
