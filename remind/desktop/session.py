"""The environment of the person's desktop session, which a service may have been started before."""

import os
import time
from collections.abc import Mapping
from contextlib import suppress

from remind.desktop.dbus import PROPERTIES, BusError, Query, ask, session_bus

_MOST_S = 0.5
_SYSTEMD = "org.freedesktop.systemd1"
_ENVIRONMENT = Query(
    _SYSTEMD, "/org/freedesktop/systemd1", PROPERTIES, "Get", "v", (f"{_SYSTEMD}.Manager", "Environment")
)


def session_environ(environ: Mapping[str, str] = os.environ, most_s: float = _MOST_S) -> Mapping[str, str]:
    """Return `environ` and, where it leads to no display, what the systemd user manager knows beyond it."""
    if "DISPLAY" in environ or "WAYLAND_DISPLAY" in environ:
        return environ
    with suppress(BusError):
        ((kind, values),) = ask(session_bus(environ), _ENVIRONMENT, time.monotonic() + most_s)
        if kind == "as":
            return {**dict(value.partition("=")[::2] for value in values), **environ}
    return environ
