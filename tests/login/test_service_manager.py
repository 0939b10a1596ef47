"""The contract of a service manager: under a fake systemctl with and without a manager, and the real one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fake_systemd import FakeSystemd

from remind.errors import RemindError
from remind.login import Systemd, service_manager, start_advice


@pytest.fixture(params=["managed", "unmanaged", "real systemctl, offline"])
def manager(request: pytest.FixtureRequest, home: Path) -> Systemd:
    """A service manager in each of the states in which people meet one."""
    if request.param.startswith("real"):
        assert shutil.which("systemctl"), "needs the Debian package systemd"
    else:
        fake = request.getfixturevalue("fake_systemd")
        if request.param == "managed":
            fake.has_manager()
    return service_manager()


def files(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir()}


def unit_of(home: Path) -> Path:
    return home / ".config/systemd/user/remind.service"


def test_installing_twice_is_as_good_as_once(manager: Systemd, home: Path) -> None:
    """The second time, everything is in place already, and the result says so."""
    first = manager.install()
    before = files(home)
    second = manager.install()
    assert (first.changed, second.changed) == (True, False)
    assert first.path == second.path == unit_of(home)
    assert files(home) == before
    assert (manager.status().installed, manager.status().enabled) == (True, True)


def test_uninstalling_leaves_only_what_was_there_before(manager: Systemd, home: Path) -> None:
    """What the person keeps beside the unit stays; what `install` wrote is removed."""
    other = unit_of(home).parent / "remind.service.d" / "mine.conf"
    other.parent.mkdir(parents=True)
    other.write_text("[Service]\nNice=5\n")
    manager.install()
    assert manager.uninstall() is True
    assert files(home) == {other.relative_to(home)}
    status = manager.status()
    assert (status.installed, status.enabled, status.running) == (False, False, False)
    assert manager.uninstall() is False


def test_another_installations_or_an_edited_unit_is_not_current(
    manager: Systemd, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what `install` would write now is current."""
    assert not manager.is_current()
    manager.install()
    assert manager.is_current()
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "elsewhere"))
    assert not manager.is_current()
    manager.install()
    unit_of(home).write_text(unit_of(home).read_text(encoding="utf-8") + "# mine\n")
    assert not manager.is_current()


def test_an_edited_unit_is_kept_unless_forced(manager: Systemd, home: Path) -> None:
    """Neither install nor uninstall deletes a person's changes, and both say what to do."""
    manager.install()
    edited = unit_of(home).read_text(encoding="utf-8").replace("RestartSec=30", "RestartSec=60")
    unit_of(home).write_text(edited)
    for act in (manager.install, manager.uninstall):
        with pytest.raises(RemindError, match=r"edited by hand.*--force"):
            act()
        assert unit_of(home).read_text(encoding="utf-8") == edited
    assert manager.install(force=True).changed
    assert "RestartSec=30" in unit_of(home).read_text(encoding="utf-8")
    unit_of(home).write_text(edited)
    assert manager.uninstall(force=True)
    assert not unit_of(home).exists()


def test_a_unit_of_an_earlier_version_is_brought_up_to_date(
    manager: Systemd, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A unit that nobody edited is replaced without a question."""
    monkeypatch.setattr(sys, "executable", "/opt/another/bin/python")
    with monkeypatch.context() as patch:
        patch.setattr("remind.login.installation._found_without_help", lambda: True)
        manager.install()
        assert "/opt/another" in unit_of(home).read_text(encoding="utf-8")
        patch.setattr(sys, "executable", "/opt/newer/bin/python")
        assert manager.install().changed
    assert "/opt/newer" in unit_of(home).read_text(encoding="utf-8")


def test_a_masked_unit_stays_masked(manager: Systemd, home: Path) -> None:
    """A link to /dev/null means never, so it is kept and reported, even with force."""
    unit_of(home).parent.mkdir(parents=True)
    unit_of(home).symlink_to("/dev/null")
    for force in (False, True):
        with pytest.raises(RemindError, match="not a plain file"):
            manager.install(force=force)
    assert unit_of(home).readlink() == Path("/dev/null")


def test_what_is_not_installed_cannot_be_started_or_stopped(manager: Systemd) -> None:
    """The message names the command to run first."""
    for act in (manager.start, manager.stop):
        with pytest.raises(RemindError, match="remind service install"):
            act()


def test_a_folder_that_cannot_be_made_is_reported_in_one_line(manager: Systemd, home: Path) -> None:
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
    assert service_manager().install().started
    assert fake_systemd.calls[-1] == "--user start remind.service"
    service_manager().uninstall()
    assert fake_systemd.calls[-2:] == ["--user disable --now remind.service", "--user daemon-reload"]


def test_without_a_manager_the_service_is_set_for_the_next_login(home: Path, fake_systemd: FakeSystemd) -> None:
    """Nothing is started, and systemctl runs in its offline mode."""
    assert not service_manager().install().started
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


def test_a_system_without_systemd_gets_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without systemctl, or on another system, one line says what to do instead."""
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(RemindError, match=r"systemctl is not on PATH.*`remind run`"):
        service_manager()
    for platform, name in (("darwin", "macOS"), ("win32", "Windows"), ("freebsd14", "freebsd14")):
        monkeypatch.setattr(sys, "platform", platform)
        with pytest.raises(RemindError, match=rf"isn't supported on {name} yet.*`remind run`.*autostart"):
            service_manager()


def test_where_systemd_does_not_run_nothing_is_installed(
    home: Path, fake_systemd: FakeSystemd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a container, systemctl may exist though nothing would ever start the unit; one line says so."""
    monkeypatch.setattr("remind.login.BOOTED", home / "run/systemd/system")
    with pytest.raises(RemindError, match=r"systemd is not running here.*`remind run`") as told:
        service_manager().install()
    assert len(told.value.lines) == 1
    assert (files(home), fake_systemd.calls) == (set(), [])


def test_only_what_exists_here_is_advised(
    home: Path, fake_systemd: FakeSystemd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Start it if it is installed, install it if possible, or run it in the foreground."""
    assert "service install" in start_advice()
    service_manager().install()
    assert "service start" in start_advice()
    monkeypatch.setattr("remind.login.BOOTED", home / "run/systemd/system")
    assert start_advice() == "`remind run` starts it"


def test_the_unit_is_where_this_shell_keeps_its_settings(
    home: Path, fake_systemd: FakeSystemd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """XDG_CONFIG_HOME moves the unit, and the service gets it too."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "my config"))
    installed = service_manager().install()
    assert installed.path == home / "my config" / "systemd" / "user" / "remind.service"
    assert f'"XDG_CONFIG_HOME={home}/my config"' in installed.path.read_text(encoding="utf-8")
    assert os.environ["XDG_CONFIG_HOME"] in fake_systemd.calls[1]


def test_the_unit_is_hardened(home: Path, tmp_path: Path) -> None:
    """systemd rates its exposure below 8; an unprotected unit has 9.8 of 10."""
    service_manager().install()
    rated = subprocess.run(
        ["systemd-analyze", "security", "--user", "--offline=true", "--no-pager", str(unit_of(home))],
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert float(rated.stdout.splitlines()[-1].partition(":")[2].split()[0]) < 8, rated.stdout
