"""Formulas that point to another user's add-in, made to point to this one."""

import re
from pathlib import Path, PurePath
from typing import Final
from xml.sax.saxutils import escape, unescape

from xlinv.hosts.com.addin import FILE_NAME
from xlinv.workbook.package import Package

_LINK: Final = re.compile(r'(<Relationship\b[^>]*?\bTarget=")([^"]*)(")')
_QUOTED: Final = {'"': "&quot;"}


def repair_links(book: Path, out: Path, addin: PurePath) -> list[str]:
    """Let every link to our add-in in `book` point to `addin`, and write the result to `out`.

    Only the links change; formulas, values and every other part keep their bytes. Returns the paths that the
    links pointed to; `out` is not written where there are none to change. Raises UnreadableWorkbookError.
    """
    package = Package(book)
    try:
        changes: dict[str, bytes | None] = {}
        found: list[str] = []
        target = _as_target(addin)
        for part in package.names:
            if not re.fullmatch(r"xl/externalLinks/_rels/[^/]+\.rels", part):
                continue
            text = package.read_xml(part).decode("utf-8")
            new = _LINK.sub(lambda link: link[1] + _pointed(link[2], target, found) + link[3], text)
            if new != text:
                changes[part] = new.encode()
        if changes:
            package.save(out, changes)
        return found
    finally:
        package.close()


def _pointed(old: str, target: str, found: list[str]) -> str:
    """The target of one link: ours where it names our add-in, else what it was."""
    path = unescape(old, {"&quot;": '"'}).replace("%20", " ")
    name = re.split(r"[\\/]", path)[-1]
    if name.casefold() != FILE_NAME.casefold() or path == target:
        return old
    found.append(path)
    return escape(target, _QUOTED)


def _as_target(addin: PurePath) -> str:
    """A path as Excel writes it into a link."""
    path = str(addin)
    return f"file:///{path}" if re.match(r"[A-Za-z]:", path) else path
