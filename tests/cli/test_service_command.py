"""What `remind service` says, over a manager that only remembers."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from remind.app import App
from remind.cli.service import service
from remind.errors import ExitCode, NotRunningError, RemindError
from remind.files import own_folders
from remind.login import MANAGERS, Installed, Status

UNIT = "/home/ada/.config/systemd/user/remind.service"
RUNNING = Status(installed=True, enabled=True, running=True, state="active (running)", pid=123)
STOPPED = Status(installed=True, enabled=True, running=False, state="failed (failed)")


class Manager:
    """Gives the answers that the test sets, and records what it was asked."""

    def __init__(self, **answers: object) -> None:
        self.answers = answers
        self.asked: list[tuple[object, ...]] = []

    def __getattr__(self, verb: str) -> Any:
        if verb == "where":
            return self.answers[verb]

        def act(*arguments: object, **options: object) -> object:
            self.asked.append((verb, *arguments, *options.items()))
            return self.answers.get(verb)

        return act


def run(monkeypatch: pytest.MonkeyPatch, manager: Manager, *arguments: str, foreground: int | None = None) -> str:
    monkeypatch.setattr("remind.cli.service.service_manager", lambda: manager)
    monkeypatch.setattr("remind.cli.service.install_service", manager.install)
    monkeypatch.setattr("remind.cli.service.uninstall_service", manager.uninstall)
    monkeypatch.setattr("remind.login.launchers.install_launcher", lambda: manager.answers.get("written", []))
    monkeypatch.setattr("remind.login.launchers.remove_launcher", lambda: manager.answers.get("removed", []))
    monkeypatch.setattr("remind.cli.service.lock_owner", lambda _: foreground)
    result = CliRunner().invoke(service, arguments, obj=App(), catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_install_says_what_it_wrote_and_when_the_service_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the unit is, and whether reminders come from now on or from the next login on."""
    manager = Manager(install=Installed(UNIT, changed=True))
    assert run(monkeypatch, manager, "install") == (
        f"Wrote {UNIT}\nThe service is running, and starts at each login.\n"
    )
    manager = Manager(install=Installed(UNIT, changed=False, waits="`remind run` is already running (process 7)"))
    said = run(monkeypatch, manager, "install", "--force")
    assert said == (
        f"Unchanged: {UNIT}\nThe service starts at your next login: `remind run` is already running (process 7).\n"
    )
    assert manager.asked == [("install", ("force", True))]


