"""Every channel keeps the contract, with a stand-in for what it talks to."""

import contextlib
import html
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import fake_desktop_notifier
import pytest
from channel_contract import ChannelContract, notification
from fake_server import FakeServer
from virtual_desktop import PrivateBus

from remind.desktop.notify.console import ConsoleChannel
from remind.desktop.notify.dbus_channel import DBusChannel
from remind.desktop.notify.desktop_notifier_channel import DesktopNotifierChannel
from remind.desktop.notify.osascript import OsascriptChannel
from remind.desktop.notify.plyer_channel import PlyerChannel


class FakeRig:
    """A channel with `fake`, whose behaviour can be set, at its other end."""

    def __init__(self, fake: FakeServer | fake_desktop_notifier.Desktop) -> None:
        self._fake = fake

    def refuse(self) -> None:
        self._fake.behaviour = "refuse"

    def hang(self) -> None:
        self._fake.behaviour = "hang"

    def recover(self) -> None:
        self._fake.behaviour = "good"


class DBusRig(FakeRig):
    """The D-Bus channel with a fake server."""

    confirms = has_handles = has_buttons = True

    def __init__(self, bus: PrivateBus, server: FakeServer) -> None:
        super().__init__(server)
        environ = {"DBUS_SESSION_BUS_ADDRESS": bus.address}
        self.channel = DBusChannel(environ, timeout=20.0)
        self.impatient = DBusChannel(environ, timeout=1.0)

    def read(self) -> tuple[str, str]:
        shown = self._fake.shown[-1]
        return shown.title, html.unescape(shown.body)


PROGRAM = """#!{python}
import json, pathlib, sys, time
folder = pathlib.Path(__file__).parent
mode = (folder / "mode").read_text(encoding="utf-8")
if mode == "hang":
    time.sleep(600)
if mode == "refuse":
    sys.exit("not today")
"""
NOTIFY_SEND = """
if any(word.startswith("-") for word in sys.argv[1:3]) or not sys.argv[1]:
    sys.exit("Unknown option")
(folder / "shown").write_text(json.dumps(sys.argv[1:3]))
"""
OSASCRIPT = """
option, script = sys.argv[1:]
assert option == "-e"
(folder / "script").write_text(script)
"""


class ProgramRig:
    """A channel that runs `program`, for which a script stands in."""

    confirms = has_handles = has_buttons = False

    def __init__(self, folder: Path, program: str, script: str) -> None:
        (folder / program).write_text(PROGRAM.format(python=sys.executable) + script)
        (folder / program).chmod(0o700)
        self._folder = folder
        self.recover()

    def refuse(self) -> None:
        (self._folder / "mode").write_text("refuse")

    def hang(self) -> None:
        (self._folder / "mode").write_text("hang")

    def recover(self) -> None:
        (self._folder / "mode").write_text("good")


