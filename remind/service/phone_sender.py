"""Sending to the phone: what is due there now, and what the server should deliver by itself.

Each message is in the ledger before it is handed to the server. If the outcome is not known, as after a crash or a lost
reply, the server is asked before anything is sent again.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from msgspec.structs import replace

from remind.app import App
from remind.core.agenda import Entry
from remind.core.decide import OccurrenceRecord, clock, phoned, round_of
from remind.core.phone import PHONE, PHONE_RETRY, ahead, is_kept, phone_due, phone_free_at
from remind.core.phone_secret import answer_token, answer_topic, sequence_id
from remind.core.reminders import NIGHT, STRETCH, Occurrence
from remind.core.times import ONE_DAY
from remind.desktop.notify.channel import ChannelError
from remind.desktop.notify.ntfy import CACHE, LEAST_AHEAD, MOST_AHEAD, Message, NtfyPhone
from remind.service.phone_words import phone_words
from remind.settings.model import Settings
from remind.store.ledger import Event, What, event, fold, grouped
from remind.store.schedule import Schedule
from remind.store.store import Store

log = logging.getLogger("remind")

_PATIENCE = timedelta(minutes=1)
"""How long a scheduled message stays as it is, so that who tries many bedtimes does not exceed the server's limits."""
_FORGOTTEN = CACHE - timedelta(hours=1)
"""After this, the server may have forgotten what it took."""
_FOLLOWED = "phone-followed"
"""The key, in the store, of a digest of the secret and the address that messages were last sent to."""

Step = tuple[datetime, Callable[[datetime], None]]
"""Something to do, and when to do it."""


