"""The component that LibreOffice loads: the functions of the catalogue behind its add-in interface.

It runs in the Python of LibreOffice. What it computes with is found through environment.txt beside it,
the folders from which xlinv was imported when the extension was built.
"""

import os
import struct
import sys
from urllib.parse import unquote, urlparse

import uno
import unohelper
from com.sun.star.lang import XServiceInfo

HERE = os.path.dirname(
    unquote(urlparse(__file__).path) if __file__.startswith("file:") else os.path.abspath(__file__)
)
SERVICE = "XLINV"
IMPLEMENTATION = "org.xlinv.Functions"

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

g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816  (LibreOffice asks for this name)
g_ImplementationHelper.addImplementation(Functions, IMPLEMENTATION, (SERVICE,))
