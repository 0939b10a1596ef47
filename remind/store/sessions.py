"""A guided session written down: in the diary, and as the answer to the evening's stretch."""

from remind.core.agenda import evening_answered
from remind.core.diary import Stretch
from remind.core.reminders import Calendar
from remind.core.routine import RELIEF
from remind.core.session import Outcome
from remind.store.diary import new_id
from remind.store.ledger import Event
from remind.store.store import Store


def answers_an_evening(session: Outcome | Stretch) -> bool:
    """Whether it is such as silences the evening: a whole one, and not the one that eases a cramp."""
    return session.complete and session.routine != RELIEF


def record(store: Store, calendar: Calendar, outcome: Outcome) -> None:
    """Write `outcome` down, both in one transaction.

    Raises:
        StoreError: nothing was written.
    """
    at = outcome.ended_at
    entry = Stretch(
        id=new_id(),
        at=at,
        written_at=at,
        routine=outcome.routine,
        planned_s=outcome.planned_s,
        held_s=outcome.held_s,
        complete=outcome.complete,
    )
    answered = evening_answered(calendar, at) if answers_an_evening(outcome) else None
    with store.database.transaction() as connection:
        store.diary.add_in(connection, entry)
        if answered is not None:
            due = answered.due.astimezone(calendar.zone)
            store.ledger.note_in(
                connection,
                Event(answered.key, answered.reminder, due, "done", at.astimezone(calendar.zone), via="session"),
            )
