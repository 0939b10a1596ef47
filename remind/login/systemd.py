"""The login service under the systemd user manager.

`enable`, `disable` and `is-enabled` only set or read links, which systemctl can do offline, without a manager. So an
installation under `su` or `sudo` takes effect at the next login.
"""

import shutil
from typing import TYPE_CHECKING, ClassVar

from remind.errors import RemindError
from remind.files import os_errors_as, read_text, shipped
from remind.login import background, unit
from remind.login.installation import this_installation
from remind.login.manager import Status
from remind.login.sealed_file import FileManager
from remind.login.tool import MOST_S, check_tool, run_tool

if TYPE_CHECKING:
    import subprocess

UNIT = "remind.service"
_UNMANAGED = "no systemd user manager is running for you here"


class Systemd(FileManager):
    """The systemd user manager, with the service's unit at `path`."""

    _edit_advice: ClassVar[str] = f"Move your changes to `systemctl --user edit {UNIT}`, then repeat this with --force."

    def text(self) -> str:
        return unit.render(read_text(shipped() / "login" / UNIT), this_installation())

    def status(self, limit_s: float = MOST_S) -> Status:
        installed = self.is_installed()
        asked = _systemctl("show", UNIT, "--property=ActiveState,SubState,MainPID", limit_s=limit_s)
        managed = asked.returncode == 0
        enabled = installed and _systemctl("is-enabled", UNIT, offline=not managed, limit_s=limit_s).returncode == 0
        if not managed:
            return Status(installed, enabled, running=False, state=_UNMANAGED)
        values = dict(line.partition("=")[::2] for line in asked.stdout.splitlines())
        active, pid = values.get("ActiveState", "unknown"), values.get("MainPID", "0")
        state = f"{active} ({values.get('SubState', 'unknown')})"
        running = active in ("active", "reloading")
        return Status(installed, enabled, running, state, int(pid) if running and pid.isdecimal() else None)

    def logs(self, lines: int, *, follow: bool = False) -> None:
        import subprocess

        command = ["journalctl", "--user", "-u", "remind", "-n", str(lines), *(["-f"] if follow else [])]
        try:
            code = subprocess.run(command, check=False).returncode
        except OSError as error:
            raise RemindError(f"journalctl cannot be run: {error.strerror}") from error
        if code:
            raise RemindError(f"journalctl ended with exit code {code}")

    _is_as_written = staticmethod(unit.is_as_written)

    def _activate(self, *, changed: bool) -> str:
        managed = _reload()
        # By its path, so that a manager whose search path differs from this shell's gets a link to it.
        _told(_systemctl("enable", str(self.path), offline=not managed))
        return self._started_by("restart" if changed else "start") if managed else _UNMANAGED

    def _start(self) -> str:
        return self._started_by("start")

    def _started_by(self, verb: str) -> str:
        """Have systemd start or restart the service. Return why it can't run beside what is running, or ""."""
        if waits := background.foreground(self._folders):
            return waits
        _told(_systemctl(verb, UNIT), background.SEE_LOG)
        return ""

    def _end(self) -> None:
        _told(_systemctl("stop", UNIT))

    def _deactivate(self) -> None:
        if shutil.which("systemctl") is None:  # systemd itself was removed, but not the unit
            link = self.path.parent / "default.target.wants" / UNIT
            with os_errors_as(link):
                link.unlink(missing_ok=True)
        elif _reload():
            _told(_systemctl("disable", "--now", UNIT))
        else:
            _told(_systemctl("disable", UNIT, offline=True))

    def _remove(self) -> None:
        super()._remove()
        if shutil.which("systemctl"):
            _reload()


def _reload() -> bool:
    """Make the manager read its units again. Return False if there is no manager."""
    return _systemctl("daemon-reload").returncode == 0


def _systemctl(*arguments: str, offline: bool = False, limit_s: float = MOST_S) -> "subprocess.CompletedProcess[str]":
    return run_tool(["systemctl", "--user", *arguments], limit_s, {"SYSTEMD_OFFLINE": "1"} if offline else None)


def _told(result: "subprocess.CompletedProcess[str]", advice: str = "") -> None:
    """Raise RemindError with what systemctl said if it failed."""
    if "connect to bus" in result.stderr:
        advice = f"; {_UNMANAGED}: log in again, or use `remind run`"
    check_tool(result, advice)
