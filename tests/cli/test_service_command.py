"""What `remind service` says, over a manager that only remembers."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from remind.app import App
from remind.cli.service import service
from remind.errors import ExitCode, NotRunningError, RemindError
from remind.login import Installed, Status

UNIT = Path("/home/ada/.config/systemd/user/remind.service")
RUNNING = Status(installed=True, enabled=True, running=True, state="active (running)", pid=123)
STOPPED = Status(installed=True, enabled=True, running=False, state="failed (failed)")


class Manager:
    """Gives the answers that the test sets, and records what it was asked."""

    def __init__(self, **answers: object) -> None:
        self.answers = answers
        self.asked: list[tuple[object, ...]] = []

    def __getattr__(self, verb: str) -> Any:
        def act(*arguments: object, **options: object) -> object:
            self.asked.append((verb, *arguments, *options.items()))
            return self.answers.get(verb)

        return act


def run(monkeypatch: pytest.MonkeyPatch, manager: Manager, *arguments: str, foreground: int | None = None) -> str:
    monkeypatch.setattr("remind.cli.service.service_manager", lambda: manager)
    monkeypatch.setattr("remind.cli.service.lock_owner", lambda _: foreground)
    result = CliRunner().invoke(service, arguments, obj=App(), catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_install_says_what_it_wrote_and_when_the_service_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the unit is, and whether reminders come from now on or from the next login on."""
    manager = Manager(install=Installed(UNIT, changed=True, started=True))
    assert run(monkeypatch, manager, "install") == (
        f"Wrote {UNIT}\nThe service is running, and starts at each login.\n"
    )
    manager = Manager(install=Installed(UNIT, changed=False, started=False))
    said = run(monkeypatch, manager, "install", "--force")
    assert said.startswith(f"Unchanged: {UNIT}\n")
    assert "starts at your next login" in said
    assert manager.asked == [("install", ("force", True))]


def test_uninstall_says_what_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody need fear for the diary."""
    assert run(monkeypatch, Manager(uninstall=True), "uninstall") == "Removed. Settings and diary stay.\n"
    assert run(monkeypatch, Manager(uninstall=False), "uninstall") == "The service is not installed.\n"


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


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (STOPPED, "the service is not running: failed (failed). It starts at each login."),
        (msgspec.structs.replace(STOPPED, enabled=False), "It does not start at login"),
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
