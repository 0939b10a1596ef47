"""Answers from the phone: listening while one may come, and recording what was pressed.

An answer counts from when it was pressed, even if it is heard later, as after a night with the computer off.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from remind.app import App
from remind.core.agenda import Entry
from remind.core.decide import clock, phoned, round_of
from remind.core.phone import PHONE, PHONE_RETRY, is_kept
from remind.core.phone_secret import answer_token, same
from remind.desktop.notify.channel import ChannelError
from remind.desktop.notify.ntfy import Listening, NtfyPhone, Published
from remind.errors import RemindError
from remind.service.button_actions import ButtonActions
from remind.store.key_value import KeyValueStore
from remind.store.schedule import Schedule

log = logging.getLogger("remind")

_ANSWERS = ("done", "skipped", "drunk", "quiet", "cramp", "snoozed")
"""What a button on the phone may say."""
_LAST = "phone-last"
"""The store's key for the id of the last message that was heard."""
_NEVER = datetime.min.replace(tzinfo=UTC)
_MOST_LINES = 5
"""How many lines of the log may tell of answers that fit nothing."""


class PhoneAnswers:
    """Hears what is pressed on `phone`. `changed` is called with the reminder that was answered."""

    def __init__(
        self,
        app: App,
        key_values: KeyValueStore,
        phone: NtfyPhone,
        secret: str,
        changed: Callable[[str], None],
    ) -> None:
        self._app = app
        self._key_values = key_values
        self._phone = phone
        self._secret = secret
        self._changed = changed
        self._listening: Listening | None = None
        self._asked_at = _NEVER
        """When it last asked for what was pressed while it did not listen."""
        self._free_at = _NEVER
        """When the server may be asked again after a failure."""
        self._misfits = 0
        self._recording = threading.Lock()

    def follow(self, schedule: Schedule, buttons: ButtonActions) -> None:
        """Take what is pressed for an answer to the reminders of `schedule`, and give it to `buttons`."""
        self._schedule = schedule
        self._buttons = buttons

    def next_fire_time(self, now: datetime) -> datetime | None:
        """Return when `tend` has something to do."""
        awaited, listens = list(self._awaited(now)), self._listens  # once, since another thread may end it
        wants = any(map(_is_open, awaited))
        if listens and not wants:
            return now
        if not listens and (wants or self._is_unheard(awaited, now)):
            return max(now, self._free_at)
        # From the delivery of a message on, an answer may come.
        kept = (entry.record.phone_ahead for entry in self._entries(now) if is_kept(entry.record, now))
        # Listening may end by itself, or because an answer could not be recorded, and nothing else looks for that.
        again = now + PHONE_RETRY if listens else None
        return min(filter(None, (again, *kept)), default=None)

    def tend(self, now: datetime) -> None:
        """Listen while something that was sent is open; of what is over, ask for what was pressed in time."""
        awaited = list(self._awaited(now))
        wants = any(map(_is_open, awaited))
        if self._listens and not wants:
            self.close()
        if self._listens or self._free_at > now:
            return
        try:
            if wants:
                self._listening = self._phone.listen(self._since(), self.hear, self._failed)
            elif self._is_unheard(awaited, now) and all(map(self.hear, self._phone.answers(self._since()))):
                self._asked_at = now
        except ChannelError as error:
            self._free_at = now + PHONE_RETRY
            log.warning("no answers from the phone: %s; trying again in %s s", error, PHONE_RETRY.seconds)

    @property
    def _listens(self) -> bool:
        return self._listening is not None and not self._listening.ended

    def _is_unheard(self, awaited: list[Entry], now: datetime) -> bool:
        """Return whether something was sent since it last asked."""
        return any((_sent(entry, now) or now) > self._asked_at for entry in awaited)

    def close(self) -> None:
        """Stop listening; `tend` starts again."""
        listening, self._listening = self._listening, None  # at once, since three threads close it
        if listening is not None:
            listening.close()
            self._asked_at = _NEVER  # the last press may not have come yet
        if self._misfits > _MOST_LINES:
            log.warning("%s more answers from the phone fit nothing", self._misfits - _MOST_LINES)
        self._misfits = 0

    def hear(self, one: Published) -> bool:
        """Record the answer `one`, unless it is forged, stale or garbled. Return False if the store failed."""
        try:
            with self._recording:
                self._record(one, self._app.now())
                self._key_values.set(_LAST, one.id)
        except RemindError as error:
            log.error("an answer from the phone could not be recorded: %s", error)
            self.close()  # it is heard again when listening starts anew
            self._free_at = self._app.now() + PHONE_RETRY
            return False
        return True

    def _record(self, one: Published, now: datetime) -> None:
        meant = self._meant(one.message, now)
        if meant is None:
            self._misfits += 1
            if self._misfits <= _MOST_LINES:
                log.warning("an answer from the phone fits nothing that is open, and is ignored")
            return
        entry, answer, sent = meant
        if answer == "snoozed" and not _is_open(entry):
            log.info("%s: snoozed on the phone, but the reminder is already over", entry.occurrence.key)
            return
        # The server's clock may be wrong.
        pressed = datetime.fromtimestamp(min(max(one.time, sent.timestamp()), now.timestamp()), now.tzinfo)
        reminder = self._buttons.answered(entry.occurrence.key, answer, pressed, PHONE)
        if reminder is not None:
            log.info("%s: pressed at %s", entry.occurrence.key, clock(pressed, self._schedule.calendar.zone, now))
            self._changed(reminder)

    def _meant(self, text: str, now: datetime) -> tuple[Entry, str, datetime] | None:
        for entry in self._awaited(now):
            for answer in _ANSWERS:
                round_ = round_of(entry.record) if answer == "snoozed" else ""
                if same(answer_token(self._secret, entry.occurrence.key, answer, round_), text):
                    sent = _sent(entry, now)
                    assert sent is not None
                    return entry, answer, sent
        return None

    def _awaited(self, now: datetime) -> Iterator[Entry]:
        """Yield what was sent, or may have been, and is not answered, of the last day."""
        for entry in self._entries(now):
            if entry.decision.state != "answered" and _sent(entry, now) is not None:
                yield entry

    def _entries(self, now: datetime) -> Iterator[Entry]:
        for reminder in self._schedule.calendar.reminders:
            yield from self._schedule.entries(reminder, now)

    def _since(self) -> str:
        return self._key_values.get(_LAST) or "all"

    def _failed(self, why: str) -> None:
        log.warning("no answers from the phone: %s; trying again", why)


def _sent(entry: Entry, now: datetime) -> datetime | None:
    """Return when a message about `entry` may have reached the phone."""
    record = entry.record
    unsure = record.phone_ahead or record.phone_tried_at if record.phone_unsure else None
    if unsure is not None and unsure <= now:
        return unsure
    return phoned(record, now)


def _is_open(entry: Entry) -> bool:
    return entry.decision.action != "drop"
