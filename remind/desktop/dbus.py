"""A connection to the session bus: calls that end in time, signals as they come.

jeepney speaks the protocol. The waiting is done here: its own connections wait for ever in some places,
and its reading thread ends with a traceback when the bus goes away.
"""

import itertools
import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from remind.desktop.notify.channel import ChannelError, SlowError

Message = Any
"""A `jeepney.Message`: jeepney has no types, and is imported only once a bus is spoken to."""

_MOST_SEND_S = 2
_PLAIN_WORDS = {
    "org.freedesktop.DBus.Error.ServiceUnknown": "no notification server is running, and none can be started",
    "org.freedesktop.DBus.Error.NoReply": "the notification server ended before it answered",
}


def session_bus(environ: Mapping[str, str]) -> str:
    """The address of the session bus that `environ` leads to.

    Raises:
        ChannelError: there is none. An empty address means none: a bus started for it would be an empty one.
    """
    address = environ.get("DBUS_SESSION_BUS_ADDRESS")
    if address is None:
        path = Path(environ.get("XDG_RUNTIME_DIR") or os.devnull, "bus")
        address = f"unix:path={path}" if path.is_socket() else ""
    if not address:
        raise ChannelError("there is no session bus")
    return address


class Bus:
    """An open connection to a bus, read by a thread of its own; `connect` makes one."""

    def __init__(self, sock: socket.socket, on_signal: Callable[["Bus", Message], None]) -> None:
        self.identity = self.unique_name = ""
        self.alive = True
        self._sock = sock
        self._on_signal = on_signal
        self._serials = itertools.count(1)
        self._sending = threading.Lock()
        self._waiting: dict[int, Callable[[Message | None], None]] = {}
        self._reader = threading.Thread(target=self._read, name="session bus", daemon=True)

    @classmethod
    def connect(cls, address: str, deadline: float, on_signal: Callable[["Bus", Message], None]) -> "Bus":
        """A connection to the bus at `address`; `on_signal` gets it and every signal, on the reading thread.

        Raises:
            ChannelError: the bus cannot be reached, or did not answer by `deadline` on the monotonic clock.
        """
        from jeepney import message_bus
        from jeepney.bus import get_connectable_addresses
        from jeepney.io.blocking import prep_socket

        try:
            sock = prep_socket(next(get_connectable_addresses(address)), timeout=_left(deadline))
        except TimeoutError as error:
            raise ChannelError("the session bus does not answer") from error
        except OSError as error:
            raise ChannelError(f"the session bus cannot be reached: {error.strerror or error}") from error
        except (ValueError, RuntimeError) as error:
            raise ChannelError(f"the session bus cannot be reached at {address!r}: no such kind of address") from error
        # Reading must be able to wait for ever, and writing must not; settimeout() would bound both.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", _MOST_SEND_S, 0))
        bus = cls(sock, on_signal)
        bus._reader.start()
        try:
            bus.unique_name = bus.call(message_bus.Hello(), deadline).body[0]
            bus.identity = bus.call(message_bus.GetId(), deadline).body[0]
        except ChannelError:
            bus.close()
            raise
        return bus

    def call(self, message: Message, deadline: float, arrived: Callable[[Message], None] = lambda _: None) -> Message:
        """The reply to the call `message`, waited for until `deadline` on the monotonic clock.

        `arrived` gets the reply on the reading thread, before any later signal, and even when it comes too
        late for the one who waited.

        Raises:
            ChannelError: no reply in time, an error for a reply, or the connection is gone.
        """
        from jeepney import HeaderFields, MessageType

        replies: SimpleQueue[Message | None] = SimpleQueue()

        def answered(reply: Message | None) -> None:
            if reply is not None and reply.header.message_type is MessageType.method_return:
                arrived(reply)
            replies.put(reply)

        serial = next(self._serials)
        self._waiting[serial] = answered
        self._write(message, serial)
        try:
            reply = replies.get(timeout=_left(deadline))
        except Empty:
            raise SlowError("no answer in time over the session bus") from None
        if reply is None:
            raise ChannelError("the session bus went away")
        if reply.header.message_type is MessageType.error:
            name = reply.header.fields.get(HeaderFields.error_name)
            raise ChannelError(_PLAIN_WORDS.get(name) or f"refused: {reply.body[0] if reply.body else name}")
        return reply

    def send(self, message: Message) -> None:
        """Send the call `message` without waiting for a reply; may be used on the reading thread.

        Raises:
            ChannelError: the connection is gone.
        """
        from jeepney import MessageFlag

        message.header.flags |= MessageFlag.no_reply_expected
        self._write(message, next(self._serials))

    def origin(self, message: Message) -> str:
        """Who sent `message`: a name given to one connection of one run of one bus, and never again."""
        from jeepney import HeaderFields

        return f"{self.identity}/{message.header.fields.get(HeaderFields.sender)}"

    def close(self) -> None:
        """End the connection and its thread; a call that waits fails."""
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)  # wakes the reading thread
        if threading.current_thread() is not self._reader:
            self._reader.join(timeout=1.0)
        self._sock.close()

    def _write(self, message: Message, serial: int) -> None:
        try:
            with self._sending:
                if self.alive:
                    self._sock.sendall(message.serialise(serial=serial))
        except OSError:
            self.alive = False  # half a message may be on its way, so nothing can follow it
        if not self.alive:
            raise ChannelError("the session bus went away")

    def _read(self) -> None:
        from jeepney import HeaderFields, MessageType, Parser

        parser = Parser()
        try:
            while data := self._sock.recv(4096):
                for message in parser.feed(data):
                    if message.header.message_type is MessageType.signal:
                        self._on_signal(self, message)
                        continue
                    answered = self._waiting.pop(message.header.fields.get(HeaderFields.reply_serial), None)
                    if answered is not None:
                        answered(message)
        except OSError:
            pass
        finally:
            self.alive = False
            for answered in list(self._waiting.values()):
                answered(None)


def _left(deadline: float) -> float:
    return max(0.0, deadline - time.monotonic())
