"""What can change around a running service: the settings file, the zone, the wall clock, the database."""

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Literal

from remind.errors import SettingsError
from remind.files import read_text

Change = Literal["settings", "zone", "clock", "store"]

_STEP = timedelta(seconds=2)
"""A wall clock that moved this much against the monotonic one was set, or the computer slept."""


class ChangeDetector:
    """Notices changes by being asked: no watcher of files or buses to fail, and nothing to wake up for."""

    def __init__(
        self,
        settings: Path,
        zone: Callable[[], tzinfo],
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        data_version: Callable[[], int],
    ) -> None:
        self._settings = settings
        self._zone = zone
        self._now = now
        self._monotonic = monotonic
        self._data_version = data_version
        self._seen: dict[Change, object] = {}
        self._started = timedelta()

    def look(self) -> set[Change]:
        """Return what is different from the last look; everything at the first."""
        found: dict[Change, object] = {
            "settings": _stamp(self._settings),
            "zone": self._zone(),
            "store": self._data_version(),
        }
        changed = {name for name, _ in found.items() - self._seen.items()}
        self._seen = found
        offset = self._offset()
        if abs(offset - self._started) > _STEP:
            self._started = offset
            changed.add("clock")
        return changed

    def _offset(self) -> timedelta:
        return timedelta(seconds=self._now().timestamp() - self._monotonic())


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        status = path.stat()
    except OSError:
        return ()
    return status.st_mtime_ns, status.st_size, status.st_ino, _is_readable(path)


def _is_readable(path: Path) -> bool:
    # Another program may keep the file from being read; when it ends, nothing else about the file changes.
    try:
        read_text(path)
    except (SettingsError, FileNotFoundError):
        return False
    return True
