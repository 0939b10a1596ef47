"""One diary at several machines: commands, pages and the service keep it in the folder that the settings name."""

import subprocess
import sys
from pathlib import Path

import pytest
from cli_runner import Person
from diaries import drink
from service_process import NOT_DUE, Home, Running
from virtual_desktop import eventually

from remind.store.diary_file import diary_text

REMIND = (sys.executable, "-m", "remind")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "Sync"
    found.mkdir()
    return found


def at_machine(name: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Person:
    found = Person(name, monkeypatch, capsys)
    found.writes_settings(f'[diary]\nfolder = "{folder}"\n')
    return found


def test_what_is_logged_at_one_machine_is_in_the_diary_of_the_other(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each command that writes shares too; one machine's undo takes back what was written there."""
    here, there = (at_machine(tmp_path / name, folder, monkeypatch, capsys) for name in ("here", "there"))
    here.types("log", "cramp", "--night", "fri", "--severity", "6")
    (entry,) = here.types("diary", "--json").json
    there.types("drink")
    there.types("diary", "edit", entry["id"], "--severity", "4")
    assert there.types("undo").code == 0
    here.types("drink", "1 L")
    there.types("drink", "2 L")
    assert len(here.types("diary", "--json").json) == 3
    assert [row["severity"] for row in there.types("diary", "--json", "--kind", "cramp").json] == [6]
    assert len(list(folder.iterdir())) == 2


def test_a_folder_that_is_missing_is_told_by_the_doctor_alone(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Commands work as without it, and the next one after it came back catches up."""
    here = at_machine(tmp_path / "here", folder / "remind", monkeypatch, capsys)
    said = here.types("drink")
    assert (said.code, said.err) == (0, "")
    assert list(folder.iterdir()) == []

    def told() -> list[tuple[str, str]]:
        found = here.types("doctor", "--json").json
        return [(one["verdict"], one["found"]) for one in found if one["check"] == "folder"]

    assert told() == [("warning", f"{folder / 'remind'}: there is no such folder")]
    (folder / "remind").mkdir()
    here.types("drink")
    assert told() == [("ok", f"{folder / 'remind'}: 1 diary of this and other machines")]
    (folder / "remind" / "remind-diary-x.json").write_text("{")
    assert "is not an exported diary" in told()[0][1]


@pytest.mark.parametrize("value", ["Sync/remind", "", ".", "/tmp/a\0b"])
def test_a_folder_needs_a_full_path(person: Person, value: str) -> None:
    """Another one would depend on where a command is typed."""
    said = person.types("config", "set", "diary.folder", value)
    assert said.code == 2
    assert "folder is not a full path like ~/Sync/remind." in said.err


def test_a_folder_that_is_not_there_is_told_of_at_once(person: Person, tmp_path: Path) -> None:
    """It is set all the same, since it may be mounted or made later."""
    said = person.types("config", "set", "diary.folder", str(tmp_path / "gone"))
    assert (said.code, person.own) == (0, {"diary": {"folder": str(tmp_path / "gone")}})
    assert f"{tmp_path / 'gone'}: there is no such folder; make it or mount it" in said.err.replace("\n", " ")
    assert person.types("config", "set", "diary.folder", str(tmp_path)).err == ""


def test_without_the_setting_nothing_is_loaded_for_it(tmp_path: Path) -> None:
    """Who has one machine pays nothing."""
    home = Home(tmp_path / "home")
    script = (
        "import sys; from remind.cli import main; sys.argv = ['remind', 'drink']; main.invoke(); "
        "sys.exit(str([name for name in sys.modules if 'shared_folder' in name or 'diary_file' in name]))"
    )
    done = subprocess.run([sys.executable, "-c", script], env=home.environ, capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == "[]"


def test_processes_of_two_machines_write_at_once(tmp_path: Path, folder: Path) -> None:
    """Real commands and services over a real folder come to the same diary, and nothing is lost."""
    homes = [Home(tmp_path / name) for name in ("here", "there")]
    for home in homes:
        home.settings(f'{NOT_DUE}[diary]\nfolder = "{folder}"\n')
    conflict = folder / "remind-diary-phone.sync-conflict-20261125-030405-ABCDEFG.json"
    with Running(homes[0]) as here, Running(homes[1]) as there:
        writing = [
            subprocess.Popen([*REMIND, "drink", f"{amount} ml"], env=home.environ, stdout=subprocess.DEVNULL)
            for amount in (100, 200, 300)
            for home in homes
        ]
        assert [process.wait() for process in writing] == [0] * 6
        conflict.write_text(diary_text([drink()]), encoding="utf-8")

        def same() -> bool:
            here.look_round()
            there.look_round()
            exports = [home.remind("export", "-").stdout for home in homes]
            return exports[0] == exports[1] and exports[0].count('"kind": "drink"') == 7

        eventually(same)
        here.says("rows of the diary from other machines")
        assert [service.has_failed for service in (here, there)] == [False, False]
