"""The text of the unit, as systemd itself reads it."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remind.errors import ExitCode, RemindError
from remind.files import shipped
from remind.login.installation import Installation
from remind.login.unit import is_as_written, quote, render

PLAIN = Installation("/home/ada/remind/bin/python", {})
ODD = Installation(
    '/home/ada/my $HOME 100%/it\'s "here"/a\\b/bin/python',
    {"XDG_CONFIG_HOME": "/home/ada/my settings/50%", "XDG_DATA_HOME": '/data/"$x"'},
)


def unit(installation: Installation = PLAIN) -> str:
    return render((shipped() / "login" / "remind.service").read_text(encoding="utf-8"), installation)


def directives(text: str) -> dict[str, str]:
    lines = [line for line in text.splitlines() if "=" in line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_the_unit_is_started_by_systemd_as_the_design_says() -> None:
    """Readiness, watchdog, restart and the target are those that the service counts on."""
    found = directives(unit())
    assert found["Type"] == "notify"
    assert found["WatchdogSec"] == "300"
    assert found["Restart"] == "on-failure"
    assert found["RestartPreventExitStatus"] == f"{ExitCode.ALREADY_RUNNING:d}"
    assert found["WantedBy"] == "default.target"
    assert found["ExecStart"] == '/usr/bin/env "/home/ada/remind/bin/python" -P -m remind.service'
    assert found["Environment"] == ""


def test_odd_paths_are_quoted_as_systemd_reads_them() -> None:
    """Spaces, percent, dollar, quotes and backslashes in a path stay what they are."""
    found = directives(unit(ODD))
    assert found["ExecStart"] == (
        r'/usr/bin/env "/home/ada/my $$HOME 100%%/it' + r"'s \"here\"/a\\b/bin/python" + '" -P -m remind.service'
    )
    assert found["Environment"] == (r'"XDG_CONFIG_HOME=/home/ada/my settings/50%%" "XDG_DATA_HOME=/data/\"$x\""')


def test_a_path_that_is_not_utf8_is_refused_in_words() -> None:
    """systemd takes no such path, and the person hears it before anything is written."""
    with pytest.raises(RemindError, match="UTF-8"):
        unit(Installation(os.fsdecode(b"/home/\xff/python"), {}))


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_a_quoted_word_never_ends_its_line_or_its_quotes(word: str) -> None:
    """Whatever a path holds, it adds no line and no word to the unit."""
    quoted = quote(word)
    inside = quoted[1:-1].replace("\\\\", "").replace('\\"', "")
    assert '"' not in inside
    assert not any(character < " " or character == "\x7f" for character in quoted)


def test_an_edit_of_any_kind_shows() -> None:
    """A unit counts as written by remind only while no character of it was changed, taken or added."""
    text = unit()
    assert is_as_written(text)
    for edited in (text + "#", text.replace("300", "30"), text.rpartition("#")[0], "", text.rstrip("\n")):
        assert not is_as_written(edited)


@pytest.mark.parametrize("installation", [PLAIN, ODD], ids=["plain", "odd"])
def test_systemd_finds_no_fault_in_the_unit(tmp_path: Path, installation: Installation) -> None:
    """systemd-analyze takes every line of the unit without a word, whatever the path of the interpreter."""
    path = tmp_path / "remind.service"
    path.write_text(unit(installation))
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "SYSTEMD_LOG_LEVEL": "notice"}
    result = subprocess.run(
        ["systemd-analyze", "--user", "--man=no", "verify", str(path)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (result.returncode, result.stderr) == (0, "")
