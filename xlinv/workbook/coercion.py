"""Arguments of another type than a function wants, which Excel converts and the engine reads otherwise."""

from typing import Final

from xlinv.workbook.formula import Call, Items, Leaf
from xlinv.workbook.spellings import OWN, function_name

# Which arguments are texts: a number there stands for its 15 digits.
_TEXTS: Final[dict[str, tuple[int, ...]]] = {
    **dict.fromkeys("LEN LENB LEFT RIGHT MID REPT TRIM CLEAN TEXTBEFORE TEXTAFTER".split(), (0,)),
    **dict.fromkeys("FIND SEARCH EXACT".split(), (0, 1)),
    "REPLACE": (0, 3),
    "SUBSTITUTE": (0, 1, 2),
}
_GIVE_TEXT: Final = frozenset(
    """CHAR CLEAN CONCAT CONCATENATE FIXED LEFT LOWER MID PROPER REPLACE REPT RIGHT SUBSTITUTE TEXT TEXTJOIN
    TRIM UPPER""".split()
)
# Which arguments are dates or times: text in quotes there is read as one.
_MOMENTS: Final[dict[str, tuple[int, ...]]] = {
    **dict.fromkeys(
        "YEAR MONTH DAY HOUR MINUTE SECOND WEEKDAY WEEKNUM ISOWEEKNUM EOMONTH EDATE".split(), (0,)
    ),
    **dict.fromkeys("DAYS DATEDIF DAYS360 YEARFRAC NETWORKDAYS".split(), (0, 1)),
}


def arguments(name: str, given: list[Items]) -> list[Items]:
    """The arguments of a built-in function with the conversions that the engine does not make."""
    if name in _TEXTS:
        return [_shown(items) if number in _TEXTS[name] else items for number, items in enumerate(given)]
    if name in _MOMENTS:
        return [_read(items) if number in _MOMENTS[name] else items for number, items in enumerate(given)]
    return given


def _shown(items: Items) -> Items:
    if not items or (len(items) == 1 and _is_text(items[0])):
        return items
    return [Call(f"{OWN}SHOWN", [items])]


def _is_text(node: object) -> bool:
    if isinstance(node, Call):
        return function_name(node.name) in _GIVE_TEXT
    return isinstance(node, Leaf) and node.kind == "text"


def _read(items: Items) -> Items:
    quoted = len(items) == 1 and isinstance(items[0], Leaf) and items[0].kind == "text"
    return [Call("VALUE", [items])] if quoted else items
