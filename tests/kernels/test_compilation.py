"""Kernels run plain on small inputs, compiled on large ones, and never stale."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from xlinv.kernels.compilation import Kernel, expect_more, kernel

ROOT = Path(__file__).resolve().parents[2]
FILES = ("kernels/compilation.py", "kernels/background.py")


@kernel(compile_from=3)
def total(values: np.ndarray) -> float:
    result = 0.0
    for value in values:
        result += doubled(value)
    return result


@kernel()
def doubled(value: float) -> float:
    return 2.0 * value


@kernel(exact=True)
def halved(values: np.ndarray) -> float:
    result = 0.0
    for value in values:
        result += value / 2.0
    return result


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


def test_small_inputs_run_compiled_once_nobody_has_to_wait_for_it(tmp_path: Path) -> None:
    """The first piece of work runs plain, later ones while the compiler is busy; the next process loads."""
    code = (
        "import sys, numpy as np; from tests.kernels.test_compilation import halved\n"
        "from xlinv.kernels import background; from xlinv.kernels.compilation import expect_more\n"
        "def work():\n"
        "    expect_more()\n"
        "    total, made = float(halved(np.ones(2))), halved._dispatcher\n"
        "    return total, bool(made and made.nopython_signatures)\n"
        "first, numba_first = work(), 'numba' in sys.modules\n"
        "second = work()\n"
        "background.wait()\n"
        "print(first, numba_first, second[0], work(), second[1])"
    )
    environment = {**os.environ, "XLINV_CACHE_DIR": str(tmp_path)}

    def told() -> str:
        command = [sys.executable, "-c", code]
        shown = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        return shown.stdout.strip()

    assert told().startswith("(1.0, False) False 1.0 (1.0, True)")
    assert told() == "(1.0, False) False 1.0 (1.0, True) True"


def test_small_inputs_run_plain_where_numba_does_not_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Kernel) -> None:
        raise ImportError("numba")

    summed = kernel(exact=True)(halved.py_func)
    monkeypatch.setattr(Kernel, "compiled", broken)
    monkeypatch.setattr(Kernel, "_on_disk", lambda self: True)
    for _ in range(2):
        expect_more()
        assert summed(np.ones(2)) == 1.0
    with pytest.raises(ImportError):
        summed(np.ones(3000))


def test_a_process_that_ends_drops_what_waits_for_the_compiler() -> None:
    code = (
        "import time; from xlinv.kernels import background\n"
        "for number in range(50):\n"
        "    background.do_soon(lambda number=number: (print(number, flush=True), time.sleep(0.2)))\n"
        "time.sleep(0.5)"
    )
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert 0 < len(shown.stdout.split()) < 50


def test_an_edited_callee_is_seen_by_its_callers(tmp_path: Path) -> None:
    """numba's own cache would go on serving the old number: it looks at one file only."""
    package = tmp_path / "xlinv"
    (package / "kernels").mkdir(parents=True)
    (package / "network").mkdir()
    for name in ("__init__.py", "version.py", "kernels/__init__.py", *FILES):
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
        # Bytecode is told apart by length and whole seconds: an edit within the second would not be seen.
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
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
