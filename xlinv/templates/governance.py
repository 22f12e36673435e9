"""The pages that every template has: About in front, Checks and Version behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from xlinv.templates.company import Company
from xlinv.templates.page import Book, Column, Page
from xlinv.templates.style import LEGEND

ABOUT_WIDTHS: Final = (32, 18, 14, 78)
CHECK_WIDTHS: Final = (27, 14, 58, 10, 10, 62)
VERSION_WIDTHS: Final = (18, 14, 18, 18, 44, 14, 12, 14, 18)
FUNCTION_WIDTHS: Final = (20, 10, 140)


@dataclass(frozen=True)
class Check:
    """One control: a condition that must hold, how grave it is when it does not, and what to do then."""

    name: str
    sheet: str
    test: str
    condition: str
    message: str
    severity: str = "error"


@dataclass(frozen=True)
class Headline:
    """One figure of the front page: label, the name of its cell, unit, how it looks, meaning."""

    label: str
    name: str
    unit: str
    number: str
    meaning: str


def hash_of(company: Company) -> str:
    """A short hash of everything filled in, so that a reader can tell whether inputs are the issued ones."""
    return sha256(repr(company).encode()).hexdigest()[:12] if company.items else ""


def write_about(
    page: Page, book: Book, purpose: Sequence[str], steps: Sequence[str], headlines: Sequence[Headline]
) -> None:
    """Purpose, headline figures, how to use it, which sheets there are, what the colours mean."""
    page.formula(
        1,
        0,
        '=in_Company&", stock and balances of "&TEXT(in_AsOf,"d mmm yyyy")',
        style="x_Note",
        align="left",
    )
    row = 3
    for line in purpose:
        page.text(row, 0, line, "x_Note", font_size=10)
        row += 1
    row = _write_headlines(page, row + 1, headlines)
    page.section(row + 1, "How to use it")
    row += 2
    for number, step in enumerate(steps, start=1):
        page.text(row, 0, f"{number}.  {step}", "x_Note", font_size=10)
        row += 1
    row = _write_sheets(page, row + 1, book.pages)
    _write_legend(page, row + 1)


def _write_headlines(page: Page, row: int, headlines: Sequence[Headline]) -> int:
    page.headings(row, 0, ("Headline", "Value", "Unit", " Meaning"), height=18)
    for line in headlines:
        row += 1
        page.text(row, 0, line.label, bold=True)
        page.formula(row, 1, f"={line.name}", line.number, style="x_Link", align="right")
        page.text(row, 2, line.unit, align="center")
        page.text(row, 3, line.meaning, "x_Note", indent=1)
    row += 1
    page.text(row, 0, "All checks", bold=True)
    page.formula(row, 1, "=chk_All", style="x_Check", align="right")
    page.colour_checks(f"B{row + 1}")
    page.text(row, 2, "")
    page.text(row, 3, "OK when no check of severity error fails; see sheet Checks", "x_Note", indent=1)
    return row + 1


def _write_sheets(page: Page, row: int, pages: Sequence[Page]) -> int:
    page.headings(row, 0, ("Sheet", " Kind", "", " What it holds"), height=18)
    link = page.book.formats.get("x_Text", font_color="#2F5597", underline=1)
    for other in pages:
        row += 1
        page.sheet.write_url(row, 0, f"internal:'{other.name}'!A1", link, other.name)
        page.text(row, 1, other.kind, indent=1)
        page.text(row, 2, "")
        page.text(row, 3, other.purpose, "x_Note", indent=1)
    return row + 1


def _write_legend(page: Page, row: int) -> None:
    page.headings(row, 0, ("Cell style", "Looks like", "", " Used for"), height=18)
    for style, meaning in LEGEND:
        row += 1
        page.text(row, 0, style)
        page.text(row, 1, {"x_Check": "OK"}.get(style, "1,234"), style, align="center")
        page.text(row, 2, "")
        page.text(row, 3, meaning, "x_Note", indent=1)


def write_checks(page: Page, checks: Sequence[Check]) -> None:
    """tblChecks, one named result per check, and chk_All over all of them."""
    page.text(2, 0, "All checks", bold=True)
    errors = '=IF(COUNTIFS(tblChecks[Result],"FAIL",tblChecks[Severity],"error")=0,"OK","FAIL")'
    page.formula(2, 1, errors, name="chk_All", style="x_Check")
    page.formula(2, 2, '=COUNTIF(tblChecks[Result],"OK")&" of "&ROWS(tblChecks[Result])&" checks hold"')
    page.table(
        4,
        0,
        "tblChecks",
        (
            Column("Id", values=[check.name for check in checks]),
            Column("Sheet", values=[check.sheet for check in checks]),
            Column("Test", values=[check.test for check in checks]),
            Column("Result", values=["" for _ in checks]),
            Column("Severity", values=[check.severity for check in checks]),
            Column("Message", values=[check.message for check in checks]),
        ),
        height=18,
    )
    for row, check in enumerate(checks, start=5):
        for column, text in enumerate((check.name, check.sheet, check.test)):
            page.text(row, column, text, indent=1)
        result = f'=IF(IFERROR({check.condition},FALSE),"OK","FAIL")'
        page.formula(row, 3, result, style="x_Check", name=check.name)
        page.text(row, 4, check.severity, align="center")
        page.text(row, 5, check.message, "x_Note", indent=1)
    page.colour_checks(f"D6:D{len(checks) + 5}")
    page.colour_checks("B3")
    page.freeze(5, 1)


def write_version(page: Page, version: str, change: str, data_hash: str) -> None:
    """Who changed what, and which engine the figures were accepted with."""
    page.table(
        3,
        0,
        "tblVersion",
        (
            Column("Version", values=["1.0"]),
            Column("Date", values=["2026-01-31"]),
            Column("Author", values=["xlinv templates"]),
            Column("Approver", values=[""]),
            Column("Change", values=[change]),
            Column("Decision id", values=[""]),
            Column("Engine", values=[version]),
            Column("Formula set", values=[version]),
            Column("Hash of inputs", values=[data_hash]),
        ),
        height=18,
    )
    page.text(6, 0, "Engine now", bold=True)
    page.formula(6, 1, "=XLINVVERSION()", name="out_Engine")
    page.text(7, 0, "Engine accepted", bold=True)
    page.formula(7, 1, "=INDEX(tblVersion[Engine],ROWS(tblVersion[Engine]))", name="out_EngineAccepted")
    page.freeze(4, 1)


def write_functions(page: Page, functions: Sequence[str]) -> None:
    """The catalogue functions that the figures rest on, each with its version and method."""
    function = "tblFunctions[[#This Row],[Function]]"
    last = page.table(
        3,
        0,
        "tblFunctions",
        (
            Column("Function", values=functions, style="x_Text"),
            Column("Version", formula=f"=FUNCTIONVERSION({function})"),
            Column("Method", formula=f"=METHODINFO({function})", style="x_Note", wraps=True),
        ),
        height=18,
    )
    for row in range(4, last):
        page.sheet.set_row(row, 26)
    page.freeze(4, 1)
