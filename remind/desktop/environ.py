"""The environment of the person's desktop session, which may have begun after the service."""

import os
import time
from collections.abc import Mapping
from contextlib import suppress

from remind.desktop.dbus import PROPERTIES, BusError, Query, ask, session_bus

_SYSTEMD = "org.freedesktop.systemd1"
_ENVIRONMENT = Query(
    _SYSTEMD, "/org/freedesktop/systemd1", PROPERTIES, "Get", "v", (f"{_SYSTEMD}.Manager", "Environment")
)


def session_environ(environ: Mapping[str, str] = os.environ, most_s: float = 0.5) -> Mapping[str, str]:
    """Return `environ` and, if it names no display, what else the systemd user manager knows.

    The manager has `most_s` seconds to answer.
    """
    if "DISPLAY" in environ or "WAYLAND_DISPLAY" in environ:
        return environ
    with suppress(BusError):
        ((kind, values),) = ask(session_bus(environ), _ENVIRONMENT, time.monotonic() + most_s)
        if kind == "as":
            return {**dict(value.partition("=")[::2] for value in values), **environ}
    return environ
