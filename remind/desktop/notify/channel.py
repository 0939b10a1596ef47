"""The contract of channels: what each takes, gives back and promises."""

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
    """The channel cannot show a notification now; its text is the reason."""


class SlowError(ChannelError):
    """No answer in time: the notification may still appear, so no other channel of the desktop may be tried."""


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
    """What to show for the occurrence `key` of `reminder`. All text is plain text."""

    key: str
    reminder: str
    title: str
    body: str = ""
    buttons: tuple[Button, ...] = ()
    sound: str = ""
    """A name from the XDG Sound Naming Specification, such as "complete"; empty is silent."""
    lasting: bool = True
    """It stays until it is answered; otherwise the server removes it after a while, and keeps no record."""
    replaces: str | None = None
    """The handle of the earlier notification that it replaces."""

    @property
    def body_with_commands(self) -> str:
        """Return the body with the command of each button, for where there are no buttons."""
        commands = "\n".join(f"{button.label}: {button.command}" for button in self.buttons)
        return f"{self.body}\n{commands}".strip()


class Delivery(msgspec.Struct, frozen=True):
    """How a notification was shown."""

    channel: str
    confirmed: bool = False
    """The other side said that it took it. Otherwise nobody knows whether a person saw it."""
    handle: str | None = None
    """Its name, for `replaces`, `withdraw` and answers; no two notifications have the same."""
    server: str = ""
    """The program that draws it, as it names itself."""
    failures: tuple[str, ...] = ()
    """Why each better channel could not show it."""


OnAnswer = Callable[[str, str, str | None], None]
"""Called with the handle of a notification, the answer of the pressed button, and the key of the occurrence.

The key is None for a notification of an earlier run, and for one of another program.
The channel calls it on its own thread, which hears nothing else until it returns: it must be quick and must not raise.
"""


class Phone(Protocol):
    """A way to reach a person who is elsewhere. It is not a channel: it brings no answers back."""

    def check(self) -> str:
        """Return in a few words where a message would go, without sending one.

        Raises:
            ChannelError: it could not be sent.
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
        """Whether the desktop itself shows it, as it does for every other channel of which this is true."""

    def start(self, on_answer: OnAnswer) -> None:
        """Hear answers from now on, also to notifications of an earlier run.

        What cannot be reached now is tried again when something is shown.
        """

    def show(self, notification: Notification) -> Delivery:
        """Show `notification`.

        Raises:
            ChannelError: it cannot be shown here now.
        """

    def withdraw(self, handle: str) -> None:
        """Remove a notification; nothing happens if it is gone already or is another channel's."""

    def close(self) -> None:
        """Release everything; notifications stay on the screen."""


class TextChannel:
    """A channel that only shows text: it brings no answers back, and cannot remove what it showed."""

    on_desktop = True

    def start(self, on_answer: OnAnswer) -> None: ...

    def withdraw(self, handle: str) -> None: ...

    def close(self) -> None: ...
