"""The system around: the login service, clock and zone, and which program `remind` is."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

from remind import __version__
from remind.app import App
from remind.doctor.check import Check
from remind.errors import RemindError
from remind.lock import lock_owner
from remind.login import service_manager

_ENTRY = b"remind.cli.main"
"""What stands in every script and launcher of this command."""
_MOST_BYTES = 1 << 20
_SET_BACK, _WRITTEN = timedelta(hours=1), timedelta(days=400)


def service(app: App) -> Iterator[Check]:
    """Whether the service runs and is installed, and whether its definition is the one of this installation."""
    pid = lock_owner(app.folders.lock)
    runs = "not running" if pid is None else f"running (process {pid})"
    try:
        manager = service_manager()
        status = manager.status()
        current = manager.is_current() if status.installed else False
    except RemindError as error:
        yield Check("service", "ok" if pid is not None else "warning", f"{runs}; {error}")
        return
    if not status.installed:
        advice = (
            "`remind service install` has it start at each login; `remind run` runs it until you close the terminal"
        )
        yield Check("service", "warning", f"{runs}, not installed", advice)
    elif pid is None:
        advice = "`remind service start`; `remind service logs` says why it ended"
        yield Check("service", "fault", f"installed, but {runs}: {status.state}", advice)
    elif not current:
        advice = "`remind service install` writes it anew (with --force where you edited it)"
        yield Check("service", "warning", f"{runs}; its unit is not the one of this installation", advice)
    elif not status.enabled:
        yield Check("service", "warning", f"{runs}, but does not start at login", "`remind service install`")
    else:
        yield Check("service", "ok", f"{runs}, starts at each login")


def clock(app: App) -> Iterator[Check]:
    """The time and the zone, and whether the clock was set back behind what the ledger has seen."""
    now, zone, wanted = app.now(), app.zone, os.environ.get("TZ", "").removeprefix(":")
    found = f"{now:%Y-%m-%d %H:%M} in {zone}"
    ahead = _last_written(app, now)
    if ahead is not None:
        words = f"{found}, but the ledger holds what happened on {ahead:%Y-%m-%d %H:%M}"
        yield Check("clock", "warning", words, "set the clock; reminders of the time between stay as they were written")
    elif isinstance(zone, timezone):
        yield Check("clock", "warning", f"{found}, since no zone is set", "set one, as with `timedatectl set-timezone`")
    elif wanted not in ("", str(zone)) and not wanted.startswith("/"):
        yield Check("clock", "warning", f"{found}, since TZ={wanted} is no zone", "write TZ as a name: Europe/Berlin")
    else:
        yield Check("clock", "ok", found)


def _last_written(app: App, now: datetime) -> datetime | None:
    """When the last event of the ledger was, if that is yet to come."""
    try:
        events = app.store_for_reading.ledger.events(now - _WRITTEN, now + _WRITTEN)
    except RemindError:  # told by the check of the database
        return None
    last = max((event.at for event in events), default=now)
    return last if last > now + _SET_BACK else None


def program(_app: App) -> Iterator[Check]:
    """This program, and whether it is the one that `remind` on PATH starts; Debian has another of that name."""
    found = f"remind {__version__}, Python {platform.python_version()} in {sys.executable}"
    on_path = shutil.which("remind")
    if on_path is None:
        advice = f"install it with pipx or uv, or type `{sys.executable} -m remind`"
        yield Check("program", "warning", f"{found}; there is no `remind` on PATH", advice)
        return
    started = _content(Path(on_path))
    if _ENTRY not in started:
        advice = f"put the folder of this one before it on PATH, or type `{sys.executable} -m remind`"
        yield Check("program", "warning", f"{found}; `remind` on PATH is another program: {on_path}", advice)
    elif os.fsencode(sys.executable) not in started:
        advice = f"remove one of the two, or type `{sys.executable} -m remind`"
        yield Check("program", "warning", f"{found}; `remind` on PATH is another installation: {on_path}", advice)
    else:
        yield Check("program", "ok", f"{found}; {on_path}")


def _content(path: Path) -> bytes:
    # A script names its interpreter in its first lines, a launcher on Windows near its end.
    with path.open("rb") as file:
        return file.read(_MOST_BYTES)
