"""The only D-Bus client: calls with a time limit, and signals as they arrive.

jeepney encodes the protocol and is imported only once a bus is used. The waiting is done here, because jeepney's own
connections wait forever in some places, and its reading thread ends with a traceback when the bus goes away.
"""

import itertools
import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import msgspec

from remind.errors import RemindError

Message = Any
"""A `jeepney.Message`, which has no types."""

PROPERTIES = "org.freedesktop.DBus.Properties"

_MOST_SEND_S = 2
_LOST = "the connection to D-Bus was lost"
_ERROR = "org.freedesktop.DBus.Error"
_NO_DBUS = (OSError, ValueError, RuntimeError, LookupError, TypeError, AssertionError, struct.error)
"""What jeepney raises if something other than a bus listens."""


class BusError(RemindError):
    """The bus, or a service on it, cannot be used now; the text is the reason."""


class NoBusError(BusError):
    """There is no bus."""


class BusTimeoutError(BusError):
    """There was no answer in time; what the call asked for may still happen."""


class RefusedError(BusError):
    """The reply was the error `name`."""

    def __init__(self, name: str, text: str = "") -> None:
        self.is_absent = name in (f"{_ERROR}.NameHasNoOwner", f"{_ERROR}.ServiceUnknown")
        """No service of that name is running, and the bus cannot start one."""
        ended = name == f"{_ERROR}.NoReply"
        super().__init__("the service ended before it answered" if ended else f"refused: {text or name}")


class Query(msgspec.Struct, frozen=True):
    """A call that changes nothing. It does not start a service that is not running."""

    service: str
    path: str
    interface: str
    member: str
    returns: str
    """The D-Bus signature of an answer that makes sense."""
    arguments: tuple[str, ...] = ()

    def values(self, reply: "Future[Message]", deadline: float) -> tuple[Any, ...]:
        """Return the values in `reply`. Raise BusError if none come by `deadline`, or none that make sense."""
        from jeepney import HeaderFields

        message = wait(reply, deadline)
        if message.header.fields.get(HeaderFields.signature) != self.returns:
            raise BusError("its answer makes no sense")
        return tuple(message.body)


def session_bus(environ: Mapping[str, str] = os.environ) -> str:
    """Return the address of the session bus of `environ`. Raise NoBusError if there is none.

    An empty address counts as none, since some tools would start a new, empty bus for it.
    """
    address = environ.get("DBUS_SESSION_BUS_ADDRESS")
    if address is None:
        path = Path(environ.get("XDG_RUNTIME_DIR") or os.devnull, "bus")
        address = f"unix:path={path}" if path.is_socket() else ""
    if not address:
        raise NoBusError("there is no session bus")
    return address


def system_bus(environ: Mapping[str, str]) -> str:
    """Return the address of the system bus."""
    return environ.get("DBUS_SYSTEM_BUS_ADDRESS") or "unix:path=/run/dbus/system_bus_socket"


def ask(address: str, query: Query, deadline: float) -> tuple[Any, ...]:
    """Return the answer to `query` over a short connection to the bus at `address`. Raise BusError if there is none."""
    with closing(Bus.connect(address, deadline)) as bus:
        return query.values(bus.query(query), deadline)


