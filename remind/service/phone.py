"""The phone of the service: what is sent there, and what is answered there."""

import logging
from collections.abc import Callable
from datetime import datetime

from remind.app import App
from remind.core.agenda import Entry
from remind.errors import RemindError
from remind.service.button_actions import ButtonActions
from remind.service.phone_answers import PhoneAnswers
from remind.service.phone_sender import PhoneSender
from remind.settings.model import Settings
from remind.store.key_value import phone_secret
from remind.store.schedule import Schedule
from remind.store.store import Store

log = logging.getLogger("remind")


class ServicePhone:
    """Sends and listens in the job that calls `run` at each `next_fire_time`."""

    def __init__(self, app: App, settings: Settings, store: Store, changed: Callable[[str], None]) -> None:
        self.settings = settings.phone
        self._app = app
        self._store = store
        self._secret = phone_secret(store.key_values)
        phone = app.open_phone(settings, self._secret)
        assert phone is not None
        self._phone = phone
        self._answers = PhoneAnswers(app, store.key_values, phone, self._secret, changed)
        self.close = self._answers.close

    def follow(self, settings: Settings, schedule: Schedule, buttons: ButtonActions) -> None:
        """Go by `schedule` and `settings` from now on, and give answers to `buttons`; listening goes on."""
        self._sender = PhoneSender(self._app, settings, schedule, self._store, self._phone, self._secret)
        self._answers.follow(schedule, buttons)

    def deliver(self, entry: Entry, now: datetime) -> None:
        """Send `entry`, which was decided just now, if it is due on the phone."""
        self._sender.deliver(entry, now)

    def next_fire_time(self, now: datetime) -> datetime | None:
        """Return when to call `run`; None if there is nothing to do."""
        times = (self._sender.next_fire_time(now), self._answers.next_fire_time(now))
        return min(filter(None, times), default=None)

    def run(self) -> None:
        """Bring the server's messages and the listening in line with the ledger and the settings."""
        now = self._app.now()
        self._sender.tend(now)
        self._answers.tend(now)

    def leave(self) -> None:
        """Stop listening, and withdraw what the server has not delivered. A failure is logged."""
        self._answers.close()
        try:
            self._sender.leave(self._app.now())
        except RemindError as error:
            log.error("%s; what the phone's earlier server keeps may still be sent", error)
