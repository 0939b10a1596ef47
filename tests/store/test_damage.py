"""A damaged database is set aside, and what can be read of it lives on."""

import logging
import os
import random
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from remind.core.diary import Drink
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


def asides(path: Path) -> list[Path]:
    return sorted(path.parent.glob("remind-damaged-*.db"))


def test_a_sound_database_is_opened_as_it_is(path: Path) -> None:
    """Nothing is renamed, and no damage is spoken of."""
    with open_or_set_aside(path, NOW) as database:
        assert damage(KeyValueStore(database)) is None
        assert len(Diary(database).rows()) == COUNT
    assert asides(path) == []


def test_pages_of_rubbish_cost_what_was_on_them_and_no_more(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The rest is carried over into a sound database; the damaged file stays, with its date; the log says so."""
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
        assert str(asides(path)[0]) in (damage(KeyValueStore(database)) or "")
    assert [one.name for one in asides(path)] == ["remind-damaged-20261122T210000Z.db"]
    assert asides(path)[0].read_bytes() == bytes(content)
    assert "set aside" in caplog.text


def test_a_file_cut_short_gives_back_its_first_part(path: Path) -> None:
    """As a full disk or a broken copy leaves it."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 3 // 4])
    with open_or_set_aside(path, NOW) as database:
        assert 0 < len(Diary(database).rows()) < COUNT


@pytest.mark.parametrize("content", [os.urandom(20_000), b"not a database\n" * 10])
def test_a_file_that_is_no_database_gives_nothing_and_is_kept(path: Path, content: bytes) -> None:
    """A new database begins, and what stood there is beside it."""
    path.write_bytes(content)
    with open_or_set_aside(path, NOW) as database:
        assert Diary(database).rows() == []
    assert asides(path)[0].read_bytes() == content


@pytest.mark.posix
def test_the_log_goes_with_the_file_it_belongs_to(path: Path) -> None:
    """What another process had just committed is carried over from the log, not played into the new file."""
    with Database.open(path, NOW) as other:
        KeyValueStore(other).set("late", "1")
        with set_aside(path, NOW) as database:
            assert KeyValueStore(database).get("late") == "1"
            assert len(Diary(database).rows()) == COUNT
            database.check()
        aside = asides(path)[0]
        assert aside.with_name(aside.name + "-wal").stat().st_size > 0


def test_damage_twice_in_a_second_overwrites_nothing(path: Path) -> None:
    """Each set-aside file has a name of its own."""
    for content in (b"first " * 100, b"second " * 100):
        path.write_bytes(content)
        open_or_set_aside(path, NOW).close()
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
    assert sorted(one.read_bytes()[:5] for one in asides(path)) == [b"first", b"secon"]


def test_rows_that_make_no_sense_are_left_behind(path: Path) -> None:
    """What can be read but breaks the rules of its table is not carried over."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute("UPDATE diary SET details = 'rubbish' WHERE place = 5")
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_master SET rootpage = 99999 WHERE name = 'diary_by_at'")
    connection.commit()
    connection.close()
    with open_or_set_aside(path, NOW) as database:
        assert len(Diary(database).rows()) == COUNT - 1


def test_a_damaged_database_of_an_older_program_is_carried_over_too(path: Path) -> None:
    """What it did not know yet is empty."""
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO pause (at, at_offset_s, until) VALUES ('2026-11-22T21:00:00.000000Z', 0, 'x')")
    connection.execute("ALTER TABLE pause DROP COLUMN until")
    connection.commit()
    connection.close()
    with set_aside(path, NOW) as database, database.read() as found:
        assert found.execute("SELECT at, until FROM pause").fetchall() == [("2026-11-22T21:00:00.000000Z", None)]


def test_a_damaged_file_that_another_program_has_open_stays_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows it cannot be renamed then: one line says what to do, and file and log stay together."""
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
    assert asides(path) == []
    with Database.open(path, NOW) as database:
        assert KeyValueStore(database).get("late") == "1"


DAY = timedelta(days=1)


def add_drink(path: Path, at: datetime) -> None:
    with Database.open(path, NOW) as database:
        Diary(database).merge([Drink(id=new_id(), at=at, written_at=at, amount_ml=100)])


def test_a_backup_is_made_once_a_day_and_three_are_kept(path: Path) -> None:
    """Each is sound, holds what was there on that day, and is for the person alone."""
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


@pytest.mark.posix
def test_a_backup_is_for_the_person_alone(path: Path) -> None:
    """As the database is."""
    with Database.open(path, NOW) as database:
        back_up(database, NOW)
    assert backups(path)[0].stat().st_mode & 0o777 == 0o600


def test_no_backup_is_made_of_a_damaged_database(path: Path) -> None:
    """So that no sound one is removed for it."""
    with Database.open(path, NOW) as database:
        back_up(database, NOW - DAY)
    content = bytearray(path.read_bytes())
    content[-PAGE:] = b"\xff" * PAGE
    path.write_bytes(content)
    with Database.open(path, NOW) as database, pytest.raises(StoreDamagedError):
        back_up(database, NOW)
    assert [one.name for one in backups(path)] == ["remind-backup-20261121.db"]


@pytest.mark.parametrize("harm", ["pages", "cut short", "no database"])
def test_with_a_backup_nothing_that_is_older_is_lost(path: Path, harm: str, caplog: pytest.LogCaptureFixture) -> None:
    """What is newer comes from the damaged file, as far as it can be read; nothing comes twice."""
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
    assert asides(path)[0].read_bytes() == harmed


def test_a_damaged_backup_is_passed_over_for_an_older_one(path: Path) -> None:
    """A disk that fails may have taken both."""
    with Database.open(path, NOW) as database:
        back_up(database, NOW - DAY)
        back_up(database, NOW)
    for one in (path, backups(path)[0]):
        one.write_bytes(b"rubbish" * 999)
    with open_or_set_aside(path, NOW) as database:
        assert len(Diary(database).rows()) == COUNT
