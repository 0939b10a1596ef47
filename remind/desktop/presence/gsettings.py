"""Do not disturb on GNOME, MATE and Cinnamon, where it is a setting that no service on the bus reports."""

from remind.desktop import dbus
from remind.desktop.presence.dbus_queries import SERVER
from remind.desktop.presence.presence import NO_SENSE, Environ, FailedError, Readings, UnavailableError, output

_SWITCHES = {
    ("gnome-shell", "GNOME"): ("org.gnome.desktop.notifications", "show-banners", "false"),
    ("cinnamon", "GNOME"): ("org.cinnamon.desktop.notifications", "display-notifications", "false"),
    ("Notification Daemon", "MATE"): ("org.mate.NotificationDaemon", "do-not-disturb", "true"),
}
"""For the name and vendor of a notification server: the schema and key that it follows, and the value for quiet."""


def ask(environ: Environ, deadline: float) -> Readings:
    """Return the setting of the desktop whose notification server is running. Raise BusError if none answers."""
    name, vendor, *_ = dbus.ask(dbus.session_bus(environ), SERVER, deadline)
    if (name, vendor) not in _SWITCHES:
        raise UnavailableError("the notification server has no such setting")
    schema, key, quiet = _SWITCHES[name, vendor]
    value = output(("gsettings", "get", schema, key), environ, deadline).strip()
    if value not in ("true", "false"):
        raise FailedError(NO_SENSE)
    return Readings(do_not_disturb=value == quiet)
