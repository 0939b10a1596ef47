"""What the service gets from the shell that installs it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import remind
from remind.errors import RemindError
from remind.files import own_folders
from remind.login.installation import this_installation

PARENT = Path(remind.__file__).parent.parent
ASK = "from remind.login.installation import this_installation as i; print(i().environment.get('PYTHONPATH'))"


def test_default_folders_are_not_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable with its default value adds nothing to the unit."""
    monkeypatch.setenv("XDG_DATA_HOME", str(home / ".local" / "share"))
    monkeypatch.setenv("XDG_STATE_HOME", "")
    found = this_installation()
    assert found.interpreter == sys.executable
    assert not any(name.startswith("XDG_") for name in found.environment)


def test_folders_that_only_this_shell_knows_reach_the_service(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service uses the same settings, diary and state as the commands; both take a relative path for none."""
    monkeypatch.setenv("XDG_CONFIG_HOME", "/etc/ada")
    monkeypatch.setenv("XDG_DATA_HOME", "data")
    found = this_installation().environment
    assert found["XDG_CONFIG_HOME"] == "/etc/ada"
    assert {"XDG_DATA_HOME", "XDG_STATE_HOME"} & found.keys() == set()
    assert own_folders().data == home / ".local" / "share" / "remind"


def test_a_checkout_that_is_not_installed_is_named(home: Path, tmp_path: Path) -> None:
    """The service runs the copy that installed it, though only the current folder pointed to it."""
    copy = tmp_path / "a copy"
    shutil.copytree(PARENT / "remind", copy / "remind", ignore=shutil.ignore_patterns("__pycache__"))
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    asked = subprocess.run(
        [sys.executable, "-c", ASK], cwd=copy, env=environment, capture_output=True, text=True, check=True
    )
    assert asked.stdout == f"{copy}\n"


def test_an_interpreter_without_a_path_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An embedded Python has no path to start it by."""
    monkeypatch.setattr(sys, "executable", "")
    with pytest.raises(RemindError, match="does not know its own path"):
        this_installation()
