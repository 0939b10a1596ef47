"""A home that an earlier version wrote, with every table filled, opens as that version left it.

`fixtures/previous_home` was written by the version before the tree was rearranged: a week of the service and of
commands as SQL, the settings file, and what `status`, `diary`, `history` and `stats` printed as JSON at the end.
"""

import json
import sqlite3
from collections.abc import Collection
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from remind.app import App
from remind.cli.main import invoke
from remind.files import Folders
from remind.store.damage import open_or_set_aside

FIXTURE = Path(__file__).with_name("fixtures") / "previous_home"
ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 21, 11, 30, tzinfo=ZONE).astimezone(UTC)
COMMANDS = {"status": (), "diary": (), "history": ("--days", "8"), "stats": ("--weeks", "2")}
NOT_COMPARED = {"status": ("reason",), "diary": (), "history": ("reason",), "stats": ("minutes_awake", "minutes")}
"""A reason is prose, and prose may be reworded; `minutes_awake` was renamed to `minutes`."""


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    folders = Folders(tmp_path / "config", tmp_path / "data", tmp_path / "state")
    folders.config.mkdir()
    folders.data.mkdir()
    folders.settings.write_text((FIXTURE / "settings.toml").read_text(encoding="utf-8"), encoding="utf-8")
    with closing(sqlite3.connect(folders.database)) as connection:
        connection.executescript((FIXTURE / "remind.sql").read_text(encoding="utf-8"))
    return folders


def without(keys: Collection[str], value: Any) -> Any:
    """Return `value` without `keys`, at any depth."""
    if isinstance(value, dict):
        return {key: without(keys, one) for key, one in value.items() if key not in keys}
    return [without(keys, one) for one in value] if isinstance(value, list) else value


def as_known(known: Any, value: Any) -> Any:
    """Return `value` without the keys that `known` doesn't have, since keys may be added."""
    if isinstance(value, dict) and isinstance(known, dict):
        return {key: as_known(known[key], one) for key, one in value.items() if key in known}
    if isinstance(value, list) and isinstance(known, list) and len(value) == len(known):
        return [as_known(*pair) for pair in zip(known, value, strict=True)]
    return value


def test_every_table_is_filled(folders: Folders) -> None:
    """An empty table would prove nothing."""
    with closing(sqlite3.connect(folders.database)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert set(tables) == {"event", "pause", "fact", "diary", "migration"}
        for table in tables:
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0, table  # noqa: S608


@pytest.mark.parametrize("opened", ["by a command alone", "by the service before"])
@pytest.mark.parametrize("command", COMMANDS)
def test_commands_print_what_the_earlier_version_printed(
    folders: Folders,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    opened: str,
) -> None:
    """Whether the database is only read, or first opened for writing, which may migrate it; keys may be added."""
    if opened == "by the service before":
        open_or_set_aside(folders.database, NOW).close()
    monkeypatch.setattr("sys.argv", ["remind", command, *COMMANDS[command], "--json"])
    app = App(folders, clock=lambda: NOW, read_zone=lambda: ZONE)
    assert invoke(app) == 0
    expected = json.loads((FIXTURE / "expected.json").read_text(encoding="utf-8"))[command]
    keys = NOT_COMPARED[command]
    printed = as_known(expected, json.loads(capsys.readouterr().out))
    assert without(keys, printed) == without(keys, expected)
