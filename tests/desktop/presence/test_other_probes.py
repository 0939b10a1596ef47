"""The probes that need no bus: commands, the socket of sway, the calls of Windows."""

import json
import struct
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fake_desktop import ABOUT, SERVER, FakeDesktop
from listener import Listener
from presence_contract import ProbeContract
from virtual_desktop import PrivateBus

from remind.desktop.dbus import NoBusError
from remind.desktop.presence import gsettings, macos, sway, windows, x11
from remind.desktop.presence.presence import Probe, ProbeResult, Readings, UnavailableError, probe

SEVEN_S = timedelta(seconds=7)
IOREG = """
+-o IOHIDSystem  <class IOHIDSystem, id 0x1000002cf, registered, matched, active, busy 0 (0 ms), retain 21>
    {
      "IOClass" = "IOHIDSystem"
      "HIDIdleTime" = 7000858429
      "HIDParameters" = {"HIDClickTime"=500000000,"HIDIdleTimeDelta"=1}
    }
+-o Another  <class IOHIDSystem>
    {
      "HIDIdleTime" = 99000000000
    }
"""
PROGRAM = """#!{python}
import pathlib, sys, time
folder = pathlib.Path(__file__).parent
assert sys.argv[1:] == {arguments!r}.split(), sys.argv
if (folder / "hang").exists():
    time.sleep(600)
print((folder / "says").read_text(encoding="utf-8"))
"""


class CommandRig:
    """A probe with a stand-in for the system's program."""

    def __init__(self, folder: Path, asked: Probe, command: str, says: str, means: Readings, bus: str = "") -> None:
        self.said = means
        self._folder, self._asked = folder, asked
        self._environ = {"PATH": str(folder), "DBUS_SESSION_BUS_ADDRESS": bus}
        name, _, arguments = command.partition(" ")
        self._program = folder / name
        self._program.write_text(PROGRAM.format(python=sys.executable, arguments=arguments))
        self._program.chmod(0o700)
        self.say(says)

    def ask(self, seconds: float) -> ProbeResult:
        (told,) = self._asked(self._environ, time.monotonic() + seconds)
        return told

    def say(self, words: str) -> None:
        (self._folder / "says").write_text(words)

    def hang(self) -> None:
        (self._folder / "hang").touch()

    def talk_rubbish(self) -> None:
        self.say("maybe")

    def leave(self) -> None:
        self._program.unlink()


class TestMacOS(ProbeContract):
    """The probe of macOS keeps the contract, with an `ioreg` that prints what the real one does."""

    @pytest.fixture
    def rig(self, tmp_path: Path) -> CommandRig:
        means = Readings(idle=timedelta(milliseconds=7000))
        return CommandRig(tmp_path, probe("macOS", macos.ask), "ioreg -c IOHIDSystem -d 4", IOREG, means)


# As each says of itself: the desktop, name and vendor of its server, what is asked, and the word for quiet.
SETTINGS = {
    "GNOME": (("gnome-shell", "GNOME"), "org.gnome.desktop.notifications show-banners", "false"),
    "Cinnamon": (("cinnamon", "GNOME"), "org.cinnamon.desktop.notifications display-notifications", "false"),
    "MATE": (("Notification Daemon", "MATE"), "org.mate.NotificationDaemon do-not-disturb", "true"),
}


@pytest.fixture(params=SETTINGS)
def of_desktop(request: pytest.FixtureRequest) -> str:
    """The desktop whose server shows the notifications."""
    return str(request.param)


@pytest.fixture
def shell(bus: PrivateBus, of_desktop: str) -> Iterator[FakeDesktop]:
    """The notification server of that desktop."""
    (name, vendor), *_ = SETTINGS[of_desktop]
    about = ("ssss", (name, vendor, "48.0", "1.2"))
    desktop = FakeDesktop(bus.address, [SERVER], "/org/freedesktop/Notifications", {ABOUT: about})
    yield desktop
    desktop.end()


@pytest.fixture
def banners(tmp_path: Path, bus: PrivateBus, shell: FakeDesktop, of_desktop: str) -> CommandRig:
    """The probe, with a gsettings that says quiet."""
    asked = probe("settings", gsettings.ask)
    _, setting, quiet = SETTINGS[of_desktop]
    means = Readings(do_not_disturb=True)
    return CommandRig(tmp_path, asked, f"gsettings get {setting}", quiet, means, bus.address)


@pytest.mark.desktop
class TestSettings(ProbeContract):
    """The probe of settings keeps the contract on each desktop where do not disturb is a setting."""

    @pytest.fixture
    def rig(self, banners: CommandRig) -> CommandRig:
        return banners


@pytest.mark.desktop
def test_the_other_value_is_not_quiet(banners: CommandRig, of_desktop: str) -> None:
    """With the other value do not disturb is known to be off."""
    banners.say("true" if SETTINGS[of_desktop][2] == "false" else "false")
    assert banners.ask(20).readings == Readings(do_not_disturb=False)


@pytest.mark.desktop
def test_a_setting_means_nothing_elsewhere(banners: CommandRig, shell: FakeDesktop) -> None:
    """While another server shows the notifications, the setting is not even read."""
    shell.answers = {ABOUT: ("ssss", ("Notification Daemon", "GNOME", "3.20.0", "1.2"))}
    banners.hang()
    assert banners.ask(20) == ProbeResult("settings", unavailable="the notification server has no such setting")


