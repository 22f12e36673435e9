"""Damaged, hostile and odd files: a clear sentence or a right answer; the file is never harmed."""

import io
import resource
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.worksheet.table import Table

from tests.workbook.books import recalculated, values, write
from xlinv.hosts.cli.recalc import command

SHEET = "xl/worksheets/sheet1.xml"
BOMB = 300_000_000


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write(tmp_path / "book.xlsx", {"A1": 2, "A2": "=A1*3", "B1": "text"})


def with_part(path: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    parts[name] = change(parts.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)


def refused(path: Path, *options: str) -> str:
    """The sentence with which a file is refused; it is left as it was, with nothing beside it."""
    before = path.read_bytes() if path.is_file() else b""
    beside = sorted(path.parent.iterdir())
    result = CliRunner().invoke(command, [str(path), *options])
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert result.output.startswith("Error: ")
    if path.is_file():
        assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == beside
    return result.output


def test_what_is_no_workbook(tmp_path: Path) -> None:
    assert "does not exist" in refused(tmp_path / "none.xlsx")
    assert "folder" in refused(tmp_path)
    for name, content, word in [
        ("empty.xlsx", b"", "empty"),
        ("text.xlsx", b"item,quantity\n1,2\n", "save it as .xlsx"),
        (
            "old.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            "old .xls file or protected by a password",
        ),
    ]:
        path = tmp_path / name
        path.write_bytes(content)
        assert word in refused(path)
    other = tmp_path / "other.xlsx"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert "no workbook" in refused(other)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file(book: Path, share: float) -> None:
    data = book.read_bytes()
    book.write_bytes(data[: int(len(data) * share)])
    assert "damaged" in refused(book)


def test_damaged_bytes_inside(book: Path) -> None:
    data = bytearray(book.read_bytes())
    with zipfile.ZipFile(book) as archive:
        info = archive.getinfo(SHEET)
    start = info.header_offset + 30 + len(SHEET)
    for position in range(start + 5, start + 40):
        data[position] ^= 0xFF
    book.write_bytes(data)
    assert "damaged" in refused(book) or "well-formed" in refused(book)


def test_a_part_written_twice(book: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(book, "a") as archive:
        archive.writestr(SHEET, b"<worksheet/>")
    assert "twice" in refused(book)


def test_a_zip_bomb(book: Path) -> None:
    with_part(book, "xl/media/image1.png", lambda _: b"\0" * BOMB)
    assert book.stat().st_size < 1_000_000
    assert "unpack" in refused(book)


def test_a_zip_bomb_that_lies_about_its_size(book: Path) -> None:
    with_part(book, SHEET, lambda data: data.replace(b"<sheetData>", b"<sheetData>" + b" " * BOMB))
    data = bytearray(book.read_bytes())
    position = data.find(b"PK\x01\x02")
    while position >= 0:  # every central header says that its part is small
        struct.pack_into("<L", data, position + 24, 5000)
        position = data.find(b"PK\x01\x02", position + 4)
    book.write_bytes(data)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused(book)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "_rels/.rels"])
@pytest.mark.parametrize(
    "doctype",
    [
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
        b'<!DOCTYPE x SYSTEM "http://example.invalid/x.dtd">',
    ],
)
def test_entities_in_xml(book: Path, part: str, doctype: bytes) -> None:
    def change(data: bytes) -> bytes:
        start = data.index(b"?>") + 2 if data.startswith(b"<?xml") else 0
        return data[:start] + doctype + data[start:]

    with_part(book, part, change)
    assert "document type" in refused(book)


def test_malformed_xml(book: Path) -> None:
    with_part(book, SHEET, lambda data: data.replace(b"</row>", b"", 1))
    assert "not well-formed" in refused(book)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_a_used_range_of_a_million_rows(tmp_path: Path) -> None:
    cells = {
        "A1": 1,
        "A1048576": 2,
        "C1": "=SUM(A:A)",
        "C2": "=COUNT(A1:A1048576)",
        "C3": "=SUMPRODUCT((A:A>1)*1)",
    }
    path = write(tmp_path / "book.xlsx", cells)
    program = (
        "import re, sys; from xlinv.workbook import recalculate; recalculate(sys.argv[1]);"
        "print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    assert int(done.stdout) < 800_000  # kilobytes of this process alone, not of the one that started it
    assert values(path, "C1:C3") == [[3], [2], [1]]


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=" + "+".join(["1"] * 4096), 4096),
        ("=" + "+".join(["A1"] * 2730), 5460),
        ("=SUM(" + ",".join(["A1"] * 255) + ")", 510),
        ('="' + "a" * 255 + '"&"b"', "a" * 255 + "b"),
        ("=" + "IF(A1=1," * 60 + "0" + ",7)" * 60, 7),
        ("=" + "(" * 60 + "A1" + ")" * 60, 2),
    ],
)
def test_long_and_deep_formulas(tmp_path: Path, formula: str, value: object) -> None:
    assert len(formula) <= 8193
    path = write(tmp_path / "book.xlsx", {"A1": 2, "B1": formula})
    assert not recalculated(path).errors
    assert values(path, "B1") == value


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("=" + "(" * 5000 + "1" + ")" * 5000, "characters long"),
        ("=" + "(" * 2000 + "1" + ")" * 2000, "64 levels"),
        ("=" + "ABS(" * 1500 + "1" + ")" * 1500, "64 levels"),
        ("=SUM((1)", "never closed"),
        ("=1+(2", "never closed"),
        ("=A1)", "never opened"),
        ("=A1 ~ 2", "nothing like that"),
    ],
)
def test_formulas_no_spreadsheet_accepts(tmp_path: Path, formula: str, words: str) -> None:
    path = write(tmp_path / "book.xlsx", {"A1": 2, "B1": formula})
    sentence = refused(path)
    assert words in sentence
    assert "Sheet!B1" in sentence


