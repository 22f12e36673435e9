"""Installing, removing and examining the add-in, in a home of its own."""

import re
from pathlib import Path

import pytest

from xlinv.cells import InputError
from xlinv.hosts.com.addin import vba_modules
from xlinv.hosts.com.doctor import (
    addin_file,
    findings,
    library_file,
    macro_setting,
    script_file,
    settings_file,
)
from xlinv.hosts.com.installation import install, places, settings_text, uninstall


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_installed_found_sound_and_removed(
    platform: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("APPDATA", raising=False)
    where = places(platform, tmp_path)
    assert addin_file(where).verdict == settings_file(where, "python").verdict == "FAIL"
    install(where, interpreter="python", platform=platform)
    assert addin_file(where).verdict == settings_file(where, "python").verdict == "OK"
    assert settings_file(where, "another").verdict == "WARN"
    assert uninstall(where) == [where.addin, where.settings]
    assert uninstall(where) == []


def test_an_addin_of_another_version_is_noticed(tmp_path: Path) -> None:
    where = places("darwin", tmp_path)
    install(where, platform="darwin")
    from pyopenvba import ExcelFile

    book = ExcelFile(where.addin)
    book.set_module("XlinvFunctions", 'Attribute VB_Name = "XlinvFunctions"\nOption Explicit\n')
    book.save()
    book.close()
    assert addin_file(where).verdict == "WARN"


def test_a_mac_gets_the_script_through_which_excel_starts_python(tmp_path: Path) -> None:
    where = places("darwin", tmp_path)
    assert where.script is not None
    assert script_file(where.script).verdict == "FAIL"
    install(where, platform="darwin")
    assert script_file(where.script).verdict == "OK"
    called = re.search(
        r'AppleScriptTask\("xlwings-" & XLWINGS_VERSION & "(.applescript)"', vba_modules()["xlwings"]
    )
    version = re.search(r'XLWINGS_VERSION As String = "([^"]+)"', vba_modules()["xlwings"])
    assert called
    assert version
    assert where.script.name == f"xlwings-{version[1]}{called[1]}"
    assert places("win32", tmp_path).script is None


def test_where_excel_does_not_run_it_says_what_to_use(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="xlinv addin libreoffice"):
        places("linux", tmp_path)


def test_a_startup_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "Library").write_text("a file in the way")
    with pytest.raises(InputError, match="cannot be made"):
        install(places("darwin", tmp_path), platform="darwin")


def test_the_settings_name_the_interpreter() -> None:
    assert settings_text("C:\\Python\\python.exe", "win32").startswith(
        '"INTERPRETER_WIN","C:\\Python\\python.exe"'
    )
    assert '"INTERPRETER_MAC"' in settings_text("/usr/bin/python3", "darwin")


def test_a_missing_library_and_strict_macros_say_how_to_mend_them(tmp_path: Path) -> None:
    assert "force-reinstall" in library_file(tmp_path).mend
    assert macro_setting(4).verdict == macro_setting(3).verdict == "WARN"
    assert macro_setting(None).verdict == macro_setting(2).verdict == "OK"


def test_every_finding_that_is_not_well_says_what_to_do() -> None:
    found = list(findings())
    assert {"Python", "xlwings"} <= {finding.subject for finding in found}
    assert all(finding.mend for finding in found if finding.verdict in ("WARN", "FAIL"))
