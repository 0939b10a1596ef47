"""`remind stretch` as a real process in a real terminal: however it ends, what was held is in the diary."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pexpect
import pytest
from virtual_desktop import eventually

from remind.core.diary import Entry, Stretch
from remind.store.database import Database
from remind.store.diary import Diary

WITHIN_S = 20
ROUTINE = """
title = "Process"
summary = "Held from the start."
[[step]]
read = "Hold on"
hear = "Hold on now."
hold = "10 min"
"""


class Person:
    """Someone with a home folder of their own who has a terminal."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.routine = home / "process.toml"
        self.routine.write_text(ROUTINE)
        kept = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
        self.env = {**kept, "HOME": str(home), "TERM": "xterm-256color", "PYTHONPATH": os.pathsep.join(sys.path)}
        self._open: list[pexpect.spawn[str]] = []

    def stretch(self, *options: str, module: str = "remind") -> "pexpect.spawn[str]":
        arguments = ["-m", module, "stretch", str(self.routine), *options]
        child: pexpect.spawn[str] = pexpect.spawn(
            sys.executable, arguments, env=self.env, dimensions=(24, 80), encoding="utf-8", timeout=WITHIN_S
        )
        self._open.append(child)
        return child

    def close(self) -> None:
        for child in self._open:
            child.close(force=True)

    def entries(self) -> list[Entry]:
        (path,) = self.home.rglob("remind.db")
        database = Database.open_for_reading(path, datetime.now(UTC))
        try:
            return Diary(database).entries()
        finally:
            database.close()


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    one = Person(tmp_path)
    yield one
    one.close()


def ended(child: "pexpect.spawn[str]") -> int | None:
    child.expect(pexpect.EOF)
    child.wait()
    return child.exitstatus


def test_the_safety_text_comes_once_and_must_be_passed(person: Person) -> None:
    """Only a yes passes it, no bare Enter; the second session begins at once; saying no begins none."""
    child = person.stretch()
    child.expect("blood clot")
    child.expect("Have you read this")
    child.sendline("n")
    assert ended(child) == 1
    child = person.stretch()
    child.expect("Have you read this")
    child.sendline("")
    child.expect("Have you read this")
    child.sendline("y")
    child.expect("to go")
    child.send("q")
    assert ended(child) == 130
    child = person.stretch()
    assert child.expect(["to go", "Have you read this"]) == 0
    child.send("q")
    assert ended(child) == 130


@pytest.mark.parametrize("options", [("--plain",), ()], ids=["plain", "screen"])
@pytest.mark.parametrize("way", ["q", "\x03", signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_however_it_is_ended_the_part_is_recorded(
    person: Person, options: tuple[str, ...], way: str | signal.Signals
) -> None:
    """q, Ctrl-C and the signals: one entry, a part, one honest line, exit code 130."""
    child = person.stretch("--safety-read", *options)
    child.expect("10 min")
    child.expect("10 min" if options else "process|end")
    if isinstance(way, str):
        child.send(way)
    else:
        child.kill(way)
    child.expect("stopped early: process, ")
    assert ended(child) == 130
    (entry,) = person.entries()
    assert isinstance(entry, Stretch)
    assert (entry.routine, entry.planned_s, entry.complete) == ("process", 600, False)


@pytest.mark.parametrize("options", [("--plain",), ()], ids=["plain", "screen"])
def test_a_terminal_window_that_is_closed_loses_nothing(person: Person, options: tuple[str, ...]) -> None:
    """The terminal goes away under the session: what was held is recorded, and the process ends."""
    child = person.stretch("--safety-read", *options)
    child.expect("10 min")
    child.expect("10 min" if options else "end")
    child.ptyproc.fileobj.close()
    child.ptyproc.closed = True
    child.wait()
    assert len(person.entries()) == 1


def test_under_nohup_a_hangup_ends_nothing(person: Person) -> None:
    """What was started to go on without its terminal does so; Ctrl-C still ends it."""
    command = ["nohup", sys.executable, "-m", "remind", "stretch", str(person.routine), "--safety-read", "--plain"]
    with subprocess.Popen(
        command, env=person.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        while "Hold on now." not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(WITHIN_S) == 130


class TestWindow:
    """In a window of its own, which would close with the command."""

    def test_the_last_words_can_be_read(self, person: Person) -> None:
        """Ctrl-C ends the session and not the window, which waits for Enter with what was recorded in it."""
        child = person.stretch("--plain", "--safety-read", module="remind.desktop.hold_window")
        child.expect("Hold on")
        child.sendintr()
        child.expect(r"stopped early: process, .* recorded.*\sPress Enter to close this window.")
        child.sendline()
        child.expect(pexpect.EOF)
        assert child.wait() == 130

    def test_a_failure_can_be_read(self, person: Person) -> None:
        """The reason why the session did not begin stays in the window until Enter."""
        person.routine.write_text("title = 1")
        child = person.stretch(module="remind.desktop.hold_window")
        child.expect(r"remind:\s.*process.toml.*\sPress Enter to close this window.")
        child.sendline()
        child.expect(pexpect.EOF)
        assert child.wait() == 4

    @pytest.mark.parametrize("options", [("--plain",), ()], ids=["plain", "screen"])
    def test_a_closed_window_loses_nothing(self, person: Person, options: tuple[str, ...]) -> None:
        """Closed by the mouse, which sends two signals to the session, it leaves what was held in the diary."""
        for number in range(1, 6):
            child = person.stretch("--safety-read", *options, module="remind.desktop.hold_window")
            child.expect("10 min")
            child.expect("10 min" if options else "end")
            child.close(force=False)
            eventually(lambda: len(person.entries()) == number)  # noqa: B023 (asked at once)
