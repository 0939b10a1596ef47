"""`remind cramp` as its user at three in the morning meets it: a real terminal, a real process."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pexpect
import pytest
from cli_runner import Person

from remind.core.diary import Cramp
from remind.guide.big_digits import large
from remind.guide.controls import Keys
from remind.lock import guided_session, session_running
from remind.store.database import Database
from remind.store.diary import Diary

FIRST = "Straighten the knee"


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[pexpect.spawn]:
    """A terminal in which `remind cramp` has just been typed."""
    places = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    environment = {**os.environ, **places, "HOME": str(tmp_path), "TERM": "xterm", "LC_ALL": "C.UTF-8"}
    child = pexpect.spawn(
        sys.executable, ["-m", "remind", "cramp"], env=environment, encoding="utf-8", timeout=20, dimensions=(14, 60)
    )
    yield child
    child.close(force=True)


def written(tmp_path: Path) -> list[Cramp]:
    with Database.open_for_reading(tmp_path / "data" / "remind" / "remind.db", datetime.now(UTC)) as database:
        return Diary(database).of(Cramp)


def answer(terminal: pexpect.spawn, question: str, text: str) -> None:
    terminal.expect(question)
    terminal.sendline(text)


def ended(terminal: pexpect.spawn) -> int | None:
    terminal.expect(pexpect.EOF)
    terminal.wait()
    return terminal.exitstatus


def test_words_and_countdown_come_first_dim_and_silent(terminal: pexpect.spawn) -> None:
    """Nothing is to be read or answered before them, and no bell rings."""
    terminal.expect_exact(large("29", 59, 9)[-1])
    shown = terminal.before
    assert FIRST in shown
    assert "\x1b[0;2;37;40m" in shown
    assert "\a" not in shown
    assert "?" not in shown.split(FIRST)[0].replace("\x1b[?", "")


def wrapped(words: str) -> str:
    """What matches `words` wherever the line is broken, which depends on how long the day's name is."""
    return r"Logged: (?s:.*)" + r"\s+".join(words.split())


def test_eased_it_asks_twice_and_logs_it(terminal: pexpect.spawn, tmp_path: Path) -> None:
    """An answer that makes no sense is asked again; the screen of before is back."""
    terminal.expect(FIRST)
    terminal.send("\r")
    terminal.expect_exact("\x1b[?1049l")
    answer(terminal, "Which leg", "tail")
    answer(terminal, "Which leg", "l")
    answer(terminal, "How bad", "11")
    answer(terminal, "How bad", "6")
    terminal.expect(wrapped("cramp, left leg, severity 6 of 10, under 1 min"))
    assert ended(terminal) == 0
    (entry,) = written(tmp_path)
    assert (entry.leg, entry.severity, entry.minutes, entry.woke) == ("left", 6, 0, None)


@pytest.mark.parametrize("keys", ["\r\r", "\x03", "\x04"])
def test_questions_can_be_passed_over(terminal: pexpect.spawn, tmp_path: Path, keys: str) -> None:
    """With Enter, Ctrl-C or the end of input, the cramp is logged with its minutes."""
    terminal.expect(FIRST)
    terminal.send("\r")
    terminal.expect("Which leg")
    terminal.send(keys)
    terminal.expect(wrapped("cramp, under 1 min"))
    assert ended(terminal) == 0
    (entry,) = written(tmp_path)
    assert (entry.leg, entry.severity, entry.minutes) == (None, None, 0)


@pytest.mark.parametrize("key", ["q", "\x03"])
def test_leaving_writes_nothing_and_says_how_to(terminal: pexpect.spawn, tmp_path: Path, key: str) -> None:
    """Exit code 130, and the terminal is as it was."""
    terminal.expect(FIRST)
    terminal.send(key)
    terminal.expect_exact("\x1b[?1049l")
    terminal.expect("remind log cramp --at")
    assert ended(terminal) == 130
    assert written(tmp_path) == []


def test_space_skips_to_the_next_step(terminal: pexpect.spawn) -> None:
    """One key."""
    terminal.expect(FIRST)
    terminal.send(" ")
    terminal.expect("Rub the calf")


def test_left_running_for_days_it_is_written_as_one(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry with more minutes than a cramp may have could not be read again, nor the diary with it."""
    monkeypatch.setattr("remind.guide.controls.single_keys", lambda: nullcontext(Keys(lambda _: "", available=True)))
    monkeypatch.setattr("remind.guide.relief.run", lambda *_: 3 * 86400.0)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert person.types("cramp").code == 0
    (entry,) = person.types("diary", "--json").json
    assert entry["minutes"] == 1440


def test_no_reminder_comes_between(terminal: pexpect.spawn, tmp_path: Path) -> None:
    """While it helps, the service knows of it as of any session."""
    lock = tmp_path / "state" / "remind" / "session.lock"
    terminal.expect(FIRST)
    assert session_running(lock, datetime.now(UTC))
    terminal.send("q")
    ended(terminal)
    assert not session_running(lock, datetime.now(UTC))


def test_a_session_that_runs_keeps_no_help_away(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session that was left open in some window must not prevent relief."""
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with guided_session(person.folders.session_lock):
        assert FIRST in person.types("cramp").out
