"""`remind calendar FILE.ics`, and `remind export FILE.ics`, which is the same."""

import subprocess
import sys
from pathlib import Path

import icalendar
import pytest
from cli_runner import Person


@pytest.mark.parametrize("command", ["calendar", "export"])
def test_the_bedtimes_are_in_the_file(person: Person, tmp_path: Path, command: str) -> None:
    """With the routine in words, and one line that says what to do with it; the diary is not touched."""
    person.writes_settings('[day]\nbedtime = "23:00"\n[stretch]\nroutine = "towel"\n')
    file = tmp_path / "bedtime.ICS"
    said = person.types(command, str(file))
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"Wrote your bedtimes to {file}.")
    events = icalendar.Calendar.from_ical(file.read_bytes()).events
    assert [event["DTSTART"].dt.strftime("%H:%M") for event in events] == ["23:00"] * 7
    assert "It may help." in events[0]["DESCRIPTION"]
    assert "towel" in events[0]["DESCRIPTION"]
    assert not person.folders.database.exists()


def test_a_stretch_that_is_switched_off_is_not_exported(person: Person, tmp_path: Path) -> None:
    """One line says how to switch it on; no file is left."""
    person.writes_settings("[stretch]\nenabled = false\n")
    said = person.types("calendar", str(tmp_path / "bedtime.ics"))
    assert (said.code, said.out) == (1, "")
    assert "`remind config set stretch.enabled true`" in said.err
    assert list(tmp_path.glob("*.ics")) == []


def test_broken_settings_are_not_exported(person: Person, tmp_path: Path) -> None:
    """A calendar with other times than those that were meant would be worse than none."""
    person.writes_settings("[day]\nbedtime = 25\n")
    said = person.types("calendar", str(tmp_path / "bedtime.ics"))
    assert said.code == 4
    assert list(tmp_path.glob("*.ics")) == []


@pytest.mark.parametrize(("command", "endings"), [("export", ".json or .csv or .ics"), ("calendar", ".ics")])
def test_an_unknown_ending_names_those_there_are(person: Person, tmp_path: Path, command: str, endings: str) -> None:
    """All of them."""
    said = person.types(command, str(tmp_path / "diary.xlsx"))
    assert said.code == 2
    assert f"must end in {endings}" in said.err


def test_the_calendar_is_paid_for_by_itself(person: Person, tmp_path: Path) -> None:
    """Exporting the diary, and the module of the command, import no calendar."""
    script = "import sys, remind.cli.export, remind.cli.calendar; sys.exit('icalendar' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
