"""The reference as a folder of pages that needs neither a server nor a network."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from xlinv.catalogue import Function
from xlinv.functions import CATALOGUE
from xlinv.hosts.reference.page import function_page, index_page
from xlinv.hosts.reference.pictures import PICTURES

_ASSETS: Final = ("reference.css", "search.js")


def write_site(folder: Path, functions: Mapping[str, Function] = CATALOGUE) -> list[Path]:
    """Write index, pages, style and search into the folder, made where it is missing; the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {asset: (Path(__file__).parent / asset).read_text(encoding="utf-8") for asset in _ASSETS}
    texts["index.js"] = f"const FUNCTIONS = {_search_index(functions.values())};\n"
    texts["index.html"] = index_page(functions)
    for name, declared in functions.items():
        texts[f"{name}.html"] = function_page(declared, functions, PICTURES.get(name))
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return [folder / name for name in texts]


def _search_index(functions: Iterable[Function]) -> str:
    """What the search box looks through, as JSON that no browser takes for markup."""
    entries = [{"name": f.name, "summary": f.summary, "more": _searched(f)} for f in functions]
    return json.dumps(entries, ensure_ascii=False, indent=0).replace("<", "\\u003c")


def _searched(declared: Function) -> str:
    words = [declared.family, declared.python_name, declared.source, *declared.serves]
    words += [f"{parameter.name} {parameter.meaning}" for parameter in declared.parameters]
    return " ".join([*words, *declared.result.parts]).replace("_", " ")
