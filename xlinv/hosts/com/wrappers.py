"""The VBA module of cell functions, generated from the catalogue."""

import unicodedata
from collections.abc import Iterable
from typing import Final

from xlinv.catalogue import Function
from xlinv.catalogue.documentation import argument_text
from xlinv.hosts.com import CATEGORY

MODULE_NAME: Final = "XlinvFunctions"
LINE_LIMIT: Final = 110
_DESCRIPTION_LIMIT: Final = 255  # of Application.MacroOptions, per text

# Words that VBA keeps for itself, in lower case; an argument called so gets an underscore.
RESERVED: Final = frozenset(
    """
    addressof alias and any append as attribute base binary boolean byref byte byval call case cdate
    close compare const currency date declare default dim do double each else elseif empty end endif
    enum erase error event exit explicit false for friend function get global gosub goto if imp
    implements in input integer is let lib like line lock long loop lset me mid mod name new next not
    nothing null object of on open option optional or output paramarray preserve print private property
    public put raiseevent random read redim rem resume return rset seek select set single spc static
    step stop string sub tab text then time to true type typeof until variant wend while with withevents
    write xor
    """.split()
)


def functions_module(functions: Iterable[Function]) -> str:
    """Source of the module in which every function of the catalogue is a cell function."""
    parts = [
        f'Attribute VB_Name = "{MODULE_NAME}"',
        "Option Explicit",
        "' Generated from the catalogue: one function per declaration, nothing computed here.",
    ]
    functions = list(functions)
    parts += [_wrapper(declared) for declared in functions]
    parts.append(_registration(functions))
    return "\n".join(parts) + "\n"


def argument_names(declared: Function) -> list[str]:
    """The arguments as VBA names them: never a word of the language, never the function's own name."""
    return [
        f"{parameter.name}_"
        if parameter.name in RESERVED or parameter.name == declared.name.lower()
        else parameter.name
        for parameter in declared.parameters
    ]


def _wrapper(declared: Function) -> str:
    names = argument_names(declared)
    head = _joined(
        f"Public Function {declared.name}(", [f"Optional {n} As Variant" for n in names], ") As Variant"
    )
    body = _joined(
        f'    {declared.name} = XlinvAnswer("{declared.name}", Array(',
        [f"XlinvValue({n})" for n in names],
        "))",
    )
    description = f"Attribute {declared.name}.VB_Description = {_literal(declared.summary)}"
    return f"\n{head}\n{description}\n{body}\nEnd Function"


def _registration(functions: list[Function]) -> str:
    """The procedure that gives Excel's function wizard category, help and argument descriptions."""
    lines = ["", "Public Sub XlinvDescribeFunctions()"]
    lines += [f"    XlinvDescribe{number}" for number in range(len(functions))]
    lines.append("End Sub")
    for number, declared in enumerate(functions):
        lines += ["", f"Private Sub XlinvDescribe{number}()"]
        count = len(declared.parameters)
        options = f'Macro:="{declared.name}", Description:={_text(declared.summary)}, Category:="{CATEGORY}"'
        if count:
            lines.append(f"    Dim help(1 To {count}) As String")
            lines += [
                f"    help({position}) = {_text(argument_text(parameter))}"
                for position, parameter in enumerate(declared.parameters, start=1)
            ]
            options += ", ArgumentDescriptions:=help"
        lines += [f"    Application.MacroOptions {options}", "End Sub"]
    return "\n".join(lines)


def _literal(text: str) -> str:
    """One string in plain ASCII: an attribute takes no expression, so it cannot hold other letters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "replace").decode()
    return '"' + plain.replace('"', '""') + '"'


def _text(text: str) -> str:
    """A VBA string literal in plain ASCII, within what Excel takes as a description."""
    shortened = text if len(text) <= _DESCRIPTION_LIMIT else text[: _DESCRIPTION_LIMIT - 3] + "..."
    pieces: list[str] = []
    plain = ""
    for character in shortened:
        if ord(character) < 128:
            plain += character.replace('"', '""')
            continue
        if plain:
            pieces.append(f'"{plain}"')
            plain = ""
        pieces.append(f"ChrW({ord(character)})")
    if plain or not pieces:
        pieces.append(f'"{plain}"')
    return " & ".join(pieces)


def _joined(head: str, items: list[str], tail: str) -> str:
    """`head`, the items and `tail`, continued over lines where one would be too long."""
    line = head + ", ".join(items) + tail
    if len(line) <= LINE_LIMIT:
        return line
    lines = [head]
    for position, item in enumerate(items):
        piece = item + (", " if position < len(items) - 1 else tail)
        if len(lines[-1]) + len(piece) > LINE_LIMIT:
            lines.append("        " + piece)
        else:
            lines[-1] += piece
    return " _\n".join(line.rstrip() for line in lines)
