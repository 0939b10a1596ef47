"""A person's home on a real desktop, with the service in it and a clock that a test can set.

libfaketime moves the wall clock of the process and leaves the monotonic one alone, as the sleep of a laptop does.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from servers import Dunst, Server
from service_process import STRETCH, Home, Running
from virtual_desktop import PrivateBus, eventually, needs

BERLIN = ZoneInfo("Europe/Berlin")
LIBRARY = "/usr/lib/{multiarch}-linux-gnu/faketime/libfaketime.so.1"
STRETCH_ONLY = "[water]\nenabled = false\n"
"""With the default bedtime of 22:30 the stretch is due at 22:00, again at 22:10 and 22:20, and over at 23:30."""

At = TypeVar("At", bound=Server)


def on(day: int, time: str, zone: ZoneInfo = BERLIN) -> datetime:
    """Return a time in November 2026."""
    return datetime.fromisoformat(f"2026-11-{day} {time}").replace(tzinfo=zone)


class Evening(Generic[At]):
    """A person with a home in `folder`, at a desktop with `server`."""

    def __init__(self, folder: Path, server: At) -> None:
        needs("faketime", "faketime")
        self.server, self._clock = server, folder / "clock"
        kept = ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "LANG")
        desktop = {name: server.environ[name] for name in kept}
        time = {
            "LD_PRELOAD": LIBRARY.format(multiarch=os.uname().machine),
            "FAKETIME_TIMESTAMP_FILE": str(self._clock),
            "FAKETIME_FMT": "%s",
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self.home = Home(folder / "person", **desktop, **time)
        self.home.settings(STRETCH_ONLY)

    def begin(self, instant: datetime) -> None:
        """Have the clock of programs started from now on begin at `instant`; it cannot be set later.

        Where threads read a clock's file at the same time, libfaketime now and then gives the real time.
        """
        for name in ("FAKETIME_TIMESTAMP_FILE", "FAKETIME_NO_CACHE"):
            self.home.environ.pop(name, None)
        self.home.environ["FAKETIME"] = f"@{instant.timestamp():.0f}"

    def set(self, instant: datetime) -> None:
        """Set the clock to `instant`."""
        new = self._clock.with_suffix(".new")
        new.write_text(f"@{instant.timestamp():.0f}")
        new.replace(self._clock)

    def shown(self) -> list[datetime]:
        """Return when something was shown, by the ledger."""
        return [datetime.fromisoformat(at) for row in self.home.json("history") for at in row["shown_at"]]

    def answered(self) -> dict[str, Any]:
        """Wait until the only occurrence in the ledger is answered, and return it."""
        return eventually(self._answered)

    def _answered(self) -> dict[str, Any]:
        (row,) = self.home.json("history")
        return row if row["answer"] else {}


class Desktop(Evening[Dunst]):
    """One minute before the stretch is due, with dunst and a bus of its own, neither of which runs at first."""

    def __init__(self, folder: Path, bus: PrivateBus, environ: dict[str, str]) -> None:
        super().__init__(folder, Dunst({**environ, "DBUS_SESSION_BUS_ADDRESS": bus.address}, folder))
        # plyer waits for its child with a sleep that libfaketime refuses (EINVAL).
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
