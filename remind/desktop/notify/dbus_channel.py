"""Notifications with buttons, through the desktop's server (Desktop Notifications Specification 1.2)."""

import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial

import msgspec

from remind.desktop import dbus
from remind.desktop.dbus import Bus, BusError, Message, RefusedError
from remind.desktop.notify.channel import (
    APPLICATION,
    Channel,
    ChannelError,
    Delivery,
    Notification,
    OnAnswer,
    channel_errors,
)
from remind.desktop.notify.text import escaped, one_line, plain
from remind.files import ICON, shipped

_NAME = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_PRESSED = f"type='signal',interface='{_NAME}',member='ActionInvoked'"
_SHELL = "org.gnome.Shell"
"""In GNOME 48 another process owns the server's name, and the shell broadcasts each press from its own connection."""
_OTHER_OWNER = "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='{}'"
_NOTIFY = "susssasa{sv}i"
_UNTIL_ANSWERED, _AS_THE_SERVER_LIKES, _EXPIRES_AT_ONCE = 0, -1, 1
_NORMAL_URGENCY = 1
_LEAVES_WHAT_IS_CLOSED = "Notification Daemon"
"""Version 3.20 leaves a closed notification on the screen, in the way of others, but removes an expired one."""
_MOST_REMEMBERED = 64


class Server(msgspec.Struct, frozen=True):
    """What a notification server reports about itself."""

    origin: str
    """Its connection, which changes when it restarts."""
    name: str
    version: str
    capabilities: frozenset[str]


@contextmanager
def _server_errors() -> Iterator[None]:
    """Do the same as `channel_errors`, and say in plain words that the server is gone, whichever call finds that."""
    with channel_errors():
        try:
            yield
        except RefusedError as error:
            if error.is_absent:
                raise ChannelError("no notification server is running, and none can be started") from error
            raise


