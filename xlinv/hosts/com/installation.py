"""Where Excel looks for the add-in and its settings on this machine."""

import os
import sys
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from xlinv.cells import InputError
from xlinv.hosts.com.addin import FILE_NAME, PROJECT, build_addin


@dataclass(frozen=True)
class Places:
    """The add-in's file, its settings file, and on a Mac xlwings' script, as Excel expects them."""

    addin: Path
    settings: Path
    script: Path | None = None


def places(platform: str = sys.platform, home: Path | None = None) -> Places:
    """The files for this platform; raises InputError where Excel does not run."""
    home = home or Path.home()
    if platform == "win32":
        roaming = Path(os.environ.get("APPDATA", home / "AppData" / "Roaming"))
        return Places(
            roaming / "Microsoft" / "Excel" / "XLSTART" / FILE_NAME, home / f".{PROJECT}" / f"{PROJECT}.conf"
        )
    if platform == "darwin":
        office = home / "Library" / "Group Containers" / "UBF8T346G9.Office" / "User Content.localized"
        return Places(
            office / "Startup.localized" / "Excel" / FILE_NAME,
            home / "Library" / "Containers" / "com.microsoft.Excel" / "Data" / f"{PROJECT}.conf",
            # Excel for Mac lets macros start programs only through a script in this folder.
            home / "Library" / "Application Scripts" / "com.microsoft.Excel" / _script_name(),
        )
    raise InputError(
        "platform", "must be Windows or macOS, where Excel runs; here use 'xlinv addin libreoffice'", platform
    )


def _script_name() -> str:
    return f"xlwings-{version('xlwings')}.applescript"


def settings_text(interpreter: str, platform: str = sys.platform) -> str:
    """The settings that xlwings' VBA reads: which Python to start, and to keep one running for all calls."""
    key = "INTERPRETER_WIN" if platform == "win32" else "INTERPRETER_MAC"
    return f'"{key}","{interpreter}"\n"USE UDF SERVER","{platform == "win32"}"\n'


def install(where: Places, interpreter: str = sys.executable, platform: str = sys.platform) -> None:
    """Build the add-in into Excel's startup folder and write its settings.

    Raises InputError where a folder cannot be written or the add-in is open in Excel.
    """
    for path in filter(None, (where.addin, where.settings, where.script)):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError("folder", f"cannot be made ({error.strerror})", str(path.parent)) from None
    fresh = where.addin.with_suffix(".new")
    try:
        build_addin(fresh)
        os.replace(fresh, where.addin)
        where.settings.write_text(settings_text(interpreter, platform), encoding="utf-8")
        if where.script is not None:
            where.script.write_bytes(files("xlwings").joinpath(where.script.name).read_bytes())
    except PermissionError:
        raise InputError(
            "add-in", "cannot be replaced while Excel is open: close Excel", str(where.addin)
        ) from None
    finally:
        fresh.unlink(missing_ok=True)


def uninstall(where: Places) -> list[Path]:
    """Remove the add-in and its settings and return what was removed; the script is xlwings' own and stays.

    Raises InputError while Excel is open.
    """
    removed = []
    for path in (where.addin, where.settings):
        try:
            if path.exists():
                path.unlink()
                removed.append(path)
        except PermissionError:
            raise InputError(
                "file", "cannot be removed while Excel is open: close Excel", str(path)
            ) from None
    return removed
