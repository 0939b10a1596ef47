"""Answers to reminders, the same from a button and from a command."""

from datetime import datetime, timedelta, tzinfo

from remind.core.agenda import Entry
from remind.core.decide import Answer
from remind.core.diary import Row
from remind.core.reminders import STRETCH
from remind.core.schema import nearest
from remind.core.times import evening_of
from remind.errors import RemindError, UsageError
from remind.store.ledger import event
from remind.store.schedule import Schedule
from remind.store.store import Store


def due_now(schedule: Schedule, now: datetime) -> list[Entry]:
    """Return what is due and not over yet, of every reminder."""
    return [
        entry
        for reminder in schedule.calendar.reminders
        for entry in schedule.entries(reminder, now)
        if entry.occurrence.due <= now and entry.decision.action != "drop"
    ]


def one_due(schedule: Schedule, now: datetime, reminder: str | None, *, early: bool = False) -> Entry:
    """Return the one occurrence of `reminder`, or of any, that is due; if `early`, this evening's stretch counts too.

    Raises:
        UsageError: there is no such reminder, or more than one is due.
        RemindError: nothing is due.
    """
    names = schedule.calendar.reminders
    if reminder is not None and reminder not in names:
        raise UsageError(f"no reminder {reminder!r} is switched on. {nearest(reminder, names)}")
    found = [one for one in due_now(schedule, now) if reminder in (None, one.occurrence.reminder)]
    if not found and reminder == STRETCH and early:
        found = _this_evening(schedule, now)
    if not found:
        what = f"{reminder} is not" if reminder else "nothing is"
        raise RemindError(f"{what} due now. `remind status` shows what comes next.")
    if len(found) > 1:
        names_due = " and ".join(one.occurrence.reminder for one in found)
        raise UsageError(f"{names_due} are due. Name one of them.")
    return found[0]


def _this_evening(schedule: Schedule, now: datetime) -> list[Entry]:
    evening = evening_of(now, schedule.calendar.zone)
    entries = schedule.entries(STRETCH, now)
    return [one for one in entries if one.occurrence.day == evening and one.decision.action != "drop"]


class Answers:
    """Records answers in `store`, each with the UTC offset that `zone` has then."""

    def __init__(self, store: Store, zone: tzinfo) -> None:
        self._store = store
        self._zone = zone

    def give(self, entry: Entry, given: Answer, at: datetime, via: str, logged: Row | None = None) -> None:
        """Record the answer `given` at `at` through `via`, and what it says in the diary, if anything: both or neither.

        Raises:
            StoreError: nothing was written.
        """
        with self._store.database.transaction() as connection:
            self._store.ledger.note_in(connection, event(entry.occurrence, given, at, self._zone, via=via))
            if logged is not None:
                self._store.diary.add_in(connection, logged)

    def snooze(self, entry: Entry, length: timedelta, at: datetime, via: str) -> datetime | None:
        """Snooze `entry` for `length` from `at`, at most until it expires. Return the end, or None if that is at once.

        Raises:
            StoreError: nothing was written.
        """
        until = min(at + length, entry.occurrence.ends).astimezone(self._zone)
        if until <= at:
            return None
        self._store.ledger.note(entry.occurrence, "snoozed", at, self._zone, until=until, via=via)
        return until
