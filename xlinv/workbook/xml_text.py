"""Text in XML: escaped and read back. The standard library's own drags in a web client and 50 ms."""

import re
from typing import Final

_ENTITY: Final = re.compile(r"&(?:#(\d+)|#[xX]([0-9a-fA-F]+)|(amp|lt|gt|quot|apos));")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def escape(text: str) -> str:
    """Text as the content of an element."""
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;") if "\r" in text else text


def attribute(text: str) -> str:
    """Text as the value of an attribute, with its quotes."""
    text = escape(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return f'"{text}"'


def unescape(text: str) -> str:
    """What the content of an element or attribute stands for."""
    return _ENTITY.sub(_letter, text) if "&" in text else text


def _letter(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMED[match[3]]
    code = int(match[1]) if match[1] else int(match[2], 16)
    return chr(code) if code < 0x110000 else match[0]
