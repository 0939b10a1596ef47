"""A damaged database: set aside with its date, never deleted; the newest backup and all that can be read replace it."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from remind.files import os_errors_as, patiently
from remind.store.backup import backups
from remind.store.database import Database
from remind.store.errors import StoreDamagedError, StoreError
from remind.store.key_value import KeyValueStore
from remind.store.migrations import stamp

_DAMAGE, _ASIDE = "damage", "damage set aside"
_TABLES = {"diary": "IGNORE", "event": "IGNORE", "pause": "IGNORE", "fact": "REPLACE"}
"""Each table, and what becomes of a row that the backup has too: only a fact changes after it was written."""
_ENDINGS = ("-wal", "-shm", "")
_SMALLEST_ROW = 32  # bytes; so a file has no more rows than its size divided by this


def open_or_set_aside(path: Path, now: datetime) -> Database:
    """The database at `path`, read through; where it is damaged, a new one with what could be read of it.

    Raises:
        StoreError: it cannot be read or written for another reason.
    """
    try:
        database = Database.open(path, now)
        try:
            database.check()
        except BaseException:
            database.close()
            raise
    except StoreDamagedError:
        return set_aside(path, now)
    return database


def set_aside(path: Path, now: datetime) -> Database:
    """Return a new database at `path` with the newest backup and all newer rows that can be read of the damaged one.

    The damaged file is renamed with its date. What was done stands in the log, and `damage` returns it.
    """
    import logging

    aside = _rename(path, now)
    backup = _restore(path, now)
    database = Database.open(path, now)
    kept = _carry_over(aside, database)
    restored = f"the backup {backup.name} was restored, and " if backup else ""
    words = f"the database was damaged: it was set aside as {aside}; {restored}{kept} of its rows were carried over"
    KeyValueStore(database).set(_DAMAGE, words)
    KeyValueStore(database).set(_ASIDE, str(aside))
    logging.getLogger("remind").error("%s", words)
    return database


def damage(key_values: KeyValueStore) -> str | None:
    """What was set aside last, in one sentence, for as long as that file is there; None if nothing is."""
    aside = key_values.get(_ASIDE)
    return key_values.get(_DAMAGE) if aside is not None and Path(aside).exists() else None


def _rename(path: Path, now: datetime) -> Path:
    names = (f"{path.stem}-damaged-{stamp(now)}{more}.db" for more in ("", *(f"-{n}" for n in range(2, 1000))))
    aside = next(name for name in map(path.with_name, names) if not name.exists())
    # The log first: beside a new file it would be played back into it.
    parts = [(path.with_name(path.name + ending), aside.with_name(aside.name + ending)) for ending in _ENDINGS]
    with os_errors_as(path):
        for old, new in parts:
            try:
                if old.exists():
                    patiently(partial(old.replace, new))
            except PermissionError as error:
                for there, back in parts:  # the log belongs to the file
                    if back.exists():
                        back.replace(there)
                raise StoreError(
                    f"{path}: is damaged, and another program has it open; close that program, then start the "
                    "service again"
                ) from error
    return aside


def _restore(path: Path, now: datetime) -> Path | None:
    """Return the newest sound copy of the database, which now stands at `path`; None if there is none."""
    for backup in backups(path):
        try:
            with Database.open_for_reading(backup, now) as found:
                found.check()
            shutil.copy(backup, path)
        except (StoreError, OSError):  # an older one may be sound
            path.unlink(missing_ok=True)
        else:
            return backup
    return None


def _carry_over(aside: Path, database: Database) -> int:
    """Copy into `database` every row of `aside` that is newer, can be read and fits; return how many they were."""
    source = sqlite3.connect(f"{aside.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    source.execute("PRAGMA writable_schema = ON")  # else SQLite reads nothing of a file that was cut short
    kept, most = 0, aside.stat().st_size // _SMALLEST_ROW  # rows are numbered from 1 and never deleted
    with closing(source), database.transaction() as connection:
        for table, conflict in _TABLES.items():
            names = [name for name in _columns(connection, table) if name in _columns(source, table)]
            columns, marks = ", ".join(names), ", ".join("?" * len(names))
            insert = f"INSERT OR {conflict} INTO {table} ({columns}) VALUES ({marks})"
            first = 1 if conflict == "REPLACE" else _last(connection, table) + 1
            last = min(_last(source, table, most), most)
            for row in _readable(source, f"SELECT {columns} FROM {table}", first, last) if names else ():
                with suppress(sqlite3.IntegrityError):  # it can be read, but makes no sense
                    kept += connection.execute(insert, row).rowcount
    return kept


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    """The columns of `table`; none where it cannot even be told."""
    try:
        return [column[1] for column in connection.execute(f"PRAGMA table_info({table})")]
    except sqlite3.DatabaseError:
        return []


def _last(connection: sqlite3.Connection, table: str, unreadable: int = 0) -> int:
    """Return the number of the last row of `table`, or `unreadable`."""
    with suppress(sqlite3.DatabaseError):
        return int(connection.execute(f"SELECT ifnull(max(rowid), 0) FROM {table}").fetchone()[0])
    return unreadable


def _readable(source: sqlite3.Connection, select: str, first: int, last: int) -> Iterator[tuple[object, ...]]:
    """Yield each row that can be read, one by one, so that a damaged page costs the rows on it alone."""
    for number in range(first, last + 1):
        with suppress(sqlite3.DatabaseError):
            yield from source.execute(f"{select} WHERE rowid = ?", (number,)).fetchall()
