"""The phone between its transport and the person: a topic, how to subscribe to it, and a test that is answered."""

import secrets
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

import msgspec

from remind.app import App
from remind.core.units import format_duration
from remind.desktop.notify.channel import ChannelError, Delivery
from remind.desktop.notify.ntfy import Listening, Message, Published
from remind.desktop.notify.trial import TEST
from remind.errors import RemindError, UsageError
from remind.files import write_atomically
from remind.lock import lock_owner
from remind.login import start_advice
from remind.phone_log import host, lately
from remind.settings import change, edit
from remind.settings.model import Settings
from remind.store.database import Database
from remind.store.key_value import forget_phone_secret, phone_secret
from remind.store.schedule import Schedule
from remind.store.store import Store

if TYPE_CHECKING:
    from segno import QRCode

SERVER = "https://ntfy.sh"
"""The server that is used unless the person names another one."""
APP = "Your phone reminds you through ntfy, a free app that needs no account."
BUTTON = "It works"
PRESS_LIMIT_S = 120.0
"""How long a test waits for the press of its button."""

WISHES = {
    "ahead": (
        "Ring while the computer is off, too",
        "The next stretch and the next question about the night then wait on the server, at most three days ahead. "
        "What you answer or change before that is withdrawn.",
    ),
    "discreet": ("Never mention cramps", 'A message then says no more than "Time for your stretch".'),
    "show_answered": (
        "Show on the phone what I answer at the computer",
        'The message on the phone then becomes "Answered", without a sound.',
    ),
}
"""The switches of the settings, each with its words and what it does."""

_TEST = f'Press "{BUTTON}", so that your computer knows that your answers come back.'
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None of them is easily taken for another one; sixteen make 79 bits."""
_GROUPS, _GROUP = 4, 4


def new_address(server: str = SERVER) -> str:
    """Return the address of a topic at `server` that nobody can guess, and that can be typed by hand."""
    groups = ("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return f"{server}/remind-{'-'.join(groups)}"


def address_for(app: App, server: str | None) -> str:
    """Return the address in the settings, or a new one if there is none or it is not at `server`.

    Raise UsageError if `server` is not the address of a server.
    """
    known, wanted = app.settings.phone.ntfy, server.strip().rstrip("/") if server else None
    if known is not None and wanted in (None, known.rpartition("/")[0]):
        return known
    address = new_address(wanted or SERVER)
    try:
        change.with_typed(change.own_text(app.folders), {"phone.ntfy": address}, app.folders)
    except change.NewFaultsError as error:
        raise UsageError(
            f"{server!r} is not the address of a server, such as https://ntfy.example.org; http:// is only for this "
            "computer"
        ) from error
    return address


def how_to_subscribe(address: str) -> tuple[str, ...]:
    """Return what to do on the phone, in order. The topic follows the last of it."""
    server = address.rpartition("/")[0]
    there = "" if server == SERVER else f" Choose to use another server, {server}."
    return (
        "Install ntfy from Google Play, F-Droid or the App Store.",
        f"Open it, tap + and subscribe to this topic.{there} On Android, switch on instant delivery.",
    )


def pressed_words(address: str, after_s: float | None, deaf: str) -> list[str]:
    """Return what to say of a press that came `after_s` seconds after its message, or of none that came."""
    if after_s is not None:
        after = format_duration(timedelta(seconds=max(1, round(after_s))))
        return [f"Your press came back after {after}. Messages reach your phone, and its answers come back."]
    return [
        f"No press came back within {format_duration(timedelta(seconds=PRESS_LIMIT_S))}.",
        *([f"Answers can't be heard ({deaf})."] if deaf else []),
        "If no message appeared, check that the phone has subscribed to this very topic, and that ntfy may show "
        "notifications.",
        f'If it appeared and "{BUTTON}" failed, the phone does not reach {host(address)}, or may not write to topics '
        "whose names begin with remind-. `remind help phone` says more.",
    ]


def save(app: App, address: str, wishes: Mapping[str, bool]) -> None:
    """Send to `address` from now on, with the switches in `wishes`. Raise RemindError if it can't be saved."""
    before = app.settings
    rule = before.phone
    switches = {f"phone.{name}": edit.as_typed(on) for name, on in wishes.items() if on != getattr(rule, name)}
    change.save_typed({"phone.ntfy": address, **switches}, app.folders)
    if rule.ntfy not in (None, address):
        _withdraw_scheduled(app, before)


