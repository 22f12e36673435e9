"""The parts that tell Excel which formulas spill, and the calculation chain that then no longer fits."""

import re
from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree

from xlinv.workbook.book_xml import relationships
from xlinv.workbook.package import Package
from xlinv.workbook.sheet_xml import MAIN

_Q: Final = f"{{{MAIN}}}"
_TYPES: Final = "[Content_Types].xml"
_METADATA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml"
_RELATIONSHIP: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sheetMetadata"
_FUTURE: Final = (
    '<futureMetadata name="XLDAPR" count="1"><bk><extLst><ext uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}">'
    "<xda:dynamicArrayProperties "
    'xmlns:xda="http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray" '
    'fDynamic="1" fCollapsed="0"/></ext></extLst></bk></futureMetadata>'
)
_TYPE: Final = (
    '<metadataType name="XLDAPR" minSupportedVersion="120000" copy="1" pasteAll="1" pasteValues="1" '
    'merge="1" splitFirst="1" rowColShift="1" clearFormats="1" clearComments="1" assign="1" coerce="1" '
    'cellMeta="1"/>'
)
_NEW: Final = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<metadata xmlns="{MAIN}">'
    f'<metadataTypes count="1">{_TYPE}</metadataTypes>{_FUTURE}'
    '<cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>'
)


def with_metadata(package: Package, workbook: str) -> tuple[int, dict[str, bytes | None]]:
    """The index of the dynamic-array metadata, and the parts to write where the package has none."""
    links = relationships(package, workbook)
    part = next((target for kind, target in links.values() if kind.endswith("/sheetMetadata")), None)
    if part is not None:
        return _index_in(package, part)
    folder, _, name = workbook.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
    part = f"{folder}/metadata.xml" if folder else "metadata.xml"
    identity = next(f"rIdMeta{number}" for number in range(1, 1000) if f"rIdMeta{number}" not in links)
    link = f'<Relationship Id="{identity}" Type="{_RELATIONSHIP}" Target="metadata.xml"/>'
    override = f'<Override PartName="/{part}" ContentType="{_METADATA_TYPE}"/>'
    return 1, {
        part: _NEW.encode(),
        rels: _before_end(package.read(rels), link, "Relationships"),
        _TYPES: _before_end(package.read(_TYPES), override, "Types"),
    }


def _before_end(data: bytes, element: str, root: str) -> bytes:
    return re.sub(rf"</{root}\s*>\s*$".encode(), lambda end: element.encode() + end[0], data)


def _index_in(package: Package, part: str) -> tuple[int, dict[str, bytes | None]]:
    """The place of the dynamic-array block in the metadata a package has, added where it lacks one."""
    data = package.read_xml(part)
    root = ElementTree.fromstring(data)
    types = [kind.get("name") for kind in root.iter(f"{_Q}metadataType")]
    blocks = root.find(f"{_Q}cellMetadata")
    count = len(blocks) if blocks is not None else 0
    if "XLDAPR" in types and blocks is not None:
        wanted = str(types.index("XLDAPR") + 1)
        for number, block in enumerate(blocks, start=1):
            if len(block) and block[0].get("t") == wanted:
                return number, {}
    return count + 1, {part: _extended(data.decode(), types, count)}


def _extended(text: str, types: list[str | None], count: int) -> bytes:
    number = len(types) + 1
    text = re.sub(
        r'(<metadataTypes count=")\d+(".*?)(</metadataTypes>)',
        lambda match: f"{match[1]}{number}{match[2]}{_TYPE}{match[3]}",
        text,
        flags=re.DOTALL,
    )
    block = f'<bk><rc t="{number}" v="0"/></bk>'
    if "<cellMetadata" in text:
        text = re.sub(r'(<cellMetadata count=")\d+', rf"\g<1>{count + 1}", text)
        text = text.replace("</cellMetadata>", f"{block}</cellMetadata>")
        return text.replace("<cellMetadata", f"{_FUTURE}<cellMetadata", 1).encode()
    cells = f'{_FUTURE}<cellMetadata count="1">{block}</cellMetadata>'
    before = "<valueMetadata" if "<valueMetadata" in text else "</metadata>"
    return text.replace(before, f"{cells}{before}", 1).encode()


def without_calculation_chain(
    package: Package, workbook: str, changed: Mapping[str, bytes | None]
) -> dict[str, bytes | None]:
    """The parts to write so that Excel builds its calculation chain anew, as some formulas changed kind."""
    links = relationships(package, workbook)
    chain = next((target for kind, target in links.values() if kind.endswith("/calcChain")), None)
    if chain is None or chain not in package:
        return {}
    folder, _, name = workbook.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
    parts: dict[str, bytes | None] = {chain: None}
    for part, element in ((rels, b"Relationship"), (_TYPES, b"Override")):
        data = changed.get(part) or package.read(part)
        parts[part] = re.sub(rb"<%s\b[^>]*calcChain[^>]*?/>" % element, b"", data)
    return parts
