"""Claims of speed and size: each benchmark says what it measured, and the README's table is made of them."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Claim = Callable[[str, str, str], None]


@pytest.fixture(scope="session")
def _claims() -> Iterator[dict[str, tuple[str, str]]]:
    """Everything claimed in this run; added to the file that XLINV_CLAIMS names."""
    claims: dict[str, tuple[str, str]] = {}
    yield claims
    target = os.environ.get("XLINV_CLAIMS")
    if target and claims:
        path = Path(target)
        known = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps(known | claims, indent=1, ensure_ascii=False))


@pytest.fixture
def claim(_claims: dict[str, tuple[str, str]]) -> Claim:
    """Note a claim: what was done, what was measured, what is asked for."""

    def note(done: str, measured: str, asked: str) -> None:
        _claims[done] = (measured, asked)
        print(f"\n{done}: {measured} (asked: {asked})")

    return note
