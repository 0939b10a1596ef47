"""The login service: one contract for service managers, and the one that this system has."""

import shutil
import sys

from remind.errors import RemindError
from remind.login.installation import base_folder
from remind.login.manager import Installed, ServiceManager, Status

__all__ = ["Installed", "ServiceManager", "Status", "service_manager"]

_INSTEAD = "let your session's autostart run `remind run` instead"
_SYSTEMS = {"darwin": "macOS", "win32": "Windows"}


def service_manager() -> ServiceManager:
    """What starts programs at login on this system.

    Raises:
        RemindError: nothing that remind knows how to use yet; it says what to do instead.
    """
    if not sys.platform.startswith("linux"):
        system = _SYSTEMS.get(sys.platform, sys.platform)
        raise RemindError(f"on {system} the login service cannot be installed yet; {_INSTEAD}")
    if shutil.which("systemctl") is None:
        raise RemindError(f"systemctl is not on PATH, so there is no login service here; {_INSTEAD}")
    from remind.login.systemd import Systemd

    return Systemd(base_folder("XDG_CONFIG_HOME") / "systemd" / "user")
