"""A formula in plain text, set as HTML: fractions, roots, scripts, and names that can be told from prose."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from html import escape
from typing import Final

_TOKEN: Final = re.compile(
    r"(?P<space>\s+)|(?P<number>\d+(?:[.,]\d+)*)|(?P<word>Σ|(?:(?!Σ)[^\W\d_])(?:\w*[^\W_])?(?:['.][A-Za-z]+)*)"
    r"|(?P<script>_(?:\{[^}]*\}|\w))|(?P<sign>.)"
)
_CLOSING: Final = {"(": ")", "[": "]", "{": "}", "⌈": "⌉"}
# Words that end an operand; next to any other word a slash belongs to prose and stays as it is.
_JOINING: Final = frozenset("and by else if is of or over than the where with".split())
_PREFIXES: Final = frozenset({"Σ", "mean", "min", "max", "√"})
_CHAINED: Final = frozenset("·")
_RAISED: Final = "⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ"
_RADICAL: Final = (
    '<svg class="radical" viewBox="0 0 10 20" preserveAspectRatio="none" aria-hidden="true">'
    '<path d="M0 12 L2.4 10.6 L5.6 19.4 L10 0.4" vector-effect="non-scaling-stroke"/></svg>'
)


@dataclass(frozen=True)
class _Piece:
    """Something set already: its HTML, what it looked like, and its inside where it is a bracketed group."""

    html: str
    kind: str
    text: str = ""
    inside: str = ""

    @property
    def is_operand(self) -> bool:
        return self.kind in ("name", "word", "number", "group", "call", "fraction", "root")


def typeset(formula: str, names: Collection[str] = (), links: Collection[str] = ()) -> str:
    """The formula as HTML, one line per clause.

    Args:
        formula: plain text as in a declaration; "; " between its clauses.
        names: the arguments of the function, set as such though they contain an underscore.
        links: functions of which there is a page.
    """
    clauses = [f'<div class="clause">{_clause(c, names, links)}</div>' for c in _clauses(formula)]
    return f'<div class="formula">{"".join(clauses)}</div>'


def _clauses(formula: str) -> list[str]:
    """The formula cut at the semicolons and sentence ends that stand outside all brackets."""
    clauses, depth = [""], 0
    for part in re.split(r"(;\s|\.\s(?=[A-Z])|[()\[\]{}])", formula):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(part, 0)
        if depth == 0 and part[:1] in (";", ".") and part[1:2].isspace():
            clauses.append("")
        else:
            clauses[-1] += part
    return [clause.strip() for clause in clauses if clause.strip()]


def _clause(text: str, names: Collection[str], links: Collection[str]) -> str:
    label = re.match(r"([\w, ()]{2,24}): ", text)
    head = ""
    if label:
        head, text = f'<span class="label">{escape(label[1])}</span> ', text[label.end() :]
    return head + _Setter(text, names, links).all()


class _Setter:
    """One clause on its way from text to HTML."""

    def __init__(self, text: str, names: Collection[str], links: Collection[str]) -> None:
        self.tokens = [(m.lastgroup or "", m[0]) for m in _TOKEN.finditer(text)]
        self.names, self.links, self.position = names, links, 0

    def all(self) -> str:
        html = ""
        while self.position < len(self.tokens):
            html += _joined(self._row(""))
            if self.position < len(self.tokens):  # a bracket closed that was never opened
                html += escape(self.tokens[self.position][1])
                self.position += 1
        return html

    def _row(self, closing: str) -> list[_Piece]:
        """The pieces up to the closing sign, fractions made of them."""
        pieces: list[_Piece] = []
        while self.position < len(self.tokens):
            kind, text = self.tokens[self.position]
            if text == closing or (text in _CLOSING.values() and not closing):
                break
            self.position += 1
            if kind == "script" and pieces:
                base = pieces.pop()
                set_script = f"<sub>{typeset_inline(text[1:].strip('{}'))}</sub>"
                indexed = _base(base.text) if base.text == "a" else base.html
                pieces.append(_Piece(indexed + set_script, base.kind, base.text))
            else:
                pieces.append(self._piece(kind, text, pieces))
        return _fractions(pieces)

    def _piece(self, kind: str, text: str, before: list[_Piece]) -> _Piece:
        if kind == "word":
            return self._word(text)
        if kind == "number":
            return _Piece(text, "number", text)
        if kind == "space":
            return _Piece(" ", "space")
        if text == "|" or text in _CLOSING:
            return self._group(text, before)
        if text == "√":
            return self._root()
        if text == "^" and before and self.position < len(self.tokens):
            base, raised = before.pop(), self._next()
            return _Piece(f"{base.html}<sup>{raised.inside or raised.html}</sup>", base.kind, base.text)
        if text in _RAISED and before and before[-1].is_operand:
            base = before.pop()
            return _Piece(base.html + text, base.kind, base.text + text)
        return _Piece(escape(text), "sign", text)

    def _word(self, text: str) -> _Piece:
        if text in self.names:
            return _Piece(f'<var class="argument">{escape(text)}</var>', "name", text)
        if text in self.links:
            return _Piece(f'<a href="{escape(text)}.html">{escape(text)}</a>', "name", text)
        base, _, script = text.rstrip(_RAISED).partition("_")
        if script and (len(script) <= 2 or len(base) == 1):
            raised = text[len(text.rstrip(_RAISED)) :]
            return _Piece(f"{_base(base)}<sub>{_symbol(script)}</sub>{raised}", "name", text)
        kind = "name" if len(text.rstrip(_RAISED + "₀₁₂")) == 1 else "word"
        return _Piece(_symbol(text), kind, text)

    def _group(self, opening: str, before: list[_Piece]) -> _Piece:
        closing = _CLOSING.get(opening, "|")
        inside = _joined(self._row(closing))
        if self.position < len(self.tokens):
            self.position += 1
        else:
            closing = ""
        tall = ' class="tall"' if 'class="fraction"' in inside else ""
        whole = f"<span{tall}>{escape(opening)}</span>{inside}<span{tall}>{escape(closing)}</span>"
        if before and before[-1].kind in ("name", "word") and opening in "([":
            called = before.pop()
            return _Piece(called.html + whole, "call", called.text)
        return _Piece(whole, "group", opening, inside if opening == "(" else "")

    def _next(self) -> _Piece:
        """The next token, or the whole group that it opens."""
        kind, text = self.tokens[self.position]
        self.position += 1
        return self._piece(kind, text, [])

    def _root(self) -> _Piece:
        if self.position >= len(self.tokens):
            return _Piece("√", "sign", "√")
        under = self._next()
        return _Piece(
            f'<span class="root" aria-label="root of">{_RADICAL}'
            f'<span class="under">{under.inside or under.html}</span></span>',
            "root",
        )


def typeset_inline(text: str) -> str:
    """A short expression, such as an index, without fractions."""
    return "".join(_symbol(part) for part in re.split(r"(\w+)", text))


def _base(text: str) -> str:
    """What bears an index: slanted if one letter, be it an "a"."""
    return f"<var>{escape(text)}</var>" if text == "a" else _symbol(text)


def _symbol(text: str) -> str:
    """A symbol of one letter slanted, anything longer upright, and so the article of prose."""
    letters = [c for c in text if c.isalpha() and c not in "ⁿ"]
    slanted = len(letters) == 1 and letters[0] not in "ΣΦ" and text != "a"
    return f"<var>{escape(text)}</var>" if slanted else escape(text)


def _joined(pieces: list[_Piece]) -> str:
    return "".join(piece.html for piece in pieces)


def _fractions(pieces: list[_Piece]) -> list[_Piece]:
    """The pieces with each slash between two clear operands made a fraction, from left to right."""
    done: list[_Piece] = []
    rest = list(pieces)
    while rest:
        piece = rest.pop(0)
        if piece.text != "/" or piece.kind != "sign":
            done.append(piece)
            continue
        spaced = bool(done) and done[-1].kind == "space"
        start, stop = _left_operand(done, spaced), _right_operand(rest)
        if start is None or stop is None:
            done.append(piece)
            continue
        above, below = _trimmed(done[start:]), _trimmed(rest[:stop])
        del done[start:], rest[:stop]
        done.append(_Piece(_stacked(above, below), "fraction"))
    return done


def _trimmed(pieces: list[_Piece]) -> list[_Piece]:
    while pieces and pieces[0].kind == "space":
        pieces = pieces[1:]
    while pieces and pieces[-1].kind == "space":
        pieces = pieces[:-1]
    return pieces


def _stacked(above: list[_Piece], below: list[_Piece]) -> str:
    parts = [p[0].inside if len(p) == 1 and p[0].inside else _joined(p) for p in (above, below)]
    return f'<span class="fraction"><span>{parts[0]}</span><span>{parts[1]}</span></span>'


def _left_operand(done: list[_Piece], spaced: bool) -> int | None:
    """Where the operand before a slash begins: a product, its sum or mean sign included."""
    at = len(done) - 1 - spaced
    if at < 0 or not done[at].is_operand or done[at].text in _JOINING:
        return None
    while at > 0:
        before = done[at - 1]
        step = 2 if before.kind == "space" and at > 1 else 1
        if step == 2:
            before = done[at - 2]
        if before.text in _PREFIXES and (spaced or step == 1):
            at -= step
        elif before.text in _CHAINED and (spaced or step == 1):
            factor = at - step - 1
            if factor > 0 and done[factor].kind == "space":
                factor -= 1
            if factor < 0:
                return None
            if done[factor].kind == "fraction":  # a/b·c/d is set as two fractions
                break
            at = factor
        elif step == 2 and before.kind == done[at].kind == "word" and before.text not in _JOINING:
            return None
        else:
            break
    return at


def _right_operand(rest: list[_Piece]) -> int | None:
    """Where the operand after a slash ends: one factor, or the product that a sum or mean sign takes."""
    at = _skipped(rest, 0)
    summed = False
    while at < len(rest) and rest[at].text in _PREFIXES and rest[at].kind != "call":
        at, summed = _skipped(rest, at + 1), True
    if at >= len(rest) or not rest[at].is_operand or _goes_on_as_prose(rest, at):
        return None
    while summed and at + 2 < len(rest) and rest[at + 1].text in _CHAINED and rest[at + 2].is_operand:
        at += 2
    return at + 1


def _skipped(pieces: list[_Piece], at: int) -> int:
    return at + 1 if at < len(pieces) and pieces[at].kind == "space" else at


def _goes_on_as_prose(rest: list[_Piece], at: int) -> bool:
    """Whether the word there is the first of several, of which nobody can tell where they end."""
    if rest[at].kind != "word" or at + 2 >= len(rest) or rest[at + 1].kind != "space":
        return False
    after = rest[at + 2]
    return after.kind == "word" and after.text not in _JOINING - {"of", "with", "over"}
