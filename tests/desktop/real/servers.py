"""Real notification servers on a display and a bus of their own, whose buttons a test can press."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

from channel_contract import BUTTONS
from jeepney import message_bus
from jeepney.io.blocking import Proxy, open_dbus_connection
from virtual_desktop import eventually, needs

NAME = "org.freedesktop.Notifications"
ANSWERS = tuple(button.answer for button in BUTTONS)
NOTIFICATION_DAEMON = "/usr/lib/notification-daemon/notification-daemon"


class Server:
    """A notification server that runs from `start` until `kill`, with what it needs to know in `environ`."""

    def __init__(self, command: list[str], environ: Mapping[str, str]) -> None:
        self.environ = environ
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self.asked_at = 0.0
        """When the last program that acts on it was started, on the monotonic clock."""

    def start(self) -> None:
        """Start it and wait until it owns its name on the bus."""
        with Path(self.environ["HOME"], "server.log").open("ab") as log:
            self._process = subprocess.Popen(self._command, env=dict(self.environ), stdout=log, stderr=log)
        eventually(self._owns_its_name)

    @property
    def running(self) -> bool:
        return self._process is not None

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            eventually(lambda: not self._owns_its_name())

    def showing(self) -> int:
        """Return how many notifications are on the screen."""
        raise NotImplementedError

    def press(self, answer: str, among: Sequence[str] = ANSWERS) -> None:
        """Press the button for `answer` on the only notification, which has a button for each of `among`."""
        raise NotImplementedError

    def hang(self) -> None:
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    def recover(self) -> None:
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGCONT)

    def run(self, *command: str) -> str:
        """Return what `command` prints."""
        self.asked_at = time.monotonic()
        done = subprocess.run(command, env=dict(self.environ), capture_output=True, timeout=60, check=False)
        return done.stdout.decode(errors="replace")

    def _owns_its_name(self) -> bool:
        with suppress(OSError), open_dbus_connection(self.environ["DBUS_SESSION_BUS_ADDRESS"]) as connection:
            return bool(Proxy(message_bus, connection, timeout=20).NameHasOwner(NAME)[0])
        return False  # there is no bus


_DUNSTRC = """[global]
    dmenu = {menu}
    font = Sans 11
    markup = full
    width = 360
    height = 400
    offset = 16x16
"""
_MENU = """#!/bin/sh
# dunst hands in a line for each action; the one whose number stands in the file is printed back.
sort > {folder}/menu.lines
grep -F ",$(cat {folder}/choice)]" {folder}/menu.lines
"""


class Dunst(Server):
    """dunst, whose buttons are pressed through its menu, and whose history can be read."""

    def __init__(self, environ: Mapping[str, str], folder: Path) -> None:
        self._folder = folder
        self._dunstctl = needs("dunstctl", "dunst")
        menu = folder / "menu"
        menu.write_text(_MENU.format(folder=folder))
        menu.chmod(0o700)
        (folder / "dunstrc").write_text(_DUNSTRC.format(menu=menu))
        super().__init__([needs("dunst", "dunst"), "-config", str(folder / "dunstrc")], environ)

    def showing(self) -> int:
        return int(self.run(self._dunstctl, "count", "displayed") or 0)

    def press(self, answer: str, among: Sequence[str] = ANSWERS) -> None:  # noqa: ARG002 (the menu has the names)
        (self._folder / "choice").write_text(answer)
        self.run(self._dunstctl, "context")

    def history(self) -> list[dict[str, Any]]:
        """Close what is on the screen, and return every notification since the start, the last one first."""
        self.run(self._dunstctl, "close-all")
        eventually(lambda: self.showing() == 0)
        entries = json.loads(self.run(self._dunstctl, "history"))["data"][0]
        return [{name: value["data"] for name, value in entry.items()} for entry in entries]


class Windowed(Server):
    """A server whose notifications are windows with buttons, pressed with the mouse."""

    def __init__(self, command: list[str], environ: Mapping[str, str], title: str) -> None:
        self._xdotool = needs("xdotool", "xdotool")
        self._import = needs("import", "imagemagick")
        self._title = title
        super().__init__(command, environ)

    def showing(self) -> int:
        return len(self._windows())

    def press(self, answer: str, among: Sequence[str] = ANSWERS) -> None:
        (window,) = self._windows()
        self.run(self._xdotool, "mousemove", "0", "0")  # a button under the mouse is drawn otherwise
        labels = eventually(lambda: self._standing(window, len(among)))
        x, y = labels[among.index(answer)]
        self.run(self._xdotool, "mousemove", "--window", window, str(x), str(y), "click", "1")

    def picture(self, path: Path) -> None:
        """Write what the only notification looks like to `path`."""
        (window,) = self._windows()
        self.run(self._import, "-window", window, str(path))

    def _windows(self) -> list[str]:
        return self.run(self._xdotool, "search", "--onlyvisible", "--name", f"^{self._title}$").split()

    def _standing(self, window: str, number: int) -> list[tuple[int, int]]:
        """Return the places of `number` words, or none if they still move."""
        first, second = self._labels(window), self._labels(window)
        return second if first == second and len(second) == number else []

    def _labels(self, window: str) -> list[tuple[int, int]]:
        """Return the places of the words on the lowest line of `window`: its buttons, from left to right."""
        command = [self._import, "-window", window, "-depth", "8", "pgm:-"]
        done = subprocess.run(command, env=dict(self.environ), capture_output=True, timeout=60, check=False)
        if not done.stdout:
            return []
        _, size, _, pixels = done.stdout.split(b"\n", 3)
        width, height = map(int, size.split())
        inside = range(_EDGE, width - _EDGE)
        dark = [[x for x in inside if pixels[y * width + x] < _DARK] for y in range(height - _EDGE)]
        below = max((y for y, xs in enumerate(dark) if xs), default=0)
        above = next((y for y in range(below, 0, -1) if not dark[y]), 0)
        columns = sorted({x for xs in dark[above + 1 : below + 1] for x in xs})
        ends = [i for i in range(1, len(columns)) if columns[i] - columns[i - 1] > _BETWEEN_BUTTONS]
        words = [columns[i:j] for i, j in pairwise([0, *ends, len(columns)])]
        return [((word[0] + word[-1]) // 2, (above + below) // 2) for word in words if word]


_EDGE, _DARK, _BETWEEN_BUTTONS = 12, 110, 15
"""In pixels, and of 255: what separates words from frames, and buttons from each other."""

SERVERS = ("dunst", "notification_daemon", "xfce4_notifyd")
_XFCE4_NOTIFYD = f"/usr/lib/{os.uname().machine}-linux-gnu/xfce4/notifyd/xfce4-notifyd"


def made(name: str, environ: Mapping[str, str], folder: Path) -> Server:
    """Return the server of that name, one of `SERVERS`, not yet started."""
    if name == "dunst":
        return Dunst(environ, folder)
    if name == "notification_daemon":
        return Windowed([needs(NOTIFICATION_DAEMON, "notification-daemon")], environ, "Notification")
    return Windowed([needs(_XFCE4_NOTIFYD, "xfce4-notifyd")], environ, "xfce4-notifyd")
