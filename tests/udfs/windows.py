"""xlwings' Windows side on any machine: its own conversion code behind stand-ins for pywin32.

Only what xlwings imports is stood in for; nothing here talks to an Excel. Run in a process of its own.
"""

import ctypes
import importlib
import importlib.abc
import importlib.machinery
import sys
from types import ModuleType
from typing import Any
from unittest import mock

_PYWIN32 = ("pythoncom", "pywintypes", "win32", "winreg")


class _AnyModule(ModuleType):
    """A module in which every name exists."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        is_class = name in ("com_error", "TimeType", "DesignatedWrapPolicy")
        value = type(name, (Exception,), {}) if is_class else mock.MagicMock(name=name)
        setattr(self, name, value)
        return value


class _Pywin32(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, fullname: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        if not fullname.startswith(_PYWIN32):
            return None
        return importlib.machinery.ModuleSpec(fullname, self, origin=fullname, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        module = _AnyModule(spec.name)
        module.__file__ = spec.name
        return module

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


def xlwings_for_windows() -> tuple[ModuleType, ModuleType]:
    """xlwings' UDF module and its Windows engine, as they stand on Windows."""
    sys.meta_path.insert(0, _Pywin32())
    sys.modules["matplotlib"] = None  # type: ignore[assignment]  (xlwings takes it if it is there)
    for name in ("windll", "oledll", "PyDLL"):
        setattr(ctypes, name, mock.MagicMock(name=name))
    with mock.patch.object(sys, "platform", "win32"):
        importlib.import_module("xlwings")
        return importlib.import_module("xlwings.udfs"), importlib.import_module("xlwings._xlwindows")
