"""The running service and its database: damaged, locked by another program, on a full disk, or without a folder."""

import re
import resource
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from service_process import DUE, NOT_DUE, SERVICE, STRETCH, Home, Running
from virtual_desktop import eventually

_SHORT_WAIT = "from remind.store import database; database._WAIT_S = 0.2; "
IMPATIENT = (sys.executable, "-c", f"{_SHORT_WAIT}import sys; from remind.cli.main import main; main()", "run")
"""The service, which waits a fifth of a second for another program's lock and not five."""

HANGING_DESKTOP = """
import sys, threading
from remind.app import App
from remind.service.process import main

class Desktop:
    def start(self, on_answer): pass
    def close(self): pass
    def show(self, notification):
        print("the desktop hangs", file=sys.stderr, flush=True)
        threading.Event().wait()

App.open_channels = lambda *_: Desktop()
main()
"""


def damage(database: Path, table: str) -> None:
    """Overwrite the first page of `table`."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # else the page may be read from the log
    (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    with database.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\x5a" * size)


def limit(service: Running, size: int) -> None:
    """Let no file that the service writes grow beyond `size`."""
    _, most = resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (size, most))


def in_namespace(mount: str) -> list[str]:
    """The command of the service after `mount`, which nobody else sees."""
    unshare = ["unshare", "--user", "--map-current-user", "--keep-caps", "--mount"]
    command = [*unshare, "sh", "-c", f'{mount} && exec "$@"', "sh"]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount in a namespace of their own")
    return [*command, *SERVICE]


@pytest.mark.parametrize("harm", ["no database", "torn", "empty"])
def test_a_damaged_one_is_set_aside(home: Home, harm: str) -> None:
    """It gets a name with its date, and one line says so; the service runs on a new one."""
    path = home.folders.database
    with Running(home).ready() as service:
        service.end()
    content = path.read_bytes()
    harmed = {"no database": b"x" * 5000, "torn": content[:4096] + b"\x5a" * 8192 + content[12288:], "empty": b""}
    path.write_bytes(harmed[harm])
    with Running(home).ready() as service:
        assert service.end() == 0
        assert not service.has_failed
        aside = list(path.parent.glob("remind-damaged-*.db"))
        assert len(aside) == (harm != "empty")
        assert service.log.count("was set aside") == len(aside)
        assert all(found.read_bytes() == harmed[harm] for found in aside)


def test_a_backup_of_each_day_brings_the_diary_back(home: Home) -> None:
    """The service makes one soon after its start; if the file is no longer a database, nothing in it is lost."""
    home.remind("drink", "200 ml")
    with Running(home).ready() as service:
        eventually(lambda: list(home.folders.data.glob("remind-backup-*.db")) or service.look_round())
        service.end()
    home.folders.database.write_bytes(b"x" * 5000)
    with Running(home).ready() as service:
        assert service.end() == 0
        assert not service.has_failed
    assert [entry["amount_ml"] for entry in home.json("diary")] == [200]


def test_one_that_is_damaged_while_it_runs_is_set_aside(home: Home) -> None:
    """This happens as soon as it is noticed, without a restart; what is due is shown all the same."""
    home.settings(NOT_DUE)
    with Running(home).ready() as service:
        service.end()
    with Running(home).ready() as service:
        damage(home.folders.database, "event")
        assert home.remind("pause", "1 min").returncode == 0  # so that the service reads anew
        home.settings(DUE)
        service.look_round()
        eventually(lambda: service.log.count("was set aside") == 1 or service.look_round())
        eventually(lambda: home.remind("resume").returncode == 0)
        service.look_round()
        service.says(STRETCH)
        assert service.end() == 0
        assert not service.has_failed
    assert len(list(home.folders.database.parent.glob("remind-damaged-*.db"))) == 1


def test_one_that_is_damaged_while_a_desktop_hangs_is_a_failure(home: Home) -> None:
    """With its worker in a call that does not end, it ends with exit code 1, so that its manager starts it again."""
    home.settings(DUE)
    with Running(home, [sys.executable, "-c", HANGING_DESKTOP]).ready() as service:
        service.says("the desktop hangs")
        damage(home.folders.database, "event")
        assert home.remind("pause", "1 min").returncode == 0  # so that the service reads anew
        eventually(lambda: not service.look_if_running())
        assert service.code() == 1
    with Running(home).ready() as service:
        service.says("was set aside")
        assert service.end() == 0


def test_one_that_is_held_delays(home: Home) -> None:
    """While another program locks it, the service starts, says so and goes on; then the reminder comes."""
    home.settings(DUE)
    with Running(home).ready() as service:
        service.says(STRETCH)
        service.end()
    with sqlite3.connect(home.folders.database, isolation_level=None) as holder:
        holder.execute("DELETE FROM event")
        holder.execute("BEGIN IMMEDIATE")
        home.settings(DUE + "# changed\n")
        with Running(home, IMPATIENT) as service:
            service.says("is being written by another program")
            service.ready()
            assert STRETCH not in service.log
            holder.execute("INSERT INTO fact VALUES ('another', 'program')")
            holder.execute("COMMIT")
            service.look_round()
            service.says(STRETCH)
            assert service.end() == 0
            assert not service.has_failed
            assert service.log.count(STRETCH) == 1
    holder.close()


def test_a_full_disk_delays(home: Home) -> None:
    """While nothing can be written, it says so without haste and shows nothing; then the reminder comes."""
    home.settings(DUE)
    home.remind("pause", "20 min")
    with Running(home).ready() as service:
        service.says("held: paused")
        limit(service, 0)
        home.remind("resume")
        service.look_round()
        service.says("cannot be")
        time.sleep(0.5)
        assert len(service.log.splitlines()) < 6, "it tries without a pause"
        assert STRETCH not in service.log
        limit(service, resource.RLIM_INFINITY)
        home.remind("pause", "20 min")
        home.remind("resume")
        service.look_round()
        service.says(STRETCH)
        assert service.end() == 0
        assert not service.has_failed


def test_settings_saved_on_a_full_disk(home: Home) -> None:
    """What could not be followed for want of room is followed once there is some."""
    home.settings(NOT_DUE)
    with Running(home).ready() as service:
        limit(service, 0)
        home.settings(DUE)
        service.look_round()
        service.says("cannot be")
        limit(service, resource.RLIM_INFINITY)
        service.look_round()
        service.says(STRETCH)
        assert service.end() == 0
        assert not service.has_failed


def test_a_small_disk(home: Home) -> None:
    """On a file system that is really full it goes on, and does not start; either is told in one line."""
    data = Path(home.environ["XDG_DATA_HOME"])
    data.mkdir()
    home.settings(NOT_DUE)
    with Running(home, in_namespace(f"mount -t tmpfs -o size=512k none {data}")).ready() as service:
        filler = Path(f"/proc/{service.process.pid}/root{data}/filler")
        with pytest.raises(OSError, match="No space"):
            filler.write_bytes(b"x" * 600_000)
        home.settings(DUE)
        service.look_round()
        service.says("the disk is full; make room and try again")
        filler.unlink()
        service.look_round()
        service.says(STRETCH)
        assert service.end() == 0
        assert not service.has_failed
    full = f"mount -t tmpfs -o size=32k none {data}"
    with Running(home, in_namespace(full)) as service:
        assert service.code() == 1
        assert re.fullmatch(r"remind: .*remind.db: .*\n", service.log)


def test_a_read_only_home(home: Home) -> None:
    """With or without a database in it, it ends with one line that names the file, and exit code 1."""
    read_only = in_namespace(f"mount --bind {(house := home.environ['HOME'])} {house} -o ro")
    for database in ("missing", "there"):
        with Running(home, read_only) as service:
            assert service.code() == 1, database
            assert service.log.startswith(f"remind: {house}")
            assert "ead-only" in service.log
            assert service.log.count("\n") == 1
        with Running(home).ready() as service:
            service.end()


@pytest.mark.parametrize("where", ["XDG_DATA_HOME", "XDG_STATE_HOME"])
def test_nowhere_to_write_is_one_line(home: Home, where: str) -> None:
    """Where no folder can be made, it ends with one line that names the file, and exit code 1."""
    home.environ[where] = "/proc/self"
    with Running(home) as service:
        assert service.code() == 1
        assert service.log.startswith("remind: /proc/self/")
        assert service.log.count("\n") == 1
