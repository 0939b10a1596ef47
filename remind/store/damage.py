"""A damaged database is set aside and never deleted; the newest backup and every row that can be read replace it."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path

from remind.files import os_errors_as, patiently
from remind.store.backup import backups
from remind.store.database import Database
from remind.store.errors import StoreDamagedError, StoreError, sqlite_errors_as
from remind.store.key_value import KeyValueStore
from remind.store.migrations import copy, stamp

_DAMAGE, _ASIDE = "damage", "damage set aside"
_TABLES = {"diary": "IGNORE", "event": "IGNORE", "pause": "IGNORE", "fact": "REPLACE"}
"""Each table, and which row wins if the backup has it too: only a fact changes after it was written."""
_UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)
_PARTS = ("-wal", "-shm", "")
"""The ends of a database's files, SQLite's log first: beside a new file, it would be played back into that."""
_SMALLEST_ROW_BYTES = 32
"""Rows are numbered from 1 and rarely deleted, so no number is larger than the file's size divided by this."""


def open_or_set_aside(path: Path, now: datetime) -> Database:
    """Return the database at `path` after reading all of it; if it is damaged, the one that replaces it.

    Raises:
        StoreError: it cannot be read or written for another reason.
    """
    rescued = _rescued(path)
    with os_errors_as(path):
        if rescued.exists() and not path.exists():  # the process was killed before its last step
            rescued.replace(path)
    try:
        with Database.open(path, now) as database:
            database.check()
    except StoreDamagedError:
        with os_errors_as(path):
            return set_aside(path, now)
    return Database.open(path, now)


def set_aside(path: Path, now: datetime) -> Database:
    """Return a new database at `path` from the newest backup and all newer rows that the damaged one still gives.

    The damaged file gets a name with its date. One line in the log says so, and `damage` returns it. The new database
    is whole before the damaged one is moved, so that nothing is lost to a kill or a full disk.
    """
    import logging

    aside, rescued = _name_aside(path, now), _rescued(path)
    for end in _PARTS:
        rescued.with_name(rescued.name + end).unlink(missing_ok=True)
    backup = _restore(path, rescued, now)
    with Database.open(rescued, now) as database:
        copied = _copy_rows(path, database)
        restored = f"the backup {backup.name} was restored, and " if backup else ""
        words = f"the database was damaged: it was set aside as {aside}; {restored}{copied} of its rows were copied"
        KeyValueStore(database).set(_DAMAGE, words)
        KeyValueStore(database).set(_ASIDE, str(aside))
    _rename(path, aside)
    patiently(partial(rescued.replace, path))
    logging.getLogger("remind").error("%s", words)
    return Database.open(path, now)


def damage(key_values: KeyValueStore) -> str | None:
    """Return one sentence about the last damaged file for as long as that file is there, or None."""
    aside = key_values.get(_ASIDE)
    return key_values.get(_DAMAGE) if aside is not None and Path(aside).exists() else None


def _rescued(path: Path) -> Path:
    """Return where the new database is made."""
    return path.with_name(f"{path.stem}-rescued.db")


def _name_aside(path: Path, now: datetime) -> Path:
    names = (f"{path.stem}-damaged-{stamp(now)}{f'-{number}' if number > 1 else ''}.db" for number in count(1))
    return next(name for name in map(path.with_name, names) if not name.exists())


def _rename(path: Path, aside: Path) -> None:
    parts = [(path.with_name(path.name + end), aside.with_name(aside.name + end)) for end in _PARTS]
    with os_errors_as(path):
        try:
            for old, new in parts:
                if old.exists():
                    patiently(partial(old.replace, new))
        except PermissionError as error:
            for old, new in parts:  # the log has to stay with its file
                if new.exists():
                    new.replace(old)
            advice = "Close that program, then start the service again."
            raise StoreError(f"{path}: is damaged, and another program has it open. {advice}") from error


def _restore(path: Path, rescued: Path, now: datetime) -> Path | None:
    """Copy the newest sound backup of `path` to `rescued`. Return that backup, or None if there is none."""
    for backup in backups(path):
        with suppress(StoreError, sqlite3.DatabaseError, OSError):  # an older one may be sound
            with Database.open_for_reading(backup, now) as found:
                found.check()
            copy(backup, rescued)
            return backup
    return None


def _copy_rows(damaged: Path, database: Database) -> int:
    """Copy into `database` every row of `damaged` that is newer, can be read and fits. Return how many."""
    with sqlite_errors_as(damaged):
        source = sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True)
    source.execute("PRAGMA writable_schema = ON")  # without it, SQLite reads nothing of a file that was cut short
    copied, most = 0, damaged.stat().st_size // _SMALLEST_ROW_BYTES
    with closing(source), database.transaction() as connection:
        for table, conflict in _TABLES.items():
            names = [name for name in _columns(connection, table) if name in _columns(source, table)]
            columns, marks = ", ".join(names), ", ".join("?" * len(names))
            first = 1 if conflict == "REPLACE" else _last(connection, table, 0) + 1
            numbers = range(first, min(_last(source, table, most), most) + 1) if names else ()
            for row in _rows(source, f"SELECT {columns} FROM {table} WHERE rowid = ?", numbers):
                with suppress(sqlite3.IntegrityError):  # it can be read, but breaks the table's rules
                    insert = f"INSERT OR {conflict} INTO {table} ({columns}) VALUES ({marks})"
                    copied += connection.execute(insert, row).rowcount
    return copied


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    """Return the columns of `table`; none if they cannot be read."""
    with suppress(*_UNREADABLE):
        return [column[1] for column in connection.execute(f"PRAGMA table_info({table})")]
    return []


def _last(connection: sqlite3.Connection, table: str, unreadable: int) -> int:
    """Return the number of the last row of `table`, 0 if it is empty, or `unreadable`."""
    with suppress(*_UNREADABLE):
        return int(connection.execute(f"SELECT ifnull(max(rowid), 0) FROM {table}").fetchone()[0])
    return unreadable


def _rows(source: sqlite3.Connection, select: str, numbers: Iterable[int]) -> Iterator[tuple[object, ...]]:
    """Yield each row that can be read, one by one, so that a damaged page costs only the rows on it."""
    for number in numbers:
        with suppress(*_UNREADABLE):
            yield from source.execute(select, (number,)).fetchall()
