"""The ledger as people ask it: for each occurrence when it was due and shown, how it was answered, and why so."""

from datetime import datetime, timedelta

import msgspec

from remind.core.agenda import Entry
from remind.core.decide import Answer, Record, State
from remind.store.ledger import Event, fold, grouped
from remind.store.schedule import Outlook
from remind.store.store import Store


class Row(msgspec.Struct, frozen=True):
    """What became of one occurrence; instants carry the offset that held."""

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
    """When it was sent to the phone; None where it was not."""


def history(store: Store, outlook: Outlook, now: datetime, days: int) -> list[Row]:
    """The occurrences that were due within the last `days` days, or were answered ahead of that, in order of time."""
    events = grouped(store.ledger.events(now - timedelta(days=days), now + timedelta(days=2)))
    standing = {
        entry.occurrence.key: entry
        for reminder in outlook.calendar.reminders
        for entry in outlook.entries(reminder, now)
        if entry.occurrence.due <= now
    }
    rows = [_row(known, standing.get(key)) for key, known in events.items()]
    # The service has not written down what ended while it was not running.
    rows += [_untouched(entry, outlook) for key, entry in standing.items() if key not in events]
    return sorted(rows, key=lambda row: (row.due, row.occurrence))


def _row(events: list[Event], entry: Entry | None) -> Row:
    last, record = events[-1], fold(events)
    shown = [event for event in events if event.what == "shown"]
    answered = next((event.at for event in reversed(events) if event.what == record.answer), None)
    state, reason = (entry.known.state, entry.known.reason) if entry else _of_record(record, last)
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
        next((event.at for event in reversed(events) if event.what == "phoned"), None),
    )


def _untouched(entry: Entry, outlook: Outlook) -> Row:
    occurrence, decision = entry.occurrence, entry.decision
    due = occurrence.due.astimezone(outlook.calendar.zone)
    return Row(
        occurrence.key, occurrence.reminder, due, decision.state, (), None, False, None, None, decision.reason
    )  # fmt: skip


def _of_record(record: Record, last: Event) -> tuple[State, str]:
    """How it stands with an occurrence that the settings of today no longer have, or that is long over."""
    if record.answer in ("done", "skipped"):
        return "answered", f"{record.answer} by {last.via}" if last.via else str(record.answer)
    if record.closed:
        return record.closed, record.reason
    return ("held", record.held) if record.held else ("open", last.reason or last.what)
