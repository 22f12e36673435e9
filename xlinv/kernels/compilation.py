"""Compile a kernel when it is worth it, and never serve a number from an outdated compilation."""

import functools
import os
import sys
import threading
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

_CACHE_PREFIX = "kernels-"
_CACHE_UNUSED_DAYS = 30
_lock = threading.RLock()


class Kernel(Generic[Parameters, Result]):
    """A plain function that runs as it stands on small inputs and compiled by numba on large ones.

    Which of the two runs depends on the size of the arguments alone, so that the same call gives the
    same bits in every process.
    """

    def __init__(self, function: Callable[Parameters, Result], compile_from: int, parallel: bool) -> None:
        functools.update_wrapper(self, function)
        self.py_func = function
        self._compile_from = compile_from
        self._parallel = parallel
        self._dispatcher: Any = None

    def __call__(self, *args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        if sum(a.size for a in args if isinstance(a, np.ndarray)) < self._compile_from:
            return self.py_func(*args, **kwargs)
        return self.compiled()(*args, **kwargs)  # type: ignore[no-any-return]

    def compiled(self) -> Any:
        """The numba dispatcher of this kernel, made on first use."""
        if self._dispatcher is None:
            with _lock:
                if self._dispatcher is None:
                    self._dispatcher = _dispatcher(self.py_func, self._parallel)
        return self._dispatcher


def kernel(
    *, compile_from: int = 2048, parallel: bool = False
) -> Callable[[Callable[Parameters, Result]], Kernel[Parameters, Result]]:
    """Declare a kernel: compiled once its array arguments together hold `compile_from` numbers.

    Use `compile_from=0` where even small inputs mean long loops. A kernel may call other kernels.
    """

    def declare(function: Callable[Parameters, Result]) -> Kernel[Parameters, Result]:
        return Kernel(function, compile_from, parallel)

    return declare


def _dispatcher(function: Callable[..., Any], parallel: bool) -> Any:
    import numba

    assert isinstance(function, FunctionType)
    namespace = dict(function.__globals__)
    for name in _names_used(function.__code__):
        if isinstance(namespace.get(name), Kernel):
            namespace[name] = namespace[name].compiled()
    twin = FunctionType(function.__code__, namespace, function.__name__, function.__defaults__)
    twin.__qualname__ = function.__qualname__
    twin.__module__ = function.__module__
    previous = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(cache_folder())
    try:
        return numba.njit(cache=True, nogil=True, parallel=parallel)(twin)
    finally:
        numba.config.CACHE_DIR = previous


def _names_used(code: CodeType) -> set[str]:
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names |= _names_used(constant)
    return names


@functools.cache
def cache_folder() -> "Path":
    """The folder for compiled kernels, named by a hash of their sources.

    numba looks only at the file that holds a function, not at what the function calls: without the
    hash an edited callee would leave its callers returning yesterday's numbers.
    """
    from pathlib import Path

    home = cache_home()
    folder = home / f"{_CACHE_PREFIX}{source_hash(Path(__file__).parents[1])}"
    try:
        if not folder.exists():
            _discard_unused(home)
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:  # a profile that cannot be written to: compile anew in each process
        import atexit
        import shutil
        import tempfile

        folder = Path(tempfile.mkdtemp(prefix="xlinv-kernels-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def source_hash(package: "Path") -> str:
    """A short hash of every source file below `package/kernels` and `package/network`."""
    import hashlib

    digest = hashlib.sha256()
    for room in ("kernels", "network"):
        for source in sorted((package / room).rglob("*.py")):
            digest.update(source.relative_to(package).as_posix().encode())
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def cache_home() -> "Path":
    """The folder of this user for what can be made anew."""
    from pathlib import Path

    chosen = os.environ.get("XLINV_CACHE_DIR")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return base / "xlinv"


def _discard_unused(home: "Path") -> None:
    import shutil
    import time

    oldest = time.time() - _CACHE_UNUSED_DAYS * 86_400
    for folder in home.glob(f"{_CACHE_PREFIX}*"):
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
