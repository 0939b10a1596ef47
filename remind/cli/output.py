"""Results on the screen: messages wrapped at words, instants as people read them, JSON for scripts."""

import contextlib
import functools
import io
import sys
import textwrap
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, tzinfo
from pathlib import Path
from typing import ParamSpec, TextIO, TypeVar

import click
import msgspec

from remind.app import App
from remind.core.reminders import Occurrence
from remind.core.schema import printable
from remind.errors import RemindError, UsageError
from remind.settings.model import Settings

P = ParamSpec("P")
R = TypeVar("R")

ANSWER_ROOM = 10
"""How many columns a question leaves for its answer."""


def say(text: str, *, err: bool = False) -> None:
    """Print `text`, wrapped at words on a terminal."""
    click.echo(fitted(text, sys.stderr if err else sys.stdout), err=err)


class _Collected(io.StringIO):
    """What a command prints on a terminal, to be shown once it has ended."""

    def isatty(self) -> bool:
        return True


def paged(command: Callable[P, R]) -> Callable[P, R]:
    """Return `command`, whose output goes through a pager where it is longer than the terminal is high."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
            return command(*args, **kwargs)
        collected = _Collected()
        try:
            with contextlib.redirect_stdout(collected):
                return command(*args, **kwargs)
        finally:
            _show(collected.getvalue())

    return run


def _show(text: str) -> None:
    import shutil  # slow to import, and not needed for a pipe

    if text.count("\n") >= shutil.get_terminal_size().lines:
        click.echo_via_pager(text)
    else:
        click.echo(text, nl=False)


def tell(line: str) -> None:
    """Print an error or a warning on standard error: it begins with the program's name, and is a whole sentence."""
    stop = "" if line.endswith((".", "?", ":", ")")) else "."
    say(f"remind: {printable(line)}{stop}", err=True)  # what was typed, or stands in a file, is repeated in it


def tell_faults(faults: Iterable[str]) -> None:
    """Warn of `faults` in the settings file."""
    for fault in faults:
        tell(fault)
    tell("until this is fixed, the last valid settings are used")


def fitted(text: str, stream: TextIO, room: int = 0) -> str:
    """Return `text`, wrapped if `stream` is a terminal, with `room` columns left for an answer."""
    if not stream.isatty():
        return text
    import shutil  # slow to import, and not needed for a pipe

    return wrapped(text, shutil.get_terminal_size().columns - room)


def wrapped(text: str, width: int) -> str:
    """Return `text` wrapped at words to `width`; a line that goes on is indented to its last column."""
    lines = []
    for line in text.split("\n"):
        column = click.unstyle(line).rstrip().rfind("  ") + 2  # 1 if there are no columns
        indent = column if 1 < column <= width * 2 // 3 else 0
        lines += textwrap.wrap(
            line, width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False
        ) or [""]  # fmt: skip
    return "\n".join(lines)


def confirmed(question: str, *, default: bool | None) -> bool:
    """Return the answer to `question`; Enter alone means `default`, or asks again where that is None.

    Raises:
        click.Abort: there is no terminal to answer at, or the person pressed Ctrl-C.
    """
    return click.confirm(fitted(question, sys.stdout, ANSWER_ROOM), default=default)


def check_new_file(file: Path, endings: Collection[str], *, force: bool) -> None:
    """Raise an error unless `file` ends as one of `endings`, has a folder, and is new or may be overwritten."""
    if file.suffix.lower() not in endings:
        raise UsageError(f"{file}: the file name must end in {' or '.join(endings)}")
    if not file.parent.is_dir():
        raise RemindError(f"{file}: there is no folder {str(file.parent)!r}")
    if file.exists() and not force:
        raise RemindError(f"{file}: exists already. Use --force to overwrite it.")


def show_json(value: object) -> None:
    """Print `value` as indented JSON."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def valid_settings(app: App) -> Settings:
    """Return the last valid settings, and warn of any faults in the settings file."""
    if app.loaded.faults:
        tell_faults(app.loaded.faults)
    return app.loaded.settings


def iso(instant: datetime | None, zone: tzinfo) -> str | None:
    """Return `instant` in ISO 8601, in whole seconds, with the offset of `zone` at that time."""
    return None if instant is None else instant.astimezone(zone).isoformat(timespec="seconds")


def occurrence_json(occurrence: Occurrence, zone: tzinfo) -> dict[str, str | None]:
    """Return an occurrence as `next --json` and `status --json` print it."""
    return {"reminder": occurrence.reminder, "occurrence": occurrence.key, "due": iso(occurrence.due, zone)}
