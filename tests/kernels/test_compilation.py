"""Kernels run plain on small inputs, compiled on large ones, and never stale."""

import subprocess
import sys
from pathlib import Path

import numpy as np

from xlinv.kernels.compilation import kernel

ROOT = Path(__file__).resolve().parents[2]


@kernel(compile_from=3)
def total(values: np.ndarray) -> float:
    result = 0.0
    for value in values:
        result += doubled(value)
    return result


@kernel()
def doubled(value: float) -> float:
    return 2.0 * value


def test_a_handful_of_numbers_does_not_wait_for_the_compiler() -> None:
    code = (
        "import sys, numpy as np; from tests.kernels.test_compilation import total;"
        "print(total(np.ones(2)), 'numba' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.split() == ["4.0", "False"]


def test_a_large_input_runs_compiled_through_its_callees() -> None:
    assert total(np.ones(5)) == 10.0
    assert total.compiled().signatures


def test_an_edited_callee_is_seen_by_its_callers(tmp_path: Path) -> None:
    """numba's own cache would go on serving the old number: it looks at one file only."""
    package = tmp_path / "xlinv"
    (package / "kernels").mkdir(parents=True)
    (package / "network").mkdir()
    for name in ("__init__.py", "version.py", "kernels/__init__.py", "kernels/compilation.py"):
        (package / name).write_text((ROOT / "xlinv" / name).read_text())
    head = "from xlinv.kernels.compilation import kernel\n"
    callee = package / "kernels" / "callee.py"
    (package / "kernels" / "caller.py").write_text(
        head + "from xlinv.kernels.callee import rate\n"
        "@kernel(compile_from=0)\ndef answer(values):\n    return rate() * values.sum()\n"
    )

    def answer() -> float:
        code = "import numpy as np; from xlinv.kernels.caller import answer; print(answer(np.ones(4)))"
        environment = {"PYTHONPATH": str(tmp_path), "XLINV_CACHE_DIR": str(tmp_path / "cache")}
        shown = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        return float(shown.stdout)

    callee.write_text(head + "@kernel()\ndef rate():\n    return 2.0\n")
    assert answer() == 8.0
    callee.write_text(head + "@kernel()\ndef rate():\n    return 3.0\n")
    assert answer() == 12.0
