"""The list of all functions by name, each imported when it is asked for."""

import importlib
from collections.abc import Iterator, Mapping
from typing import Any

from xlinv.catalogue.function import Function
from xlinv.cells import InputError


class Catalogue(Mapping[str, Function]):
    """Functions by spreadsheet name; `places` says for each the module of `package` and the name there."""

    def __init__(self, package: str, places: Mapping[str, str]) -> None:
        self._package = package
        self._places = dict(places)
        self._names = {place.rpartition(".")[2]: name for name, place in places.items()}

    def __getitem__(self, name: str) -> Function:
        module, _, attribute = self._places[name].rpartition(".")
        declared: Any = getattr(importlib.import_module(f"{self._package}.{module}"), attribute)
        if declared.name != name:
            raise InputError("name", f"must be that of the declaration, {declared.name}", name)
        return declared  # type: ignore[no-any-return]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def by_python_name(self, name: str) -> Function | None:
        """The function declared under this name in Python, if there is one."""
        return self[self._names[name]] if name in self._names else None

    @property
    def python_names(self) -> list[str]:
        return list(self._names)
