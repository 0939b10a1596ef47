"""`remind status`, and the forms and codes that others may rely on."""

import os
import sqlite3
import subprocess
import sys

import pytest
from cli_runner import Person

from remind.errors import ExitCode
from remind.lock import FileLock

KEYS = {"service", "paused_until", "next", "tonight", "last_session", "water", "faults"}


def test_json_has_every_fixed_key(person: Person) -> None:
    """On a machine where nothing was ever done."""
    found = person.types("status", "--json").json
    assert set(found) == KEYS
    assert found["service"] == {"running": False, "pid": None, "since": None, "channel": None}
    assert found["tonight"] == {"occurrence": "stretch/2026-11-22", "state": "open", "reason": "due at 22:00"}
    assert found["last_session"] is None
    assert found["water"] == {"drunk_ml": 0, "target_ml": None}
    assert found["faults"] == []
    assert set(found["next"][0]) == {"reminder", "occurrence", "due"}


def test_looking_makes_no_file(person: Person) -> None:
    """So it works in a read-only home too."""
    assert person.types("status").code == 0
    assert not person.folders.data.exists()


def test_the_holder_of_the_lock_is_the_running_service(person: Person) -> None:
    """A lock that was released is not a running service, whatever its file says."""
    lock = FileLock(person.folders.lock)
    lock.acquire()
    assert person.types("status", "--json").json["service"]["pid"] == os.getpid()
    lock.release()
    assert person.types("status", "--json").json["service"]["running"] is False


def test_a_broken_settings_file_is_reported_and_ends_nothing(person: Person) -> None:
    """The fault is listed, and the defaults apply if nothing better is known."""
    person.writes_settings("[stretch]\nlead = 5\n")
    said = person.types("status", "--json")
    assert said.code == ExitCode.DONE
    assert "stretch.lead: 5 is not a duration" in said.json["faults"][0]
    assert said.json["next"][0]["due"] == "2026-11-22T22:00:00+01:00"
    assert "Fault" in person.types("status").out


def test_in_the_night_tonight_is_still_the_evening_before(person: Person) -> None:
    """And from getting up on it is the evening to come."""
    person.at("22:05").types("done")
    assert person.at("2026-11-23 02:00").types("status", "--json").json["tonight"]["occurrence"] == "stretch/2026-11-22"
    assert person.at("2026-11-23 07:01").types("status", "--json").json["tonight"]["occurrence"] == "stretch/2026-11-23"


def test_an_evening_that_was_over_before_the_installation_is_not_taken_for_the_next(person: Person) -> None:
    """Tomorrow's stretch is not tonight's; a session is shown even if no service ever ran."""
    said = person.at("23:45").types("status", "--json").json
    assert (said["tonight"], said["next"][0]["occurrence"]) == (None, "water/2026-11-23/1")
    assert "Tonight   nothing: it was over before this reminder was set up\n" in person.types("status").out
    person.types("log", "stretch", "--at", "22:05")
    tonight = person.types("status", "--json").json["tonight"]
    assert (tonight["state"], tonight["reason"]) == ("answered", "a session was completed at 22:05")
    person.writes_settings("[stretch]\nenabled = false\n")
    assert "Tonight" not in person.types("status").out


def test_water_is_shown_with_a_bar_where_there_is_a_target(person: Person) -> None:
    """The amount alone where there is none."""
    assert "0 ml today" in person.types("status").out
    person.writes_settings('[water]\ntarget = "1.6 L"\n')
    assert "[....................] 0 ml of 1.6 L" in person.types("status").out


@pytest.mark.parametrize(
    "content", [b"", b"this is no database, but long enough to look like one" * 40, b"\x00" * 5000]
)
def test_a_database_that_is_none_is_reported_in_one_line(person: Person, content: bytes) -> None:
    """Reading commands say what to do, and leave the file as it is."""
    person.folders.data.mkdir(parents=True)
    person.folders.database.write_bytes(content)
    said = person.types("status")
    assert person.folders.database.read_bytes() == content
    if content:
        assert said.code == ExitCode.FAILURE
        assert str(person.folders.database) in said.err
        assert said.err.count("\n") == 1
    else:
        assert said.code == ExitCode.DONE


def test_the_database_of_another_program_is_left_alone(person: Person) -> None:
    """One line, exit code 1."""
    person.folders.data.mkdir(parents=True)
    with sqlite3.connect(person.folders.database) as other:
        other.execute("CREATE TABLE theirs (a)")
    other.close()
    said = person.types("done", "stretch")
    assert said.code == ExitCode.FAILURE
    assert said.err.count("\n") == 1


def test_the_exit_codes_are_the_fixed_ones() -> None:
    """Scripts rely on the numbers."""
    assert {code.name: code.value for code in ExitCode} == {
        "DONE": 0,
        "FAILURE": 1,
        "USAGE": 2,
        "NOT_RUNNING": 3,
        "SETTINGS": 4,
        "ALREADY_RUNNING": 5,
        "INTERRUPTED": 130,
    }


def test_the_files_stand_where_others_look_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The XDG variables are honoured."""
    from remind.files import own_folders

    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", f"/somewhere/{name.lower()}")
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    folders = own_folders()
    assert str(folders.settings) == "/somewhere/config/remind/settings.toml"
    assert str(folders.routines) == "/somewhere/config/remind/routines"
    assert str(folders.database) == "/somewhere/data/remind/remind.db"
    assert str(folders.lock) == "/somewhere/state/remind/remind.lock"


def test_it_starts_without_what_only_the_login_service_needs(person: Person) -> None:
    """Nothing that takes long to import is imported to say how the service is started."""
    script = (
        "import sys\nfrom remind.cli import main\n"
        "sys.argv = ['remind', 'status']\nmain.invoke()\n"
        "sys.exit(' '.join({'subprocess', 'hashlib', 'textual', 'asyncio'} & set(sys.modules)))"
    )
    environment = {**os.environ, "HOME": str(person.folders.config), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert (done.stderr.strip(), "not running" in done.stdout) == ("", True)


def test_without_standard_streams_nothing_fails(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """As under pythonw, which has no streams."""
    monkeypatch.setattr("sys.stdout", None)
    assert person.types("status").code == 0


def test_control_characters_in_a_message_do_not_reach_the_terminal(person: Person) -> None:
    """A name with control characters is printed in escaped form."""
    said = person.types("config", "get", "a\x07\x1b[31m")
    assert said.code != ExitCode.DONE
    assert "\x1b" not in said.err
    assert "\x07" not in said.err


@pytest.mark.parametrize("speed", ["nan", "0", "0.5", "101", "inf", "-1", "fast"])
def test_a_speed_that_is_none_is_refused(person: Person, speed: str) -> None:
    """One line, exit code 2."""
    said = person.types("stretch", "--speed", speed, "--plain", "--safety-read")
    assert (said.code, said.err.count("\n")) == (ExitCode.USAGE, 1)
