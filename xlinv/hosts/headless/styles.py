"""The cell formats of a workbook: read from styles.xml, and only ever added to."""

import re
from dataclasses import dataclass, field, fields, replace
from typing import Final
from xml.sax.saxutils import escape, quoteattr, unescape

Colour = tuple[int, int, int]

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
EMPTY_STYLES: Final = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{_MAIN}">'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    "</styleSheet>"
)
# Formats that Excel knows by number alone (ECMA-376 part 1, 18.8.30).
_BUILT_IN: Final = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "m/d/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yy h:mm", 37: "#,##0 ;(#,##0)",
    38: "#,##0 ;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;[Red](#,##0.00)", 45: "mm:ss",
    46: "[h]:mm:ss", 47: "mmss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
_FIRST_OWN_FORMAT: Final = 164
_NOT_A_DATE: Final = re.compile(r'"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]|General', re.IGNORECASE)


@dataclass(frozen=True)
class Look:
    """What may be changed about a cell's format; None leaves it as it is."""

    number_format: str | None = None
    fill: Colour | None = None
    bold: bool | None = None
    italic: bool | None = None
    size: float | None = None
    font_colour: Colour | None = None
    font_name: str | None = None
    wrap: bool | None = None
    horizontal: str | None = None
    vertical: str | None = None
    no_fill: bool = False

    def over(self, older: "Look") -> "Look":
        """This look where it says something, the older one elsewhere."""
        said = {f.name: value for f in fields(self) if (value := getattr(self, f.name)) not in (None, False)}
        said |= {
            name: value for name in ("bold", "italic", "wrap") if (value := getattr(self, name)) is False
        }
        return replace(older, **said)


@dataclass
class _Section:
    """One list of styles.xml: what it held, and what is added."""

    items: list[str]
    added: list[str] = field(default_factory=list)

    def position(self, item: str) -> int:
        """Where the item stands, added at the end where it is new."""
        everything = self.items + self.added
        if item in everything:
            return everything.index(item)
        self.added.append(item)
        return len(everything)

    def __getitem__(self, position: int) -> str:
        everything = self.items + self.added
        return everything[position] if position < len(everything) else everything[0]


