"""Importing xlinv stays cheap."""

import subprocess
import sys

import pytest

HEAVY = ("numba", "scipy", "pandas", "openpyxl", "xlwings", "pydantic")


@pytest.mark.parametrize(
    "code",
    [
        "import xlinv",
        "import xlinv.functions",
        "import xlinv; assert xlinv.evaluate('=SAFETYSTOCK(0.95,20,4)') > 0",
        "import xlinv; assert xlinv.evaluate('=EOQ(1300,8,0.225)') > 0",
    ],
)
def test_nothing_heavy_is_imported_for_a_first_value(code: str) -> None:
    program = f"{code}\nimport sys\nprint([name for name in {HEAVY} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
