"""Answers to what is due, the same from a button and from a command."""

from datetime import datetime, timedelta, tzinfo

from remind.core.agenda import Entry
from remind.core.decide import Answer
from remind.core.diary import Drink
from remind.store.diary import new_id
from remind.store.ledger import event
from remind.store.schedule import Schedule
from remind.store.store import Store


def due_now(schedule: Schedule, now: datetime) -> list[Entry]:
    """Return what is due and not over, of every reminder."""
    return [
        entry
        for reminder in schedule.calendar.reminders
        for entry in schedule.entries(reminder, now)
        if entry.occurrence.due <= now and entry.decision.action != "drop"
    ]


class Answers:
    """Records answers in `store`, each with the offset that `zone` has then."""

    def __init__(self, store: Store, zone: tzinfo) -> None:
        self._store = store
        self._zone = zone

    def give(self, entry: Entry, given: Answer, at: datetime, via: str, drunk_ml: int = 0) -> None:
        """Record the answer `given` at `at` by `via`, and in the diary what was drunk, if anything: both or neither.

        Raises:
            StoreError: nothing was written.
        """
        with self._store.database.transaction() as connection:
            self._store.ledger.note_in(connection, event(entry.occurrence, given, at, self._zone, via=via))
            if drunk_ml:
                self._store.diary.add_in(connection, Drink(id=new_id(), at=at, written_at=at, amount_ml=drunk_ml))

    def snooze(self, entry: Entry, length: timedelta, at: datetime, via: str) -> datetime | None:
        """Snooze for `length` from `at`, at most until `entry` expires; return until when, or None if that is at once.

        Raises:
            StoreError: nothing was written.
        """
        until = min(at + length, entry.occurrence.ends).astimezone(self._zone)
        if until <= at:
            return None
        self._store.ledger.note(entry.occurrence, "snoozed", at, self._zone, until=until, via=via)
        return until
