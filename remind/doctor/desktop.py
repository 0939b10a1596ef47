"""Checks of the desktop: bus, notification server, channels, presence, sound, and the way to the phone."""

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec

from remind.app import App
from remind.core.decide import Presence
from remind.core.units import format_duration
from remind.desktop.dbus import Bus, BusError, session_bus
from remind.desktop.notify.channel import ChannelError
from remind.desktop.notify.dbus_channel import DBusChannel, Server
from remind.desktop.presence.presence import Readings, look_around, merged
from remind.doctor import Check, Verdict
from remind.errors import RemindError
from remind.phone_log import Lately, in_words, lately

_MOST_S = 1.5
"""Seconds that the bus and the notification server together may take, and that all players together may."""
_LOG_IN = "log in to a desktop; without one, `remind run` prints its reminders in a terminal"
_SERVER = "start the notification server of your desktop, or install one such as dunst"
_TRY = "try it with `remind notify`"
_WORDS = {
    "locked": ("the screen is locked", "the screen is not locked"),
    "do_not_disturb": ("do not disturb is on", "do not disturb is off"),
    "full_screen": ("a window fills the screen", "no window fills the screen"),
}


def bus_address(deadline: float) -> str:
    """Return the address of the session bus. Raise BusError if there is none, or it does not answer by `deadline`."""
    address = session_bus()
    Bus.connect(address, deadline).close()
    return address


def notification_server(deadline: float) -> Server:
    """Return what the notification server reports about itself. Raise ChannelError if none answers by `deadline`."""
    with closing(DBusChannel(timeout=deadline - time.monotonic())) as channel:
        return channel.server()


def notifications(app: App) -> Iterator[Check]:
    """Check the session bus, the notification server on it, and the channels."""
    no_server = ""
    if sys.platform not in ("darwin", "win32"):
        deadline = time.monotonic() + _MOST_S
        try:
            yield Check("bus", "ok", bus_address(deadline))
            yield _server(notification_server(deadline))
        except BusError as error:
            no_server = str(error)
            yield Check("bus", "warning", no_server, _LOG_IN)
            yield Check("server", "warning", no_server, _LOG_IN)
        except ChannelError as error:
            no_server = str(error)
            yield Check("server", "warning", no_server, _SERVER)
    yield _channels(app, no_server)


def _server(server: Server) -> Check:
    offers = ", ".join(sorted(server.capabilities)) or "only plain text"
    buttons = "" if "actions" in server.capabilities else "; without buttons, the text names the commands"
    return Check("server", "ok", f"{server.name} {server.version}, which offers {offers}{buttons}")


def _channels(app: App, no_server: str) -> Check:
    """Check the channels in the order in which they are used; `no_server` is why there is no server, or empty.

    Only a server on D-Bus confirms that it is there. About everything else, doctor can know only that it is missing.
    """
    names = [channel.name for channel in app.open_channels(app.loaded.settings).channels]
    obstacles = {name: _obstacle(name, no_server) for name in names}
    usable = [name for name in names if not obstacles[name]]
    words = [f"{name} ({obstacles[name] or ('works' if name == 'dbus' else 'not tried')})" for name in names]
    found = ", then ".join(words)
    if not usable:
        return Check("channels", "fault", found, f"nothing can show a reminder here: {_LOG_IN}")
    if usable[0] != names[0]:
        return Check("channels", "warning", found, f"{usable[0]} is used until {names[0]} works; {_TRY}")
    return Check("channels", "ok", found, "" if names[0] == "dbus" else _TRY)


def _obstacle(channel: str, no_server: str) -> str:
    """Return why `channel` cannot show anything now, or an empty text if nothing is known against it."""
    match channel:
        case "dbus":
            return no_server
        case "plyer" if sys.platform == "linux":  # notify-send needs a server too
            return no_server or ("" if shutil.which("notify-send") else "notify-send is not installed")
        case "osascript":
            return "" if shutil.which("osascript") else "osascript is not on PATH"
        case "desktop-notifier":
            return "" if find_spec("desktop_notifier") else "desktop-notifier is not installed"
    return ""


def presence(app: App) -> Iterator[Check]:
    """Check what each probe reports, and what follows from all of them."""
    rule = app.loaded.settings.presence
    if not rule.enabled:
        yield Check("presence", "ok", "not checked, because presence.enabled is false")
        return
    results = look_around()
    found = merged(results, rule.away_after)
    away = {None: "nothing says whether you are away", True: "you are away", False: "you are here"}[found.away]
    yield Check("presence", "ok", ", ".join([away, *_known(found)]))
    for result in results:
        if result.failed:
            yield Check("presence", "warning", f"{result.probe}: {result.unavailable}", "treated as unknown")
        elif not result.unavailable:
            yield Check("presence", "ok", f"{result.probe}: {_said(result.readings)}")
    unavailable: dict[str, list[str]] = {}
    for result in results:
        if result.unavailable and not result.failed:
            unavailable.setdefault(result.unavailable, []).append(result.probe)
    for reason, probes in unavailable.items():
        yield Check("presence", "ok", f"no reading, because {reason}: {', '.join(probes)}")


def sound(app: App) -> Iterator[Check]:
    """Check what will be heard in a guided session, by playing a silent file; nothing is spoken."""
    from remind.desktop import sound as sounds

    wished = app.loaded.settings.sound
    voice = next((one.name for one in sounds.voices()), None)
    spoken = "the voice is off" if not wished.voice else f"{voice} speaks (not tried)" if voice else "there is no voice"
    mute = wished.voice and voice is None
    verdict: Verdict = "warning" if mute else "ok"
    advice = "install espeak-ng to hear the voice" if mute else ""
    if not wished.chime:
        yield Check("sound", verdict, f"the chime is off; {spoken}", advice)
        return
    players = sounds.players()
    silence = str(sounds.sound_file("silence"))
    player, failures = sounds.first_working(players, silence, _MOST_S / max(1, len(players)))
    if player:
        yield Check("sound", verdict, f"{player.name} plays the chimes; {spoken}", advice)
        return
    reasons = "; ".join(f"{name}: {why}" for name, why in failures.items()) or "no player was found"
    advice = "many terminals leave their bell off: install pipewire-bin, pulseaudio-utils or alsa-utils to hear chimes"
    yield Check("sound", "warning", f"only the terminal's bell rings ({reasons}); {spoken}", advice)


def phone(app: App) -> Iterator[Check]:
    """Check where messages to the phone go, and what became of the last ones; none is sent."""
    try:
        transport = app.open_phone(app.loaded.settings)
        if transport is None:
            yield Check("phone", "ok", "not set up")
            return
        where = transport.check()
    except RemindError as error:
        yield Check("phone", "fault", str(error), "until this is fixed, nothing reaches your phone")
        return
    try:
        last = lately(app.store_for_reading.ledger, app.now())
    except RemindError:  # the check of the database reports it
        last = Lately()
    found = "; ".join([where, *(f"{label.lower()}: {words}" for label, words in in_words(last, app))])
    if last.failed:
        yield Check("phone", "warning", found, "try it with `remind notify --phone`")
    else:
        yield Check("phone", "ok", found, "" if last.sent else "try it with `remind notify --phone`")


def _said(readings: Readings) -> str:
    idle = [] if readings.idle is None else [f"idle for {format_duration(readings.idle)}"]
    return ", ".join([*idle, *_known(readings)]) or "nothing"


def _known(readings: Readings | Presence) -> list[str]:
    values = {name: getattr(readings, name) for name in _WORDS}
    return [_WORDS[name][0 if value else 1] for name, value in values.items() if value is not None]
