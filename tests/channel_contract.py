"""What every channel promises, as tests; a class that inherits them has the fixture `rig`."""

import time
from collections.abc import Callable
from typing import Protocol

import pytest

from remind.desktop.notify.channel import Button, Channel, ChannelError, Notification, SlowError
from remind.desktop.notify.dbus_channel import DBusChannel

Answers = list[tuple[str, str, str | None]]
Opened = Callable[..., tuple[DBusChannel, Answers]]
"""Start a channel on a bus; return it and the list of the answers that it hears."""

BUTTONS = (
    Button("start", "Start", "remind stretch"),
    Button("snoozed", "In 10 min", "remind snooze"),
    Button("skipped", "Not tonight", "remind skip"),
)

HOSTILE = {
    "markup": ("<b>bold</b> & &amp; <script> </span>", "<b>bold</b> & &amp; <script> </span>"),
    "an option": ("--urgency=critical -- -x", "--urgency=critical -- -x"),
    "escape sequences": ("a\x00b\x1b[31mc\x07d\x9b2Je\ud800f\x7f", "ab[31mcd2Jef"),
    "backslashes": ("a\\nb \\x41 \\ %s %b %% $HOME `id`", "a\\nb \\x41 \\ %s %b %% $HOME `id`"),
    "right to left": ("\u202eשלום עולם\u202c مرحبا", "\u202eשלום עולם\u202c مرحبا"),
    "emoji": ("🦵🏽 👩‍⚕️ 💧", "🦵🏽 👩‍⚕️ 💧"),
    "lines": ("one\r\ntwo\n\n\tthree", "one two three"),
}
"""What is shown, and how a person reads it, apart from lines and spaces."""


def notification(**changes: object) -> Notification:
    """Return a reminder with three buttons."""
    usual = {"key": "stretch/2026-11-22", "reminder": "stretch", "title": "Title", "body": "Body"}
    return Notification(**{**usual, "buttons": BUTTONS, **changes})  # type: ignore[arg-type]


class Rig(Protocol):
    """A channel with what it talks to."""

    channel: Channel
    impatient: Channel
    """The same with a time limit of a second."""
    confirms: bool
    """The other end confirms a notification."""
    has_handles: bool
    """A notification can be replaced or withdrawn."""
    has_buttons: bool

    def read(self) -> tuple[str, str]:
        """Return title and text of what arrived last, as a person reads it."""

    def refuse(self) -> None:
        """From now on the other end refuses."""

    def hang(self) -> None:
        """From now on the other end does not answer."""

    def recover(self) -> None:
        """All is well again."""


def words(text: str) -> str:
    """Return `text` on one line, with single spaces."""
    return " ".join(text.split())


class ChannelContract:
    """Inherit this in a class whose name begins with Test."""

    def test_a_delivery_claims_no_more_than_is_known(self, rig: Rig) -> None:
        """A delivery is confirmed, and has a handle, only if the other end confirms it and gives one."""
        delivery = rig.channel.show(notification())
        assert delivery.channel == rig.channel.name
        assert delivery.confirmed == rig.confirms
        assert bool(delivery.handle) == rig.has_handles

    @pytest.mark.parametrize("kind", HOSTILE)
    def test_hostile_text_arrives_as_text(self, rig: Rig, kind: str) -> None:
        """Title and body arrive as they were written, without what no screen can show."""
        written, expected = HOSTILE[kind]
        rig.channel.show(notification(title=written, body=written, buttons=()))
        title, body = rig.read()
        assert (words(title), words(body)) == (expected, expected)

    def test_endless_text_is_cut(self, rig: Rig) -> None:
        """The beginning of ten kilobytes arrives, with a sign that there was more."""
        rig.channel.show(notification(body="stretch " * 1250, buttons=()))
        body = rig.read()[1].strip()
        assert body.startswith("stretch " * 50)
        assert body.endswith("…")
        assert len(body) <= 2000

    def test_text_may_be_missing(self, rig: Rig) -> None:
        """A notification without a body or buttons is shown."""
        rig.channel.show(notification(body="", buttons=()))
        assert rig.read()[0].strip() == "Title"

    def test_every_answer_can_be_given(self, rig: Rig) -> None:
        """Without buttons the text names a command for each answer; with buttons it stays as it is."""
        rig.channel.show(notification())
        body = words(rig.read()[1])
        if rig.has_buttons:
            assert body == "Body"
        else:
            assert body == "Body Start: remind stretch In 10 min: remind snooze Not tonight: remind skip"

    def test_a_refusal_is_an_error_and_passes(self, rig: Rig) -> None:
        """A refusal raises one line of reason; afterwards the channel shows again."""
        rig.refuse()
        with pytest.raises(ChannelError) as refusal:
            rig.channel.show(notification())
        assert len(refusal.value.lines) == 1
        rig.recover()
        rig.channel.show(notification(title="Again"))
        assert rig.read()[0] == "Again"

    def test_a_hang_is_an_error_and_passes(self, rig: Rig) -> None:
        """A desktop that hangs raises SlowError within the time limit; afterwards the channel shows again."""
        rig.hang()
        began = time.monotonic()
        with pytest.raises(SlowError if rig.channel.on_desktop else ChannelError):
            rig.impatient.show(notification())
        assert time.monotonic() - began < 10
        rig.recover()
        rig.channel.show(notification(title="Again"))
        assert rig.read()[0] == "Again"

    def test_a_strange_handle_is_left_alone(self, rig: Rig) -> None:
        """Withdrawing or replacing a notification of another channel, run or bus changes nothing."""
        for handle in ("", "ntfy:7", "0123/:1.7/3", "a/b/c/4294967296"):
            rig.channel.withdraw(handle)
            rig.channel.show(notification(replaces=handle))
            assert rig.read()[0] == "Title"

    def test_closing_is_no_end(self, rig: Rig) -> None:
        """A channel can be closed before its use, and twice, and shows again afterwards."""
        rig.channel.close()
        rig.channel.close()
        rig.channel.start(lambda *_: None)
        rig.channel.show(notification())
        rig.channel.close()
        rig.channel.show(notification(title="After"))
        assert rig.read()[0] == "After"
