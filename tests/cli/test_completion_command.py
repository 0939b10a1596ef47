"""Completion in the shell: what is offered, that it is true, and that real shells insert it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import completion_table
import pytest
from cli_runner import Person

from remind.cli.completion import SHELLS
from remind.files import Folders, own_folders

SLOW = ("click", "msgspec", "remind.app", "remind.core", "remind.settings", "remind.store")
"""What no completion may import: each would cost more than a third of `remind --version`."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of its own for every process."""
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def offered(typed: str) -> dict[str, str]:
    """What follows `typed`, each word with what it is, from a process that imports nothing slow."""
    script = (
        "import os, sys; from remind.cli import start\n"
        f"os._exit = lambda code: sys.exit([name for name in sys.modules if name.startswith({SLOW})] or code)\n"
        "start.main()"
    )
    environ = {**os.environ, "_REMIND_COMPLETE": "bash", "_REMIND_LINE": typed}
    done = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return dict(line.split("\t") for line in done.stdout.splitlines())


def test_the_table_of_words_is_the_one_of_the_commands() -> None:
    """REMIND_RENEW=1 writes it anew after a command, an option or a setting was changed."""
    if os.environ.get("REMIND_RENEW"):
        completion_table.FILE.write_text(completion_table.table(), encoding="utf-8")
    assert completion_table.FILE.read_text(encoding="utf-8") == completion_table.table()


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("remind st", {"stretch", "status", "stats"}),
        ("remind log n", {"none", "note"}),
        ("remind log foo n", {"none", "note"}),
        ("remind stats --", {"--weeks", "--plain", "--json", "--help"}),
        ("remind log cramp --leg ", {"left", "right", "both"}),
        ("remind diary --kind=cr", {"--kind=cramp"}),
        ("remind log cramp --at 03:10 --le", {"--leg"}),
        ('remind log cramp --note "a b" --le', {"--leg"}),
        ("remind stretch wall", {"wall-calf", "wall-calf-single"}),
        ("remind routines tow", {"towel"}),
        ("remind why ", {"stretch", "water", "night", "move"}),
        ("remind config set notify.ch", {"notify.channel"}),
        ("remind config get 'day.bed", {"day.bedtime"}),
        ("remind config set sound.voice ", {"true", "false"}),
        ("remind config set notify.channel d", {"dbus", "desktop-notifier"}),
        ("remind config set stretch.routine tow", {"towel"}),
        ("remind config set stretch.lead ", {"30min"}),
        ("remind config set sound.voice true sound.c", {"sound.chime"}),
        ("remind config set sound.voice true sound.chime f", {"false"}),
        ("remind config unset ", set()),
        ("remind diary edit ", set()),
        ("remind calendar ", {""}),  # a file
    ],
)
def test_each_word_that_can_follow_is_offered(typed: str, words: set[str]) -> None:
    """Commands, options, and the names that stand for an argument; nothing is read that is slow to import."""
    assert set(offered(typed)) == words


def test_what_the_person_has_is_offered(home: Path) -> None:
    """Their own routines, reminders, settings and entries, with a word about each."""
    (home / "config" / "remind" / "routines").mkdir(parents=True)
    (home / "config" / "remind" / "routines" / "mine.toml").write_text('title = "My own"\n')
    (home / "config" / "remind" / "settings.toml").write_text('[reminder.tea]\ntitle = "Tea"\nat = ["16:00"]\n')
    assert offered("remind stretch m") == {"mine": "My own"}
    assert "tea" in offered("remind snooze ")
    assert offered("remind config get reminder.tea.a") == {"reminder.tea.at": "16:00"}
    assert set(offered("remind config unset ")) == {"reminder", "reminder.tea", "reminder.tea.title", "reminder.tea.at"}
    (home / "config" / "remind" / "settings.toml").write_text("not TOML")
    assert set(offered("remind why ")) == {"stretch", "water", "night", "move"}


def test_the_entries_that_count_are_offered(home: Path, person: Person) -> None:
    """The last first, by the same rules as the diary: corrected, removed and undone ones are not among them."""
    person.folders = Folders(*(home / name / "remind" for name in ("config", "data", "state")))
    assert person.folders == own_folders()
    for hour in ("01:00", "02:00", "03:00", "04:00"):
        assert person.types("log", "cramp", "--at", hour).code == 0
    first, second, third, _ = (row["id"] for row in person.types("diary", "--json").json)
    for words in (("edit", first, "--leg", "left"), ("edit", second, "--leg", "left"), ("remove", third)):
        assert person.later(minutes=1).types("diary", *words).code == 0
    assert person.later(minutes=1).types("undo").code == 0  # the third is back
    assert person.later(minutes=1).types("undo").code == 0  # the correction of the second is gone
    rows = person.types("diary", "--json").json
    found = offered("remind diary remove ")
    assert list(found) == [row["id"] for row in reversed(rows)]
    assert found[second] == "cramp, 2026-11-22 02:00"


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_says_what_to_do_with_it(person: Person, shell: str) -> None:
    """Its first lines are comments that name the command to run."""
    said = person.types("completion", shell)
    comment = said.out.split("\n\n")[0]
    assert said.code == 0
    assert f"remind completion {shell}" in comment
    assert all(line.startswith("#") for line in comment.splitlines())


def in_bash(typed: str, home: Path) -> list[str]:
    """The words that bash would insert after `typed`, with the printed script and the real program."""
    lines = [
        'eval "$(remind completion bash)"',
        "COMP_LINE=$1 COMP_POINT=${#1}",
        "_remind_completion remind",
        'printf "%s\\n" "${COMPREPLY[@]}"',
    ]
    environ = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", "\n".join(lines), "bash", typed],
        env=environ,
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split("\n")[:-1]


@pytest.mark.posix
def test_bash_inserts_what_is_offered(home: Path) -> None:
    """After a colon or an equals sign bash replaces only the rest of the word; a name with a space is quoted."""
    assert shutil.which("bash"), "install bash"
    (home / "config" / "remind" / "routines").mkdir(parents=True)
    (home / "config" / "remind" / "routines" / "my own.toml").write_text('title = "My own"\n')
    assert in_bash("remind st", home) == ["stretch", "status", "stats"]
    assert in_bash("remind diary --kind=cr", home) == ["cramp"]
    assert in_bash("remind config set day.bedtime 22:", home) == ["30"]
    assert in_bash("remind stretch my", home) == [r"my\ own"]
