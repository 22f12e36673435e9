"""What keeps the add-in from working on this machine, and how to mend it."""

import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from xlinv.cells import InputError
from xlinv.hosts.com.addin import vba_modules
from xlinv.hosts.com.installation import Places, places
from xlinv.kernels.compilation import cache_folder

Verdict = Literal["OK", "WARN", "FAIL", "n/a"]
_SYNCED: Final = ("onedrive", "sharepoint", "dropbox", "google drive")
_SECURITY_KEY: Final = r"Software\Microsoft\Office\16.0\Excel\Security"


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what was found, and what to do where it is not as it should be."""

    subject: str
    verdict: Verdict
    found: str
    mend: str = ""


def findings() -> Iterator[Finding]:
    """Everything that can be looked at from Python on this machine."""
    yield _python()
    yield _xlwings()
    yield _synced("Python folder", Path(sys.prefix))
    yield _kernel_cache()
    try:
        where = places()
    except InputError:
        yield Finding("Excel", "n/a", f"there is no Excel for {platform.system()}")
        yield _libreoffice()
        return
    if sys.platform == "win32":
        yield library_file(Path(sys.prefix))
        yield from _trust_settings()
    yield addin_file(where)
    yield settings_file(where, sys.executable)
    if where.script is not None:
        yield script_file(where.script)
    yield _synced("Add-in folder", where.addin.parent)


def _python() -> Finding:
    found = f"{platform.python_version()}, {sys.maxsize.bit_length() + 1} bit, {sys.executable}"
    return Finding("Python", "OK", found)


def _xlwings() -> Finding:
    if importlib.util.find_spec("xlwings") is None:
        return Finding("xlwings", "FAIL", "not installed", "Run: python -m pip install xlwings")
    import xlwings

    return Finding("xlwings", "OK", xlwings.__version__)


def library_file(prefix: Path) -> Finding:
    """Whether the library that connects Excel to Python lies where the add-in looks for it."""
    import xlwings

    bits = 64 if sys.maxsize > 2**32 else 32
    library = prefix / f"xlwings{bits}-{xlwings.__version__}.dll"
    if library.exists():
        return Finding("xlwings DLL", "OK", str(library))
    mend = (
        "Run: python -m pip install --force-reinstall --no-deps xlwings. If it vanishes again, ask for the "
    )
    return Finding(
        "xlwings DLL", "FAIL", f"{library} is missing", mend + "file to be allowed by the antivirus."
    )


def addin_file(where: Places) -> Finding:
    """Whether the add-in is installed, and built for the xlwings that is installed."""
    if not where.addin.exists():
        return Finding("Add-in", "FAIL", f"{where.addin} is missing", "Run: xlinv addin install")
    from pyopenvba import ExcelFile

    book = ExcelFile(where.addin)
    try:
        installed = {name: book.get_module(name) for name in book.module_names()}
    finally:
        book.close()
    stale = [
        name
        for name in ("xlwings", "XlinvFunctions")
        if _lines(installed.get(name, "")) != _lines(vba_modules()[name])
    ]
    if stale:
        return Finding(
            "Add-in", "WARN", f"{where.addin} was built by another version", "Run: xlinv addin install"
        )
    return Finding("Add-in", "OK", str(where.addin))


def _lines(source: str) -> list[str]:
    return source.strip().splitlines()


def settings_file(where: Places, interpreter: str) -> Finding:
    """Whether Excel will start the Python that this is."""
    if not where.settings.exists():
        return Finding("Settings", "FAIL", f"{where.settings} is missing", "Run: xlinv addin install")
    if interpreter not in where.settings.read_text(encoding="utf-8"):
        found = f"{where.settings} names another Python than {interpreter}"
        return Finding(
            "Settings", "WARN", found, "Run 'xlinv addin install' from the Python that Excel shall use."
        )
    return Finding("Settings", "OK", str(where.settings))


def script_file(script: Path) -> Finding:
    """Whether Excel for Mac may start Python for a button."""
    if not script.exists():
        return Finding("RunPython script", "FAIL", f"{script} is missing", "Run: xlinv addin install")
    return Finding("RunPython script", "OK", str(script))


def _synced(subject: str, folder: Path) -> Finding:
    one_drive = os.environ.get("OneDrive", "")  # noqa: SIM112  (Windows spells it so)
    synced = any(name in str(folder).casefold() for name in _SYNCED)
    if synced or (one_drive and str(folder).startswith(one_drive)):
        mend = "Keep it outside synchronised folders: they move and lock files while Excel uses them."
        return Finding(subject, "WARN", f"{folder} is synchronised", mend)
    return Finding(subject, "OK", str(folder))


def _kernel_cache() -> Finding:
    folder = cache_folder()
    if os.access(folder, os.W_OK):
        return Finding("Kernel cache", "OK", str(folder))
    mend = "Set XLINV_CACHE_DIR to a folder that can be written to, or large inputs compile anew each time."
    return Finding("Kernel cache", "WARN", f"{folder} cannot be written to", mend)


def _trust_settings() -> Iterator[Finding]:
    """The macro settings of this user, as far as the registry tells."""
    import winreg

    def value(name: str) -> int | None:
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _SECURITY_KEY) as key:  # type: ignore[attr-defined]
                return int(winreg.QueryValueEx(key, name)[0])  # type: ignore[attr-defined]
        except OSError:
            return None

    yield macro_setting(value("VBAWarnings"))


def macro_setting(value: int | None) -> Finding:
    """What Excel's macro setting means for an add-in in the startup folder."""
    mend = (
        "In Excel: File, Options, Trust Center, Trusted Locations: keep the startup folder XLSTART trusted."
    )
    if value == 4:
        return Finding("Macro setting", "WARN", "macros are disabled without notice", mend)
    if value == 3:
        return Finding("Macro setting", "WARN", "only signed macros run outside trusted locations", mend)
    return Finding("Macro setting", "OK", "not set" if value is None else f"level {value}")


def _libreoffice() -> Finding:
    program = shutil.which("soffice")
    if program is None:
        return Finding(
            "LibreOffice", "WARN", "not installed", "Install LibreOffice to use the functions in Calc."
        )
    return Finding("LibreOffice", "OK", program)
