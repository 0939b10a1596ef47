"""`remind export` and `remind import`: out, in, and merged."""

import csv
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest
from cli_runner import Person
from diaries import AT, drink

from remind.core.diary import KINDS, Row
from remind.store.database import Database
from remind.store.diary import Diary


@pytest.fixture
def kept(person: Person) -> Person:
    """Somebody with an entry of every kind: one corrected, one removed, one undone."""
    person.types("log", "none", "--night", "fri")
    person.types("log", "cramp", "--leg", "both", "--severity", "7", "--minutes", "4", "--note", 'sharp, "left" first')
    person.types("log", "stretch")
    person.types("log", "medicine", "magnesium", "--from", "2026-11-01", "--note", "from the pharmacy")
    person.types("log", "note", "new shoes")
    person.types("drink")
    for entry in person.types("diary", "--json", "--kind", "drink").json:
        person.types("diary", "edit", entry["id"], "--amount", "250 ml")
    person.types("drink", "1 L")
    person.types("undo")
    return person


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Person:
    """The same person at another machine."""
    return Person(tmp_path / "other", monkeypatch, capsys)


def exported(person: Person, file: Path) -> bytes:
    assert person.types("export", str(file), "--force").code == 0
    return file.read_bytes()


def test_out_and_in_and_out_again_is_the_same_to_the_byte(kept: Person, other: Person, tmp_path: Path) -> None:
    """With every correction, and importing twice adds nothing."""
    first = exported(kept, tmp_path / "a.json")
    assert other.types("import", str(tmp_path / "a.json")).out == "9 new, 0 already here.\n"
    assert other.types("import", str(tmp_path / "a.json")).out == "0 new, 9 already here.\n"
    assert exported(other, tmp_path / "b.json") == first
    assert other.types("diary", "--json").out == kept.types("diary", "--json").out


def test_it_says_what_was_written(kept: Person, tmp_path: Path) -> None:
    """A table has what counts; the other file also what was corrected or undone, so its number is higher."""
    table, whole = tmp_path / "a.csv", tmp_path / "a.json"
    assert kept.types("export", str(table)).out == f"Wrote current entries to {table}: 6 in all.\n"
    assert kept.types("export", str(whole)).out == f"Wrote entries with every correction to {whole}: 9 in all.\n"


def test_two_machines_come_to_the_same_diary(kept: Person, other: Person, tmp_path: Path) -> None:
    """Whoever imports first."""
    other.types("drink", "333 ml")
    a, b = tmp_path / "a.json", tmp_path / "b.json"
    exported(kept, a), exported(other, b)
    kept.types("import", str(b)), other.types("import", str(a))
    assert exported(kept, a) == exported(other, b)


def test_the_file_explains_each_of_its_fields(kept: Person, tmp_path: Path) -> None:
    """It can be understood without this program."""
    found = msgspec.json.decode(exported(kept, tmp_path / "a.json"))
    fields = {name for kind in KINDS.values() for name in kind.__struct_encode_fields__} | {"kind"}
    assert found["about"].keys() == fields
    assert {entry["kind"] for entry in found["entries"]} == {*KINDS, "undo"}


def test_a_table_has_the_entries_that_count(kept: Person, tmp_path: Path) -> None:
    """One line each, for a spreadsheet: units in the names, times as the clock showed them, no parts of a second."""
    rows = list(csv.DictReader(io.StringIO(exported(kept, tmp_path / "a.CSV").decode())))
    by_kind = {row["kind"]: row for row in rows}
    assert len(rows) == len(by_kind) == 6
    assert (by_kind["medicine"]["name"], by_kind["medicine"]["from"]) == ("magnesium", "2026-11-01")
    assert by_kind["cramp"]["note"] == 'sharp, "left" first'
    assert by_kind["drink"]["amount_ml"] == "250"
    assert by_kind["stretch"]["complete"] == "true"
    assert by_kind["quiet-night"]["night"] == "2026-11-20"
    assert by_kind["drink"]["severity"] == ""
    assert (by_kind["cramp"]["at"], by_kind["cramp"]["utc_offset"]) == ("2026-11-22 21:00:00", "+01:00")


