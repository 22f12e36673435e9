"""What refers to a sheet when the sheet is renamed: formulas and names follow, as in Excel."""

import re
from dataclasses import replace
from typing import Final

from xlinv.cells import InputError
from xlinv.hosts.headless.document import Document, SheetModel
from xlinv.workbook.references import quoted

_REFERENCE: Final = re.compile(r"""("(?:[^"]|"")*")|'((?:[^']|'')+)'!|(?<![\w.\]'])([^\W\d][\w.]*)!""")


def follow_new_name(document: Document, old: str, new: str) -> None:
    """Let every formula and defined name that refers to the sheet `old` refer to it as `new`.

    Raises InputError, and changes nothing, where a chart or a rule refers to it: they are kept as they are.
    """
    _refuse_fixed_references(document, old)
    for name in document.names:
        name.refers_to = _renamed(name.refers_to, old, new)
    for sheet in document.sheets:
        if not sheet.is_worksheet or not _may_refer(sheet, old):
            continue
        for place, formula in list(sheet.grid.formulas.items()):
            text = _renamed(formula.text, old, new)
            if text != formula.text:
                sheet.grid.formulas[place] = replace(formula, text=text)
                sheet.grid.changed.add(place)


def _renamed(text: str, old: str, new: str) -> str:
    def reference(found: re.Match[str]) -> str:
        named = found[2].replace("''", "'") if found[2] else found[3]
        return f"{quoted(new)}!" if named and named.lower() == old.lower() else found[0]

    return _REFERENCE.sub(reference, text)


def _may_refer(sheet: SheetModel, old: str) -> bool:
    """Whether it is worth reading the sheet's cells: they are read already, or its bytes hold the name."""
    return "grid" in sheet.__dict__ or (sheet.xml is not None and _holds(sheet.xml.data, old))


def _refuse_fixed_references(document: Document, old: str) -> None:
    if document.package is None:
        return
    places = {part: document.package.read(part) for part in document.package.names if "/charts/chart" in part}
    for sheet in document.sheets:
        if sheet.xml is not None:
            places[f"a rule on the sheet {sheet.name}"] = sheet.xml.data[sheet.xml.body_end :]
    for place, data in places.items():
        if _holds(data, old):
            raise InputError("sheet name", f"cannot change, as {place} refers to it: rename it in Excel", old)


def _holds(data: bytes, name: str) -> bool:
    """Whether XML holds a reference to the sheet, in any of its spellings."""
    quoted_name = quoted(name).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = data.decode("utf-8").lower()
    spellings = (f"{quoted_name}!", f"{quoted_name.replace(chr(39), '&apos;')}!", f"{name}!")
    return any(spelling.lower() in text for spelling in spellings)
