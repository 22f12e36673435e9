"""What has to be written so that a package holds the changed workbook; no other part is touched."""

import itertools
import posixpath
import re
from html import unescape
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from xlinv.hosts.headless.cell_xml import new_sheet_start, sheet_data, with_changed_cells
from xlinv.hosts.headless.chart_xml import chart_part, drawing_part
from xlinv.hosts.headless.document import Document, NameModel, SheetModel, TableModel
from xlinv.hosts.headless.sheet_surroundings import inserted, page_setup, with_choices, with_view, with_widths
from xlinv.hosts.headless.table_xml import changed_table, new_table
from xlinv.workbook.book_xml import relationships
from xlinv.workbook.dynamic_arrays import with_metadata, without_calculation_chain
from xlinv.workbook.package import Package

_TYPES: Final = "[Content_Types].xml"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_MIME: Final = "application/vnd.openxmlformats-officedocument."
_MIMES: Final = {
    "worksheet": f"{_MIME}spreadsheetml.worksheet+xml",
    "styles": f"{_MIME}spreadsheetml.styles+xml",
    "table": f"{_MIME}spreadsheetml.table+xml",
    "drawing": f"{_MIME}drawing+xml",
    "chart": f"{_MIME}drawingml.chart+xml",
}
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# The elements of a sheet that come after the place where each of ours belongs (ECMA-376 part 1, 18.3.1.99).
_AFTER_DRAWING: Final = (
    "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
)  # fmt: skip
_AFTER_TABLES: Final = ("extLst",)


