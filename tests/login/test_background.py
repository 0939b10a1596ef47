"""The real service without a manager: started, stopped and read as a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from service_process import NOT_DUE

from remind.errors import RemindError
from remind.files import Folders, own_folders
from remind.lock import FileLock, lock_owner
from remind.login import MANAGERS, background

SERVICE = [sys.executable, "-P", "-m", "remind.service"]


@pytest.fixture
def folders(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folders]:
    """The folders of a home in which nothing is due, without a desktop; a service that was left there is ended."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "")
    monkeypatch.delenv("DISPLAY", raising=False)
    folders = own_folders()
    folders.config.mkdir(parents=True)
    folders.settings.write_text(NOT_DUE, encoding="utf-8")
    yield folders
    background.stop(folders)


def test_the_service_runs_until_it_is_stopped(folders: Folders) -> None:
    """It is ready when `start` returns, has a process and a log, survives a second copy, and ends when asked."""
    manager = MANAGERS["autostart"]()
    manager.install()
    pid = manager.status().pid
    assert pid == lock_owner(folders.lock) == background.service_pid(folders)
    assert os.getsid(pid) == pid  # closing the terminal doesn't end it
    with pytest.raises(RemindError, match="exit code 5"):
        background.start(SERVICE, {}, folders)
    manager.start()
    assert (manager.status().pid, background.foreground(folders)) == (pid, "")
    manager.stop()
    assert (manager.status().running, lock_owner(folders.lock)) == (False, None)
    assert "reminding of stretch" in folders.log.read_text(encoding="utf-8")
    assert manager.uninstall()
    background.remove_traces(folders)
    assert not folders.state.exists()


def test_only_the_service_is_stopped(folders: Folders) -> None:
    """The lock of a home on the network may hold the number of a process here that is something else."""
    lock = FileLock(folders.lock)
    assert lock.acquire()
    other = subprocess.Popen(["sleep", "60"])
    folders.lock.write_text(f"{other.pid}\n")
    assert background.service_pid(folders) is None
    assert background.stop(folders) is False
    assert background.foreground(folders) == f"`remind run` is already running (process {other.pid})"
    assert other.poll() is None
    other.kill()
    other.wait()
    background.remove_traces(folders)
    assert folders.lock.exists()
    lock.release()


def test_a_service_that_cannot_start_is_reported(folders: Folders, home: Path) -> None:
    """A program that is missing, or one that ends at once, is an error of one line."""
    for command, words in ((["/nowhere/python"], "No such file"), (["false"], "exit code 1; `remind service logs`")):
        with pytest.raises(RemindError, match=words) as told:
            background.start(command, {}, folders)
        assert len(told.value.lines) == 1


def test_the_last_lines_of_the_log(folders: Folders, capsys: pytest.CaptureFixture[str]) -> None:
    """They go on into the log before the last rotation; without a log one line says so."""
    with pytest.raises(RemindError, match=r"remind\.log: there is no log yet"):
        background.print_log(folders, 50, follow=False)
    folders.state.mkdir(parents=True)
    folders.log.with_name("remind.log.1").write_text("one\ntwo\n", encoding="utf-8")
    folders.log.write_text("three\n", encoding="utf-8")
    for lines, said in ((0, ""), (1, "three\n"), (2, "two\nthree\n"), (50, "one\ntwo\nthree\n")):
        background.print_log(folders, lines, follow=False)
        assert capsys.readouterr().out == said


def test_new_lines_are_followed_into_the_next_file(
    folders: Folders, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is added appears, also after the log was rotated, until Ctrl-C."""
    folders.state.mkdir(parents=True)
    folders.log.write_text("before, in a line that is long\n", encoding="utf-8")

    def add() -> None:
        with folders.log.open("a", encoding="utf-8") as log:
            log.write("added\n")

    steps: Iterator[Callable[[], object]] = iter([
        add,
        lambda: folders.log.rename(folders.log.with_name("remind.log.1")),
        lambda: folders.log.write_text("rotated\n", encoding="utf-8"),
        lambda: signal.raise_signal(signal.SIGINT),
    ])  # fmt: skip
    monkeypatch.setattr(background.time, "sleep", lambda _: next(steps)())
    with pytest.raises(KeyboardInterrupt):
        background.print_log(folders, 0, follow=True)
    assert capfd.readouterr().out == "added\nrotated\n"
