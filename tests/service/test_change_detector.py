"""What the service notices about its surroundings."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from remind.app import App
from remind.errors import SettingsError
from remind.files import Folders, read_text
from remind.service import change_detector
from remind.service.change_detector import ChangeDetector
from remind.store.database import Database

NOW = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)


def test_settings_that_can_be_read_again_are_a_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another program keeps the file from being read, its change is not lost: it is reported once it is free."""
    path = tmp_path / "settings.toml"
    path.write_text("# old\n", encoding="utf-8")
    app = App(Folders(tmp_path, tmp_path, tmp_path), lambda: NOW, lambda: 0.0, lambda: UTC)
    database = Database.open_for_reading(tmp_path / "none", NOW)
    detector = ChangeDetector(app, database)
    detector.look()
    assert detector.look() == set()

    def refuse(_path: Path) -> str:
        raise SettingsError("cannot be read")

    path.write_text("# a new line\n", encoding="utf-8")
    monkeypatch.setattr(change_detector, "read_text", refuse)
    assert detector.look() == {"settings"}
    assert detector.look() == set()
    monkeypatch.setattr(change_detector, "read_text", read_text)
    assert detector.look() == {"settings"}
    assert detector.look() == set()
    database.close()
