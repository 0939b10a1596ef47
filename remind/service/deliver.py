"""One moment of one reminder: decide on every occurrence that is open, show, hold or close it, and write it down."""

import logging
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Protocol

import msgspec

from remind.core.agenda import Entry, next_moment
from remind.core.decide import PHONE_RETRY, RETRY, Presence, clock, phone_due
from remind.core.reminders import Occurrence
from remind.desktop.notify.channel import ChannelError, Delivery, Notification, Phone
from remind.store.ledger import Ledger, What
from remind.store.schedule import Outlook

log = logging.getLogger("remind")


class Channels(Protocol):
    """What shows notifications, as `remind.desktop.notify.chain` does."""

    def show(self, notification: Notification) -> Delivery: ...

    def withdraw(self, handle: str) -> None: ...


class Deliverer:
    """Delivers the reminders of `outlook` through `channels`, and what these cannot through `phone`, if there is one:
    those named in `to_phone`, or all.

    Delivering again at any time does nothing twice.
    """

    def __init__(
        self,
        outlook: Outlook,
        ledger: Ledger,
        channels: Channels,
        wording: Callable[[Occurrence], Notification],
        presence: Callable[[], Presence],
        session_running: Callable[[], bool],
        now: Callable[[], datetime],
        phone: Phone | None = None,
        to_phone: Collection[str] = (),
    ) -> None:
        self._outlook = outlook
        self._ledger = ledger
        self._channels = channels
        self._wording = wording
        self._presence = presence
        self._session_running = session_running
        self._now = now
        self._phone = phone
        self._to_phone = to_phone
        self._withdrawn: set[str] = set()
        self._held: dict[str, datetime | None] = {}

    def next_moment(self, reminder: str, now: datetime) -> datetime | None:
        """When `reminder` is to be delivered next; never if it is switched off."""
        if reminder not in self._outlook.calendar.reminders:
            return None
        entries = self._outlook.entries(reminder, now)
        moment = now if any(map(self._outlives, entries)) else next_moment(entries, now)
        held = self._held.get(reminder)
        # Who is there is asked in `deliver` alone, which found nobody and is not to be called again at once for that.
        return held if moment == now and held is not None and now < held <= now + RETRY else moment

    def catch_up(self, now: datetime) -> None:
        """Record what ended while nobody looked, with one line in the log for all of it.

        Raises:
            StoreError: the ledger cannot be read or written now.
        """
        ended = [
            entry
            for reminder in self._outlook.calendar.reminders
            for entry in self._outlook.entries(reminder, now)
            if entry.news and entry.decision.verb == "drop"
        ]
        for entry in ended:
            self._note(entry.occurrence, entry.decision.state, now, reason=entry.decision.reason)  # type: ignore[arg-type]
        if ended:
            zone = self._outlook.calendar.zone
            first = clock(min(entry.occurrence.due for entry in ended), zone, now)
            count = "1 reminder" if len(ended) == 1 else f"{len(ended)} reminders"
            log.info("%s ended meanwhile, the first due at %s; `remind history --days 14` says why", count, first)

    def deliver(self, reminder: str) -> None:
        """Bring bubbles and ledger in line with what holds now.

        Raises:
            StoreError: the ledger cannot be read or written now.
        """
        if reminder not in self._outlook.calendar.reminders:
            return
        now = self._now()
        entries = self._outlook.entries(reminder, now, self._presence, session_running=self._session_running())
        held = [entry.decision.until for entry in entries if entry.decision.state == "held"]
        self._held[reminder] = next(filter(None, held), None)
        for entry in entries:
            self._carry_out(entry, now)

    def _carry_out(self, entry: Entry, now: datetime) -> None:
        occurrence, decision = entry.occurrence, entry.decision
        if decision.verb == "show":
            self._show(entry, now)
            return
        if entry.record.handle and self._outlives(entry):
            self._withdrawn.add(entry.record.handle)
            self._channels.withdraw(entry.record.handle)
        if entry.news:
            self._note(occurrence, decision.state, now, reason=decision.reason)  # type: ignore[arg-type]
            log.info("%s: %s: %s", occurrence.key, decision.state, decision.reason)
        self._try_phone(entry, now)

    def _show(self, entry: Entry, now: datetime) -> None:
        occurrence, reason = entry.occurrence, entry.decision.reason
        notification = msgspec.structs.replace(self._wording(occurrence), replaces=entry.record.handle)
        self._note(occurrence, "showing", now, reason=reason)
        try:
            delivery = self._channels.show(notification)
        except ChannelError as error:
            self._note(occurrence, "failed", self._now(), reason=str(error))
            log.warning("%s: not shown: %s; tried again in %s s", occurrence.key, error, RETRY.seconds)
            self._try_phone(entry, now)
            return
        self._note(
            occurrence,
            "shown",
            self._now(),
            channel=delivery.channel,
            confirmed=delivery.confirmed,
            handle=delivery.handle,
            reason="; ".join((reason, *delivery.failures)),
        )
        seen = "confirmed by the server" if delivery.confirmed else "not confirmed"
        log.info("%s: shown through %s, %s: %s", occurrence.key, delivery.channel, seen, reason)

    def _try_phone(self, entry: Entry, now: datetime) -> None:
        occurrence, decision = entry.occurrence, entry.decision
        if self._phone is None or (self._to_phone and occurrence.reminder not in self._to_phone):
            return
        if not phone_due(occurrence, entry.record, decision, now):
            return
        reason = decision.reason if decision.absent else f"not shown: {entry.record.failure}"
        try:
            delivery = self._phone.send(self._wording(occurrence))
        except ChannelError as error:
            self._note(occurrence, "phone-failed", self._now(), reason=str(error))
            log.warning(
                "%s: not sent to the phone: %s; tried again in %s s", occurrence.key, error, PHONE_RETRY.seconds
            )
            return
        self._note(
            occurrence,
            "phoned",
            self._now(),
            channel=delivery.channel,
            confirmed=delivery.confirmed,
            reason=reason,
        )
        log.info("%s: sent to the phone through %s: %s", occurrence.key, delivery.channel, reason)

    def _note(self, occurrence: Occurrence, what: What, at: datetime, **details: object) -> None:
        self._ledger.note(occurrence, what, at, self._outlook.calendar.zone, **details)

    def _outlives(self, entry: Entry) -> bool:
        """Whether a bubble may still stand of what is over: answered elsewhere, say, or of the night before."""
        handle = entry.record.handle
        return entry.decision.verb == "drop" and handle is not None and handle not in self._withdrawn
