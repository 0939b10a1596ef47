"""A file lock between processes, and the question who owns it."""

import fcntl
import os
import threading
from pathlib import Path

import pytest

from remind.errors import RemindError
from remind.lock import FileLock, lock_owner


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "not yet" / "remind.lock"


def test_one_has_it(path: Path) -> None:
    """While one process holds it, another is refused and can ask for the owner; once released, anyone can have it."""
    first, second = FileLock(path), FileLock(path)
    assert first.acquire()
    assert lock_owner(path) == os.getpid()
    assert not second.acquire()
    first.release()
    first.release()
    assert lock_owner(path) is None
    assert second.acquire()
    second.release()


def test_nobody_has_it(path: Path) -> None:
    """Where there is no file, or an old one, nobody holds it; asking makes none."""
    assert lock_owner(path) is None
    assert not path.parent.exists()
    path.parent.mkdir()
    path.write_text("4711\n")
    assert lock_owner(path) is None


def test_who_asks_is_not_taken_for_the_service(path: Path) -> None:
    """Two may ask at the same instant: neither sees the other, nor the number of a service that is long gone."""
    path.parent.mkdir()
    path.write_text("4711\n")
    with path.open("r+b") as asking:
        fcntl.flock(asking, fcntl.LOCK_SH | fcntl.LOCK_NB)
        assert lock_owner(path) is None


def test_asking_keeps_no_start_away(path: Path) -> None:
    """Who asks for the holder has the lock for an instant; a service that starts just then waits it out."""
    path.parent.mkdir()
    asking = os.open(path, os.O_RDWR | os.O_CREAT)
    fcntl.flock(asking, fcntl.LOCK_EX)
    threading.Timer(0.03, os.close, [asking]).start()
    lock = FileLock(path)
    assert lock.acquire()
    lock.release()


def test_no_place_for_it(tmp_path: Path) -> None:
    """Where the file cannot be made, the error names it."""
    (tmp_path / "file").touch()
    with pytest.raises(RemindError, match=r"remind\.lock: cannot be written"):
        FileLock(tmp_path / "file" / "remind.lock").acquire()
