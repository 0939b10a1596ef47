"""What a pressed button does."""

import logging
from collections.abc import Callable
from datetime import datetime

from remind.core.agenda import Entry
from remind.core.decide import Answer
from remind.core.reminders import WATER
from remind.settings.model import Settings
from remind.store.answers import Answers
from remind.store.schedule import Schedule
from remind.store.store import Store

log = logging.getLogger("remind")


class ButtonActions:
    """Carries out the buttons of the notifications that `messages` makes, even of those shown before a restart."""

    def __init__(self, store: Store, schedule: Schedule, settings: Settings, start: Callable[[], None]) -> None:
        self._store = store
        self._schedule = schedule
        self._answers = Answers(store, schedule.calendar.zone)
        self._settings = settings
        self._start = start

    def pressed(self, handle: str, button: str, key: str | None, at: datetime) -> str | None:
        """Record a press of `button` on the notification `handle` at `at`. Return the reminder it answered, or None.

        Raises:
            StoreError: the press cannot be recorded now.
        """
        if key is None:  # a notification of an earlier run, or another program's, which we ignore
            event = self._store.ledger.by_handle(handle)
            if event is None:
                return None
            key = event.occurrence
        entry = self._entry(key, at)
        if entry is None or entry.decision.action == "drop":
            log.info("%s: %s was pressed, but the reminder is already over", key, button)
            return None
        self._carry_out(entry, button, at)
        return entry.occurrence.reminder

    def _entry(self, key: str, at: datetime) -> Entry | None:
        reminder = key.partition("/")[0]
        if reminder not in self._schedule.calendar.reminders:
            return None
        entries = self._schedule.entries(reminder, at)
        return next((entry for entry in entries if entry.occurrence.key == key), None)

    def _carry_out(self, entry: Entry, button: str, now: datetime) -> None:
        via, occurrence = f"button {button}", entry.occurrence
        answer: Answer = "skipped" if button == "skipped" else "done"
        what = {"start": "started", "drunk": "done"}.get(button, button)
        log.info("%s: %s from the notification", occurrence.key, what)
        if button == "start":
            self._store.ledger.note(occurrence, "started", now, self._schedule.calendar.zone, via=via)
            self._start()
        elif button == "snoozed":
            self._answers.snooze(entry, self._settings.notify.snooze, now, via)
        elif button in ("done", "drunk", "skipped"):
            drank = answer == "done" and occurrence.reminder == WATER
            self._answers.give(entry, answer, now, via, drunk_ml=self._settings.water.glass_ml if drank else 0)
