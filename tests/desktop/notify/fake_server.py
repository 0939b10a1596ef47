"""A notification server that does what a test tells it, also what no good server does."""

import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import msgspec
from jeepney import (
    DBusAddress,
    HeaderFields,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import open_dbus_connection

from remind.desktop.notify.dbus_channel import DBusChannel

NAME = "org.freedesktop.Notifications"
OBJECT = DBusAddress("/org/freedesktop/Notifications", NAME, NAME)
ABLE = ("actions", "body", "body-markup", "sound")

Answers = list[tuple[str, str, str | None]]
Opened = Callable[..., tuple[DBusChannel, Answers]]
"""Starts a channel on a bus, and gives it with the list of the answers that it hears."""


def number(handle: str | None) -> int:
    """The server's id of a bubble."""
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


class FakeServer:
    """Owns the name of notification servers on the bus at `address` from its making until `end`."""

    def __init__(self, address: str, able: Sequence[str] = ABLE) -> None:
        self.behaviour = "good"
        """Else one of hang, refuse, rubbish, crash; and late keeps each reply until `release`."""
        self.able = list(able)
        self.shown: list[Shown] = []
        self.asked: list[str] = []
        self.closed: list[int] = []
        self._kept: list[Any] = []
        self._connection = open_dbus_connection(address)
        self._connection.send_and_get_reply(message_bus.RequestName(NAME), timeout=20)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Leave the bus."""
        with suppress(OSError):  # it may have crashed
            self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(20)

    def press(self, number: int, answer: object, to: str | None = None, signature: str = "us") -> None:
        """Say that a button was pressed: to everyone, or to the connection `to` alone."""
        self._signal("ActionInvoked", signature, (number, answer), to)

    def dismiss(self, number: int) -> None:
        """Say that a bubble was closed by the person."""
        self._signal("NotificationClosed", "uu", (number, 2), None)

    def release(self) -> None:
        """Send the replies that were kept."""
        for reply in self._kept:
            self._connection.send(reply)
        self._kept.clear()

    def _signal(self, member: str, signature: str, body: tuple[object, ...], to: str | None) -> None:
        signal = new_signal(OBJECT, member, signature, body)
        if to is not None:
            signal.header.fields[HeaderFields.destination] = to
        self._connection.send(signal)

    def _serve(self) -> None:
        with suppress(OSError), self._connection:
            while True:
                message = self._connection.receive()
                if message.header.message_type is MessageType.method_call:
                    self._answer(message)

    def _answer(self, call: Any) -> None:
        member = call.header.fields[HeaderFields.member]
        self.asked.append(member)
        if self.behaviour == "crash":
            raise ConnectionAbortedError
        if self.behaviour == "hang":
            return
        if self.behaviour == "refuse":
            self._connection.send(new_error(call, f"{NAME}.Error", "s", ("not today",)))
            return
        reply = self._reply(call, member)
        if self.behaviour == "late":
            self._kept.append(reply)
        else:
            self._connection.send(reply)

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
    """GNOME 48: the server's name and the shell's belong to two connections, and each of them tells of a press."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self._shell = open_dbus_connection(address)
        self._shell.send_and_get_reply(message_bus.RequestName("org.gnome.Shell"), timeout=20)

    def end(self) -> None:
        self._shell.close()
        super().end()

    def press(self, number: int, answer: object, to: str | None = None, signature: str = "us") -> None:
        """The shell broadcasts it, then the owner of the server's name tells `to` alone, if that still listens."""
        self._shell.send(new_signal(OBJECT, "ActionInvoked", signature, (number, answer)))
        if to is not None:
            super().press(number, answer, to, signature)
