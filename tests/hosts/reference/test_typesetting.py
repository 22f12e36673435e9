"""Formulas set from plain text: what becomes a fraction, a root or a script, and that nothing is lost."""

import html
import re
from collections import Counter

import pytest

from xlinv.catalogue import Function
from xlinv.functions import CATALOGUE
from xlinv.hosts.reference.typesetting import typeset

TAG = re.compile(r"<(/?)(\w+)[^>]*?(/?)>")


def fractions(formula: str, names: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Numerator and denominator of each innermost fraction, without markup."""
    found = re.findall(
        r'<span class="fraction"><span>((?:(?!<span class="fraction">).)*?)</span><span>(.*?)</span></span>',
        typeset(formula, names),
    )
    return [(text(above), text(below)) for above, below in found]


def text(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("K·D/Q + h·Q/2", [("K·D", "Q"), ("h·Q", "2")]),
        ("c_u/(c_u + c_o)", [("cu", "cu + co")]),
        ("inventory / cogs · days", [("inventory", "cogs")]),
        ("a · b / 365", [("a · b", "365")]),
        ("Σ w·x / Σ w", [("Σ w·x", "Σ w")]),
        ("mean of |f − x| / |x|", [("|f − x|", "|x|")]),
        ("reaches p/q", [("p", "q")]),
        ("a/b·c/d", [("a", "b"), ("c", "d")]),
        ("1 − e^(−x/y)", [("x", "y")]),
        ("2·(K + Σ k_i/m_i)", [("ki", "mi")]),
        ("K/Σ h_i·d_i, i all", [("K", "Σ hi·di")]),
        ("else actual/target", [("actual", "target")]),
        # Prose keeps its slash: nobody can tell where the operands end.
        ("sum of the values so far / total", []),
        ("(K + Σ cost)/periods covered does not rise", []),
        ("units/period", [("units", "period")]),
    ],
)
def test_a_slash_between_clear_operands_is_a_fraction(formula: str, expected: list[tuple[str, str]]) -> None:
    assert fractions(formula) == expected


def test_scripts_names_roots_and_labels() -> None:
    set_formula = typeset("csl: √(μ²·σ_L²) + d_{n+1} + on_hand", ("on_hand",))
    assert '<span class="label">csl</span>' in set_formula
    assert '<span class="root"' in set_formula
    assert "<var>σ</var><sub><var>L</var></sub>²" in set_formula
    assert "<var>d</var><sub><var>n</var>+1</sub>" in set_formula
    assert '<var class="argument">on_hand</var>' in set_formula


def test_an_a_is_a_symbol_where_it_bears_an_index() -> None:
    assert typeset("a_t − a_{t−1}").count("<var>a</var>") == 2
    assert "<var>a</var>" not in typeset("a share of the total")


def test_functions_are_linked_and_markup_is_escaped() -> None:
    assert '<a href="DIO.html">DIO</a>' in typeset("DIO(x)", (), ("DIO",))
    assert "<b>" not in typeset("x <b>y</b> & z")
    assert "&lt;" in typeset("a < b")


@pytest.mark.parametrize("formula", ["", "(", "))(", "√", "/", "a/", "/b", "_", "|x", "Σ", "x_{", "a / / b"])
def test_broken_formulas_are_set_all_the_same(formula: str) -> None:
    assert_balanced(typeset(formula))


@pytest.mark.parametrize("declared", CATALOGUE.values(), ids=lambda f: f.name)
def test_nothing_of_a_formula_is_lost(declared: Function) -> None:
    names = [parameter.name for parameter in declared.parameters]
    set_formula = typeset(declared.formula, names, CATALOGUE)
    assert_balanced(set_formula)
    kept = [c for c in text(set_formula) if c.isalnum() or c in "+−·=<>≤≥Σ|"]
    wanted = [c for c in declared.formula if c.isalnum() or c in "+−·=<>≤≥Σ|"]
    assert Counter(kept) == Counter(wanted)


def assert_balanced(markup: str) -> None:
    stack: list[str] = []
    for closing, tag, empty in TAG.findall(markup):
        if closing:
            assert stack.pop() == tag
        elif not empty:
            stack.append(tag)
    assert not stack
