"""A login manager that only notes what it is asked for, in the place of this system's own."""

from pathlib import Path

import pytest

import remind.cli.service  # noqa: F401 - first, since its option --for lists the managers that there are on import
from remind.errors import RemindError
from remind.login import MANAGERS, Installed


class FakeLogin:
    """Whether the service is installed, and what was done to it.

    `fault` is why it can't be installed, and `missing` is why nothing on this system can start it.
    """

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._path = folder / "remind.service"
        self.done: list[str] = []
        self.missing = ""
        self.fault = ""
        self.menu = folder / "menu" / "applications"
        monkeypatch.setenv("XDG_DATA_HOME", str(self.menu.parent))
        monkeypatch.setattr("remind.login._names", lambda: ("of the test",))
        monkeypatch.setitem(MANAGERS, "of the test", lambda: self._here())  # type: ignore[arg-type, return-value]
        monkeypatch.setattr("remind.login.background.remove_traces", lambda _: None)

    def _here(self) -> "FakeLogin":
        if self.missing:
            raise RemindError(self.missing)
        return self

    @property
    def where(self) -> str:
        return str(self._path)

    def is_installed(self) -> bool:
        return self._path.exists()

    def kept(self, *, force: bool) -> str | None:  # noqa: ARG002 (as the real one has it)
        return self.where if self._path.exists() else None

    def install(self, *, force: bool) -> Installed:  # noqa: ARG002
        self.done.append("install")
        if self.fault:
            raise RemindError(self.fault)
        self._path.touch()
        return Installed(self.where, changed=True)

    def uninstall(self, *, force: bool) -> bool:  # noqa: ARG002
        if not self._path.exists():
            return False
        self.done.append("uninstall")
        self._path.unlink()
        return True