class Saving:
    """The changes to a package, gathered part by part."""

    def __init__(self, document: Document, package: Package) -> None:
        self.document, self.package = document, package
        self.changes: dict[str, bytes | None] = {}
        self._taken = set(package.names)
        self._meta = 1
        self._forget_failed_saves()

    def _forget_failed_saves(self) -> None:
        """Parts that an earlier save named but did not write are still to be written."""
        for sheet in self.document.sheets:
            sheet.part = self._written(sheet.part)
            for table in sheet.tables:
                table.part = self._written(table.part)

    def _written(self, part: str | None) -> str | None:
        return part if part is not None and part in self.package else None

    def gather(self) -> dict[str, bytes | None]:
        """Every part that has to be written, or removed (None)."""
        document = self.document
        sheets = [sheet for sheet in document.sheets if sheet.is_worksheet]
        if any("grid" in s.__dict__ and any(f.dynamic for f in s.grid.formulas.values()) for s in sheets):
            self._meta, parts = with_metadata(self.package, document.workbook_part)
            self.changes.update(parts)
        if document.styles.changed:
            self._write_styles()
        before = self._reachable(self.package.names)
        for sheet in sheets:
            if sheet.part is None:
                self._add_sheet(sheet)
            elif sheet.changed or any(table.changed for table in sheet.tables):
                self._change_sheet(sheet)
        self._write_workbook()
        gone = self._drop_unreachable(before)
        if any(self._formulas_changed(sheet) for sheet in sheets) or any(
            "worksheets/" in part for part in gone
        ):
            chain = without_calculation_chain(self.package, document.workbook_part, self.changes)
            self.changes.update(chain)
        return self.changes

    def _formulas_changed(self, sheet: SheetModel) -> bool:
        """Whether a sheet that was there has other formula cells now."""
        known = self._written(sheet.part) is not None and "grid" in sheet.__dict__
        return known and sheet.grid.formulas_changed

    def _read(self, part: str) -> bytes | None:
        if part in self.changes:
            return self.changes[part]
        return self.package.read(part) if part in self.package else None

    def _text(self, part: str) -> str:
        return (self._read(part) or b"").decode("utf-8")

    def _new_part(self, pattern: str) -> str:
        part = next(name for n in itertools.count(1) if (name := pattern.format(n)) not in self._taken)
        self._taken.add(part)
        return part

    def _declare(self, part: str, kind: str) -> None:
        types = self._text(_TYPES)
        if f'PartName="/{part}"' not in types:
            override = f'<Override PartName="/{part}" ContentType="{_MIMES[kind]}"/>'
            self.changes[_TYPES] = types.replace("</Types>", f"{override}</Types>").encode()

    def _relate(self, part: str, kind: str, target: str) -> str:
        """Relate a part to a new one, and return the relationship's id."""
        rels = _rels_of(part)
        text = self._text(rels) or f'{_HEAD}<Relationships xmlns="{_PACKAGE}"></Relationships>'
        text = re.sub(r"<Relationships([^>]*)/>", r"<Relationships\1></Relationships>", text)
        taken = set(re.findall(r'\bId="([^"]*)"', text))
        identity = next(name for n in itertools.count(1) if (name := f"rId{n}") not in taken)
        relative = posixpath.relpath(target, posixpath.dirname(part))
        link = f'<Relationship Id="{identity}" Type="{_OFFICE}/{kind}" Target="{relative}"/>'
        self.changes[rels] = text.replace("</Relationships>", f"{link}</Relationships>").encode()
        return identity

    def _write_styles(self) -> None:
        part = self.document.styles_part
        if part not in self.package:
            self._declare(part, "styles")
            self._relate(self.document.workbook_part, "styles", part)
        self.changes[part] = self.document.styles.text().encode()

    def _add_sheet(self, sheet: SheetModel) -> None:
        sheet.part = self._new_part("xl/worksheets/sheet{}.xml")
        self._declare(sheet.part, "worksheet")
        identity = self._relate(self.document.workbook_part, "worksheet", sheet.part)
        sheet.element = (
            f'<sheet xmlns:r="{_OFFICE}" name={quoteattr(sheet.name)} sheetId="{{}}" r:id="{identity}"/>'
        )
        grid = sheet.grid
        places = grid.values.keys() | grid.formulas.keys() | grid.formats.keys()
        rows = sheet_data(grid, places, self._meta, sheet.heights)
        body = b"".join(
            (new_sheet_start(), b"<sheetData>", rows, b"</sheetData>", page_setup(), b"</worksheet>")
        )
        self.changes[sheet.part] = self._with_surroundings(sheet, body)

    def _change_sheet(self, sheet: SheetModel) -> None:
        assert sheet.part is not None
        if sheet.changed and sheet.xml is not None:
            data = (
                with_changed_cells(sheet.xml, sheet.grid, self._meta, sheet.heights)
                if "grid" in sheet.__dict__
                else sheet.xml.data
            )
            if sheet.cleared:
                data = self._without_drawings(sheet, data)
            self.changes[sheet.part] = self._with_surroundings(sheet, data)
        for table in sheet.tables:
            if table.changed and table.part is not None:
                self.changes[table.part] = changed_table(self._text(table.part), table).encode()

    def _without_drawings(self, sheet: SheetModel, data: bytes) -> bytes:
        """A sheet that was cleared loses its drawings and the tables that are gone."""
        assert sheet.part is not None
        kept = {table.part for table in sheet.tables}
        rels = _rels_of(sheet.part)
        gone = [
            identity
            for identity, (kind, target) in relationships(self.package, sheet.part).items()
            if kind.endswith("/drawing") or (kind.endswith("/table") and target not in kept)
        ]
        text = self._text(rels)
        for identity in gone:
            data = re.sub(rb'<(?:drawing|tablePart)\b[^>]*"%s"[^>]*/>' % identity.encode(), b"", data)
            text = re.sub(rf'<Relationship\b[^>]*\bId="{identity}"[^>]*/>', "", text)
        if gone:
            self.changes[rels] = text.encode()
        return re.sub(rb'<tableParts[^>]*>\s*</tableParts>|<tableParts count="0"/>', b"", data)

    def _with_surroundings(self, sheet: SheetModel, data: bytes) -> bytes:
        """The sheet with its view, column widths, new tables and new charts."""
        if sheet.frozen is not None or sheet.gridlines is not None:
            data = with_view(data, sheet)
        if sheet.widths:
            data = with_widths(data, sheet.widths)
        if sheet.choices:
            data = with_choices(data, sheet.choices)
        if sheet.charts:
            data = self._with_charts(sheet, data)
        for table in sheet.tables:
            if table.part is None:
                data = self._with_table(sheet, table, data)
        return data

    def _with_table(self, sheet: SheetModel, table: TableModel, data: bytes) -> bytes:
        assert sheet.part is not None
        used = [other.identity for _, other in self.document.tables()]
        table.identity = max(used, default=0) + 1
        table.part = self._new_part("xl/tables/table{}.xml")
        self._declare(table.part, "table")
        identity = self._relate(sheet.part, "table", table.part)
        self.changes[table.part] = new_table(table).encode()
        link = f'<tablePart r:id="{identity}"/>'
        count = len(re.findall(rb"<tablePart ", data)) + 1
        if b"</tableParts>" in data:
            data = data.replace(b"</tableParts>", f"{link}</tableParts>".encode())
            return re.sub(rb'<tableParts count="\d+"', f'<tableParts count="{count}"'.encode(), data)
        return inserted(data, f'<tableParts count="1">{link}</tableParts>', _AFTER_TABLES)

    def _with_charts(self, sheet: SheetModel, data: bytes) -> bytes:
        assert sheet.part is not None
        drawing = self._new_part("xl/drawings/drawing{}.xml")
        self._declare(drawing, "drawing")
        identities = []
        for chart in sheet.charts:
            part = self._new_part("xl/charts/chart{}.xml")
            self._declare(part, "chart")
            identities.append(self._relate(drawing, "chart", part))
            self.changes[part] = chart_part(chart, sheet)
        self.changes[drawing] = drawing_part(sheet.charts, identities, sheet)
        identity = self._relate(sheet.part, "drawing", drawing)
        return inserted(data, f'<drawing r:id="{identity}"/>', (*_AFTER_DRAWING, "tableParts", "extLst"))

    def _write_workbook(self) -> None:
        part = self.document.workbook_part
        if self.document.structure() == self.document.opened:
            return
        text = self._text(part)
        new = _with_names(_with_sheets(text, self.document), self.document)
        if new != text:
            self.changes[part] = new.encode()
            listed = {sheet.part for sheet in self.document.sheets}
            gone = [
                identity
                for identity, (kind, target) in relationships(self.package, part).items()
                if kind.endswith(("/worksheet", "/chartsheet")) and target not in listed
            ]
            rels = _rels_of(part)
            links = self._text(rels)
            for identity in gone:
                links = re.sub(rf'<Relationship\b[^>]*\bId="{identity}"[^>]*/>', "", links)
            if gone:
                self.changes[rels] = links.encode()

    def _reachable(self, parts: list[str]) -> set[str]:
        """The parts that something refers to, from the root of the package on."""
        seen: set[str] = set()
        waiting = [""]
        while waiting:
            part = waiting.pop()
            rels = self._read(_rels_of(part))
            for target in re.findall(
                r'<Relationship\b(?![^>]*TargetMode="External")[^>]*\bTarget="([^"]*)"',
                (rels or b"").decode("utf-8"),
            ):
                name = (
                    target[1:]
                    if target.startswith("/")
                    else posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
                )
                if name not in seen:
                    seen.add(name)
                    waiting.append(name)
        return seen & (set(parts) | set(self.changes))

    def _drop_unreachable(self, before: set[str]) -> set[str]:
        """Remove the parts that nothing refers to any more, and return which they were."""
        gone = before - self._reachable(self.package.names)
        types = self._text(_TYPES)
        for part in gone:
            self.changes[part] = None
            if _rels_of(part) in self.package:
                self.changes[_rels_of(part)] = None
            types = re.sub(rf'<Override\b[^>]*PartName="/{re.escape(part)}"[^>]*/>', "", types)
        if gone:
            self.changes[_TYPES] = types.encode()
        return gone


