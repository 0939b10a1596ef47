"""The desktop: its bus, its notification server, the channels that lead there, and what it tells of presence."""

import shutil
import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING

from remind.app import App
from remind.core.decide import Presence
from remind.core.units import format_duration
from remind.desktop.presence.presence import Signs, merged
from remind.doctor.check import Check
from remind.errors import RemindError

if TYPE_CHECKING:
    from remind.store.ledger import Event

_LOOKED_BACK = timedelta(days=30)
_LOG_IN = "log in to a desktop; without one, `remind run` in a terminal prints its reminders there"
_SERVER = "start the notification server of your desktop, or install one, such as dunst"
_WORDS = {
    "locked": ("the screen is locked", "the screen is not locked"),
    "do_not_disturb": ("do not disturb is on", "do not disturb is off"),
    "full_screen": ("a window fills the screen", "no window fills the screen"),
}


def bus(app: App) -> Iterator[Check]:
    """The session bus, where desktops have one."""
    if sys.platform == "linux":
        try:
            yield Check("bus", "ok", app.session_bus())
        except RemindError as error:
            yield Check("bus", "warning", str(error), _LOG_IN)


def server(app: App) -> Iterator[Check]:
    """The notification server, and what it can do."""
    if sys.platform == "linux":
        try:
            found = app.notification_server()
        except RemindError as error:
            yield Check("server", "warning", str(error), _SERVER)
        else:
            offers = ", ".join(sorted(found.capabilities)) or "nothing but text"
            buttons = "" if "actions" in found.capabilities else "; without buttons, commands stand in the text"
            yield Check("server", "ok", f"{found.name} {found.version}, which offers {offers}{buttons}")


def channels(app: App) -> Iterator[Check]:
    """The channels in the order in which they are used, and whether each works, as far as that can be known unseen."""
    names = [channel.name for channel in app.open_channels(app.loaded.settings).channels]
    obstacles = {name: _obstacle(app, name) for name in names}
    # Only a server on D-Bus says of itself that it is there; for all else nothing but its absence can be known.
    usable = [name for name in names if not obstacles[name]]
    words = [f"{name} ({obstacles[name] or ('works' if name == 'dbus' else 'not tried')})" for name in names]
    found = ", then ".join(words)
    if not usable:
        yield Check("channels", "fault", found, f"nothing can show a reminder here: {_LOG_IN}")
    elif usable[0] != names[0]:
        advice = f"{usable[0]} is used until {names[0]} works; try it with `remind notify`"
        yield Check("channels", "warning", found, advice)
    else:
        yield Check("channels", "ok", found, "" if names[0] == "dbus" else "try it with `remind notify`")


def presence(app: App) -> Iterator[Check]:
    """What follows from all that the desktop tells, and what each probe says."""
    rule = app.loaded.settings.presence
    if not rule.enabled:
        yield Check("presence", "ok", "not asked, since presence.enabled is false")
        return
    told = app.signs_of_presence()
    found = merged(told, rule.away_after)
    away = {None: "nothing tells whether you are away", True: "you are away", False: "you are here"}[found.away]
    yield Check("presence", "ok", ", ".join([away, *_known(found)]))
    for one in told:
        if one.failed:
            yield Check("presence", "warning", f"{one.probe}: {one.silence}", "what it tells is taken for unknown")
        elif not one.silence:
            yield Check("presence", "ok", f"{one.probe}: {_said(one.signs)}")
    silent: dict[str, list[str]] = {}
    for one in told:
        if one.silence and not one.failed:
            silent.setdefault(one.silence, []).append(one.probe)
    for reason, probes in silent.items():
        yield Check("presence", "ok", f"no sign, since {reason}: {', '.join(probes)}")


def phone(app: App) -> Iterator[Check]:
    """Where messages to the phone go, and what became of the last one; none is sent."""
    try:
        found = app.open_phone(app.loaded.settings)
        if found is None:
            yield Check("phone", "ok", "none is set up")
            return
        where = found.check()
    except RemindError as error:
        yield Check("phone", "fault", str(error), "until that is mended, nothing reaches your phone")
        return
    last = _last_to_phone(app)
    if last is None:
        yield Check("phone", "ok", f"{where}; nothing was sent yet: `remind notify --phone` tries it")
    elif last.what == "phone-failed":
        failed = f"{where}; failed {last.at:%Y-%m-%d %H:%M}: {last.reason}"
        yield Check("phone", "warning", failed, "`remind notify --phone` tries it")
    else:
        yield Check("phone", "ok", f"{where}; last sent {last.at:%Y-%m-%d %H:%M}")


def _last_to_phone(app: App) -> "Event | None":
    now = app.now()
    try:
        events = app.store_for_reading.ledger.events(now - _LOOKED_BACK, now)
    except RemindError:  # told by the check of the database
        return None
    return max((one for one in events if one.what in ("phoned", "phone-failed")), key=lambda one: one.at, default=None)


def _said(signs: Signs) -> str:
    idle = [] if signs.idle is None else [f"idle for {format_duration(signs.idle)}"]
    return ", ".join([*idle, *_known(signs)]) or "nothing"


def _known(signs: Signs | Presence) -> list[str]:
    values = {name: getattr(signs, name) for name in _WORDS}
    return [_WORDS[name][0 if value else 1] for name, value in values.items() if value is not None]


def _obstacle(app: App, channel: str) -> str:
    """Why `channel` cannot show anything now; empty where nothing is known against it."""
    try:
        if channel == "dbus":
            app.notification_server()
        elif channel == "plyer" and sys.platform == "linux":
            app.notification_server()  # notify-send needs one too
            return "" if shutil.which("notify-send") else "notify-send is not installed"
        elif channel == "osascript":
            return "" if shutil.which("osascript") else "osascript is not on PATH"
        elif channel == "desktop-notifier":
            return "" if find_spec("desktop_notifier") else "desktop-notifier is not installed"
    except RemindError as error:
        return str(error)
    return ""
