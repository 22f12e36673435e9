"""The Excel add-in, built from text on any machine against the xlwings that is installed there."""

import io
import tempfile
import zipfile
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from xlinv.catalogue import Function
from xlinv.catalogue.documentation import argument_text
from xlinv.functions import CATALOGUE
from xlinv.hosts.com.ribbon import custom_ui
from xlinv.hosts.com.wrappers import MODULE_NAME, functions_module

PROJECT: Final = "xlinv"
"""The name under which xlwings' VBA looks for the add-in's settings."""
FILE_NAME: Final = f"{PROJECT}.xlam"
_FIXED_TIME: Final = (1980, 1, 1, 0, 0, 0)
_INTELLISENSE_SHEET: Final = "_IntelliSense_"
_CUSTOM_UI_PART: Final = "customUI/customUI14.xml"
_CUSTOM_UI_RELATION: Final = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"


def build_addin(out: Path) -> Path:
    """Write the add-in and return its path; the same sources give the same bytes."""
    from pyopenvba import ExcelFile, VBAModuleKind

    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / FILE_NAME
        book = ExcelFile.create_new(raw)
        project = book.vba_project()
        project.delete_module("Module1")
        for name, source in vba_modules().items():
            if name == "ThisWorkbook":
                book.set_module(name, source)
            else:
                kind = VBAModuleKind.other if name == "Dictionary" else VBAModuleKind.standard
                project.add_module(name, source, kind=kind)
        book.save()
        book.close()
        content = _with_ribbon_and_help(raw.read_bytes())
    out.write_bytes(content)
    return out


def vba_modules() -> dict[str, str]:
    """Source of every module of the add-in, by its name."""
    import xlwings

    home = Path(xlwings.__file__).parent
    bridge = (home / "xlwings_custom_addin.bas").read_text(encoding="utf-8")
    ours = files("udfs").joinpath("vba")
    return {
        "ThisWorkbook": ours.joinpath("ThisWorkbook.cls").read_text(encoding="utf-8"),
        "xlwings": bridge.replace(
            'PROJECT_NAME As String = "myaddin"', f'PROJECT_NAME As String = "{PROJECT}"'
        ),
        "Dictionary": (home / "addin" / "Dictionary.cls").read_text(encoding="utf-8"),
        "XlinvConversion": ours.joinpath("Conversion.bas").read_text(encoding="utf-8"),
        "XlinvRibbon": ours.joinpath("Ribbon.bas").read_text(encoding="utf-8"),
        MODULE_NAME: functions_module(CATALOGUE.values()),
    }


def _with_ribbon_and_help(addin: bytes) -> bytes:
    """The add-in with the ribbon's XML and the sheet of in-cell help, its times fixed."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(addin)) as source,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        parts = {name: source.read(name) for name in source.namelist()}
        parts["xl/workbook.xml"] = _replaced(
            parts["xl/workbook.xml"], '<sheet name="Sheet1"', f'<sheet name="{_INTELLISENSE_SHEET}"'
        )
        parts["docProps/app.xml"] = parts["docProps/app.xml"].replace(b"Sheet1", _INTELLISENSE_SHEET.encode())
        parts["xl/worksheets/sheet1.xml"] = _replaced(
            parts["xl/worksheets/sheet1.xml"], "<sheetData/>", intellisense_rows(CATALOGUE.values())
        )
        parts["_rels/.rels"] = _replaced(
            parts["_rels/.rels"],
            "</Relationships>",
            f'<Relationship Id="rIdRibbon" Type="{_CUSTOM_UI_RELATION}" Target="{_CUSTOM_UI_PART}"/>'
            "</Relationships>",
        )
        parts[_CUSTOM_UI_PART] = custom_ui().encode()
        for name, data in parts.items():
            out.writestr(zipfile.ZipInfo(name, _FIXED_TIME), data, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _replaced(part: bytes, old: str, new: str) -> bytes:
    text = part.decode("utf-8")
    if text.count(old) != 1:
        raise ValueError(
            f"the add-in's template has changed: {old!r} occurs {text.count(old)} times, not once"
        )
    return text.replace(old, new).encode()


def intellisense_rows(functions: Iterable[Function]) -> str:
    """Rows that Excel-DNA's IntelliSense shows while a formula is typed: function, then its arguments."""
    table = [["FunctionInfo", "1.0"]]
    for declared in functions:
        row = [declared.name, declared.summary, ""]
        for parameter in declared.parameters:
            row += [parameter.name, argument_text(parameter)]
        table.append(row)
    rows = []
    for number, values in enumerate(table, start=1):
        cells = "".join(
            f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>' for value in values
        )
        rows.append(f'<row r="{number}">{cells}</row>')
    return f"<sheetData>{''.join(rows)}</sheetData>"