def test_uninstall_says_what_stays_and_where(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody need fear for the diary, or look for it; what was never there is not named."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    folders = own_folders()
    folders.data.mkdir(parents=True)
    stays = f"Your diary is still in {folders.data}.\n"
    manager = Manager(uninstall=[UNIT, "/home/ada/b"])
    assert run(monkeypatch, manager, "uninstall") == f"Removed {UNIT}\nRemoved /home/ada/b\n{stays}"
    folders.config.mkdir(parents=True)
    stays = f"Your settings are still in {folders.config}.\n{stays}"
    assert run(monkeypatch, Manager(uninstall=[]), "uninstall") == f"The service is not installed.\n{stays}"


def test_the_menu_entry_comes_and_goes_with_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file is named, the many icons in one line."""
    icons = [Path(f"/home/ada/.local/share/icons/hicolor/{size}/apps/remind.png") for size in ("16x16", "48x48")]
    files = [Path("/home/ada/.local/share/applications/remind.desktop"), *icons]
    lines = [f"{files[0]}\n", "2 icons below /home/ada/.local/share/icons/hicolor\n"]
    said = run(monkeypatch, Manager(install=Installed(UNIT, changed=True), written=files), "install")
    assert said.splitlines()[1:4] == [
        *(f"Wrote {line}".strip() for line in lines),
        "remind is in your menu of applications.",
    ]
    said = run(monkeypatch, Manager(uninstall=[], removed=files), "uninstall")
    assert said.startswith("".join(f"Removed {line}" for line in lines))


def test_a_preview_is_the_file_alone(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Its name goes to standard error, so that the rest can be checked or saved as it is."""
    manager = Manager(text="the text\n", where=UNIT)
    monkeypatch.setattr("remind.cli.service.service_manager", lambda: manager)
    result = CliRunner().invoke(service, ["preview"], obj=App(), catch_exceptions=False)
    assert result.stdout == "the text\n"
    assert result.stderr.splitlines()[0] == f"{UNIT}:"
    assert "applications/remind.desktop" in result.stderr


@pytest.mark.parametrize("name", MANAGERS)
def test_a_preview_of_any_system_works_on_every_other(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It prints what that system's manager would read, and writes nothing."""
    monkeypatch.setenv("HOME", str(tmp_path))
    result = CliRunner().invoke(service, ["preview", "--for", name], obj=App(), catch_exceptions=False)
    assert result.exit_code == 0
    assert "remind.service" in result.stdout
    assert list(tmp_path.iterdir()) == []


def test_start_and_stop_say_what_holds_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command reaches the manager once."""
    manager = Manager()
    assert run(monkeypatch, manager, "start") == "The service is running.\n"
    assert run(monkeypatch, manager, "stop") == "The service is stopped until the next login.\n"
    assert manager.asked == [("start",), ("stop",)]


def test_status_of_a_running_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """State, process, and what happens at login."""
    said = run(monkeypatch, Manager(status=RUNNING), "status")
    assert said == "The service is running: active (running), process 123; it starts at each login.\n"
    said = run(monkeypatch, Manager(status=msgspec.structs.replace(RUNNING, state="")), "status")
    assert said == "The service is running: process 123; it starts at each login.\n"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (STOPPED, "the service is not running: failed (failed). It starts at each login."),
        (msgspec.structs.replace(STOPPED, enabled=False), "It does not start at login"),
        (msgspec.structs.replace(STOPPED, state=""), "the service is not running. It starts at each login."),
        (msgspec.structs.replace(STOPPED, installed=False), "not installed. Run `remind service install`."),
    ],
)
def test_status_of_a_service_that_does_not_run_ends_with_3(
    monkeypatch: pytest.MonkeyPatch, status: Status, words: str
) -> None:
    """Scripts can rely on the exit code, people on the words."""
    with pytest.raises(NotRunningError) as told:
        run(monkeypatch, Manager(status=status), "status")
    assert words in str(told.value)
    assert told.value.exit_code == ExitCode.NOT_RUNNING == 3


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (STOPPED, "The login service starts at each login."),
        (msgspec.structs.replace(STOPPED, installed=False, enabled=False), "The login service is not installed."),
    ],
)
def test_status_knows_of_a_service_in_the_foreground(
    monkeypatch: pytest.MonkeyPatch, status: Status, words: str
) -> None:
    """`remind run` in a terminal is the service too, and no failure."""
    said = run(monkeypatch, Manager(status=status), "status", foreground=77)
    assert said == f"`remind run` is running in the foreground, process 77. {words}\n"


def test_status_without_a_service_manager(monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs in the foreground runs there too; without it the reason is given."""

    class Nowhere(Manager):
        def status(self) -> Status:
            raise RemindError("systemd is not running here")

    assert "process 77" in run(monkeypatch, Nowhere(), "status", foreground=77)
    with pytest.raises(NotRunningError, match="the service is not running: systemd is not running here"):
        run(monkeypatch, Nowhere(), "status")


def test_logs_are_asked_for_as_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """How many lines, and whether to go on."""
    manager = Manager()
    run(monkeypatch, manager, "logs")
    run(monkeypatch, manager, "logs", "-n", "5", "-f")
    assert manager.asked == [("logs", 50, ("follow", False)), ("logs", 5, ("follow", True))]


@pytest.mark.parametrize("arguments", [("logs", "-n", "-1"), ("logs", "-n", "many"), ("start", "now"), ("restart",)])
def test_what_cannot_be_meant_is_wrong_usage(arguments: tuple[str, ...]) -> None:
    """Wrong arguments end with 2 before any manager is asked."""
    assert CliRunner().invoke(service, arguments).exit_code == ExitCode.USAGE