class DBusChannel(Channel):
    """Shows notifications through the server on the session bus of `environ`.

    A handle is the bus, the connection and the id, because a restarted server gives old ids to new notifications.
    """

    name = "dbus"

    def __init__(self, environ: Mapping[str, str] = os.environ, timeout: float = 5.0) -> None:
        self._environ = environ
        self._timeout = timeout
        self._on_answer: OnAnswer = lambda *_: None
        self._connecting = threading.Lock()
        self._bus: Bus | None = None
        self._monitor: Bus | None = None
        self._overhears = False
        self._server: Server | None = None
        self._owners: dict[str, str] = {}  # of the server's name and the shell's
        self._last_press: tuple[str, str] | None = None
        self._handles: dict[str, str] = {}  # the newest handle of each key, even if it was confirmed too late

    def start(self, on_answer: OnAnswer) -> None:
        self.close()
        self._on_answer, self._overhears = on_answer, True
        with suppress(BusError):
            self._connect(self._deadline())

    @_server_errors()
    def show(self, notification: Notification) -> Delivery:
        deadline = self._deadline()
        bus = self._connect(deadline)
        server = self._server or self._ask(bus, deadline)
        origin, number = _split(notification.replaces or self._handles.get(notification.key, ""))
        call = _notify(notification, server, number if origin == server.origin else 0)
        handle = _handle(bus, dbus.wait(bus.send(call, partial(self._remember, bus, notification.key)), deadline))
        if handle is None:
            raise ChannelError("the notification server answered without an id")
        return Delivery(self.name, confirmed=True, handle=handle, server=f"{server.name} {server.version}".strip())

    def withdraw(self, handle: str) -> None:
        origin, number = _split(handle)
        identity, _, owner = origin.partition("/")
        bus, server = self._bus, self._server  # another thread may close them at any time
        if bus is not None and owner and identity == bus.identity:
            with suppress(BusError):
                if server is not None and server.name == _LEAVES_WHAT_IS_CLOSED:
                    brief: tuple[object, ...] = (APPLICATION, number, "", APPLICATION, "", [], {}, _EXPIRES_AT_ONCE)
                    bus.send(_call("Notify", _NOTIFY, brief, to=owner))
                # To that connection, since another server may have a notification with the same number.
                bus.send(_call("CloseNotification", "u", (number,), to=owner))

    def close(self) -> None:
        with self._connecting:
            connections = self._bus, self._monitor
            self._bus = self._monitor = self._server = None
            self._overhears = False
        for bus in filter(None, connections):
            bus.close()

    @_server_errors()
    def server(self) -> Server:
        """Return what the server reports about itself; the bus starts one if needed. Raise ChannelError without one."""
        deadline = self._deadline()
        return self._ask(self._connect(deadline), deadline)

    def _deadline(self) -> float:
        return time.monotonic() + self._timeout

    def _connect(self, deadline: float) -> Bus:
        from jeepney import message_bus

        with self._connecting:
            if self._bus is not None and self._bus.alive:
                return self._bus
            for lost in filter(None, (self._bus, self._monitor)):
                lost.close()
            self._bus = self._monitor = self._server = None
            bus = Bus.connect(dbus.session_bus(self._environ), deadline, self._signal)
            try:
                for rule in (_PRESSED, *map(_OTHER_OWNER.format, (_NAME, _SHELL))):
                    bus.send(message_bus.AddMatch(rule))
                for name in (_NAME, _SHELL):
                    self._owners.pop(name, None)
                    with suppress(RefusedError):  # nobody owns it
                        self._owners[name] = bus.call(message_bus.GetNameOwner(name), deadline).body[0]
            except BusError:  # without all of this, it would miss presses
                bus.close()
                raise
            self._bus = bus
            if self._overhears:
                self._overhear(deadline)
            return bus

    def _overhear(self, deadline: float) -> None:
        from jeepney.bus_messages import Monitoring

        with suppress(BusError):
            self._monitor = Bus.connect(dbus.session_bus(self._environ), deadline, self._overheard)
            self._monitor.call(Monitoring().BecomeMonitor([_PRESSED]), deadline)

    def _ask(self, bus: Bus, deadline: float) -> Server:
        about = bus.call(_call("GetServerInformation"), deadline)
        able = bus.call(_call("GetCapabilities"), deadline)
        # A server that answers nonsense here may still show text.
        name, _, version = [*filter(_is_text, about.body), "", "", ""][:3]
        words = able.body[0] if able.body and isinstance(able.body[0], list) else []
        self._server = Server(bus.origin(about), one_line(name), one_line(version), frozenset(filter(_is_text, words)))
        return self._server

    def _remember(self, bus: Bus, key: str, reply: Message) -> None:
        handle = _handle(bus, reply)
        if handle is not None:
            self._last_press = None  # the same number may be pressed again
            self._handles.pop(key, None)
            self._handles[key] = handle
            if len(self._handles) > _MOST_REMEMBERED:
                del self._handles[next(iter(self._handles))]

    def _signal(self, bus: Bus, signal: Message) -> None:
        from jeepney import HeaderFields

        match signal.header.fields.get(HeaderFields.member), signal.body:
            case "NameOwnerChanged", (str(name), _, str(owner)):
                self._owners[name] = owner
                if name == _NAME:
                    self._server = None  # asked again at the next showing
            case "ActionInvoked", (int(number), str(answer)):
                sender = signal.header.fields.get(HeaderFields.sender)
                if sender == self._owners.get(_SHELL):
                    sender = self._owners.get(_NAME) or sender
                handle = f"{bus.identity}/{sender}/{number}"
                if (handle, answer) == self._last_press:
                    return
                self._last_press = handle, answer
                key = next((key for key, shown in [*self._handles.items()] if shown == handle), None)
                self._on_answer(handle, answer, key)

    def _overheard(self, monitor: Bus, signal: Message) -> None:
        from jeepney import HeaderFields

        # dunst and others signal a press only to the connection that showed the notification, which a restart ends.
        told = signal.header.fields.get(HeaderFields.destination)
        if told is not None and (self._bus is None or told != self._bus.unique_name):
            self._signal(monitor, signal)


def _notify(notification: Notification, server: Server, replaced: int) -> Message:
    buttons = "actions" in server.capabilities
    body = plain(notification.body if buttons else notification.body_with_commands)
    actions = [word for button in notification.buttons for word in (button.answer, one_line(button.label)) if buttons]
    hints = {
        "urgency": ("y", _NORMAL_URGENCY),
        "category": ("s", f"x-{APPLICATION}.{one_line(notification.reminder)}"),
        "desktop-entry": ("s", APPLICATION),
        "transient": ("b", not notification.lasting),
    }
    if notification.sound and "sound" in server.capabilities:
        hints["sound-name"] = ("s", notification.sound)
    return _call(
        "Notify",
        _NOTIFY,
        (
            APPLICATION,
            replaced,
            (shipped() / ICON).as_uri(),
            one_line(notification.title),
            escaped(body) if "body-markup" in server.capabilities else body,
            actions,
            hints,
            _UNTIL_ANSWERED if notification.lasting else _AS_THE_SERVER_LIKES,
        ),
    )


def _call(member: str, signature: str | None = None, body: tuple[object, ...] = (), to: str = _NAME) -> Message:
    return dbus.method_call(to, _PATH, _NAME, member, signature, body)


def _handle(bus: Bus, reply: Message) -> str | None:
    match reply.body:
        case (int(number),) if number > 0:
            return f"{bus.origin(reply)}/{number}"
    return None


def _split(handle: str) -> tuple[str, int]:
    """Return the connection and the id in `handle`, or an empty one and 0 for a handle of another channel."""
    origin, _, number = handle.rpartition("/")
    return (origin, int(number)) if number.isdecimal() else ("", 0)


def _is_text(value: object) -> bool:
    return isinstance(value, str)
