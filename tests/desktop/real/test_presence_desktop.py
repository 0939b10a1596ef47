"""Presence on a real display and with real notification servers."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec
import pytest
from listener import Listener
from presence_contract import PATIENT_S, ProbeContract
from servers import Dunst, Windowed
from service_process import Home, Running
from virtual_desktop import eventually, needs, virtual_display

from remind.desktop.presence import x11
from remind.desktop.presence.presence import FailedError, ProbeResult, Readings, look, probe, probes

SOON = timedelta(seconds=60)


class Display:
    """An X server that can hang, and whose mouse a test can move."""

    def __init__(self, name: str, process: "subprocess.Popen[bytes]") -> None:
        self.name, self._process = name, process
        self.environ = {"PATH": os.environ["PATH"], "DISPLAY": self.name, "HOME": "/nowhere"}
        self._clients: list[subprocess.Popen[bytes]] = []

    def hang(self) -> None:
        os.kill(self._process.pid, signal.SIGSTOP)

    def end(self) -> None:
        for process in self._clients:
            process.kill()
            process.wait()

    def run(self, *command: str) -> str:
        return subprocess.run(command, env=self.environ, capture_output=True, text=True, check=True).stdout

    def move_mouse(self, x: int) -> None:
        self.run(needs("xdotool", "xdotool"), "mousemove", str(x), "10")

    def window(self, name: str) -> str:
        """Open a window, and return its number."""
        xev = [needs("xev", "x11-utils"), "-name", name, "-event", "mouse"]
        self._clients.append(subprocess.Popen(xev, env=self.environ, stdout=subprocess.DEVNULL))
        find = [needs("xdotool", "xdotool"), "search", "--onlyvisible", "--name", f"^{name}$"]
        found = partial(subprocess.run, find, env=self.environ, capture_output=True, text=True, check=False)
        return eventually(lambda: found().stdout.strip())

    def activate(self, window: str) -> None:
        """Make `window` the active one, as a window manager does."""
        number = hex(int(window))
        self.run("xprop", "-root", "-f", "_NET_ACTIVE_WINDOW", "32x", "-set", "_NET_ACTIVE_WINDOW", number)

    def show(self, window: str, state: str) -> None:
        """Set the state of `window`, as a window manager does."""
        self.run("xprop", "-id", window, "-f", "_NET_WM_STATE", "32a", "-set", "_NET_WM_STATE", state)


@pytest.fixture
def screen() -> Iterator[Display]:
    """A display that nothing is shown on."""
    with virtual_display() as (name, process):
        screen = Display(name, process)
        yield screen
        screen.end()


class X11Rig:
    """The probe of X, with a server whose mouse was just moved; all short idle times count as 0."""

    said = Readings(idle=timedelta(0))

    def __init__(self, screen: Display, stranger: str) -> None:
        screen.move_mouse(100)
        self._environ = dict(screen.environ)
        self._stranger = stranger
        self.hang = screen.hang

    def ask(self, seconds: float) -> ProbeResult:
        (told,) = probe("X11", x11.ask)(self._environ, time.monotonic() + seconds)
        idle = told.readings.idle
        readings = msgspec.structs.replace(
            told.readings, idle=timedelta(0) if idle is not None and idle < SOON else idle
        )
        return msgspec.structs.replace(told, readings=readings)

    def talk_rubbish(self) -> None:
        self._environ["DISPLAY"] = self._stranger

    def leave(self) -> None:
        del self._environ["DISPLAY"]


class TestX11(ProbeContract):
    """The probe of X keeps the contract with a real server."""

    @pytest.fixture(params=[b"\x00" * 8, b"\x01" * 8, b"\x01" + bytes(7), b"HTTP/1.1 400 Bad Request"])
    def rig(self, screen: Display, request: pytest.FixtureRequest) -> Iterator[X11Rig]:
        number = 10_000 + os.getpid()
        path = Path(f"/tmp/.X11-unix/X{number}")
        stranger = Listener(path, request.param)
        yield X11Rig(screen, f":{number}")
        stranger.end()
        path.unlink()


def seen(screen: Display) -> Readings:
    return x11.ask(screen.environ, time.monotonic() + PATIENT_S)


def idle(screen: Display) -> timedelta:
    found = seen(screen).idle
    assert found is not None
    return found


def test_the_idle_time_grows_until_the_mouse_moves(screen: Display) -> None:
    """The idle time starts again when the mouse moves."""
    screen.move_mouse(100)
    before = eventually(lambda: (now := idle(screen)) > timedelta(seconds=0.5) and now)
    screen.move_mouse(200)
    assert idle(screen) < before


def test_full_screen_is_that_of_the_active_window(screen: Display) -> None:
    """Without a window manager nothing is known; with one, only the state of the active window counts."""
    assert seen(screen).full_screen is None
    first, second = screen.window("first"), screen.window("second")
    screen.activate(first)
    assert seen(screen).full_screen is False
    screen.show(second, "_NET_WM_STATE_ABOVE")
    screen.show(first, "_NET_WM_STATE_FULLSCREEN")
    assert seen(screen).full_screen is True
    screen.activate(second)
    assert seen(screen).full_screen is False
    screen.activate("0")
    assert seen(screen).full_screen is False


def test_a_window_that_is_gone_fills_nothing(screen: Display) -> None:
    """The number of a closed window is not a failure."""
    screen.activate("4194999")
    assert seen(screen).full_screen is False


def test_a_guarded_display_opens_with_its_cookie(tmp_path: Path) -> None:
    """The secret in the authority file opens the display; without it there is a reason."""
    xauth = needs("xauth", "xauth")

    def keep(file: str, display: str, secret: str) -> str:
        command = [xauth, "-f", tmp_path / file, "add", display, ".", secret]
        subprocess.run(command, check=True, capture_output=True)
        return str(tmp_path / file)

    keep("person", ":99", "00" * 16)
    with virtual_display("-auth", keep("server", ":0", "5e" * 16)) as (name, _):
        environ = {"PATH": os.environ["PATH"], "DISPLAY": name, "HOME": "/nowhere"}
        authority = keep("person", name, "5e" * 16)
        assert x11.ask({**environ, "XAUTHORITY": authority}, time.monotonic() + PATIENT_S).idle is not None
        for wrong in ("/nowhere", os.devnull, sys.executable):
            with pytest.raises(FailedError, match="refuses this program"):
                x11.ask({**environ, "XAUTHORITY": wrong}, time.monotonic() + PATIENT_S)


def quiet(environ: Mapping[str, str], name: str) -> bool | None:
    """Return the do-not-disturb reading of the probe called `name`, the only one that has such a reading."""
    asked = probes("linux")
    told = {one.probe: one for one in look(asked, environ, most_s=PATIENT_S, most_each_s=PATIENT_S)}
    others = [one for one in told.values() if one.readings.do_not_disturb is not None and one.probe != name]
    assert others == []
    return told[name].readings.do_not_disturb


def test_a_paused_dunst_is_seen(dunst: Dunst) -> None:
    """While dunst is paused, its probe reports that, and no other probe does."""
    assert quiet(dunst.environ, "dunst") is False
    dunst.run("dunstctl", "set-paused", "true")
    assert quiet(dunst.environ, "dunst") is True
    dunst.run("dunstctl", "set-paused", "false")
    assert quiet(dunst.environ, "dunst") is False


@pytest.fixture
def xfconf(environ: dict[str, str]) -> Iterator[None]:
    """Xfce's settings daemon, running."""
    program = f"/usr/lib/{os.uname().machine}-linux-gnu/xfce4/xfconf/xfconfd"
    process = subprocess.Popen([needs(program, "xfconf")], env=environ, stderr=subprocess.DEVNULL)
    yield
    process.kill()
    process.wait()


