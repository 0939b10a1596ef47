"""The ledger: events that are only ever added, and the records that they fold into."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
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


@pytest.mark.parametrize(
    ("column", "garbled"),
    [
        ("reason", b"due n\xffw"),
        ("at", b"2026-11-22T2\xff:00"),
        ("due", b"2026-11-2x"),
        ("due_offset_s", 1 << 60),
        ("at", 5),
    ],
)
def test_a_flipped_bit_hides_no_other_event(ledger: Ledger, column: str, garbled: bytes | int) -> None:
    """The check of the database doesn't find it; a service that can't read it would never start again."""
    ledger.note(TONIGHT, "shown", at("22:00"), BERLIN, handle="a/b/1", reason="due now")
    ledger.note(TONIGHT, "snoozed", at("22:01"), BERLIN, until=at("22:11"))
    ledger.pause(at("22:00"), at("23:00"))
    with ledger._database.transaction() as connection:
        cast = "CAST(? AS TEXT)" if isinstance(garbled, bytes) else "?"
        connection.execute(f"UPDATE event SET {column} = {cast} WHERE what = 'shown'", (garbled,))  # noqa: S608
        connection.execute("UPDATE pause SET until = 'x'")
    ledger._database.check()
    assert [event.what for event in ledger.events(at("12:00"), at("23:59"))][-1] == "snoozed"
    assert ledger.records(STRETCH, at("12:00"), at("23:59"))[TONIGHT.key].answer == "snoozed"
    assert ledger.by_handle("a/b/1") is None or column == "reason"
    assert ledger.accounted(STRETCH, at("23:00")) in (None, TONIGHT.due)
    assert ledger.unclosed(STRETCH, at("12:00"), at("23:59")) == TONIGHT.due
    assert ledger.paused_until(at("22:01")) is None


def test_what_is_noted_reads_as_the_same(ledger: Ledger) -> None:
    """Every detail comes back, and each instant with its offset."""
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
    """A span includes its start and excludes its end; the order is not that of due times."""
    for one in (GLASSES[2], TONIGHT, GLASSES[0]):
        ledger.note(one, "shown", at("22:00"), BERLIN)
    span = (GLASSES[0].due, TONIGHT.due)
    assert [one.occurrence for one in ledger.events(*span)] == [GLASSES[2].key, GLASSES[0].key]
    assert set(ledger.records(STRETCH, at("00:00"), at("23:59"))) == {TONIGHT.key}
    assert ledger.events(TONIGHT.due + timedelta(seconds=1), at("23:59")) == []


def test_an_event_is_part_of_the_transaction_around_it(ledger: Ledger) -> None:
    """After a failure nothing of it is there."""

    def note_and_fail() -> None:
        with ledger._database.transaction() as connection:
            ledger.note_in(connection, event("done", "22:05"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        note_and_fail()
    assert ledger.events(at("00:00"), at("23:59")) == []


def test_an_instant_without_an_offset_is_refused(ledger: Ledger) -> None:
    """What a clock on some wall shows is not an instant."""
    naive = Event(TONIGHT.key, STRETCH, TONIGHT.due, "shown", at("22:00").replace(tzinfo=None))
    with pytest.raises(ValueError, match="has no offset"), ledger._database.transaction() as connection:
        ledger.note_in(connection, naive)


def test_accounted_is_the_last_due_time_that_the_service_closed(ledger: Ledger) -> None:
    """Answers ahead of time don't count, and neither do times after now."""
    assert ledger.accounted(WATER, at("23:00")) is None
    ledger.note(GLASSES[3], "done", at("08:00"), BERLIN)
    assert ledger.accounted(WATER, at("23:00")) is None
    ledger.note(GLASSES[1], "shown", GLASSES[1].due, BERLIN)
    ledger.note(GLASSES[0], "missed", GLASSES[1].due, BERLIN)
    ledger.note(GLASSES[4], "shown", GLASSES[4].due, BERLIN)
    assert ledger.accounted(WATER, at("23:00")) == GLASSES[4].due
    assert ledger.accounted(WATER, GLASSES[4].due - timedelta(seconds=1)) == GLASSES[1].due
    assert ledger.accounted(STRETCH, at("23:00")) is None


def test_a_notification_is_found_by_its_handle(ledger: Ledger) -> None:
    """It may be of an earlier run; if a server reuses a handle, the latest is found."""
    ledger.note(GLASSES[0], "shown", GLASSES[0].due, BERLIN, handle=":1.5/7")
    ledger.note(TONIGHT, "shown", TONIGHT.due, BERLIN, handle=":1.5/7")
    found = ledger.by_handle(":1.5/7")
    assert found is not None
    assert found.occurrence == TONIGHT.key
    assert ledger.by_handle(":1.5/8") is None


def test_the_last_channel_is_of_this_run(ledger: Ledger) -> None:
    """It showed the last notification since the service started."""
    ledger.note(GLASSES[0], "shown", at("07:30"), BERLIN, channel="plyer")
    ledger.note(GLASSES[1], "shown", at("09:30"), BERLIN, channel="dbus")
    ledger.note(GLASSES[2], "failed", at("11:30"), BERLIN)
    assert ledger.last_channel(at("07:00")) == "dbus"
    assert ledger.last_channel(at("10:00")) is None


