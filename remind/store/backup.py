"""A checked copy of the database each day, for the day on which the database is damaged."""

from datetime import UTC, datetime
from pathlib import Path

from remind.files import os_errors_as
from remind.store.database import Database
from remind.store.errors import sqlite_errors_as
from remind.store.migrations import copy

_KEPT = 3
"""How many there are at most, with today's."""


def back_up(database: Database, now: datetime) -> None:
    """Write today's copy of `database` beside it if there is none yet, and keep the two newest others.

    Raises:
        StoreDamagedError: the database is damaged; no copy is made.
        RemindError: the copy cannot be written.
    """
    path = database.path
    today = path.with_name(f"{path.stem}-backup-{now.astimezone(UTC):%Y%m%d}.db")
    with os_errors_as(today), sqlite_errors_as(path):
        if today.exists():
            return
        database.check()
        copy(path, today)
        others = [backup for backup in backups(path) if backup != today]  # some may be later: the clock was set back
        for old in others[_KEPT - 1 :]:
            old.unlink()


def backups(path: Path) -> list[Path]:
    """Return the copies of the database at `path`, the newest first."""
    return sorted(path.parent.glob(f"{path.stem}-backup-????????.db"), reverse=True)
