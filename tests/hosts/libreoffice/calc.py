"""LibreOffice Calc, driven without a window, in a profile of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from xlinv.hosts.libreoffice.extension import build_extension

_UNO_PYTHON = "/usr/bin/python3"  # the Python that LibreOffice's own modules are installed for
_CSV_OF_EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def _outside_environments() -> dict[str, str]:
    """The environment without a virtual one, in whose Python LibreOffice would look for its own."""
    own = {
        name: value for name, value in os.environ.items() if not name.startswith(("VIRTUAL_ENV", "PYTHON"))
    }
    folders = own.get("PATH", "").split(os.pathsep)
    own["PATH"] = os.pathsep.join(folder for folder in folders if not folder.startswith(sys.prefix))
    return own


class Calc:
    """A private installation of the extension, and conversions through it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._environment = [
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            f"-env:UNO_SHARED_PACKAGES_CACHE={(folder / 'packages').as_uri()}",
        ]
        (folder / "packages").mkdir()
        (folder / "profile" / "user").mkdir(parents=True)
        (folder / "profile" / "user" / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE)
        self._run("unopkg", "add", "--shared", "-f", str(build_extension(folder / "xlinv.oxt")))

    def convert(self, book: Path, kind: str) -> Path:
        """Open the book, computing every formula anew, and save it as another kind of file."""
        out = self.folder / "converted"
        self._run("soffice", "--headless", "--convert-to", kind, "--outdir", str(out), str(book))
        return out

    def values(self, book: Path) -> dict[str, Path]:
        """The values that Calc computes, as one CSV file per sheet."""
        out = self.convert(book, _CSV_OF_EVERY_SHEET)
        return {path.stem.removeprefix(f"{book.stem}-"): path for path in out.glob(f"{book.stem}-*.csv")}

    def press(self, book: Path, out: Path, sheet: str, cell: str, button: str) -> None:
        """Open the book in Calc, select a cell, choose a menu entry, and save the document it opens."""
        pipe = f"xlinv{os.getpid()}"
        office = subprocess.Popen(
            ["soffice", "--headless", "--norestore", f"--accept=pipe,name={pipe};urp;", *self._environment],
            env=_outside_environments(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            driver = Path(__file__).with_name("drive_menu.py")
            done = subprocess.run(
                [_UNO_PYTHON, str(driver), pipe, str(book), str(out), sheet, cell, button],
                capture_output=True,
                text=True,
                timeout=180,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
        finally:
            office.terminate()
            office.wait(timeout=60)

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            [*command, *self._environment],
            env=_outside_environments(),
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def calc(tmp_path_factory: pytest.TempPathFactory) -> Calc:
    """Calc with our extension; tests are skipped where LibreOffice is not installed."""
    if shutil.which("soffice") is None or shutil.which("unopkg") is None:
        pytest.skip("LibreOffice (soffice, unopkg) is not installed")
    return Calc(tmp_path_factory.mktemp("calc"))
