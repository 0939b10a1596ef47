"""The login service under the systemd user manager.

`enable`, `disable` and `is-enabled` only set or read links, which systemctl can do offline, without a manager. So an
installation under `su` or `sudo` takes effect at the next login.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from remind.errors import RemindError, SettingsError
from remind.files import os_errors_as, read_text, shipped, write_atomically
from remind.login import unit
from remind.login.installation import this_installation

if TYPE_CHECKING:
    import subprocess

UNIT = "remind.service"
_MOST_SECONDS = 120  # a start waits for readiness, 90 s at most by systemd's default


class Installed(msgspec.Struct, frozen=True):
    """What `install` did."""

    path: Path
    changed: bool
    started: bool  # False: no manager runs for this person now, so the service starts at the next login


class Status(msgspec.Struct, frozen=True):
    """What the manager says about the service; `state` is its own word."""

    installed: bool
    enabled: bool
    running: bool
    state: str
    pid: int | None = None


class Systemd:
    """The systemd user manager, with the service's unit at `path`. Every failure is a RemindError."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def install(self, *, force: bool = False) -> Installed:
        """Make the service start at each login, and now if possible. A second time changes nothing.

        Raises:
            RemindError: the unit was edited by hand and `force` is not given, so nothing changed.
        """
        text = _wanted()
        changed = self._written(force=force) != text
        if changed:
            write_atomically(self.path, text)
        managed = self._reload()
        # By its path, so that a manager whose search path differs from this shell's gets a link to it.
        _told(_systemctl("enable", str(self.path), offline=not managed))
        if managed:
            _started(_systemctl("restart" if changed else "start", UNIT))
        return Installed(self.path, changed=changed, started=managed)

    def uninstall(self, *, force: bool = False) -> bool:
        """Stop the service and remove its unit. Return False if there was none. Raise errors as `install` does."""
        if self._written(force=force) is None:
            return False
        if self._reload():
            _told(_systemctl("disable", "--now", UNIT))
        else:
            _told(_systemctl("disable", UNIT, offline=True))
        with os_errors_as(self.path):
            self.path.unlink()
        self._reload()
        return True

    def start(self) -> None:
        """Start the service, unless it runs, and wait until it is ready."""
        self._must_be_installed()
        _started(_systemctl("start", UNIT))

    def stop(self) -> None:
        """Stop the service until the next login, if it runs."""
        self._must_be_installed()
        _told(_systemctl("stop", UNIT))

    def status(self, limit_s: float = _MOST_SECONDS) -> Status:
        """Return what the manager says about the service now; each of two questions may take `limit_s` seconds."""
        installed = self.path.exists()
        asked = _systemctl("show", UNIT, "--property=ActiveState,SubState,MainPID", limit_s=limit_s)
        managed = asked.returncode == 0
        enabled = installed and _systemctl("is-enabled", UNIT, offline=not managed, limit_s=limit_s).returncode == 0
        if not managed:
            return Status(installed, enabled, running=False, state="no systemd user manager is running for you here")
        values = dict(line.partition("=")[::2] for line in asked.stdout.splitlines())
        active, pid = values.get("ActiveState", "unknown"), values.get("MainPID", "0")
        state = f"{active} ({values.get('SubState', 'unknown')})"
        running = active in ("active", "reloading")
        return Status(installed, enabled, running, state, int(pid) if running and pid.isdecimal() else None)

    def is_current(self) -> bool:
        """Return whether the unit is the one that `install` would write now."""
        return self._written(force=True) == _wanted()

    def logs(self, lines: int, *, follow: bool = False) -> None:
        """Print the last `lines` lines of the log; with `follow`, print new ones too until Ctrl-C."""
        import subprocess

        command = ["journalctl", "--user", "-u", "remind", "-n", str(lines), *(["-f"] if follow else [])]
        try:
            code = subprocess.run(command, check=False).returncode
        except OSError as error:
            raise RemindError(f"journalctl cannot be run: {error.strerror}") from error
        if code:
            raise RemindError(f"journalctl ended with exit code {code}")

    def _written(self, *, force: bool) -> str | None:
        """Return the unit on disk, or None. Raise RemindError if it was edited, unless `force` is given."""
        try:
            text = read_text(self.path)
        except FileNotFoundError:
            return None
        except SettingsError as error:
            raise RemindError(str(error)) from error
        if not force and not unit.is_as_written(text):
            raise RemindError(
                f"{self.path}: was edited by hand, so it stays as it is. "
                f"Move your changes to `systemctl --user edit {UNIT}`, then repeat this with --force."
            )
        return text

    def _must_be_installed(self) -> None:
        if not self.path.exists():
            raise RemindError("the service is not installed; run `remind service install`")

    def _reload(self) -> bool:
        """Make the manager read its units again. Return False if there is no manager."""
        return _systemctl("daemon-reload").returncode == 0


def _wanted() -> str:
    """Return the text of the unit that runs this installation."""
    return unit.render(read_text(shipped() / "login" / UNIT), this_installation())


def _systemctl(
    *arguments: str, offline: bool = False, limit_s: float = _MOST_SECONDS
) -> "subprocess.CompletedProcess[str]":
    import subprocess  # `remind status` needs none of it

    environment = {**os.environ, **({"SYSTEMD_OFFLINE": "1"} if offline else {})}
    command = ["systemctl", "--user", *arguments]
    try:
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=limit_s)
    except subprocess.TimeoutExpired as error:
        raise RemindError(f"`{' '.join(command)}` did not answer within {limit_s:g} s") from error
    except OSError as error:
        raise RemindError(f"`{' '.join(command)}` failed: {error}") from error


def _started(result: "subprocess.CompletedProcess[str]") -> None:
    _told(result, "; `remind service logs` says why")


def _told(result: "subprocess.CompletedProcess[str]", advice: str = "") -> None:
    """Raise RemindError with what systemctl said if it failed."""
    if result.returncode == 0:
        return
    said = result.stderr.strip() or f"exit code {result.returncode}"
    if "connect to bus" in said:
        advice = "; no systemd user manager is running for you here: log in again, or use `remind run`"
    raise RemindError(f"systemctl: {said.splitlines()[0]}{advice}")
