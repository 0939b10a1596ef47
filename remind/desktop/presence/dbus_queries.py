"""What desktops report over D-Bus: each name, type and unit is the one in the service's own code."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import closing
from functools import partial
from typing import Any

import msgspec

from remind.desktop.dbus import PROPERTIES, Bus, BusError, Message, Query
from remind.desktop.presence.presence import (
    NO_SENSE,
    Environ,
    FailedError,
    Probe,
    ProbeResult,
    Readings,
    UnavailableError,
    idle_for,
    result,
    without_readings,
)

NOTIFICATIONS, _NOTIFICATIONS_PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
SERVER = Query(NOTIFICATIONS, _NOTIFICATIONS_PATH, NOTIFICATIONS, "GetServerInformation", "ssss")


class DBusProbe(msgspec.Struct, frozen=True):
    """A query, and how to read its answer."""

    name: str
    query: Query
    read: Callable[..., Readings]
    """Returns the readings for the values in the answer. Raises UnavailableError if they say nothing."""
    server: str = ""
    """Only the notification server of this name follows the setting."""


def on_bus(address_of: Callable[[Environ], str], probes: Sequence[DBusProbe]) -> Probe:
    """Return `probes` as one, sent together over one short connection, so that one that hangs delays no other.

    `address_of` returns the address of the bus for an environment.
    """

    def ask(environ: Environ, deadline: float) -> list[ProbeResult]:
        try:
            with closing(Bus.connect(address_of(environ), deadline)) as bus:
                server = bus.query(SERVER)
                replies = [bus.query(probe.query) for probe in probes]
                name = _server_name(server, deadline)
                return [
                    result(probe.name, partial(_readings, probe, reply, name, deadline))
                    for probe, reply in zip(probes, replies, strict=True)
                ]
        except BusError as error:
            return [without_readings(probe.name, error) for probe in probes]

    return ask


def _readings(probe: DBusProbe, reply: "Future[Message]", server: str, deadline: float) -> Readings:
    values = probe.query.values(reply, deadline)
    if probe.server not in ("", server):
        raise UnavailableError(f"the notification server is {server or 'unknown'}, which does not follow it")
    return probe.read(*values)


def _server_name(reply: "Future[Message]", deadline: float) -> str:
    try:
        return str(SERVER.values(reply, deadline)[0])
    except BusError:
        return ""


def _idle_in_kde(milliseconds: int) -> Readings:
    # Versions that do not know, as under Wayland, always say 0.
    if milliseconds == 0:
        raise UnavailableError("it says 0, as it does when it does not know")
    return idle_for(milliseconds)


def _locked(active: bool) -> Readings:
    return Readings(locked=active)


def _quiet(on: bool) -> Readings:
    return Readings(do_not_disturb=on)


def _quiet_in_variant(variant: tuple[str, Any]) -> Readings:
    kind, value = variant
    if kind != "b":
        raise FailedError(NO_SENSE)
    return _quiet(value)


def _hints(properties: dict[str, tuple[str, Any]]) -> Readings:
    # Many screen lockers and desktops never set these hints, so only a hint that is set means anything.
    kinds = {"LockedHint": "b", "IdleHint": "b", "IdleSinceHintMonotonic": "t"}
    if any(properties.get(name, ("",))[0] != kind for name, kind in kinds.items()):
        raise FailedError(NO_SENSE)
    locked, is_idle, since_us = (properties[name][1] for name in kinds)
    if not locked and not is_idle:
        raise UnavailableError("it gives no hint")
    hinted = idle_for(int(time.monotonic() * 1000) - since_us // 1000) if is_idle and since_us else Readings()
    return Readings(idle=hinted.idle, locked=locked or None)


def _screen_lock(desktop: str, service: str = "") -> DBusProbe:
    name = f"org.{desktop}.ScreenSaver"
    query = Query(service or name, f"/org/{desktop}/ScreenSaver", name, "GetActive", "b")
    return DBusProbe(f"screen lock of {'GNOME Shell' if service else desktop}", query, _locked)


def _switch(probe: str, interface: str, name: str) -> DBusProbe:
    """Return the probe of a property of the notification server that says whether it is quiet."""
    query = Query(NOTIFICATIONS, _NOTIFICATIONS_PATH, PROPERTIES, "Get", "v", (interface, name))
    return DBusProbe(probe, query, _quiet_in_variant)


_MUTTER, _MUTTER_PATH = "org.gnome.Mutter.IdleMonitor", "/org/gnome/Mutter/IdleMonitor/Core"
_SAVER, _SAVER_PATH = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"
_XFCONF, _XFCONF_PATH = "org.xfce.Xfconf", "/org/xfce/Xfconf"
_SWAYNC, _SWAYNC_PATH = "org.erikreider.swaync.cc", "/org/erikreider/swaync/cc"
_LOGIND, _LOGIND_PATH = "org.freedesktop.login1", "/org/freedesktop/login1/session/auto"

SESSION = (
    DBusProbe("Mutter", Query(_MUTTER, _MUTTER_PATH, _MUTTER, "GetIdletime", "t"), idle_for),
    DBusProbe("idle time of KDE", Query(_SAVER, _SAVER_PATH, _SAVER, "GetSessionIdleTime", "u"), _idle_in_kde),
    # GNOME starts org.gnome.ScreenSaver only once somebody asks for it; the shell itself always answers.
    _screen_lock("gnome", service="org.gnome.Shell.ScreenShield"),
    *map(_screen_lock, ("freedesktop", "gnome", "xfce", "cinnamon", "mate")),
    _switch("notifications of KDE", NOTIFICATIONS, "Inhibited"),
    _switch("dunst", "org.dunstproject.cmd0", "paused"),
    DBusProbe(
        "notifications of Xfce",
        Query(_XFCONF, _XFCONF_PATH, _XFCONF, "GetProperty", "v", ("xfce4-notifyd", "/do-not-disturb")),
        _quiet_in_variant,
        server="Xfce Notify Daemon",
    ),
    DBusProbe(
        "mako",
        Query(NOTIFICATIONS, "/fr/emersion/Mako", "fr.emersion.Mako", "ListModes", "as"),
        lambda modes: _quiet("do-not-disturb" in modes),
    ),
    DBusProbe("swaync", Query(_SWAYNC, _SWAYNC_PATH, _SWAYNC, "GetDnd", "b"), _quiet),
)
"""On the session bus."""

SYSTEM = (
    DBusProbe(
        "logind",
        Query(_LOGIND, _LOGIND_PATH, PROPERTIES, "GetAll", "a{sv}", (f"{_LOGIND}.Session",)),
        _hints,
    ),
)
"""On the system bus."""
