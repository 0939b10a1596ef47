"""The login service and the launchers, on each system that remind can install them on."""

import sys
from collections.abc import Callable
from pathlib import Path

from remind.errors import RemindError
from remind.files import own_folders
from remind.login.installation import base_folder, start_menu
from remind.login.manager import Installed, LoginManager, Status

__all__ = [
    "BOOTED", "MANAGERS", "Installed", "LoginManager", "Status", "install_service", "service_manager", "start_advice",
    "uninstall_service",
]  # fmt: skip

BOOTED = Path("/run/systemd/system")
"""A folder that exists only on a machine that systemd runs: see sd_booted(3)."""


# Each is imported when it is needed: `remind status` asks one of them.
def _systemd() -> LoginManager:
    from remind.login.systemd import UNIT, Systemd

    return Systemd(base_folder("XDG_CONFIG_HOME") / "systemd" / "user" / UNIT, own_folders())


def _autostart() -> LoginManager:
    from remind.login.autostart import ENTRY, Autostart

    return Autostart(base_folder("XDG_CONFIG_HOME") / "autostart" / ENTRY, own_folders())


def _launchd() -> LoginManager:
    from remind.login.launchd import LABEL, Launchd

    return Launchd(Path.home() / "Library" / "LaunchAgents" / f"{LABEL}.plist", own_folders())


def _task_scheduler() -> LoginManager:
    from remind.login.task_scheduler import TaskScheduler

    return TaskScheduler(start_menu() / "Startup" / "remind.lnk", own_folders())


MANAGERS: dict[str, Callable[[], LoginManager]] = {
    "systemd": _systemd, "autostart": _autostart, "launchd": _launchd, "task-scheduler": _task_scheduler,
}  # fmt: skip
"""How to build each manager, by its name."""


def service_manager() -> LoginManager:
    """Return what starts programs at login on this system.

    Raises:
        RemindError: remind knows no way to do that here yet; the message says what to do instead.
    """
    return MANAGERS[_names()[0]]()


def install_service(*, force: bool = False) -> Installed:
    """Install the service with this system's manager, and remove what another one of its managers would start.

    Raises:
        RemindError: something was edited by hand and `force` is not given, so nothing changed; or a manager fails.
    """
    first, *others = _unedited(force=force)
    for other in others:
        other.uninstall(force=force)
    return first.install(force=force)


def uninstall_service(*, force: bool = False) -> list[str]:
    """Stop the service and remove it, its log and lock. Return what was removed. Raise as `install_service` does."""
    from remind.login import background

    # Where it is has to be asked before it is gone.
    removed = [
        where for manager in _unedited(force=force) if (where := manager.where) and manager.uninstall(force=force)
    ]
    background.remove_traces(own_folders())
    return removed


def _unedited(*, force: bool) -> list[LoginManager]:
    """Return this system's managers. Raise RemindError if one of them keeps an edited text, unless `force` is given."""
    found = [MANAGERS[name]() for name in _names()]
    for manager in found:
        manager.kept(force=force)
    return found


def start_advice() -> str:
    """Return a few words that name the command that starts the service on this system."""
    try:
        installed = service_manager().is_installed()
    except RemindError:
        return "`remind run` starts it"
    return "`remind service start` starts it" if installed else "`remind service install` starts it at each login"


def _names() -> tuple[str, ...]:
    """Return the managers that may have started the service on this system; the first is the one to use."""
    if sys.platform == "darwin":
        return ("launchd",)
    if sys.platform == "win32":
        return ("task-scheduler",)
    if not sys.platform.startswith("linux"):
        raise RemindError(
            f"the login service isn't supported on {sys.platform}; add `remind run` to your session's autostart instead"
        )
    if BOOTED.is_dir():
        import shutil  # slow to import

        if shutil.which("systemctl") is not None:
            return ("systemd", "autostart")
    return ("autostart", "systemd")
