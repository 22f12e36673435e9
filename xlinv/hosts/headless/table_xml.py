"""The parts that hold tables."""

import itertools
import re
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from xlinv.hosts.headless.document import TableModel
from xlinv.workbook.sheet_xml import MAIN

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def new_table(table: TableModel) -> str:
    columns = "".join(
        f'<tableColumn id="{number}" name={quoteattr(name, {chr(10): "_x000a_"})}/>'
        for number, name in enumerate(table.columns, start=1)
    )
    style = f'<tableStyleInfo name={quoteattr(table.style)} showRowStripes="1"/>' if table.style else ""
    return (
        f'{_HEAD}<table xmlns="{MAIN}" id="{table.identity}" name={quoteattr(table.name)} '
        f'displayName={quoteattr(table.name)} ref="{table.area}" totalsRowShown="0">'
        f'<autoFilter ref="{table.area}"/>'
        f'<tableColumns count="{len(table.columns)}">{columns}</tableColumns>{style}</table>'
    )


def changed_table(text: str, table: TableModel) -> str:
    """A table's part with another extent; columns that stay keep what is said of them."""
    head = re.sub(r'\bref="[^"]*"', f'ref="{table.area}"', text, count=1)
    body = table.area._replace(bottom=table.area.bottom - table.totals_rows)
    head = re.sub(r'(<autoFilter\b[^>]*\bref=")[^"]*', rf"\g<1>{body}", head, count=1)
    elements = re.findall(r"<tableColumn\b[^>]*/>|<tableColumn\b.*?</tableColumn>", head, re.DOTALL)
    if len(elements) == len(table.columns):
        return head
    known = {found[1]: element for element in elements if (found := re.search(r'\bname="([^"]*)"', element))}
    identities = itertools.count(
        max((int(i) for i in re.findall(r'<tableColumn\b[^>]*\bid="(\d+)"', head)), default=0) + 1
    )
    columns = "".join(
        known.get(escape(name, {'"': "&quot;"}))
        or f'<tableColumn id="{next(identities)}" name={quoteattr(name)}/>'
        for name in table.columns
    )
    section = f'<tableColumns count="{len(table.columns)}">{columns}</tableColumns>'
    return re.sub(r"<tableColumns\b.*?</tableColumns>", lambda _: section, head, flags=re.DOTALL)
