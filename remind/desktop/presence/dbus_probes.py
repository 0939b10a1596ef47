"""Questions to services on a bus, all sent at once over one short connection: one that hangs delays no other."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from remind.desktop.presence.presence import BROKEN, NO_SENSE, FailedError, Signs, SilentError, Told, silent
from remind.desktop.presence.stream import left

Message = Any
"""A `jeepney.Message`: jeepney has no types, and is imported only once a bus is spoken to."""

_NOBODY = {"org.freedesktop.DBus.Error.NameHasNoOwner", "org.freedesktop.DBus.Error.ServiceUnknown"}


class Call(msgspec.Struct, frozen=True):
    """A call that changes nothing. A service that does not run is not started by it."""

    to: str
    path: str
    interface: str
    member: str
    gives: str
    """The signature of an answer that makes sense, in the D-Bus type system."""
    arguments: tuple[str, ...] = ()


class Question(msgspec.Struct, frozen=True):
    """A call, and how its answer is read."""

    probe: str
    call: Call
    read: Callable[..., Signs]
    """Makes Signs of the values in the answer. Raises SilentError where they tell nothing."""
    server: str = ""
    """Only the notification server of this name heeds what is asked for."""


_SERVER = Call(
    "org.freedesktop.Notifications",
    "/org/freedesktop/Notifications",
    "org.freedesktop.Notifications",
    "GetServerInformation",
    "ssss",
)


def ask(address: str, questions: Sequence[Question], deadline: float) -> list[Told]:
    """What the services on the bus at `address` say by `deadline` on the monotonic clock."""
    try:
        server, *replies = _replies(address, [_SERVER, *(question.call for question in questions)], deadline)
    except FileNotFoundError:
        return [Told(one.probe, silence="there is no such bus") for one in questions]
    except BROKEN as error:
        return [Told(one.probe, silence=f"the bus does not answer: {error}", failed=True) for one in questions]
    name = _server_name(server)
    return [_told(question, reply, name) for question, reply in zip(questions, replies, strict=True)]


def answer(address: str, call: Call, deadline: float) -> tuple[Any, ...]:
    """The values in the answer to `call` on the bus at `address`.

    Raises:
        SilentError: there is none, or not by `deadline` on the monotonic clock.
    """
    try:
        (reply,) = _replies(address, [call], deadline)
    except BROKEN as error:
        raise FailedError(f"the bus does not answer: {error}") from error
    return _values(reply, call.gives)


def notification_server(address: str, deadline: float) -> tuple[str, str]:
    """The name and vendor that the notification server on the bus at `address` gives itself; empty if none says."""
    with suppress(SilentError):
        name, vendor, *_ = answer(address, _SERVER, deadline)
        return name, vendor
    return "", ""


def _replies(address: str, calls: Sequence[Call], deadline: float) -> list[Message | None]:
    """The reply to each call, None where none came in time."""
    from jeepney import HeaderFields, Parser, message_bus
    from jeepney.bus import get_connectable_addresses
    from jeepney.io.blocking import prep_socket

    messages = [message_bus.Hello(), *map(_message, calls)]
    replies: dict[int, Message] = {}
    parser = Parser()
    with prep_socket(next(get_connectable_addresses(address)), timeout=left(deadline)) as sock, suppress(TimeoutError):
        for serial, message in enumerate(messages):
            sock.settimeout(left(deadline))
            sock.sendall(message.serialise(serial=serial + 1))
        while len(replies) < len(messages):
            sock.settimeout(left(deadline))
            data = sock.recv(65536)
            if not data:
                raise ConnectionError("the connection was closed")
            for message in parser.feed(data):
                answered = message.header.fields.get(HeaderFields.reply_serial)
                if answered is not None:
                    replies.setdefault(answered, message)  # mako 1.10 sends an error after its good reply
    return [replies.get(serial + 1) for serial in range(1, len(messages))]


def _message(call: Call) -> Message:
    from jeepney import DBusAddress, MessageFlag, new_method_call

    address = DBusAddress(call.path, call.to, call.interface)
    message = new_method_call(address, call.member, "s" * len(call.arguments) or None, call.arguments)
    message.header.flags |= MessageFlag.no_auto_start
    return message


def _told(question: Question, reply: Message | None, server: str) -> Told:
    try:
        values = _values(reply, question.call.gives)
        if question.server not in ("", server):
            raise SilentError(f"the notification server is {server or 'unknown'}, which does not heed it")
        return Told(question.probe, question.read(*values))
    except SilentError as error:
        return silent(question.probe, error)


def _values(reply: Message | None, gives: str) -> tuple[Any, ...]:
    from jeepney import HeaderFields, MessageType

    if reply is None:
        raise FailedError("no answer in time")
    fields = reply.header.fields
    if reply.header.message_type is MessageType.error:
        name = fields.get(HeaderFields.error_name)
        raise SilentError("it is not running" if name in _NOBODY else "it does not tell")
    if fields.get(HeaderFields.signature) != gives:
        raise FailedError(NO_SENSE)
    return tuple(reply.body)


def _server_name(reply: Message | None) -> str:
    with suppress(SilentError):
        return str(_values(reply, _SERVER.gives)[0])
    return ""
