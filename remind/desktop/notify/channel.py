"""What every channel takes, returns and promises."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec

from remind.desktop.command import CommandError, CommandTimeoutError
from remind.desktop.dbus import BusError, BusTimeoutError
from remind.desktop.notify.text import one_line
from remind.errors import RemindError

APPLICATION = "remind"


class ChannelError(RemindError):
    """The channel cannot show a notification now; its text is the reason."""


class SlowError(ChannelError):
    """No answer in time: the notification may still appear, so no other channel of the desktop may be tried."""


@contextmanager
def channel_errors() -> Iterator[None]:
    """Raise each BusError and CommandError as a ChannelError of one line."""
    try:
        yield
    except (BusTimeoutError, CommandTimeoutError) as error:
        raise SlowError(str(error)) from error
    except (BusError, CommandError) as error:
        raise ChannelError(one_line(str(error))) from error


class Button(msgspec.Struct, frozen=True):
    """A possible answer: its name, the label of the button, and the command that does the same."""

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
    """The other side confirmed it. Otherwise nobody knows whether it can be seen."""
    handle: str | None = None
    """The unique name of the notification, for `replaces`, `withdraw` and answers."""
    server: str = ""
    """The program that draws it, by the name that it gives itself."""
    failures: tuple[str, ...] = ()
    """Why each better channel could not show it."""


OnAnswer = Callable[[str, str, str | None], None]
"""Called with the handle of a notification, the answer of the pressed button, and the key of the occurrence.

The key is None for a notification of an earlier run or of another program. The channel calls this on its own thread and
hears nothing else until it returns, so it must be quick and must not raise.
"""


class Channel:
    """A way to show a notification. Every call ends within seconds, whatever the other side does.

    A channel that only shows text leaves `start`, `withdraw` and `close` as they are.
    """

    name: str
    on_desktop = True
    """The desktop itself shows it, as it does for every other channel of which this is true."""

    def start(self, on_answer: OnAnswer) -> None:
        """Hear answers from now on, also to notifications of an earlier run.

        What cannot be reached now is tried again when something is shown.
        """

    def show(self, notification: Notification) -> Delivery:
        """Show `notification`. Raise ChannelError if it cannot be shown here now."""
        raise NotImplementedError

    def withdraw(self, handle: str) -> None:
        """Remove a notification; nothing happens if it is gone already or is another channel's."""

    def close(self) -> None:
        """Release everything; notifications stay on the screen."""
