"""Excel for Windows: VBA wrappers generated from the catalogue, and what stands behind them."""

from typing import Final

CATEGORY: Final = "Inventory"
"""Under this heading Excel's function wizard lists the functions."""
