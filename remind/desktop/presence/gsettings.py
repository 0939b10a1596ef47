"""Do not disturb on GNOME, MATE and Cinnamon, where it is a setting that no service on the bus reports."""

from collections.abc import Callable

from remind.desktop.presence.command import output
from remind.desktop.presence.dbus_probes import notification_server
from remind.desktop.presence.presence import NO_SENSE, Environ, FailedError, Signs, SilentError
from remind.errors import RemindError

_SWITCHES = {
    ("gnome-shell", "GNOME"): ("org.gnome.desktop.notifications", "show-banners", "false"),
    ("cinnamon", "GNOME"): ("org.cinnamon.desktop.notifications", "display-notifications", "false"),
    ("Notification Daemon", "MATE"): ("org.mate.NotificationDaemon", "do-not-disturb", "true"),
}
"""For the name and vendor of a notification server: the schema and key that it heeds, and the value for quiet."""


class DoNotDisturb:
    """Reads the setting of the desktop whose notification server is running."""

    def __init__(self, session_bus: Callable[[Environ], str]) -> None:
        self._session_bus = session_bus

    def __call__(self, environ: Environ, deadline: float) -> Signs:
        try:
            address = self._session_bus(environ)
        except RemindError as error:
            raise SilentError(str(error)) from error
        server = notification_server(address, deadline)
        if server not in _SWITCHES:
            raise SilentError("the notification server has no such setting")
        schema, key, quiet = _SWITCHES[server]
        value = output(("gsettings", "get", schema, key), environ, deadline).strip()
        if value not in ("true", "false"):
            raise FailedError(NO_SENSE)
        return Signs(do_not_disturb=value == quiet)
