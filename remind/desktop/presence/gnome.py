"""Do not disturb of GNOME Shell, which is a setting and stands on no bus."""

from collections.abc import Callable

from remind.desktop.presence.command import output
from remind.desktop.presence.dbus_probes import notification_server
from remind.desktop.presence.presence import NO_SENSE, Environ, FailedError, Signs, SilentError
from remind.errors import RemindError

_GET = ("gsettings", "get", "org.gnome.desktop.notifications", "show-banners")
_SHELL = "gnome-shell"


class DoNotDisturb:
    """Asks for the setting where GNOME Shell is the notification server; no other heeds it."""

    def __init__(self, session_bus: Callable[[Environ], str]) -> None:
        self._session_bus = session_bus

    def __call__(self, environ: Environ, deadline: float) -> Signs:
        try:
            address = self._session_bus(environ)
        except RemindError as error:
            raise SilentError(str(error)) from error
        if notification_server(address, deadline) != _SHELL:
            raise SilentError("GNOME Shell is not the notification server")
        shown = output(_GET, environ, deadline).strip()
        if shown not in ("true", "false"):
            raise FailedError(NO_SENSE)
        return Signs(do_not_disturb=shown == "false")
