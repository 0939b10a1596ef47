"""Checks of the system: the login service, the clock and the zone, and which program `remind` is."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta, timezone
from pathlib import Path

from remind import __version__
from remind.app import App
from remind.doctor import Check
from remind.errors import RemindError
from remind.lock import lock_owner
from remind.login import BOOTED, service_manager

_ENTRY = b"remind.cli."
"""Every script or launcher of this command contains this."""
_MOST_BYTES = 1 << 20
_SET_BACK, _WRITTEN = timedelta(hours=1), timedelta(days=400)
_SYSTEMCTL_S = 0.7
_FOREGROUND = "`remind run` runs it until you close the terminal"


def service(app: App) -> Iterator[Check]:
    """Check whether the service runs and is installed, and whether its unit is the one of this installation."""
    pid = lock_owner(app.folders.lock)
    runs = "not running" if pid is None else f"running (process {pid})"
    try:
        manager = service_manager()
        status = manager.status(_SYSTEMCTL_S)
        current = manager.is_current() if status.installed else False
    except RemindError as error:
        found = f"{runs}; {error}"
        yield Check("service", "warning", found, _FOREGROUND) if pid is None else Check("service", "ok", found)
        return
    if not status.installed:
        advice = f"`remind service install` starts it at each login; {_FOREGROUND}"
        yield Check("service", "warning", f"{runs}, not installed", advice)
    elif pid is None:
        advice = "run `remind service start`; `remind service logs` shows why it ended"
        yield Check("service", "fault", f"installed, but {runs}{f': {status.state}' if status.state else ''}", advice)
    elif not current:
        advice = f"run `remind service install` (with --force if you edited {manager.where})"
        yield Check("service", "warning", f"{runs}, but another installation starts at login, or you edited it", advice)
    elif not status.enabled:
        yield Check("service", "warning", f"{runs}, but does not start at login", "run `remind service install`")
    else:
        yield Check("service", "ok", f"{runs}, starts at each login")


def clock(app: App) -> Iterator[Check]:
    """Check the time and the zone, and that the clock was not set back to before the ledger's last event."""
    now, zone, wanted = app.now(), app.zone, os.environ.get("TZ", "").removeprefix(":")
    found = f"{now:%Y-%m-%d %H:%M} in {zone}"
    last = now
    with suppress(RemindError):  # the check of the database reports it
        events = app.store_for_reading.ledger.events(now - _WRITTEN, now + _WRITTEN)
        last = max((event.at for event in events), default=now)
    if last > now + _SET_BACK:
        words = f"{found}, but the ledger has an event of {last:%Y-%m-%d %H:%M}"
        yield Check("clock", "warning", words, "set the clock; reminders between the two times stay as recorded")
    elif isinstance(zone, timezone):
        by_systemd = BOOTED.is_dir() and shutil.which("timedatectl")
        advice = "set one with `timedatectl set-timezone`" if by_systemd else "set TZ to a name such as Europe/Berlin"
        yield Check("clock", "warning", f"{found}, because no zone is set", advice)
    elif wanted not in ("", str(zone)) and not wanted.startswith("/"):
        words = f"{found}, because TZ={wanted} is not a valid zone"
        yield Check("clock", "warning", words, "set TZ to a name such as Europe/Berlin")
    else:
        yield Check("clock", "ok", found)


def program(_app: App) -> Iterator[Check]:
    """Check whether `remind` on PATH starts this program; Debian has another one of that name."""
    found = f"remind {__version__}, Python {platform.python_version()} in {sys.executable}"
    second = shutil.which("stretch-remind")
    this = "`stretch-remind`" if second and _is_this(second) else f"`{sys.executable} -m remind`"
    on_path = shutil.which("remind")
    if on_path is None:
        yield Check("program", "warning", f"{found}; there is no `remind` on PATH", f"type {this}")
        return
    started = _content(on_path)
    if _ENTRY not in started:
        advice = f"type {this}, or put the folder of this one before it on PATH"
        yield Check("program", "warning", f"{found}; `remind` on PATH is another program: {on_path}", advice)
    elif not _is_this(on_path):
        advice = f"remove one of the two, or type {this}"
        yield Check("program", "warning", f"{found}; `remind` on PATH is another installation: {on_path}", advice)
    else:
        yield Check("program", "ok", f"{found}; {on_path}")


def _is_this(program: str) -> bool:
    """Return whether `program` starts this installation: it names its interpreter, or stands beside it."""
    started, beside = _content(program), Path(program).resolve().parent == Path(sys.executable).parent
    return _ENTRY in started and (os.fsencode(sys.executable) in started or (beside and b"dirname" in started))


def _content(program: str) -> bytes:
    # A script names its interpreter in its first lines, a launcher on Windows near its end.
    with Path(program).open("rb") as file:
        return file.read(_MOST_BYTES)
