"""What can go wrong with the database file, each told in one line that names it and what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from remind.errors import RemindError


class StoreError(RemindError):
    """The database cannot be read or written now."""


class StoreBusyError(StoreError):
    """Another process held the database for longer than was waited."""


class StoreDamagedError(StoreError):
    """The file is no database, or a damaged one."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: is damaged or no database; start the service (`remind run`): it sets the file aside, "
            "keeps what can be read of it and begins a new one"
        )


_SAID = {
    sqlite3.SQLITE_FULL: "cannot be written: the disk is full; make room and try again",
    sqlite3.SQLITE_READONLY: "cannot be written: the file or its folder is read-only",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; see that it and its folder may be read and written by you",
    sqlite3.SQLITE_PERM: "cannot be opened: not permitted",
    sqlite3.SQLITE_IOERR: "cannot be read or written: the disk is full, or reports a fault",
}


@contextmanager
def sqlite_errors_as(path: Path) -> Iterator[None]:
    """Inside, a failure of the file at `path` is a StoreError; a fault of the program stays what it is."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreBusyError(f"{path}: is being written by another program; try again") from error
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise StoreDamagedError(path) from error
        if code in _SAID:
            raise StoreError(f"{path}: {_SAID[code]}") from error
        raise