def test_many_signs_are_evaluated_or_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", {"A1": 2, "B1": "=" + "-" * 4000 + "A1"})
    found = recalculated(path)
    assert values(path, "B1") in (2, "#VALUE!")
    assert bool(found.errors) == (values(path, "B1") == "#VALUE!")


def test_text_that_begins_with_an_equals_sign_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = openpyxl.Workbook()
    for row, text in enumerate(["=1+1", "=cmd|' /C calc'!A0", "-2+3", "@SUM(1)"], start=1):
        book.active.cell(row, 1).value = text
        book.active.cell(row, 1).data_type = "s"
    book.active["B1"] = "=A1&A2"
    book.active["B2"] = "=LEN(A1)"
    book.save(path)
    recalculated(path)
    assert values(path, "A1:A4") == [["=1+1"], ["=cmd|' /C calc'!A0"], ["-2+3"], ["@SUM(1)"]]
    assert values(path, "B1") == "=1+1=cmd|' /C calc'!A0"
    assert values(path, "B2") == 4


def test_unknown_functions_show_an_error_and_are_named(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", {"A1": "=NOSUCH(1)+1", "A2": "=other.xlam!FORECASTER(1)"})
    found = recalculated(path)
    assert values(path, "A1:A2") == [["#NAME?"], ["#NAME?"]]
    reasons = [" ".join(error.reasons) for error in found.errors]
    assert "NOSUCH" in reasons[0]
    assert "add-in" in reasons[1]


def test_names_that_shadow_functions(tmp_path: Path) -> None:
    path = write(
        tmp_path / "book.xlsx", {"A1": 3, "B1": "=SUM+SUM(A1,1)", "B2": "=EOQ*2", "B3": "=EOQ(100,50,2)"}
    )
    book = openpyxl.load_workbook(path)
    book.defined_names["SUM"] = openpyxl.workbook.defined_name.DefinedName("SUM", attr_text="Sheet!$A$1")
    book.save(path)
    assert not [error for error in recalculated(path).errors if error.cell == "B1"]
    assert values(path, "B1") == 7
    assert values(path, "B2") == "#NAME?"
    assert values(path, "B3") == pytest.approx(5000**0.5)


def test_huge_texts(tmp_path: Path) -> None:
    path = write(
        tmp_path / "book.xlsx",
        {"A1": "x" * 32_767, "B1": "=LEN(A1)", "B2": "=A1&A1", "B3": '=REPT("ab",20000)'},
    )
    recalculated(path)
    assert values(path, "B1") == 32_767
    assert values(path, "B2") == "#VALUE!"
    assert values(path, "B3") == "#VALUE!"


def test_dates_before_1900(tmp_path: Path) -> None:
    cells = {
        "A1": "=DATE(1899,1,1)",  # Excel counts years below 1900 from 1900
        "A2": "=DATE(1900,1,1)-1",
        "A3": '=TEXT(-1,"yyyy-mm-dd")',
        "A4": "=YEAR(-1)",
        "A5": "=DATE(1900,2,29)",
        "A6": '=DATEVALUE("1899-12-30")',
    }
    path = write(tmp_path / "book.xlsx", cells)
    recalculated(path)
    book = openpyxl.load_workbook(path, data_only=True)
    shown = [book.active.cell(row, 1).value for row in range(1, 7)]
    assert shown == [693598, 0, "#VALUE!", "#NUM!", 60, "#VALUE!"]


def test_two_tables_of_one_name(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = openpyxl.Workbook()
    for number, sheet in enumerate((book.active, book.create_sheet("Two")), start=1):
        sheet["A1"] = "a"
        sheet["A2"] = 1
        sheet.add_table(Table(displayName=f"Items{number}", ref="A1:A2"))
    book.save(path)
    with_part(path, "xl/tables/table2.xml", lambda data: data.replace(b"Items2", b"Items1"))
    assert "two tables named Items1" in refused(path)


def test_circular_references(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", {"A1": "=B1+1", "B1": "=A1+1", "C1": "=5"})
    sentence = refused(path)
    assert "Sheet!A1" in sentence
    assert "iterative" in sentence
    alone = write(tmp_path / "alone.xlsx", {"A1": "=A1+1"})
    assert "Sheet!A1" in refused(alone)
    book = openpyxl.load_workbook(path)
    book.active["A1"], book.active["B1"] = "=B1/2+1", "=A1"
    book.calculation.iterate = True
    book.calculation.iterateDelta = 1e-9
    book.save(path)
    recalculated(path)
    assert values(path, "A1") == pytest.approx(2, abs=1e-6)


def test_a_circle_that_is_never_entered_is_none(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", {"A1": "=IF(FALSE,A2,1)", "A2": "=A1+1"})
    recalculated(path)
    assert values(path, "A1:A2") == [[1], [2]]


def test_protected_and_hidden_sheets_are_recalculated(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", {"A1": 2, "A2": "=Secret!A1*A1"})
    book = openpyxl.load_workbook(path)
    book.active.protection.set_password("x")
    secret = book.create_sheet("Secret")
    secret["A1"] = "=3+4"
    secret.sheet_state = "veryHidden"
    book.save(path)
    recalculated(path)
    assert values(path, "A2") == 14
    assert openpyxl.load_workbook(path)["Secret"].sheet_state == "veryHidden"
    assert openpyxl.load_workbook(path).active.protection.sheet


def test_a_macro_workbook_keeps_its_macros(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsm", {"A1": "=1+1", "A2": "=MyMacroFunction(1)"})
    with_part(path, "xl/vbaProject.bin", lambda _: b"macros")
    with_part(
        path,
        "[Content_Types].xml",
        lambda data: data.replace(b"sheet.main+xml", b"x").replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.x",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        ),
    )
    found = recalculated(path)
    assert values(path, "A1:A2") == [[2], ["#NAME?"]]
    assert "VBA" in found.errors[0].reasons[0]
    with zipfile.ZipFile(path) as archive:
        assert archive.read("xl/vbaProject.bin") == b"macros"


LINK = """<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><externalBook
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId1"><sheetNames>
<sheetName val="Prices"/></sheetNames><sheetDataSet><sheetData sheetId="0"><row r="1">
<cell r="A1"><v>7</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>"""


def test_external_links_give_their_stored_values(tmp_path: Path) -> None:
    path = write(
        tmp_path / "book.xlsx", {"A1": "=[1]Prices!A1*2", "A2": "=[1]Other!A1", "A3": "=[2]Prices!A1"}
    )
    office = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with_part(path, "xl/externalLinks/externalLink1.xml", lambda _: LINK.encode())
    with_part(
        path,
        "xl/_rels/workbook.xml.rels",
        lambda data: data.replace(
            b"</Relationships>",
            b'<Relationship Id="rIdX" Type="%s/externalLink" Target="externalLinks/externalLink1.xml"/>'
            b"</Relationships>" % office,
        ),
    )
    with_part(
        path,
        "xl/workbook.xml",
        lambda data: data.replace(
            b"</sheets>",
            b'</sheets><externalReferences><externalReference xmlns:r="%s" r:id="rIdX"/></externalReferences>'
            % office,
        ),
    )
    found = recalculated(path)
    with zipfile.ZipFile(path) as archive:
        xml = archive.read(SHEET).decode()
    assert "<f>[1]Prices!A1*2</f><v>14</v>" in xml
    assert xml.count("<v>#REF!</v>") == 2
    assert any("another workbook" in reason for error in found.errors for reason in error.reasons)
    assert any("linked workbooks" in note for note in found.notes)


def test_sheets_written_in_unusual_but_legal_xml(book: Path) -> None:
    xml = b"""<?xml version='1.0'?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<x:sheetData><x:row><x:c><x:v>2</x:v></x:c><x:c t='str'><x:f><![CDATA[A1&"<"]]></x:f></x:c></x:row>
<!-- note -->
<x:row r='3'><x:c s="0" r='B3'>
  <x:f>A1*3</x:f>
</x:c></x:row></x:sheetData></x:worksheet>"""
    with_part(book, SHEET, lambda _: xml)
    recalculated(book)
    assert values(book, "B1") == "2<"
    assert values(book, "B3") == 6
    assert not recalculated(book).differences


def test_the_file_is_replaced_whole_or_not_at_all(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = book.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    result = CliRunner().invoke(command, [str(book)])
    assert result.exit_code == 2
    assert "No space left" in result.output
    assert book.read_bytes() == before
    assert list(book.parent.iterdir()) == [book]


def test_random_bytes_never_crash(book: Path) -> None:
    """Bytes flipped anywhere in the file: refused or recalculated, never a traceback."""
    original = book.read_bytes()
    for step in range(1, 60):
        data = bytearray(original)
        position = step * 7919 % len(data)
        data[position] ^= 1 << (step % 8)
        book.write_bytes(data)
        result = CliRunner().invoke(command, [str(book), "--check"])
        assert result.exit_code in (0, 1, 2, 3), (position, result.exception)
        assert result.exception is None or isinstance(result.exception, SystemExit), position


def test_zip_in_memory_is_not_needed(tmp_path: Path) -> None:
    """A workbook with a comment behind the archive still opens."""
    path = write(tmp_path / "book.xlsx", {"A1": "=1+1"})
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        archive.comment = b"made by hand"
        for name, data in parts.items():
            archive.writestr(name, data)
    recalculated(path)
    assert values(path, "A1") == 2
