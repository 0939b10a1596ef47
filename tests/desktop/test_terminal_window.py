"""A terminal window for the session: which emulator opens it, how, and the error if none can."""

import json
import shlex
import subprocess
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
    """A folder of programs that record how they were started, and then run on or end."""

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
        """Return the name, arguments and environment of the program that was started last."""
        told = json.loads(eventually(self._told.exists) and self._told.read_text(encoding="utf-8"))
        assert told["session"], "it is not in a session of its own"
        program, *arguments = told["arguments"]
        return Path(program).name, arguments, told["environ"]


@pytest.fixture
def programs(tmp_path: Path) -> Programs:
    return Programs(tmp_path / "bin")


KITTY = "-o font_size=16 -o remember_window_size=no -o initial_window_width=80c -o initial_window_height=24c"
ALACRITTY = "-o font.size=16 -o window.dimensions.columns=80 -o window.dimensions.lines=24 -e"
WEZTERM = "--config font_size=16 --config initial_cols=80 --config initial_rows=24 start --"
KONSOLE = "-p Font=Monospace,16 -p TerminalColumns=80 -p TerminalRows=24 -e"
XTERM = "-fa Monospace -fs 16 -geometry 80x24 -e"


# From the manual page or `--help` of each; x-terminal-emulator: Debian policy 11.8.3.
@pytest.mark.parametrize(
    ("desktop", "line"),
    [
        ("ubuntu:GNOME", "ptyxis --"),
        ("GNOME", "kgx --"),
        ("GNOME", "gnome-terminal --geometry=80x24 --zoom=1.4 --"),
        ("X-Cinnamon", "gnome-terminal --geometry=80x24 --zoom=1.4 --"),
        ("KDE", f"konsole {KONSOLE}"),
        ("XFCE", "xfce4-terminal --geometry=80x24 '--font=Monospace 16' -x"),
        ("MATE", "mate-terminal --geometry=80x24 --zoom=1.4 -x"),
        ("LXQt", "qterminal -e"),
        ("LXDE", "lxterminal --geometry=80x24 -e"),
        ("sway", "foot --font=monospace:size=16 --window-size-chars=80x24"),
        ("", "xdg-terminal-exec"),
        ("", "x-terminal-emulator -e"),
        ("", f"alacritty {ALACRITTY}"),
        ("", f"kitty {KITTY}"),
        ("", f"wezterm {WEZTERM}"),
        ("", f"xterm {XTERM}"),
    ],
)
def test_an_emulator_is_started_as_it_wants(programs: Programs, desktop: str, line: str) -> None:
    """Each gets the command word by word, and a large font and a size if it takes them."""
    name, *options = shlex.split(line)
    programs.add(name)
    programs.open(XDG_CURRENT_DESKTOP=desktop)
    assert programs.started()[:2] == (name, [*options, *COMMAND])


@pytest.mark.parametrize(
    ("target", "line"),
    [
        ("xterm", f"xterm {XTERM}"),
        ("lxterminal.wrapper", "lxterminal --geometry=80x24 -e"),
        ("other", "x-terminal-emulator -e"),
    ],
)
def test_the_emulator_behind_a_link_is_started(programs: Programs, target: str, line: str) -> None:
    """Debian's x-terminal-emulator is a link to an emulator, or to a wrapper that does not know all options."""
    programs.add(target)
    programs.add(target.removesuffix(".wrapper"))
    (programs.folder / "x-terminal-emulator").symlink_to(target)
    programs.open()
    name, *options = line.split()
    assert programs.started()[:2] == (name, [*options, *COMMAND])


def test_windows_opens_a_console_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The python.exe beside pythonw.exe, under which a service runs, gets a new console; this was never run there."""
    started: list[tuple[list[str], int]] = []
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(subprocess, "Popen", lambda command, creationflags: started.append((command, creationflags)))
    open_terminal(["/venv/Scripts/pythonw.exe", *COMMAND[1:]])
    assert started == [(["/venv/Scripts/python.exe", *COMMAND[1:]], 0x10)]


def test_windows_says_where_there_is_no_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without python.exe there is an error of one line."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(subprocess, "CREATE_NEW_CONSOLE", 0, raising=False)
    with pytest.raises(RemindError, match="no terminal window can be opened") as told:
        open_terminal([str(tmp_path / "pythonw.exe"), *COMMAND[1:]])
    assert len(told.value.lines) == 1


def test_macos_opens_a_window_of_terminal(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Terminal gets the command as one shell line, quoted for AppleScript and the shell; this was never run there."""
    programs.add("osascript")
    monkeypatch.setattr(sys, "platform", "darwin")
    programs.open()
    _, (option, script), _ = programs.started()
    first, activate, do_script, last = script.splitlines()
    assert (option, first, activate, last) == ("-e", 'tell application "Terminal"', "activate", "end tell")
    literal = do_script.removeprefix("do script ")
    line = json.loads(literal)  # the escapes of AppleScript are among those of JSON
    assert shlex.split(line) == ["exec", *COMMAND]


def test_macos_says_what_osascript_said(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the person does not let remind use Terminal, the error says so."""
    programs.add("osascript", code=1)
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(RemindError, match=r"no terminal window can be opened \(Terminal: "):
        programs.open()


def test_what_the_person_chose_comes_first(programs: Programs) -> None:
    """$TERMINAL comes first, then the desktop-neutral launcher, then the desktop's own, then any other."""
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
    assert programs.started()[:2] == ("kitty", [*KITTY.split(), *COMMAND])


def test_a_window_that_stays_is_not_waited_for(programs: Programs) -> None:
    """Nobody waits for an emulator that runs as long as its window."""
    programs.add("xterm", seconds=60)
    began = time.monotonic()
    programs.open()
    assert time.monotonic() - began < 30


def test_one_that_ends_at_once_is_passed_over(programs: Programs) -> None:
    """If an emulator fails at its start, as without a display, the next one is used."""
    programs.add("konsole", code=3)
    programs.add("xterm")
    programs.open(XDG_CURRENT_DESKTOP="KDE")
    assert programs.started()[0] == "xterm"


def test_where_none_can_be_opened_each_reason_is_told(programs: Programs) -> None:
    """Without an emulator, or with none that starts, there is an error of one line."""
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
    """It runs outside the service's control group and limits, with the same desktop and folders."""
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
    assert command == [str(programs.folder / "xterm"), *XTERM.split(), *COMMAND]


def test_a_manager_that_refuses_is_told(programs: Programs) -> None:
    """If systemd-run fails, nothing counts as opened."""
    programs.add("systemd-run", code=1)
    programs.add("xterm")
    with pytest.raises(RemindError, match="xterm ended at once, with exit code 1"):
        programs.open(INVOCATION_ID="1")
