"""Opens an address in the person's own browser, in a window without bars where the browser can do that."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from remind.desktop.environ import session_environ
from remind.desktop.terminal_window import open_terminal, start
from remind.errors import RemindError

_APP_WINDOW = ("chromium", "chrome", "brave", "vivaldi", "microsoft-edge", "opera")
_NEW_WINDOW = ("firefox", "librewolf", "waterfox", "epiphany")
_PLACEHOLDER = re.compile(r"%[a-zA-Z]|@@[a-z]?")
_PYTHONS_OWN = "import sys, webbrowser; sys.exit(not webbrowser.open_new(sys.argv[1]))"
_ASK_S = 3.0


def has_display(environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether a window can be seen where `environ` comes from."""
    return sys.platform in ("darwin", "win32") or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def open_session() -> None:
    """Open the guided session on its page, or in a terminal window where there is no display for a browser.

    Raises:
        RemindError: no window can be opened.
    """
    environ, python = session_environ(), [sys.executable, "-P", "-m"]
    # The command opens a terminal window by itself if no browser connects.
    if not has_display(environ) or start([*python, "remind", "open", "stretch", "--wait"], environ):
        open_terminal([*python, "remind.desktop.hold_window", "stretch"], environ)


def open_form(entry_id: str) -> None:
    """Open the page with the form that corrects an entry of the diary.

    Raises:
        RemindError: there is no display, or the page's process could not be started.
    """
    environ, why = session_environ(), "there is no display"
    if has_display(environ):
        words = ["remind", "open", "diary", entry_id, "--wait"]
        why = start([sys.executable, "-P", "-m", *words], environ) or ""
    if why:
        raise RemindError(why)


def open_address(address: str, environ: Mapping[str, str] = os.environ) -> None:
    """Open `address` in a window that outlives this process. Only the page itself can tell that it was opened.

    Raises:
        RemindError: no browser was found, or none that was found could be started.
    """
    failures = []
    for command in _commands(address, environ):
        program = shutil.which(command[0], path=environ.get("PATH"))
        if program is None:
            continue
        failure = start([program, *command[1:]], environ)
        if failure is None:
            return
        failures.append(f"{Path(program).name} {failure}")
    raise RemindError(f"no browser can be opened ({'; '.join(failures) or 'no browser was found'})")


def _commands(address: str, environ: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield the ways to open `address`, the best first."""
    if chosen := environ.get("BROWSER", "").partition(os.pathsep)[0]:
        yield _with_address(_words(chosen), address)
    if sys.platform == "darwin":
        yield ["open", address]
    if (entry := _default_entry(environ)) is not None:
        yield _with_address(_program(entry), address)
    yield ["xdg-open", address]
    yield [sys.executable, "-c", _PYTHONS_OWN, address]


def _with_address(program: list[str], address: str) -> list[str]:
    """Return the command that shows `address` in the nicest way that `program` knows."""
    if any("%s" in word for word in program):
        return [word.replace("%s", address) for word in program]
    # A sandboxed browser is named by what is run in the sandbox, as in `flatpak run … org.mozilla.firefox`.
    named = " ".join(program).lower()
    if any(name in named for name in _APP_WINDOW):
        return [*program, f"--app={address}"]
    if any(name in named for name in _NEW_WINDOW):
        return [*program, "--new-window", address]
    return [*program, address]


def _default_entry(environ: Mapping[str, str]) -> Path | None:
    """Return the desktop entry of the default browser, where the desktop tells."""
    asker = shutil.which("xdg-mime", path=environ.get("PATH"))
    if asker is None:
        return None
    try:
        done = subprocess.run(
            [asker, "query", "default", "x-scheme-handler/http"],
            env=dict(environ), capture_output=True, text=True, timeout=_ASK_S, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    name = done.stdout.strip()
    data = environ.get("XDG_DATA_HOME") or str(Path(environ.get("HOME", "/")) / ".local/share")
    shared = environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    places = (Path(folder) / "applications" / name for folder in (data, *shared.split(":")))
    return next((place for place in places if name and place.is_file()), None)


def _program(entry: Path) -> list[str]:
    """Return the program and options that the desktop entry starts, without its placeholders for files."""
    for line in entry.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("Exec="):  # the first one belongs to the entry itself, later ones to its actions
            words = _words(line.removeprefix("Exec="))
            return [word for word in words if not _PLACEHOLDER.fullmatch(word)]
    return []


def _words(command: str) -> list[str]:
    """Return the words of `command`; none if a quote in it never ends."""
    try:
        return shlex.split(command)
    except ValueError:
        return []