def test_without_a_bus_nothing_is_run(tmp_path: Path) -> None:
    """Without a session bus no program is run."""
    with pytest.raises(NoBusError, match="no session bus"):
        gsettings.ask({"PATH": str(tmp_path)}, time.monotonic() + 20)


def tree(*windows: dict[str, object]) -> bytes:
    """The tree of sway with `windows` on its second workspace."""
    first = {
        "type": "workspace",
        "nodes": [{"fullscreen_mode": 1, "visible": False, "nodes": []}],
        "floating_nodes": [],
    }
    second = {"type": "workspace", "fullscreen_mode": 1, "nodes": [], "floating_nodes": list(windows)}
    return json.dumps({"type": "root", "nodes": [{"type": "output", "nodes": [first, second]}]}).encode()


FILLING = {"fullscreen_mode": 1, "visible": True, "nodes": [], "floating_nodes": []}


class SwayRig:
    """The probe of sway, with a socket that answers as sway does."""

    said = Readings(full_screen=True)

    def __init__(self, folder: Path) -> None:
        self._environ = {"SWAYSOCK": str(folder / "sock")}
        self.listener = Listener(folder / "sock")
        self.show(FILLING)

    def show(self, *windows: dict[str, object]) -> None:
        content = tree(*windows)
        self.listener.says = [b"i3-ipc" + struct.pack("=II", len(content), 4) + content]

    def ask(self, seconds: float) -> ProbeResult:
        (told,) = probe("sway", sway.ask)(self._environ, time.monotonic() + seconds)
        return told

    def hang(self) -> None:
        self.listener.says = []

    def talk_rubbish(self) -> None:
        self.listener.says = [b"i3-ipc" + struct.pack("=II", 5, 4) + b"[nope"]

    def leave(self) -> None:
        self._environ.clear()


@pytest.fixture
def sway_rig(tmp_path: Path) -> Iterator[SwayRig]:
    rig = SwayRig(tmp_path)
    yield rig
    rig.listener.end()


class TestSway(ProbeContract):
    """The probe of sway keeps the contract."""

    @pytest.fixture
    def rig(self, sway_rig: SwayRig) -> SwayRig:
        return sway_rig


def test_a_full_screen_that_is_not_seen_hides_nothing(sway_rig: SwayRig) -> None:
    """Neither a window on a hidden workspace nor the workspace itself counts as full screen."""
    sway_rig.show({**FILLING, "fullscreen_mode": 0}, {**FILLING, "visible": False})
    assert sway_rig.ask(20).readings == Readings(full_screen=False)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"i3-ipc",
        b"i3-ipc" + struct.pack("=II", 2**31, 4),
        b"i3-ipc" + struct.pack("=II", 2, 1) + b"{}",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"i3-ipc" + struct.pack("=II", 60_000, 4) + b"[" * 60_000,
    ],
)
def test_a_socket_of_something_else_is_unknown(sway_rig: SwayRig, said: bytes) -> None:
    """An answer that is not from sway is a failure, and nothing is raised."""
    sway_rig.listener.says = [said]
    told = sway_rig.ask(20)
    assert told.readings == Readings()
    assert told.failed


@pytest.mark.parametrize(
    ("display", "words"),
    [("", "no X display"), ("nonsense", "no X display"), ("localhost:10.0", "another machine"), (":x", "no X display")],
)
def test_a_display_that_is_not_here_is_unknown(display: str, words: str) -> None:
    """X is asked only at a display of this machine."""
    with pytest.raises(UnavailableError, match=words):
        x11.ask({"DISPLAY": display}, time.monotonic() + 20)


def test_x_is_not_asked_under_wayland() -> None:
    """Under Wayland X sees only its own windows, so that the person would seem away."""
    with pytest.raises(UnavailableError, match="Wayland"):
        x11.ask({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, time.monotonic() + 20)


@pytest.mark.parametrize(
    ("state", "means"),
    [
        (1, Readings(SEVEN_S, locked=True, do_not_disturb=False, full_screen=False)),
        (2, Readings(SEVEN_S, locked=False, do_not_disturb=False, full_screen=True)),
        (3, Readings(SEVEN_S, locked=False, do_not_disturb=False, full_screen=True)),
        (4, Readings(SEVEN_S, locked=False, do_not_disturb=True, full_screen=False)),
        (5, Readings(SEVEN_S, locked=False, do_not_disturb=False, full_screen=False)),
        (6, Readings(SEVEN_S, locked=False, do_not_disturb=True, full_screen=False)),
        (7, Readings(SEVEN_S, locked=False, do_not_disturb=False, full_screen=False)),
        (0, Readings(SEVEN_S)),
        (99, Readings(SEVEN_S)),
    ],
)
def test_the_states_of_windows(state: int, means: Readings) -> None:
    """Each state of Windows has its meaning; an unknown state has none."""
    assert windows.read(now_tick=10_000, last_tick=3_000, state=state) == means


def test_the_ticks_of_windows_begin_anew() -> None:
    """After 49.7 days the count starts again without harm; a call that fails reports nothing."""
    assert windows.read(now_tick=5_000, last_tick=2**32 - 2_000, state=5).idle == SEVEN_S
    assert windows.read(now_tick=None, last_tick=0, state=5).idle is None