class Bus:
    """An open connection to a bus, read by a thread of its own; `connect` makes one."""

    def __init__(self, sock: socket.socket, on_signal: Callable[["Bus", Message], None]) -> None:
        self.identity = self.unique_name = ""
        self.alive = True
        self._sock = sock
        self._on_signal = on_signal
        self._serials = itertools.count(1)
        self._sending = threading.Lock()
        self._waiting: dict[int, tuple[Future[Message], Callable[[Message], None]]] = {}
        self._reader = threading.Thread(target=self._read, name="D-Bus", daemon=True)

    @classmethod
    def connect(
        cls, address: str, deadline: float, on_signal: Callable[["Bus", Message], None] = lambda *_: None
    ) -> "Bus":
        """Return a connection to the bus at `address`; `on_signal` gets it and every signal, on the reading thread.

        Raise BusError if the bus cannot be reached, or does not answer by `deadline` on the monotonic clock.
        """
        from jeepney import message_bus

        sock = _connected(address, deadline)
        # Reading may wait forever, writing must not; settimeout() would limit both.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", _MOST_SEND_S, 0))
        bus = cls(sock, on_signal)
        bus._reader.start()
        try:
            replies = [bus.send(message_bus.Hello()), bus.send(message_bus.GetId())]
            bus.unique_name, bus.identity = (str(next(iter(wait(reply, deadline).body), "")) for reply in replies)
        except BusError:
            bus.close()
            raise
        return bus

    def call(self, message: Message, deadline: float) -> Message:
        """Return the reply to the call `message`. Raise BusError as `wait` does."""
        return wait(self.send(message), deadline)

    def query(self, query: Query) -> "Future[Message]":
        """Send `query`, and return its reply for `query.values`. Raise BusError if the connection is lost."""
        from jeepney import MessageFlag

        signature = "s" * len(query.arguments) or None
        message = method_call(query.service, query.path, query.interface, query.member, signature, query.arguments)
        message.header.flags |= MessageFlag.no_auto_start
        return self.send(message)

    def send(self, message: Message, on_reply: Callable[[Message], None] = lambda _: None) -> "Future[Message]":
        """Send the call `message`, and return its first reply. Raise BusError if the connection is lost.

        `on_reply` gets the reply on the reading thread, unless it is an error: before any later signal, and even if
        the reply is too late for the caller who waits.
        """
        reply: Future[Message] = Future()
        serial = next(self._serials)
        self._waiting[serial] = reply, on_reply
        try:
            with self._sending:
                if self.alive:
                    self._sock.sendall(message.serialise(serial=serial))
        except OSError:
            self.alive = False  # half a message may have been sent, so nothing can follow it
        if not self.alive:
            self._waiting.pop(serial, None)
            raise BusError(_LOST)
        return reply

    def origin(self, message: Message) -> str:
        """Return a name for the sender of `message` that no other connection to any bus ever has."""
        from jeepney import HeaderFields

        return f"{self.identity}/{message.header.fields.get(HeaderFields.sender)}"

    def close(self) -> None:
        """Close the connection and end its thread; a call that waits fails."""
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)  # wakes the reading thread
        if threading.current_thread() is not self._reader:
            self._reader.join(timeout=1.0)
        self._sock.close()

    def _read(self) -> None:
        from jeepney import HeaderFields, MessageType

        try:
            for message in self._messages():
                kind, fields = message.header.message_type, message.header.fields
                if kind is MessageType.signal:
                    self._on_signal(self, message)
                elif waiting := self._waiting.pop(fields.get(HeaderFields.reply_serial), None):
                    reply, on_reply = waiting
                    if kind is MessageType.error:
                        text = str(message.body[0]) if message.body else ""
                        reply.set_exception(RefusedError(str(fields.get(HeaderFields.error_name)), text))
                    else:
                        on_reply(message)
                        reply.set_result(message)
        finally:
            self.alive = False
            for reply, _ in list(self._waiting.values()):
                reply.set_exception(BusError(_LOST))

    def _messages(self) -> Iterator[Message]:
        from jeepney import Parser

        parser = Parser()
        with suppress(*_NO_DBUS):
            while data := self._sock.recv(4096):
                yield from parser.feed(data)


def wait(reply: "Future[Message]", deadline: float) -> Message:
    """Return the message of `reply`, waiting for it until `deadline` on the monotonic clock.

    Raise BusTimeoutError if it does not come in time, RefusedError if it is an error, and BusError if the connection
    is lost.
    """
    try:
        return reply.result(_left(deadline))
    except TimeoutError:
        raise BusTimeoutError("no answer in time over D-Bus") from None


def method_call(
    service: str, path: str, interface: str, member: str, signature: str | None = None, body: tuple[object, ...] = ()
) -> Message:
    """Return the message that calls `member`."""
    from jeepney import DBusAddress, new_method_call

    return new_method_call(DBusAddress(path, service, interface), member, signature, body)


def _connected(address: str, deadline: float) -> socket.socket:
    from jeepney.bus import get_connectable_addresses
    from jeepney.io.blocking import prep_socket

    try:
        sock: socket.socket = prep_socket(next(get_connectable_addresses(address)), timeout=_left(deadline))
    except TimeoutError as error:
        raise BusError("D-Bus does not answer") from error
    except FileNotFoundError as error:
        raise NoBusError("D-Bus cannot be reached: its socket does not exist") from error
    except _NO_DBUS as error:
        reason = getattr(error, "strerror", None) or f"{address!r} is not the address of a bus"
        raise BusError(f"D-Bus cannot be reached: {reason}") from error
    return sock


def _left(deadline: float) -> float:
    return max(0.0, deadline - time.monotonic())
