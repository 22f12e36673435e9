"""Colours, cell styles and number formats of every template: the one place that says how a book looks.

Each kind of cell is a named cell style (x_Input, x_Calc …), so that a reader and a lint rule can tell by
its style what a cell is for. XlsxWriter knows no named styles: `name_styles` adds them to its styles part.
"""

import re
from typing import Any, Final

FONT: Final = "Arial"
NAVY: Final = "#1F3864"
GREY: Final = "#595959"
LINE: Final = "#D0D3DA"
BAND: Final = "#F5F6F9"
BLUE: Final = "#2F5597"
SKY: Final = "#9DC3E6"
AMBER: Final = "#C55A11"
OK_COLOURS: Final = {"font_color": "#1E6B34", "bg_color": "#E2F0D9"}
FAIL_COLOURS: Final = {"font_color": "#9C0006", "bg_color": "#FBD5D5"}

NUMBER_FORMATS: Final = {
    "text": "General",
    "integer": "#,##0",
    "decimal": "#,##0.0",
    "cents": '#,##0.00;-#,##0.00;"–"',
    "change": "[>=0.5]+#,##0;[<=-0.5]-#,##0;0",
    "days": "0.0",
    "ratio": "0.00",
    "percent": "0.0%",
    "service": "0.0%",
    "tiny": "0.000000",
    "date": "d mmm yyyy",
}

# What each kind of cell looks like, and what the legend says it is for.
STYLES: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "x_Input": (
        {"font_color": "#0000FF", "bg_color": "#FFF9E5", "border": 1, "border_color": LINE, "locked": False},
        "Input: type here; nothing else is meant to be typed over",
    ),
    "x_Calc": ({"bottom": 1, "bottom_color": LINE}, "Calculation: a formula on this sheet"),
    "x_Link": (
        {"font_color": "#00703C", "bottom": 1, "bottom_color": LINE},
        "Link: a figure calculated on another sheet",
    ),
    "x_Override": (
        {"font_color": "#FFFFFF", "bg_color": AMBER, "locked": False},
        "Override: a calculated figure replaced by hand, with a comment that says why",
    ),
    "x_Check": ({"bold": True, "align": "center", "bottom": 1, "bottom_color": LINE}, "Check: OK or FAIL"),
    "x_Out": (
        {"bold": True, "bg_color": "#D9DCE3", "text_wrap": True, "valign": "vcenter"},
        "Heading of results",
    ),
    "x_Head": (
        {"bold": True, "font_color": "#FFFFFF", "bg_color": NAVY, "text_wrap": True, "valign": "vcenter"},
        "Heading of inputs",
    ),
    "x_Title": ({"bold": True, "font_size": 16, "font_color": NAVY}, ""),
    "x_Section": ({"bold": True, "font_size": 11, "font_color": NAVY}, ""),
    "x_Note": ({"font_color": GREY, "font_size": 9}, ""),
    "x_Text": ({"bottom": 1, "bottom_color": LINE}, ""),
}
LEGEND: Final = tuple((name, meaning) for name, (_, meaning) in STYLES.items() if meaning)
_IDENTIFIER: Final = {name: number for number, name in enumerate(STYLES, start=1)}


class Formats:
    """The formats of one book: a style and a number format, made once and asked for by name."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[Any, ...], Any] = {}

    def get(self, style: str, number: str = "text", **changes: Any) -> Any:
        """The format of a named style that shows numbers as `number`, with single properties changed."""
        key = (style, number, *sorted(changes.items()))
        if key not in self._made:
            properties = {"font_name": FONT, "font_size": 10, "valign": "vcenter", **STYLES[style][0]}
            made = self._book.add_format({**properties, "num_format": NUMBER_FORMATS[number], **changes})
            made.xf_id = _IDENTIFIER[style]
            self._made[key] = made
        return self._made[key]


def name_styles(styles_xml: str) -> str:
    """XlsxWriter's styles part with our styles by name, each looking like the first format that uses it."""
    looks = re.findall(r'<xf ([^>]*?) xfId="(\d+)"', styles_xml)
    first = {int(style): look for look, style in reversed(looks)}
    masters = "".join(f"<xf {first.get(number, first[0])}/>" for number in (0, *_IDENTIFIER.values()))
    names = "".join(f'<cellStyle name="{name}" xfId="{number}"/>' for name, number in _IDENTIFIER.items())
    count = len(_IDENTIFIER) + 1
    styles_xml = re.sub(
        r"<cellStyleXfs.*?</cellStyleXfs>",
        f'<cellStyleXfs count="{count}">{masters}</cellStyleXfs>',
        styles_xml,
        flags=re.S,
    )
    return re.sub(
        r'<cellStyles count="1">(.*?)</cellStyles>',
        rf'<cellStyles count="{count}">\1{names}</cellStyles>',
        styles_xml,
        flags=re.S,
    )
