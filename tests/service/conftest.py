"""A home in the evening, for the tests that run the service in it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from service_process import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home where it is between nine and ten in the evening, whatever the clock says elsewhere."""
    ahead = (21 - datetime.now(UTC).hour + 12) % 24 - 12
    return Home(tmp_path / "home", TZ=f"Etc/GMT{-ahead:+d}")