class PhoneSender:
    """Sends the reminders of `schedule` to `phone`, as `settings` ask for it."""

    def __init__(
        self, app: App, settings: Settings, schedule: Schedule, store: Store, phone: NtfyPhone, secret: str
    ) -> None:
        self._app = app
        self._settings = settings
        self._schedule = schedule
        self._ledger = store.ledger
        self._key_values = store.key_values
        self._phone = phone
        self._secret = secret
        self._followed = answer_topic(secret, settings.phone.ntfy or "")

    def deliver(self, entry: Entry, now: datetime) -> None:
        """Send `entry`, which was decided just now, if it is due on the phone.

        If it has to wait though the person is there, take back what the server would deliver meanwhile.
        """
        occurrence, record, decision = entry.occurrence, entry.record, entry.decision
        if not self._sends(occurrence.reminder):
            return
        if phone_due(occurrence, record, decision, now):
            why = decision.reason if decision.absent or not record.failed_at else f"not shown: {record.failure}"
            self._hand_over(occurrence, record, why, now)
            return
        waits = decision.state == "held" and not decision.absent and decision.until is not None
        if waits and is_kept(record, now) and record.phone_ahead <= decision.until:  # type: ignore[operator]
            self._withdraw(event(occurrence, "phone-withdrawn", now, self._schedule.calendar.zone), record, now)

    def next_fire_time(self, now: datetime) -> datetime | None:
        """Return when `tend` has something to do."""
        if not self._follows_address:
            return now
        return min((at for at, _ in self._steps(now)), default=None)

    def tend(self, now: datetime) -> None:
        """Bring what the server keeps in line with the schedule, and tell the phone what was answered."""
        if not self._follows_address:
            self._follow_address(now)
        for at, do in list(self._steps(now)):
            if at <= now:
                do(now)

    def leave(self, now: datetime) -> None:
        """Withdraw everything that the server has not delivered yet."""
        for last, record in self._kept(now).values():
            self._withdraw(last, record, now)

    def _sends(self, reminder: str) -> bool:
        wanted = self._settings.phone.reminders
        return reminder in self._schedule.calendar.reminders and (not wanted or reminder in wanted)

    def _steps(self, now: datetime) -> Iterator[Step]:
        kept, wanted = self._kept(now), self._wanted(now)
        for key, (last, record) in kept.items():
            free_at = phone_free_at(record, now)
            if key not in wanted or wanted[key][1] != record.phone_ahead:
                if not record.phone_fixed:
                    yield free_at, partial(self._withdraw, last, record)
                continue
            entry, at = wanted[key]
            if record.phone_unsure and free_at <= at - LEAST_AHEAD:
                yield free_at, partial(self._schedule_ahead, entry, at)
        for key, (entry, at) in wanted.items():
            tried = entry.record.phone_tried_at
            patience = tried + _PATIENCE if tried and tried <= now else now
            from_ = max(phone_free_at(entry.record, now), at - MOST_AHEAD, patience)
            if key not in kept and from_ <= at - LEAST_AHEAD:
                yield from_, partial(self._schedule_ahead, entry, at)
        if self._settings.phone.show_answered:
            yield from self._answered(now)

    @property
    def _follows_address(self) -> bool:
        return self._key_values.get(_FOLLOWED) == self._followed

    def _follow_address(self, now: datetime) -> None:
        """Count nothing that waits at an earlier address: nobody may be subscribed to that one any more."""
        for last, _ in self._kept(now).values():
            self._note_of(last, "phone-withdrawn", now, "the address has changed")
        self._key_values.set(_FOLLOWED, self._followed)

    def _kept(self, now: datetime) -> dict[str, tuple[Event, OccurrenceRecord]]:
        """Return the occurrences of which the server may yet deliver a message, with their last event."""
        events = self._ledger.events(now - 2 * ONE_DAY, now + MOST_AHEAD + 2 * ONE_DAY)
        found = {key: (group[-1], fold(group)) for key, group in grouped(events).items()}
        return {key: (last, record) for key, (last, record) in found.items() if is_kept(record, now)}

    def _wanted(self, now: datetime) -> dict[str, tuple[Entry, datetime]]:
        """Return when the server should deliver which occurrences."""
        wanted = {}
        paused_until = self._ledger.paused_until(now)
        for reminder in (STRETCH, NIGHT) if self._settings.phone.ahead else ():
            for entry in self._schedule.entries(reminder, now) if self._sends(reminder) else ():
                at = ahead(entry.occurrence, entry.record, entry.decision, paused_until, now)
                if at is not None:
                    wanted[entry.occurrence.key] = entry, at
        return wanted

    def _answered(self, now: datetime) -> Iterator[Step]:
        for reminder in filter(self._sends, self._schedule.calendar.reminders):
            for entry in self._schedule.entries(reminder, now):
                record, sent = entry.record, phoned(entry.record, now)
                told = record.phone_answered or record.answered_via == PHONE
                if entry.decision.state == "answered" and sent is not None and sent > now - CACHE and not told:
                    yield now, partial(self._tell_answered, entry.occurrence)

    def _schedule_ahead(self, entry: Entry, at: datetime, now: datetime) -> None:
        self._hand_over(entry.occurrence, entry.record, "for when the computer is off", now, at)

    def _hand_over(
        self,
        occurrence: Occurrence,
        record: OccurrenceRecord,
        why: str,
        now: datetime,
        ahead_at: datetime | None = None,
    ) -> None:
        """Publish a message about `occurrence`, for now or `ahead_at`, unless the server has it already."""
        at, until = now, ahead_at
        try:
            if (
                record.phone_unsure
                and record.phone_round == round_of(record)
                and self._has(occurrence.key, record, now)
            ):
                at, until = record.phone_tried_at or now, record.phone_ahead
            else:
                message = self._message(occurrence, record, ahead_at - now if ahead_at else None)
                self._note(occurrence, "phone-sending", now, until=ahead_at)
                self._phone.publish(message)
                at = self._app.now()
        except ChannelError as error:
            self._note(occurrence, "phone-failed", self._app.now(), reason=str(error))
            wait_s = PHONE_RETRY.seconds
            log.warning("%s: not sent to the phone: %s; trying again in %s s", occurrence.key, error, wait_s)
            return
        sent = {"channel": self._phone.name, "confirmed": True, "reason": why}
        if until is None:
            self._note(occurrence, "phoned", at, **sent)
            log.info("%s: sent to the phone through %s: %s", occurrence.key, self._phone.name, why)
        else:
            self._note(occurrence, "phone-scheduled", at, until=until, **sent)
            when = clock(until, self._schedule.calendar.zone, now)
            log.info("%s: %s sends it to the phone at %s: %s", occurrence.key, self._phone.name, when, why)

    def _has(self, key: str, record: OccurrenceRecord, now: datetime) -> bool:
        """Return whether the server has the message whose outcome is not known, or may have forgotten it."""
        last = max(filter(None, (record.phone_tried_at, record.phone_ahead)), default=now)
        return last < now - _FORGOTTEN or self._phone.has(self._token(key, record))

    def _withdraw(self, last: Event, record: OccurrenceRecord, now: datetime) -> None:
        """Withdraw the message that the server keeps about the occurrence of the event `last`."""
        key, reason = last.occurrence, None
        try:
            gone = self._phone.withdraw(sequence_id(self._secret, key), self._token(key, record))
            what: What = "phone-withdrawn" if gone else "phone-kept"
        except ChannelError as error:
            what, reason = "phone-failed", str(error)
        self._note_of(last, what, now, reason)
        log.info("%s: %s", key, {"phone-withdrawn": "withdrawn from the phone's server"}.get(what, reason or _KEPT))

    def _note_of(self, last: Event, what: What, now: datetime, reason: str | None) -> None:
        # Not of an Occurrence: the reminder may be switched off by now.
        at = now.astimezone(self._schedule.calendar.zone)
        self._ledger.add(
            Event(last.occurrence, last.reminder, last.due, what, at, channel=self._phone.name, reason=reason)
        )

    def _tell_answered(self, occurrence: Occurrence, now: datetime) -> None:
        self._note(occurrence, "phone-answered", now)
        try:
            self._phone.publish(
                Message(sequence_id=sequence_id(self._secret, occurrence.key), title="Answered", quiet=True)
            )
        except ChannelError as error:
            log.warning("%s: the phone does not show that it is answered: %s", occurrence.key, error)

    def _message(self, occurrence: Occurrence, record: OccurrenceRecord, delay: timedelta | None) -> Message:
        question = self._schedule.question(occurrence, self._app.now())
        folder = self._app.folders.routines
        words = phone_words(occurrence, self._settings, folder, question, ahead=delay is not None)
        of_round = replace(record, phone_round=round_of(record))
        return Message(
            sequence_id=sequence_id(self._secret, occurrence.key),
            title=words.title,
            body=words.body,
            buttons=tuple((label, self._token(occurrence.key, of_round, answer)) for label, answer in words.buttons),
            delay=delay,
        )

    def _token(self, key: str, record: OccurrenceRecord, answer: str = "snoozed") -> str:
        """Return what the button `answer` posts; every message has one to snooze it, which tells its round."""
        return answer_token(self._secret, key, answer, record.phone_round if answer == "snoozed" else "")

    def _note(self, occurrence: Occurrence, what: What, at: datetime, **details: object) -> None:
        self._ledger.note(occurrence, what, at, self._schedule.calendar.zone, **details)


_KEPT = "the phone's server can't withdraw it"