def _rels_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _with_sheets(text: str, document: Document) -> str:
    numbers = [int(number) for number in re.findall(r'<sheet\b[^>]*sheetId="(\d+)"', text)]
    following = itertools.count(max(numbers, default=0) + 1)
    elements = [
        _renamed(sheet.element.format(next(following)) if "{}" in sheet.element else sheet.element, sheet)
        for sheet in document.sheets
    ]
    text = re.sub(
        r"(<sheets[^>]*>).*?(</sheets>)", lambda m: m[1] + "".join(elements) + m[2], text, flags=re.DOTALL
    )
    if re.search(r'\bactiveTab="\d+"', text):
        return re.sub(r'\bactiveTab="\d+"', f'activeTab="{document.active}"', text)
    if document.active:
        return re.sub(r"<workbookView\b", f'<workbookView activeTab="{document.active}"', text, count=1)
    return text


def _renamed(element: str, sheet: SheetModel) -> str:
    """A sheet's entry with its name and whether it shows, where these have changed."""
    values = dict(re.findall(r'([\w:]+)="([^"]*)"', element))
    if unescape(values["name"]) != sheet.name:
        name = f'name="{escape(sheet.name, {chr(34): "&quot;"})}"'
        element = re.sub(r'\bname="[^"]*"', lambda _: name, element, count=1)
    if values.get("state", "visible") == sheet.visible:
        return element
    element = re.sub(r'\s*\bstate="[^"]*"', "", element)
    return element.replace("<sheet ", f'<sheet state="{sheet.visible}" ', 1)


def _with_names(text: str, document: Document) -> str:
    positions = {sheet.name: position for position, sheet in enumerate(document.sheets)}
    elements = "".join(
        _name_element(name, positions)
        for name in document.names
        if name.sheet is None or name.sheet in positions
    )
    section = f"<definedNames>{elements}</definedNames>" if elements else ""
    if "<definedNames" in text:
        return re.sub(
            r"<definedNames\b.*?</definedNames>|<definedNames\b[^>]*/>",
            lambda _: section,
            text,
            flags=re.DOTALL,
        )
    return re.sub(
        r"(</externalReferences>|<externalReferences/>|</functionGroups>|</sheets>)(?!.*(?:</externalReferences>|</functionGroups>))",
        lambda m: m[0] + section,
        text,
        count=1,
        flags=re.DOTALL,
    )


def _name_element(name: NameModel, positions: dict[str, int]) -> str:
    local = "" if name.sheet is None else f' localSheetId="{positions[name.sheet]}"'
    return (
        f"<definedName name={quoteattr(name.name)}{local}{name.extra}>{escape(name.refers_to)}</definedName>"
    )
