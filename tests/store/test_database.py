"""The database file: created, migrated, shared, and refused if it can't be used."""

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from remind.errors import RemindError
from remind.store import database as module
from remind.store.database import Database
from remind.store.errors import StoreBusyError, StoreDamagedError, StoreError, sqlite_errors_as
from remind.store.key_value import KeyValueStore
from remind.store.migrations import STEPS

NOW = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
NEXT = (*STEPS, ("CREATE TABLE later (id INTEGER PRIMARY KEY)", "INSERT INTO fact VALUES ('later', 'yes')"))

PREAMBLE = """
import os, sys; from datetime import UTC, datetime; from pathlib import Path
from remind.errors import RemindError
from remind.store.database import Database; from remind.store.key_value import KeyValueStore
NOW, path = datetime.now(UTC), Path(sys.argv[1])
path.as_uri()  # its imports too, before nobody may read them
def become_nobody():
    if os.geteuid() == 0: os.setuid(65534)  # whom, unlike root, read-only files stop
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "remind" / "remind.db"


def store_value(path: Path, name: str = "a", value: str = "1") -> None:
    with Database.open(path, NOW) as database:
        KeyValueStore(database).set(name, value)


def output_of(code: str, path: Path) -> str:
    """Return what `code` prints in its own process; its imports come before it becomes nobody."""
    process = subprocess.run(
        [sys.executable, "-c", PREAMBLE + code, str(path)], capture_output=True, text=True, check=False
    )
    return process.stdout + process.stderr


@pytest.mark.posix
def test_only_the_person_can_read_a_new_database(path: Path) -> None:
    """Nobody else on the computer can read about a person's nights; folders are created too."""
    store_value(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_constructing_touches_nothing(path: Path) -> None:
    """Only `open` does I/O."""
    connection = sqlite3.connect(":memory:")
    Database(path, connection).close()
    assert not path.parent.exists()


def test_it_syncs_every_commit_and_uses_a_write_ahead_log(path: Path) -> None:
    """A finished commit survives a power cut, and readers don't wait for a writer."""
    with Database.open(path, NOW) as database:
        assert database.rows("PRAGMA journal_mode") == [("wal",)]
        assert database.rows("PRAGMA synchronous") == [(2,)]


def test_a_transaction_is_written_whole_or_not_at_all(path: Path) -> None:
    """An exception inside undoes what was written before it, and the database still works."""
    with Database.open(path, NOW) as database:
        with suppress(ZeroDivisionError), database.transaction() as connection:
            connection.execute("INSERT INTO fact VALUES ('a', '1')")
            _ = 1 / 0
        assert KeyValueStore(database).get("a") is None
        KeyValueStore(database).set("a", "2")
        assert KeyValueStore(database).get("a") == "2"


def test_two_threads_write_without_mixing_their_transactions(path: Path) -> None:
    """A read and a write in one transaction are never mixed with those of the other thread."""
    with Database.open(path, NOW) as database:
        KeyValueStore(database).set("count", "0")

        def add() -> None:
            for _ in range(50):
                with database.transaction() as connection:
                    value = int(connection.execute("SELECT value FROM fact WHERE name = 'count'").fetchone()[0])
                    connection.execute("UPDATE fact SET value = ? WHERE name = 'count'", (str(value + 1),))

        threads = [threading.Thread(target=add) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert KeyValueStore(database).get("count") == "100"


def test_what_another_connection_writes_is_noticed(path: Path) -> None:
    """The data version changes with the writes of other connections only."""
    with Database.open(path, NOW) as database:
        before = database.data_version()
        KeyValueStore(database).set("own", "1")
        assert database.data_version() == before
        store_value(path, "other")
        assert database.data_version() != before


def test_many_processes_may_create_it_at_once(path: Path) -> None:
    """They all use the same database, and nothing is lost."""
    code = (
        "import sys; from datetime import *; from pathlib import Path\n"
        "from remind.store.database import Database; from remind.store.key_value import KeyValueStore\n"
        "with Database.open(Path(sys.argv[1]), datetime.now(UTC)) as d: KeyValueStore(d).set(sys.argv[2], 'x')"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code, str(path), f"p{n}"]) for n in range(6)]
    assert [process.wait() for process in processes] == [0] * 6
    with Database.open(path, NOW) as database:
        assert [KeyValueStore(database).get(f"p{n}") for n in range(6)] == ["x"] * 6


