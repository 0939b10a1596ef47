"""`remind cramp`: relief at once; the questions for the diary come after the cramp has eased."""

import os
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from remind.app import App
from remind.errors import RemindError, SessionEndedError

if TYPE_CHECKING:
    from remind.core.diary import Leg
    from remind.guide.relief import View

_LEG = "Which leg: left, right or both? (Enter to skip)"
_SEVERITY = "How bad, from 0 to 10? (Enter to skip)"

# A black screen and dim letters, for eyes that were asleep; afterwards the earlier screen comes back.
_NIGHT, _DAY = "\x1b[?1049h\x1b[?25l\x1b[0;2;37;40m", "\x1b[0m\x1b[?25h\x1b[?1049l"
_HOME, _REST_OF_LINE, _BELOW = "\x1b[H", "\x1b[K", "\x1b[J"


@click.command()
@click.option("--bell", is_flag=True, help="Ring at every change; it is silent otherwise.")
@click.pass_obj
def cramp(app: App, bell: bool) -> None:
    """Show what may ease a cramp, right now, with a countdown.

    Press Enter once it has eased. The cramp is logged, and you are asked which leg and how bad.

    Example: remind cramp
    """
    from remind.core.relief import in_full
    from remind.guide import relief
    from remind.guide.big_digits import has_blocks
    from remind.guide.controls import signals_interrupt, single_keys
    from remind.lock import guided_session
    from remind.settings.routines import relief_plan

    began, phases = app.now(), relief_plan(app.folders.routines)
    screen = _Screen(partial(relief.layout, plain=not has_blocks(os.environ)))
    try:
        with signals_interrupt(), guided_session(app.folders.session_lock, alone=False), single_keys() as keys:
            if not keys.available:
                click.echo("\n".join(in_full(phases)))
                return
            with screen:
                ring = screen.ring if bell else lambda: None
                seconds = relief.run(phases, app.monotonic, keys.wait, screen.show, ring)
    except KeyboardInterrupt:
        later = f"`remind log cramp --at {began:%H:%M}`"
        raise SessionEndedError(f"nothing was logged. {later} logs the cramp later.") from None
    from remind.core.diary import MOST_MINUTES

    _write(app, began, min(MOST_MINUTES, round(seconds / 60)))


class _Screen:
    """Shows the words in place on a terminal; elsewhere prints a line whenever they change."""

    def __init__(self, layout: "Callable[[View, int, int], list[str]]") -> None:
        self._layout = layout
        self._drawn = sys.stdout.isatty() and os.environ.get("TERM", "") not in ("", "dumb")
        self._last = ("", "")

    def __enter__(self) -> None:
        if self._drawn:
            self._put(_NIGHT)

    def __exit__(self, *_: object) -> None:
        if self._drawn:
            self._put(_DAY)

    def show(self, view: "View") -> None:
        """Show `view` at once."""
        if self._drawn:
            columns, rows = os.get_terminal_size(sys.stdout.fileno())
            # Not the last column: erasing the rest of the line there would erase its letter too.
            lines = self._layout(view, max(1, columns - 1), max(1, rows))
            self._put(_HOME + "\r\n".join(f"{line}{_REST_OF_LINE}" for line in lines) + _BELOW)
        elif (view.words, view.advice) != self._last:
            self._put(f"{view.seconds} s  {view.words}" + (f"  {view.advice}" if view.advice else "") + "\n")
        self._last = (view.words, view.advice)

    def ring(self) -> None:
        """Ring the bell."""
        self._put("\a")

    def _put(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()


def _write(app: App, began: datetime, minutes: int) -> None:
    """Log the cramp, with the leg and the severity if the person gives them."""
    from remind.cli.output import say
    from remind.core.diary import Cramp
    from remind.core.entries import describe
    from remind.store.diary import new_id

    leg, severity = None, None
    try:
        leg = click.prompt(_LEG, default="", show_default=False, value_proc=_leg)
        severity = click.prompt(_SEVERITY, default="", show_default=False, value_proc=_severity)
    except click.Abort:
        click.echo()  # the person doesn't want to answer; log what is known
    entry = Cramp(id=new_id(), at=began, written_at=app.now(), leg=leg, severity=severity, minutes=minutes)
    said = describe(entry, app.now())
    try:
        app.store.diary.add(entry)
    except RemindError as error:
        raise RemindError(f"not logged: {said}. {error}") from error
    say(f"Logged: {said} ({entry.id}). `remind diary edit {entry.id}` corrects it.")


def _leg(text: str) -> "Leg | None":
    from remind.core.diary import LEGS

    said = text.strip().lower()
    if not said:
        return None
    for leg in LEGS:
        if leg.startswith(said):
            return leg
    raise click.UsageError(f"{said!r} is not left, right or both")


def _severity(text: str) -> int | None:
    said = text.strip()
    if not said:
        return None
    if said.isdecimal() and int(said) <= 10:
        return int(said)
    raise click.UsageError(f"{said!r} is not a number from 0 to 10")
