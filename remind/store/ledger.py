"""The ledger: what became of every occurrence, as events that are only ever added."""

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any, Literal

import msgspec

from remind.core.decide import Record
from remind.core.reminders import Occurrence
from remind.store.database import Database
from remind.store.timestamps import from_columns, to_columns

What = Literal[
    "showing", "shown", "failed", "held", "dropped", "missed", "done", "snoozed", "skipped", "started",
    "phoned", "phone-failed",
]  # fmt: skip
_ANSWERS = ("done", "snoozed", "skipped")
_ENDS = ("done", "skipped", "dropped", "missed")
_ACCOUNTED = ("showing", "shown", "failed", "held", "dropped", "missed")


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that happened to an occurrence.

    `showing` is written before a notification goes out and `shown` or `failed` after, so that a crash in between
    leaves an occurrence that is shown again rather than one that is lost.
    """

    occurrence: str
    reminder: str
    due: datetime
    what: What
    at: datetime
    until: datetime | None = None
    """The end of a snooze."""
    channel: str | None = None
    confirmed: bool | None = None
    """Whether the notification server said that it took the notification."""
    handle: str | None = None
    """The name that the channel gave to the bubble."""
    via: str | None = None
    """What answered: a button or a command."""
    reason: str | None = None


class Ledger:
    """The events in `database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, occurrence: Occurrence, what: What, at: datetime, zone: tzinfo, **details: object) -> None:
        """Write down that `what` happened to `occurrence` at `at`, each with the offset that `zone` has then."""
        due, at = occurrence.due.astimezone(zone), at.astimezone(zone)
        with self._database.transaction() as connection:
            self.note_in(connection, Event(occurrence.key, occurrence.reminder, due, what, at, **details))  # type: ignore[arg-type]

    def note_in(self, connection: sqlite3.Connection, event: Event) -> None:
        """Write `event` down as a part of an open transaction."""
        until = to_columns(event.until) if event.until else (None, None)
        connection.execute(
            "INSERT INTO event (occurrence, reminder, due, due_offset_s, what, at, at_offset_s, until, until_offset_s,"
            " channel, confirmed, handle, via, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                event.occurrence, event.reminder, *to_columns(event.due), event.what, *to_columns(event.at), *until,
                event.channel, event.confirmed, event.handle, event.via, event.reason,
            ),
        )  # fmt: skip

    def events(self, since: datetime, until: datetime, reminder: str | None = None) -> list[Event]:
        """The events of occurrences due from `since` until before `until`, in the order in which they were written."""
        return self._due("? IN ('', reminder)", reminder or "", since, until)

    def records(self, reminder: str, since: datetime, until: datetime) -> dict[str, Record]:
        """What is known of the occurrences of `reminder` due from `since` until before `until`, by key."""
        events = self._due("reminder = ? AND what != 'showing'", reminder, since, until)
        return {key: fold(group) for key, group in grouped(events).items()}

    def accounted(self, reminder: str, now: datetime) -> datetime | None:
        """The due time of the last occurrence of `reminder`, up to `now`, that the service dealt with; None if none is.

        What lies after `now` was dealt with before the clock was set back.
        """
        marks = ", ".join("?" * len(_ACCOUNTED))
        with self._database.read() as connection:
            row = connection.execute(
                f"SELECT due FROM event WHERE reminder = ? AND due <= ? AND what IN ({marks})"
                " ORDER BY due DESC LIMIT 1",
                (reminder, to_columns(now)[0], *_ACCOUNTED),
            ).fetchone()
        return from_columns(row[0], 0) if row else None

    def unclosed(self, reminder: str, since: datetime, until: datetime) -> datetime | None:
        """The due time of the first occurrence from `since` until before `until` that came up and has no end yet."""
        marks = ", ".join("?" * len(_ENDS))
        with self._database.read() as connection:
            # With max(), SQLite takes the other columns from that very row: the last event of each occurrence.
            row = connection.execute(
                "SELECT min(due) FROM (SELECT due, what, max(id) FROM event WHERE reminder = ? AND due >= ? AND due < ?"
                f" GROUP BY occurrence) WHERE what NOT IN ({marks})",
                (reminder, to_columns(since)[0], to_columns(until)[0], *_ENDS),
            ).fetchone()
        return from_columns(row[0], 0) if row[0] is not None else None

    def by_handle(self, handle: str) -> Event | None:
        """The event that showed the bubble `handle`, the latest if a server used the name again."""
        with self._database.read() as connection:
            row = connection.execute(
                f"SELECT {_COLUMNS} FROM event WHERE handle = ? ORDER BY id DESC LIMIT 1", (handle,)
            ).fetchone()
        return _event(row) if row else None

    def last_channel(self, since: datetime) -> str | None:
        """The channel that showed the last notification since `since`; None if none was."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT channel FROM event WHERE what = 'shown' AND at >= ? ORDER BY id DESC LIMIT 1",
                (to_columns(since)[0],),
            ).fetchone()
        return row[0] if row else None

    def pause(self, at: datetime, until: datetime | None) -> None:
        """Hold everything from `at` until `until`; None ends a pause."""
        ending = to_columns(until) if until else (None, None)
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO pause (at, at_offset_s, until, until_offset_s) VALUES (?, ?, ?, ?)",
                (*to_columns(at), *ending),
            )

    def paused_until(self, now: datetime) -> datetime | None:
        """When the pause that holds at `now` ends; None if nothing is paused."""
        with self._database.read() as connection:
            row = connection.execute("SELECT until, until_offset_s FROM pause ORDER BY id DESC LIMIT 1").fetchone()
        if row is None or row[0] is None:
            return None
        until = from_columns(*row)
        return until if until > now else None

    def _due(self, condition: str, value: str, since: datetime, until: datetime) -> list[Event]:
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT id, {_COLUMNS} FROM event WHERE due >= ? AND due < ? AND {condition}",
                (to_columns(since)[0], to_columns(until)[0], value),
            ).fetchall()
        # Sorted here, since they come nearly in order: that takes SQLite as long as reading them.
        return [_event(row[1:]) for row in sorted(rows)]


def grouped(events: Iterable[Event]) -> dict[str, list[Event]]:
    """`events` by occurrence, each in the order given."""
    groups: dict[str, list[Event]] = {}
    for event in events:
        groups.setdefault(event.occurrence, []).append(event)
    return groups


def fold(events: Iterable[Event]) -> Record:
    """What a list of events of one occurrence amounts to."""
    known: dict[str, Any] = {"shown": (), "handle": None}
    for event in events:
        known |= _change(known, event)
    return Record(**known)


def _change(known: dict[str, Any], event: Event) -> dict[str, Any]:
    at, reason = event.at.astimezone(UTC), event.reason or ""
    if event.what == "shown":
        # What was closed and is shown is open again: the person travelled west, or the clock was set back.
        return {
            "shown": (*known["shown"], at), "handle": event.handle or known["handle"], "held": "",
            "failed_at": None, "failure": "", "closed": None, "closed_at": None, "reason": "",
        }  # fmt: skip
    if event.what == "failed":
        return {"failed_at": at, "failure": reason, "held": ""}
    if event.what == "held":
        return {"held": reason, "failed_at": None, "failure": ""}
    if event.what in _ANSWERS:
        until = event.until.astimezone(UTC) if event.until else None
        return {"answer": event.what, "answered_at": at, "snoozed_until": until}
    if event.what in ("dropped", "missed"):
        return {"closed": event.what, "closed_at": at, "reason": reason}
    if event.what == "phoned":
        return {"phoned_at": at, "phone_failed_at": None}
    if event.what == "phone-failed":
        return {"phone_failed_at": at}
    return {}


_COLUMNS = (
    "occurrence, reminder, due, due_offset_s, what, at, at_offset_s, until, until_offset_s,"
    " channel, confirmed, handle, via, reason"
)


@lru_cache(maxsize=512)  # a row never changes, and the service reads those of a few days again and again
def _event(row: tuple[object, ...]) -> Event:
    (
        occurrence,
        reminder,
        due,
        due_offset,
        what,
        at,
        at_offset,
        until,
        until_offset,
        channel,
        confirmed,
        *rest,
    ) = row
    return Event(
        occurrence, reminder, from_columns(due, due_offset), what, from_columns(at, at_offset),  # type: ignore[arg-type]
        from_columns(until, until_offset) if until is not None else None,  # type: ignore[arg-type]
        channel, None if confirmed is None else bool(confirmed), *rest,  # type: ignore[arg-type]
    )  # fmt: skip
