"""The probes of each system, the most trusted first, and the environment that they ask in."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from remind.desktop.presence import dbus_probes
from remind.desktop.presence.presence import MOST_EACH_S, Environ, Probe, Told, probe
from remind.errors import RemindError

AddressOf = Callable[[Environ], str]
"""The address of the bus that an environment leads to. Raises RemindError where there is none."""

_SYSTEMD = dbus_probes.Call(
    "org.freedesktop.systemd1",
    "/org/freedesktop/systemd1",
    "org.freedesktop.DBus.Properties",
    "Get",
    "v",
    ("org.freedesktop.systemd1.Manager", "Environment"),
)


def probes(platform: str, session_bus: AddressOf) -> tuple[Probe, ...]:
    """What can be asked on `platform`, a value of `sys.platform`."""
    if platform == "win32":
        from remind.desktop.presence import windows

        return (probe("Windows", windows.ask),)
    if platform == "darwin":
        from remind.desktop.presence import macos

        return (probe("idle time of macOS", macos.ask),)
    from remind.desktop.presence import gsettings, queries, sway, x11

    return (
        on_bus(session_bus, queries.SESSION),
        probe("X11", x11.ask),
        probe("sway", sway.ask),
        probe("notification settings", gsettings.DoNotDisturb(session_bus)),
        on_bus(_system_bus, queries.SYSTEM),
    )


def on_bus(address_of: AddressOf, asked: Sequence[dbus_probes.Question]) -> Probe:
    """The probes that are `asked` together on one bus."""

    def ask(environ: Environ, deadline: float) -> list[Told]:
        try:
            address = address_of(environ)
        except RemindError as error:
            return [Told(question.probe, silence=str(error)) for question in asked]
        return dbus_probes.ask(address, asked, deadline)

    return ask


def of_session(environ: Environ, session_bus: AddressOf, most_s: float = MOST_EACH_S) -> Environ:
    """`environ`, with what systemd knows of the desktop session: a service may start before the desktop does."""
    if "DISPLAY" in environ or "WAYLAND_DISPLAY" in environ:
        return environ
    with suppress(RemindError):
        ((kind, values),) = dbus_probes.answer(session_bus(environ), _SYSTEMD, time.monotonic() + most_s)
        if kind == "as":
            return {**dict(value.partition("=")[::2] for value in values), **environ}
    return environ


def _system_bus(environ: Environ) -> str:
    return environ.get("DBUS_SYSTEM_BUS_ADDRESS") or "unix:path=/run/dbus/system_bus_socket"
