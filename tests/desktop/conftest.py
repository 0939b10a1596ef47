"""A session bus, and channels on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from channel_contract import Answers, Opened
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
def opened(bus: PrivateBus) -> Iterator[Opened]:
    """A function that starts channels, which are closed in the end."""
    channels: list[DBusChannel] = []

    def start(on: PrivateBus = bus, timeout: float = 20.0) -> tuple[DBusChannel, Answers]:
        answers: Answers = []
        channels.append(DBusChannel({"DBUS_SESSION_BUS_ADDRESS": on.address}, timeout))
        channels[-1].start(lambda *answer: answers.append(answer))
        return channels[-1], answers

    yield start
    for channel in channels:
        channel.close()
