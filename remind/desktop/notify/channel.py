"""What every way to show a notification takes, gives back and promises."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import msgspec

from remind.desktop.command import CommandError, CommandTimeoutError
from remind.desktop.dbus import BusError, BusTimeoutError
from remind.desktop.notify.text import one_line
from remind.errors import RemindError

APPLICATION = "remind"
PYTHON = (sys.executable, "-P", "-W", "ignore")
"""This interpreter for a file of this folder; -P, since the folder must not come before the file's own imports."""


class ChannelError(RemindError):
    """A notification cannot be shown through this channel now; its text is the reason."""


class SlowError(ChannelError):
    """No answer in time: what was asked for may still come about, and must not be asked for in another way."""


@contextmanager
def channel_errors() -> Iterator[None]:
    """Raise what goes wrong on the bus or in a command as a ChannelError of one line."""
    try:
        yield
    except (BusTimeoutError, CommandTimeoutError) as error:
        raise SlowError(str(error)) from error
    except (BusError, CommandError) as error:
        raise ChannelError(one_line(str(error))) from error


class Button(msgspec.Struct, frozen=True):
    """One answer that can be given: its name, the words on the button, and the command that does the same."""

    answer: str
    label: str
    command: str


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """What a person is to see for the occurrence `key` of `reminder`. All text is plain text."""

    key: str
    reminder: str
    title: str
    body: str = ""
    buttons: tuple[Button, ...] = ()
    sound: str = ""
    """A name of the XDG Sound Naming Specification, as "complete"; empty is silent."""
    lasting: bool = True
    """Stays until it is answered; otherwise the server takes it away after a while, and keeps no record."""
    replaces: str | None = None
    """The handle of an earlier bubble whose place it takes."""

    @property
    def body_with_commands(self) -> str:
        """The body for where no buttons can be: with the command for each."""
        commands = "\n".join(f"{button.label}: {button.command}" for button in self.buttons)
        return f"{self.body}\n{commands}".strip()


class Delivery(msgspec.Struct, frozen=True):
    """How a notification was shown."""

    channel: str
    confirmed: bool = False
    """The other side said that it took it. Without that, nothing is known of what a person saw."""
    handle: str | None = None
    """The bubble's name, for `replaces`, `withdraw` and answers; never the same for two bubbles."""
    server: str = ""
    """The program that draws the bubble, as it names itself."""
    failures: tuple[str, ...] = ()
    """Why each better channel could not show it."""


OnAnswer = Callable[[str, str, str | None], None]
"""Called with a bubble's handle, the answer of the pressed button, and the key of the occurrence.

The key is None for a bubble of an earlier run, known by its handle alone, as are bubbles of others.
It is called on a thread of the channel's own, which hears nothing more until it returns: it must be quick and
must not raise.
"""


class Phone(Protocol):
    """What reaches a person who is elsewhere. It is no channel: no answer comes back, and nothing is taken away."""

    def check(self) -> str:
        """In a few words where a message would go, without sending one.

        Raises:
            ChannelError: none could be sent.
        """

    def send(self, notification: Notification) -> Delivery:
        """Send `notification` without its buttons.

        Raises:
            ChannelError: it cannot be sent now.
        """


class Channel(Protocol):
    """A way to show a notification. Every call ends within seconds, whatever the other side does."""

    @property
    def name(self) -> str: ...

    @property
    def on_desktop(self) -> bool:
        """The desktop itself shows what comes through it, as it does for every other channel of which this is true."""

    def start(self, on_answer: OnAnswer) -> None:
        """Hear answers from now on, also to bubbles of an earlier run.

        What cannot be reached now is tried again when something is shown.
        """

    def show(self, notification: Notification) -> Delivery:
        """Show `notification`.

        Raises:
            ChannelError: it cannot be shown here now.
        """

    def withdraw(self, handle: str) -> None:
        """Take a bubble away; nothing happens if it is gone already or is another channel's."""

    def close(self) -> None:
        """Let go of everything but the bubbles; they stay."""


class TextChannel:
    """A channel that shows text and no more: it brings no answers back, and takes nothing away."""

    on_desktop = True

    def start(self, on_answer: OnAnswer) -> None: ...

    def withdraw(self, handle: str) -> None: ...

    def close(self) -> None: ...
