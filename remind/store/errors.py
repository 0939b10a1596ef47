"""What can go wrong with the database file, each in one line that names the file and says what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from remind.errors import RemindError


class StoreError(RemindError):
    """The database cannot be read or written now."""


class StoreBusyError(StoreError):
    """Another process kept the database locked for too long."""


class StoreDamagedError(StoreError):
    """The file is damaged, or not a database."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: is damaged or not a database. Start the service (`remind run`): it sets the file aside and "
            "starts a new one with all that can still be read."
        )


_WHAT_TO_DO = {
    sqlite3.SQLITE_FULL: "cannot be written: the disk is full; make room and try again",
    sqlite3.SQLITE_READONLY: "cannot be written: the file or its folder is read-only",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; make sure that you may read and write the file and its folder",
    sqlite3.SQLITE_PERM: "cannot be opened: not permitted",
    sqlite3.SQLITE_IOERR: "cannot be read or written: the disk is full or reports an error",
}


@contextmanager
def sqlite_errors_as(path: Path) -> Iterator[None]:
    """Raise a failure of the file at `path` as a StoreError; a bug of the program stays as it is."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL):
            raise StoreBusyError(f"{path}: is being written by another program; try again") from error
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise StoreDamagedError(path) from error
        if code in _WHAT_TO_DO:
            raise StoreError(f"{path}: {_WHAT_TO_DO[code]}") from error
        raise
    except UnicodeDecodeError as error:  # SQLite quotes a damaged schema, and Python can't read its words
        raise StoreDamagedError(path) from error
