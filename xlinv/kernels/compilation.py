"""Compile a kernel when it is worth it, and never serve a number from an outdated compilation."""

import functools
import os
import sys
import threading
import time
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar

import numpy as np

from xlinv.kernels import background

if TYPE_CHECKING:
    from pathlib import Path

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

_CACHE_PREFIX = "kernels-"
_CACHE_UNUSED_DAYS = 30
# Seconds that an exact kernel runs plain in the first piece of work before the compiler starts beside it.
_PATIENCE = 1.0
# How many times longer it takes to import numba and compile than to import it and load.
_COMPILING_PER_LOADING = 2
_lock = threading.RLock()


class Kernel(Generic[Parameters, Result]):
    """A plain function that runs as it stands on small inputs and compiled by numba on large ones.

    Which of the two runs depends on the size of the arguments alone, so that the same call gives the
    same bits in every process. Where both give the same bits anyway (`exact`), small inputs too run compiled
    as soon as nobody has to wait long for it: see `expect_more`.
    """

    def __init__(
        self, function: Callable[Parameters, Result], compile_from: int, parallel: bool, exact: bool
    ) -> None:
        functools.update_wrapper(self, function)
        self.py_func = function
        self._compile_from = compile_from
        self._parallel = parallel
        self.exact = exact
        self._dispatcher: Any = None
        self._ready = False
        self._asked = False
        self._seconds = 0.0

    def __call__(self, *args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        if self._ready:
            return self._dispatcher(*args, **kwargs)  # type: ignore[no-any-return]
        size = sum(a.size for a in args if isinstance(a, np.ndarray))
        if size < self._compile_from:
            if not self.exact:
                return self.py_func(*args, **kwargs)
            if not self._made_ready(size, args):
                return self._timed(*args, **kwargs)
        result: Result = self.compiled()(*args, **kwargs)
        self._ready = self.exact
        return result

    def compiled(self) -> Any:
        """The numba dispatcher of this kernel, made on first use."""
        if self._dispatcher is None:
            with _lock:
                if self._dispatcher is None:
                    self._dispatcher = _dispatcher(self.py_func, self._parallel)
        return self._dispatcher

    @functools.cached_property
    def plain(self) -> Callable[Parameters, Result]:
        """The plain function, calling other kernels as plain functions."""
        return _with_callees(self.py_func, lambda callee: callee.plain)

    def _timed(self, *args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        started = time.perf_counter()
        result = self.plain(*args, **kwargs)
        self._seconds += time.perf_counter() - started
        return result

    def _made_ready(self, size: int, args: tuple[Any, ...]) -> bool:
        """Whether to run compiled although the arguments are small, because loading was all it took.

        If not, it may be time to have the kernel compiled in the background.
        """
        worth_compiling = _expectation.more or self._seconds >= _PATIENCE
        worth_loading = worth_compiling or size * _COMPILING_PER_LOADING >= self._compile_from
        if self._asked or not worth_loading:
            return False
        if self._on_disk():
            self._make_ready(args)
        elif worth_compiling:
            self._asked = True
            background.do_soon(lambda: self._make_ready(args))
        return self._ready

    def _make_ready(self, args: tuple[Any, ...]) -> None:
        self._asked = True
        try:
            import numba

            self.compiled().compile(tuple(numba.typeof(value) for value in args))
        except Exception:
            # LibreOffice's own Python may mix in packages with which numba fails: plain does as well there.
            return
        self._ready = True

    def _on_disk(self) -> bool:
        module = self.py_func.__module__.rpartition(".")[2]
        python = f"py{sys.version_info.major}{sys.version_info.minor}"
        return any(cache_folder().glob(f"*/{module}.{self.py_func.__qualname__}-*.{python}*.nbi"))


class _Expectation:
    calls = 0
    more = False


_expectation = _Expectation()


def expect_more() -> None:
    """Say that a piece of work begins; from the second on, it is taken that more will follow.

    Then exact kernels run compiled on small inputs too: at once where loading what was compiled before is
    enough, otherwise when the compiler is done in the background.
    """
    _expectation.more = _expectation.calls > 0
    _expectation.calls += 1


def kernel(
    *, compile_from: int = 2048, parallel: bool = False, exact: bool = False
) -> Callable[[Callable[Parameters, Result]], Kernel[Parameters, Result]]:
    """Declare a kernel: compiled once its array arguments together hold `compile_from` numbers.

    Use `compile_from=0` where even small inputs mean long loops. A kernel may call other kernels. It is
    `exact` where it only adds, subtracts, multiplies, divides, compares and takes square roots, one after
    the other, none of them in numpy's own order: then IEEE 754 leaves no bit to choose.
    """

    def declare(function: Callable[Parameters, Result]) -> Kernel[Parameters, Result]:
        return Kernel(function, compile_from, parallel, exact)

    return declare


def _dispatcher(function: Callable[..., Any], parallel: bool) -> Any:
    import numba

    twin = _with_callees(function, lambda callee: callee.compiled())
    previous = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(cache_folder())
    try:
        return numba.njit(cache=True, nogil=True, parallel=parallel)(twin)
    finally:
        numba.config.CACHE_DIR = previous


def _with_callees(
    function: Callable[Parameters, Result], replaced: Callable[[Kernel[..., Any]], Any]
) -> Callable[Parameters, Result]:
    """The function with every kernel that it calls replaced."""
    assert isinstance(function, FunctionType)
    namespace = dict(function.__globals__)
    for name in _names_used(function.__code__):
        if isinstance(namespace.get(name), Kernel):
            namespace[name] = replaced(namespace[name])
    twin = FunctionType(function.__code__, namespace, function.__name__, function.__defaults__)
    twin.__qualname__ = function.__qualname__
    twin.__module__ = function.__module__
    return twin


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

    oldest = time.time() - _CACHE_UNUSED_DAYS * 86_400
    for folder in home.glob(f"{_CACHE_PREFIX}*"):
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
