"""The systemd user manager: the contract, under a fake systemctl with and without a manager and the real one."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest
from fake_systemd import FakeSystemd
from manager_contract import ManagerContract

from remind.errors import RemindError
from remind.login import MANAGERS, LoginManager, service_manager


class SystemdRig(msgspec.Struct):
    """The unit under a systemctl."""

    manager: LoginManager
    home: Path
    starts_at_once: bool
    sees_edits: bool = True
    refuses: tuple[str, ...] = ()

    def edit(self) -> None:
        text = unit_of(self.home).read_text(encoding="utf-8")
        unit_of(self.home).write_text(text.replace("RestartSec=30", "RestartSec=60"), encoding="utf-8")

    def program(self) -> str:
        return started_by(unit_of(self.home).read_text(encoding="utf-8"))[1]


def started_by(unit: str) -> list[str]:
    """Return the words of ExecStart as systemd.syntax(7), systemd.unit(5) and systemd.service(5) have them read."""
    (line,) = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)
    words = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', line)
    return [
        re.sub(r"\\(.)", r"\1", quoted).replace("%%", "%").replace("$$", "$") if quoted else plain
        for quoted, plain in words
    ]


def unit_of(home: Path) -> Path:
    return home / ".config/systemd/user/remind.service"


class TestManaged(ManagerContract):
    """A login session as most people have it."""

    @pytest.fixture
    def rig(self, home: Path, fake_systemd: FakeSystemd) -> SystemdRig:
        fake_systemd.has_manager()
        return SystemdRig(MANAGERS["systemd"](), home, True)


class TestUnmanaged(ManagerContract):
    """A shell under su or sudo, which no user manager serves."""

    @pytest.fixture
    def rig(self, home: Path, fake_systemd: FakeSystemd) -> SystemdRig:  # noqa: ARG002
        return SystemdRig(MANAGERS["systemd"](), home, False)


class TestOffline(ManagerContract):
    """The real systemctl, without a manager."""

    @pytest.fixture
    def rig(self, home: Path) -> SystemdRig:
        assert shutil.which("systemctl"), "needs the Debian package systemd"
        return SystemdRig(MANAGERS["systemd"](), home, False)


@pytest.fixture(params=["managed", "unmanaged"])
def manager(request: pytest.FixtureRequest, fake_systemd: FakeSystemd) -> LoginManager:
    """A manager in each of the states in which people meet one."""
    if request.param == "managed":
        fake_systemd.has_manager()
    return service_manager()


def test_a_masked_unit_stays_masked(manager: LoginManager, home: Path) -> None:
    """A link to /dev/null means never, so it is kept and reported, even with force."""
    unit_of(home).parent.mkdir(parents=True)
    unit_of(home).symlink_to("/dev/null")
    for force in (False, True):
        with pytest.raises(RemindError, match="not a plain file"):
            manager.install(force=force)
    assert unit_of(home).readlink() == Path("/dev/null")


def test_a_folder_that_cannot_be_made_is_reported_in_one_line(manager: LoginManager, home: Path) -> None:
    """A file may be where the folder should be."""
    (home / ".config").write_text("")
    with pytest.raises(RemindError) as told:
        manager.install()
    assert len(told.value.lines) == 1


def test_a_running_manager_reloads_at_once(home: Path, fake_systemd: FakeSystemd) -> None:
    """It reads the units again before it enables and starts this one; a second install restarts nothing."""
    fake_systemd.has_manager()
    service_manager().install()
    assert fake_systemd.calls == [
        "--user daemon-reload",
        f"--user enable {unit_of(home)}",
        "--user restart remind.service",
    ]
    assert not service_manager().install().waits
    assert fake_systemd.calls[-1] == "--user start remind.service"
    service_manager().uninstall()
    assert fake_systemd.calls[-2:] == ["--user disable --now remind.service", "--user daemon-reload"]


def test_without_a_manager_the_service_is_set_for_the_next_login(home: Path, fake_systemd: FakeSystemd) -> None:
    """Nothing is started, and systemctl runs in its offline mode."""
    assert "no systemd user manager" in service_manager().install().waits
    assert fake_systemd.calls == ["--user daemon-reload", f"offline --user enable {unit_of(home)}"]


def test_the_real_systemctl_links_the_unit_to_the_login(home: Path) -> None:
    """Without a manager, install makes the link that starts the service at login, and uninstall removes it."""
    service_manager().install()
    link = unit_of(home).parent / "default.target.wants" / "remind.service"
    assert link.resolve() == unit_of(home)
    service_manager().uninstall()
    assert not link.is_symlink()


def test_the_state_comes_from_the_manager(fake_systemd: FakeSystemd) -> None:
    """systemd says whether it is running, and as which process."""
    fake_systemd.has_manager()
    manager = service_manager()
    manager.install()
    assert (manager.status().running, manager.status().pid) == (True, 123)
    manager.stop()
    status = manager.status()
    assert (status.installed, status.running, status.pid, status.state) == (
        True,
        False,
        None,
        "inactive (dead)",
    )
    manager.start()
    assert manager.status().running


def test_a_service_that_does_not_start_points_to_its_log(fake_systemd: FakeSystemd) -> None:
    """The error has the first line of systemd's message and the command that shows the reason."""
    fake_systemd.has_manager()
    fake_systemd.fails("restart", "Job for remind.service failed.\nSee elsewhere.\n")
    with pytest.raises(RemindError) as told:
        service_manager().install()
    assert str(told.value) == "systemctl: Job for remind.service failed.; `remind service logs` says why"


def test_starting_without_a_manager_says_what_to_do(fake_systemd: FakeSystemd) -> None:
    """An installed service needs a manager to start it."""
    service_manager().install()
    with pytest.raises(RemindError, match="no systemd user manager is running for you here"):
        service_manager().start()


def test_logs_are_those_of_the_journal(fake_systemd: FakeSystemd) -> None:
    """journalctl shows this unit alone; if it fails, the command fails."""
    service_manager().logs(20)
    service_manager().logs(5, follow=True)
    assert fake_systemd.calls == [
        "journalctl --user -u remind -n 20",
        "journalctl --user -u remind -n 5 -f",
    ]
    (fake_systemd.folder / "journal-code").write_text("3")
    with pytest.raises(RemindError, match="exit code 3"):
        service_manager().logs(20)


def test_logs_without_a_journal_are_reported(fake_systemd: FakeSystemd, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine may lack journalctl."""
    manager = service_manager()
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(RemindError, match="journalctl cannot be run"):
        manager.logs(20)


def test_the_unit_is_where_this_shell_keeps_its_settings(
    home: Path, fake_systemd: FakeSystemd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """XDG_CONFIG_HOME moves the unit, and the service gets it too."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "my config"))
    installed = service_manager().install()
    unit = home / "my config" / "systemd" / "user" / "remind.service"
    assert installed.where == str(unit)
    assert f'"XDG_CONFIG_HOME={home}/my config"' in unit.read_text(encoding="utf-8")
    assert os.environ["XDG_CONFIG_HOME"] in fake_systemd.calls[1]


def test_the_unit_is_hardened(home: Path, tmp_path: Path) -> None:
    """systemd rates its exposure below 8; an unprotected unit has 9.8 of 10."""
    service_manager().install()
    rated = subprocess.run(
        ["systemd-analyze", "security", "--user", "--offline=true", "--no-pager", str(unit_of(home))],
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert float(rated.stdout.splitlines()[-1].partition(":")[2].split()[0]) < 8, rated.stdout
