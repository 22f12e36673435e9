"""The first value in a fresh process, and what importing xlinv does not import."""

import subprocess
import sys
import time

import pytest

from tests.benchmarks.conftest import Claim

pytestmark = pytest.mark.benchmark


def fastest(*command: str, runs: int = 9) -> float:
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def test_the_first_value_takes_at_most_three_imports_of_numpy(claim: Claim) -> None:
    ours = fastest(sys.executable, "-m", "xlinv", "eval", "=SAFETYSTOCK(0.95,20,4)")
    numpy = fastest(sys.executable, "-c", "import numpy")
    claim("First value in a fresh process", f"{ours / numpy:.1f} × `import numpy`", "≤ 3 ×")
    assert ours <= 3 * numpy
