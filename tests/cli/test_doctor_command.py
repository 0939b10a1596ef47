"""`remind doctor`: run as a process in a bare home, and each check with a desktop that does what the test wants."""

import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TextIO

import msgspec
import pytest
from cli_runner import Person
from service_process import Home, Running

from remind.app import App
from remind.core.diary import Drink
from remind.core.reminders import Occurrence
from remind.desktop.notify.channel import ChannelError
from remind.desktop.presence.presence import ProbeResult, Readings
from remind.doctor import Check, config_checks, desktop, system
from remind.doctor.examine import CHECKS, examine
from remind.errors import RemindError
from remind.login import Status
from remind.store.damage import open_or_set_aside
from remind.store.ledger import What

DEBIAN_REMIND = b"\x7fELF this is a calendar program"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home in a bare container: no bus, no display, no service manager."""
    return Home(tmp_path / "home")


def verdicts(home: Home) -> tuple[dict[str, str], int]:
    """Return the worst verdict of each check, and the exit code."""
    done = home.remind("doctor", "--json")
    assert done.stderr == ""
    worst: dict[str, str] = {}
    for one in msgspec.json.decode(done.stdout, type=list[Check]):
        ranks = ["ok", "warning", "fault"]
        worst[one.check] = max(worst.get(one.check, "ok"), one.verdict, key=ranks.index)
    return worst, done.returncode


def lines(home: Home) -> list[dict[str, str]]:
    """Return every line of the JSON, whatever the exit code."""
    return msgspec.json.decode(home.remind("doctor", "--json").stdout, type=list[dict[str, str]])


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return every file below `folder` with its content, except those that SQLite keeps while a database is open."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal"))]
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


class TestInABareContainer:
    """Run as a process, in an almost empty system."""

    def test_it_says_what_is_missing_and_what_to_do(self, home: Home) -> None:
        """Without a bus nothing can show a reminder, which is a fault; what is in order is reported as ok."""
        found, code = verdicts(home)
        assert found.keys() == {"bus", "server", "channels", *CHECKS} - {"notifications"}
        assert {name for name, verdict in found.items() if verdict == "fault"} == {"channels"}
        assert [found[name] for name in ("settings", "routine", "database", "clock")] == ["ok"] * 4
        assert code == 1

    def test_each_line_that_is_not_ok_has_its_advice(self, home: Home) -> None:
        """In the text output, the advice follows each line that needs action."""
        said = home.remind("doctor").stdout.splitlines()
        assert any(line.startswith("fault") for line in said)
        for line, following in pairwise(said):
            assert line.startswith(("ok", "warning", "fault", " "))
            if line.startswith(("warning", "fault")):
                assert following.strip().startswith("→")

    def test_nothing_is_written(self, home: Home) -> None:
        """The files are the same before and after."""
        home.settings("[day]\n")
        home.remind("drink")
        before = tree(Path(home.environ["HOME"]))
        home.remind("doctor")
        assert tree(Path(home.environ["HOME"])) == before

    def test_broken_settings_are_its_faults(self, home: Home) -> None:
        """Each mistake in the file is a line, and all other checks still run."""
        home.settings("[day]\nbedtime = 'late'\n[water]\nglas = 1\n")
        done = lines(home)
        faults = [one["found"] for one in done if one["check"] == "settings"]
        assert len(faults) == 2
        assert "bedtime" in faults[0]
        assert "glas" in faults[1]
        assert len({one["check"] for one in done}) == len(CHECKS) + 2 - 1  # there is no routine to look for

    def test_a_broken_database_is_its_fault(self, home: Home) -> None:
        """A file that is not a database is a fault, and the file stays as it is."""
        home.folders.database.parent.mkdir(parents=True)
        home.folders.database.write_bytes(b"rubbish" * 500)
        found, code = verdicts(home)
        assert (found["database"], found["settings"], code) == ("fault", "ok", 1)
        assert home.folders.database.read_bytes() == b"rubbish" * 500

    def test_a_damaged_page_is_found(self, home: Home) -> None:
        """The whole file is read, so that damage in its middle is found too."""
        home.remind("drink")
        with closing(sqlite3.connect(home.folders.database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (size,) = connection.execute("PRAGMA page_size").fetchone()
            (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'diary'").fetchone()
        with home.folders.database.open("r+b") as file:
            file.seek((page - 1) * size)
            file.write(b"\xa5" * size)
        found, code = verdicts(home)
        assert (found["database"], found["clock"], code) == ("fault", "ok", 1)

    def test_a_running_service_is_seen(self, home: Home) -> None:
        """The process that holds the lock is reported."""
        with Running(home).ready() as service:
            (line,) = [one for one in lines(home) if one["check"] == "service"]
            assert f"process {service.process.pid}" in line["found"]


class World(App):
    """An app whose desktop and probes report what a test wants."""

    def __init__(self, person: Person) -> None:
        super().__init__(person.folders, clock=lambda: person.now, read_zone=lambda: person.zone)
        self.server: Any = ChannelError("no notification server is running")
        self.results: list[ProbeResult] = []

    def notification_server(self, _deadline: float) -> Any:
        if isinstance(self.server, RemindError):
            raise self.server
        return self.server


@pytest.fixture
def world(person: Person, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    world = World(person)
    monkeypatch.setattr(desktop, "bus_address", lambda _: "unix:path=/run/user/1000/bus")
    monkeypatch.setattr(desktop, "notification_server", world.notification_server)
    monkeypatch.setattr(desktop, "look_around", lambda: world.results)
    yield world
    world.close()


DUNST = SimpleNamespace(name="dunst", version="1.9.0", capabilities=frozenset({"actions", "body"}))


class TestDesktop:
    """Bus, server and channels."""

    def test_a_good_server(self, world: World) -> None:
        """It is reported with its version and everything that it can do."""
        world.server = DUNST
        assert [*desktop.notifications(world)][:2] == [
            Check("bus", "ok", "unix:path=/run/user/1000/bus"),
            Check("server", "ok", "dunst 1.9.0, which offers actions, body"),
        ]

    def test_a_server_without_buttons(self, world: World) -> None:
        """The text names the commands instead."""
        world.server = SimpleNamespace(name="plain", version="1", capabilities=frozenset({"body"}))
        _, found, _ = desktop.notifications(world)
        assert found.verdict == "ok"
        assert "without buttons" in found.found

    def test_the_channels_in_their_order(
        self, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, terminal: TextIO
    ) -> None:
        """It is ok if the best channel works, a warning if only another one does, and a fault if none does."""
        monkeypatch.setenv("PATH", str(tmp_path))
        *_, none = desktop.notifications(world)
        assert none.verdict == "fault"
        assert none.found == (
            "dbus (no notification server is running), then plyer (no notification server is running)"
        )
        (tmp_path / "notify-send").touch(mode=0o700)
        monkeypatch.setattr(sys, "stderr", terminal)
        *_, lesser = desktop.notifications(world)
        assert lesser.verdict == "warning"
        assert lesser.advice == "console is used until dbus works; try it with `remind notify`"
        world.server = DUNST
        *_, best = desktop.notifications(world)
        assert (best.verdict, best.found) == ("ok", "dbus (works), then plyer (not tried), then console (not tried)")

    def test_nothing_works_without_a_server(
        self, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """plyer needs a notification server too, so an installed notify-send is not enough."""
        (tmp_path / "notify-send").touch(mode=0o700)
        monkeypatch.setenv("PATH", str(tmp_path))
        *_, none = desktop.notifications(world)
        assert none.verdict == "fault"
        assert none.found.count("no notification server is running") == 2

    @pytest.mark.parametrize("platform", ["win32", "darwin"])
    def test_what_was_not_tried_is_not_said_to_work(
        self, world: World, monkeypatch: pytest.MonkeyPatch, platform: str
    ) -> None:
        """If only an installed package is known, it is not said to work, and the advice says how to try it."""
        monkeypatch.setattr(sys, "platform", platform)
        monkeypatch.setattr(desktop, "find_spec", lambda _: object())
        *_, found = desktop.notifications(world)
        assert found.found.startswith("desktop-notifier (not tried), then ")
        assert "works" not in found.found
        assert found.advice == "try it with `remind notify`"

    def test_the_channel_that_the_settings_name(self, world: World, person: Person) -> None:
        """If the settings name a channel, no other is checked."""
        person.writes_settings('[notify]\nchannel = "console"\n')
        *_, found = desktop.notifications(world)
        assert (found.verdict, found.found) == ("ok", "console (not tried)")

    def test_broken_settings_do_not_end_it(self, world: World, person: Person) -> None:
        """Without valid settings the defaults are checked."""
        person.writes_settings("rubbish")
        assert [one.check for one in desktop.notifications(world)] == ["bus", "server", "channels"]


class TestSound:
    """What a session will sound like; doctor plays a silent file to find out."""

    @pytest.fixture(autouse=True)
    def on_path(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A folder for players, which is empty."""
        monkeypatch.setattr("sys.platform", "linux")
        monkeypatch.setenv("PATH", str(tmp_path))
        return tmp_path

    def test_the_bell_alone(self, world: World) -> None:
        """The bell alone is a warning, since many terminals leave it off."""
        (found,) = desktop.sound(world)
        assert (found.verdict, found.found) == (
            "warning",
            "only the terminal's bell rings (no player was found); the voice is off",
        )
        assert "install" in found.advice

    def test_the_player_that_works(self, world: World, person: Person, on_path: Path) -> None:
        """A player that fails is passed over; a voice is named, but not said to work."""
        person.writes_settings("[sound]\nvoice = true\n")
        for name, code in {"pw-play": 1, "aplay": 0, "espeak-ng": 0}.items():
            (on_path / name).write_text(f"#!/bin/sh\nexit {code}\n")
            (on_path / name).chmod(0o700)
        assert list(desktop.sound(world)) == [
            Check("sound", "ok", "aplay plays the chimes; espeak-ng speaks (not tried)")
        ]

    def test_a_voice_that_is_wished_and_missing(self, world: World, person: Person) -> None:
        """It is a warning that says what to install."""
        person.writes_settings("[sound]\nchime = false\nvoice = true\n")
        advice = "install espeak-ng to hear the voice"
        assert list(desktop.sound(world)) == [Check("sound", "warning", "the chime is off; there is no voice", advice)]

    def test_a_player_that_hangs_ends_in_time(self, world: World, on_path: Path) -> None:
        """The reason is reported."""
        (on_path / "aplay").write_text("#!/bin/sh\nexec /bin/sleep 600\n")
        (on_path / "aplay").chmod(0o700)
        (found,) = desktop.sound(world)
        assert "aplay: no answer within 1.5 s" in found.found

    def test_switched_off(self, world: World, person: Person) -> None:
        """Nothing is played if the chime is off."""
        person.writes_settings("[sound]\nchime = false\n")
        assert list(desktop.sound(world)) == [Check("sound", "ok", "the chime is off; the voice is off")]


