"""The contract of every service manager, and what they share: one text that is written, kept, renewed and removed."""

from abc import ABC, abstractmethod
from typing import ClassVar

import msgspec

from remind.errors import RemindError
from remind.files import Folders
from remind.login import background

NOT_INSTALLED = "the service is not installed; run `remind service install`"


class Installed(msgspec.Struct, frozen=True):
    """What `install` did. If the service doesn't run now, `waits` says why, and it starts at the next login."""

    where: str
    changed: bool
    waits: str = ""


class Status(msgspec.Struct, frozen=True):
    """What is known about the service; `state` is the manager's own word, if it has one."""

    installed: bool
    enabled: bool
    running: bool
    state: str = ""
    pid: int | None = None


class LoginManager(ABC):
    """What starts the service at each login on one kind of system. Every failure is a RemindError.

    A system that neither stops the service nor keeps its log leaves that to the process in `background`.
    """

    def __init__(self, folders: Folders) -> None:
        self._folders = folders

    @property
    @abstractmethod
    def where(self) -> str:
        """Where `install` writes."""

    @abstractmethod
    def text(self) -> str:
        """Return what `install` would write now. This asks and changes nothing."""

    def start(self) -> None:
        """Start the service, unless it runs, and wait until it is ready. Raise RemindError if it isn't installed."""
        self._must_be_installed()
        if waits := self._start():
            raise RemindError(waits)

    def stop(self) -> None:
        """Stop the service until the next login, if it runs. Raise RemindError if it isn't installed."""
        self._must_be_installed()
        self._end()

    @abstractmethod
    def status(self, limit_s: float = 120) -> Status:
        """Return the state of the service now; each question to another program may take `limit_s` seconds."""

    def logs(self, lines: int, *, follow: bool = False) -> None:
        """Print the last `lines` lines of the log; with `follow`, print new ones too until Ctrl-C."""
        background.print_log(self._folders, lines, follow=follow)

    def install(self, *, force: bool = False) -> Installed:
        """Make the service start at each login, and now if possible. A second time changes nothing.

        Raises:
            RemindError: what is there was edited by hand and `force` is not given, so nothing changed.
        """
        text = self.text()
        changed = self.kept(force=force) != text
        if changed:
            self._write(text)
        return Installed(self.where, changed, self._activate(changed=changed))

    def uninstall(self, *, force: bool = False) -> bool:
        """Stop the service and remove what starts it. Return False if there was nothing. Raise as `install` does."""
        if self.kept(force=force) is None:
            return False
        self._remove()
        return True

    def kept(self, *, force: bool) -> str | None:
        """Return what is there, or None. Raise RemindError if it was edited, unless `force` is given."""
        text = self._written()
        if text is not None and not force and not self._is_as_written(text):
            raise RemindError(f"{self.where}: was edited by hand, so it stays as it is. {self._edit_advice}")
        return text

    def is_installed(self) -> bool:
        """Return whether `install` wrote something that is still there."""
        return self._written() is not None

    def is_current(self) -> bool:
        """Return whether what is there is what `install` would write now."""
        return self._written() == self.text()

    def _must_be_installed(self) -> None:
        if not self.is_installed():
            raise RemindError(NOT_INSTALLED)

    _edit_advice: ClassVar[str] = "To replace or remove it, repeat this with --force."

    @abstractmethod
    def _written(self) -> str | None:
        """Return the text that is there now, or None."""

    @abstractmethod
    def _is_as_written(self, text: str) -> bool:
        """Return whether some version of remind wrote `text` and nobody has edited it since."""

    @abstractmethod
    def _write(self, text: str) -> None:
        """Write `text` in the place of what is there."""

    def _activate(self, *, changed: bool) -> str:
        """Start what was written, or restart it if it `changed`. Return why it waits for the next login, or ""."""
        if changed:
            self._end()
        return self._start()

    @abstractmethod
    def _start(self) -> str:
        """Start the service unless it runs. Return why it can't start beside what is running, or ""."""

    def _end(self) -> None:
        """Stop the service, if it runs."""
        background.stop(self._folders)

    @abstractmethod
    def _remove(self) -> None:
        """Stop the service and remove what `_write` wrote."""
