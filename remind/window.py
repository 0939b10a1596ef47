"""Opens a terminal window that runs a command, by each desktop's own convention."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from remind.errors import RemindError

_BY_DESKTOP = {
    "GNOME": ("ptyxis", "kgx", "gnome-terminal"),
    "KDE": ("konsole",),
    "XFCE": ("xfce4-terminal",),
    "MATE": ("mate-terminal",),
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
_START_S = 10.0


def open_terminal(command: Sequence[str], environ: Mapping[str, str] = os.environ) -> None:
    """Run `command` in a new terminal window that outlives this process and does not count to its limits.

    Raises:
        RemindError: no terminal emulator was found, or it could not be started.
    """
    for emulator in _candidates(environ):
        if shutil.which(emulator, path=environ.get("PATH")):
            _start([emulator, *_BEFORE_COMMAND.get(Path(emulator).name, ("-e",)), *command], environ)
            return
    raise RemindError(f"no terminal window can be opened; type `{' '.join(command)}` in one")


def _candidates(environ: Mapping[str, str]) -> list[str]:
    chosen = environ.get("TERMINAL", "")
    desktops = environ.get("XDG_CURRENT_DESKTOP", "").split(":")
    of_desktop = [name for desktop in desktops for name in _BY_DESKTOP.get(desktop, ())]
    return [*([chosen] if chosen else []), "xdg-terminal-exec", *of_desktop, *_ANY]


def _start(arguments: list[str], environ: Mapping[str, str]) -> None:
    in_service = "INVOCATION_ID" in environ and shutil.which("systemd-run", path=environ.get("PATH"))
    if in_service:
        # Out of the service's control group: stopping the service must not end the session.
        arguments = ["systemd-run", "--user", "--collect", "--quiet", "--", *arguments]
    try:
        process = subprocess.Popen(
            arguments,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        if in_service and process.wait(_START_S) != 0:
            raise RemindError("systemd-run could not open a terminal window; run `remind stretch` in one")
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RemindError(f"no terminal window could be opened: {error}") from error
