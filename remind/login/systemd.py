"""The login service under the systemd user manager.

`enable`, `disable` and `is-enabled` only set or read links, which systemctl does without a manager when told
that it is offline; so an installation over ssh or in a container holds from the next login on.
"""

import os
import subprocess
from pathlib import Path

from remind.errors import RemindError, SettingsError
from remind.files import read_text, shipped, telling_of, write_atomically
from remind.login import unit
from remind.login.installation import this_installation
from remind.login.manager import Installed, Status

_UNIT = "remind.service"
_MOST_SECONDS = 120  # a start waits for readiness, 90 s at most by systemd's default


class Systemd:
    """The systemd user manager; `folder` is where the person's own units stand."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / _UNIT

    def install(self, *, force: bool = False) -> Installed:
        standing = self._standing(force=force)
        text = _wanted()
        changed = standing != text
        if changed:
            write_atomically(self.path, text)
        managed = self._reload()
        # By its path, so that a manager with another search path than this shell is given a link to it.
        _told(_systemctl("enable", str(self.path), offline=not managed))
        if managed:
            _started(_systemctl("restart" if changed else "start", _UNIT))
        return Installed(self.path, changed=changed, started=managed)

    def uninstall(self, *, force: bool = False) -> bool:
        if self._standing(force=force) is None:
            return False
        if self._reload():
            _told(_systemctl("disable", "--now", _UNIT))
        else:
            _told(_systemctl("disable", _UNIT, offline=True))
        with telling_of(self.path):
            self.path.unlink()
        self._reload()
        return True

    def start(self) -> None:
        self._must_be_installed()
        _started(_systemctl("start", _UNIT))

    def stop(self) -> None:
        self._must_be_installed()
        _told(_systemctl("stop", _UNIT))

    def status(self) -> Status:
        installed = self.path.exists()
        asked = _systemctl("show", _UNIT, "--property=ActiveState,SubState,MainPID")
        managed = asked.returncode == 0
        enabled = installed and _systemctl("is-enabled", _UNIT, offline=not managed).returncode == 0
        if not managed:
            return Status(installed, enabled, running=False, state="no systemd user manager is running here")
        values = dict(line.partition("=")[::2] for line in asked.stdout.splitlines())
        active, pid = values.get("ActiveState", "unknown"), values.get("MainPID", "0")
        state = f"{active} ({values.get('SubState', 'unknown')})"
        running = active in ("active", "reloading")
        return Status(installed, enabled, running, state, int(pid) if running and pid.isdecimal() else None)

    def is_current(self) -> bool:
        return self._standing(force=True) == _wanted()

    def logs(self, lines: int, *, follow: bool = False) -> None:
        command = ["journalctl", "--user", "-u", "remind", "-n", str(lines), *(["-f"] if follow else [])]
        try:
            code = subprocess.run(command, check=False).returncode
        except OSError as error:
            raise RemindError(f"journalctl cannot be run: {error.strerror}") from error
        if code:
            raise RemindError(f"journalctl ended with exit code {code}")

    def _standing(self, *, force: bool) -> str | None:
        """The unit that stands, or None; one that was edited is refused unless `force`."""
        try:
            text = read_text(self.path)
        except FileNotFoundError:
            return None
        except SettingsError as error:
            raise RemindError(str(error)) from error
        if not force and not unit.is_as_written(text):
            raise RemindError(
                f"{self.path}: was edited by hand, so it is left as it is; "
                f"keep the changes with `systemctl --user edit {_UNIT}`, then repeat this with --force"
            )
        return text

    def _must_be_installed(self) -> None:
        if not self.path.exists():
            raise RemindError("the service is not installed; run `remind service install`")

    def _reload(self) -> bool:
        """Have the units read again; False if there is no manager to do so."""
        return _systemctl("daemon-reload").returncode == 0


def _wanted() -> str:
    """The unit that runs this installation."""
    return unit.render(read_text(shipped() / "login" / _UNIT), this_installation())


def _systemctl(*arguments: str, offline: bool = False) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, **({"SYSTEMD_OFFLINE": "1"} if offline else {})}
    command = ["systemctl", "--user", *arguments]
    try:
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=_MOST_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RemindError(f"`{' '.join(command)}` failed: {error}") from error


def _started(result: "subprocess.CompletedProcess[str]") -> None:
    _told(result, "; `remind service logs` says why")


def _told(result: "subprocess.CompletedProcess[str]", advice: str = "") -> None:
    """Raise what systemctl said if it failed."""
    if result.returncode == 0:
        return
    said = result.stderr.strip() or f"exit code {result.returncode}"
    if "connect to bus" in said:
        advice = "; no systemd user manager is running here: log in to a desktop, or use `remind run`"
    raise RemindError(f"systemctl: {said.splitlines()[0]}{advice}")
