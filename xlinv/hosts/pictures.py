"""`python -m xlinv.hosts.pictures FOLDER`: the README's pictures, drawn and rendered from what is built."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from xlinv.hosts.com.ribbon import NAMESPACE, custom_ui

_Q: Final = f"{{{NAMESPACE}}}"
_LARGE, _SMALL, _ROW, _GAP, _HEIGHT = 74, 116, 26, 14, 128
_INK, _QUIET, _LINE, _PAPER, _ACCENT = "#1F3864", "#595959", "#D0D5DD", "#F7F8FA", "#C55A11"

# The pages worth showing: workbook, page of its print-out, and the picture's name.
PAGES: Final = (
    ("inventory_policy", "Cash", "cash"),
    ("inventory_policy", "Policy", "policy"),
    ("inventory_policy", "Service curve", "service_curve"),
    ("network_meio", "Network", "network"),
    ("network_meio", "Result", "network_result"),
)


def ribbon_drawing() -> str:
    """The ribbon as an SVG, drawn from the XML that Excel reads."""
    tab = ElementTree.fromstring(custom_ui()).find(f".//{_Q}tab")
    assert tab is not None
    pieces: list[str] = []
    left: float = _GAP
    for group in tab.iter(f"{_Q}group"):
        drawn, width = _group(group, left)
        pieces += drawn
        left += width + _GAP
    title = (
        f'<rect x="0" y="0" width="{left}" height="26" fill="{_INK}"/>'
        f'<rect x="{_GAP}" y="3" width="86" height="23" fill="{_PAPER}"/>'
        f'<text x="{_GAP + 43}" y="19" text-anchor="middle" font-weight="bold" fill="{_INK}">'
        f"{escape(tab.get('label', ''))}</text>"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left} {_HEIGHT + 26}" width="{left}" '
        f'font-family="Segoe UI, DejaVu Sans, sans-serif" font-size="11">\n'
        f'<rect width="{left}" height="{_HEIGHT + 26}" fill="{_PAPER}"/>{title}\n'
        + "\n".join(pieces)
        + "\n</svg>\n"
    )


def _group(group: ElementTree.Element, left: float) -> tuple[list[str], float]:
    """A group's buttons, its label under them, and how wide it is."""
    large = [control for control in group if control.get("size") == "large"]
    small = [control for control in group if control.get("size") != "large"]
    columns = (len(small) + 2) // 3
    width = max(len(large) * _LARGE + columns * _SMALL, 7.0 * len(group.get("label", "")))
    pieces = []
    for number, control in enumerate(large):
        pieces.append(_large(control, left + number * _LARGE))
    for number, control in enumerate(small):
        x = left + len(large) * _LARGE + number // 3 * _SMALL
        pieces.append(_small(control, x, 32 + number % 3 * _ROW))
    pieces.append(
        f'<text x="{left + width / 2}" y="{_HEIGHT + 18}" text-anchor="middle" fill="{_QUIET}">'
        f"{escape(group.get('label', ''))}</text>"
        f'<line x1="{left + width + _GAP / 2}" y1="34" x2="{left + width + _GAP / 2}" y2="{_HEIGHT + 18}" '
        f'stroke="{_LINE}"/>'
    )
    return pieces, width


def _large(control: ElementTree.Element, x: float) -> str:
    arrow = " ▾" if control.tag == f"{_Q}menu" else ""
    return (
        f'<rect x="{x + 19}" y="36" width="36" height="36" rx="6" fill="white" stroke="{_INK}"/>'
        f'<text x="{x + 37}" y="60" text-anchor="middle" font-size="17" fill="{_ACCENT}">'
        f"{escape(control.get('label', '?')[0])}</text>"
        f'<text x="{x + 37}" y="90" text-anchor="middle" fill="{_INK}">'
        f"{escape(control.get('label', ''))}{arrow}</text>"
        f'<text x="{x + 37}" y="106" text-anchor="middle" font-size="9" fill="{_QUIET}">'
        f"{escape(control.get('keytip', ''))}</text>"
    )


def _small(control: ElementTree.Element, x: float, y: float) -> str:
    arrow = " ▾" if control.tag == f"{_Q}menu" else ""
    return (
        f'<rect x="{x + 4}" y="{y + 4}" width="16" height="16" rx="3" fill="white" stroke="{_INK}"/>'
        f'<text x="{x + 12}" y="{y + 16}" text-anchor="middle" fill="{_ACCENT}">'
        f"{escape(control.get('label', '?')[0])}</text>"
        f'<text x="{x + 26}" y="{y + 16}" fill="{_INK}">{escape(control.get("label", ""))}{arrow}</text>'
    )


def render_pages(workbooks: Path, out: Path) -> Iterator[Path]:
    """Pictures of the pages worth showing, as LibreOffice prints them; needs soffice and pdftoppm."""
    with tempfile.TemporaryDirectory() as folder:
        for book in dict.fromkeys(name for name, _, _ in PAGES):
            profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
            command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder]
            subprocess.run([*command, str(workbooks / f"{book}.xlsx")], check=True, capture_output=True)
        for book, title, name in PAGES:
            pdf = Path(folder) / f"{book}.pdf"
            page = str(_page_titled(pdf, title))
            command = ["pdftoppm", "-r", "60", "-png", "-f", page, "-l", page, "-singlefile"]
            subprocess.run([*command, str(pdf), str(out / name)], check=True)
            yield out / f"{name}.png"


def _page_titled(pdf: Path, title: str) -> int:
    """The first page that begins with the title; raises LookupError where none does."""
    text = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    for number, page in enumerate(text.split("\f"), start=1):
        if page.strip().startswith(title):
            return number
    raise LookupError(f"{pdf.name} has no page titled {title}")


def main(folder: str) -> None:
    out = Path(folder)
    (out / "ribbon.svg").write_text(ribbon_drawing(), encoding="utf-8")
    for picture in render_pages(out.parent, out):
        print(picture)


if __name__ == "__main__":
    main(sys.argv[1])