def test_a_pause_lasts_until_its_end_or_until_it_is_ended(ledger: Ledger) -> None:
    """The last pause or resume counts."""
    assert ledger.paused_until(at("12:00")) is None
    ledger.pause(at("12:00"), at("14:00"))
    assert ledger.paused_until(at("13:59")) == at("14:00")
    assert ledger.paused_until(at("14:00")) is None
    ledger.pause(at("12:30"), at("13:00"))
    assert ledger.paused_until(at("12:31")) == at("13:00")
    ledger.pause(at("12:40"), None)
    assert ledger.paused_until(at("12:41")) is None


def test_showings_fold_into_a_record() -> None:
    """It has each showing and the visible notification, and nothing of earlier holds or failures."""
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


def test_the_later_of_a_hold_and_a_failure_counts() -> None:
    """The reason is the current one."""
    held, failed = event("held", "22:00", reason="away from the computer"), event("failed", "22:01", reason="no bus")
    assert (fold([held, failed]).held, fold([held, failed]).failure) == ("", "no bus")
    assert (fold([failed, held]).held, fold([failed, held]).failed_at) == ("away from the computer", None)


def test_a_crash_while_showing_leaves_it_to_be_shown_again() -> None:
    """It was never confirmed, so it counts as not shown."""
    assert fold([event("showing", "22:00")]) == Record()


def test_the_last_answer_counts() -> None:
    """Done comes after a snooze."""
    record = fold([event("snoozed", "22:01", until=at("22:11")), event("done", "22:12")])
    assert (record.answer, record.answered_at, record.snoozed_until) == ("done", at("22:12"), None)


def test_a_closed_record_has_its_reason_and_a_showing_reopens_it() -> None:
    """It was missed in one zone and is shown in the next."""
    missed = event("missed", "23:31", reason="not shown")
    record = fold([missed])
    assert (record.closed, record.closed_at, record.reason) == ("missed", at("23:31"), "not shown")
    again = fold([missed, event("shown", "2026-11-23 04:00")])
    assert (again.closed, again.closed_at, again.reason) == (None, None, "")


def test_messages_to_the_phone_fold_into_a_record() -> None:
    """What may be on its way, what the server keeps, and what is sure, each of the last message."""
    sending = event("phone-sending", "21:00", until=at("22:01"))
    scheduled = event("phone-scheduled", "21:00", until=at("22:01"))
    kept = Record(phone_tried_at=at("21:00"), phone_ahead=at("22:01"))
    assert fold([sending]) == replace(kept, phone_unsure=True)
    assert fold([sending, scheduled]) == kept
    assert fold([sending, scheduled, event("phone-kept", "21:30")]) == replace(kept, phone_fixed=True)
    assert fold([sending, scheduled, event("phone-withdrawn", "21:30")]).phone_ahead is None
    failed = fold([sending, event("phone-failed", "21:01", reason="no answer in time")])
    assert (failed.phone_unsure, failed.phone_failed_at) == (True, at("21:01"))
    assert fold([event("phone-answered", "22:30")]).phone_answered


@pytest.mark.parametrize(("known", "sent"), [(True, "22:01"), (False, None)])
def test_a_message_that_was_delivered_counts_though_another_follows(known: bool, sent: str | None) -> None:
    """After a snooze there is one more; of the first, only what is sure remains, and the snooze names the round."""
    first = [event("phone-sending", "21:00", until=at("22:01")), event("phone-scheduled", "21:00", until=at("22:01"))]
    snoozed = event("snoozed", "22:05", until=at("22:15"), via="phone")
    record = fold([*first[: 2 if known else 1], snoozed, event("phone-sending", "22:05", until=at("22:16"))])
    assert (record.phoned_at, record.phone_ahead) == (at(sent) if sent else None, at("22:16"))
    assert (record.phone_round, record.answered_via) == ("2026-11-22T21:05:00+00:00", "phone")


def test_a_message_to_the_phone_reopens_nothing(ledger: Ledger) -> None:
    """What has its end in the ledger needs no other, whatever the server withdraws after it."""
    for what in ("phone-scheduled", "missed", "phone-withdrawn"):
        ledger.note(TONIGHT, what, at("23:31"), BERLIN)  # type: ignore[arg-type]
    assert ledger.unclosed(STRETCH, at("21:00"), at("23:59")) is None


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
def test_folding_loses_no_showing_and_no_answer(events: list[Event]) -> None:
    """Every showing, the last answer and the order within each group are kept."""
    for key, group in grouped(events).items():
        record = fold(group)
        assert group == [one for one in events if one.occurrence == key]
        assert record.shown == tuple(one.at for one in group if one.what == "shown")
        answers = [one.what for one in group if one.what in ("done", "snoozed", "skipped")]
        assert record.answer == (answers[-1] if answers else None)


def test_queries_use_an_index(ledger: Ledger) -> None:
    """Ten years of events don't slow down today's."""
    for statement in (
        "SELECT * FROM event WHERE due >= 'a' AND due < 'b'",
        "SELECT * FROM event WHERE due >= 'a' AND due < 'b' AND reminder = 'x' AND what != 'showing'",
        "SELECT due FROM event WHERE reminder = 'x' AND due <= 'b' AND what IN ('shown') ORDER BY due DESC LIMIT 1",
        "SELECT * FROM event WHERE handle = 'x'",
    ):
        plan = ledger._database.rows(f"EXPLAIN QUERY PLAN {statement}")
        assert all("USING INDEX event_by_" in step[3] for step in plan), plan
        assert not any("TEMP B-TREE" in step[3] for step in plan)