class PlyerRig(ProgramRig):
    """The plyer channel with a stand-in for notify-send."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "notify-send", NOTIFY_SEND)
        environ = {"PATH": str(folder), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
        self.channel = PlyerChannel(environ, timeout=60.0)
        self.impatient = PlyerChannel(environ, timeout=1.0)

    def read(self) -> tuple[str, str]:
        title, body = json.loads((self._folder / "shown").read_text(encoding="utf-8"))
        return title, html.unescape(body.replace("\\\\", "\\"))


class OsascriptRig(ProgramRig):
    """The osascript channel with a stand-in that keeps the script that it gets."""

    _SCRIPT = re.compile(r'display notification "((?:[^"\\]|\\.)*)" with title "((?:[^"\\]|\\.)*)"')

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "osascript", OSASCRIPT)
        self.channel = OsascriptChannel({"PATH": str(folder)}, timeout=60.0)
        self.impatient = OsascriptChannel({"PATH": str(folder)}, timeout=1.0)

    def read(self) -> tuple[str, str]:
        # Anything beside two whole literals would be a command of its own.
        script = self._SCRIPT.fullmatch((self._folder / "script").read_text(encoding="utf-8"))
        assert script is not None
        body, title = (re.sub(r"\\(.)", lambda it: {"n": "\n"}.get(it[1], it[1]), text) for text in script.groups())
        return title, body


class DesktopNotifierRig(FakeRig):
    """The desktop-notifier channel, as on `platform`, with a stand-in for the package."""

    confirms, has_handles = False, True

    def __init__(self, desktop: fake_desktop_notifier.Desktop, platform: str) -> None:
        super().__init__(desktop)
        self.has_buttons = platform == "win32"
        self.channel = DesktopNotifierChannel(platform, timeout=20.0)
        self.impatient = DesktopNotifierChannel(platform, timeout=1.0)

    def read(self) -> tuple[str, str]:
        return self._fake.shown[-1].title, self._fake.shown[-1].message


class ConsoleRig:
    """The console channel with a pipe that the test reads."""

    confirms = has_handles = has_buttons = False

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        self.stream = os.fdopen(os.dup(self._write), "w", encoding="utf-8")
        self.channel = ConsoleChannel(self.stream, timeout=20.0)
        self.impatient = ConsoleChannel(self.stream, timeout=1.0)

    def read(self) -> tuple[str, str]:
        *lines, end = os.read(self._read, 1 << 20).decode().split("\n")
        assert end == ""
        title = max(place for place, line in enumerate(lines) if not line.startswith("  "))
        return lines[title], "\n".join(lines[title + 1 :])

    def refuse(self) -> None:
        with open("/dev/full", "wb") as full:  # noqa: PTH123
            os.dup2(full.fileno(), self.stream.fileno())

    def hang(self) -> None:
        os.set_blocking(self._write, False)
        try:
            while True:
                os.write(self._write, b"x" * 4096)
        except BlockingIOError:
            os.set_blocking(self._write, True)

    def recover(self) -> None:
        os.dup2(self._write, self.stream.fileno())
        with contextlib.suppress(BlockingIOError):
            os.read(self._read, 1 << 20)

    def close(self) -> None:
        self.stream.close()
        os.close(self._read)
        os.close(self._write)


@pytest.mark.posix
class TestConsole(ChannelContract):
    """The console keeps the contract."""

    def test_each_command_has_a_line_of_its_own(self, rig: ConsoleRig) -> None:
        """Below the title and the body."""
        rig.channel.show(notification())
        assert rig.read()[1].splitlines() == [
            "  Body", "  Start: remind stretch", "  In 10 min: remind snooze", "  Not tonight: remind skip",
        ]  # fmt: skip

    @pytest.fixture
    def rig(self) -> Iterator[ConsoleRig]:
        rig = ConsoleRig()
        yield rig
        rig.close()


@pytest.mark.posix
class TestPlyer(ChannelContract):
    """plyer keeps the contract."""

    @pytest.fixture
    def rig(self, tmp_path: Path) -> PlyerRig:
        return PlyerRig(tmp_path)


@pytest.mark.posix
class TestOsascript(ChannelContract):
    """osascript keeps the contract; this was never run against the real one."""

    @pytest.fixture
    def rig(self, tmp_path: Path) -> OsascriptRig:
        return OsascriptRig(tmp_path)


class TestDesktopNotifier(ChannelContract):
    """desktop-notifier keeps the contract; this was never run on Windows or macOS."""

    @pytest.fixture(params=["win32", "darwin"])
    def rig(
        self, desktop_notifier: fake_desktop_notifier.Desktop, request: pytest.FixtureRequest
    ) -> Iterator[DesktopNotifierRig]:
        rig = DesktopNotifierRig(desktop_notifier, request.param)
        yield rig
        rig.channel.close()
        rig.impatient.close()


@pytest.mark.desktop
class TestDBus(ChannelContract):
    """D-Bus keeps the contract."""

    @pytest.fixture
    def rig(self, bus: PrivateBus, server: FakeServer) -> Iterator[DBusRig]:
        rig = DBusRig(bus, server)
        yield rig
        rig.channel.close()
        rig.impatient.close()
