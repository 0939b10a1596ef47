"""A session bus for a desktop that obeys the test."""

from collections.abc import Iterator

import pytest
from virtual_desktop import PrivateBus


@pytest.fixture(scope="session")
def desktop_bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateBus]:
    """A bus that nobody kills."""
    bus = PrivateBus(tmp_path_factory.mktemp("desktop") / "bus")
    bus.start()
    yield bus
    bus.kill()
