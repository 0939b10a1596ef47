"""What became of each evening, seen days later: all sessions count, however they came into the diary."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from diaries import stretch
from rules import BERLIN, STRETCH_ONLY, WATER_ONLY, at, calendar

from remind.core.diary import corrected, removal
from remind.core.reminders import STRETCH, on_day
from remind.store.database import Database
from remind.store.diary import new_id
from remind.store.history import Row, history
from remind.store.ledger import What
from remind.store.migrations import STEPS
from remind.store.schedule import Schedule
from remind.store.store import Store

RULES = calendar(STRETCH_ONLY)
(EVENING,) = on_day(RULES, STRETCH, at("12:00").date())
AGES = [2, 5, 13, 40]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An evening that was shown and closed as missed, before anything was logged."""
    with Database.open(tmp_path / "remind.db", at("07:00")) as database:
        store = Store(database)
        Schedule(store, RULES).watch(at("2026-11-20 07:00"))
        store.ledger.note(EVENING, "shown", at("22:00"), BERLIN, channel="dbus", confirmed=True)
        store.ledger.note(EVENING, "missed", at("23:31"), BERLIN, reason="shown at 22:00, not answered")
        yield store


def row_after(store: Store, days: int, rules: str = STRETCH_ONLY) -> Row:
    """Return the row of the evening, `days` later."""
    now = at("2026-11-23 08:00") + timedelta(days=days)
    schedule = Schedule(store, calendar(rules))
    return next(row for row in history(store, schedule, now, days + 2) if row.occurrence == EVENING.key)


def outcome(row: Row) -> tuple[str, str | None, datetime | None]:
    return row.state, row.answer, row.answered_at


@pytest.mark.parametrize("days", AGES)
def test_an_evening_that_was_logged_afterwards_is_answered(store: Store, days: int) -> None:
    """It is logged the next day, in the diary alone; the history still has when it was shown."""
    store.diary.add(stretch(at=at("22:05")))
    row = row_after(store, days)
    assert outcome(row) == ("answered", "done", at("22:05"))
    assert row.reason == "a session was completed at Sun 22 Nov 22:05"
    assert (row.shown_at, row.channel) == ((at("22:00"),), "dbus")


@pytest.mark.parametrize("days", AGES)
def test_an_evening_of_an_imported_session_is_answered(store: Store, days: int) -> None:
    """The session comes from the diary of another computer."""
    store.diary.merge([stretch(at=at("22:05"))])
    assert outcome(row_after(store, days)) == ("answered", "done", at("22:05"))


@pytest.mark.parametrize("days", AGES)
def test_an_evening_follows_a_session_that_is_edited_removed_or_undone(store: Store, days: int) -> None:
    """A session that moves there answers it, one that moves away or is removed doesn't; undo reverses each."""
    entry = stretch(at=at("2026-11-21 22:05"))
    store.diary.add(entry)
    assert outcome(row_after(store, days)) == ("missed", None, None)
    moved = corrected(entry, new_id(), at("2026-11-23 08:00"), at=at("22:07"))
    store.diary.add(moved)
    assert outcome(row_after(store, days)) == ("answered", "done", at("22:07"))
    store.diary.add(removal(moved, new_id(), at("2026-11-23 08:00")))
    assert outcome(row_after(store, days)) == ("missed", None, None)
    store.diary.undo(at("2026-11-23 08:00"))
    assert outcome(row_after(store, days)) == ("answered", "done", at("22:07"))


@pytest.mark.parametrize("days", AGES)
def test_an_evening_answered_before_it_was_due_is_in_the_history(store: Store, days: int) -> None:
    """The session is in the afternoon, and the ledger has no event of that evening."""
    store.diary.add(stretch(at=at("2026-11-21 15:00")))
    now = at("2026-11-23 08:00") + timedelta(days=days)
    row = next(row for row in history(store, Schedule(store, RULES), now, days + 3) if "11-21" in row.occurrence)
    assert (row.occurrence, row.due, row.shown_at) == ("stretch/2026-11-21", at("2026-11-21 22:00"), ())
    assert outcome(row) == ("answered", "done", at("2026-11-21 15:00"))


def test_an_answered_evening_stays_after_the_reminder_is_switched_off(store: Store) -> None:
    """The diary counts, whatever the settings are now."""
    store.diary.add(stretch(at=at("22:05")))
    assert outcome(row_after(store, 2, WATER_ONLY)) == ("answered", "done", at("22:05"))


@pytest.mark.parametrize(("given", "answer"), [("done", "done"), ("skipped", "skipped"), ("snoozed", "done")])
def test_an_answer_of_the_person_comes_before_a_session(store: Store, given: What, answer: str) -> None:
    """Only a snooze is no final answer."""
    store.ledger.note(EVENING, given, at("22:03"), BERLIN, until=at("22:13") if given == "snoozed" else None)
    store.diary.add(stretch(at=at("22:05")))
    row = row_after(store, 2)
    assert (row.state, row.answer) == ("answered", answer)
    assert row.answered_at == at("22:05" if given == "snoozed" else "22:03")


def test_an_existing_database_loses_its_copies_and_no_answer(tmp_path: Path) -> None:
    """A migration deletes what an earlier version copied into the ledger; the diary answers as before."""
    path = tmp_path / "remind.db"
    with Database.open(path, at("07:00"), STEPS[:1]) as database:
        before = Store(database)
        before.diary.add(stretch(at=at("22:05")))
        before.ledger.note(EVENING, "done", at("22:05"), BERLIN, via="session")
        (other,) = on_day(RULES, STRETCH, at("2026-11-21 12:00").date())
        before.ledger.note(other, "done", at("2026-11-21 22:05"), BERLIN, via="session")
        before.ledger.note(other, "reopened", at("2026-11-21 22:07"), BERLIN)  # type: ignore[arg-type]
        before.ledger.note(other, "done", at("2026-11-21 22:09"), BERLIN, via="command done")
    with Database.open(path, at("23:00")) as database:
        store = Store(database)
        kept = store.ledger.events(at("2026-11-20 00:00"), at("2026-11-24 00:00"))
        assert [(event.occurrence, event.what, event.via) for event in kept] == [(other.key, "done", "command done")]
        assert outcome(row_after(store, 1)) == ("answered", "done", at("22:05"))
    assert len(list(tmp_path.glob("remind-v1-*.db"))) == 1