class Styles:
    """styles.xml as text, with fonts, fills, number formats and cell formats appended to it."""

    def __init__(self, text: str = EMPTY_STYLES) -> None:
        self._text = text
        self._fonts = _Section(_items(text, "fonts", "font"))
        self._fills = _Section(_items(text, "fills", "fill"))
        self._formats = _Section(_items(text, "cellXfs", "xf"))
        self._numbers = {
            int(_attribute(item, "numFmtId")): unescape(_attribute(item, "formatCode"), {"&quot;": '"'})
            for item in _items(text, "numFmts", "numFmt")
        }
        self._new_numbers: dict[int, str] = {}
        self._known: dict[tuple[int, Look], int] = {}

    @property
    def changed(self) -> bool:
        return bool(self._formats.added)

    def number_format(self, index: int) -> str:
        """The number format of a cell format."""
        number = int(_attribute(self._formats[index], "numFmtId") or 0)
        return self._numbers.get(number) or self._new_numbers.get(number) or _BUILT_IN.get(number, "General")

    def is_date(self, index: int) -> bool:
        """Whether a number in this format shows as a date or time."""
        code = _NOT_A_DATE.sub("", self.number_format(index)).split(";")[0].lower()
        return any(letter in code for letter in "ymdhs")

    def fill(self, index: int) -> Colour | None:
        """The colour that fills the cell, if it is a plain one."""
        fill = self._fills[int(_attribute(self._formats[index], "fillId") or 0)]
        found = re.search(
            r'patternType="solid".*?<fgColor[^>]*\brgb="[0-9A-Fa-f]{2}([0-9A-Fa-f]{6})"', fill, re.DOTALL
        )
        return _colour(found[1]) if found else None

    def font(self, index: int) -> Look:
        """The font of a cell format."""
        text = self._fonts[int(_attribute(self._formats[index], "fontId") or 0)]
        size = re.search(r'<sz val="([^"]+)"', text)
        name = re.search(r'<name val="([^"]+)"', text)
        colour = re.search(r'<color[^>]*\brgb="[0-9A-Fa-f]{2}([0-9A-Fa-f]{6})"', text)
        return Look(
            bold=bool(re.search(r'<b(?: val="(?:1|true)")?/>', text)),
            italic=bool(re.search(r'<i(?: val="(?:1|true)")?/>', text)),
            size=float(size[1]) if size else None,
            font_name=unescape(name[1]) if name else None,
            font_colour=_colour(colour[1]) if colour else None,
        )

    def alignment(self, index: int) -> Look:
        """Wrapping and alignment of a cell format."""
        text = self._formats[index]
        return Look(
            wrap=_attribute(text, "wrapText") in ("1", "true"),
            horizontal=_attribute(text, "horizontal") or None,
            vertical=_attribute(text, "vertical") or None,
        )

    def with_look(self, index: int, look: Look) -> int:
        """The number of the cell format that is like `index` but for the look."""
        key = (index, look)
        if key not in self._known:
            self._known[key] = self._formats.position(self._xf(index, look))
        return self._known[key]

    def _xf(self, index: int, look: Look) -> str:
        old = self._formats[index]
        values = dict(re.findall(r'([\w:]+)="([^"]*)"', old.partition(">")[0]))
        if look.number_format is not None:
            values |= {"numFmtId": str(self._number(look.number_format)), "applyNumberFormat": "1"}
        if look.fill is not None or look.no_fill:
            values |= {"fillId": str(self._fill(look)), "applyFill": "1"}
        if any(v is not None for v in (look.bold, look.italic, look.size, look.font_colour, look.font_name)):
            values |= {"fontId": str(self._font(index, look)), "applyFont": "1"}
        alignment = look.over(Look()) if self._aligned(look) else None
        inside = re.sub(r"^<xf[^>]*/?>|</xf>$", "", old)
        if alignment is not None:
            values["applyAlignment"] = "1"
            inside = _alignment(alignment.over(self.alignment(index))) + re.sub(
                r"<alignment[^>]*/>", "", inside
            )
        opening = "<xf" + "".join(f' {name}="{value}"' for name, value in values.items())
        return f"{opening}>{inside}</xf>" if inside else f"{opening}/>"

    @staticmethod
    def _aligned(look: Look) -> bool:
        return any(value is not None for value in (look.wrap, look.horizontal, look.vertical))

    def _number(self, code: str) -> int:
        for known in (_BUILT_IN, self._numbers, self._new_numbers):
            for number, text in known.items():
                if text == code:
                    return number
        number = max([_FIRST_OWN_FORMAT - 1, *self._numbers, *self._new_numbers]) + 1
        self._new_numbers[number] = code
        return number

    def _fill(self, look: Look) -> int:
        if look.fill is None:
            return 0
        colour = f'<fgColor rgb="FF{_hex(look.fill)}"/><bgColor indexed="64"/>'
        return self._fills.position(f'<fill><patternFill patternType="solid">{colour}</patternFill></fill>')

    def _font(self, index: int, look: Look) -> int:
        font = look.over(self.font(index))
        colour = f'<color rgb="FF{_hex(font.font_colour)}"/>' if font.font_colour else '<color theme="1"/>'
        name = quoteattr(font.font_name or "Calibri")
        weight = "<b/>" * bool(font.bold) + "<i/>" * bool(font.italic)
        size = f'<sz val="{font.size or 11:g}"/>'
        return self._fonts.position(f"<font>{weight}{size}{colour}<name val={name}/></font>")

    def text(self) -> str:
        """styles.xml with what was added; every other character is as it was."""
        text = self._text
        for name, section in (("fonts", self._fonts), ("fills", self._fills), ("cellXfs", self._formats)):
            text = _appended(text, name, section.added)
        formats = [
            f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>'
            for number, code in self._new_numbers.items()
        ]
        if formats and "<numFmts" not in text:
            text = re.sub(r"(<styleSheet[^>]*>)", r'\1<numFmts count="0"></numFmts>', text, count=1)
        return _appended(text, "numFmts", formats)


def _alignment(look: Look) -> str:
    values = {
        "horizontal": look.horizontal,
        "vertical": look.vertical,
        "wrapText": "1" if look.wrap else None,
    }
    return "<alignment" + "".join(f' {k}="{escape(v)}"' for k, v in values.items() if v) + "/>"


def _items(text: str, section: str, item: str) -> list[str]:
    found = re.search(rf"<{section}[ >].*?</{section}>", text, re.DOTALL)
    if not found:
        return []
    return re.findall(rf"<{item}(?:\s[^>]*)?/>|<{item}(?:\s[^>]*[^/])?>.*?</{item}>", found[0], re.DOTALL)


def _attribute(text: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', text)
    return found[1] if found else ""


def _appended(text: str, section: str, added: list[str]) -> str:
    if not added:
        return text

    def opening(found: re.Match[str]) -> str:
        count = int(_attribute(found[0], "count") or 0) + len(added)
        without = re.sub(r'\s*\bcount="[^"]*"', "", found[0][:-1])
        return f'{without} count="{count}">'

    text = re.sub(rf"<{section}((?:\s[^>]*?)?)/>", rf"<{section}\1></{section}>", text, count=1)
    text = re.sub(rf"<{section}(?:\s[^>]*)?>", opening, text, count=1)
    return text.replace(f"</{section}>", "".join(added) + f"</{section}>", 1)


def _colour(code: str) -> Colour:
    return int(code[:2], 16), int(code[2:4], 16), int(code[4:], 16)


def _hex(colour: Colour | None) -> str:
    return "%02X%02X%02X" % (colour or (0, 0, 0))
