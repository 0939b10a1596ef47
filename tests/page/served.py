"""The page's server in a thread of its own, with an hour of the test's own and a clock that is moved by hand."""

import asyncio
import contextlib
import socket
import threading
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from virtual_desktop import eventually

from remind.app import App
from remind.core.diary import Entry
from remind.files import Folders
from remind.page.server import PageServer
from remind.page.site import Site

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=BERLIN)

MINE = """
title = "A short one"
summary = "Each leg once."
cautions = ["Unsteady: take `trial-seated` or `nothing`."]
[[step]]
read = "Face the wall"
hear = "Hands on the wall."
pose = "wall-ready"
wait = "10 s"
[[step]]
read = "Lean in"
hear = "Back heel down."
pose = "wall-lean-single"
side = "alternate"
hold = "20 s"
rest = "10 s"
rest_pose = "wall-ready"
"""


class Served:
    """A server that runs until `stop`, over a home in `folder`."""

    def __init__(self, folder: Path, now: datetime = NOON, speed: float = 1.0) -> None:
        self.folders = Folders(folder / "config", folder / "data", folder / "state")
        self.folders.routines.mkdir(parents=True, exist_ok=True)
        (self.folders.routines / "mine.toml").write_text(MINE, encoding="utf-8")
        self.t = 1000.0
        self.spoken: list[str] = []
        self.folders.settings.write_text("[sound]\nvoice = true\n", encoding="utf-8")
        self.began = now
        self.app = App(self.folders, clock=self._now, read_zone=lambda: BERLIN)
        self.site = Site(self.app, lambda: self.t, speed, speak=self.spoken.append)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.server = PageServer(self.site, self._listening)
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        eventually(lambda: self.server.started)

    def _now(self) -> datetime:
        return (self.began + timedelta(seconds=self.t - 1000)).astimezone(UTC)

    def _serve(self) -> None:
        self.loop.run_until_complete(self.server.run_until_unused(lambda: None))
        self.loop.close()

    def address(self, path: str) -> str:
        """The address of `path` that lets one browser in."""
        return self.server.gate.address(path)

    def do(self, action: Callable[[], object]) -> None:
        """Run `action` in the server's own thread, to its end."""
        done = threading.Event()
        self.loop.call_soon_threadsafe(lambda: (action(), done.set()))
        assert done.wait(10)

    def pass_s(self, seconds: float) -> None:
        """Let so many seconds pass, a second at a time."""
        for _ in range(round(seconds)):
            self.t += 1
            self.do(self._tick)

    def _tick(self) -> None:
        for run in (self.site.stretch.run, self.site.relief._run):
            if run is not None:
                run.tick()

    def passed_safety(self) -> None:
        """The safety text was read before."""
        self.app.store.key_values.set("safety_passed", "2026-11-01T22:00:00+00:00")

    def tabs(self, count: int) -> None:
        """Wait until the server knows of so many open tabs."""
        eventually(lambda: len(self.site.tabs) == count)

    @property
    def own(self) -> dict[str, Any]:
        """The person's own settings."""
        return tomllib.loads(self.folders.settings.read_text())

    def diary(self) -> list[Entry]:
        """What stands in the diary."""
        return self.app.store.diary.entries()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def ended(self, within_s: float = 10) -> bool:
        """Whether the server ends by itself in so many real seconds."""
        self._thread.join(within_s)
        return not self.alive

    def end(self) -> None:
        """End the server, as a signal would."""
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(setattr, self.server, "should_exit", True)
        assert self.ended()

    def stop(self) -> None:
        """End the server and close what it left open."""
        self.end()
        self._listening.close()
        self.app.close()
