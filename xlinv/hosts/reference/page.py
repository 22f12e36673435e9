"""The pages of the site: one per function, and the index; every text escaped."""

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Final

from xlinv.catalogue import Example, Function, Parameter
from xlinv.catalogue.declaration import literal
from xlinv.catalogue.documentation import SHAPES, parts_and_unit, shape, shown
from xlinv.cells import Block, Cell, CellError
from xlinv.hosts.reference.pictures import Picture
from xlinv.hosts.reference.typesetting import typeset
from xlinv.version import __version__

_WIDE: Final = 3  # columns of a result that stand beside its formula


def function_page(declared: Function, functions: Mapping[str, Function], picture: Picture | None) -> str:
    """Everything that the declaration says, its formula typeset, its picture drawn."""
    names = [parameter.name for parameter in declared.parameters]
    others = [name for name in functions if name != declared.name]
    sections = [
        f'<a class="family" href="index.html#{_anchor(declared.family)}">{escape(declared.family)}</a>'
        f"<h1>{escape(declared.name)}</h1>"
        f'<p class="lead">{escape(declared.summary)}</p>{_signature(declared)}'
    ]
    if declared.parameters:
        sections.append(f"<h2>Arguments</h2>{_arguments(declared.parameters)}")
    sections.append(f"<h2>Result</h2>{_result(declared)}")
    sections.append(
        f'<h2>Formula</h2><div class="card" title="{escape(declared.formula)}">'
        f"{typeset(declared.formula, names, others)}</div>"
    )
    if picture is not None:
        sections.append(
            f'<h2>Picture</h2><div class="card plot">{picture.html()}{_drawn_from(picture)}</div>'
        )
    sections.append(f"<h2>Examples</h2>{_examples(declared.examples)}")
    sections.append(f"<h2>Provenance</h2>{_provenance(declared)}")
    return _document(f"{declared.name} · xlinv", "".join(sections))


def index_page(functions: Mapping[str, Function]) -> str:
    """All functions by family."""
    families: dict[str, list[Function]] = {}
    for declared in functions.values():
        families.setdefault(declared.family, []).append(declared)
    jumps = "".join(
        f'<a href="#{_anchor(family)}">{escape(family)} · {len(members)}</a>'
        for family, members in families.items()
    )
    cards = "".join(
        f'<h2 id="{_anchor(family)}">{escape(family)}</h2><div class="index">{_cards(members)}</div>'
        for family, members in families.items()
    )
    return _document(
        "xlinv: the functions",
        f'<h1>The functions</h1><p class="lead">{len(functions)} functions for inventory and '
        "working capital, the same in Excel, in LibreOffice, without either, and in Python: "
        f'<code>xlinv.evaluate("=EOQ(1300, 8, 0.225)")</code>.</p><div class="families">{jumps}</div>{cards}',
    )


def _document(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="reference.css"></head><body>'
        '<header><div><a href="index.html">xlinv<small>function reference</small></a>'
        '<div class="search"><input type="search" placeholder="Search: reorder point, fill rate …   /" '
        'aria-label="Search the functions" autocomplete="off"><ul></ul></div></div></header>'
        f"<main>{body}</main><footer>xlinv {escape(__version__)}</footer>"
        '<script src="index.js"></script><script src="search.js"></script></body></html>\n'
    )


def _anchor(family: str) -> str:
    return escape(family.lower().replace(" ", "-"))


def _cards(members: Iterable[Function]) -> str:
    return "".join(
        f'<a href="{escape(f.name)}.html"><b>{escape(f.name)}</b>{escape(f.summary)}</a>' for f in members
    )


def _signature(declared: Function) -> str:
    shown_arguments = declared.signature.removeprefix(declared.name + "(").removesuffix(")")
    arguments = escape(shown_arguments).replace("[", "<i>[").replace("]", "]</i>")
    return f'<div class="signature"><b>={escape(declared.name)}</b>({arguments})</div>'


def _arguments(parameters: Iterable[Parameter]) -> str:
    rows = "".join(
        f'<tr><td class="code name">{escape(p.name)}</td><td>{escape(p.meaning)}<br>'
        f'<small>{escape(shape(p))}</small></td><td data-label="unit">{escape(p.unit)}</td>'
        f'<td data-label="domain">{escape(_domain(p))}</td><td data-label="default">{_default(p)}</td></tr>'
        for p in parameters
    )
    return (
        "<table><tr><th>Name</th><th>Meaning</th><th>Unit</th><th>Domain</th><th>Default</th></tr>"
        f"{rows}</table>"
    )


def _domain(parameter: Parameter) -> str:
    rule = parameter.domain.replace("must be ", "").replace(">=", "≥").replace("<=", "≤")
    return re.sub("([≥≤<>]) ", "\\1\u00a0", rule)


def _default(parameter: Parameter) -> str:
    if parameter.required:
        return "required"
    return "optional" if parameter.default is None else f"<code>{escape(literal(parameter.default))}</code>"


def _result(declared: Function) -> str:
    result = declared.result
    names, unit = parts_and_unit(result)
    parts = f"<p>{', '.join(f'<code>{escape(name)}</code>' for name in names)}</p>" if names else ""
    meaning = f"<p>{escape(result.meaning)}</p>" if result.meaning else ""
    kind = SHAPES[declared.result_kind].capitalize() + (f" in {unit}." if unit else ":")
    return f'<div class="card"><p>{escape(kind)}</p>{parts}{meaning}</div>'


def _drawn_from(picture: Picture) -> str:
    formulas = dict.fromkeys(line.formula for line in picture.lines)
    shown_formulas = "<br>".join(f"<code>{escape(formula)}</code>" for formula in formulas)
    return f"<details><summary>Drawn from</summary>{shown_formulas}</details>"


def _examples(examples: Iterable[Example]) -> str:
    rows = "".join(map(_example, examples))
    return f"<table><tr><th>Formula</th><th>Shows</th><th>Why</th></tr>{rows}</table>"


def _example(example: Example) -> str:
    """One row; two where the result is so wide that it would squeeze the formula and the reason."""
    formula, why = f'<td class="code">{escape(example.formula)}</td>', escape(example.why)
    if isinstance(example.shows, list) and len(example.shows[0]) > _WIDE:
        return (
            f'<tr class="above">{formula}<td colspan="2">{why}</td></tr>'
            f'<tr><td colspan="3">{_spill(example.shows)}</td></tr>'
        )
    if isinstance(example.shows, list):
        return f"<tr>{formula}<td>{_spill(example.shows)}</td><td>{why}</td></tr>"
    kind = "code error" if example.is_error else "code"
    return f'<tr>{formula}<td class="{kind}">{escape(shown(example.shows))}</td><td>{why}</td></tr>'


def _spill(shows: Block) -> str:
    rows = "".join(f"<tr>{''.join(map(_spilled, row))}</tr>" for row in shows)
    return f'<table class="spill">{rows}</table>'


def _spilled(cell: Cell) -> str:
    return (
        f'<td class="error">{cell}</td>' if isinstance(cell, CellError) else f"<td>{escape(shown(cell))}</td>"
    )


def _provenance(declared: Function) -> str:
    facts = {
        "Source": escape(declared.source),
        "Requirements": ", ".join(map(escape, declared.serves)),
        "Version": "; ".join([escape(declared.version), *map(escape, declared.changes)]),
        "In Python": f"<code>xlinv.functions.{escape(declared.python_name)}(…)</code>",
    }
    rows = "".join(f"<dt>{term}</dt><dd>{fact}</dd>" for term, fact in facts.items() if fact)
    return f'<div class="card"><dl class="facts">{rows}</dl></div>'
