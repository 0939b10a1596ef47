"""A damaged database: set aside with its date, never deleted, and what can be read of it carried over."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from remind.files import patiently, telling_of
from remind.store.database import Database
from remind.store.errors import StoreDamagedError, StoreError
from remind.store.key_value import KeyValueStore
from remind.store.migrations import stamp

_DAMAGE, _ASIDE = "damage", "damage set aside"
_TABLES = ("diary", "event", "pause", "fact")
_ENDINGS = ("-wal", "-shm", "")
_SMALLEST_ROW = 16  # bytes; so a file has no more rows than its size divided by this


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
    """A new database at `path` with what could be read of the damaged one, which is renamed with its date.

    What was done stands in the log, and `damage` tells it.
    """
    import logging

    aside = _rename(path, now)
    database = Database.open(path, now)
    kept = _carry_over(aside, database)
    words = f"the database was damaged: it was set aside as {aside}, and {kept} of its rows were carried over"
    KeyValueStore(database).set(_DAMAGE, words)
    KeyValueStore(database).set(_ASIDE, str(aside))
    logging.getLogger("remind").error("%s", words)
    return database


def damage(facts: KeyValueStore) -> str | None:
    """What was set aside last, in one sentence, for as long as that file is there; None if nothing is."""
    aside = facts.get(_ASIDE)
    return facts.get(_DAMAGE) if aside is not None and Path(aside).exists() else None


def _rename(path: Path, now: datetime) -> Path:
    names = (f"{path.stem}-damaged-{stamp(now)}{more}.db" for more in ("", *(f"-{n}" for n in range(2, 1000))))
    aside = next(name for name in map(path.with_name, names) if not name.exists())
    # The log first: beside a new file it would be played back into it.
    parts = [(path.with_name(path.name + ending), aside.with_name(aside.name + ending)) for ending in _ENDINGS]
    with telling_of(path):
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


def _carry_over(aside: Path, database: Database) -> int:
    """Copy every row of `aside` that can be read and that fits into `database`; how many they were."""
    source = sqlite3.connect(f"{aside.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    source.execute("PRAGMA writable_schema = ON")  # else SQLite reads nothing of a file that was cut short
    most = aside.stat().st_size // _SMALLEST_ROW
    kept = 0
    try:
        with database.transaction() as connection:
            for table in _TABLES:
                names = [name for name in _columns(connection, table) if name in _columns(source, table)]
                if not names:
                    continue
                columns, marks = ", ".join(names), ", ".join("?" * len(names))
                select = f"SELECT {columns} FROM {table} WHERE rowid BETWEEN ? AND ?"
                insert = f"INSERT INTO {table} ({columns}) VALUES ({marks})"
                for row in _readable(source, select, *_bounds(source, table, most)):
                    try:
                        connection.execute(insert, row)
                        kept += 1
                    except sqlite3.IntegrityError:
                        pass  # it can be read, but makes no sense
    finally:
        source.close()
    return kept


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    """The columns of `table`; none where it cannot even be told."""
    try:
        return [column[1] for column in connection.execute(f"PRAGMA table_info({table})")]
    except sqlite3.DatabaseError:
        return []


def _readable(source: sqlite3.Connection, select: str, first: int, last: int) -> Iterator[tuple[object, ...]]:
    """The rows numbered from `first` to `last` without those that cannot be read, found by halving."""
    try:
        yield from source.execute(select, (first, last)).fetchall()
    except sqlite3.DatabaseError:
        if first < last:
            middle = (first + last) // 2
            yield from _readable(source, select, first, middle)
            yield from _readable(source, select, middle + 1, last)


def _bounds(source: sqlite3.Connection, table: str, most: int) -> tuple[int, int]:
    """Numbers between which all rows of `table` lie; rows are never deleted, so none is beyond `most`."""
    bounds = []
    for end, otherwise in (("min", 1), ("max", most)):
        try:
            found = source.execute(f"SELECT {end}(rowid) FROM {table}").fetchone()[0]
        except sqlite3.DatabaseError:
            found = otherwise
        bounds.append(min(found or 0, most))
    return bounds[0], bounds[1]
