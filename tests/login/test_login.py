"""Which manager is used where, and that only one of them ever starts the service."""

import sys
from pathlib import Path

import pytest
from fake_background import FakeBackground
from fake_systemd import FakeSystemd
from manager_contract import files

from remind.errors import RemindError
from remind.files import own_folders
from remind.login import MANAGERS, install_service, service_manager, start_advice, uninstall_service
from remind.login.autostart import Autostart
from remind.login.launchd import Launchd
from remind.login.systemd import Systemd
from remind.login.task_scheduler import TaskScheduler


@pytest.fixture
def without_systemd(home: Path, fake_background: FakeBackground, monkeypatch: pytest.MonkeyPatch) -> FakeBackground:
    """A Linux that something else than systemd runs, though a systemctl may be there."""
    monkeypatch.setattr("remind.login.BOOTED", home / "run/systemd/system")
    return fake_background


def test_each_system_has_its_manager(
    home: Path, fake_systemd: FakeSystemd, without_systemd: FakeBackground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Linux the unit where systemd runs, else the autostart entry; launchd and the Task Scheduler elsewhere."""
    assert isinstance(service_manager(), Autostart)
    monkeypatch.setattr("remind.login.BOOTED", home)
    assert isinstance(service_manager(), Systemd)
    monkeypatch.setenv("PATH", "/nowhere")
    assert isinstance(service_manager(), Autostart)
    for platform, manager in (("darwin", Launchd), ("win32", TaskScheduler)):
        monkeypatch.setattr(sys, "platform", platform)
        assert isinstance(service_manager(), manager)


def test_other_systems_get_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says what to do instead."""
    monkeypatch.setattr(sys, "platform", "freebsd14")
    with pytest.raises(RemindError, match=r"isn't supported on freebsd14.*`remind run`.*autostart") as told:
        service_manager()
    assert len(told.value.lines) == 1
    assert start_advice() == "`remind run` starts it"


def test_only_what_exists_here_is_advised(
    home: Path, fake_systemd: FakeSystemd, without_systemd: FakeBackground
) -> None:
    """Install it, or start it if it is installed."""
    assert "service install" in start_advice()
    install_service()
    assert "service start" in start_advice()


def test_installing_one_removes_the_other(
    home: Path, fake_systemd: FakeSystemd, without_systemd: FakeBackground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A unit and an autostart entry would start two copies, so the one that was there before goes, also from memory."""
    install_service()
    assert without_systemd.running
    assert files(home) == {Path(".config/autostart/remind.desktop")}
    with monkeypatch.context() as patch:
        patch.setattr("remind.login.BOOTED", home)
        fake_systemd.has_manager()
        install_service()
    assert not without_systemd.running
    assert files(home) == {Path(".config/systemd/user/remind.service")}
    assert (fake_systemd.folder / "running").exists()
    install_service()
    assert files(home) == {Path(".config/autostart/remind.desktop")}
    assert not (fake_systemd.folder / "running").exists()


def test_a_systemd_that_was_removed_leaves_nothing(
    home: Path, without_systemd: FakeBackground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without systemctl the unit and its link are removed all the same."""
    unit = MANAGERS["systemd"]()
    unit.install()  # by the real systemctl, which makes the link
    assert len(files(home)) == 2
    monkeypatch.setenv("PATH", "/nowhere")
    install_service()
    assert files(home) == {Path(".config/autostart/remind.desktop")}


def test_an_edited_one_is_not_replaced_by_another(
    home: Path, fake_systemd: FakeSystemd, without_systemd: FakeBackground
) -> None:
    """What the person changed by hand is no more lost by installing elsewhere; nothing changes."""
    MANAGERS["systemd"]().install()
    unit = home / ".config/systemd/user/remind.service"
    unit.write_text(unit.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    with pytest.raises(RemindError, match="edited by hand"):
        install_service()
    assert files(home) == {Path(".config/systemd/user/remind.service")}
    install_service(force=True)
    assert files(home) == {Path(".config/autostart/remind.desktop")}


def test_all_or_nothing_is_uninstalled(home: Path, fake_systemd: FakeSystemd, without_systemd: FakeBackground) -> None:
    """If one of them was edited, the other one stays too, until the person forces it."""
    for name in ("autostart", "systemd"):
        MANAGERS[name]().install()
    unit = home / ".config/systemd/user/remind.service"
    unit.write_text(unit.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    before = files(home)
    with pytest.raises(RemindError, match="edited by hand"):
        uninstall_service()
    assert files(home) == before
    uninstall_service(force=True)
    assert files(home) == set()


def test_uninstalling_removes_all_that_could_start_it(
    home: Path, fake_systemd: FakeSystemd, without_systemd: FakeBackground
) -> None:
    """Whatever manager wrote it, it goes, and with it the log and the locks; the person's data stay."""
    managers = [MANAGERS["systemd"](), MANAGERS["autostart"]()]
    for manager in managers:
        manager.install()
    folders = own_folders()
    for path in (folders.settings, folders.database):
        path.parent.mkdir(parents=True)
        path.write_text("mine")
    folders.state.mkdir(parents=True)
    for name in ("remind.log", "remind.log.1", "remind.lock", "session.lock"):
        (folders.state / name).touch()
    assert sorted(uninstall_service()) == sorted(manager.where for manager in managers)
    assert files(home) == {path.relative_to(home) for path in (folders.settings, folders.database)}
    assert not folders.state.exists()
    assert uninstall_service() == []
