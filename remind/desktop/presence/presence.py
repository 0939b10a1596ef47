"""What probes report about the person's presence, within a time limit, and what follows from all of them together."""

import struct
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta

import msgspec

from remind.core.decide import Presence
from remind.desktop.command import CommandError, CommandTimeoutError, run
from remind.desktop.dbus import BusError, NoBusError, RefusedError, session_bus, system_bus
from remind.desktop.environ import session_environ
from remind.errors import RemindError

NO_SENSE = "its answer makes no sense"

MOST_EACH_S = 0.5
MOST_S = 1.5
"""Seconds that one probe, and all together, may take if something hangs; otherwise they need milliseconds."""

_LONGEST_MS = timedelta(days=3660) // timedelta(milliseconds=1)
_BROKEN = (OSError, ValueError, RuntimeError, LookupError, TypeError, struct.error)
"""What is raised if the other end is missing, or sends nonsense."""


class UnavailableError(RemindError):
    """A probe has nothing to report on this desktop; its text is the reason."""


class FailedError(UnavailableError):
    """A probe should have something to report here, but it hangs or its answer makes no sense."""


class Readings(msgspec.Struct, frozen=True):
    """What a probe reports; None is what it does not know, never a guess."""

    idle: timedelta | None = None
    """Nobody has touched the keyboard, mouse or screen for at least this long."""
    locked: bool | None = None
    do_not_disturb: bool | None = None
    full_screen: bool | None = None


class ProbeResult(msgspec.Struct, frozen=True):
    """What the probe of that name reports, or why it reports nothing."""

    probe: str
    readings: Readings = Readings()
    unavailable: str = ""
    failed: bool = False
    """It should have reported something."""


Environ = Mapping[str, str]
Probe = Callable[[Environ, float], list[ProbeResult]]
"""Asks in a desktop session's environment, until a deadline on the monotonic clock; raises nothing."""


def probe(name: str, ask: Callable[[Environ, float], Readings]) -> Probe:
    """Return the probe called `name` that reports what `ask` returns, or why it failed."""
    return lambda environ, deadline: [result(name, lambda: ask(environ, deadline))]


def result(name: str, read: Callable[[], Readings]) -> ProbeResult:
    """Return what `read` returns as the result of the probe called `name`, or why it failed."""
    try:
        return ProbeResult(name, read())
    except (UnavailableError, BusError, *_BROKEN) as error:
        return without_readings(name, error)


def without_readings(name: str, error: Exception) -> ProbeResult:
    """Return the result of the probe called `name` after `error`; that something is missing here is not a failure."""
    match error:
        case RefusedError():
            return ProbeResult(name, unavailable="it is not running" if error.is_absent else "it does not say")
        case FailedError():
            return ProbeResult(name, unavailable=str(error), failed=True)
        case UnavailableError() | NoBusError():
            return ProbeResult(name, unavailable=str(error))
        case BusError():
            return ProbeResult(name, unavailable=str(error), failed=True)
    return ProbeResult(name, unavailable=f"does not answer: {error}", failed=True)


def output(command: Sequence[str], environ: Environ, deadline: float) -> str:
    """Return what `command` prints.

    Raises:
        UnavailableError: there is no such command, or it fails.
        FailedError: it had not ended by `deadline` on the monotonic clock, and was killed.
    """
    try:
        return run(command, environ, max(0.0, deadline - time.monotonic()))
    except CommandTimeoutError:
        raise FailedError(f"{command[0]} did not answer in time") from None
    except CommandError as error:
        raise UnavailableError(f"{command[0]}: {error}") from error


def idle_for(milliseconds: int) -> Readings:
    """Return an idle time of that length. Raise FailedError if it is longer than ten years."""
    if not 0 <= milliseconds <= _LONGEST_MS:
        raise FailedError(NO_SENSE)
    return Readings(idle=timedelta(milliseconds=milliseconds))


def look_around() -> list[ProbeResult]:
    """Return what every probe of this system reports now, within `MOST_S` seconds."""
    deadline = time.monotonic() + MOST_S
    environ = session_environ()
    return look(probes(sys.platform), environ, deadline - time.monotonic(), MOST_EACH_S)


def look(probes: Sequence[Probe], environ: Environ, most_s: float, most_each_s: float) -> list[ProbeResult]:
    """Return what each of `probes` reports; one that has no time left reports that."""
    end = time.monotonic() + most_s
    return [result for ask in probes for result in ask(environ, min(end, time.monotonic() + most_each_s))]


def probes(platform: str) -> tuple[Probe, ...]:
    """Return the probes of `platform`, a value of `sys.platform`, the most trusted first."""
    if platform == "win32":
        from remind.desktop.presence import windows

        return (probe("Windows", windows.ask),)
    if platform == "darwin":
        from remind.desktop.presence import macos

        return (probe("idle time of macOS", macos.ask),)
    from remind.desktop.presence import dbus_queries, gsettings, sway, x11

    return (
        dbus_queries.on_bus(session_bus, dbus_queries.SESSION),
        probe("X11", x11.ask),
        probe("sway", sway.ask),
        probe("notification settings", gsettings.ask),
        dbus_queries.on_bus(system_bus, dbus_queries.SYSTEM),
    )


def merged(results: Iterable[ProbeResult], away_after: timedelta) -> Presence:
    """Return the presence that follows from `results`, the most trusted first.

    The first idle time that is known counts; for everything else, one yes is enough.
    """
    readings = [result.readings for result in results]
    idle = next((one.idle for one in readings if one.idle is not None), None)
    return Presence(
        away=None if idle is None else idle >= away_after,
        locked=_any(one.locked for one in readings),
        do_not_disturb=_any(one.do_not_disturb for one in readings),
        full_screen=_any(one.full_screen for one in readings),
    )


def _any(values: Iterable[bool | None]) -> bool | None:
    known = [value for value in values if value is not None]
    return any(known) if known else None
