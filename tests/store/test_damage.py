"""A damaged database is set aside, and its readable rows are carried over."""

import logging
import os
import random
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from remind.core.diary import Drink
from remind.errors import RemindError
from remind.store.backup import back_up, backups
from remind.store.damage import damage, open_or_set_aside, set_aside
from remind.store.database import Database
from remind.store.diary import Diary, new_id
from remind.store.errors import StoreDamagedError, StoreError
from remind.store.key_value import KeyValueStore

NOW = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
PAGE = 4096
COUNT = 1000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with a thousand drinks."""
    path = tmp_path / "remind.db"
    with Database.open(path, NOW) as database:
        hours = (NOW - timedelta(hours=number) for number in range(COUNT))
        Diary(database).merge([Drink(id=new_id(), at=at, written_at=at, amount_ml=200) for at in hours])
    return path


def files_set_aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob("remind-damaged-*.db"))


def test_a_sound_database_is_opened_as_it_is(path: Path) -> None:
    """Nothing is renamed, and no damage is reported."""
    with open_or_set_aside(path, NOW) as database:
        assert damage(KeyValueStore(database)) is None
        assert len(Diary(database).rows()) == COUNT
    assert files_set_aside(path) == []


def test_bad_pages_cost_only_the_rows_on_them(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The other rows go to a new database; the damaged file is kept under its date, and the log says so."""
    content = bytearray(path.read_bytes())
    chance = random.Random(7)  # noqa: S311 - the same pages each time
    for _ in range(3):
        page = chance.randrange(1, len(content) // PAGE) * PAGE
        content[page : page + PAGE] = chance.randbytes(PAGE)
    path.write_bytes(content)
    with caplog.at_level(logging.ERROR), open_or_set_aside(path, NOW) as database:
        kept = len(Diary(database).rows())
        assert COUNT * 0.8 < kept <= COUNT
        database.check()
        assert str(files_set_aside(path)[0]) in (damage(KeyValueStore(database)) or "")
    assert [one.name for one in files_set_aside(path)] == ["remind-damaged-20261122T210000Z.db"]
    assert files_set_aside(path)[0].read_bytes() == bytes(content)
    assert "set aside" in caplog.text


def test_a_file_cut_short_gives_back_its_first_part(path: Path) -> None:
    """A full disk or a broken copy may have cut it."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 3 // 4])
    with open_or_set_aside(path, NOW) as database:
        assert 0 < len(Diary(database).rows()) < COUNT


@pytest.mark.parametrize("content", [os.urandom(20_000), b"not a database\n" * 10], ids=["random", "text"])
def test_a_file_that_is_not_a_database_is_kept(path: Path, content: bytes) -> None:
    """A new, empty database takes its place."""
    path.write_bytes(content)
    with open_or_set_aside(path, NOW) as database:
        assert Diary(database).rows() == []
    assert files_set_aside(path)[0].read_bytes() == content


@pytest.mark.posix
def test_the_write_ahead_log_moves_with_its_file(path: Path) -> None:
    """Rows that another process just committed come from that log, which is not applied to the new file."""
    with Database.open(path, NOW) as other:
        KeyValueStore(other).set("late", "1")
        with set_aside(path, NOW) as database:
            assert KeyValueStore(database).get("late") == "1"
            assert len(Diary(database).rows()) == COUNT
            database.check()
        aside = files_set_aside(path)[0]
        assert aside.with_name(aside.name + "-wal").stat().st_size > 0


def test_damage_twice_in_a_second_overwrites_nothing(path: Path) -> None:
    """Each file that is set aside has its own name."""
    for content in (b"first " * 100, b"second " * 100):
        path.write_bytes(content)
        open_or_set_aside(path, NOW).close()
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
    assert sorted(one.read_bytes()[:5] for one in files_set_aside(path)) == [b"first", b"secon"]


def test_invalid_rows_are_left_behind(path: Path) -> None:
    """A row that can be read but breaks the rules of its table is not carried over."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute("UPDATE diary SET details = 'rubbish' WHERE place = 5")
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_master SET rootpage = 99999 WHERE name = 'diary_by_at'")
    connection.commit()
    connection.close()
    with open_or_set_aside(path, NOW) as database:
        assert len(Diary(database).rows()) == COUNT - 1


def test_a_damaged_database_of_an_earlier_version_is_carried_over_too(path: Path) -> None:
    """Columns that it lacked are empty."""
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO pause (at, at_offset_s, until) VALUES ('2026-11-22T21:00:00.000000Z', 0, 'x')")
    connection.execute("ALTER TABLE pause DROP COLUMN until")
    connection.commit()
    connection.close()
    with set_aside(path, NOW) as database:
        assert database.rows("SELECT at, until FROM pause") == [("2026-11-22T21:00:00.000000Z", None)]


def test_a_damaged_file_that_another_program_has_open_stays_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows can't rename it then: one line says what to do, and file and log stay together."""
    replace = Path.replace

    def refuse(old: Path, new: Path) -> Path:
        if old == path:
            raise PermissionError(13, "The process cannot access the file")
        return replace(old, new)

    with Database.open(path, NOW) as other:
        KeyValueStore(other).set("late", "1")
        monkeypatch.setattr(Path, "replace", refuse)
        with pytest.raises(StoreError, match=r"another program has it open. Close that program"):
            set_aside(path, NOW)
    monkeypatch.undo()
    assert files_set_aside(path) == []
    with Database.open(path, NOW) as database:
        assert KeyValueStore(database).get("late") == "1"


def test_a_flipped_bit_in_the_schema_is_damage(path: Path) -> None:
    """SQLite's words about it are not UTF-8 then, which Python reports as an error of another kind."""
    content = path.read_bytes()
    assert b"NOT NULL" in content
    path.write_bytes(content.replace(b"NOT NULL", b"NOT NU\xb3L", 1))
    with open_or_set_aside(path, NOW) as database:
        assert "was set aside" in (damage(KeyValueStore(database)) or "")
    assert len(files_set_aside(path)) == 1


class KilledError(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("at", ["rows", "swap"])
def test_a_rescue_that_is_killed_is_done_anew(path: Path, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    """While rows are copied, or after the damaged file was renamed, no row is lost, and status still tells of it."""
    break_index(path)
    replace = Path.replace

    def killed(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patched:
        if at == "rows":
            patched.setattr("remind.store.damage._rows", killed)
        else:
            patched.setattr(Path, "replace", lambda old, new: killed() if new == path else replace(old, new))
        with pytest.raises(KilledError):
            open_or_set_aside(path, NOW)
    with open_or_set_aside(path, NOW) as database:
        assert len(Diary(database).rows()) == COUNT
        assert "was set aside" in (damage(KeyValueStore(database)) or "")
    assert len(files_set_aside(path)) == 1
    assert not list(path.parent.glob("*-rescued*"))


def break_index(path: Path) -> None:
    """Damage an index alone, so that every row can still be read."""
    with sqlite3.connect(path) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'diary_by_at'").fetchone()
    connection.close()
    content = bytearray(path.read_bytes())
    content[(page - 1) * PAGE : page * PAGE] = os.urandom(PAGE)
    path.write_bytes(content)


DAY = timedelta(days=1)


def add_drink(path: Path, at: datetime) -> None:
    with Database.open(path, NOW) as database:
        Diary(database).merge([Drink(id=new_id(), at=at, written_at=at, amount_ml=100)])


def test_a_backup_is_made_once_a_day_and_three_are_kept(path: Path) -> None:
    """Each is undamaged and has the rows of its day."""
    for number in range(5):
        add_drink(path, NOW + number * DAY)
        with Database.open(path, NOW) as database:
            back_up(database, NOW + number * DAY)
            back_up(database, NOW + number * DAY + timedelta(hours=1))
    assert [one.name for one in backups(path)] == [f"remind-backup-202611{day}.db" for day in (26, 25, 24)]
    for number, one in enumerate(reversed(backups(path)), start=3):
        with Database.open_for_reading(one, NOW) as database:
            database.check()
            assert len(Diary(database).rows()) == COUNT + number
    assert not list(path.parent.glob("*.unfinished"))


def test_a_clock_set_back_keeps_the_backup_of_its_day(path: Path) -> None:
    """It is made once, though three are of later days; else the service would make it anew every half minute."""
    for number in range(3):
        with Database.open(path, NOW) as database:
            back_up(database, NOW + number * DAY)
    back = NOW - 30 * DAY
    with Database.open(path, back) as database:
        back_up(database, back)
    assert [one.name for one in backups(path)] == [f"remind-backup-2026{day}.db" for day in (1124, 1123, 1023)]


@pytest.mark.posix
def test_no_backup_is_made_of_a_database_that_is_gone(path: Path) -> None:
    """An empty one in its place would push out the last good one, day by day."""
    with Database.open(path, NOW) as database:
        back_up(database, NOW)
        for part in path.parent.glob("remind.db*"):
            part.unlink()
        with pytest.raises(StoreError, match=r"remind\.db: cannot be opened"):
            back_up(database, NOW + DAY)
    assert [one.name for one in path.parent.iterdir()] == ["remind-backup-20261122.db"]


@pytest.mark.posix
def test_a_folder_that_cannot_be_asked_is_reported(tmp_path: Path) -> None:
    """As in a home on a network that is gone for a while; here the name is too long. It must not end the service."""
    path = tmp_path / f"{'x' * 240}.db"
    with Database.open(path, NOW) as database, pytest.raises(RemindError, match="File name too long"):
        back_up(database, NOW)


@pytest.mark.posix
def test_only_the_person_can_read_a_backup(path: Path) -> None:
    """It is as private as the database."""
    with Database.open(path, NOW) as database:
        back_up(database, NOW)
    assert backups(path)[0].stat().st_mode & 0o777 == 0o600


def test_no_backup_is_made_of_a_damaged_database(path: Path) -> None:
    """It would push out a good one."""
    with Database.open(path, NOW) as database:
        back_up(database, NOW - DAY)
    content = bytearray(path.read_bytes())
    content[-PAGE:] = b"\xff" * PAGE
    path.write_bytes(content)
    with Database.open(path, NOW) as database, pytest.raises(StoreDamagedError):
        back_up(database, NOW)
    assert [one.name for one in backups(path)] == ["remind-backup-20261121.db"]


@pytest.mark.parametrize("harm", ["pages", "cut short", "no database"])
def test_with_a_backup_no_older_row_is_lost(path: Path, harm: str, caplog: pytest.LogCaptureFixture) -> None:
    """Newer rows come from the damaged file, as far as they can be read; no row comes twice."""
    with Database.open(path, NOW) as database:
        KeyValueStore(database).set("name", "old")
        back_up(database, NOW)
        KeyValueStore(database).set("name", "new")
    add_drink(path, NOW)
    content = bytearray(path.read_bytes())
    if harm == "pages":
        with sqlite3.connect(path) as connection:
            (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'diary_by_at'").fetchone()
        connection.close()
        for number in (page - 1, 12, 17):
            content[number * PAGE : (number + 1) * PAGE] = os.urandom(PAGE)
    harmed = {"pages": content, "cut short": content[: len(content) // 2], "no database": b"rubbish" * 999}[harm]
    path.write_bytes(harmed)
    with caplog.at_level(logging.ERROR), open_or_set_aside(path, NOW) as database:
        rows = Diary(database).rows()
        assert len(rows) == (COUNT + 1 if harm == "pages" else COUNT)
        assert KeyValueStore(database).get("name") == ("old" if harm == "no database" else "new")
        database.check()
    assert "the backup remind-backup-20261122.db was restored" in caplog.text
    assert files_set_aside(path)[0].read_bytes() == harmed


def test_a_damaged_backup_is_skipped_for_an_older_one(path: Path) -> None:
    """A failing disk may have damaged both."""
    with Database.open(path, NOW) as database:
        back_up(database, NOW - DAY)
        back_up(database, NOW)
    for one in (path, backups(path)[0]):
        one.write_bytes(b"rubbish" * 999)
    with open_or_set_aside(path, NOW) as database:
        assert len(Diary(database).rows()) == COUNT
