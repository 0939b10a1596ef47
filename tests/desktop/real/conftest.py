"""One display for all tests here; on it and the bus, one of three real notification servers at a time."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from evening import Desktop
from servers import SERVERS, Server, made
from virtual_desktop import PrivateBus, virtual_display


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a desktop."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.desktop)


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """The name of a display that nobody sees."""
    with virtual_display() as (name, _):
        yield name


@pytest.fixture
def environ(tmp_path: Path, display: str, bus: PrivateBus) -> dict[str, str]:
    """The environment of a person logged in to the display and the bus, with an empty home."""
    home = tmp_path / "home"
    home.mkdir()
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "DISPLAY": display,
        "DBUS_SESSION_BUS_ADDRESS": bus.address,
        "GSETTINGS_BACKEND": "memory",
        "NO_AT_BRIDGE": "1",
    }


@pytest.fixture
def dunst(environ: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    """dunst, running."""
    yield from _running(made("dunst", environ, tmp_path))


@pytest.fixture
def notification_daemon(environ: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    """The plain server of GNOME Flashback, running."""
    yield from _running(made("notification_daemon", environ, tmp_path))


@pytest.fixture
def xfce4_notifyd(environ: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    """The server of Xfce, running."""
    yield from _running(made("xfce4_notifyd", environ, tmp_path))


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> Server:
    """Each of the three servers in turn."""
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


@pytest.fixture
def desktop(tmp_path: Path, environ: dict[str, str]) -> Iterator[Desktop]:
    """A minute before the stretch is due, with neither bus nor server yet."""
    desktop = Desktop(tmp_path, PrivateBus(tmp_path / "bus"), environ)
    yield desktop
    desktop.end()


def _running(server: Server) -> Iterator[Server]:
    server.start()
    yield server
    server.kill()
