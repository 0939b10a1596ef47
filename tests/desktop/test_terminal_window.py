"""A terminal window for the session: which emulator opens it, how, and what is told where none can."""

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from virtual_desktop import eventually

from remind.desktop.terminal_window import open_terminal
from remind.errors import RemindError

COMMAND = ("python", "-m", "remind.desktop.hold_window", "stretch", "two words", "$HOME")

_PROGRAM = """#!{python} -I
import json, os, sys, time
with open({told!r} + ".new", "w") as file:
    json.dump({{"arguments": sys.argv, "environ": dict(os.environ), "session": os.getsid(0) == os.getpid()}}, file)
os.rename({told!r} + ".new", {told!r})
time.sleep({seconds})
sys.exit({code})
"""


class Programs:
    """A folder of programs that tell how they were started, and then run on or end."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder, self._told = folder, folder / "told.json"

    def add(self, name: str, seconds: float = 0, code: int = 0) -> None:
        program = self.folder / name
        text = _PROGRAM.format(python=sys.executable, told=str(self._told), seconds=seconds, code=code)
        program.write_text(text)
        program.chmod(0o755)

    def open(self, **environ: str) -> None:
        open_terminal(COMMAND, {"PATH": str(self.folder), **environ})

    def started(self) -> tuple[str, list[str], Mapping[str, str]]:
        """The name, arguments and environment of what was started last."""
        told = json.loads(eventually(self._told.exists) and self._told.read_text())
        assert told["session"], "it is not in a session of its own"
        program, *arguments = told["arguments"]
        return Path(program).name, arguments, told["environ"]


@pytest.fixture
def programs(tmp_path: Path) -> Programs:
    return Programs(tmp_path / "bin")


# From the manual page or `--help` of each; x-terminal-emulator: Debian policy 11.8.3.
@pytest.mark.parametrize(
    ("desktop", "line"),
    [
        ("ubuntu:GNOME", "ptyxis --"),
        ("GNOME", "kgx --"),
        ("GNOME", "gnome-terminal --"),
        ("X-Cinnamon", "gnome-terminal --"),
        ("KDE", "konsole -e"),
        ("XFCE", "xfce4-terminal -x"),
        ("MATE", "mate-terminal -x"),
        ("LXQt", "qterminal -e"),
        ("LXDE", "lxterminal -e"),
        ("sway", "foot"),
        ("", "xdg-terminal-exec"),
        ("", "x-terminal-emulator -e"),
        ("", "alacritty -e"),
        ("", "kitty"),
        ("", "wezterm start --"),
        ("", "xterm -e"),
    ],
)
def test_an_emulator_is_started_as_it_wants(programs: Programs, desktop: str, line: str) -> None:
    """Each desktop's own emulator, and where none is known any other, gets the command word by word."""
    name, *options = line.split()
    programs.add(name)
    programs.open(XDG_CURRENT_DESKTOP=desktop)
    assert programs.started()[:2] == (name, [*options, *COMMAND])


def test_what_the_person_chose_comes_first(programs: Programs) -> None:
    """$TERMINAL, then the desktop-neutral launcher, then the desktop's own, then what else there is."""
    order = ["xterm", "konsole", "xdg-terminal-exec", "alacritty"]
    for name in order:
        programs.add(name)
        chosen = {"TERMINAL": "alacritty"} if name == "alacritty" else {}
        programs.open(XDG_CURRENT_DESKTOP="KDE", **chosen)
        assert programs.started()[0] == name


def test_a_chosen_path_is_taken(programs: Programs) -> None:
    """$TERMINAL may be the path of a program."""
    programs.add("kitty")
    open_terminal(COMMAND, {"TERMINAL": str(programs.folder / "kitty")})
    assert programs.started()[:2] == ("kitty", [*COMMAND])


def test_a_window_that_stays_is_not_waited_for(programs: Programs) -> None:
    """An emulator that runs as long as its window keeps nobody waiting."""
    programs.add("xterm", seconds=60)
    began = time.monotonic()
    programs.open()
    assert time.monotonic() - began < 30


def test_one_that_ends_at_once_is_passed_over(programs: Programs) -> None:
    """What fails as it starts, as without a display, gives way to the next."""
    programs.add("konsole", code=3)
    programs.add("xterm")
    programs.open(XDG_CURRENT_DESKTOP="KDE")
    assert programs.started()[0] == "xterm"


def test_where_none_can_be_opened_each_reason_is_told(programs: Programs) -> None:
    """Without an emulator, or with none that starts, one line says so."""
    with pytest.raises(RemindError, match="no terminal emulator was found"):
        programs.open()
    programs.add("konsole", code=3)
    (programs.folder / "xterm").write_text("no program\n")
    (programs.folder / "xterm").chmod(0o755)
    with pytest.raises(
        RemindError, match="konsole ended at once, with exit code 3; xterm could not be started"
    ) as told:
        programs.open(XDG_CURRENT_DESKTOP="KDE")
    assert len(told.value.lines) == 1


def test_in_the_service_it_is_the_managers_child(programs: Programs) -> None:
    """Beside the service, not in its control group and limits, with the desktop and folders that this one has."""
    programs.add("systemd-run")
    programs.add("xterm")
    given = {"DISPLAY": ":7", "XDG_DATA_HOME": "/a b", "PYTHONPATH": "/source", "LANG": "de_AT.UTF-8"}
    kept_back = {"INVOCATION_ID": "1", "NOTIFY_SOCKET": "/run/notify", "REMIND_NTFY_TOKEN": "secret"}
    programs.open(**kept_back, **given)
    name, arguments, _ = programs.started()
    options, command = arguments[: arguments.index("--")], arguments[arguments.index("--") + 1 :]
    assert name == "systemd-run"
    assert options[:2] == ["--user", "--collect"]
    assert {f"--setenv={name}={value}" for name, value in given.items()} <= set(options)
    assert not any("secret" in option or "NOTIFY" in option for option in options)
    assert command == [str(programs.folder / "xterm"), "-e", *COMMAND]


def test_a_manager_that_refuses_is_told(programs: Programs) -> None:
    """Where systemd-run fails, nothing is taken for opened."""
    programs.add("systemd-run", code=1)
    programs.add("xterm")
    with pytest.raises(RemindError, match="xterm ended at once, with exit code 1"):
        programs.open(INVOCATION_ID="1")
