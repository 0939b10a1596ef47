"""Where the shipped and the person's own files are, and how to read and write them safely."""

import errno
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

from remind.errors import RemindError, SettingsError

ICON = "icons/remind.svg"
"""The place of the icon among the shipped files."""

_MOST_BYTES = 1 << 20
_PACKAGE = Path(__file__).parent
_WAITS_S = (0.04,) * 25 if sys.platform == "win32" else ()
"""The seconds before each new try. Only Windows refuses a file because another program has it open."""

_Result = TypeVar("_Result")


class Folders(NamedTuple):
    """The person's own folders, which may not exist yet. Not a Struct: completion in a shell needs no msgspec."""

    config: Path
    data: Path
    state: Path

    @property
    def settings(self) -> Path:
        return self.config / "settings.toml"

    @property
    def routines(self) -> Path:
        return self.config / "routines"

    @property
    def database(self) -> Path:
        return self.data / "remind.db"

    @property
    def lock(self) -> Path:
        # Not in the runtime folder: a shell over SSH may lack one, so a second service could start beside the first.
        return self.state / "remind.lock"

    @property
    def session_lock(self) -> Path:
        return self.state / "session.lock"

    @property
    def log(self) -> Path:
        return self.state / "remind.log"


def own_folders() -> Folders:
    """Return the folders of the person who runs this process, by each system's own convention."""
    import platformdirs

    dirs = platformdirs.PlatformDirs("remind", appauthor=False)
    return Folders(dirs.user_config_path, dirs.user_data_path, dirs.user_state_path)


@cache
def shipped() -> Path:
    """Return the folder of shipped settings, routines, poses and templates, in the wheel or the checkout."""
    inside = _PACKAGE / "_config"
    return inside if inside.is_dir() else _PACKAGE.parent / "config"


def topic(name: str) -> str:
    """Return the text of a topic of `remind help`, whose first line is its title."""
    return read_text(shipped() / "topics" / f"{name}.txt").strip()


def routine_files(own: Path) -> dict[str, Path]:
    """Return each routine's file by name, sorted; one in the folder `own` replaces a shipped one."""
    found = {path.stem: path for folder in (shipped() / "routines", own) for path in _toml_files(folder)}
    return dict(sorted(found.items()))


def _toml_files(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.suffix == ".toml" and not path.name.startswith(".")]
    except OSError:  # most people have no folder of their own
        return []


def read_text(path: Path) -> str:
    """Return the text of `path`.

    Raises:
        SettingsError: it is unreadable, not a plain file, over 1 MiB or not UTF-8, or `path` is not a file's name.
        FileNotFoundError: there is no file.
    """
    try:
        with patiently(lambda: open(path, "rb", opener=_without_waiting)) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise SettingsError(f"{path}: is not a plain file. Replace it by a text file, or remove it.")
            content = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        raise
    except IsADirectoryError as error:
        raise SettingsError(f"{path}: is a folder, where a file is needed") from error
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}. Fix or remove it.") from error
    except ValueError as error:  # a null character
        raise SettingsError(f"{str(path)!a}: is not the name of any file") from error
    if len(content) > _MOST_BYTES:
        raise SettingsError(f"{path}: is larger than 1 MiB, so it is not one of remind's files. Move it away.")
    try:
        return content.decode().removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: is not UTF-8 text (byte {error.start}). Save it again as UTF-8.") from error


def read_toml(path: Path) -> dict[str, object]:
    """Return the TOML table in `path`. Raise errors as `read_text` and `parse_toml` do."""
    return parse_toml(read_text(path), path)


def parse_toml(text: str, path: Path) -> dict[str, object]:
    """Return the TOML table in `text`, which is from `path`. Raise SettingsError with the line if it is not TOML."""
    import tomllib  # slow to import, and not needed for the diary

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise SettingsError(f"{path}: can't be read: {_syntax_error(str(error), text)}") from error


def _syntax_error(told: str, text: str) -> str:
    """Return what `told`, the parser of TOML, says of `text`, in the words and with the line of other mistakes."""
    reason, at, place = told.partition(" (at ")
    reason = f"{reason[0].lower()}{reason[1:]}" if reason else "nested too deeply"
    if reason.startswith(("expected newline", "invalid value")):
        reason += "; a time or a text needs quotes"
    last = text.rstrip().count("\n") + 1
    line = place.split(",")[0] if place.startswith("line") else f"line {last}"
    return f"{reason} ({line})" if at else reason


def write_atomically(path: Path, text: str) -> None:
    """Write `text` to `path`. Whatever happens, a reader sees the whole old or the whole new file.

    Raises:
        RemindError: it cannot be written; the old file stays as it was.
    """
    import tempfile  # slow to import, and few commands write a file

    with os_errors_as(path):
        target = path.resolve()  # a link into a folder of dotfiles stays a link
        if target.is_symlink():  # a loop, which Python itself reports only before 3.13
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                Path(name).chmod(stat.S_IMODE(target.stat().st_mode))
            patiently(lambda: Path(name).replace(target))
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def full_path(text: str) -> Path:
    """Return the path `text`, in which ~ is the person's home. Raise RemindError if there is no home."""
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise RemindError(f"{text}: there is no such home folder") from error


def patiently(action: Callable[[], _Result]) -> _Result:
    """Return what `action` returns. On Windows, try again for a second while another program has the file open.

    Raises:
        PermissionError: the last try failed too.
    """
    for wait in _WAITS_S:
        try:
            return action()
        except PermissionError:
            time.sleep(wait)
    return action()


@contextmanager
def os_errors_as(path: Path) -> Iterator[None]:
    """Raise a failure of the file system as a RemindError that names `path` and the reason."""
    try:
        yield
    except (OSError, RuntimeError) as error:  # a loop of links is a RuntimeError before Python 3.13
        reason = getattr(error, "strerror", None) or str(error)
        raise RemindError(f"{path}: cannot be written: {reason}") from error


def _without_waiting(name: str, flags: int) -> int:
    # A plain open() of a named pipe would wait forever.
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))
