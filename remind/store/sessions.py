"""A guided session written down: in the diary, and as the answer to the evening's stretch; and taken back again."""

from datetime import datetime, timedelta

from remind.core.agenda import evening_answered
from remind.core.diary import Stretch
from remind.core.reminders import STRETCH, Calendar
from remind.core.routine import RELIEF
from remind.core.session import Outcome
from remind.store.diary import new_id
from remind.store.ledger import Event
from remind.store.store import Store

_VIA = "session"
_NEAR = timedelta(days=2)
"""Further than this from its session no evening lies that it answered, in any zone."""


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
                Event(answered.key, answered.reminder, due, "done", at.astimezone(calendar.zone), via=_VIA),
            )


def reopen(store: Store, calendar: Calendar, taken_back: Stretch, now: datetime) -> None:
    """Open the evening again that the session answered, since it does not count any more.

    Raises:
        StoreError: it could not be written.
    """
    for event in store.ledger.events(taken_back.at - _NEAR, taken_back.at + _NEAR, STRETCH):
        if (event.what, event.via, event.at) == ("done", _VIA, taken_back.at):
            again = Event(event.occurrence, STRETCH, event.due, "reopened", now.astimezone(calendar.zone))
            with store.database.transaction() as connection:
                store.ledger.note_in(connection, again)
