"""A file lock between processes, and who owns it."""

import fcntl
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from remind.errors import RemindError, SessionRunningError
from remind.lock import FileLock, guided_session, lock_owner, session_running


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "not yet" / "remind.lock"


def test_only_one_process_holds_it(path: Path) -> None:
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


def test_a_file_that_is_removed_meanwhile_is_no_lock(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opened the file before an uninstallation removed it takes the new one, as everybody else does."""
    late, opened = FileLock(path), os.open

    def overtaken(*arguments: Any) -> int:
        handle = opened(*arguments)
        monkeypatch.undo()
        path.unlink()
        return handle

    monkeypatch.setattr(os, "open", overtaken)
    assert late.acquire()
    assert lock_owner(path) == os.getpid()
    assert not FileLock(path).acquire()
    late.release()


def test_nobody_holds_a_missing_or_old_file(path: Path) -> None:
    """Asking for the owner creates no file."""
    assert lock_owner(path) is None
    assert not path.parent.exists()
    path.parent.mkdir()
    path.write_text("4711\n")
    assert lock_owner(path) is None


def test_a_process_that_asks_is_not_reported_as_the_owner(path: Path) -> None:
    """Two may ask at once: neither sees the other, nor the number of a service that ended long ago."""
    path.parent.mkdir()
    path.write_text("4711\n")
    with path.open("r+b") as asking:
        fcntl.flock(asking, fcntl.LOCK_SH | fcntl.LOCK_NB)
        assert lock_owner(path) is None


def test_asking_does_not_prevent_a_start(path: Path) -> None:
    """A process that asks holds the lock for an instant; a service that starts just then waits."""
    path.parent.mkdir()
    asking = os.open(path, os.O_RDWR | os.O_CREAT)
    fcntl.flock(asking, fcntl.LOCK_EX)
    threading.Timer(0.03, os.close, [asking]).start()
    lock = FileLock(path)
    assert lock.acquire()
    lock.release()


def test_a_file_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """The error has its path."""
    (tmp_path / "file").touch()
    with pytest.raises(RemindError, match=r"remind\.lock: cannot be written"):
        FileLock(tmp_path / "file" / "remind.lock").acquire()


class TestSession:
    """The lock that a guided session holds."""

    def test_one_runs_at_a_time(self, path: Path) -> None:
        """A second one is refused until the first has ended."""
        with guided_session(path), pytest.raises(SessionRunningError, match="already running"), guided_session(path):
            pytest.fail("a second session began")
        with guided_session(path):
            pass

    def test_relief_does_not_wait(self, path: Path) -> None:
        """It runs beside a session, which keeps its lock."""
        with guided_session(path):
            with guided_session(path, alone=False):
                pass
            assert session_running(path, datetime.now(UTC))

    def test_without_a_place_for_the_lock_it_runs(self, tmp_path: Path) -> None:
        """A disk that can't be written to prevents no session."""
        (tmp_path / "file").touch()
        with guided_session(tmp_path / "file" / "lock"):
            assert not session_running(tmp_path / "file" / "lock", datetime.now(UTC))

    def test_one_that_is_killed_has_ended(self, path: Path) -> None:
        """The system releases its lock."""
        script = (
            "import pathlib, sys; from remind.lock import guided_session\n"
            "with guided_session(pathlib.Path(sys.argv[1])): print(flush=True); sys.stdin.read()"
        )
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        with subprocess.Popen(
            [sys.executable, "-c", script, str(path)], env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            assert session_running(path, datetime.now(UTC))
            process.kill()
        assert not session_running(path, datetime.now(UTC))

    def test_a_forgotten_one_does_not_count(self, path: Path) -> None:
        """A paused session in last night's window doesn't hold tonight's reminder."""
        with guided_session(path):
            assert session_running(path, datetime.now(UTC) + timedelta(hours=2))
            assert not session_running(path, datetime.now(UTC) + timedelta(hours=20))
