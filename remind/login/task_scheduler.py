"""The login service under the Task Scheduler of Windows, or in the Startup folder if that refuses it.

What `install` writes was checked under Wine; this was never run on a real Windows.
"""

import os
import re
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from remind.errors import RemindError
from remind.files import Folders, os_errors_as, read_text, shipped
from remind.login import background, shortcut
from remind.login.installation import MODULE, YIELD, Installation, this_installation
from remind.login.manager import LoginManager, Status
from remind.login.sealed_file import digest
from remind.login.tool import MOST_S, check_tool, run_tool

if TYPE_CHECKING:
    import subprocess

TASK = r"\remind"
_UNUSABLE = re.compile(r"%[^%]+%|[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""The Task Scheduler expands variables in every path, and XML lacks some characters."""


def render(template: str, installation: Installation, user: str) -> str:
    """Return the sealed task that runs `installation` for `user`. Raise RemindError if a path does not fit into one."""
    program, words, folder = installation.without_console(MODULE, YIELD)
    values = {"user": user, "command": program, "arguments": " ".join(words), "folder": folder}
    for value in values.values():
        if _UNUSABLE.search(value):
            raise RemindError(f"{value!a}: the Task Scheduler can't use this path; install remind elsewhere")
    escaped = {name: escape(value, quote=False) for name, value in values.items()}
    body = Template(template).substitute(escaped, seal="")
    return Template(template).substitute(escaped, seal=seal(body))


def seal(body: str) -> str:
    """Return the words by which remind knows the task, or the shortcut in its place, that it made of `body`."""
    return f"remind {digest(body)}"


class TaskScheduler(LoginManager):
    """The Task Scheduler, and `shortcut` in the Startup folder where it refuses the task."""

    def __init__(self, startup: Path, folders: Folders) -> None:
        super().__init__(folders)
        self.startup = startup

    @property
    def where(self) -> str:
        return str(self.startup) if self.startup.exists() else f"{TASK} in the Task Scheduler"

    def text(self) -> str:
        template = read_text(shipped() / "login" / "task.xml")
        return render(template, this_installation(), _user())

    def status(self, limit_s: float = MOST_S) -> Status:
        task, pid = self._task(limit_s), background.service_pid(self._folders)
        installed = task is not None or self.startup.exists()
        off = task is not None and re.search(r"<Settings>.*<Enabled>false<", task, re.DOTALL)
        return Status(installed, installed and not off, pid is not None, pid=pid)

    def _written(self) -> str | None:
        found = self._task()
        if found is None and self.startup.exists():
            with os_errors_as(self.startup):
                found = self.startup.read_bytes().decode("utf-16-le", "replace")
                found += self.startup.read_bytes()[1:].decode("utf-16-le", "replace")  # its strings begin anywhere
        text = self.text()
        return text if found and _seal_in(text) in found else found

    def _is_as_written(self, text: str) -> bool:  # noqa: ARG002
        return True  # Windows rewrites a task in its own way, so an edit can't be told; it stays until an update

    def _write(self, text: str) -> None:
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "remind.xml"
            file.write_bytes(text.replace("\n", "\r\n").encode("utf-16"))
            made = _schtasks("/create", "/tn", TASK, "/xml", str(file), "/f")
        if made.returncode == 0:
            self._remove_shortcut()
            return
        shortcut.save(self.startup, *this_installation().without_console(MODULE, YIELD), _seal_in(text))

    def _start(self) -> str:
        if waits := background.foreground(self._folders):
            return waits
        if background.service_pid(self._folders) is not None:
            return ""
        if self.startup.exists():
            found = this_installation()
            program, words, _ = found.without_console(MODULE, YIELD)
            background.start([program, *words], found.environment, self._folders)
        else:
            check_tool(_schtasks("/run", "/tn", TASK))
            background.wait_until_running(self._folders)
        return ""

    def _end(self) -> None:
        # First by its task, so that the Task Scheduler doesn't take the end for a failure.
        if self._task() is not None:
            _schtasks("/end", "/tn", TASK)
        super()._end()

    def _remove(self) -> None:
        self._end()
        if self._task() is not None:
            check_tool(_schtasks("/delete", "/tn", TASK, "/f"))
        self._remove_shortcut()

    def _remove_shortcut(self) -> None:
        with os_errors_as(self.startup):
            self.startup.unlink(missing_ok=True)

    def _task(self, limit_s: float = MOST_S) -> str | None:
        """Return the task as the Task Scheduler has it, or None."""
        asked = _schtasks("/query", "/tn", TASK, "/xml", limit_s=limit_s)
        return asked.stdout if asked.returncode == 0 else None


def _seal_in(text: str) -> str:
    (found,) = re.findall("<Source>(.+)</Source>", text)
    return str(found)


def _user() -> str:
    name = os.environ.get("USERNAME") or os.environ.get("USER") or "YOU"  # the last two only where it is a preview
    return f"{os.environ['USERDOMAIN']}\\{name}" if "USERDOMAIN" in os.environ else name


def _schtasks(*words: str, limit_s: float = MOST_S) -> "subprocess.CompletedProcess[str]":
    return run_tool(["schtasks", *words], limit_s)
