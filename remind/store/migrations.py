"""The database schema as the steps that lead to it. Missing steps are taken together or not at all."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from remind.files import patiently
from remind.store.errors import StoreError
from remind.store.timestamps import to_columns

Steps = Sequence[Sequence[str]]

# Never change a released step: add a step for a new schema.
STEPS: Steps = (
    (
        # What was due, shown, held and answered; `what` is the kind of event, `handle` a server's notification.
        """CREATE TABLE event (
            id INTEGER PRIMARY KEY, occurrence TEXT NOT NULL, reminder TEXT NOT NULL,
            due TEXT NOT NULL, due_offset_s INTEGER NOT NULL,
            what TEXT NOT NULL, at TEXT NOT NULL, at_offset_s INTEGER NOT NULL,
            until TEXT, until_offset_s INTEGER,
            channel TEXT, confirmed INTEGER, handle TEXT, via TEXT, reason TEXT)""",
        "CREATE INDEX event_by_due ON event (due)",
        "CREATE INDEX event_by_reminder ON event (reminder, due)",
        "CREATE INDEX event_by_handle ON event (handle) WHERE handle IS NOT NULL",
        # `until` is NULL if reminders were resumed.
        """CREATE TABLE pause (
            id INTEGER PRIMARY KEY, at TEXT NOT NULL, at_offset_s INTEGER NOT NULL,
            until TEXT, until_offset_s INTEGER)""",
        "CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
        # Rows are only ever added; `details` is a JSON object of the fields that only this kind has.
        """CREATE TABLE diary (
            place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
            at TEXT NOT NULL, at_offset_s INTEGER NOT NULL,
            written_at TEXT NOT NULL, written_at_offset_s INTEGER NOT NULL,
            replaces TEXT, details TEXT NOT NULL CHECK (json_valid(details)),
            imported INTEGER NOT NULL) STRICT""",
        "CREATE INDEX diary_by_at ON diary (at)",
        "CREATE INDEX diary_by_kind ON diary (kind, at)",
        "CREATE INDEX diary_by_replaces ON diary (replaces) WHERE replaces IS NOT NULL",
    ),
    (
        # Copies of what the diary says: which evening a session answers follows from the session itself.
        "DELETE FROM event WHERE what = 'reopened' OR (what = 'done' AND via = 'session')",
    ),
)

_OURS = 0x72656D64  # application_id in the file's header: "remd"
_RECORD = """CREATE TABLE IF NOT EXISTS migration (
    version INTEGER PRIMARY KEY, at TEXT NOT NULL, at_offset_s INTEGER NOT NULL)"""


def version(connection: sqlite3.Connection, path: Path, steps: Steps) -> int:
    """Return how many of `steps` the file has taken; 0 if it is empty.

    Raises:
        StoreError: a newer remind or another program wrote the file.
    """
    connection.execute("BEGIN")  # a consistent view, since another process may be creating the file
    found = _taken(connection)
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    connection.execute("COMMIT")
    if owner != _OURS and (tables or found):
        raise StoreError(f"{path}: is the database of another program; move it away")
    if found > len(steps):
        raise StoreError(
            f"{path}: was written by a newer remind (database version {found}, known here: {len(steps)}), so it stays "
            "untouched; update this program"
        )
    return found


def migrate(connection: sqlite3.Connection, steps: Steps, now: datetime, path: Path | None) -> None:
    """Take the missing steps and record them, in one transaction.

    Given `path`, keep a copy of the older database beside it, named by its version and date.
    """
    if _taken(connection) == len(steps):
        return
    with immediate(connection):
        # Read again, now that nobody else can write: another process may have been faster.
        taken = _taken(connection)
        if 0 < taken < len(steps) and path:
            copy(path, path.with_name(f"{path.stem}-v{taken}-{stamp(now)}.db"))
        for number, step in enumerate(steps[taken:], taken + 1):
            for statement in (_RECORD, *step):
                connection.execute(statement)
            connection.execute("INSERT INTO migration VALUES (?, ?, ?)", (number, *to_columns(now)))
        connection.execute(f"PRAGMA application_id = {_OURS}")
        connection.execute(f"PRAGMA user_version = {len(steps)}")


def stamp(now: datetime) -> str:
    """Return `now` in UTC as part of a file's name, as in "20261122T203900Z"."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"


@contextmanager
def immediate(connection: sqlite3.Connection) -> Iterator[None]:
    """Run a transaction during which nobody else can write; after an exception nothing of it remains."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # after a full disk it is rolled back already
            connection.execute("ROLLBACK")
        raise


def _taken(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def copy(path: Path, target: Path) -> None:
    """Write a copy of the database at `path` to `target`, whole or not at all, for the person alone.

    Raises:
        sqlite3.DatabaseError, OSError: it cannot be read or written.
    """
    unfinished = path.with_name("copy.unfinished")
    # A connection of its own, since SQLite can't copy on one that is in a transaction. It creates no empty database
    # where there is none any more.
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as source:
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=0o600)
        source.execute("VACUUM INTO ?", (str(unfinished),))
    with unfinished.open("r+b") as file:
        os.fsync(file.fileno())
    patiently(partial(unfinished.replace, target))