def test_a_database_that_is_locked_too_long_is_reported(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wait ends with an error after which a retry may work."""
    monkeypatch.setattr(module, "_WAIT_S", 0.05)
    with Database.open(path, NOW) as database, Database.open(path, NOW) as other, other.transaction():
        with pytest.raises(StoreBusyError, match="try again"):
            KeyValueStore(database).set("a", "1")
        assert KeyValueStore(database).get("a") is None


def test_a_lock_that_is_lost_in_a_race_is_reported_as_busy(path: Path) -> None:
    """SQLite gives up with a code of its own, mostly on a file system of a network; the next try may succeed."""
    error = sqlite3.OperationalError("locking protocol")
    error.sqlite_errorcode = sqlite3.SQLITE_PROTOCOL
    with pytest.raises(StoreBusyError, match="try again"), sqlite_errors_as(path):
        raise error


def test_a_full_disk_is_reported_and_nothing_is_half_written(path: Path) -> None:
    """What was there before stays, and once there is room, writing works again."""
    with Database.open(path, NOW) as database:
        KeyValueStore(database).set("a", "1")
        ((pages,),) = database.rows("PRAGMA page_count")
        database.rows(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match="the disk is full"):
            KeyValueStore(database).set("a", "x" * 100_000)
        assert KeyValueStore(database).get("a") == "1"
        KeyValueStore(database).set("a", "2")


def test_a_programming_error_is_not_reported_as_a_bad_file(path: Path) -> None:
    """Wrong SQL raises sqlite3's own error, so that a test or a bug report shows it."""
    with Database.open(path, NOW) as database, pytest.raises(sqlite3.OperationalError):
        database.rows("SELECT nothing FROM nowhere")


def test_a_migration_leaves_a_copy_from_before(path: Path) -> None:
    """The copy is named after the old version and the date, opens by itself, and is kept."""
    store_value(path)
    with Database.open(path, NOW, NEXT) as database:
        assert (KeyValueStore(database).get("a"), KeyValueStore(database).get("later")) == ("1", "yes")
        assert database.rows("SELECT version FROM migration") == [(number + 1,) for number in range(len(NEXT))]
    copy = path.with_name(f"remind-v{len(STEPS)}-20261122T210000Z.db")
    with Database.open(copy, NOW) as before:
        assert (KeyValueStore(before).get("a"), KeyValueStore(before).get("later")) == ("1", None)


def test_the_first_migration_copies_nothing(path: Path) -> None:
    """An empty file has nothing to keep."""
    store_value(path)
    assert [one.name for one in path.parent.glob("*.db")] == ["remind.db"]


def test_a_migration_that_fails_leaves_everything_as_it_was(path: Path) -> None:
    """Neither tables nor a version number of it remain, and the earlier program still opens the file."""
    store_value(path)
    broken = (*STEPS, ("CREATE TABLE later (id INTEGER)", "CREATE TABLE later (id INTEGER)"))
    with pytest.raises(sqlite3.OperationalError):
        Database.open(path, NOW, broken)
    with Database.open(path, NOW) as database:
        assert database.rows("SELECT version FROM migration")[-1] == (len(STEPS),)
        assert database.rows("SELECT * FROM sqlite_master WHERE name = 'later'") == []


@pytest.mark.parametrize("way", [Database.open, Database.open_for_reading])
def test_a_newer_database_is_refused_and_left_alone(path: Path, way: object) -> None:
    """The message says that it is newer, and not a byte of the file changes."""
    with Database.open(path, NOW, NEXT):
        pass
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"newer remind .* update this program"):
        way(path, NOW)  # type: ignore[operator]
    assert path.read_bytes() == before


