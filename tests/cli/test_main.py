"""The command line as a whole: unknown commands, the shell's completion, help."""

import errno
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from cli_runner import Person

from remind import __version__
from remind.cli import main


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("snoze",), "'remind snoze' is not a command. Did you mean 'snooze'? See `remind --help`.\n"),
        (("log", "cramps"), "'remind log cramps' is not a command. Did you mean 'cramp'? See `remind log --help`.\n"),
        (("log", "x"), "'remind log x' is not a command. See `remind log --help`.\n"),
        (("diary", "delete", "x"), "'remind diary delete' is not a command. See `remind diary --help`.\n"),
        (("config", "sett"), "'remind config sett' is not a command. Did you mean 'set'? See `remind config"),
        (("service", "foo"), "'remind service foo' is not a command. See `remind service --help`.\n"),
    ],
)
def test_an_unknown_command_is_reported_with_the_nearest(person: Person, words: tuple[str, ...], said: str) -> None:
    """In every group, in one line, with exit code 2."""
    answer = person.types(*words)
    assert (answer.code, answer.err.count("\n")) == (2, 1)
    assert said in answer.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("undo",), "there is nothing to undo."),
        (("pause",), 'say how long to pause. Write "2h", "until 14:00" or "until morning".'),
        (("export",), "missing argument 'FILE'. See `remind export --help`."),
        (("stats", "--week", "0"), "no such option '--week'. Did you mean '--weeks'? See `remind stats --help`."),
        (("drink", "-3l"), "an amount, a time or a number is never negative. See `remind drink --help`."),
        (
            ("stats", "--weeks", "0"),
            "invalid value for '--weeks': 0 is not in the range 1 to 520. See `remind stats --help`.",
        ),
        (("drink", "8"), '\'8\' needs a unit. Write it as "250 ml", "8 oz" or "1.5 L".'),
    ],
)
def test_every_error_begins_and_ends_alike(person: Person, words: tuple[str, ...], said: str) -> None:
    """With the program's name, what is wrong, and then what to do, whoever found it."""
    assert person.types(*words).err == f"remind: {said}\n"


@pytest.mark.parametrize("words", [("log",), ("config",)])
def test_without_a_command_the_help_can_be_paged(person: Person, words: tuple[str, ...]) -> None:
    """It is on standard output, though the exit code is that of wrong usage."""
    said = person.types(*words)
    assert (said.code, said.err) == (2, "")
    assert said.out.startswith("Usage: remind")


def every_command(group: click.Group, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command below `group` with the words that call it."""
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from every_command(command, *path, name)


COMMANDS = dict(every_command(main.remind))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_the_help_of_each_command_explains_its_arguments_and_has_an_example(
    person: Person, path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal of 80 columns, with a verb first; the example is one of this very command, and can be parsed."""
    monkeypatch.setenv("COLUMNS", "80")
    said = person.types(*path, "--help")
    assert (said.code, said.err) == (0, "")
    assert max(map(len, said.out.splitlines())) <= 80
    usage, body = said.out.split("\n\n", 1)
    named = re.findall(r"\b[A-Z]{2,}\b", re.sub(r"OPTIONS|COMMAND|ARGS", "", usage))
    assert [word for word in named if word not in body] == []
    example = " ".join(re.search(r"Example: (remind [^`]+?)\n\n", body)[1].split())  # type: ignore[index]
    words = shlex.split(example)[1:]
    called = max((tuple(words[:size]) for size in (1, 2) if tuple(words[:size]) in COMMANDS), key=len)
    assert called[: len(path)] == path
    COMMANDS[called].make_context("", words[len(called) :])


def test_the_list_of_commands_fits_and_agrees_with_each_help(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """In sections, a line for each."""
    monkeypatch.setenv("COLUMNS", "80")
    lines = person.types("--help").out.splitlines()
    assert [line for line in lines if line.endswith(":")] == ["Options:", *(f"{name}:" for name in main.SECTIONS)]
    widest = max(map(len, main.COMMANDS))
    for name, (_, words) in main.COMMANDS.items():
        assert f"  {name:<{widest}}  {words}" in lines
    for option in ("-V", "--version"):
        assert person.types(option).out == f"remind, version {__version__}\n"


def test_help_imports_no_command() -> None:
    """The list of commands is one table, so that it appears at once."""
    script = (
        "import sys\nfrom remind.cli import main\n"
        "sys.argv = ['remind', '--help']\nmain.invoke()\n"
        "sys.exit('|'.join(name for name in sys.modules if name.startswith('remind.')))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert sorted(done.stderr.splitlines()[-1].split("|")) == [
        "remind.cli", "remind.cli.group", "remind.cli.main", "remind.errors",
    ]  # fmt: skip


@pytest.mark.posix
def test_an_error_that_nobody_can_read_still_ends_the_process(tmp_path: Path) -> None:
    """The terminal has gone while a thread still waits for its keys, as when the window of a session is closed."""
    import pty  # there is none on Windows

    ours, theirs = pty.openpty()
    os.close(ours)
    reading = "import threading; threading.Thread(target=threading.Event().wait).start(); "
    command = [sys.executable, "-c", f"{reading}from remind.cli.main import main; main()", "snoze"]
    environ = {**os.environ, "HOME": str(tmp_path)}
    done = subprocess.run(command, env=environ, stdout=theirs, stderr=theirs, timeout=60, check=False)
    os.close(theirs)
    assert done.returncode == 1


def test_a_fault_of_the_system_names_its_file(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Why alone, such as "Permission denied", would leave a person to guess where."""

    def refused() -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "/srv/ada/python")

    monkeypatch.setattr("remind.cli.service.service_manager", refused)
    answer = person.types("service", "status")
    assert (answer.code, answer.err) == (1, "remind: /srv/ada/python: Permission denied.\n")
