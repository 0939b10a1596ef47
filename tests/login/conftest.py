"""An empty home for each test, and stand-ins for the programs and processes of service managers."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from fake_background import FakeBackground
from fake_programs import LAUNCHCTL, SCHTASKS
from fake_systemd import FakeSystemd


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, without variables that point out of it."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("CONFIG_HOME", "DATA_HOME", "STATE_HOME", "RUNTIME_DIR"):
        monkeypatch.delenv(f"XDG_{name}", raising=False)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setattr("remind.login.BOOTED", home)  # systemd does not run the machine of every test
    return home


@pytest.fixture
def fake(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which fake programs keep their state; those that a test writes into `programs` come first."""
    folder = tmp_path / "fake"
    folder.mkdir()
    (tmp_path / "programs").mkdir()
    monkeypatch.setenv("FAKE", str(folder))
    monkeypatch.setenv("PATH", f"{tmp_path / 'programs'}:/usr/bin:/bin")
    return folder


@pytest.fixture
def fake_systemd(fake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeSystemd:
    """A fake systemctl and journalctl of a system without a user manager, unless a test changes that."""
    monkeypatch.setattr(sys, "platform", "linux")
    return FakeSystemd.set_up(tmp_path / "programs", fake)


@pytest.fixture
def fake_background(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeBackground:
    """A service without a manager that only pretends to run."""
    folder = tmp_path / "background"
    folder.mkdir()
    background = FakeBackground(folder)
    for name, function in background.replaces().items():
        monkeypatch.setattr(f"remind.login.background.{name}", function)
    return background


@pytest.fixture
def fake_launchctl(fake: Path, tmp_path: Path, fake_background: FakeBackground) -> Path:
    """A fake launchctl in a session on the desktop; the folder of its state."""
    _program(tmp_path / "programs" / "launchctl", LAUNCHCTL)
    (fake / "session").touch()
    fake_background.folder.rmdir()
    fake_background.folder.symlink_to(fake)
    return fake


@pytest.fixture
def fake_schtasks(fake: Path, tmp_path: Path, fake_background: FakeBackground, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fake schtasks, and shortcuts that are what they would run; the folder of its state."""

    def save(path: Path, target: str, arguments: Sequence[str], folder: str, description: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"L" + "\0".join([target, *arguments, folder, description]).encode("utf-16-le"))

    _program(tmp_path / "programs" / "schtasks", SCHTASKS)
    monkeypatch.setattr("remind.login.shortcut.save", save)
    monkeypatch.delenv("APPDATA", raising=False)
    fake_background.folder.rmdir()
    fake_background.folder.symlink_to(fake)
    return fake


def _program(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