@pytest.mark.parametrize("way", [Database.open, Database.open_for_reading])
@pytest.mark.parametrize(
    "content",
    [b"this is not a database at all\n" * 100, os.urandom(8192), b"SQLite format 3\0" + bytes(5000)],
    ids=["text", "random", "header"],
)
def test_a_file_that_is_not_a_database_is_refused(path: Path, way: object, content: bytes) -> None:
    """The message names the file and says what to do, and the file stays."""
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"remind\.db: is (damaged|the database of another)"):
        way(path, NOW)  # type: ignore[operator]
    assert path.read_bytes() == content


def test_the_database_of_another_program_is_refused(path: Path) -> None:
    """The tables of two programs are never mixed."""
    path.parent.mkdir(parents=True)
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (id INTEGER)")
    other.close()
    with pytest.raises(StoreError, match="another program"):
        Database.open(path, NOW)


def test_an_empty_file_becomes_a_new_database(path: Path) -> None:
    """A file made by `touch`, or left by a crash at the very start, is not an error."""
    path.parent.mkdir(parents=True)
    path.touch()
    with Database.open_for_reading(path, NOW) as database:
        assert KeyValueStore(database).get("a") is None
    store_value(path)


def test_reading_creates_no_database(path: Path) -> None:
    """A command that only shows something leaves no trace."""
    with Database.open_for_reading(path, NOW) as database:
        assert KeyValueStore(database).get("a") is None
    assert not path.parent.exists()


def test_reading_an_older_database_leaves_it_as_it_is(path: Path) -> None:
    """It is migrated in memory only; the file and its folder don't change."""
    store_value(path)
    before, names = path.read_bytes(), {one.name for one in path.parent.iterdir()}
    with Database.open_for_reading(path, NOW, NEXT) as database:
        assert (KeyValueStore(database).get("a"), KeyValueStore(database).get("later")) == ("1", "yes")
    assert path.read_bytes() == before
    assert {one.name for one in path.parent.glob("*.db")} <= names


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that other users may read, unlike those of pytest."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
        Path(folder).chmod(0o755)


@pytest.mark.parametrize("left", ["closed", "killed"])
@pytest.mark.posix
def test_a_read_only_home_can_be_read_and_a_write_is_refused(home: Path, left: str) -> None:
    """Committed rows are visible, with or without the log that a killed process left."""
    path = home / "remind.db"
    output_of(
        "d = Database.open(path, NOW); KeyValueStore(d).set('a', '1')"
        + ("; os._exit(0)" if left == "killed" else "; d.close()"),
        path,
    )
    assert path.with_name("remind.db-wal").exists() == (left == "killed")
    for one in home.iterdir():
        one.chmod(0o444)
    home.chmod(0o555)
    assert (
        output_of(
            "become_nobody()\nwith Database.open_for_reading(path, NOW) as d: print(KeyValueStore(d).get('a'))", path
        )
        == "1\n"
    )
    said = output_of(
        "become_nobody()\ntry: KeyValueStore(Database.open(path, NOW)).set('a', '2')\n"
        "except RemindError as e: print(e)",
        path,
    )
    assert said.startswith(f"{path}: cannot be")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    "obstacle", ["folder", *(pytest.param(one, marks=pytest.mark.posix) for one in ("file in the way", "loop"))]
)
def test_an_obstacle_is_reported_in_one_line(tmp_path: Path, obstacle: str) -> None:
    """The path may be a folder, below a plain file, or a link to itself."""
    path = tmp_path / "data" / "remind.db"
    if obstacle == "folder":
        path.mkdir(parents=True)
    elif obstacle == "file in the way":
        path.parent.write_text("")
    else:
        path.parent.mkdir()
        path.symlink_to(path)
    for way in (Database.open, Database.open_for_reading):
        with pytest.raises(RemindError, match="data") as caught:
            way(path, NOW)
        assert len(caught.value.lines) == 1


def test_damage_is_found_by_a_full_check(path: Path) -> None:
    """A bad page in the middle is not noticed until it is read."""
    with Database.open(path, NOW) as database:
        for number in range(200):
            KeyValueStore(database).set(f"name {number}", "x" * 100)
    content = bytearray(path.read_bytes())
    content[-4096:] = b"\xff" * 4096
    path.write_bytes(content)
    with Database.open(path, NOW) as database, pytest.raises(StoreDamagedError, match="set"):
        database.check()
