"""The Task Scheduler: the contract under a fake schtasks, and the task as XML."""

import os
import sys
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
from fake_background import FakeBackground
from fake_programs import calls
from manager_contract import ManagerContract, files

from remind.errors import RemindError
from remind.files import shipped
from remind.login import MANAGERS, LoginManager, shortcut, uninstall_service
from remind.login.installation import Installation
from remind.login.task_scheduler import render

TEMPLATE = (shipped() / "login" / "task.xml").read_text(encoding="utf-8")
PLAIN = Installation(r"C:\Users\Ada\venv\Scripts\python.exe", {})
STARTUP = Path("AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup/remind.lnk")


def values(text: str) -> dict[str, list[str]]:
    """Return the text of each kind of element of a task."""
    found: dict[str, list[str]] = {}
    for element in ElementTree.fromstring(text.partition("?>")[2]).iter():  # noqa: S314 - our own text
        found.setdefault(element.tag.rpartition("}")[2], []).append(element.text or "")
    return found


class TaskRig(msgspec.Struct):
    """A task under a schtasks."""

    manager: LoginManager
    home: Path
    folder: Path
    starts_at_once: bool = True
    sees_edits: bool = False
    refuses: tuple[str, ...] = ("percent",)

    def edit(self) -> None:
        text = (self.folder / "task").read_text(encoding="utf-8")
        (self.folder / "task").write_text(text.replace("PT30S", "PT60S"), encoding="utf-8")

    def program(self) -> str:
        (command,) = values((self.folder / "task").read_text(encoding="utf-8"))["Command"]
        return command.removesuffix("w.exe")


class TestTask(ManagerContract):
    """A task that the Task Scheduler takes."""

    @pytest.fixture
    def rig(self, home: Path, fake_schtasks: Path) -> TaskRig:
        return TaskRig(MANAGERS["task-scheduler"](), home, fake_schtasks)


class ShortcutRig(TaskRig):
    """A shortcut in the Startup folder, since the Task Scheduler takes no task."""

    def edit(self) -> None:
        (self.home / STARTUP).write_bytes((self.home / STARTUP).read_bytes() + b"mine")

    def program(self) -> str:
        content = (self.home / STARTUP).read_bytes()[1:].decode("utf-16-le")
        return content.partition("\0")[0].removesuffix("w.exe")


class TestShortcut(ManagerContract):
    """What the contract promises holds in the Startup folder too."""

    @pytest.fixture
    def rig(self, home: Path, fake_schtasks: Path) -> ShortcutRig:
        (fake_schtasks / "refuses").touch()
        return ShortcutRig(MANAGERS["task-scheduler"](), home, fake_schtasks)


def test_the_task_has_what_the_service_relies_on() -> None:
    """It starts for this person alone, without rights of an administrator, and nothing but a failure ends it."""
    found = values(render(TEMPLATE, PLAIN, r"PC\Ada"))
    assert found["UserId"] == [r"PC\Ada", r"PC\Ada"]
    wanted = {
        "Delay": "PT30S", "LogonType": "InteractiveToken", "RunLevel": "LeastPrivilege",
        "MultipleInstancesPolicy": "IgnoreNew", "DisallowStartIfOnBatteries": "false",
        "StopIfGoingOnBatteries": "false", "StopOnIdleEnd": "false", "RunOnlyIfIdle": "false",
        "ExecutionTimeLimit": "PT0S", "Interval": "PT1M",
        "Command": r"C:\Users\Ada\venv\Scripts\pythonw.exe", "Arguments": "-P -m remind.service --yield",
        "WorkingDirectory": str(Path.home()),
    }  # fmt: skip
    assert {name: found[name] for name in wanted} == {name: [value] for name, value in wanted.items()}
    assert "LogonTrigger" in found
    assert "RestartOnFailure" in found


