"""The ledger: what became of each occurrence, as events. Events are only ever added."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from functools import lru_cache, reduce
from operator import attrgetter, itemgetter
from typing import Any, Literal, TypeVar

import msgspec
from msgspec.structs import replace

from remind.core.decide import OccurrenceRecord, round_of
from remind.core.reminders import Occurrence
from remind.store.database import Database
from remind.store.timestamps import from_columns, to_columns

What = Literal[
    "showing", "shown", "failed", "held", "dropped", "missed", "done", "snoozed", "skipped", "started",
    "phone-sending", "phoned", "phone-failed", "phone-scheduled", "phone-withdrawn", "phone-kept", "phone-answered",
]  # fmt: skip
T = TypeVar("T")
Row = tuple[Any, ...]
"""The id and the columns of an event."""

_ENDS = "('done', 'skipped', 'dropped', 'missed')"
_COLUMNS = (
    "occurrence, reminder, due, due_offset_s, what, at, at_offset_s, until, until_offset_s, channel, confirmed, handle,"
    " via, reason"
)
_BY_SERVICE = "('showing', 'shown', 'failed', 'held', 'dropped', 'missed')"


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that happened to an occurrence.

    `showing` is written before a notification is sent and `shown` or `failed` after that, so an occurrence between
    them at a crash is shown again and not lost. `phone-sending` is written before a message is handed to the server of
    the phone and `phoned` or `phone-scheduled` after that; between them the server is asked before it is sent again.
    `phone-kept` is what the server could not withdraw.
    """

    occurrence: str
    reminder: str
    due: datetime
    what: What
    at: datetime
    until: datetime | None = None
    """The end of a snooze, or when the server delivers a message that it keeps."""
    channel: str | None = None
    confirmed: bool | None = None
    """Whether the notification server confirmed that it took the notification."""
    handle: str | None = None
    """The channel's name for the notification."""
    via: str | None = None
    """What gave the answer: a button, a command or the phone."""
    reason: str | None = None


