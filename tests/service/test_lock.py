"""The lock of the one service, and who asks for its holder."""

import fcntl
import os
import threading
from pathlib import Path

import pytest

from remind.errors import RemindError
from remind.service.lock import ServiceLock, holder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "not yet" / "remind.lock"


def test_one_has_it(path: Path) -> None:
    """While one holds it, another is refused, and the holder can be asked for; once released, anyone may have it."""
    first, second = ServiceLock(path), ServiceLock(path)
    first.acquire()
    assert holder(path) == os.getpid()
    with pytest.raises(RemindError, match="already running"):
        second.acquire()
    first.release()
    first.release()
    assert holder(path) is None
    second.acquire()
    second.release()


def test_nobody_has_it(path: Path) -> None:
    """Where there is no file, or an old one, nobody holds it; asking makes none."""
    assert holder(path) is None
    assert not path.parent.exists()
    path.parent.mkdir()
    path.write_text("4711\n")
    assert holder(path) is None


def test_who_asks_is_not_taken_for_the_service(path: Path) -> None:
    """Two may ask at the same instant: neither sees the other, nor the number of a service that is long gone."""
    path.parent.mkdir()
    path.write_text("4711\n")
    with path.open("r+b") as asking:
        fcntl.flock(asking, fcntl.LOCK_SH | fcntl.LOCK_NB)
        assert holder(path) is None


def test_asking_keeps_no_start_away(path: Path) -> None:
    """Who asks for the holder has the lock for an instant; a service that starts just then waits it out."""
    path.parent.mkdir()
    asking = os.open(path, os.O_RDWR | os.O_CREAT)
    fcntl.flock(asking, fcntl.LOCK_EX)
    threading.Timer(0.03, os.close, [asking]).start()
    lock = ServiceLock(path)
    lock.acquire()
    lock.release()


def test_no_place_for_it(tmp_path: Path) -> None:
    """Where the file cannot be made, the error names it."""
    (tmp_path / "file").touch()
    with pytest.raises(RemindError, match=r"remind\.lock: cannot be written"):
        ServiceLock(tmp_path / "file" / "remind.lock").acquire()
