"""Answers to what is due, the same by a button and by a command."""

from datetime import datetime, timedelta

from remind.core.agenda import Entry
from remind.core.decide import Answer
from remind.core.diary import Drink
from remind.store.diary import new_id
from remind.store.ledger import Event
from remind.store.schedule import Outlook
from remind.store.store import Store


def due_now(outlook: Outlook, now: datetime) -> list[Entry]:
    """What is due and not over, of every reminder."""
    return [
        entry
        for reminder in outlook.calendar.reminders
        for entry in outlook.entries(reminder, now)
        if entry.occurrence.due <= now and entry.decision.verb != "drop"
    ]


def snooze_end(entry: Entry, now: datetime, length: timedelta) -> datetime:
    """When a snooze of `length` from `now` is over; never after the last moment of what is snoozed."""
    return min(now + length, entry.occurrence.ends).astimezone(now.tzinfo)


def answer(
    store: Store,
    outlook: Outlook,
    entry: Entry,
    given: Answer,
    at: datetime,
    via: str,
    until: datetime | None = None,
    drunk_ml: int = 0,
) -> None:
    """Write down the answer `given` at `at` by `via`, and with it, if it says so, what was drunk.

    Args:
        until: The end of a snooze.
        drunk_ml: An amount for the diary, in millilitres; both are written, or neither.
    """
    occurrence, zone = entry.occurrence, outlook.calendar.zone
    event = Event(
        occurrence.key,
        occurrence.reminder,
        occurrence.due.astimezone(zone),
        given,
        at.astimezone(zone),
        until=until,
        via=via,
    )
    with store.database.transaction() as connection:
        store.ledger.note_in(connection, event)
        if drunk_ml:
            store.diary.add_in(connection, Drink(id=new_id(), at=at, written_at=at, amount_ml=drunk_ml))
