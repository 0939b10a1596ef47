"""A copy of the database a day, each checked, for the day on which the database is damaged."""

import os
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from remind.files import os_errors_as, patiently
from remind.store.database import Database

_KEPT = 3


def back_up(database: Database, now: datetime) -> None:
    """Write today's copy of `database` beside it if there is none yet, and remove all but the newest three.

    Raises:
        StoreDamagedError: the database is damaged; no copy of it is made.
        StoreError: the copy cannot be written.
    """
    path = database.path
    today = path.with_name(f"{path.stem}-backup-{now.astimezone(UTC):%Y%m%d}.db")
    if today.exists():
        return
    database.check()
    unfinished = path.with_name(f"{path.stem}-backup.unfinished")
    with os_errors_as(today):
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=0o600)
        with database.read() as connection:
            connection.execute("VACUUM INTO ?", (str(unfinished),))
        with unfinished.open("r+b") as file:
            os.fsync(file.fileno())
        patiently(partial(unfinished.replace, today))
        for old in backups(path)[_KEPT:]:
            old.unlink()


def backups(path: Path) -> list[Path]:
    """Return the copies of the database at `path`, the newest first."""
    return sorted(path.parent.glob(f"{path.stem}-backup-????????.db"), reverse=True)
