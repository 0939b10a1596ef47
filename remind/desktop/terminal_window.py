"""Opens a terminal window that runs a command. The code for Windows and macOS was never run there."""

import os
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from remind.desktop.applescript import quoted
from remind.desktop.command import CommandError, run
from remind.errors import RemindError

_BY_DESKTOP = {
    "GNOME": ("ptyxis", "kgx", "gnome-terminal"),
    "KDE": ("konsole",),
    "XFCE": ("xfce4-terminal",),
    "MATE": ("mate-terminal",),
    "X-Cinnamon": ("gnome-terminal",),
    "LXQt": ("qterminal",),
    "LXDE": ("lxterminal",),
    "sway": ("foot",),
}
_ANY = ("x-terminal-emulator", "foot", "alacritty", "kitty", "wezterm", "xterm")
_XTERM = "-fa Monospace -fs 16 -geometry 80x24 -e"  # its own bitmap font may lack the blocks of the digits
_BEFORE_COMMAND = {
    "xdg-terminal-exec": "",
    "gnome-terminal": "--geometry=80x24 --zoom=1.4 --",
    "kgx": "--",
    "ptyxis": "--",
    "konsole": "-p Font=Monospace,16 -p TerminalColumns=80 -p TerminalRows=24 -e",
    "xfce4-terminal": "--geometry=80x24 --font='Monospace 16' -x",
    "mate-terminal": "--geometry=80x24 --zoom=1.4 -x",
    "lxterminal": "--geometry=80x24 -e",
    "foot": "--font=monospace:size=16 --window-size-chars=80x24",
    "kitty": "-o font_size=16 -o remember_window_size=no -o initial_window_width=80c -o initial_window_height=24c",
    "alacritty": "-o font.size=16 -o window.dimensions.columns=80 -o window.dimensions.lines=24 -e",
    "wezterm": "--config font_size=16 --config initial_cols=80 --config initial_rows=24 start --",
    **dict.fromkeys(("xterm", "uxterm", "lxterm"), _XTERM),
}
"""What each emulator takes before the command; if it can be chosen, a font that can be read from two metres away."""
_OF_ANY_TERMINAL = "-e"
_WITHIN_S = 1.0
"""An emulator that cannot show a window, for example without a display, ends within this."""
_MOST_START_S = 10.0
_MOST_ASKED_S = 30.0
"""macOS asks the person once whether this program may use Terminal."""


def open_terminal(command: Sequence[str], environ: Mapping[str, str] = os.environ) -> None:
    """Run `command` in a new terminal window that outlives this process and is not bound by its limits.

    Raise RemindError if no terminal emulator was found, or none that was found could be started.
    """
    try:
        if sys.platform == "win32":
            _open_console(command)
        elif sys.platform == "darwin":
            _open_terminal_app(command, environ)
        else:
            _open_emulator(command, environ)
    except RemindError as error:
        raise RemindError(f"no terminal window can be opened ({error})") from error


def _open_console(command: Sequence[str]) -> None:
    # A service runs under pythonw.exe, which gives the programs that it starts no console.
    python = Path(command[0]).with_name("python.exe")
    new_console = getattr(subprocess, "CREATE_NEW_CONSOLE", 0x10)
    try:
        subprocess.Popen([str(python), *command[1:]], creationflags=new_console)
    except OSError as error:
        raise RemindError(f"{python}: {error.strerror}") from error


def _open_terminal_app(command: Sequence[str], environ: Mapping[str, str]) -> None:
    script = f'tell application "Terminal"\nactivate\ndo script {quoted(shlex.join(["exec", *command]))}\nend tell'
    try:
        run(["osascript", "-e", script], environ, _MOST_ASKED_S)
    except CommandError as error:
        raise RemindError(f"Terminal: {error}") from error


def _open_emulator(command: Sequence[str], environ: Mapping[str, str]) -> None:
    failures = []
    for emulator in _candidates(environ):
        path = shutil.which(emulator, path=environ.get("PATH"))
        if path is None:
            continue
        # Debian's x-terminal-emulator is a link to the real one, or to a wrapper that does not know all options.
        real = Path(path).resolve().name.removesuffix(".wrapper")
        if emulator not in _BEFORE_COMMAND and real in _BEFORE_COMMAND:
            path = shutil.which(real, path=environ.get("PATH")) or path
        options = _BEFORE_COMMAND.get(Path(path).name, _OF_ANY_TERMINAL)
        failure = start([path, *shlex.split(options), *command], environ)
        if failure is None:
            return
        failures.append(f"{emulator} {failure}")
    raise RemindError("; ".join(failures) or "no terminal emulator was found")


def _candidates(environ: Mapping[str, str]) -> list[str]:
    chosen = environ.get("TERMINAL", "")
    desktops = environ.get("XDG_CURRENT_DESKTOP", "").split(":")
    of_desktop = [name for desktop in desktops for name in _BY_DESKTOP.get(desktop, ())]
    return list(dict.fromkeys([*([chosen] if chosen else []), "xdg-terminal-exec", *of_desktop, *_ANY]))


def start(arguments: list[str], environ: Mapping[str, str]) -> str | None:
    """Start a program that outlives this process. Return why that failed, if that can be known, or None."""
    in_service = "INVOCATION_ID" in environ and shutil.which("systemd-run", path=environ.get("PATH"))
    if in_service:
        arguments = [*_out_of_the_service(in_service, environ), *arguments]
    try:
        process = subprocess.Popen(
            arguments,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        return f"could not be started: {error.strerror}"
    waiting = threading.Thread(target=process.wait, daemon=True)  # to the end, so that no zombie stays behind
    waiting.start()
    waiting.join(_MOST_START_S if in_service else _WITHIN_S)
    if waiting.is_alive():
        return "could not be started: systemd-run does not end" if in_service else None
    return f"ended at once, with exit code {process.returncode}" if process.returncode else None


def _out_of_the_service(systemd_run: str, environ: Mapping[str, str]) -> list[str]:
    """Return how to start a program that neither the stop nor the sandbox of the service affects.

    The user manager's own environment may lack what this installation and its desktop need.
    """
    needed = [
        f"--setenv={name}={value}"
        for name, value in environ.items()
        if name in ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "PYTHONPATH", "LANG", "TZ") or name.startswith("XDG_")
    ]
    return [systemd_run, "--user", "--collect", "--quiet", "--property=Type=exec", *needed, "--"]
