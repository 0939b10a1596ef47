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


def test_the_unit_has_what_the_service_relies_on() -> None:
    """Readiness, watchdog, restart and target are as the service expects."""
    found = directives(unit())
    assert found["Type"] == "notify"
    assert found["WatchdogSec"] == "300"
    assert found["Restart"] == "on-failure"
    assert found["RestartPreventExitStatus"] == f"{ExitCode.ALREADY_RUNNING:d}"
    assert found["WantedBy"] == "default.target"
    assert found["ExecStart"] == '/usr/bin/env "/home/ada/remind/bin/python" -P -m remind.service'
    assert found["Environment"] == ""


def test_odd_paths_are_quoted_as_systemd_reads_them() -> None:
    """Spaces, percent and dollar signs, quotes and backslashes in a path keep their meaning."""
    found = directives(unit(ODD))
    assert found["ExecStart"] == (
        r'/usr/bin/env "/home/ada/my $$HOME 100%%/it' + r"'s \"here\"/a\\b/bin/python" + '" -P -m remind.service'
    )
    assert found["Environment"] == (r'"XDG_CONFIG_HOME=/home/ada/my settings/50%%" "XDG_DATA_HOME=/data/\"$x\""')


def test_a_path_that_is_not_utf8_is_refused() -> None:
    """systemd accepts no such path, so the person is told before anything is written."""
    with pytest.raises(RemindError, match="UTF-8"):
        unit(Installation(os.fsdecode(b"/home/\xff/python"), {}))


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_a_quoted_word_never_ends_its_line_or_its_quotes(word: str) -> None:
    """No path adds a line or a word to the unit."""
    quoted = quote(word)
    inside = quoted[1:-1].replace("\\\\", "").replace('\\"', "")
    assert '"' not in inside
    assert not any(character < " " or character == "\x7f" for character in quoted)


def test_any_edit_is_noticed() -> None:
    """A unit counts as written by remind only while no character was changed, removed or added."""
    text = unit()
    assert is_as_written(text)
    for edited in (text + "#", text.replace("300", "30"), text.rpartition("#")[0], "", text.rstrip("\n")):
        assert not is_as_written(edited)


@pytest.mark.parametrize("installation", [PLAIN, ODD], ids=["plain", "odd"])
def test_systemd_finds_no_fault_in_the_unit(tmp_path: Path, installation: Installation) -> None:
    """systemd-analyze accepts every line of the unit, whatever the path of the interpreter."""
    path = tmp_path / "remind.service"
    path.write_text(unit(installation))
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "SYSTEMD_LOG_LEVEL": "notice"}
    result = subprocess.run(
        ["systemd-analyze", "--user", "--man=no", "verify", str(path)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (result.returncode, result.stderr) == (0, "")
