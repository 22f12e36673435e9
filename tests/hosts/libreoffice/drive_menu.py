"""Run by LibreOffice's own Python: open a book, select a cell, trigger a button, save what opens."""

import contextlib
import sys
import time

import uno
from com.sun.star.beans import PropertyValue


def main(pipe: str, book: str, out: str, sheet: str, cell: str, button: str) -> None:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(120):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            break
        except Exception:
            time.sleep(0.25)
    manager = context.ServiceManager
    desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    document = desktop.loadComponentFromURL(uno.systemPathToFileUrl(book), "_blank", 0, ())
    controller = document.getCurrentController()
    controller.setActiveSheet(document.Sheets.getByName(sheet))
    controller.select(document.Sheets.getByName(sheet).getCellRangeByName(cell))
    manager.createInstanceWithContext("org.xlinv.Menu", context).trigger(button)
    result = desktop.getCurrentComponent()
    kind = PropertyValue()
    kind.Name, kind.Value = "FilterName", "Calc MS Excel 2007 XML"
    result.storeToURL(uno.systemPathToFileUrl(out), (kind,))
    with contextlib.suppress(Exception):
        desktop.terminate()


main(*sys.argv[1:])
