"""Functions and operators that the engine lacks or reads differently, expressed with what it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from xlinv.workbook import formula, lambda_syntax, lifting, supplied, unlike_excel
from xlinv.workbook.expressions import is_text
from xlinv.workbook.formula import Call, Group, Invocation, Items, Leaf, Reference
from xlinv.workbook.references import Area, parse_area, quoted
from xlinv.workbook.spellings import bound_name

if TYPE_CHECKING:
    from xlinv.workbook.rewriting import Rewriter
_AGGREGATES: Final = frozenset(
    """AND AVEDEV AVERAGE AVERAGEA COUNT COUNTA DEVSQ GEOMEAN HARMEAN KURT MAX MAXA MEDIAN MIN MINA MODE
    MODE.SNGL OR PRODUCT SKEW SKEW.P STDEV STDEV.P STDEV.S STDEVA STDEVP STDEVPA SUM SUMSQ VAR VAR.P VAR.S
    VARA VARP VARPA XOR CONCAT""".split()
)
# These take one array where a union or a 3-D range may stand, so its cells are stacked.
_RANKINGS: Final = frozenset(
    """LARGE SMALL PERCENTILE PERCENTILE.INC PERCENTILE.EXC QUARTILE QUARTILE.INC QUARTILE.EXC PERCENTRANK
    PERCENTRANK.INC PERCENTRANK.EXC TRIMMEAN""".split()
)
ALWAYS_ONE_CELL: Final = _AGGREGATES | frozenset(
    """SUMPRODUCT ROWS COLUMNS NPV IRR MIRR XNPV XIRR TEXTJOIN SUBTOTAL CORREL PEARSON RSQ SLOPE INTERCEPT
    STEYX COVAR COVARIANCE.P COVARIANCE.S MDETERM AREAS COUNTBLANK
    SUMX2MY2 SUMX2PY2 SUMXMY2 GCD LCM NETWORKDAYS
    ISREF SHEETS NOW TODAY PI RAND NA TRUE FALSE""".split()
)
SPILLING: Final = frozenset(
    """SEQUENCE RANDARRAY OFFSET INDIRECT TEXTSPLIT MAKEARRAY MUNIT MAP BYROW BYCOL REDUCE SCAN FILTER SORT
    SORTBY UNIQUE TAKE DROP VSTACK HSTACK TOCOL TOROW CHOOSECOLS CHOOSEROWS EXPAND WRAPROWS WRAPCOLS TRANSPOSE
    FREQUENCY LINEST LOGEST TREND GROWTH MMULT MINVERSE MODE.MULT LET LAMBDA ANCHORARRAY GROUPBY PIVOTBY
    REGEXEXTRACT TRIMRANGE""".split()
)
# Arguments are evaluated as arrays here even in a formula that Excel stored as a one-cell formula.
ARRAY_CONTEXT: Final = frozenset("SUMPRODUCT MMULT MINVERSE MDETERM LOOKUP FREQUENCY LINEST LOGEST".split())
# These take ranges but give a range themselves, so they are one cell only by habit.
MAY_GIVE_RANGES: Final = frozenset("INDEX XLOOKUP CHOOSE".split())
# Functions whose arguments are arrays or ranges, or that the engine runs over arrays by itself. Every other
# function takes single cells, and runs once for each cell of an array given to it (lifting.py).
TAKES_ARRAYS: Final = (
    ALWAYS_ONE_CELL
    | (SPILLING - {"TEXTSPLIT"})
    | frozenset(
        """ACCRINT AGGREGATE ARRAYTOTEXT CEILING CEILING.MATH CELL CHISQ.TEST CHITEST COLUMN CONCATENATE DATE
        DATEVALUE LOWER PROPER UPPER XLINV__SHOWN
        DAVERAGE DCOUNT DCOUNTA DGET DMAX DMIN DPRODUCT DSTDEV DSTDEVP DSUM DVAR DVARP F.TEST FLOOR FLOOR.MATH
        FORECAST.ETS FORMULATEXT FTEST FVSCHEDULE IF IFERROR IFNA ISFORMULA MULTINOMIAL PERCENTOF POWER PROB
        ROW SERIESSUM SHEET T.TEST TEXT TTEST TYPE VALUE Z.TEST ZTEST IMSUM IMPRODUCT GCD LCM""".split()
    )
)


# Ranges


def intersection(rewriter: Rewriter, nodes: Items) -> str:
    """`A1:C3 B2:D4` as the rectangle the ranges share."""
    ranges: list[Items] = [[]]
    for node in nodes:
        if formula.is_operator(node, " "):
            ranges.append([])
        else:
            ranges[-1].append(node)
    areas = [_static_area(rewriter, part) for part in ranges]
    known = [area for area in areas if area is not None]
    if len(known) < len(areas):
        return rewriter.cannot("#VALUE!", "only ranges written as cells, names or tables can be intersected")
    sheets = {sheet for sheet, _ in known}
    shared: Area | None = known[0][1]
    for _, area in known[1:]:
        shared = shared.intersection(area) if shared else None
    if len(sheets) > 1 or shared is None:
        return "#NULL!"
    sheet = sheets.pop()
    return rewriter.outer(f"{quoted(sheet)}!{shared}" if sheet else str(shared))


def _static_area(rewriter: Rewriter, nodes: Items) -> tuple[str, Area] | None:
    """The sheet ("" for the formula's own) and rectangle of a range known without evaluating."""
    if len(nodes) == 1 and isinstance(nodes[0], Leaf) and nodes[0].kind == "name":
        defined = rewriter.defined(nodes[0])
        return _static_area(rewriter, defined) if defined else None
    if len(nodes) == 1 and isinstance(nodes[0], Leaf) and nodes[0].kind == "table":
        rewriter.one_place = True
        text = rewriter.cells(nodes).replace("\ue002", str(rewriter.place.row))
        sheet, _, cells = text.rpartition("!")
        return (sheet.strip("'").replace("''", "'"), parse_area(cells)) if cells != "#REF" else None
    corners = [node for node in nodes if isinstance(node, Reference)]
    if not corners or len(corners) not in (1, 2) or len(nodes) != 2 * len(corners) - 1:
        return None
    sheet = rewriter.sheet(corners[0].sheet) or "" if corners[0].sheet else ""
    return sheet, parse_area(":".join(rewriter.reference_text(corner) for corner in corners))


def spilled_range(rewriter: Rewriter, nodes: Items) -> str:
    """`A1#`: the whole array that the formula in a cell gave."""
    if len(nodes) == 1 and isinstance(nodes[0], Leaf) and nodes[0].kind == "name":
        defined = rewriter.defined(nodes[0])
        return spilled_range(rewriter, defined) if defined else rewriter.cells(nodes)
    if len(nodes) != 1 or not isinstance(nodes[0], Reference) or nodes[0].lines:
        return rewriter.cannot("#REF!", "# can follow one cell only")
    sheet = rewriter.sheet(nodes[0].sheet) if nodes[0].sheet else rewriter.place.sheet
    frames, rewriter.frames = rewriter.frames, []
    cell = rewriter.cells(nodes)
    rewriter.frames = frames
    name = (sheet or "").replace('"', '""')
    return rewriter.outer(f'XLINV__SPILLED("{name}",ROW({cell}),COLUMN({cell}),{cell})')


def _members(rewriter: Rewriter, items: Items) -> list[str] | None:
    """The ranges of a union or a 3-D reference, or None where the argument is neither."""
    if len(items) == 1 and isinstance(items[0], Group) and len(items[0].parts) > 1:
        members: list[str] = []
        for part in items[0].parts:
            members.extend(_members(rewriter, part) or [rewriter.items(part)])
        return members
    if items and isinstance(items[0], Reference) and ":" in items[0].sheet:
        return _across_sheets(rewriter, items)
    return None


def _across_sheets(rewriter: Rewriter, items: Items) -> list[str] | None:
    name = items[0].sheet[:-1]  # type: ignore[union-attr]
    if name.startswith("'"):
        name = name[1:-1].replace("''", "'")
    first, _, last = name.rpartition("]")[2].partition(":")
    sheets = rewriter.book.sheets
    ends = [rewriter.book.sheet(first), rewriter.book.sheet(last)]
    if "[" in name or None in ends:
        return None
    low, high = sorted(sheets.index(end) for end in ends if end is not None)
    texts = []
    for sheet in sheets[low : high + 1]:
        head = items[0]
        assert isinstance(head, Reference)
        on_sheet = Reference(head.index, quoted(sheet) + "!", head.text, head.lines)
        texts.append(rewriter.cells([on_sheet, *items[1:]]))
    return texts


def _aggregate(rewriter: Rewriter, call: Call) -> str:
    rewriter.depth += 1
    texts = []
    for items in call.arguments:
        texts.extend(_members(rewriter, items) or [rewriter.items(items)])
    rewriter.depth -= 1
    return f"{call.name}({','.join(texts)})"


def _ranking(rewriter: Rewriter, call: Call) -> str:
    members = _members(rewriter, call.arguments[0]) if call.arguments else None
    if members is None:
        return lifting.call(rewriter, call)
    stacked = ",".join(f"TOCOL({member},1)" for member in members)
    return f"{call.name}(VSTACK({stacked}),{rewriter.arguments(call.arguments[1:])})"


def _areas(rewriter: Rewriter, call: Call) -> str:
    argument = call.arguments[0] if call.arguments else []
    if len(argument) == 1 and isinstance(argument[0], Group):
        return str(len(argument[0].parts))
    return "1"


def _single(rewriter: Rewriter, call: Call) -> str:
    """`@`: the cell of a range in this formula's row or column, or an array's first cell."""
    items = call.arguments[0] if call.arguments else []
    if len(items) == 1 and isinstance(items[0], Call):
        return f"XLINV__FIRST({rewriter.items(items)})"
    cells = rewriter.items(items)
    if rewriter.single(items):
        return f"({cells})"
    return f"IF(ROWS({cells})*COLUMNS({cells})=1,INDEX({cells},1,1),@{cells})"


def _anchor_array(rewriter: Rewriter, call: Call) -> str:
    return spilled_range(rewriter, call.arguments[0] if call.arguments else [])


def _row_or_column(rewriter: Rewriter, call: Call) -> str:
    """The engine gives only the first row or column of a range; Excel gives all."""
    if not call.arguments or rewriter.single(call.arguments[0]):
        return rewriter.plain_call(call.name, call.arguments)
    cells = rewriter.arguments(call.arguments)
    if call.name == "ROW":
        return f"(ROW(INDEX({cells},1,1))+SEQUENCE(ROWS({cells}),1,0))"
    return f"(COLUMN(INDEX({cells},1,1))+SEQUENCE(1,COLUMNS({cells}),0))"


def _choose(rewriter: Rewriter, call: Call) -> str:
    """`CHOOSE({1,2}, a, b)` sets arrays side by side, which IF does as well."""
    if not call.arguments or rewriter.single(call.arguments[0], trusting=True):
        return rewriter.plain_call(call.name, call.arguments)
    index, *choices = [rewriter.items(items) for items in call.arguments]
    text = "#VALUE!"
    for number in range(len(choices), 0, -1):
        text = f"IF({index}={number},{choices[number - 1] or 0},{text})"
    return text


def _joined(rewriter: Rewriter, call: Call) -> str:
    """CONCATENATE is `&`."""
    return f"XLINV__JOIN({rewriter.arguments(call.arguments)})"


def _with_numbers_as_text(rewriter: Rewriter, call: Call) -> str:
    """CONCAT and TEXTJOIN write numbers to 15 digits."""
    texts = [
        rewriter.items(items)
        if _is_text(items)
        else f"XLINV__SHOWN({rewriter.items(items)})"
        if items
        else ""
        for items in call.arguments
    ]
    return f"{call.name}({','.join(texts)})"


def _is_text(items: Items) -> bool:
    return len(items) == 1 and isinstance(items[0], Leaf) and items[0].kind != "number"


def _xlookup(rewriter: Rewriter, call: Call) -> str:
    """The engine's XLOOKUP wants sorted cells for the next smaller or larger item; its XMATCH does not."""
    mode = call.arguments[4] if len(call.arguments) > 4 else []
    exact = not mode or (len(mode) == 1 and isinstance(mode[0], Leaf) and mode[0].text in ("0", "2"))
    if exact or not rewriter.single(call.arguments[0], trusting=True):
        return lifting.call(rewriter, call)
    wanted, within, results, missing = [rewriter.items(items) for items in call.arguments[:4]]
    how = rewriter.arguments(call.arguments[4:])
    return (
        f"LET(_place,XMATCH({wanted},{within},{how}),IF(ISNA(_place),{missing or '#N/A'},"
        f"IF(ROWS({within})=1,INDEX({results},0,_place),INDEX({results},_place,0))))"
    )


def _aggregate_rows(rewriter: Rewriter, call: Call) -> str:
    """Hidden rows do not count in some of these, and values do not tell which rows are hidden."""
    matters = rewriter.book.filtered_rows or (rewriter.book.hidden_rows and not _counts_hidden_rows(call))
    if matters:
        return rewriter.cannot("#VALUE!", f"{call.name} leaves out hidden rows, which only Excel does")
    summary = call.name == "AGGREGATE" and _literal(call, 0, 14) < 12
    if summary and all(map(lifting.is_written_range, call.arguments[2:])):
        return f"AGGREGATE({rewriter.arguments(call.arguments)})"  # leaves out subtotals within the range
    return rewriter.plain_call(call.name, call.arguments)


def _counts_hidden_rows(call: Call) -> bool:
    """AGGREGATE with an option that ignores errors only or nothing, SUBTOTAL with a number below 100."""
    if call.name == "AGGREGATE":
        return _literal(call, 1, 7) in (0, 2, 4, 6)
    return _literal(call, 0, 109) < 100


def _literal(call: Call, position: int, otherwise: float) -> float:
    """An argument written as a plain number."""
    items = call.arguments[position] if len(call.arguments) > position else []
    if len(items) != 1 or not isinstance(items[0], Leaf) or items[0].kind != "number":
        return otherwise
    return float(items[0].text)


def _offset(rewriter: Rewriter, call: Call) -> str:
    """The engine knows no height or width below 0, which reach up and to the left."""
    sizes = call.arguments[3:]
    if not any(any(formula.is_operator(node, "-") for node in items) for items in sizes):
        return _positional(rewriter, call)
    start, *shifts = [rewriter.arguments([items]) or "0" for items in call.arguments[:3]]
    moved = [
        f"{shift}+MIN(0,{size}+1)" if size else shift
        for shift, size in zip(shifts, [rewriter.arguments([items]) for items in sizes] + [""], strict=False)
    ]
    lengths = [f"ABS({rewriter.arguments([items])})" if items else "" for items in sizes]
    return rewriter.outer(f"OFFSET({','.join([start, *moved, *lengths])})")


def _indirect(rewriter: Rewriter, call: Call) -> str:
    """A name or table in quotes; the engine knows addresses only."""
    text = call.arguments[0] if len(call.arguments) == 1 else []
    if is_text(text):
        written = text[0].text[1:-1].replace('""', '"')  # type: ignore[union-attr]
        items = formula.parse(formula.shape(written).key)
        if len(items) == 1 and isinstance(items[0], Leaf) and items[0].kind in ("name", "table"):
            return rewriter.items(items)
    return _positional(rewriter, call)


def _is_formula(rewriter: Rewriter, call: Call) -> str:
    """The engine tells a formula by its text only."""
    return f"NOT(ISERROR({_positional(rewriter, Call('FORMULATEXT', call.arguments))}))"


def _formula_text(rewriter: Rewriter, call: Call) -> str:
    return rewriter.cannot("#N/A", "FORMULATEXT spells formulas as Excel shows them, which only Excel does")


def _omitted(rewriter: Rewriter, call: Call) -> str:
    return "FALSE"


def _positional(rewriter: Rewriter, call: Call) -> str:
    """A function that looks at where a range lies: inside a lambda's body it runs outside it."""
    if not rewriter.frames:
        if call.name in ("ROW", "COLUMN"):
            return _row_or_column(rewriter, call)
        return rewriter.plain_call(call.name, call.arguments)
    frames, scope = rewriter.frames, rewriter.scope
    if any(_uses(items, set(scope)) for items in call.arguments):
        return rewriter.cannot("#VALUE!", f"{call.name} of a lambda's parameter has no place to look at")
    rewriter.frames = []
    text = _positional(rewriter, call)
    rewriter.frames = frames
    return rewriter.outer(text)


def _uses(items: Items, names: set[str]) -> bool:
    for node in items:
        match node:
            case Leaf("name", text) if bound_name(text) in names:
                return True
            case Call(_, parts) | Group(parts) | Invocation(_, parts):
                if any(_uses(part, names) for part in parts):
                    return True
    return False


# Functions of ours that carry a built-in name (supplied.py), and so need another one in the engine.
ENGINE_NAMES: Final = {
    name: f"XLINV__{name}" for name in supplied.FUNCTIONS if name not in supplied.ON_REQUEST
}

SPECIAL: Final[dict[str, Callable[[Rewriter, Call], str]]] = {
    **dict.fromkeys(_AGGREGATES, _aggregate),
    **dict.fromkeys(_RANKINGS, _ranking),
    **dict.fromkeys("ROW COLUMN CELL SHEET ISREF".split(), _positional),
    **dict.fromkeys("SUMIFS COUNTIFS AVERAGEIFS MAXIFS MINIFS".split(), unlike_excel.of_one_shape),
    **dict.fromkeys(("ROWS", "COLUMNS"), unlike_excel.size),
    "FORMULATEXT": _formula_text,
    "INDIRECT": _indirect,
    "ISFORMULA": _is_formula,
    "LOOKUP": unlike_excel.lookup,
    "OFFSET": _offset,
    "SUMPRODUCT": unlike_excel.sum_of_products,
    **dict.fromkeys("MAP BYROW BYCOL REDUCE SCAN MAKEARRAY".split(), lambda_syntax.over_array),
    "AREAS": _areas,
    "SINGLE": _single,
    "ANCHORARRAY": _anchor_array,
    "AGGREGATE": _aggregate_rows,
    "SUBTOTAL": _aggregate_rows,
    "CHOOSE": _choose,
    "CONCAT": _with_numbers_as_text,
    "CONCATENATE": _joined,
    "TEXTJOIN": _with_numbers_as_text,
    "XLOOKUP": _xlookup,
    "LET": lambda_syntax.let,
    "LAMBDA": lambda_syntax.lambda_value,
    "ISOMITTED": _omitted,
}
