"""The login service, on systems for which remind knows how to install one."""

import shutil
import sys
from pathlib import Path

from remind.errors import RemindError
from remind.login.installation import base_folder
from remind.login.systemd import UNIT, Installed, Status, Systemd

__all__ = ["BOOTED", "Installed", "Status", "Systemd", "service_manager", "start_advice"]

_INSTEAD = "add `remind run` to your session's autostart instead"
_SYSTEMS = {"darwin": "macOS", "win32": "Windows"}
BOOTED = Path("/run/systemd/system")
"""A folder that exists only on a machine that systemd runs: see sd_booted(3)."""


def service_manager() -> Systemd:
    """Return what starts programs at login on this system.

    Raises:
        RemindError: remind knows no way to do that here yet; the message says what to do instead.
    """
    if not sys.platform.startswith("linux"):
        system = _SYSTEMS.get(sys.platform, sys.platform)
        raise RemindError(f"the login service isn't supported on {system} yet; {_INSTEAD}")
    if shutil.which("systemctl") is None:
        raise RemindError(f"systemctl is not on PATH, so there is no login service here; {_INSTEAD}")
    if not BOOTED.is_dir():
        raise RemindError(f"systemd is not running here, so there is no login service; {_INSTEAD}")
    return Systemd(base_folder("XDG_CONFIG_HOME") / "systemd" / "user" / UNIT)


def start_advice() -> str:
    """Return a few words that name the command that starts the service on this system."""
    try:
        installed = service_manager().path.exists()
    except RemindError:
        return "`remind run` starts it"
    return "`remind service start` starts it" if installed else "`remind service install` starts it at each login"
