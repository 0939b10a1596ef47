"""A person's home on a real desktop, with the service in it and a wall clock that a test can set.

It is preloaded into each process. libfaketime now and then gives the real time, where threads ask at the same time.
"""

import functools
import struct
import subprocess
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from servers import Dunst, Server
from service_process import STRETCH, Home, Running
from virtual_desktop import PrivateBus, eventually, needs

BERLIN = ZoneInfo("Europe/Berlin")
STRETCH_ONLY = "[water]\nenabled = false\n"
"""With the default bedtime of 22:30 the stretch is due at 22:00, again at 22:10 and 22:20, and over at 23:30."""

At = TypeVar("At", bound=Server)


@functools.cache
def _compiled() -> "tempfile.TemporaryDirectory[str]":
    """Return the folder with the preloaded library, which is removed at the end."""
    folder = tempfile.TemporaryDirectory()
    source = Path(__file__).with_name("wall_clock.c")
    command = [
        needs("cc", "gcc libc6-dev"),
        "-shared",
        "-fPIC",
        "-O2",
        "-o",
        f"{folder.name}/wall_clock.so",
        str(source),
    ]
    subprocess.run(command, check=True)
    return folder


def on(day: int, time: str, zone: ZoneInfo = BERLIN) -> datetime:
    """Return a time in November 2026."""
    return datetime.fromisoformat(f"2026-11-{day} {time}").replace(tzinfo=zone)


class Evening(Generic[At]):
    """A person with a home in `folder`, at a desktop with `server`."""

    def __init__(self, folder: Path, server: At) -> None:
        self.server, self._clock = server, folder / "clock"
        kept = ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "LANG")
        desktop = {name: server.environ[name] for name in kept}
        clock = {"LD_PRELOAD": f"{_compiled().name}/wall_clock.so", "WALL_CLOCK": str(self._clock)}
        self.home = Home(folder / "person", **desktop, **clock)
        self.home.settings(STRETCH_ONLY)

    def set(self, instant: datetime) -> None:
        """Set the clock to `instant`, from where it runs on."""
        moved_ns = round((instant.timestamp() - time.time()) * 1e9)
        # Written in place, since every process has it mapped.
        with self._clock.open("r+b" if self._clock.exists() else "wb", buffering=0) as clock:
            clock.write(struct.pack("=q", moved_ns))

    def shown(self) -> list[datetime]:
        """Return when something was shown, by the ledger."""
        return [event.at for event in self.home.events("shown")]

    def answered(self) -> dict[str, Any]:
        """Wait until the only occurrence in the ledger is answered, and return it."""
        eventually(lambda: self.home.events("done", "snoozed", "skipped"))
        (row,) = self.home.json("history")
        assert row["answer"]
        return dict(row)

    def missed(self) -> dict[str, Any]:
        """Wait until the only occurrence in the ledger is missed, and return it."""
        eventually(lambda: self.home.events("missed"))
        (row,) = self.home.json("history")
        assert row["state"] == "missed"
        return dict(row)


class Desktop(Evening[Dunst]):
    """One minute before the stretch is due, with dunst and a bus of its own, neither of which runs at first."""

    def __init__(self, folder: Path, bus: PrivateBus, environ: dict[str, str]) -> None:
        super().__init__(folder, Dunst({**environ, "DBUS_SESSION_BUS_ADDRESS": bus.address}, folder))
        self.home.settings(f'{STRETCH_ONLY}[notify]\nchannel = "dbus"\n')
        self.bus = bus
        self.set(on(24, "21:59:00"))

    def log_in(self) -> None:
        """Start both."""
        self.bus.start()
        self.server.start()

    def end(self) -> None:
        """End both at once."""
        self.server.kill()
        self.bus.kill()

    def comes(self, service: Running, time: str) -> None:
        """Set the clock to `time`, and have the service notice."""
        self.set(on(24, time))
        service.look_round()

    def fails(self, service: Running) -> None:
        """Set the clock to bedtime, and wait until the reminder could not be shown."""
        self.comes(service, "22:00:01")
        service.says("not shown")
        assert self.shown() == []

    def is_shown_once(self) -> None:
        """Wait until one notification is shown; it is in the ledger once and can be answered."""
        eventually(self.shown)
        assert self.server.showing() == 1
        self.server.press("skipped")
        row = self.answered()
        assert (row["answer"], len(row["shown_at"]), row["confirmed"]) == ("skipped", 1, True)
        assert [entry["summary"] for entry in self.server.history()] == [STRETCH]
