"""One display and one bus for all tests here; on them, one of three real notification servers at a time."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from desk import PrivateBus, needs
from servers import NOTIFICATION_DAEMON, Dunst, Process, Server, Windowed

_XFCE4_NOTIFYD = "/usr/lib/{multiarch}-linux-gnu/xfce4/notifyd/xfce4-notifyd"

Running = TypeVar("Running", bound=Process)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a desktop."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.desktop)


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """The name of a display that nobody sees."""
    reading, writing = os.pipe()
    xvfb = needs("Xvfb", "xvfb")
    process = subprocess.Popen(
        [xvfb, "-displayfd", str(writing), "-screen", "0", "1024x768x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    with os.fdopen(reading) as pipe:
        number = pipe.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    process.terminate()
    process.wait()


@pytest.fixture(scope="session")
def session_bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateBus]:
    """A bus that nobody kills."""
    bus = PrivateBus(tmp_path_factory.mktemp("session") / "bus")
    bus.start()
    yield bus
    bus.kill()


@pytest.fixture
def environ(tmp_path: Path, display: str, session_bus: PrivateBus) -> dict[str, str]:
    """The environment of a person logged in to the display and the bus, with an empty home."""
    home = tmp_path / "home"
    home.mkdir()
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "DISPLAY": display,
        "DBUS_SESSION_BUS_ADDRESS": session_bus.address,
        "GSETTINGS_BACKEND": "memory",
        "NO_AT_BRIDGE": "1",
    }


@pytest.fixture
def dunst(environ: dict[str, str], tmp_path: Path) -> Iterator[Dunst]:
    """dunst, running."""
    yield from _running(Dunst(environ, tmp_path))


@pytest.fixture
def notification_daemon(environ: dict[str, str]) -> Iterator[Windowed]:
    """The plain server of GNOME Flashback, running."""
    program = needs(NOTIFICATION_DAEMON, "notification-daemon")
    yield from _running(Windowed([program], environ, "Notification"))


@pytest.fixture
def xfce4_notifyd(environ: dict[str, str]) -> Iterator[Windowed]:
    """The server of Xfce, running."""
    program = needs(_XFCE4_NOTIFYD.format(multiarch=os.uname().machine), "xfce4-notifyd")
    yield from _running(Windowed([program], environ, "xfce4-notifyd"))


@pytest.fixture(params=["dunst", "notification_daemon", "xfce4_notifyd"])
def server(request: pytest.FixtureRequest) -> Server:
    """Each of the three servers in turn."""
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


def _running(server: Running) -> Iterator[Running]:
    server.start()
    yield server
    server.kill()
