"""What every login manager promises, as tests; a class that inherits them has the fixture `rig`."""

import sys
from collections.abc import Collection
from pathlib import Path
from typing import Protocol

import pytest

from remind.errors import RemindError
from remind.login import LoginManager

HOSTILE = {
    "spaces": "/home/ada lovelace/my  venv/bin/python",
    "percent": "/home/ada/100%/%h %% %n/bin/python",
    "dollars": "/home/$HOME/${PATH}/$$/bin/python",
    "quotes": '/home/it\'s "here"/`id`/bin/python',
    "markup": "/home/a&b/<c> &amp; ]]> <!-- d -- >/bin/python",
    "backslashes": "/home/a\\b/c\\nd\\\\e/\\x41/bin/python",
    "separators": "/home/a;b|c#d/e~f*g?h!(i)/bin/python",
    "unicode": "/home/Žofie/睡眠/🦵🏽/\u202eשלום/bin/python",
    "very long": "/home" + "/a long folder's name" * 150 + "/bin/python",
}
"""Paths of an interpreter; each manager runs exactly that file."""


class Rig(Protocol):
    """A manager with what it talks to."""

    manager: LoginManager
    home: Path
    starts_at_once: bool
    """Something can start the service now, not only at the next login."""
    sees_edits: bool
    """It can tell what a person changed by hand."""
    refuses: Collection[str]
    """The kinds of hostile paths that the system cannot start, so that they are refused."""

    def edit(self) -> None:
        """Change what `install` wrote, as a person does by hand."""

    def program(self) -> str:
        """Return the path of the program that what `install` wrote would start."""


def files(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir()}


class ManagerContract:
    """Inherit this in a class whose name begins with Test."""

    def test_installing_twice_is_as_good_as_once(self, rig: Rig) -> None:
        """The second time, everything is in place already, and the result says so."""
        first = rig.manager.install()
        before = files(rig.home)
        second = rig.manager.install()
        assert (first.changed, second.changed) == (True, False)
        assert first.where == second.where == rig.manager.where
        assert bool(first.waits) == (not rig.starts_at_once)
        assert files(rig.home) == before
        assert (rig.manager.status().installed, rig.manager.status().enabled) == (True, True)
        assert rig.manager.is_installed()

    def test_uninstalling_leaves_only_what_was_there_before(self, rig: Rig) -> None:
        """What the person keeps stays; what `install` wrote is removed, and the service is stopped."""
        mine = rig.home / "Library/LaunchAgents/mine", rig.home / ".config/systemd/user/remind.service.d/mine.conf"
        for path in mine:
            path.parent.mkdir(parents=True)
            path.write_text("mine\n")
        rig.manager.install()
        assert rig.manager.uninstall() is True
        assert files(rig.home) == {path.relative_to(rig.home) for path in mine}
        status = rig.manager.status()
        assert (status.installed, status.enabled, status.running) == (False, False, False)
        assert not rig.manager.is_installed()
        assert rig.manager.uninstall() is False

    def test_a_preview_is_what_install_writes(self, rig: Rig) -> None:
        """Asking for the text writes nothing, and the text is current once it is installed."""
        text = rig.manager.text()
        assert files(rig.home) == set()
        assert not rig.manager.is_current()
        rig.manager.install()
        assert rig.manager.text() == text
        assert rig.manager.is_current()

    def test_another_installation_is_not_current_and_is_renewed(
        self, rig: Rig, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What an earlier version or another copy wrote is replaced without a question."""
        rig.manager.install()
        monkeypatch.setattr("remind.login.installation._found_without_help", lambda _: True)
        monkeypatch.setattr(sys, "executable", "/opt/newer/bin/python")
        assert not rig.manager.is_current()
        assert rig.manager.install().changed
        assert "/opt/newer/bin/python" in rig.program()
        assert rig.manager.is_current()

    def test_an_edit_is_kept_unless_forced(self, rig: Rig) -> None:
        """Neither install nor uninstall destroys a person's changes, and both say what to do."""
        rig.manager.install()
        rig.edit()
        if not rig.sees_edits:
            assert not rig.manager.install().changed
            assert rig.manager.uninstall()
            return
        assert not rig.manager.is_current()
        for act in (rig.manager.install, rig.manager.uninstall):
            with pytest.raises(RemindError, match=r"edited by hand.*--force"):
                act()
            assert not rig.manager.is_current()
        assert rig.manager.install(force=True).changed
        assert rig.manager.is_current()
        rig.edit()
        assert rig.manager.uninstall(force=True)
        assert not rig.manager.is_installed()

    def test_the_service_is_started_and_stopped(self, rig: Rig) -> None:
        """Start and stop can be repeated, and the state follows them; a stopped service still starts at login."""
        rig.manager.install()
        if not rig.starts_at_once:
            with pytest.raises(RemindError, match="log in again"):
                rig.manager.start()
            return
        for act, running in (
            (rig.manager.start, True), (rig.manager.stop, False), (rig.manager.stop, False), (rig.manager.start, True),
        ):  # fmt: skip
            act()
            status = rig.manager.status()
            assert (status.running, status.pid is not None, status.enabled) == (running, running, True)

    def test_remind_run_is_left_alone(self, rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
        """What runs in a terminal is neither stopped nor joined by a second copy; the message says what it is."""
        if not rig.starts_at_once:
            return
        monkeypatch.setattr("remind.login.background.foreground", lambda _: "`remind run` is running")
        assert rig.manager.install().waits == "`remind run` is running"
        assert not rig.manager.status().running
        with pytest.raises(RemindError, match="`remind run` is running"):
            rig.manager.start()
        rig.manager.stop()

    def test_what_is_not_installed_cannot_be_started_or_stopped(self, rig: Rig) -> None:
        """The message names the command to run first."""
        for act in (rig.manager.start, rig.manager.stop):
            with pytest.raises(RemindError, match="remind service install"):
                act()

    @pytest.mark.parametrize("kind", HOSTILE)
    def test_any_path_is_started_as_it_is(self, rig: Rig, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whatever characters are in the path of the interpreter, the system would start that very file."""
        monkeypatch.setattr("remind.login.installation._found_without_help", lambda _: True)
        monkeypatch.setattr(sys, "executable", HOSTILE[kind])
        if kind in rig.refuses:
            with pytest.raises(RemindError, match="install remind elsewhere"):
                rig.manager.install()
            assert files(rig.home) == set()
            return
        rig.manager.install()
        assert rig.program() == HOSTILE[kind]
        assert rig.manager.is_current()
