"""Idle time on macOS, from the registry of its devices. Written by its documentation; it was not run there."""

import re

from remind.desktop.presence.presence import NO_SENSE, Environ, FailedError, Readings, idle_for, output

_LIST = ("ioreg", "-c", "IOHIDSystem", "-d", "4")
_IDLE_NS = re.compile(r'"HIDIdleTime" = (\d{1,20})\b')


def ask(environ: Environ, deadline: float) -> Readings:
    """Return how long no key or mouse was touched."""
    return read(output(_LIST, environ, deadline))


def read(listing: str) -> Readings:
    """Return what `ioreg` says in `listing`: the shortest of the times of several devices, in nanoseconds."""
    found = [int(match) for match in _IDLE_NS.findall(listing)]
    if not found:
        raise FailedError(NO_SENSE)
    return idle_for(min(found) // 1_000_000)
