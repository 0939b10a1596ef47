"""A notification server that does what a test wants, even what no good server does."""

from collections.abc import Sequence
from typing import Any

import msgspec
from fake_service import FakeService
from jeepney import DBusAddress, HeaderFields, message_bus, new_error, new_method_return, new_signal
from jeepney.io.blocking import open_dbus_connection

NAME = "org.freedesktop.Notifications"
OBJECT = DBusAddress("/org/freedesktop/Notifications", NAME, NAME)
ABLE = ("actions", "body", "body-markup", "sound")


def number(handle: str | None) -> int:
    """The server's id of a notification."""
    assert handle is not None
    return int(handle.rpartition("/")[2])


class Shown(msgspec.Struct, frozen=True):
    """What a call of Notify asked for."""

    sender: str
    application: str
    replaces: int
    icon: str
    title: str
    body: str
    actions: list[str]
    hints: dict[str, Any]
    expires_ms: int


class FakeServer(FakeService):
    """Owns the name of notification servers on the bus at `address` from its making until `end`."""

    def __init__(self, address: str, able: Sequence[str] = ABLE) -> None:
        self.able = list(able)
        self.shown: list[Shown] = []
        self.asked: list[str] = []
        self.closed: list[int] = []
        self._kept: list[Any] = []
        super().__init__(address, NAME)
        # Its behaviour may also be refuse, gone or rubbish; and late keeps each reply until `release`.

    def press(self, number: int, answer: object, to: str | None = None, signature: str = "us") -> None:
        """Signal that a button was pressed, to everyone or to the connection `to` alone."""
        self._signal("ActionInvoked", signature, (number, answer), to)

    def dismiss(self, number: int) -> None:
        """Signal that the person closed a notification."""
        self._signal("NotificationClosed", "uu", (number, 2), None)

    def release(self) -> None:
        """Send the replies that were kept."""
        for reply in self._kept:
            self.connection.send(reply)
        self._kept.clear()

    def _signal(self, member: str, signature: str, body: tuple[object, ...], to: str | None) -> None:
        signal = new_signal(OBJECT, member, signature, body)
        if to is not None:
            signal.header.fields[HeaderFields.destination] = to
        self.connection.send(signal)

    def heard(self, call: Any) -> None:
        self.asked.append(call.header.fields[HeaderFields.member])

    def answer(self, call: Any) -> None:
        if self.behaviour == "refuse":
            self.connection.send(new_error(call, f"{NAME}.Error", "s", ("not today",)))
            return
        if self.behaviour == "gone" and self.asked[-1] == "Notify":
            # As the bus replies for a server that has just ended, before it tells that to everybody.
            self.connection.send(new_error(call, "org.freedesktop.DBus.Error.ServiceUnknown", "s", ("not provided",)))
            return
        reply = self._reply(call, self.asked[-1])
        if self.behaviour == "late":
            self._kept.append(reply)
        else:
            self.connection.send(reply)

    def _reply(self, call: Any, member: str) -> Any:
        if member == "CloseNotification":
            self.closed.append(call.body[0])
            return new_method_return(call)
        if self.behaviour == "rubbish":
            return new_method_return(call, "ai", ([1, 2],))
        if member == "GetServerInformation":
            return new_method_return(call, "ssss", ("fake", "nobody", "1.0", "1.2"))
        if member == "GetCapabilities":
            return new_method_return(call, "as", (self.able,))
        self.shown.append(Shown(call.header.fields[HeaderFields.sender], *call.body))
        return new_method_return(call, "u", (self.shown[-1].replaces or len(self.shown),))


class FakeGnomeShell(FakeServer):
    """GNOME 48: two connections own the server's name and the shell's, and each of them signals a press."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self._shell = open_dbus_connection(address)
        self._shell.send_and_get_reply(message_bus.RequestName("org.gnome.Shell"), timeout=20)

    def end(self) -> None:
        self._shell.close()
        super().end()

    def press(self, number: int, answer: object, to: str | None = None, signature: str = "us") -> None:
        """Signal it as a broadcast of the shell, then from the server to `to` alone, if that still listens."""
        self._shell.send(new_signal(OBJECT, "ActionInvoked", signature, (number, answer)))
        if to is not None:
            super().press(number, answer, to, signature)
