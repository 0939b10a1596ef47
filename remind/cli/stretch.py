"""`remind stretch`: a guided session, kept in the diary as it was."""

import contextlib
import math
import os
import shutil
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from remind.errors import RemindError, SessionEndedError, SettingsError, UsageError

if TYPE_CHECKING:
    from remind.app import App
    from remind.core.session import Outcome, Session
    from remind.guide.guidance import Guidance

_READING_S = 20.0


@click.command()
@click.argument("which", required=False, metavar="[NAME|FILE]")
@click.option("--plain", is_flag=True, help="One line for each change; also taken where there is no terminal.")
@click.option("--speed", type=click.FloatRange(1, 100), help="Play so many times as fast, for a look; records nothing.")
@click.option("--bell/--no-bell", default=None, help="Ring the terminal's bell at every change, or do not.")
@click.option(
    "--digits",
    type=click.Choice(["auto", "blocks", "plain"]),
    default="auto",
    help='Draw the digits with blocks, or with "#" if your font has no blocks.',
)
@click.option("--safety-read", is_flag=True, help="Say that you have read the safety text (where nobody can be asked).")
@click.pass_obj
def stretch(
    app: "App", which: str | None, plain: bool, speed: float | None, bell: bool | None, digits: str, safety_read: bool
) -> None:
    """Be guided through a stretch: the named routine, the one in FILE, or the one in the settings."""
    from remind.core.routine import plan
    from remind.guide.clock import counting_sleep
    from remind.guide.guidance import Guidance
    from remind.settings import routines

    if speed is not None and math.isnan(speed):  # which no range keeps out
        raise UsageError("--speed is a number from 1 to 100")
    path = _chosen(app, which)
    routine = routines.load(path)
    _pass_safety(app, safety_read)
    recorder = Recorder(app, path.stem, records=speed is None)
    guidance = Guidance(
        title=routine.title,
        cautions=routine.cautions,
        phases=plan(routine),
        poses=routines.poses(),
        clock=counting_sleep(app.monotonic, lambda: app.now().timestamp()),
        over=recorder,
        speed=speed or 1.0,
        bell=routine.bell if bell is None else bell,
    )
    if plain or not _has_screen():
        _plain(guidance, rings=bell or sys.stdout.isatty())
    else:
        from remind.guide import terminal

        terminal.run(guidance, plain_digits=digits == "plain" or (digits == "auto" and not _has_blocks(os.environ)))
    recorder.tell()


class Recorder:
    """Takes the session as it ended, records it, and tells the person in one line what was recorded."""

    def __init__(self, app: "App", name: str, records: bool) -> None:
        self._app = app
        self._name = name
        self._records = records
        self._started_at: datetime = app.now()
        self._failure: RemindError | None = None
        self._outcome: Outcome | None = None
        self._finished = False
        self._began = False

    def __call__(self, session: "Session") -> None:
        self._finished = session.finished
        self._outcome = session.outcome(self._name, self._started_at, self._app.now())
        self._began = any(session.held)
        if self._records and self._began:
            try:
                self._app.record_session(self._outcome)
            except RemindError as error:
                self._failure = error

    def tell(self) -> None:
        """Say what was recorded.

        Raises:
            SessionEndedError: it was ended before its end; the line says what was held.
            RemindError: it could not be recorded; the line says what was held and why.
        """
        if self._outcome is None:
            raise RemindError("the session could not be shown; try `remind stretch --plain`")
        held, planned = _minutes(self._outcome.held_s), _minutes(self._outcome.planned_s)
        whole = self._outcome.complete
        amount = f"{self._name}, held {held} {'as planned' if whole else f'of {planned}'}"
        if self._failure:
            raise RemindError(f"not recorded: {amount}; {self._failure}")
        if not self._began:
            line = f"{self._name}: ended before anything was held; nothing is recorded."
        elif self._records:
            line = f"Recorded{'' if whole else ' as a part'}: {amount}."
        else:
            line = "Played for a look; nothing is recorded."
        if not self._finished and not whole:
            raise SessionEndedError(line)
        click.echo(line)


def _minutes(seconds: int) -> str:
    from remind.core.units import format_duration

    return format_duration(timedelta(seconds=seconds))


def _chosen(app: "App", which: str | None) -> Path:
    from remind.cli.output import settings_that_hold
    from remind.settings import routines

    if which is not None:
        return routines.find(which, app.folders.routines)
    try:
        return routines.find(settings_that_hold(app).stretch.routine, app.folders.routines)
    except UsageError as error:
        raise SettingsError(f"{app.folders.settings}: stretch.routine: {error}") from error


def _has_screen() -> bool:
    """Whether keys, lines and the screen, which is drawn through standard error, all meet a terminal."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream and stream.isatty() for stream in streams) and os.environ.get("TERM") != "dumb"


def _has_blocks(environ: Mapping[str, str]) -> bool:
    """Return whether the terminal can be expected to draw blocks; what its font lacks, nobody can ask it."""
    if sys.platform == "win32":
        return True
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    if locale == "C.UTF-8" and not (environ.get("LC_ALL") or environ.get("LANG")):
        return False  # Python itself has put it there, since no locale is set
    return environ.get("TERM") != "linux" and locale.lower().replace("-", "").endswith("utf8")


def _plain(guidance: "Guidance", rings: bool) -> None:
    from remind.guide import plain
    from remind.guide.keys import single_keys

    def ring(times: int) -> None:
        if rings:
            click.echo("\a" * times, nl=False)

    with single_keys() as keys:
        plain.run(guidance, click.echo, keys, ring)


def _let_read() -> None:
    """Give time to read where nobody can be asked, as through a log; the text is not taken as passed by that."""
    from remind.guide.keys import single_keys

    click.echo(f"The session begins in {_READING_S:.0f} s; Ctrl-C keeps it from beginning, --safety-read from waiting.")
    sys.stdout.flush()
    with single_keys() as keys:
        keys.wait(_READING_S)


def _pass_safety(app: "App", read: bool) -> None:
    """Show the safety text before the first session ever, and go on only if it is passed."""
    try:
        if app.store.facts.get("safety_passed"):
            return
    except RemindError:
        pass  # a broken store keeps nobody from stretching; the end of the session tells of it
    if not read:
        from remind.core.safety import SAFETY

        width = shutil.get_terminal_size().columns
        click.echo(click.wrap_text(SAFETY, width, preserve_paragraphs=True) + "\n")
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            _let_read()
            return
        if not click.confirm("Have you read this, and does nothing of it keep you from stretching?", default=True):
            raise RemindError("the session was not begun; `remind stretch` shows the text again")
    with contextlib.suppress(RemindError):  # then the text comes again the next time
        app.store.facts.set("safety_passed", app.now().isoformat())