def what_comes(app: App) -> Iterator[str]:
    """Yield what happens now that a phone is set up."""
    yield "While you are away from the computer, your reminders go to your phone."
    if lock_owner(app.folders.lock) is None:
        yield f"Nothing is sent until the service runs: {start_advice()}."


def switch_off(app: App) -> list[str]:
    """Send nothing more, withdraw what waits on the server, and make the buttons on the phone stale.

    Return what to say; nothing if no phone is set up. Raise RemindError if that can't be saved.
    """
    settings = app.settings
    if settings.phone.ntfy is None:
        return []
    text = change.without_keys(change.own_text(app.folders), ["phone.ntfy"], app.folders)
    write_atomically(app.folders.settings, text)
    said = ["Your phone gets no more reminders.", "Unsubscribe from the topic in the app on your phone, too."]
    if not _withdraw_scheduled(app, settings):
        said.append("What the server has scheduled could not be withdrawn. It still comes until you unsubscribe.")
    # Only here, since a service that runs keeps the secret in memory as long as a phone is set up.
    with Database.open(app.folders.database, app.now()) as database:
        forget_phone_secret(Store(database).key_values)
    return said


def _withdraw_scheduled(app: App, settings: Settings) -> bool:
    """Withdraw what waits on the server of `settings`. Return whether nothing waits there now.

    It opens the database for itself, since a page may close and open its own meanwhile.
    """
    from remind.service.phone_sender import PhoneSender  # only here, since the page starts sooner without it

    with Database.open(app.folders.database, app.now()) as database:
        store = Store(database)
        secret, schedule = phone_secret(store.key_values), Schedule(store, settings.calendar(app.read_zone()))
        phone = app.open_phone(settings, secret)
        assert phone is not None
        PhoneSender(app, settings, schedule, store, phone, secret).leave(app.now())
        return lately(store.ledger, app.now()).scheduled is None


def qr_code(address: str) -> "QRCode":
    """Return the code that opens `address` in the browser of a phone."""
    import segno  # slow to import, and only needed here

    return segno.make_qr(address, error="m")


class Trial:
    """A test message with a button on the phone at `address`, until `close`.

    Its press goes to a topic of its own, so that the service doesn't take it for a wrong answer.
    """

    def __init__(self, app: App, address: str) -> None:
        settings = app.loaded.settings
        there = msgspec.structs.replace(settings, phone=msgspec.structs.replace(settings.phone, ntfy=address))
        phone = app.open_phone(there, secrets.token_hex(32))
        assert phone is not None
        self._address = address
        self._phone = phone
        self._token = secrets.token_hex(16)
        self._presses: SimpleQueue[float] = SimpleQueue()
        self._listening: Listening | None = None
        self._sent_at = 0.0
        self.deaf = ""
        """Why the server can't be heard, as far as is known."""

    def send(self) -> Delivery:
        """Send the message. Raise RemindError if the server doesn't confirm it."""
        buttons = ((BUTTON, self._token),)
        try:
            self._phone.publish(Message(sequence_id="test", title=TEST.title, body=_TEST, buttons=buttons))
        except ChannelError as error:
            raise RemindError(f"the test message could not be sent ({error}). `remind help phone` says more") from error
        self._sent_at = time.monotonic()
        return Delivery(self._phone.name, confirmed=True, server=host(self._address))

    def pressed_after_s(self, within_s: float) -> float | None:
        """Return how many seconds after the message its press came, if it comes within `within_s` seconds, or None."""
        if self._listening is None:
            self._listening = self._phone.listen("all", self._heard, self._not_heard)
        try:
            return self._presses.get(timeout=within_s) - self._sent_at
        except Empty:
            return None

    def close(self) -> None:
        """Stop listening."""
        if self._listening is not None:
            self._listening.close()

    def _heard(self, press: Published) -> None:
        if press.message == self._token:
            self._presses.put(time.monotonic())

    def _not_heard(self, why: str) -> None:
        self.deaf = why
