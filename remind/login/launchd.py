"""The login service under launchd of macOS. This was never run on a Mac."""

import os
import re
import time
from typing import TYPE_CHECKING

from remind.errors import RemindError
from remind.files import read_text, shipped
from remind.login import background
from remind.login.installation import MODULE, YIELD, Installation, this_installation
from remind.login.manager import Status
from remind.login.sealed_file import FileManager, digest
from remind.login.tool import MOST_S, check_tool, run_tool

if TYPE_CHECKING:
    import subprocess

LABEL = "stretch-remind"
_SEAL = re.compile(r"<!-- Written by `remind service install`, seal (\w+) -->\n")
_MOST_END_S = 15.0  # a little over ExitTimeOut
_STEP_S = 0.2
_NO_SESSION = "you are not logged in to the desktop here"


def render(template: str, installation: Installation) -> str:
    """Return the sealed property list that runs `installation`. Raise RemindError if a path does not fit into one."""
    import plistlib

    agent = plistlib.loads(template.encode())
    agent["Label"] = LABEL
    agent["ProgramArguments"] = [installation.interpreter, "-P", "-m", MODULE, YIELD]
    if installation.environment:
        agent["EnvironmentVariables"] = installation.environment
    try:
        body = plistlib.dumps(agent, sort_keys=False).decode()
    except ValueError as error:  # a control character, or half of a character
        raise RemindError(
            f"{installation.interpreter!a}: launchd can't start this path; install remind elsewhere"
        ) from error
    start = body.index("<plist")
    return f"{body[:start]}<!-- Written by `remind service install`, seal {digest(body)} -->\n{body[start:]}"


def is_as_written(text: str) -> bool:
    """Return whether `text` is what some version of `render` wrote and nobody has edited since."""
    seal = _SEAL.search(text)
    return seal is not None and seal[1] == digest(text.replace(seal[0], "", 1))


class Launchd(FileManager):
    """launchd, with a LaunchAgent at `path`."""

    def text(self) -> str:
        return render(read_text(shipped() / "login" / "launchd.plist"), this_installation())

    def status(self, limit_s: float = MOST_S) -> Status:
        installed = self.is_installed()
        said = _launchctl("print", _target(), limit_s=limit_s)
        pid = re.search(r"^\s*pid = (\d+)$", said.stdout, re.MULTILINE) if said.returncode == 0 else None
        off = installed and f'"{LABEL}" => disabled' in _launchctl("print-disabled", _domain(), limit_s=limit_s).stdout
        return Status(installed, installed and not off, pid is not None, pid=int(pid[1]) if pid else None)

    _is_as_written = staticmethod(is_as_written)

    def _start(self) -> str:
        if self.status().running:
            return ""
        if waits := background.foreground(self._folders):
            return waits
        if _launchctl("print", _domain()).returncode:
            return _NO_SESSION
        if not _is_loaded():
            check_tool(_launchctl("enable", _target()))
            check_tool(_launchctl("bootstrap", _domain(), str(self.path)))
        check_tool(_launchctl("kickstart", _target()), background.SEE_LOG)
        background.wait_until_running(self._folders)
        return ""

    def _end(self) -> None:
        if not _is_loaded():
            return
        _launchctl("bootout", _target())  # it may say that this is still in progress
        deadline = time.monotonic() + _MOST_END_S
        while _is_loaded():
            if time.monotonic() > deadline:
                raise RemindError(f"launchctl: the service did not stop within {_MOST_END_S:.0f} s")
            time.sleep(_STEP_S)


def _is_loaded() -> bool:
    return _launchctl("print", _target()).returncode == 0


def _domain() -> str:
    return f"gui/{os.getuid()}"


def _target() -> str:
    return f"{_domain()}/{LABEL}"


def _launchctl(*arguments: str, limit_s: float = MOST_S) -> "subprocess.CompletedProcess[str]":
    return run_tool(["launchctl", *arguments], limit_s)
