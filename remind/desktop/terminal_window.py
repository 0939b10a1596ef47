"""Opens a terminal window that runs a command, by each desktop's own convention."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from remind.desktop.session import session_environ
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
_BEFORE_COMMAND: dict[str, tuple[str, ...]] = {
    "xdg-terminal-exec": (),
    "gnome-terminal": ("--",),
    "kgx": ("--",),
    "ptyxis": ("--",),
    "foot": (),
    "kitty": (),
    "wezterm": ("start", "--"),
    "xfce4-terminal": ("-x",),
    "mate-terminal": ("-x",),
}
_OF_ANY_TERMINAL = ("-e",)
_WITHIN_S = 1.0
"""An emulator that cannot show a window, as one without a display, ends within this."""
_MOST_START_S = 10.0


def open_session() -> None:
    """Open the guided session in a window of its own, which stays until it was read.

    Raises:
        RemindError: no window can be opened.
    """
    open_terminal([sys.executable, "-P", "-m", "remind.desktop.hold_window", "stretch"], session_environ())


def open_terminal(command: Sequence[str], environ: Mapping[str, str] = os.environ) -> None:
    """Run `command` in a new terminal window that outlives this process and does not count to its limits.

    Raises:
        RemindError: no terminal emulator was found, or none that was found could be started.
    """
    failures = []
    for emulator in _candidates(environ):
        path = shutil.which(emulator, path=environ.get("PATH"))
        if path is None:
            continue
        failure = _start([path, *_BEFORE_COMMAND.get(Path(emulator).name, _OF_ANY_TERMINAL), *command], environ)
        if failure is None:
            return
        failures.append(f"{emulator} {failure}")
    raise RemindError(f"no terminal window can be opened ({'; '.join(failures) or 'no terminal emulator was found'})")


def _candidates(environ: Mapping[str, str]) -> list[str]:
    chosen = environ.get("TERMINAL", "")
    desktops = environ.get("XDG_CURRENT_DESKTOP", "").split(":")
    of_desktop = [name for desktop in desktops for name in _BY_DESKTOP.get(desktop, ())]
    return list(dict.fromkeys([*([chosen] if chosen else []), "xdg-terminal-exec", *of_desktop, *_ANY]))


def _start(arguments: list[str], environ: Mapping[str, str]) -> str | None:
    """Start the emulator; why that failed, as far as it can be known, or None."""
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
    waiting = threading.Thread(target=process.wait, daemon=True)  # to its end, so that no zombie is left behind
    waiting.start()
    waiting.join(_MOST_START_S if in_service else _WITHIN_S)
    if waiting.is_alive():
        return "could not be started: systemd-run does not end" if in_service else None
    return f"ended at once, with exit code {process.returncode}" if process.returncode else None


def _out_of_the_service(systemd_run: str, environ: Mapping[str, str]) -> list[str]:
    """Stopping the service must not end the session, nor the sandbox of the one hold for the other.

    What the user manager starts has its environment, which may lack what this installation and its desktop need.
    """
    told = [f"--setenv={name}={value}" for name, value in environ.items() if _counts(name)]
    return [systemd_run, "--user", "--collect", "--quiet", "--property=Type=exec", *told, "--"]


def _counts(name: str) -> bool:
    return name in ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "PYTHONPATH", "LANG", "TZ") or name.startswith("XDG_")
