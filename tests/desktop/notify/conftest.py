"""A session bus, and on it a notification server that obeys the test."""

import sys
from collections.abc import Iterator
from pathlib import Path

import fake_desktop_notifier
import pytest
from fake_server import Answers, FakeServer, Opened
from virtual_desktop import PrivateBus

from remind.desktop.notify.dbus_channel import DBusChannel


@pytest.fixture(scope="session")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateBus]:
    """A bus that nobody kills."""
    bus = PrivateBus(tmp_path_factory.mktemp("bus") / "private")
    bus.start()
    yield bus
    bus.kill()


@pytest.fixture
def mortal_bus(tmp_path: Path) -> Iterator[PrivateBus]:
    """A bus, not started yet, for a test that stops or kills it."""
    bus = PrivateBus(tmp_path / "mortal")
    yield bus
    bus.kill()


@pytest.fixture
def server(bus: PrivateBus) -> Iterator[FakeServer]:
    server = FakeServer(bus.address)
    yield server
    server.end()


@pytest.fixture
def opened() -> Iterator[Opened]:
    """Starts channels, and closes them in the end."""
    channels: list[DBusChannel] = []

    def start(bus: PrivateBus, timeout: float = 20.0) -> tuple[DBusChannel, Answers]:
        answers: Answers = []
        channels.append(DBusChannel({"DBUS_SESSION_BUS_ADDRESS": bus.address}, timeout))
        channels[-1].start(lambda *answer: answers.append(answer))
        return channels[-1], answers

    yield start
    for channel in channels:
        channel.close()


@pytest.fixture
def desktop_notifier(monkeypatch: pytest.MonkeyPatch) -> fake_desktop_notifier.Desktop:
    """The desktop behind a stand-in for the package desktop-notifier, which is for other systems than this."""
    monkeypatch.setitem(sys.modules, "desktop_notifier", fake_desktop_notifier)
    monkeypatch.setattr(fake_desktop_notifier, "desktop", fake_desktop_notifier.Desktop())
    return fake_desktop_notifier.desktop
