"""The extension file: component, interface, configuration and menu, generated from the catalogue."""

import io
import sys
import zipfile
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from xlinv.actions.ribbon import RIBBON, TAB_LABEL, Button, buttons_of
from xlinv.catalogue import Function
from xlinv.catalogue.documentation import argument_text
from xlinv.functions import CATALOGUE
from xlinv.version import __version__

MENU: Final = "org.xlinv.Menu"
_CALC: Final = "com.sun.star.sheet.SpreadsheetDocument"
IDENTIFIER: Final = "org.xlinv.functions"
_FIXED_TIME: Final = (1980, 1, 1, 0, 0, 0)
_MANIFEST: Final = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">
 <manifest:file-entry manifest:full-path="component.py"
  manifest:media-type="application/vnd.sun.star.uno-component;type=Python"/>
 <manifest:file-entry manifest:full-path="functions.xcu"
  manifest:media-type="application/vnd.sun.star.configuration-data"/>
 <manifest:file-entry manifest:full-path="menu.xcu"
  manifest:media-type="application/vnd.sun.star.configuration-data"/>
</manifest:manifest>
"""


def build_extension(out: Path) -> Path:
    """Write the extension for the Python environment that runs this, and return its path."""
    parts = {
        "META-INF/manifest.xml": _MANIFEST,
        "component.py": files(__package__).joinpath("component.py").read_text(encoding="utf-8"),
        "description.xml": _description(),
        "environment.txt": "\n".join(import_folders()) + "\n",
        "functions.idl": interface(CATALOGUE.values()),
        "functions.xcu": configuration(CATALOGUE.values()),
        "menu.xcu": menu(),
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _FIXED_TIME), text.encode())
    out.write_bytes(content.getvalue())
    return out


def import_folders() -> list[str]:
    """The folders from which this process imports, for LibreOffice's Python to import from too."""
    package = str(Path(__file__).resolve().parents[3])
    library = [folder for folder in sys.path if folder.endswith(("site-packages", "dist-packages"))]
    return list(dict.fromkeys([package, *library]))


def interface(functions: Iterable[Function]) -> str:
    """The add-in's interface in UNO's interface language: one method per function."""
    methods = []
    for declared in functions:
        arguments = ", ".join(f"[in] any a{position}" for position in range(len(declared.parameters)))
        methods.append(f"    sequence< sequence<any> > {declared.name}({arguments});")
    body = "\n".join(methods)
    return f"module org {{ module xlinv {{\ninterface XFunctions {{\n{body}\n}};\n}}; }};\n"


def configuration(functions: Iterable[Function]) -> str:
    """What Calc's function wizard shows: names, categories, descriptions of function and arguments."""
    nodes = "".join(_function_node(declared) for declared in functions)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" oor:name="CalcAddIns" '
        'oor:package="org.openoffice.Office">\n<node oor:name="AddInInfo">'
        '<node oor:name="XLINV" oor:op="replace"><node oor:name="AddInFunctions">\n'
        f"{nodes}</node></node></node>\n</oor:component-data>\n"
    )


def _function_node(declared: Function) -> str:
    parameters = "".join(
        f'<node oor:name="a{position}" oor:op="replace">'
        f"{_property('DisplayName', parameter.name)}"
        f"{_property('Description', argument_text(parameter))}</node>"
        for position, parameter in enumerate(declared.parameters)
    )
    return (
        f'<node oor:name={quoteattr(declared.name)} oor:op="replace">'
        f"{_property('DisplayName', declared.name)}{_property('Description', declared.summary)}"
        '<prop oor:name="Category"><value>Add-In</value></prop>'
        f"{_property('CompatibilityName', declared.name)}"
        f'<node oor:name="Parameters">{parameters}</node></node>\n'
    )


def _property(name: str, text: str) -> str:
    return f'<prop oor:name="{name}"><value xml:lang="en">{escape(text)}</value></prop>'


def menu() -> str:
    """The menu Inventory in Calc, with the ribbon's groups as its parts."""
    entries = "".join(
        _menu_node(group.identity, group.label, "".join(_button_node(button) for button in buttons_of(group)))
        for group in RIBBON
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" oor:name="Addons" oor:package="org.openoffice.Office">\n'
        '<node oor:name="AddonUI"><node oor:name="OfficeMenuBar">\n'
        f"{_menu_node('org.xlinv.inventory', TAB_LABEL, entries)}"
        "</node></node>\n</oor:component-data>\n"
    )


def _menu_node(identity: str, label: str, entries: str) -> str:
    return (
        f'<node oor:name={quoteattr(identity)} oor:op="replace">'
        f'{_property("Title", label)}<prop oor:name="Context"><value>{_CALC}</value></prop>'
        f'<node oor:name="Submenu">{entries}</node></node>\n'
    )


def _button_node(button: Button) -> str:
    return (
        f'<node oor:name={quoteattr(button.identity)} oor:op="replace">'
        f'<prop oor:name="URL"><value>service:{MENU}?{button.identity}</value></prop>'
        f'{_property("Title", button.label)}<prop oor:name="Context"><value>{_CALC}</value></prop></node>'
    )


def _description() -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<description xmlns="http://openoffice.org/extensions/description/2006">\n'
        f'<identifier value="{IDENTIFIER}"/><version value="{__version__}"/>\n'
        '<display-name><name lang="en">xlinv inventory functions</name></display-name>\n'
        "</description>\n"
    )
