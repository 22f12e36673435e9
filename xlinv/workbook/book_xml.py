"""What workbook.xml and its neighbours say: sheets, names, tables, links, how Excel calculates."""

import posixpath
import re
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from xlinv.cells import Block
from xlinv.workbook.engine import SheetContent
from xlinv.workbook.package import Package, UnreadableWorkbookError
from xlinv.workbook.references import Area, parse_area
from xlinv.workbook.sheet_xml import MAIN, value_of
from xlinv.workbook.tables import Table

_Q: Final = f"{{{MAIN}}}"
_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# Excel's own version numbers; openpyxl and XlsxWriter call themselves Excel too, with other versions.
_SAVED_BY_EXCEL: Final = re.compile(
    rb"<Application>Microsoft Excel</Application>.*<AppVersion>1[4-9]\.", re.DOTALL
)
_STRICT: Final = b"http://purl.oclc.org/ooxml/spreadsheetml/main"


@dataclass(frozen=True, slots=True)
class Worksheet:
    name: str
    part: str


@dataclass(slots=True)
class BookXml:
    """The structure of a workbook; keys as `rewriting.Book` wants them."""

    part: str
    worksheets: list[Worksheet]
    tables: dict[str, Table] = field(default_factory=dict)
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    external: dict[tuple[str, str], str] = field(default_factory=dict)
    external_sheets: dict[str, SheetContent] = field(default_factory=dict)
    shared_strings: str = ""
    iterations: int = 0
    iteration_change: float = 0.001
    date_1904: bool = False
    saved_by_excel: bool = False
    filtered_tables: bool = False


def read_book(package: Package) -> BookXml:
    """The structure of a package; raises UnreadableWorkbookError for what is no .xlsx workbook."""
    part = _workbook_part(package)
    raw = package.read_xml(part)
    if _STRICT in raw:
        raise UnreadableWorkbookError(
            f"{package.path} is a Strict Open XML workbook: save it as an ordinary .xlsx (Excel Workbook)"
        )
    root = _parsed(raw)
    links = relationships(package, part)
    listed = [(sheet.get("name", ""), links.get(sheet.get(_ID, ""))) for sheet in root.iter(f"{_Q}sheet")]
    worksheets = [
        Worksheet(name, link[1]) for name, link in listed if link and link[0].endswith("/worksheet")
    ]
    if not worksheets:
        raise UnreadableWorkbookError(f"{package.path} has no worksheet")
    book = BookXml(part, worksheets)
    _read_settings(book, package, root)
    _read_names(book, root, [name for name, _ in listed])
    for sheet in worksheets:
        _read_tables(book, package, sheet)
    _read_links(book, package, root, links)
    book.shared_strings = next((to for kind, to in links.values() if kind.endswith("/sharedStrings")), "")
    return book


def _workbook_part(package: Package) -> str:
    if "_rels/.rels" not in package:
        raise UnreadableWorkbookError(f"{package.path} is no workbook: save it as .xlsx in Excel")
    for kind, target in relationships(package, "").values():
        if kind.endswith("/officeDocument"):
            if target.endswith(".bin"):
                raise UnreadableWorkbookError(f"{package.path} is a binary .xlsb workbook: save it as .xlsx")
            if target in package:
                return target
    raise UnreadableWorkbookError(f"{package.path} is no workbook: save it as .xlsx in Excel")


def _parsed(raw: bytes) -> Element:
    return ElementTree.fromstring(raw)


def relationships(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Type and target of every relationship of a part, by its id; targets as part names."""
    folder, name = posixpath.split(part)
    rels = posixpath.join(folder, "_rels", f"{name}.rels")
    if rels not in package:
        return {}
    found = {}
    for link in _parsed(package.read_xml(rels)):
        target = link.get("Target", "")
        if link.get("TargetMode") != "External":
            joined = target[1:] if target.startswith("/") else posixpath.join(folder, target)
            target = posixpath.normpath(joined)
        found[link.get("Id", "")] = (link.get("Type", ""), target)
    return found


def _read_settings(book: BookXml, package: Package, root: Element) -> None:
    properties = root.find(f"{_Q}workbookPr")
    book.date_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    if book.date_1904:
        raise UnreadableWorkbookError(
            f"{package.path} counts dates from 1904: clear 'Use 1904 date system' in Excel's advanced options"
        )
    calculation = root.find(f"{_Q}calcPr")
    if calculation is not None and calculation.get("iterate") in ("1", "true"):
        book.iterations = int(calculation.get("iterateCount", "100"))
        book.iteration_change = float(calculation.get("iterateDelta", "0.001"))
    if "docProps/app.xml" in package:
        book.saved_by_excel = bool(_SAVED_BY_EXCEL.search(package.read("docProps/app.xml")))


def _read_names(book: BookXml, root: Element, sheets: list[str]) -> None:
    for name in root.iter(f"{_Q}definedName"):
        number = name.get("localSheetId")
        home = ""
        if number is not None:
            home = sheets[int(number)].lower() if int(number) < len(sheets) else ""
        book.names[home, name.get("name", "").lower()] = (name.text or "").strip()


def _read_tables(book: BookXml, package: Package, sheet: Worksheet) -> None:
    for kind, target in relationships(package, sheet.part).values():
        if not kind.endswith("/table"):
            continue
        root = _parsed(package.read_xml(target))
        name = root.get("displayName") or root.get("name") or ""
        if name.lower() in book.tables:
            raise UnreadableWorkbookError(
                f"{package.path} has two tables named {name}: rename one of them in Excel (Table Design)"
            )
        book.filtered_tables |= root.find(f".//{_Q}filterColumn") is not None
        columns = tuple(_column_name(column) for column in root.iter(f"{_Q}tableColumn"))
        book.tables[name.lower()] = Table(
            name=name,
            sheet=sheet.name,
            area=parse_area(root.get("ref", "A1")),
            header_rows=int(root.get("headerRowCount", "1")),
            totals_rows=int(root.get("totalsRowCount", "0")),
            columns=columns,
        )


def _column_name(column: Element) -> str:
    """A table's column in lower case; line breaks are stored as _x000a_."""
    name = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), column.get("name", ""))
    return name.strip().lower()


def _read_links(book: BookXml, package: Package, root: Element, links: dict[str, tuple[str, str]]) -> None:
    """The values of linked workbooks as Excel last stored them, as sheets of their own."""
    for number, reference in enumerate(root.iter(f"{_Q}externalReference"), start=1):
        target = links.get(reference.get(_ID, ""), ("", ""))[1]
        if target not in package:
            continue
        link = _parsed(package.read_xml(target))
        names = [name.get("val", "") for name in link.iter(f"{_Q}sheetName")]
        for data in link.iter(f"{_Q}sheetData"):
            position = int(data.get("sheetId", "0"))
            if position < len(names) and data.get("refreshError") != "1":
                title = f"Linked {number} {position}"
                book.external[str(number), names[position].lower()] = title
                book.external_sheets[title] = _stored_values(data)


def _stored_values(data: Element) -> SheetContent:
    content = SheetContent()
    for cell in data.iter(f"{_Q}cell"):
        area: Area = parse_area(cell.get("r", "A1"))
        value = cell.find(f"{_Q}v")
        block: Block = [[value_of(cell.get("t", "n"), value.text or "" if value is not None else "")]]
        content.blocks.append((area, block))
    return content
