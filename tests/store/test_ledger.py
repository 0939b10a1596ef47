"""The ledger: events that are only added, and what they amount to."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules import BERLIN, NEW_YORK, at, calendar
from slow_clock import instants

from remind.core.decide import OccurrenceRecord as Record
from remind.core.reminders import STRETCH, WATER, on_day
from remind.store.database import Database
from remind.store.ledger import Event, Ledger, What, fold, grouped

(TONIGHT,) = on_day(calendar(), STRETCH, at("12:00").date())
GLASSES = on_day(calendar(), WATER, at("12:00").date())


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Database.open(tmp_path / "remind.db", at("12:00")) as database:
        yield Ledger(database)


def event(what: What, wall: str, **details: Any) -> Event:
    return Event(TONIGHT.key, STRETCH, TONIGHT.due, what, at(wall), **details)


def test_what_is_noted_reads_as_the_same(ledger: Ledger) -> None:
    """Every detail, and each instant with the offset that held there and then."""
    ledger.note(
        TONIGHT, "shown", at("22:00"), BERLIN, channel="dbus", confirmed=True, handle=":1.5/7", reason="due now"
    )
    ledger.note(TONIGHT, "snoozed", at("22:01"), NEW_YORK, until=at("22:11"), via="button snoozed")
    shown, snoozed = ledger.events(at("12:00"), at("23:59"))
    assert (shown.channel, shown.confirmed, shown.handle, shown.reason) == ("dbus", True, ":1.5/7", "due now")
    assert (shown.at, shown.at.utcoffset()) == (at("22:00"), timedelta(hours=1))
    assert (snoozed.at.utcoffset(), snoozed.until, snoozed.via) == (timedelta(hours=-5), at("22:11"), "button snoozed")
    assert (shown.occurrence, shown.due) == (TONIGHT.key, TONIGHT.due)


def test_events_are_those_of_what_is_due_in_a_span_in_the_order_of_writing(ledger: Ledger) -> None:
    """From its start until before its end; the order is not that of the due times."""
    for one in (GLASSES[2], TONIGHT, GLASSES[0]):
        ledger.note(one, "shown", at("22:00"), BERLIN)
    span = (GLASSES[0].due, TONIGHT.due)
    assert [one.occurrence for one in ledger.events(*span)] == [GLASSES[2].key, GLASSES[0].key]
    assert set(ledger.records(STRETCH, at("00:00"), at("23:59"))) == {TONIGHT.key}
    assert ledger.events(TONIGHT.due + timedelta(seconds=1), at("23:59")) == []


def test_an_event_that_is_written_with_another_thing_is_written_with_it_or_not_at_all(ledger: Ledger) -> None:
    """In one transaction: after a failure neither is there."""

    def note_and_fail() -> None:
        with ledger._database.transaction() as connection:
            ledger.note_in(connection, event("done", "22:05"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        note_and_fail()
    assert ledger.events(at("00:00"), at("23:59")) == []


def test_an_instant_without_an_offset_is_refused(ledger: Ledger) -> None:
    """What a wall clock showed somewhere is no instant."""
    naive = Event(TONIGHT.key, STRETCH, TONIGHT.due, "shown", at("22:00").replace(tzinfo=None))
    with pytest.raises(ValueError, match="has no offset"), ledger._database.transaction() as connection:
        ledger.note_in(connection, naive)


def test_accounted_is_the_last_due_time_that_was_dealt_with(ledger: Ledger) -> None:
    """By what the service did; an answer ahead of time is none of it, nor is what lies beyond now."""
    assert ledger.accounted(WATER, at("23:00")) is None
    ledger.note(GLASSES[3], "done", at("08:00"), BERLIN)
    assert ledger.accounted(WATER, at("23:00")) is None
    ledger.note(GLASSES[1], "shown", GLASSES[1].due, BERLIN)
    ledger.note(GLASSES[0], "missed", GLASSES[1].due, BERLIN)
    ledger.note(GLASSES[4], "shown", GLASSES[4].due, BERLIN)
    assert ledger.accounted(WATER, at("23:00")) == GLASSES[4].due
    assert ledger.accounted(WATER, GLASSES[4].due - timedelta(seconds=1)) == GLASSES[1].due
    assert ledger.accounted(STRETCH, at("23:00")) is None


def test_a_bubble_is_found_by_its_name(ledger: Ledger) -> None:
    """Also one of an earlier run; the latest, where a server gave a name again."""
    ledger.note(GLASSES[0], "shown", GLASSES[0].due, BERLIN, handle=":1.5/7")
    ledger.note(TONIGHT, "shown", TONIGHT.due, BERLIN, handle=":1.5/7")
    found = ledger.by_handle(":1.5/7")
    assert found is not None
    assert found.occurrence == TONIGHT.key
    assert ledger.by_handle(":1.5/8") is None


def test_the_last_channel_is_of_this_run(ledger: Ledger) -> None:
    """What showed the last notification since the service started."""
    ledger.note(GLASSES[0], "shown", at("07:30"), BERLIN, channel="plyer")
    ledger.note(GLASSES[1], "shown", at("09:30"), BERLIN, channel="dbus")
    ledger.note(GLASSES[2], "failed", at("11:30"), BERLIN)
    assert ledger.last_channel(at("07:00")) == "dbus"
    assert ledger.last_channel(at("10:00")) is None


def test_a_pause_holds_until_its_end_or_until_it_is_ended(ledger: Ledger) -> None:
    """The last word counts, and a pause that is over is none."""
    assert ledger.paused_until(at("12:00")) is None
    ledger.pause(at("12:00"), at("14:00"))
    assert ledger.paused_until(at("13:59")) == at("14:00")
    assert ledger.paused_until(at("14:00")) is None
    ledger.pause(at("12:30"), at("13:00"))
    assert ledger.paused_until(at("12:31")) == at("13:00")
    ledger.pause(at("12:40"), None)
    assert ledger.paused_until(at("12:41")) is None


def test_what_was_shown_adds_up() -> None:
    """Each showing, the bubble that stands, and nothing left of what held or failed before."""
    record = fold(
        [
            event("held", "22:00", reason="paused until 22:05"),
            event("showing", "22:05"),
            event("failed", "22:05", reason="no bus"),
            event("showing", "22:06"),
            event("shown", "22:06", handle="a/1"),
            event("shown", "22:16"),
        ]
    )
    assert record == Record(shown=(at("22:06"), at("22:16")), handle="a/1")


def test_of_what_held_and_what_failed_the_later_counts() -> None:
    """The reason that is told is the one that holds."""
    held, failed = event("held", "22:00", reason="away from the computer"), event("failed", "22:01", reason="no bus")
    assert (fold([held, failed]).held, fold([held, failed]).failure) == ("", "no bus")
    assert (fold([failed, held]).held, fold([failed, held]).failed_at) == ("away from the computer", None)


def test_a_crash_while_showing_leaves_it_to_be_shown_again() -> None:
    """Announced and never confirmed: not shown, so rather once more than never."""
    assert fold([event("showing", "22:00")]) == Record()


def test_the_last_answer_counts() -> None:
    """Snoozed, and then done."""
    record = fold([event("snoozed", "22:01", until=at("22:11")), event("done", "22:12")])
    assert (record.answer, record.answered_at, record.snoozed_until) == ("done", at("22:12"), None)


def test_what_is_closed_has_its_reason_and_opens_when_it_is_shown() -> None:
    """Missed in one zone, shown in the next."""
    missed = event("missed", "23:31", reason="not shown")
    record = fold([missed])
    assert (record.closed, record.closed_at, record.reason) == ("missed", at("23:31"), "not shown")
    again = fold([missed, event("shown", "2026-11-23 04:00")])
    assert (again.closed, again.closed_at, again.reason) == (None, None, "")


WHATS = st.sampled_from(
    ["showing", "shown", "failed", "held", "dropped", "missed", "done", "snoozed", "skipped", "started"]
)
EVENTS = st.lists(
    st.builds(
        Event,
        occurrence=st.sampled_from(["stretch/2026-11-22", "water/2026-11-22/1"]),
        reminder=st.just(STRETCH),
        due=st.just(TONIGHT.due),
        what=WHATS,
        at=instants(2026, 2026),
        reason=st.none() | st.text(max_size=5),
    ),
    max_size=8,
)


@given(EVENTS)
def test_nothing_that_is_written_is_lost_from_what_it_amounts_to(events: list[Event]) -> None:
    """As many showings as were noted, the last answer, and every group in its own order."""
    for key, group in grouped(events).items():
        record = fold(group)
        assert group == [one for one in events if one.occurrence == key]
        assert record.shown == tuple(one.at for one in group if one.what == "shown")
        answers = [one.what for one in group if one.what in ("done", "snoozed", "skipped")]
        assert record.answer == (answers[-1] if answers else None)


def test_ten_years_do_not_slow_a_look_at_today(ledger: Ledger) -> None:
    """The span and the last one are found by an index, and not by reading through."""
    with ledger._database.read() as connection:
        for statement in (
            "SELECT * FROM event WHERE due >= 'a' AND due < 'b'",
            "SELECT * FROM event WHERE due >= 'a' AND due < 'b' AND reminder = 'x' AND what != 'showing'",
            "SELECT due FROM event WHERE reminder = 'x' AND due <= 'b' AND what IN ('shown') ORDER BY due DESC LIMIT 1",
            "SELECT * FROM event WHERE handle = 'x'",
        ):
            plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
            assert all("USING INDEX event_by_" in step[3] for step in plan), plan
            assert not any("TEMP B-TREE" in step[3] for step in plan)
