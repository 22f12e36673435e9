"""The catalogue's functions in a file's formulas, spelled as another spreadsheet program knows them."""

import re
from collections.abc import Callable, Container
from pathlib import Path
from typing import Final

from xlinv.functions import CATALOGUE
from xlinv.workbook.book_xml import read_book, relationships
from xlinv.workbook.package import Package
from xlinv.workbook.spellings import may_be_our_addin, own_name
from xlinv.workbook.xml_text import escape, unescape

SPELLINGS: Final[dict[str, str]] = {"excel": "", "libreoffice": "XLINV."}
"""What stands before a function's name in the files of each program."""

# Wherever a workbook keeps a formula: cells, conditional formats, validations, tables, defined names.
_FORMULA: Final = re.compile(
    rb"(<((?:\w+:)?(?:f|formula[12]?|calculatedColumnFormula|totalsRowFormula|definedName))"
    rb"(?:\s[^>]*)?(?<!/)>)([^<]+)(?=</\2>)"
)
_CALL: Final = re.compile(
    r'"(?:[^"]|"")*"'
    r"|(?P<sheet>'(?:[^']|'')*'!|\[\d+\](?:[^\W\d][\w.]*)?!)?(?P<name>[^\W\d][\w.]*)(?=\s*\()"
    r"|'(?:[^']|'')*'|\[(?:'.|[^\[\]'])*\]"
)


def respell(book: Path, out: Path, program: str) -> int:
    """Write `book` to `out` with the catalogue's functions spelled as `program` knows them.

    Every other byte of every part stays, cached values included; a book is not written over itself where no
    formula changes. Returns how many formulas changed. Raises UnreadableWorkbookError.
    """
    package = Package(book)
    try:
        read = read_book(package)
        own_names = {name for _, name in read.names}
        parts = {read.part, *(sheet.part for sheet in read.worksheets)}
        for sheet in read.worksheets:
            tables = relationships(package, sheet.part).values()
            parts |= {target for kind, target in tables if kind.endswith("/table")}
        changes: dict[str, bytes | None] = {}
        count = 0
        for part in sorted(parts):
            before = package.read_xml(part)
            counted = _Respelling(SPELLINGS[program], own_names)
            after = _FORMULA.sub(counted.element, before)
            if counted.changed:
                changes[part] = after
                count += counted.changed
        if changes or out != book:
            package.save(out, changes)
        return count
    finally:
        package.close()


class _Respelling:
    """Formulas respelled one by one, and how many of them changed."""

    def __init__(self, prefix: str, own_names: Container[str]) -> None:
        self.changed = 0
        self._call: Callable[[re.Match[str]], str] = lambda found: _called(found, prefix, own_names)

    def element(self, found: re.Match[bytes]) -> bytes:
        text = unescape(found[3].decode())
        new = _CALL.sub(self._call, text)
        if new == text:
            return found[0]
        self.changed += 1
        return found[1] + escape(new).encode()


def _called(found: re.Match[str], prefix: str, own_names: Container[str]) -> str:
    name, sheet = found["name"], found["sheet"]
    if not name or (sheet and not may_be_our_addin(sheet)):
        return found[0]
    ours = own_name(name)
    if ours not in CATALOGUE or (not sheet and name.lower() in own_names):
        return found[0]  # a built-in, or the workbook's own LAMBDA of that name
    return prefix + ours
