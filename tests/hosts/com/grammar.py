"""A check of VBA source, as far as it can be made without Excel: lengths, blocks, declarations."""

import re
from collections.abc import Iterator

_LINE_LIMIT, _CONTINUATION_LIMIT = 1023, 24
_BLOCKS = (
    (re.compile(r"(Public |Private |Friend )?(Static )?(Function|Sub|Property \w+) ", re.I), "{2}"),
    (re.compile(r"If .* Then$", re.I), "If"),
    (re.compile(r"For ", re.I), "For"),
    (re.compile(r"Select Case ", re.I), "Select"),
    (re.compile(r"With ", re.I), "With"),
    (re.compile(r"Do( |$)", re.I), "Do"),
    (re.compile(r"Type \w+$", re.I), "Type"),
)
_ATTRIBUTE = re.compile(r'Attribute [\w.]+ = (?:""|True|False|-?\d+)')
_ENDS = {"next": "For", "loop": "Do"}


def statements(source: str) -> Iterator[tuple[int, str]]:
    """The logical lines without comments and strings, numbered by their first physical line."""
    buffer, start, continued = "", 1, 0
    for number, line in enumerate(source.splitlines(), start=1):
        assert len(line) <= _LINE_LIMIT, f"line {number} is longer than VBA takes"
        if not buffer:
            start, continued = number, 0
        code = re.sub(r'"(?:[^"]|"")*"', '""', line)
        code = code.split("'", 1)[0].rstrip()
        assert code.count('"') % 2 == 0, f"line {number}: a string is not closed"
        if code.endswith(" _"):
            continued += 1
            assert continued <= _CONTINUATION_LIMIT, f"line {number}: too many continuations"
            buffer += code[:-1]
            continue
        yield start, (buffer + code).strip()
        buffer = ""
    assert not buffer, "the last line is continued into nothing"


def check(source: str) -> list[str]:
    """Check the source and return the names of its procedures; AssertionError says what is wrong."""
    assert source.isascii(), "VBA source is stored in a code page: keep to ASCII"
    lines = list(statements(source))
    assert any(line == "Option Explicit" for _, line in lines), "Option Explicit is missing"
    procedures: list[str] = []
    open_blocks: list[tuple[str, int]] = []
    for number, line in lines:
        if line.startswith("Attribute "):
            assert _ATTRIBUTE.fullmatch(line), f"line {number}: an attribute takes one value, no expression"
        if not line or line.startswith(("#", "Attribute ")):
            continue
        ended = re.match(r"End (Function|Sub|Property|If|Select|With|Type)$", line, re.I)
        looped = re.match(r"(Next|Loop)\b", line, re.I)
        if ended or looped:
            kind = ended[1] if ended else _ENDS[looped[1].lower()]  # type: ignore[index]
            assert open_blocks, f"line {number}: nothing to end: {line}"
            opened, at = open_blocks.pop()
            assert opened.lower() == kind.lower(), f"line {number}: {line} ends the {opened} of line {at}"
            continue
        depth = line.count("(") - line.count(")")
        assert depth == 0, f"line {number}: brackets do not balance"
        for pattern, kind in _BLOCKS:
            matched = pattern.match(line)
            if (
                matched
                and not line.lower().startswith(("exit ", "declare "))
                and " declare " not in f" {line.lower()} "
            ):
                name = matched[3].split()[0] if kind == "{2}" else kind
                if kind == "{2}":
                    procedures.append(re.split(r"[ (]", line[matched.end() :])[0])
                    assert not open_blocks, f"line {number}: a procedure inside another"
                open_blocks.append((name, number))
                break
    assert not open_blocks, f"{open_blocks[-1][0]} of line {open_blocks[-1][1]} is never ended"
    lowered = [name.lower() for name in procedures]
    assert len(set(lowered)) == len(lowered), "two procedures share a name"
    return procedures
