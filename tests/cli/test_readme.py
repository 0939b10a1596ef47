"""The README: every command in it works."""

import re
import shlex
from pathlib import Path

import pytest
from cli_runner import Person

import remind

ROOT = Path(remind.__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CODE = re.compile(r"```console\n(.+?)```|`([^`\n]+)`", re.DOTALL)
LINES = [line for block, span in CODE.findall(README) for line in (block or span).splitlines()]
COMMANDS = [shlex.split(line, comments=True)[1:] for line in LINES if line.startswith("remind ")]
STAYING = ("open", "stretch", "cramp", "run", "service", "setup", "config edit", "notify", "phone setup")
"""Commands that wait for a person or start something that stays: that they take their words is shown by their help."""


def test_every_command_works(person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Typed in the order in which the README has them, one a day, from a folder with a routine, none fails."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-routine.toml").write_bytes((ROOT / "config" / "routines" / "towel.toml").read_bytes())
    assert len(COMMANDS) > 25
    for words in COMMANDS:
        said = person.later(days=1).types(*words, *(["--help"] if " ".join(words).startswith(STAYING) else []))
        # What is at fault on the machine of the tests is no fault of the README.
        assert said.code == 0 or words == ["doctor"], (words, said)


def test_every_linked_file_exists() -> None:
    """Pictures, settings, routines and the other documents are where the README says."""
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", README) if not target.startswith("https://")]
    assert len(targets) > 4
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_one_command_runs_the_tests() -> None:
    """`.ci/run` looks for exactly one, on a line of its own."""
    found = re.findall(r"^<!-- test command -->\n```\w*\n(.+)\n```$", README, re.MULTILINE)
    assert len(found) == README.count("<!-- test command -->") == 1
    assert found[0] in (ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")