@pytest.mark.usefixtures("xfconf")
def test_the_switch_of_xfce_is_seen(xfce4_notifyd: Windowed) -> None:
    """The switch in Xfce's settings is seen while Xfce's server runs, and means nothing otherwise."""
    switch = ("xfconf-query", "-c", "xfce4-notifyd", "-p", "/do-not-disturb")
    eventually(lambda: "Channel" in xfce4_notifyd.run("xfconf-query", "-l"))
    assert quiet(xfce4_notifyd.environ, "notifications of Xfce") is None
    xfce4_notifyd.run(*switch, "-n", "-t", "bool", "-s", "true")
    assert quiet(xfce4_notifyd.environ, "notifications of Xfce") is True
    xfce4_notifyd.run(*switch, "-s", "false")
    assert quiet(xfce4_notifyd.environ, "notifications of Xfce") is False
    xfce4_notifyd.run(*switch, "-s", "true")
    xfce4_notifyd.kill()
    assert quiet(xfce4_notifyd.environ, "notifications of Xfce") is None


def test_asking_shows_and_starts_nothing(dunst: Dunst) -> None:
    """Looking at presence shows no notification."""
    look(probes("linux"), dunst.environ, most_s=PATIENT_S, most_each_s=PATIENT_S)
    assert dunst.history() == []


DUE = """[stretch]
lead = "3 h"
repeat = "4 h"
insist = {insist}
[water]
enabled = false
"""


def test_the_service_waits_for_an_end_of_do_not_disturb(dunst: Dunst, tmp_path: Path) -> None:
    """A reminder that is due while dunst is paused is held, with the reason; one that insists is shown."""
    ahead = (21 - datetime.now(UTC).hour + 12) % 24 - 12
    desktop = {name: dunst.environ[name] for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS")}
    home = Home(tmp_path / "person", TZ=f"Etc/GMT{-ahead:+d}", **desktop)
    home.settings(DUE.format(insist="false"))
    dunst.run("dunstctl", "set-paused", "true")
    with Running(home).ready() as service:
        service.says("held: do not disturb is on")
        assert "do not disturb is on" in home.json("history")[0]["reason"]
        home.settings(DUE.format(insist="true"))
        service.look_round()
        service.says("shown through dbus, confirmed by the server")
        assert int(dunst.run("dunstctl", "count", "waiting")) == 1
