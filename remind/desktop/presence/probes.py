"""The probes of each system, the most trusted first."""

import sys
import time
from collections.abc import Sequence

from remind.desktop.dbus import session_bus, system_bus
from remind.desktop.presence.presence import Environ, Probe, ProbeResult, probe
from remind.desktop.session import session_environ

MOST_EACH_S = 0.5
MOST_S = 1.5
"""Seconds that one probe, and all together, may take if something hangs; otherwise they need milliseconds."""


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
    """Return the probes of `platform`, a value of `sys.platform`."""
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
