"""A notification server, and a stand-in for the package desktop-notifier, that obey the test."""

import sys
from collections.abc import Iterator

import fake_desktop_notifier
import pytest
from fake_server import FakeServer
from virtual_desktop import PrivateBus


@pytest.fixture
def server(bus: PrivateBus) -> Iterator[FakeServer]:
    server = FakeServer(bus.address)
    yield server
    server.end()


@pytest.fixture
def desktop_notifier(monkeypatch: pytest.MonkeyPatch) -> fake_desktop_notifier.Desktop:
    """The desktop behind a stand-in for the package desktop-notifier, which is for other systems than this."""
    monkeypatch.setitem(sys.modules, "desktop_notifier", fake_desktop_notifier)
    monkeypatch.setattr(fake_desktop_notifier, "desktop", fake_desktop_notifier.Desktop())
    return fake_desktop_notifier.desktop
