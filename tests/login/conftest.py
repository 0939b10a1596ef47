"""An empty home for each test, and stand-ins for the programs and processes of service managers."""

import sys
from pathlib import Path

import pytest
from fake_background import FakeBackground
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
def fake_systemd(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeSystemd:
    """A fake systemctl and journalctl of a system without a user manager, unless a test changes that."""
    programs, folder = tmp_path / "programs", tmp_path / "fake"
    programs.mkdir()
    folder.mkdir()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("FAKE", str(folder))
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    return FakeSystemd.set_up(programs, folder)


@pytest.fixture
def fake_background(monkeypatch: pytest.MonkeyPatch) -> FakeBackground:
    """A service without a manager that only pretends to run."""
    fake = FakeBackground()
    for name, function in fake.replaces().items():
        monkeypatch.setattr(f"remind.login.background.{name}", function)
    return fake