def test_a_checkout_is_started_in_the_checkout() -> None:
    """A task has no environment, so its folder makes Python find the package."""
    checkout = msgspec.structs.replace(PLAIN, environment={"PYTHONPATH": r"C:\My & checkout"})
    found = values(render(TEMPLATE, checkout, "Ada"))
    assert found["WorkingDirectory"] == [r"C:\My & checkout"]
    assert found["Arguments"] == ["-m remind.service --yield"]


@pytest.mark.parametrize("path", [r"C:\%TEMP%\python.exe", "C:\\\x07\\python.exe", os.fsdecode(b"/home/\xff/python")])
def test_a_path_that_cannot_be_started_is_refused(path: str) -> None:
    """The Task Scheduler would expand a variable in it, or XML lacks a character; nothing is written."""
    with pytest.raises(RemindError, match="install remind elsewhere"):
        render(TEMPLATE, Installation(path, {}), "Ada")


@pytest.mark.parametrize(
    ("interpreter", "windowless"),
    [
        (r"C:\a b\python.exe", r"C:\a b\pythonw.exe"),
        (r"C:\python\python3.13.exe", r"C:\python\pythonw.exe"),
        ("C:/venv/Scripts/python.exe", "C:/venv/Scripts/pythonw.exe"),
    ],
)
def test_the_interpreter_without_a_window(interpreter: str, windowless: str) -> None:
    """It stands beside the other one, whatever that is called."""
    assert Installation(interpreter, {}).without_console("remind.service")[0] == windowless


def test_the_file_is_utf_16(home: Path, fake_schtasks: Path) -> None:
    """The Task Scheduler reads no other encoding; what it got is what the preview shows."""
    manager = MANAGERS["task-scheduler"]()
    manager.install()
    taken = (fake_schtasks / "task").read_bytes().decode()
    assert taken.replace("\r\n", "\n") == manager.text()
    assert taken.count("\r\n") == taken.count("\n")


def test_what_schtasks_is_asked(home: Path, fake_schtasks: Path, fake_background: FakeBackground) -> None:
    """The task is ended before the process is, so that its end is no failure; nothing is asked twice."""
    manager = MANAGERS["task-scheduler"]()
    manager.install()
    manager.stop()
    manager.start()
    manager.uninstall()
    asked = [call.split()[0] for call in calls(fake_schtasks) if not call.startswith("/query")]
    assert asked == ["/create", "/end", "/run", "/end", "/run", "/end", "/delete"]
    assert fake_background.calls == []
    assert files(home) == set()


def test_a_refused_task_becomes_a_shortcut(
    home: Path, fake_schtasks: Path, fake_background: FakeBackground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands in the Startup folder until the Task Scheduler takes the task; then it goes."""
    (fake_schtasks / "refuses").touch()
    manager = MANAGERS["task-scheduler"]()
    assert manager.install().where == str(home / STARTUP)
    assert fake_background.calls == ["start"]
    (fake_schtasks / "refuses").unlink()
    monkeypatch.setattr(sys, "platform", "win32")
    assert uninstall_service() == [str(home / STARTUP)]
    assert files(home) == set()
    assert r"\remind" in manager.install().where
    assert not (home / STARTUP).exists()


def test_a_task_that_was_switched_off(home: Path, fake_schtasks: Path) -> None:
    """Its trigger may be on, but it does not start at login."""
    manager = MANAGERS["task-scheduler"]()
    manager.install()
    task = fake_schtasks / "task"
    before, _, after = task.read_text(encoding="utf-8").partition("<Settings>")
    off = after.replace("<Enabled>true<", "<Enabled>false<")
    task.write_text(f"{before}<Settings>{off}", encoding="utf-8")
    assert not manager.status().enabled


def test_only_windows_writes_shortcuts(tmp_path: Path) -> None:
    """Elsewhere one line says so."""
    with pytest.raises(RemindError, match="only Windows"):
        shortcut.save(tmp_path / "a.lnk", "a", [], "", "")
