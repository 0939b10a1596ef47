"""The one SQLite file, which the service and commands read and write at the same time."""

import sqlite3
import stat
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Self

from remind.files import os_errors_as
from remind.store.errors import StoreDamagedError, StoreError, sqlite_errors_as
from remind.store.migrations import STEPS, Steps, immediate, migrate, version

_WAIT_S = 5.0


class Database:
    """An open database. Several threads may use it: each `rows` or `transaction` has it to itself."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._lock = threading.RLock()

    @classmethod
    def open(cls, path: Path, now: datetime, steps: Steps = STEPS) -> Self:
        """Return the database at `path`, created if there is none and migrated if it is older.

        Raises:
            StoreError: it cannot be created, read or written, or a newer remind wrote it; it stays as it was.
        """
        with os_errors_as(path):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not path.exists():
                path.touch(mode=0o600)  # a diary is for its owner alone
        with _opened(path, _connect(path, str(path))) as connection:
            version(connection, path, steps)
            with suppress(sqlite3.OperationalError):  # two processes create it at once: one switches the mode
                connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            migrate(connection, steps, now, path)
        return cls(path, connection)

    @classmethod
    def open_for_reading(cls, path: Path, now: datetime, steps: Steps = STEPS) -> Self:
        """Return the database at `path` without changing anything on disk, so it may be in a read-only home.

        If there is none, it is an empty one in memory; if it is older, a migrated copy in memory.

        Raises:
            StoreError: it cannot be read, or a newer remind wrote it.
        """
        with _opened(path, _connect_for_reading(path)) as connection:
            current = version(connection, path, steps) == len(steps)
        if current:
            return cls(path, connection)
        with closing(connection), _opened(path, _connect(path, ":memory:")) as memory:
            connection.backup(memory)
            migrate(memory, steps, now, None)
        return cls(path, memory)

    def rows(self, select: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return what `select` finds. A text with a flipped bit is returned with U+FFFD in its place.

        Raises:
            StoreError: the file cannot be read.
        """
        with self._lock, sqlite_errors_as(self.path):
            try:
                return self._connection.execute(select, values).fetchall()
            except sqlite3.OperationalError as error:
                if hasattr(error, "sqlite_errorcode"):
                    raise
                # Not SQLite but Python failed, at a text that is not UTF-8. The check of the file doesn't find those.
                self._connection.text_factory = partial(str, encoding="utf-8", errors="replace")
                return self._connection.execute(select, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection for writing. At the end everything is on disk or, after an exception, nothing.

        Raises:
            StoreBusyError: another process was still writing after five seconds.
            StoreError: it cannot be written.
        """
        with self._lock, sqlite_errors_as(self.path), immediate(self._connection):
            yield self._connection

    def data_version(self) -> int:
        """Return a number that changes whenever another connection has written to the file."""
        return int(self.rows("PRAGMA data_version")[0][0])

    def check(self) -> None:
        """Read the whole file. Raise StoreDamagedError if something in it is inconsistent."""
        if self.rows("PRAGMA integrity_check(1)") != [("ok",)]:
            raise StoreDamagedError(self.path)

    def close(self) -> None:
        """Close the file; closing it twice does no harm."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def _opened(path: Path, connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Yield `connection`, and close it if anything done with it fails."""
    try:
        with sqlite_errors_as(path):
            yield connection
    except BaseException:
        connection.close()
        raise


def _connect(path: Path, name: str, *, uri: bool = False) -> sqlite3.Connection:
    with sqlite_errors_as(path):
        return sqlite3.connect(name, timeout=_WAIT_S, isolation_level=None, check_same_thread=False, uri=uri)


def _connect_for_reading(path: Path) -> sqlite3.Connection:
    try:
        found = path.stat()
    except FileNotFoundError:
        return _connect(path, ":memory:")
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error.strerror}") from error
    if not found.st_size and stat.S_ISREG(found.st_mode):
        return _connect(path, ":memory:")
    address = path.absolute().as_uri()
    connection = _connect(path, f"{address}?mode=ro", uri=True)
    try:
        connection.execute("PRAGMA schema_version")
    except sqlite3.OperationalError:
        # In a read-only folder SQLite can't create the files of its log; where there are none, nobody writes.
        if not any(path.with_name(path.name + ending).exists() for ending in ("-wal", "-shm")):
            connection.close()
            return _connect(path, f"{address}?immutable=1", uri=True)
    except sqlite3.DatabaseError:
        pass  # the next statement reports it, in the one place that does
    return connection
