"""What can change around a running service: the settings file, the zone, the wall clock, the database."""

from pathlib import Path
from typing import Literal

from remind.app import App
from remind.errors import SettingsError
from remind.files import read_text
from remind.store.database import Database

Change = Literal["settings", "zone", "clock", "store"]

_STEP_S = 2.0
"""A wall clock that has moved this much against the monotonic one was set, or the computer slept."""


class ChangeDetector:
    """Finds changes by looking, so there is no watcher of files or buses that can fail or wake the process up."""

    def __init__(self, app: App, database: Database) -> None:
        self._app = app
        self._database = database
        self._seen: dict[Change, object] = {}
        self._clock_offset_s = 0.0

    def look(self) -> set[Change]:
        """Return what is different from the last look; everything at the first."""
        found: dict[Change, object] = {
            "settings": _stamp(self._app.folders.settings),
            "zone": self._app.read_zone(),
            "store": self._database.data_version(),
        }
        changed = {name for name, _ in found.items() - self._seen.items()}
        self._seen = found
        offset_s = self._app.now().timestamp() - self._app.monotonic()
        if abs(offset_s - self._clock_offset_s) > _STEP_S:
            self._clock_offset_s = offset_s
            changed.add("clock")
        return changed


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        status = path.stat()
    except OSError:
        return ()
    try:
        read_text(path)
    except (SettingsError, FileNotFoundError):
        readable = False  # another program may be keeping it; when that ends, nothing else about the file changes
    else:
        readable = True
    return status.st_mtime_ns, status.st_size, status.st_ino, readable