class Ledger:
    """The events in `database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, occurrence: Occurrence, what: What, at: datetime, zone: tzinfo, **details: object) -> None:
        """Record that `what` happened to `occurrence` at `at`."""
        self.add(event(occurrence, what, at, zone, **details))

    def add(self, event: Event) -> None:
        """Record `event`."""
        with self._database.transaction() as connection:
            self.note_in(connection, event)

    def note_in(self, connection: sqlite3.Connection, event: Event) -> None:
        """Record `event` within an open transaction."""
        until = to_columns(event.until) if event.until else (None, None)
        connection.execute(
            f"INSERT INTO event ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                event.occurrence, event.reminder, *to_columns(event.due), event.what, *to_columns(event.at), *until,
                event.channel, event.confirmed, event.handle, event.via, event.reason,
            ),
        )  # fmt: skip

    def events(self, since: datetime, until: datetime) -> list[Event]:
        """Return the events of occurrences due from `since` until before `until`, in the order of writing."""
        rows = self._rows("due >= ? AND due < ?", to_columns(since)[0], to_columns(until)[0])
        return list(_readable(rows))

    def records(self, reminder: str, since: datetime, until: datetime) -> dict[str, OccurrenceRecord]:
        """Return what is known of the occurrences of `reminder` due from `since` until before `until`, by key."""
        condition = "due >= ? AND due < ? AND reminder = ? AND what != 'showing'"
        rows = self._rows(condition, to_columns(since)[0], to_columns(until)[0], reminder)
        return {key: _record(tuple(group)) for key, group in grouped(rows, itemgetter(1)).items()}

    def accounted(self, reminder: str, now: datetime) -> datetime | None:
        """Return the due time of the last occurrence of `reminder`, up to `now`, that the service dealt with, or None.

        Any after `now` were dealt with before the clock was set back.
        """
        select = f"SELECT due FROM event WHERE reminder = ? AND due <= ? AND what IN {_BY_SERVICE}"
        found = self._database.rows(f"{select} ORDER BY due DESC LIMIT 1", (reminder, to_columns(now)[0]))
        return _instant(*found[0]) if found else None

    def unclosed(self, reminder: str, since: datetime, until: datetime) -> datetime | None:
        """Return the due time of the first occurrence from `since` until before `until` without an end, or None."""
        # With max(), SQLite takes the other columns from the same row: the last event of each occurrence.
        (found,) = self._database.rows(
            "SELECT min(due) FROM (SELECT due, what, max(id) FROM event WHERE reminder = ? AND due >= ? AND due < ?"
            f" AND what NOT LIKE 'phone%' GROUP BY occurrence) WHERE what NOT IN {_ENDS}",
            (reminder, to_columns(since)[0], to_columns(until)[0]),
        )
        return _instant(*found)

    def by_handle(self, handle: str) -> Event | None:
        """Return the event that showed the notification `handle`, the latest if a server reused the name, or None."""
        return next(_readable(reversed(self._rows("handle = ?", handle))), None)

    def last_channel(self, since: datetime) -> str | None:
        """Return the channel of the last notification shown since `since`, or None."""
        # Compared here: where nothing was shown since, SQLite would look through all years before.
        found = self._database.rows("SELECT channel, at FROM event WHERE what = 'shown' ORDER BY id DESC LIMIT 1")
        return next((channel for channel, at in found if at >= to_columns(since)[0]), None)

    def pause(self, at: datetime, until: datetime | None) -> None:
        """Record a pause from `at` until `until`; None ends a pause."""
        values = (*to_columns(at), *(to_columns(until) if until else (None, None)))
        with self._database.transaction() as connection:
            connection.execute("INSERT INTO pause (at, at_offset_s, until, until_offset_s) VALUES (?, ?, ?, ?)", values)

    def paused_until(self, now: datetime) -> datetime | None:
        """Return when the pause at `now` ends, or None if there is none."""
        found = self._database.rows("SELECT until, until_offset_s FROM pause ORDER BY id DESC LIMIT 1")
        until = _instant(*found[0]) if found else None
        return until if until is not None and until > now else None

    def _rows(self, condition: str, *values: str) -> list[Row]:
        """Return the rows of the events that meet `condition`, in the order of writing."""
        rows = self._database.rows(f"SELECT id, {_COLUMNS} FROM event WHERE {condition}", values)
        # Sorted here, where it is quick since they are nearly in order; it takes SQLite as long as reading them.
        return sorted(rows)


def event(occurrence: Occurrence, what: What, at: datetime, zone: tzinfo, **details: object) -> Event:
    """Return the event that `what` happened to `occurrence`, each instant with the UTC offset of `zone` then."""
    due, at = occurrence.due.astimezone(zone), at.astimezone(zone)
    return Event(occurrence.key, occurrence.reminder, due, what, at, **details)  # type: ignore[arg-type]


def grouped(events: Iterable[T], occurrence: Callable[[T], str] = attrgetter("occurrence")) -> dict[str, list[T]]:
    """Return `events` by occurrence, each group in the given order."""
    groups: dict[str, list[T]] = {}
    for event in events:
        groups.setdefault(occurrence(event), []).append(event)
    return groups


def fold(events: Iterable[Event]) -> OccurrenceRecord:
    """Return what the events of one occurrence amount to."""
    return reduce(_after, events, OccurrenceRecord())


def _after(record: OccurrenceRecord, event: Event) -> OccurrenceRecord:
    at, reason = event.at.astimezone(UTC), event.reason or ""
    match event.what:
        case "shown":
            # A closed one that is shown is open again: the person travelled west, or the clock was set back.
            again = {"failed_at": None, "failure": "", "held": "", "closed": None, "closed_at": None, "reason": ""}
            return replace(record, shown=(*record.shown, at), handle=event.handle or record.handle, **again)
        case "failed":
            return replace(record, failed_at=at, failure=reason, held="")
        case "held":
            return replace(record, held=reason, failed_at=None, failure="")
        case "done" | "skipped" | "snoozed":
            until = event.until.astimezone(UTC) if event.until else None
            return replace(record, answer=event.what, answered_at=at, snoozed_until=until, answered_via=event.via or "")
        case "dropped" | "missed":
            return replace(record, closed=event.what, closed_at=at, reason=reason)
    return _after_phone(record, event, at)


def _after_phone(record: OccurrenceRecord, event: Event, at: datetime) -> OccurrenceRecord:
    until = event.until.astimezone(UTC) if event.until else None
    match event.what:
        case "phone-sending":
            # What was delivered before counts, though the next one takes its place.
            delivered = record.phone_ahead is not None and record.phone_ahead <= at and not record.phone_unsure
            phoned_at = record.phone_ahead if delivered else record.phoned_at
            record = replace(record, phoned_at=phoned_at, phone_ahead=until, phone_fixed=False, phone_unsure=True)
            return replace(record, phone_tried_at=at, phone_round=round_of(record))
        case "phoned":
            return replace(record, phoned_at=at, phone_unsure=False, phone_failed_at=None)
        case "phone-scheduled":
            return replace(record, phone_ahead=until, phone_unsure=False, phone_failed_at=None)
        case "phone-withdrawn":
            return replace(record, phone_ahead=None, phone_unsure=False, phone_failed_at=None)
        case "phone-kept":
            return replace(record, phone_fixed=True, phone_unsure=False, phone_failed_at=None)
        case "phone-failed":
            return replace(record, phone_failed_at=at)
        case "phone-answered":
            return replace(record, phone_answered=True)
    return record


@lru_cache(maxsize=128)  # rows never change, and the service reads those of the last days again and again
def _record(rows: tuple[Row, ...]) -> OccurrenceRecord:
    return fold(_readable(rows))


def _readable(rows: Iterable[Row]) -> Iterator[Event]:
    """Yield the events in `rows`, without those that a flipped bit has garbled: one must not hide all the others."""
    for row in rows:
        with suppress(ValueError):
            yield _event(row)


def _instant(text: str | None, offset_s: int = 0) -> datetime | None:
    """Return the instant in these columns; None if they are empty or garbled."""
    with suppress(ValueError):
        return None if text is None else from_columns(text, offset_s)
    return None


def _event(row: Row) -> Event:
    _, occurrence, reminder, due, due_offset, what, at, at_offset, until, until_offset, *sent, via, reason = row
    channel, confirmed, handle = sent
    return Event(
        occurrence=occurrence,
        reminder=reminder,
        due=from_columns(due, due_offset),
        what=what,
        at=from_columns(at, at_offset),
        until=from_columns(until, until_offset) if until else None,
        channel=channel,
        confirmed=None if confirmed is None else bool(confirmed),
        handle=handle,
        via=via,
        reason=reason,
    )
