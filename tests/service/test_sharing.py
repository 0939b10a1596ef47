"""Sharing the diary never holds anything else up, and says once what is wrong."""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from diaries import drink

from remind.app import App
from remind.files import Folders
from remind.service.sharing import Sharing
from remind.settings.model import Settings


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    folders = Folders(*(tmp_path / name for name in ("config", "data", "state")))
    folders.config.mkdir()
    folders.settings.write_text(f'[diary]\nfolder = "{tmp_path / "Sync"}"\n', encoding="utf-8")
    app = App(folders)
    yield app
    app.close()


class Hanging:
    """A folder on a network that doesn't answer until `release`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls = 0
        self.release = threading.Event()
        monkeypatch.setattr(App, "share_diary", self.share)

    def share(self, _settings: Settings) -> int:
        self.calls += 1
        assert self.release.wait(30)
        return 0


def wait(sharing: Sharing) -> None:
    """Wait until what began has ended."""
    assert sharing._thread is not None
    sharing._thread.join(30)


def test_a_folder_that_hangs_holds_no_reminder_up(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried again only once it has answered."""
    hanging, sharing = Hanging(monkeypatch), Sharing(app)
    for _ in range(3):
        sharing.look(app.settings)
    assert hanging.calls == 1
    hanging.release.set()
    wait(sharing)
    sharing.look(app.settings)
    wait(sharing)
    assert hanging.calls == 2


def test_a_folder_that_hangs_holds_no_command_up(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written stays in the diary, and is shared with what is written next."""
    hanging = Hanging(monkeypatch)
    app.share_written(0.01)
    assert hanging.calls == 0  # nothing was written
    for _ in range(3):
        app.store.diary.add(drink())
        app.share_written(0.01)
    assert hanging.calls == 1
    hanging.release.set()
    app.share_written(30)
    assert hanging.calls in (1, 2)
    assert len(app.store.diary.rows()) == 3


def test_a_fault_is_logged_once_until_it_is_over(app: App, caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    """A folder that is not mounted for a week makes one line."""
    sharing = Sharing(app)

    def look() -> list[str]:
        caplog.clear()
        sharing.look(app.settings)
        wait(sharing)
        return caplog.messages

    with caplog.at_level(logging.INFO, "remind"):
        assert look() == [f"the diary is not shared: {tmp_path / 'Sync'}: cannot be read: No such file or directory"]
        assert look() == []
        (tmp_path / "Sync").mkdir()
        assert look() == []
        (tmp_path / "Sync").rename(tmp_path / "away")
        assert len(look()) == 1


def test_without_a_folder_nothing_begins(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a thread nor a second look at the database."""
    app.folders.settings.write_text("", encoding="utf-8")
    monkeypatch.setattr("threading.Thread.start", lambda _: pytest.fail("nothing is shared"))
    Sharing(app).look(app.settings)
    app.store.diary.add(drink())
    app.share_written(1)
