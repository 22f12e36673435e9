"""Links to another user's add-in."""

import zipfile
from pathlib import Path, PureWindowsPath

import openpyxl
import pytest
from click.testing import CliRunner

from xlinv.hosts.cli import main
from xlinv.hosts.com.repair import repair_links

OTHER = r"file:///C:\Users\ann\AppData\Roaming\Microsoft\Excel\XLSTART\xlinv.xlam"
HERE = PureWindowsPath(r"C:\Users\bob & co\AppData\xlinv.xlam")
LINK_TYPE = "http://schemas.microsoft.com/office/2006/relationships/xlExternalLinkPath/xlPathMissing"


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    """A book with a link to an add-in and one to a price list."""
    plain, path = tmp_path / "plain.xlsx", tmp_path / "linked.xlsx"
    openpyxl.Workbook().save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
        for number, place in ((1, OTHER), (2, "prices.xlsx")):
            target.writestr(
                f"xl/externalLinks/_rels/externalLink{number}.xml.rels",
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                f'<Relationship Id="rId1" Type="{LINK_TYPE}" Target="{place}" TargetMode="External"/>'
                "</Relationships>",
            )
    return path


def test_only_the_link_to_the_addin_changes(linked: Path) -> None:
    before = _parts(linked)
    assert repair_links(linked, linked, HERE) == [OTHER]
    after = _parts(linked)
    assert {name for name in before if before[name] != after[name]} == {
        "xl/externalLinks/_rels/externalLink1.xml.rels"
    }
    assert b"bob &amp; co" in after["xl/externalLinks/_rels/externalLink1.xml.rels"]
    assert repair_links(linked, linked, HERE) == []


def test_the_command_says_what_it_did(linked: Path) -> None:
    done = CliRunner().invoke(main, ["addin", "repair", str(linked), "--to", str(HERE)])
    assert done.exit_code == 0
    assert OTHER in done.output
    assert "1 links repaired" in done.output
    missing = CliRunner().invoke(
        main, ["addin", "repair", str(linked.parent / "none.xlsx"), "--to", str(HERE)]
    )
    assert missing.exit_code == 1
    assert "does not exist" in missing.output


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