class TestPhone:
    """The phone; no message is sent."""

    ADDRESS = "https://ntfy.example.org/a-topic-that-nobody-guesses"

    def test_none(self, world: World) -> None:
        """A phone is not required."""
        assert [*desktop.phone(world)] == [Check("phone", "ok", "not set up")]

    def test_where_it_goes(self, world: World, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        """The host is named, and whether there is a token; the topic and the token are not."""
        person.writes_settings(f'[phone]\nntfy = "{self.ADDRESS}"\n')
        monkeypatch.setenv("REMIND_NTFY_TOKEN", "tk_secret")
        (found,) = desktop.phone(world)
        assert found.verdict == "ok"
        assert found.found.startswith("ntfy at ntfy.example.org, with a token; sent last: nothing yet")

    def test_a_token_that_is_missing(self, world: World, person: Person) -> None:
        """A missing token file is a fault, since nothing would reach the phone."""
        person.writes_settings(f'[phone]\nntfy = "{self.ADDRESS}"\ntoken_file = "/nowhere/token"\n')
        (found,) = desktop.phone(world)
        assert (found.verdict, found.found.partition(".")[0]) == ("fault", "/nowhere/token: the file does not exist")

    @pytest.mark.parametrize(("what", "verdict"), [("phoned", "ok"), ("phone-failed", "warning")])
    def test_the_last_message(self, world: World, person: Person, what: What, verdict: str) -> None:
        """The time of the last message is reported, and why it could not be sent."""
        person.writes_settings(f'[phone]\nntfy = "{self.ADDRESS}"\n')
        due = person.now - timedelta(minutes=5)
        occurrence = Occurrence("stretch/2026-11-22", "stretch", due.date(), due, due + timedelta(hours=1))
        for number, reason in enumerate(("first", "401 Unauthorized")):
            at = person.now - timedelta(minutes=4 - number)
            world.store.ledger.note(occurrence, what, at, person.zone, reason=reason)
        (found,) = desktop.phone(world)
        assert found.verdict == verdict
        assert f"stretch, {person.now - timedelta(minutes=3):%H:%M}" in found.found
        assert ("401" in found.found) == (verdict == "warning")


class TestPresence:
    """What each probe reports, and what follows from it."""

    def test_all_that_is_told(self, world: World) -> None:
        """What follows comes first, then each probe; probes without a reading are grouped by their reason."""
        world.results = [
            ProbeResult("a", Readings(idle=timedelta(seconds=3), locked=False)),
            ProbeResult("b", Readings(do_not_disturb=True)),
            ProbeResult("c", unavailable="it is not running"),
            ProbeResult("d", unavailable="it is not running"),
            ProbeResult("e", unavailable="no answer in time", failed=True),
        ]
        assert [(one.verdict, one.found) for one in desktop.presence(world)] == [
            ("ok", "you are here, the screen is not locked, do not disturb is on"),
            ("ok", "a: idle for 3 s, the screen is not locked"),
            ("ok", "b: do not disturb is on"),
            ("warning", "e: no answer in time"),
            ("ok", "no reading, because it is not running: c, d"),
        ]

    def test_unknown_is_said_to_be(self, world: World) -> None:
        """If nothing is known, nobody is said to be there."""
        assert [one.found for one in desktop.presence(world)] == ["nothing says whether you are away"]

    def test_switched_off(self, world: World, person: Person) -> None:
        """If presence is switched off, no probe is asked."""
        person.writes_settings("[presence]\nenabled = false\n")
        world.results = [ProbeResult("a", Readings(locked=True))]
        assert len(list(desktop.presence(world))) == 1


class Manager:
    """A service manager that reports what a test wants."""

    where = "/home/ada/remind.service"

    def __init__(self, status: Status, current: bool = True) -> None:
        self.status = lambda _limit_s: status
        self.is_current = lambda: current


GOOD = Status(installed=True, enabled=True, running=True, state="active (running)", pid=7)


class TestService:
    """Whether the service runs, and belongs to this installation."""

    @pytest.mark.parametrize(
        ("lock_owner", "status", "current", "verdict", "words"),
        [
            (7, GOOD, True, "ok", "running (process 7), starts at each login"),
            (7, GOOD, False, "warning", "another installation starts at login, or you edited it"),
            (7, Status(True, False, True, "active (running)"), True, "warning", "does not start at login"),
            (7, Status(False, False, False, "inactive"), False, "warning", "running (process 7), not installed"),
            (None, Status(False, False, False, "inactive"), False, "warning", "not running, not installed"),
            (None, Status(True, True, False, "failed (failed)"), True, "fault", "not running: failed (failed)"),
        ],
    )
    def test_each_state(
        self,
        world: World,
        monkeypatch: pytest.MonkeyPatch,
        lock_owner: int | None,
        status: Status,
        current: bool,
        verdict: str,
        words: str,
    ) -> None:
        """A service that is installed but not running is a fault; anything else is a warning with advice."""
        monkeypatch.setattr("remind.doctor.system.lock_owner", lambda _: lock_owner)
        monkeypatch.setattr("remind.doctor.system.service_manager", lambda: Manager(status, current))
        (found,) = system.service(world)
        assert found.verdict == verdict
        assert words in found.found
        assert bool(found.advice) == (verdict != "ok")

    def test_where_there_is_no_manager(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        """The check says why the service cannot be installed, and what to do instead."""
        monkeypatch.setattr(sys, "platform", "freebsd14")
        (found,) = system.service(world)
        assert (found.verdict, found.advice) == ("warning", "`remind run` runs it until you close the terminal")
        assert "autostart" in found.found

    def test_without_systemd(self, world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """systemctl may be there without systemd, as in a container; the service can be installed all the same."""
        monkeypatch.setattr("remind.login.BOOTED", tmp_path / "missing")
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        (found,) = system.service(world)
        assert found.found == "not running, not installed"
        assert found.advice.startswith("`remind service install` starts it at each login")


class TestClock:
    """The time and the zone."""

    def test_a_zone(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        """The wall time is reported with the zone's name."""
        monkeypatch.setenv("TZ", "Europe/Berlin")
        assert list(system.clock(world)) == [Check("clock", "ok", "2026-11-22 21:00 in Europe/Berlin")]

    def test_a_zone_that_is_none(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        """A TZ that is not a valid zone is reported."""
        monkeypatch.setenv("TZ", "CET-1CEST")
        (found,) = system.clock(world)
        assert found.verdict == "warning"
        assert "CET-1CEST" in found.found

    def test_no_zone(self, world: World, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without a zone UTC is used, and the advice works on this system."""
        monkeypatch.setattr(system, "BOOTED", Path("/nonexistent"))
        monkeypatch.delenv("TZ", raising=False)
        person.zone = UTC  # type: ignore[assignment]
        (found,) = system.clock(world)
        assert (found.verdict, "no zone is set" in found.found, found.advice) == (
            "warning", True, "set TZ to a name such as Europe/Berlin",
        )  # fmt: skip

    def test_a_clock_that_was_set_back(self, world: World, person: Person) -> None:
        """An event in the future means that the clock was set back."""
        person.at("22:05").types("skip", "stretch")
        person.at("2026-11-20 12:00")
        (found,) = system.clock(world)
        assert found.verdict == "warning"
        assert "2026-11-22 22:05" in found.found


class TestFiles:
    """Settings, routine and database."""

    def test_in_order(self, world: World, person: Person) -> None:
        """What is in order is reported with its path."""
        person.writes_settings("[day]\n")
        person.types("drink")
        found = [
            one
            for check in (config_checks.settings, config_checks.routine, config_checks.database)
            for one in check(world)
        ]
        assert [one.verdict for one in found] == ["ok"] * 3
        assert [str(person.folders.settings) in found[0].found, "wall-calf" in found[1].found] == [True, True]

    def test_all_switched_off(self, world: World, person: Person) -> None:
        """Settings without any reminder are a warning."""
        person.writes_settings("[stretch]\nenabled = false\n[water]\nenabled = false\n")
        assert [one.verdict for one in config_checks.settings(world)] == ["warning"]

    def test_a_routine_that_is_missing(self, world: World, person: Person) -> None:
        """A routine that does not exist is a fault now, before bedtime."""
        person.writes_settings('[stretch]\nroutine = "wall-clalf"\n')
        (found,) = examine(world, {"routine": config_checks.routine})
        assert found.verdict == "fault"
        assert "wall-calf" in found.found

    def test_an_entry_that_cannot_be_read(self, world: World) -> None:
        """It is reported, and everything else is in order."""
        world.store.diary.add(Drink(id="abc", at=world.now(), written_at=world.now(), amount_ml=200))
        with world.store.database.transaction() as connection:
            connection.execute("UPDATE diary SET details = '{}'")
        left_out, whole = config_checks.database(world)
        assert left_out.verdict == "warning"
        assert "the diary entry abc cannot be read" in left_out.found
        assert whole.verdict == "ok"

    def test_a_database_that_was_set_aside(self, world: World, person: Person) -> None:
        """A damaged file that was set aside is reported as long as it is there."""
        person.folders.database.parent.mkdir(parents=True)
        person.folders.database.write_bytes(b"rubbish" * 500)
        open_or_set_aside(person.folders.database, person.now).close()
        (found,) = config_checks.database(world)
        assert found.verdict == "warning"
        assert "set aside" in found.found
        (aside,) = person.folders.database.parent.glob("remind-damaged-*.db")
        aside.unlink()
        assert [one.verdict for one in config_checks.database(world)] == ["ok"]


class TestProgram:
    """Which program `remind` starts."""

    @pytest.fixture
    def on_path(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """The path for a program called remind."""
        monkeypatch.setenv("PATH", str(tmp_path))
        return tmp_path / "remind"

    @pytest.mark.parametrize(
        ("content", "verdict", "words"),
        [
            (f"#!{sys.executable}\nfrom remind.cli.main import main\n".encode(), "ok", "remind"),
            (
                f"#!/bin/sh\n'''exec' \"{sys.executable}\" \"$0\" \"$@\"\n' '''\nimport remind.cli.main".encode(),
                "ok",
                "",
            ),
            (b"#!/opt/other/bin/python\nfrom remind.cli.main import main\n", "warning", "another installation"),
            (DEBIAN_REMIND, "warning", "another program"),
            (b"", "warning", "another program"),
        ],
    )
    def test_each_program(self, world: World, on_path: Path, content: bytes, verdict: str, words: str) -> None:
        """This installation's script differs from another one's, and from Debian's program of the same name."""
        on_path.write_bytes(content)
        on_path.chmod(0o700)
        (found,) = system.program(world)
        assert found.verdict == verdict
        assert words in found.found

    @pytest.mark.parametrize(("interpreter", "named"), [(sys.executable, True), ("/opt/other/bin/python", False)])
    def test_the_second_name_is_advised(self, world: World, on_path: Path, interpreter: str, named: bool) -> None:
        """Where `remind` is Debian's program, `stretch-remind` starts this one, if it is of this installation."""
        on_path.write_bytes(DEBIAN_REMIND)
        second = on_path.with_name("stretch-remind")
        second.write_text(f"#!{interpreter}\nfrom remind.cli.start import main\n")
        for program in (on_path, second):
            program.chmod(0o700)
        (found,) = system.program(world)
        assert ("`stretch-remind`" in found.advice) is named

    def test_a_script_that_finds_its_interpreter_beside_it(
        self, world: World, on_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As uv writes it for an environment that can be moved, it names no full path."""
        script = (
            '#!/bin/sh\n\'\'\'exec\' "$(dirname -- "$0")/python" "$0" "$@"\n\'\'\'\nfrom remind.cli.start import main\n'
        )
        on_path.write_text(script)
        on_path.chmod(0o700)
        (found,) = system.program(world)
        assert "another installation" in found.found
        monkeypatch.setattr("sys.executable", str(on_path.with_name("python")))
        (found,) = system.program(world)
        assert found.verdict == "ok"

    @pytest.mark.usefixtures("on_path")
    def test_none(self, world: World) -> None:
        """Without a program on PATH the advice says how to start this one."""
        (found,) = system.program(world)
        assert (found.verdict, found.advice.endswith("-m remind`")) == ("warning", True)


class TestAllTogether:
    """What applies to all checks."""

    def test_one_that_hangs_is_a_fault_of_its_own(self, world: World) -> None:
        """The others are reported, and the command ends in time."""

        def hangs(_: App) -> Iterator[Check]:
            time.sleep(600)
            yield Check("never", "ok", "")

        began = time.monotonic()
        good = Check("good", "ok", "")
        found = examine(world, {"hangs": hangs, "good": lambda _: [good]}, most_s=0.2)
        assert time.monotonic() - began < 10
        assert [(one.check, one.verdict) for one in found] == [("hangs", "fault"), ("good", "ok")]

    def test_a_failure_is_a_fault_with_its_reason(self, world: World) -> None:
        """An expected error is reported as it is, line by line."""

        def fails(_: App) -> Iterator[Check]:
            raise RemindError("one\ntwo")
            yield

        def cannot(_: App) -> Iterator[Check]:
            raise PermissionError(13, "Permission denied", "/root")
            yield

        found = examine(world, {"a": fails, "b": cannot})
        assert [(one.verdict, one.found) for one in found[:2]] == [("fault", "one"), ("fault", "two")]
        assert "/root" in found[2].found

    def test_all_well_is_exit_code_0(self, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        """Warnings are not faults."""
        warning = Check("a", "warning", "found", "advice")
        monkeypatch.setattr("remind.doctor.examine.examine", lambda _: [warning, Check("b", "ok", "fine")])
        said = person.types("doctor")
        assert said.code == 0
        assert said.out.splitlines() == [
            "warning  a         found",
            "                   → advice",
            "ok       b         fine",
        ]
        assert person.types("doctor", "--json").json == [
            {"check": "a", "verdict": "warning", "found": "found", "advice": "advice"},
            {"check": "b", "verdict": "ok", "found": "fine", "advice": ""},
        ]
