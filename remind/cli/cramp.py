"""`remind cramp`: relief first, at once; what is to be written down is asked after it has eased."""

import os
import sys
from datetime import datetime
from typing import TYPE_CHECKING

import click

from remind.app import App
from remind.errors import RemindError, SessionEndedError

if TYPE_CHECKING:
    from remind.core.diary import Leg
    from remind.core.routine import Phase
    from remind.guide.relief import View

_ROUTINE = "cramp-now"
_LEG = "Which leg: left, right, both? (Enter: leave it out)"
_SEVERITY = "How bad, 0 to 10? (Enter: leave it out)"

# A black screen and half-bright letters, for eyes that were asleep; the screen before comes back afterwards.
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
    from remind.guide import relief
    from remind.guide.controls import signals_interrupt, single_keys
    from remind.lock import guided_session

    began, phases = app.now(), _phases(app)
    screen = _Screen(relief.KEYS)
    try:
        with signals_interrupt(), guided_session(app.folders.session_lock, alone=False), single_keys() as keys:
            if not keys.available:
                click.echo("\n".join(relief.in_full(phases)))
                return
            with screen:
                ring = screen.ring if bell else _silence
                seconds = relief.run(phases, app.monotonic, keys.wait, screen.show, ring)
    except KeyboardInterrupt:
        later = f"`remind log cramp --at {began:%H:%M}`"
        raise SessionEndedError(f"Nothing was written down; {later} does that.") from None
    from remind.core.diary import MOST_MINUTES

    _write(app, began, min(MOST_MINUTES, round(seconds / 60)))


def _silence() -> None:
    """It is the middle of the night."""


class _Screen:
    """Where the words go: in place on a terminal, else a line whenever they change."""

    def __init__(self, keys: str) -> None:
        self._keys = keys
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
            texts = (view.words, "", f"{view.seconds} s", "", view.advice, "", self._keys)
            lines = [line for text in texts for line in _wrapped(text)]
            self._put(_HOME + "".join(f"{_REST_OF_LINE}{line}\r\n" for line in lines) + _BELOW)
        elif (view.words, view.advice) != self._last:
            self._put(f"{view.seconds} s  {view.words}" + (f"  {view.advice}" if view.advice else "") + "\n")
        self._last = (view.words, view.advice)

    def ring(self) -> None:
        """Ring the bell."""
        self._put("\a")

    def _put(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()


def _phases(app: App) -> "tuple[Phase, ...]":
    from remind.core.routine import plan
    from remind.files import shipped
    from remind.settings.routines import find, load

    try:
        return plan(load(find(_ROUTINE, app.folders.routines)))
    except RemindError:
        # Whatever is wrong with a file of the person's own can wait until the morning.
        return plan(load(shipped() / "routines" / f"{_ROUTINE}.toml"))


def _wrapped(text: str) -> list[str]:
    width = max(20, os.get_terminal_size(sys.stdout.fileno()).columns - 1)
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return lines


def _write(app: App, began: datetime, minutes: int) -> None:
    """Write the cramp down with what the person cares to say, or without where they say nothing."""
    from remind.cli.entries import describe
    from remind.core.diary import Cramp
    from remind.store.diary import new_id

    leg, severity = None, None
    try:
        leg = click.prompt(_LEG, default="", show_default=False, value_proc=_leg)
        severity = click.prompt(_SEVERITY, default="", show_default=False, value_proc=_severity)
    except click.Abort:
        click.echo()  # nobody wants to be asked; what is known is written down
    entry = Cramp(id=new_id(), at=began, written_at=app.now(), leg=leg, severity=severity, minutes=minutes)
    said = describe(entry, app.now())
    try:
        app.store.diary.add(entry)
    except RemindError as error:
        raise RemindError(f"Not written down: {said}. {error}") from error
    click.echo(f"Written: {said} ({entry.id}); `remind diary edit {entry.id}` corrects it")


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
