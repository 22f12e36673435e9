"""The ribbon as Excel reads it: customUI14.xml, and the VBA behind its buttons."""

from typing import Final
from xml.sax.saxutils import quoteattr

from xlinv.actions.ribbon import RIBBON, TAB_KEYTIP, TAB_LABEL, Button, Group, Menu

NAMESPACE: Final = "http://schemas.microsoft.com/office/2009/07/customui"
CALLBACK: Final = "XlinvPress"
ENABLED: Final = "XlinvEnabled"


def custom_ui() -> str:
    """The whole tab, generated from its declaration."""
    groups = "\n".join(_group(group) for group in RIBBON)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<customUI xmlns="{NAMESPACE}">\n<ribbon>\n<tabs>\n'
        f"<tab{_attributes(id='tabXlinv', label=TAB_LABEL, keytip=TAB_KEYTIP)}>\n"
        f"{groups}\n</tab>\n</tabs>\n</ribbon>\n</customUI>\n"
    )


def _group(group: Group) -> str:
    controls = "\n".join(
        _menu(control) if isinstance(control, Menu) else _button(control, in_menu=False)
        for control in group.controls
    )
    return f"<group{_attributes(id=group.identity, label=group.label)}>\n{controls}\n</group>"


def _menu(menu: Menu) -> str:
    items = "\n".join(_button(item, in_menu=True) for item in menu.items)
    own = _attributes(
        id=menu.identity,
        label=menu.label,
        imageMso=menu.image,
        keytip=menu.keytip,
        supertip=menu.supertip,
        size="large" if menu.large else "normal",
    )
    return f"<menu{own}>\n{items}\n</menu>"


def _button(button: Button, in_menu: bool) -> str:
    size = {} if in_menu else {"size": "large" if button.large else "normal"}
    own = _attributes(
        id=button.identity,
        label=button.label,
        imageMso=button.image,
        keytip=button.keytip,
        supertip=button.supertip,
        onAction=CALLBACK,
        getEnabled=ENABLED,
        **size,
    )
    return f"<button{own}/>"


def _attributes(**values: str) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items())
