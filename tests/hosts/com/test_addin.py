"""The add-in file: the same bytes each time, every module as its source, a ribbon that Excel can read."""

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from oletools.olevba import VBA_Parser

from tests.hosts.com.grammar import check
from xlinv.actions.ribbon import RIBBON, Menu, buttons
from xlinv.functions import CATALOGUE
from xlinv.hosts.com.addin import FILE_NAME, build_addin, vba_modules
from xlinv.hosts.com.ribbon import CALLBACK, ENABLED, custom_ui

HERE = Path(__file__).parent
OURS = ("ThisWorkbook", "XlinvConversion", "XlinvRibbon", "XlinvFunctions")


@pytest.fixture(scope="module")
def addin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_addin(tmp_path_factory.mktemp("addin") / FILE_NAME)


def body(source: str) -> list[str]:
    """The lines a person writes: without the header that every class carries."""
    lines = source.replace("\r\n", "\n").strip().split("\n")
    while lines and re.match(r"VERSION |BEGIN|END$|  MultiUse|Attribute VB_", lines[0]):
        lines.pop(0)
    return lines


def test_the_same_sources_give_the_same_bytes(addin: Path, tmp_path: Path) -> None:
    assert build_addin(tmp_path / FILE_NAME).read_bytes() == addin.read_bytes()


def test_every_module_reads_back_as_its_source(addin: Path) -> None:
    read = {name.partition(".")[0]: code for _, _, name, code in VBA_Parser(str(addin)).extract_macros()}
    for name, source in vba_modules().items():
        assert body(read[name]) == body(source), name


@pytest.mark.parametrize("name", OURS)
def test_our_modules_keep_the_grammar(name: str) -> None:
    check(vba_modules()[name])


def test_the_settings_are_looked_for_under_our_name() -> None:
    assert 'PROJECT_NAME As String = "xlinv"' in vba_modules()["xlwings"]


def test_the_ribbon_keeps_the_schema() -> None:
    schema = etree.XMLSchema(etree.parse(HERE / "customui14.xsd"))
    schema.assertValid(etree.fromstring(custom_ui().encode()))


def test_every_callback_is_a_procedure_of_the_right_form() -> None:
    source = vba_modules()["XlinvRibbon"]
    xml = etree.fromstring(custom_ui().encode())
    assert set(xml.xpath("//@onAction")) == {CALLBACK}
    assert set(xml.xpath("//@getEnabled")) == {ENABLED}
    assert f"Public Sub {CALLBACK}(control As IRibbonControl)" in source
    assert f"Public Sub {ENABLED}(control As IRibbonControl, ByRef enabled As Variant)" in source


def test_no_keytip_is_the_beginning_of_another() -> None:
    keytips = [control.keytip for group in RIBBON for control in group.controls]
    keytips += [
        item.keytip for group in RIBBON for c in group.controls if isinstance(c, Menu) for item in c.items
    ]
    assert len(set(keytips)) == len(keytips)
    assert all(len(keytip) == 2 and keytip.isalpha() and keytip.isupper() for keytip in keytips)


def test_every_picture_is_one_that_office_has(shared: Path) -> None:
    known = set(re.findall(r"\b[A-Z]\w+\b", (shared / "spec" / "ribbon.md").read_text()))
    assert {button.image for button in buttons()} <= known


def test_excel_finds_the_parts_that_were_added(addin: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(addin) as archive:
        assert archive.testzip() is None
        assert b"customUI/customUI14.xml" in archive.read("_rels/.rels")
        assert archive.read("customUI/customUI14.xml").decode() == custom_ui()
        assert b"addin.macroEnabled.main+xml" in archive.read("[Content_Types].xml")
    as_workbook = tmp_path / "addin.xlsm"
    with zipfile.ZipFile(addin) as source, zipfile.ZipFile(as_workbook, "w") as target:
        for name in source.namelist():
            kind = b"addin.macroEnabled", b"sheet.macroEnabled"  # openpyxl opens workbooks only
            target.writestr(name, source.read(name).replace(*kind))
    sheet = openpyxl.load_workbook(as_workbook).worksheets[-1]
    assert sheet.title == "_IntelliSense_"
    assert sheet["A1"].value == "FunctionInfo"
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == list(CATALOGUE)
