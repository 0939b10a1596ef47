"""What desktops tell over D-Bus: each name, type and unit as it stands in the service's own code."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec

from remind.desktop.presence.dbus_probes import Call, Question
from remind.desktop.presence.presence import NO_SENSE, FailedError, Signs, SilentError

_LONGEST_MS = timedelta(days=3660) // timedelta(milliseconds=1)
_NOTIFICATIONS, _NOTIFICATIONS_PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
_PROPERTIES = "org.freedesktop.DBus.Properties"


def idle(milliseconds: int) -> Signs:
    """Nothing touched for so long. Raises FailedError for more than ten years."""
    if not 0 <= milliseconds <= _LONGEST_MS:
        raise FailedError(NO_SENSE)
    return Signs(idle=timedelta(milliseconds=milliseconds))


def _idle_in_kde(milliseconds: int) -> Signs:
    # Versions that cannot tell, as under Wayland, say 0 at all times.
    if milliseconds == 0:
        raise SilentError("it says 0, as it does where it does not know")
    return idle(milliseconds)


def _locked(active: bool) -> Signs:
    return Signs(locked=active)


def _quiet(on: bool) -> Signs:
    return Signs(do_not_disturb=on)


def _hints(properties: dict[str, tuple[str, Any]]) -> Signs:
    # Many a locker and desktop never gives these hints, so that only one that is given tells anything.
    kinds = {"LockedHint": "b", "IdleHint": "b", "IdleSinceHintMonotonic": "t"}
    if any(properties.get(name, ("",))[0] != kind for name, kind in kinds.items()):
        raise FailedError(NO_SENSE)
    locked, is_idle, since_us = (properties[name][1] for name in kinds)
    if not locked and not is_idle:
        raise SilentError("it gives no hint")
    hinted = idle(int(time.monotonic() * 1000) - since_us // 1000) if is_idle and since_us else Signs()
    return Signs(idle=hinted.idle, locked=locked or None)


def _in_variant(read: Callable[[bool], Signs]) -> Callable[[tuple[str, Any]], Signs]:
    def unpacked(variant: tuple[str, Any]) -> Signs:
        kind, value = variant
        if kind != "b":
            raise FailedError(NO_SENSE)
        return read(value)

    return unpacked


def _screen_lock(desktop: str) -> Question:
    name = f"org.{desktop}.ScreenSaver"
    call = Call(name, f"/org/{desktop}/ScreenSaver", name, "GetActive", "b")
    return Question(f"screen lock of {desktop}", call, _locked)


def _switch(probe: str, interface: str, name: str) -> Question:
    """A property of the notification server that says whether it is quiet."""
    call = Call(_NOTIFICATIONS, _NOTIFICATIONS_PATH, _PROPERTIES, "Get", "v", (interface, name))
    return Question(probe, call, _in_variant(_quiet))


_SCREEN_SHIELD = Call(
    "org.gnome.Shell.ScreenShield", "/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "GetActive", "b"
)
_MUTTER, _MUTTER_PATH = "org.gnome.Mutter.IdleMonitor", "/org/gnome/Mutter/IdleMonitor/Core"
_SAVER, _SAVER_PATH = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"
_XFCONF, _XFCONF_PATH = "org.xfce.Xfconf", "/org/xfce/Xfconf"
_SWAYNC, _SWAYNC_PATH = "org.erikreider.swaync.cc", "/org/erikreider/swaync/cc"
_LOGIND, _LOGIND_PATH = "org.freedesktop.login1", "/org/freedesktop/login1/session/auto"

SESSION = (
    Question("Mutter", Call(_MUTTER, _MUTTER_PATH, _MUTTER, "GetIdletime", "t"), idle),
    Question("idle time of KDE", Call(_SAVER, _SAVER_PATH, _SAVER, "GetSessionIdleTime", "u"), _idle_in_kde),
    # Where org.gnome.ScreenSaver belongs to a helper that runs only once somebody asks for it, the shell itself tells.
    msgspec.structs.replace(_screen_lock("gnome"), probe="screen lock of GNOME Shell", call=_SCREEN_SHIELD),
    *map(_screen_lock, ("freedesktop", "gnome", "xfce", "cinnamon", "mate")),
    _switch("notifications of KDE", _NOTIFICATIONS, "Inhibited"),
    _switch("dunst", "org.dunstproject.cmd0", "paused"),
    Question(
        "notifications of Xfce",
        Call(_XFCONF, _XFCONF_PATH, _XFCONF, "GetProperty", "v", ("xfce4-notifyd", "/do-not-disturb")),
        _in_variant(_quiet),
        server="Xfce Notify Daemon",
    ),
    Question(
        "mako",
        Call(_NOTIFICATIONS, "/fr/emersion/Mako", "fr.emersion.Mako", "ListModes", "as"),
        lambda modes: _quiet("do-not-disturb" in modes),
    ),
    Question("swaync", Call(_SWAYNC, _SWAYNC_PATH, _SWAYNC, "GetDnd", "b"), _quiet),
)
"""On the session bus."""

SYSTEM = (
    Question(
        "logind",
        Call(_LOGIND, _LOGIND_PATH, _PROPERTIES, "GetAll", "a{sv}", ("org.freedesktop.login1.Session",)),
        _hints,
    ),
)
"""On the system bus."""
