"""A service on a bus that answers calls as a test wants; what each answers is for those who inherit from it."""

import socket
import threading
from contextlib import suppress
from typing import Any

from jeepney import MessageType, message_bus
from jeepney.io.blocking import open_dbus_connection


class FakeService:
    """Owns `names` on the bus at `address` from its making until `end`."""

    def __init__(self, address: str, *names: str) -> None:
        self.behaviour = "good"
        """Or `hang`, which never answers, or `crash`, which leaves the bus at the next call."""
        self.connection = open_dbus_connection(address)
        for name in names:
            self.connection.send_and_get_reply(message_bus.RequestName(name), timeout=20)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def answer(self, call: Any) -> None:
        """Answer the method call `call`."""
        raise NotImplementedError

    def heard(self, call: Any) -> None:
        """Note the method call `call`, whether or not it will be answered."""

    def end(self) -> None:
        """Leave the bus."""
        with suppress(OSError):  # it may have crashed
            self.connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(20)

    def _serve(self) -> None:
        with suppress(OSError), self.connection:
            while True:
                call = self.connection.receive()
                if call.header.message_type is MessageType.method_call:
                    self.heard(call)
                    if self.behaviour == "crash":
                        return
                    if self.behaviour != "hang":
                        self.answer(call)
