"""Idle time on macOS, from its device registry. This follows the documentation and was never run there."""

import re

from remind.desktop.presence.presence import NO_SENSE, Environ, FailedError, Readings, idle_for, output

_LIST = ("ioreg", "-c", "IOHIDSystem", "-d", "4")
_IDLE_NS = re.compile(r'"HIDIdleTime" = (\d{1,20})\b')


def ask(environ: Environ, deadline: float) -> Readings:
    """Return the idle time."""
    return read(output(_LIST, environ, deadline))


def read(listing: str) -> Readings:
    """Return the idle time in the output of `ioreg`, the shortest of several devices, given there in nanoseconds."""
    found = [int(match) for match in _IDLE_NS.findall(listing)]
    if not found:
        raise FailedError(NO_SENSE)
    return idle_for(min(found) // 1_000_000)
