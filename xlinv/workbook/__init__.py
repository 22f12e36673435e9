"""Workbooks without Excel: read, rewrite, evaluate, patch and check .xlsx packages."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlinv.workbook.recalculation import recalculate

__all__ = ["recalculate"]


def __getattr__(name: str) -> Any:
    """`recalculate`, imported when asked for: one formula needs nothing of it."""
    if name != "recalculate":
        raise AttributeError(f"module 'xlinv.workbook' has no attribute {name!r}")
    from xlinv.workbook import recalculation

    return recalculation.recalculate
