"""The template workbooks, by name, each built from code and filled with the sample company or left empty."""

import importlib
import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from xlinv.cells import InputError

# The module that builds each template, by the name a user gives.
TEMPLATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "inventory_policy": "xlinv.templates.inventory_policy",
        "network_meio": "xlinv.templates.network_meio",
    }
)


def summary(template: str) -> str:
    """What a template is for, in one line."""
    text: str = importlib.import_module(_module_of(template)).SUMMARY
    return text


def create(template: str, out: Path, empty: bool = False, replace: bool = False) -> None:
    """Build a template, recalculate it and put it at `out`, whole or not at all.

    Args:
        template: a name of TEMPLATES.
        out: the workbook to write, ending in .xlsx.
        empty: no company in it, only the structure.
        replace: write over an existing file.

    Raises:
        InputError: no such template, a file that exists already, or a place that cannot be written.
    """
    from xlinv.templates.company import empty_company, sample_company
    from xlinv.workbook.recalculation import recalculate

    module = importlib.import_module(_module_of(template))
    if out.suffix.lower() != ".xlsx":
        raise InputError("out", "must end in .xlsx", str(out))
    if out.exists() and not replace:
        raise InputError("out", "exists already and is left as it is", str(out))
    if not out.parent.is_dir():
        raise InputError("out", "must lie in a folder that exists", str(out))
    made = out.with_name(f".{out.name}")
    try:
        module.build(made, empty_company() if empty else sample_company())
        recalculate(made)
        os.replace(made, out)
    finally:
        made.unlink(missing_ok=True)


def _module_of(template: str) -> str:
    if template not in TEMPLATES:
        raise InputError("template", f"must be one of {', '.join(TEMPLATES)}", template)
    return TEMPLATES[template]
