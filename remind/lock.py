"""A file that one process at a time can lock. The system unlocks it when that process ends, however it ends."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from remind.errors import RemindError, SessionRunningError
from remind.files import os_errors_as

_TRIES = 5
_BETWEEN_TRIES_S = 0.02
_LONGEST_SESSION = timedelta(hours=3)
"""A session left paused last night must not hold back tonight's reminder."""


class FileLock:
    """The lock at `path`, held from `acquire` to `release` or the end of the process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def acquire(self) -> bool:
        """Take the lock and write this process's number into the file. Return False if another process has it.

        Raises:
            RemindError: the file cannot be created.
        """
        handle = self._open()
        while not (locked := _lock(handle)) or not _is_at(handle, self._path):
            os.close(handle)
            if not locked:
                return False
            handle = self._open()  # an uninstallation has just removed the file
        self._handle = handle
        with suppress(OSError):  # the lock works on a full disk too
            os.ftruncate(handle, 0)
            os.write(handle, f"{os.getpid()}\n".encode())
        return True

    def release(self) -> None:
        """Release the lock. The file stays, for the next process."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _open(self) -> int:
        with os_errors_as(self._path):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)


def _is_at(handle: int, path: Path) -> bool:
    """Return whether the open file is still the one at `path`; else two processes could lock two files of one name."""
    if sys.platform == "win32":  # removes no file that is open
        return True
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _lock(handle: int) -> bool:
    # Tried again, since a process that only asks for the owner takes the lock for an instant.
    for _ in range(_TRIES):
        if _try_lock(handle):
            return True
        time.sleep(_BETWEEN_TRIES_S)
    return False


def lock_owner(path: Path) -> int | None:
    """Return the number of the process that holds the lock at `path`; None if none does, 0 if it is unknown."""
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return None
    try:
        if _try_lock(handle, shared=True):
            return None
        text = os.read(handle, 32).decode("ascii", "replace").strip()
        return int(text) if text.isdecimal() else 0
    finally:
        os.close(handle)


@contextmanager
def guided_session(path: Path, *, alone: bool = True) -> Iterator[None]:
    """Hold the lock of the guided session at `path`, so that no reminder interrupts it.

    If the folder cannot be written, the session runs without the lock.

    Raises:
        SessionRunningError: another session runs, and this one must run `alone`.
    """
    lock = FileLock(path)
    try:
        taken = lock.acquire()
    except RemindError:
        taken = True
    if alone and not taken:
        raise SessionRunningError("a session is already running; finish it or close its window first")
    try:
        yield
    finally:
        lock.release()


def session_running(path: Path, now: datetime) -> bool:
    """Return whether a guided session holds the lock at `path` and did not begin hours ago."""
    if lock_owner(path) is None:
        return False
    with suppress(OSError):
        return now.timestamp() - path.stat().st_mtime < _LONGEST_SESSION.total_seconds()
    return False


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int, *, shared: bool = False) -> bool:  # noqa: ARG001 - Windows has no shared lock here
        # Locks one byte far behind the text, since Windows forbids reading locked bytes.
        os.lseek(handle, 1 << 20, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _try_lock(handle: int, *, shared: bool = False) -> bool:
        # Those who only ask share the lock, so that none takes another for the owner.
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
