"""What Excel for Windows would compute is what the catalogue computes."""

import json
import subprocess
import sys
from pathlib import Path

from xlinv.functions import CATALOGUE

ROOT = Path(__file__).resolve().parents[2]


def test_every_example_is_the_same_through_xlwings() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "tests.udfs.parity"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert shown.returncode == 0, shown.stderr
    report = json.loads(shown.stdout)
    assert report["examples"] >= len(CATALOGUE)
    assert report["differences"] == []