def test_only_some_of_the_diary(kept: Person, other: Person, tmp_path: Path) -> None:
    """One kind has its own columns alone; a part of the diary merges elsewhere as it is here, with its corrections."""
    kept.later(days=2).types("log", "cramp", "--at", "today 03:00")
    file = tmp_path / "a.csv"
    assert kept.types("export", str(file), "--kind", "cramp", "--since", "yesterday").code == 0
    header, row = file.read_text().splitlines()
    assert header == (
        "kind,at,utc_offset,night,count,leg,place,severity,minutes,disturbance,soreness,woke,note,written_at,id"
    )
    assert row.startswith("cramp,2026-11-24 03:00:00,+01:00,,1,,,,,,,,,2026-11-24 21:00:00,")
    part = kept.types("export", "-", "--kind", "drink").out
    (tmp_path / "part.json").write_text(part)
    assert [row["kind"] for row in msgspec.json.decode(part)["entries"]] == ["drink", "drink"]
    other.types("import", str(tmp_path / "part.json"))
    assert other.types("diary", "--json").out == kept.types("diary", "--json", "--kind", "drink").out
    table = kept.types("export", "-", "--csv", "--since", "yesterday").out
    assert table.splitlines()[1].startswith("cramp,2026-11-24 03:00:00")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("a.json", "--csv"), "ends in .csv"),
        (("a.ics", "--kind", "cramp"), "a calendar has no entries"),
        (("a.json", "--since", "soon"), "understand the time"),
        (("a.json", "--kind", "grump"), "'grump' is not one of"),
        (("-", "--since", "2026-02-30"), "understand the time"),
    ],
)
def test_a_choice_that_makes_no_sense_writes_nothing(
    kept: Person, tmp_path: Path, words: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong usage, in one line."""
    monkeypatch.chdir(tmp_path)
    answer = kept.types("export", *words)
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert said in answer.err
    assert not list(tmp_path.glob("a.*"))


@pytest.mark.parametrize("name", ["a.json", "a.csv", "a.ics"])
def test_a_file_that_exists_is_overwritten_only_by_force(kept: Person, tmp_path: Path, name: str) -> None:
    """It may be any file, so the message says how to insist."""
    file = tmp_path / name
    file.write_text("my thesis")
    said = kept.types("export", str(file))
    assert (said.code, said.out, said.err) == (1, "", f"remind: {file}: exists already. Use --force to overwrite it.\n")
    assert file.read_text() == "my thesis"
    assert kept.types("export", str(file), "--force").code == 0
    assert file.read_text() != "my thesis"


def test_an_empty_diary_can_be_taken_out_and_in(person: Person, other: Person, tmp_path: Path) -> None:
    """Nothing is as good a diary as any."""
    exported(person, tmp_path / "a.json")
    assert other.types("import", str(tmp_path / "a.json")).out == "0 new, 0 already here.\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"severity": 7', '"severity": 11', "<= 10"),
        ("+01:00", "", "is not an exported diary"),
        ('"at": "2026', '"at": "0001', "is not from the years"),
        ('"written_at": "2026', '"written_at": "9999', "is not from the years"),
        ('"night": "2026', '"night": "9999', "is not from the years"),
        ('"cramp"', '"grump"', "is not an exported diary"),
        ('"version": 1', '"version": 2', "This program reads remind-diary 1"),
        ('"severity": 7', '"severity": 8', "other contents here"),
    ],
)
def test_a_file_that_is_wrong_anywhere_is_refused_whole(
    kept: Person, tmp_path: Path, old: str, new: str, said: str
) -> None:
    """One line, exit code 1, and nothing of it is taken."""
    file = tmp_path / "a.json"
    text = exported(kept, file).decode()
    assert old in text
    file.write_text(text.replace(old, new))
    before = kept.types("diary", "--all", "--json").out
    answer = kept.types("import", str(file))
    assert (answer.code, answer.out, answer.err.count("\n")) == (1, "", 1)
    assert said in answer.err
    assert kept.types("diary", "--all", "--json").out == before


@pytest.mark.parametrize(
    "content", [b"", b"\0\xff", b"[" * 100_000, b'{"format": "remind-diary", "version": 1', b"null"]
)
def test_a_file_that_is_none_of_ours_is_refused(person: Person, tmp_path: Path, content: bytes) -> None:
    """Empty, binary, nested without end, cut short."""
    file = tmp_path / "a.json"
    file.write_bytes(content)
    answer = person.types("import", str(file))
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert answer.err.startswith(f"remind: {file}: is not an exported diary, a .json file from `remind export`: ")


def test_an_id_that_stands_for_two_entries_is_refused(person: Person, tmp_path: Path) -> None:
    """Which of them is meant cannot be known."""
    file, row = tmp_path / "a.json", drink()
    rows = [row, msgspec.structs.replace(row, amount_ml=1)]
    file.write_bytes(msgspec.json.encode({"format": "remind-diary", "version": 1, "entries": rows}))
    answer = person.types("import", str(file))
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert f"{row.id} is there twice" in answer.err


@pytest.mark.parametrize("name", ["a.txt", "a", ".json/", "none/such/a.xml"])
def test_a_name_that_says_no_form_is_wrong_usage(kept: Person, tmp_path: Path, name: str) -> None:
    """The line names the forms there are."""
    answer = kept.types("export", str(tmp_path / name))
    assert answer.code == 2
    assert answer.err.count("\n") == 1


def test_what_cannot_be_read_is_reported_in_a_line(person: Person, tmp_path: Path) -> None:
    """No file, a folder, a pipe that nobody writes to."""
    os.mkfifo(tmp_path / "pipe.json")
    for file in (tmp_path / "none.json", tmp_path, tmp_path / "pipe.json"):
        answer = person.types("import", str(file))
        assert (answer.code, answer.err) == (1, f"remind: {file}: is not a readable file.\n")


def test_a_killed_import_leaves_all_or_nothing(tmp_path: Path) -> None:
    """kill -9 at any instant: the diary of before is whole, and the new rows are there all or not at all."""
    database, file = tmp_path / "data" / "remind" / "remind.db", tmp_path / "a.json"
    own = drink()
    rows: list[Row] = [drink() for _ in range(3000)]
    file.write_bytes(msgspec.json.encode({"format": "remind-diary", "version": 1, "entries": rows}))
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data"), "XDG_CONFIG_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "remind", "import", str(file)]
    outcomes = set()
    with Database.open(database, AT) as opened:
        Diary(opened).add(own)
    for delay in (0.0, 0.15, 0.2, 0.22, 0.24, 0.26, 0.28, 0.3, 0.35, 0.4):
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        with Database.open(database, AT) as opened:
            opened.check()
            outcomes.add(len(Diary(opened).rows()))
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    with Database.open(database, AT) as opened:
        assert len(Diary(opened).rows()) == 3001
    assert outcomes <= {1, 3001}


def test_a_folder_that_is_missing_is_not_made(person: Person) -> None:
    """The mistyped folder is named, and nothing is created."""
    said = person.types("export", str(person.folders.data / "nowhere" / "diary.json"))
    assert said.code == 1
    assert "there is no folder" in said.err
    assert not person.folders.data.exists()
