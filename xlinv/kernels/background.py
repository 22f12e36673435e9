"""Compile kernels beside the work that can do without them, so that nobody waits for a compiler."""

import threading
from collections import deque
from collections.abc import Callable

_lock = threading.Lock()
_waiting: deque[Callable[[], None]] = deque()
_thread: threading.Thread | None = None


def do_soon(task: Callable[[], None]) -> None:
    """Run a task in the background, after those given before.

    A process that ends waits for the task at hand only, and drops the others: a thread killed within the
    compiler would take the process down with it.
    """
    global _thread
    with _lock:
        _waiting.append(task)
        if _thread is None:
            _thread = threading.Thread(target=_run, name="xlinv-compiler", daemon=False)
            _thread.start()


def wait() -> None:
    """Return when nothing is left to do."""
    thread = _thread
    if thread is not None:
        thread.join()


def _run() -> None:
    global _thread
    while True:
        with _lock:
            if not _waiting or not threading.main_thread().is_alive():
                _waiting.clear()
                _thread = None
                return
            task = _waiting.popleft()
        task()
