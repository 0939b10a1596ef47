"""The services of a desktop on a bus, which say what a test tells them."""

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from jeepney import HeaderFields, MessageFlag, MessageType, message_bus, new_error, new_method_return
from jeepney.io.blocking import open_dbus_connection

SERVER = "org.freedesktop.Notifications"
ABOUT = (f"{SERVER}.GetServerInformation",)
Answers = Mapping[tuple[str, ...], tuple[str, tuple[object, ...]]]
"""By interface and member, and the words of the call: the signature and the values of the answer."""


class FakeDesktop:
    """Owns `names` on the bus at `address` from its making until `end`, and answers at `path`."""

    def __init__(self, address: str, names: list[str], path: str, answers: Answers) -> None:
        self.answers: Answers = answers
        self.behaviour = "good"
        """Else hang or crash; and twice sends an error after each good reply."""
        self._path = path
        self._connection = open_dbus_connection(address)
        for name in names:
            self._connection.send_and_get_reply(message_bus.RequestName(name), timeout=20)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Leave the bus."""
        with suppress(OSError):
            self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(20)

    def _serve(self) -> None:
        with suppress(OSError), self._connection:
            while True:
                call = self._connection.receive()
                if call.header.message_type is MessageType.method_call:
                    self._answer(call)

    def _answer(self, call: Any) -> None:
        fields = call.header.fields
        assert call.header.flags & MessageFlag.no_auto_start, "a question starts no program"
        if self.behaviour == "crash":
            raise ConnectionAbortedError
        if self.behaviour == "hang":
            return
        asked = (f"{fields[HeaderFields.interface]}.{fields[HeaderFields.member]}", *call.body)
        known = self.answers.get(asked)
        if known is None or (fields[HeaderFields.path] != self._path and asked != ABOUT):
            self._connection.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod"))
        else:
            self._connection.send(new_method_return(call, *known))
            if self.behaviour == "twice":
                self._connection.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod"))
