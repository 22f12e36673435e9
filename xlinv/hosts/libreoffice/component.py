"""The component that LibreOffice loads: the functions of the catalogue behind its add-in interface.

It runs in the Python of LibreOffice. What it computes with is found through environment.txt beside it,
the folders from which xlinv was imported when the extension was built.
"""

import os
import struct
import sys
import tempfile
from urllib.parse import unquote, urlparse

import uno
import unohelper
from com.sun.star.beans import PropertyValue
from com.sun.star.lang import XServiceInfo
from com.sun.star.task import XJobExecutor

HERE = os.path.dirname(
    unquote(urlparse(__file__).path) if __file__.startswith("file:") else os.path.abspath(__file__)
)
SERVICE = "XLINV"
IMPLEMENTATION = "org.xlinv.Functions"
MENU = "org.xlinv.Menu"
XLSX_FILTER = "Calc MS Excel 2007 XML"

with open(os.path.join(HERE, "environment.txt"), encoding="utf-8") as _folders:
    sys.path.extend(folder for folder in _folders.read().splitlines() if folder not in sys.path)

# The interface is written down as text; LibreOffice reads it once it is told where.
_types = uno.getComponentContext().getValueByName(
    "/singletons/com.sun.star.reflection.theTypeDescriptionManager"
)
if not _types.hasByHierarchicalName("org.xlinv.XFunctions"):
    _types.insert(uno.systemPathToFileUrl(os.path.join(HERE, "functions.idl")))

from org.xlinv import XFunctions  # noqa: E402  (known only since the line above)

from xlinv.catalogue import OMITTED  # noqa: E402
from xlinv.cells import CellError  # noqa: E402
from xlinv.functions import CATALOGUE  # noqa: E402

# Calc tells an error by the payload of a NaN, and these are its numbers.
_ERROR_NUMBERS = {
    CellError.NULL: 521,
    CellError.DIV0: 532,
    CellError.VALUE: 519,
    CellError.REF: 524,
    CellError.NAME: 525,
    CellError.NUM: 503,
    CellError.NA: 32767,
}
_ERROR_OF_NUMBER = {number: error for error, number in _ERROR_NUMBERS.items()}
_QUIET_NAN = 0x7FF8_0000_0000_0000


def from_calc(value):
    """What Calc hands over as the codec takes it."""
    if isinstance(value, tuple):
        return [[_from_cell(item) for item in row] for row in value]
    return OMITTED if value is None else _from_cell(value)


def _from_cell(item):
    if isinstance(item, float) and item != item:
        bits = struct.unpack("<Q", struct.pack("<d", item))[0]
        return _ERROR_OF_NUMBER.get(bits & 0xFFFF, CellError.VALUE)
    return None if item == "" else item


def for_calc(cells):
    """Rows of cells as Calc takes them: errors are NaN with their number inside."""
    return tuple(tuple(_for_cell(item) for item in row) for row in cells)


def _for_cell(item):
    if isinstance(item, CellError):
        number = _ERROR_NUMBERS.get(item, _ERROR_NUMBERS[CellError.VALUE])
        return struct.unpack("<d", struct.pack("<Q", _QUIET_NAN | number))[0]
    if isinstance(item, bool):
        return float(item)  # Calc knows TRUE and FALSE as 1 and 0
    return "" if item is None else item


def _method(declared):
    def method(self, *arguments):
        return for_calc(declared.evaluate(*map(from_calc, arguments)).cells)

    return method


Functions = type(
    "Functions",
    (unohelper.Base, XServiceInfo, XFunctions),
    {
        "__init__": lambda self, context: None,
        "getImplementationName": lambda self: IMPLEMENTATION,
        "supportsService": lambda self, name: name == SERVICE,
        "getSupportedServiceNames": lambda self: (SERVICE,),
        **{name: _method(declared) for name, declared in CATALOGUE.items()},
    },
)


class Menu(unohelper.Base, XServiceInfo, XJobExecutor):
    """What the menu Inventory calls: the action of a button, on a copy of the document in front."""

    def __init__(self, context):
        self.desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)

    def getImplementationName(self):  # noqa: N802  (UNO's names)
        return MENU

    def supportsService(self, name):  # noqa: N802
        return name == MENU

    def getSupportedServiceNames(self):  # noqa: N802
        return (MENU,)

    def trigger(self, identity):
        from xlinv.hosts.libreoffice.menu import run_button

        document = self.desktop.getCurrentComponent()
        with tempfile.TemporaryDirectory() as folder:
            copy = os.path.join(folder, "book.xlsx")
            document.storeToURL(uno.systemPathToFileUrl(copy), (_property("FilterName", XLSX_FILTER),))
            message, result = run_button(identity, copy, *_selection(document))
            if result is None:
                _tell(document, message)
                return
            # As a template: it opens as a new document, and nothing of the user's is written over.
            self.desktop.loadComponentFromURL(
                uno.systemPathToFileUrl(result), "_blank", 0, (_property("AsTemplate", True),)
            )


def _selection(document):
    """Name of the sheet and address of the selected range; the first cell where no range is selected."""
    controller = document.getCurrentController()
    if controller is None:
        return document.Sheets.getByIndex(0).Name, "A1"
    chosen = document.getCurrentSelection()
    sheet = controller.getActiveSheet().Name
    if not hasattr(chosen, "AbsoluteName"):
        return sheet, "A1"
    corners = [corner.rpartition(".")[2].replace("$", "") for corner in chosen.AbsoluteName.split(":")]
    return sheet, ":".join(corners)


def _property(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def _tell(document, message):
    window = document.getCurrentController().getFrame().getContainerWindow()
    kind = uno.Enum("com.sun.star.awt.MessageBoxType", "WARNINGBOX")
    window.getToolkit().createMessageBox(window, kind, 1, "xlinv", message).execute()


g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816  (LibreOffice asks for this name)
g_ImplementationHelper.addImplementation(Functions, IMPLEMENTATION, (SERVICE,))
g_ImplementationHelper.addImplementation(Menu, MENU, (MENU,))
