"""What every test may use."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of specification and data beside the project; tests that need it are skipped without it."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the data folder {SHARED.name} beside the project")
    return SHARED
