"""A person at a command line: scratch folders, a clock that is moved by hand, and the real edge of the program."""

import io
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import pytest

from remind.app import App
from remind.cli.main import invoke
from remind.files import Folders

BERLIN = ZoneInfo("Europe/Berlin")


class Said(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.out)


class Person:
    """Types commands at `now`, which only ever moves when it is set."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folders = Folders(folder / "config", folder / "data", folder / "state")
        self.now = datetime(2026, 11, 22, 21, 0, tzinfo=BERLIN)
        self.zone = BERLIN
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def app(self) -> App:
        """The program as the next command finds it."""
        return App(self.folders, clock=lambda: self.now.astimezone(UTC), read_zone=lambda: self.zone)

    def at(self, wall: str) -> "Person":
        """The same person when the clock shows `wall`, as "22:05" or "2026-11-23 07:00"."""
        day = "" if "-" in wall else f"{self.now:%Y-%m-%d} "
        self.now = datetime.fromisoformat(day + wall).replace(tzinfo=self.zone)
        return self

    def later(self, **length: float) -> "Person":
        """The same person after a while."""
        self.now = (self.now.astimezone(UTC) + timedelta(**length)).astimezone(self.zone)
        return self

    def types(self, *words: str) -> Said:
        """What `remind WORDS` does."""
        self._monkeypatch.setattr("sys.argv", ["remind", *words])
        code = invoke(self.app())
        said = self._capsys.readouterr()
        return Said(code, said.out, said.err)

    def sits_at(self, lines: list[str] | None) -> None:
        """A terminal at which so many answers are typed and then Ctrl-D; None: there is none."""
        stdin = io.StringIO("".join(f"{line}\n" for line in lines or []))
        self._monkeypatch.setattr(stdin, "isatty", lambda: lines is not None)
        self._monkeypatch.setattr("sys.stdin", stdin)

    @property
    def own(self) -> dict[str, Any]:
        """What is in the settings file."""
        file = self.folders.settings
        return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}

    def writes_settings(self, text: str) -> None:
        """Save `text` as the settings file."""
        self.folders.config.mkdir(parents=True, exist_ok=True)
        self.folders.settings.write_text(text, encoding="utf-8")
