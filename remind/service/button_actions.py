"""What a pressed button does."""

import logging
from collections.abc import Callable
from datetime import datetime

import msgspec

from remind.core.agenda import Entry
from remind.core.diary import Cramp, Drink
from remind.core.diary import Entry as DiaryEntry
from remind.core.phone import PHONE
from remind.core.reminders import WATER, Occurrence
from remind.settings.model import Settings
from remind.store.answers import Answers
from remind.store.diary import new_id
from remind.store.schedule import Schedule
from remind.store.store import Store

log = logging.getLogger("remind")

_DONE = ("done", "drunk", "quiet", "cramp")
"""The buttons that say what was done, or how it was."""


class ButtonActions(msgspec.Struct, frozen=True):
    """Carries out the buttons of the notifications that `messages` makes, even of those shown before a restart."""

    store: Store
    schedule: Schedule
    settings: Settings
    start: Callable[[], None]
    open_form: Callable[[str], None]
    stop_asking: Callable[[], None]

    def pressed(self, handle: str, button: str, key: str | None, at: datetime) -> str | None:
        """Record a press of `button` on the notification `handle` at `at`. Return the reminder it answered, or None.

        Raises:
            StoreError: the press cannot be recorded now.
        """
        if key is None:  # a notification of an earlier run, or another program's, which we ignore
            event = self.store.ledger.by_handle(handle)
            if event is None:
                return None
            key = event.occurrence
        return self.answered(key, button, at, f"button {button}")

    def answered(self, key: str, button: str, at: datetime, via: str) -> str | None:
        """Record what `button` says about the occurrence `key`, given at `at` through `via`. Return as `pressed` does.

        Raises:
            StoreError: the answer cannot be recorded now.
        """
        entry = self._entry(key, at)
        if entry is None or entry.decision.action == "drop":
            log.info("%s: %s was pressed, but the reminder is already over", key, button)
            return None
        self._carry_out(entry, button, at, via)
        return entry.occurrence.reminder

    def _entry(self, key: str, at: datetime) -> Entry | None:
        reminder = key.partition("/")[0]
        if reminder not in self.schedule.calendar.reminders:
            return None
        entries = self.schedule.entries(reminder, at)
        return next((entry for entry in entries if entry.occurrence.key == key), None)

    def _carry_out(self, entry: Entry, button: str, now: datetime, via: str) -> None:
        occurrence, answers = entry.occurrence, Answers(self.store, self.schedule.calendar.zone)
        what = {"start": "started", "stop": "skipped"}.get(button, "done" if button in _DONE else button)
        log.info("%s: %s from the %s", occurrence.key, what, PHONE if via == PHONE else "notification")
        if button == "start":
            self.store.ledger.note(occurrence, "started", now, self.schedule.calendar.zone, via=via)
            self.start()
        elif button == "snoozed":
            answers.snooze(entry, self.settings.notify.snooze, now, via)
        elif button in _DONE:
            logged = self._logged_by(button, occurrence, now)
            answers.give(entry, "done", now, via, logged)
            if isinstance(logged, Cramp) and via != PHONE:
                self.open_form(logged.id)
        elif button in ("skipped", "stop"):
            if button == "stop":
                self.stop_asking()
            answers.give(entry, "skipped", now, via)

    def _logged_by(self, button: str, occurrence: Occurrence, now: datetime) -> DiaryEntry | None:
        """Return what `button` says in the diary, or None."""
        if button == "cramp":
            return Cramp(id=new_id(), at=None, night=occurrence.day, written_at=now)
        if button == "quiet":
            from remind.store.log import new_quiet_night  # only here: the service keeps whatever it loads

            return new_quiet_night(occurrence.day, now, self.schedule.calendar.zone)
        if occurrence.reminder == WATER:
            return Drink(id=new_id(), at=now, written_at=now, amount_ml=self.settings.water.glass_ml)
        return None
