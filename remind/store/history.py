"""The ledger as people read it: when each occurrence was due and shown, how it was answered, and why."""

from datetime import datetime, timedelta

import msgspec

from remind.core.agenda import Entry
from remind.core.decide import Answer, OccurrenceRecord, State, diary_reason
from remind.core.reminders import NIGHT, STRETCH, Occurrence, on_day
from remind.store.ledger import Event, fold, grouped
from remind.store.schedule import Schedule
from remind.store.store import Store


class Row(msgspec.Struct, frozen=True):
    """What became of one occurrence. Instants carry the UTC offset of that time."""

    occurrence: str
    reminder: str
    due: datetime
    state: State
    shown_at: tuple[datetime, ...]
    channel: str | None
    confirmed: bool
    answer: Answer | None
    answered_at: datetime | None
    reason: str
    phoned_at: datetime | None = None
    """When it was sent to the phone, or None."""


def history(store: Store, schedule: Schedule, now: datetime, days: int) -> list[Row]:
    """Return the occurrences that were due in the last `days` days, or were answered before they are due, by time."""
    since, until = now - timedelta(days=days), now + timedelta(days=2)
    events = grouped(store.ledger.events(since, until))
    entries = {
        entry.occurrence.key: entry
        for reminder in schedule.calendar.reminders
        for entry in schedule.entries(reminder, now, look_back=True)
        if entry.occurrence.due <= now
    }
    by_diary = {
        one.key: (one, at)
        for reminder in (STRETCH, NIGHT)
        for day, at in schedule.answered_by_diary(reminder, since, now).items()
        for one in on_day(schedule.calendar, reminder, day)
        if since <= one.due < until
    }
    rows = {key: _row(noted, entries.get(key), now) for key, noted in events.items() if not _is_to_come(noted, now)}
    # The ledger has nothing on what ended while the service was not running, or was answered before it was due.
    for key, entry in entries.items():
        decision = entry.decision
        if entry.occurrence.reminder == NIGHT and decision.state == "answered":
            continue  # it was logged unasked
        rows.setdefault(key, _unrecorded(schedule, entry.occurrence, decision.state, decision.reason))
    for key, (one, at) in by_diary.items():
        if one.reminder == NIGHT and key not in rows:
            continue
        reason = diary_reason(one.reminder, at, schedule.calendar.zone, now)
        row = rows.get(key) or _unrecorded(schedule, one, "answered", reason)
        if row.answer not in ("done", "skipped"):
            rows[key] = msgspec.structs.replace(row, state="answered", answer="done", answered_at=at, reason=reason)
    return sorted(rows.values(), key=lambda row: (row.due, row.occurrence))


def _is_to_come(events: list[Event], now: datetime) -> bool:
    """Return whether nothing has happened yet but that the phone's server keeps a message."""
    return events[-1].due > now and all(event.what.startswith("phone-") for event in events)


def _row(events: list[Event], entry: Entry | None, now: datetime) -> Row:
    last, record = events[-1], fold(events)
    shown = [event for event in events if event.what == "shown"]
    answered = next((event.at for event in reversed(events) if event.what == record.answer), None)
    state, reason = (entry.reported.state, entry.reported.reason) if entry else _of_record(record, last)
    return Row(
        last.occurrence,
        last.reminder,
        last.due,
        state,
        tuple(event.at for event in shown),
        shown[-1].channel if shown else None,
        bool(shown and shown[-1].confirmed),
        record.answer,
        answered,
        reason,
        _phoned_at(events, record, now),
    )


def _phoned_at(events: list[Event], record: OccurrenceRecord, now: datetime) -> datetime | None:
    sent = [event.at for event in events if event.what == "phoned"]
    for event in events:
        if event.what == "phone-scheduled" and event.until is not None and event.until <= now:
            sent += [event.until] if event.until in (record.phone_ahead, record.phoned_at) else []
    return max(sent, default=None)


def _unrecorded(schedule: Schedule, occurrence: Occurrence, state: State, reason: str) -> Row:
    due = occurrence.due.astimezone(schedule.calendar.zone)
    return Row(occurrence.key, occurrence.reminder, due, state, (), None, False, None, None, reason)


def _of_record(record: OccurrenceRecord, last: Event) -> tuple[State, str]:
    """Return state and reason of an occurrence that today's settings no longer have, or that is long over."""
    if record.answer in ("done", "skipped"):
        return "answered", f"{record.answer} by {last.via}" if last.via else str(record.answer)
    if record.closed:
        return record.closed, record.reason
    return ("held", record.held) if record.held else ("open", last.reason or last.what)
