"""Delivering a reminder at a fire time: decide on each open occurrence; show, hold or close it; record that."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from remind.app import App
from remind.core.agenda import Entry, next_fire_time
from remind.core.decide import RETRY, clock
from remind.core.reminders import Occurrence
from remind.desktop.notify.chain import Chain
from remind.desktop.notify.channel import ChannelError, Notification
from remind.lock import session_running
from remind.service import messages
from remind.settings.model import Settings
from remind.store.ledger import Ledger, What
from remind.store.schedule import Schedule

if TYPE_CHECKING:
    from remind.service.phone import ServicePhone  # loaded only where there is a phone

log = logging.getLogger("remind")


class Deliverer:
    """Delivers the reminders of `schedule` through `channels`, or to `phone` if they cannot be shown.

    Delivering again at any time does nothing twice.
    """

    def __init__(
        self,
        app: App,
        settings: Settings,
        schedule: Schedule,
        ledger: Ledger,
        channels: Chain,
        phone: "ServicePhone | None" = None,
    ) -> None:
        self._app = app
        self._settings = settings
        self._schedule = schedule
        self._ledger = ledger
        self._channels = channels
        self._phone = phone
        self._withdrawn: dict[str, set[str | None]] = {}  # by reminder, of what the last delivery found
        self._held: dict[str, datetime | None] = {}

    def next_fire_time(self, reminder: str, now: datetime) -> datetime | None:
        """Return when to deliver `reminder` next; None, which means never, if it is switched off."""
        if reminder not in self._schedule.calendar.reminders:
            return None
        entries = self._schedule.entries(reminder, now)
        at = now if any(map(self._left_over, entries)) else next_fire_time(entries, now)
        held = self._held.get(reminder)
        # Only `deliver` asks whether the person is there. If they are not, don't call it again at once.
        return held if at == now and held is not None and now < held <= now + RETRY else at

    def catch_up(self, now: datetime) -> None:
        """Record what ended while the service could not look, with a single line in the log.

        Raises:
            StoreError: the ledger cannot be read or written now.
        """
        ended = [
            entry
            for reminder in self._schedule.calendar.reminders
            for entry in self._schedule.entries(reminder, now, look_back=True)
            if entry.needs_recording and entry.decision.action == "drop"
        ]
        for entry in ended:
            self._note(entry.occurrence, entry.decision.state, now, reason=entry.decision.reason)  # type: ignore[arg-type]
        if ended:
            zone = self._schedule.calendar.zone
            first = clock(min(entry.occurrence.due for entry in ended), zone, now)
            count = "1 reminder" if len(ended) == 1 else f"{len(ended)} reminders"
            log.info("%s ended meanwhile, the first due at %s; `remind history --days 14` shows why", count, first)

    def deliver(self, reminder: str) -> None:
        """Bring the notifications and the ledger of `reminder` up to date.

        Raises:
            StoreError: the ledger cannot be read or written now.
        """
        if reminder not in self._schedule.calendar.reminders:
            return
        now = self._app.now()
        entries = self._schedule.entries(
            reminder,
            now,
            lambda: self._app.presence(self._settings),
            session_running=session_running(self._app.folders.session_lock, now),
        )
        held = [entry.decision.until for entry in entries if entry.decision.state == "held"]
        self._held[reminder] = next(filter(None, held), None)
        for entry in entries:
            self._carry_out(entry, now)
        over = (entry for entry in entries if entry.decision.action == "drop")
        self._withdrawn[reminder] = {entry.record.handle for entry in over}

    def _carry_out(self, entry: Entry, now: datetime) -> None:
        occurrence, decision = entry.occurrence, entry.decision
        if decision.action == "show":
            if self._show(entry, now):
                entry = replace(entry, record=replace(entry.record, failed_at=None))
        elif handle := self._left_over(entry):
            self._channels.withdraw(handle)
        if decision.action != "show" and entry.needs_recording:
            self._note(occurrence, decision.state, now, reason=decision.reason)  # type: ignore[arg-type]
            log.info("%s: %s: %s", occurrence.key, decision.state, decision.reason)
        if self._phone is not None:
            self._phone.deliver(entry, now)

    def _show(self, entry: Entry, now: datetime) -> bool:
        occurrence, reason = entry.occurrence, entry.decision.reason
        notification = replace(self._message(occurrence), replaces=entry.record.handle)
        self._note(occurrence, "showing", now, reason=reason)
        try:
            delivery = self._channels.show(notification)
        except ChannelError as error:
            self._note(occurrence, "failed", self._app.now(), reason=str(error))
            log.warning("%s: not shown: %s; trying again in %s s", occurrence.key, error, RETRY.seconds)
            return False
        reasons = "; ".join((reason, *delivery.failures))
        sent = {"channel": delivery.channel, "confirmed": delivery.confirmed, "handle": delivery.handle}
        self._note(occurrence, "shown", self._app.now(), reason=reasons, **sent)
        seen = "confirmed by the server" if delivery.confirmed else "not confirmed"
        log.info("%s: shown through %s, %s: %s", occurrence.key, delivery.channel, seen, reason)
        return True

    def _message(self, occurrence: Occurrence) -> Notification:
        question = self._schedule.question(occurrence, self._app.now())
        return messages.notification(occurrence, self._settings, self._app.folders.routines, question)

    def _note(self, occurrence: Occurrence, what: What, at: datetime, **details: object) -> None:
        self._ledger.note(occurrence, what, at, self._schedule.calendar.zone, **details)

    def _left_over(self, entry: Entry) -> str | None:
        """Return the notification that may still be on the screen for what is over, such as answered by a command."""
        handle, withdrawn = entry.record.handle, self._withdrawn.get(entry.occurrence.reminder, ())
        return handle if entry.decision.action == "drop" and handle not in withdrawn else None
