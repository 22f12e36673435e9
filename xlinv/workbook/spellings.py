"""How files and the engine spell functions and variables."""

import re
from typing import Final

# Names under which the engine knows functions of our own; no user's function can be spelled so.
OWN: Final = "XLINV__"
BATCHED: Final = "XLINV__BATCHED."

_PREFIXES: Final = re.compile(r"^(?:_xlfn\.|_xlws\.|_xll\.|_xludf\.|_xleta\.)+", re.IGNORECASE)
_OUR_PREFIXES: Final = re.compile(r"^(?:_xldudf_)?XLINV[._]", re.IGNORECASE)


def function_name(text: str) -> str:
    """A function's name without the prefixes that files put before newer functions."""
    return _PREFIXES.sub("", text).upper()


def own_name(text: str) -> str:
    """A function's name without any prefix, ours included, as the catalogue has it."""
    return _OUR_PREFIXES.sub("", function_name(text))


def bound_name(text: str) -> str:
    """A LET or LAMBDA variable without its stored prefix, in lower case."""
    return text.lower().removeprefix("_xlpm.")


def spelled(name: str) -> str:
    """A variable as the engine reads it: never a cell address or a built-in name."""
    return "_v_" + re.sub(r"\W", lambda match: f"_{ord(match[0])}_", name)


def may_be_our_addin(prefix: str) -> bool:
    """`[1]!`, where Excel keeps the path elsewhere, or a path that ends in our add-in's name."""
    return bool(re.fullmatch(r"\[\d+\]!|'?(?:.*[\\/\[])?xlinv[^\\/]*\.xlam\]?'?!", prefix, re.IGNORECASE))
