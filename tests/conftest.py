"""What every test may use."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

# A build says the same of the same code every time; at a desk each run looks somewhere else.
settings.register_profile("build", derandomize=True, deadline=None)
settings.register_profile("desk", deadline=None)
settings.load_profile("build" if os.environ.get("CI") else "desk")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of specification and data beside the project; tests that need it are skipped without it."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the data folder {SHARED.name} beside the project")
    return SHARED


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The sample company's workbook of a template, built when first asked for; nobody writes to it."""
    from xlinv.templates import create

    folder = tmp_path_factory.mktemp("sample")

    @cache
    def built(template: str) -> Path:
        create(template, folder / f"{template}.xlsx")
        return folder / f"{template}.xlsx"

    return built
