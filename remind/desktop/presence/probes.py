"""The probes of each system, the most trusted first."""

import os
import sys

from remind.desktop.dbus import session_bus, system_bus
from remind.desktop.presence.presence import Probe, ProbeResult, look, probe
from remind.desktop.session import session_environ


def look_around() -> list[ProbeResult]:
    """Return what every probe of this system says now, within two seconds."""
    return look(probes(sys.platform), session_environ(os.environ))


def probes(platform: str) -> tuple[Probe, ...]:
    """Return what can be asked on `platform`, a value of `sys.platform`."""
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
