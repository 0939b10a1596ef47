"""The command line as a whole: unknown commands, the shell's completion, help."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_runner import Person


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("snoze",), "'remind snoze' is not a command; did you mean 'snooze'?; see `remind --help`"),
        (("log", "nome"), "'remind log nome' is not a command; did you mean 'none'?; see `remind log --help`"),
        (("log", "x"), "'remind log x' is not a command; known here: cramp, none, stretch; see `remind log --help`"),
        (("diary", "delete", "x"), "'remind diary delete' is not a command; known here: edit, remove"),
        (("config", "sett"), "'remind config sett' is not a command; did you mean 'set'?"),
        (("service", "foo"), "'remind service foo' is not a command; known here: install"),
    ],
)
def test_an_unknown_command_is_told_with_the_nearest(person: Person, words: tuple[str, ...], said: str) -> None:
    """In every group, in one line, with exit code 2."""
    answer = person.types(*words)
    assert (answer.code, answer.err.count("\n")) == (2, 1)
    assert said in answer.err


def completed(folder: Path, typed: str) -> list[str]:
    """What bash offers after `typed`."""
    environment = {**os.environ, "HOME": str(folder), "_REMIND_COMPLETE": "bash_complete"}
    environment |= {"COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split(" ")) - 1)}
    script = "import sys; sys.argv = ['remind']; from remind.cli.main import main; main()"
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


def test_the_shell_completes_commands(tmp_path: Path) -> None:
    """Below a group too; after an unknown command no error gets into what is typed."""
    assert completed(tmp_path, "remind st") == ["stretch", "status", "stats"]
    assert completed(tmp_path, "remind log n") == ["none"]
    assert "log" in completed(tmp_path, "remind foo ")
    assert "none" in completed(tmp_path, "remind log foo ")


@pytest.mark.parametrize("words", [["--help"], []])
def test_help_imports_no_command(words: list[str]) -> None:
    """The list of commands stands in one table, so that it comes at once."""
    script = (
        "import sys\nfrom remind.cli import main\n"
        f"sys.argv = ['remind', *{words}]\nmain.invoke()\n"
        "sys.exit('|'.join(name for name in sys.modules if name.startswith('remind.')))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert sorted(done.stderr.splitlines()[-1].split("|")) == [
        "remind.cli", "remind.cli.group", "remind.cli.main", "remind.errors",
    ]  # fmt: skip
