"""`remind stretch`: a guided session, saved in the diary as it was."""

import contextlib
import math
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from remind.cli import values
from remind.errors import RemindError, SessionEndedError, SettingsError, UsageError

if TYPE_CHECKING:
    from remind.app import App
    from remind.core.routine import Routine
    from remind.core.session import Session
    from remind.desktop.sound import Sounds
    from remind.guide.guidance import Guidance

_READING_S = 20.0
_LAST_SOUND_S = 2.5


@click.command()
@click.argument("which", required=False, metavar="[NAME|FILE]", shell_complete=values.routines)
@click.option("--plain", is_flag=True, help="Print one line per step (automatic without a terminal).")
@click.option("--speed", type=click.FloatRange(1, 100), metavar="N", help="Play N times faster, as a preview.")
@click.option("--bell/--no-bell", default=None, help="Play a chime or ring the bell at every change, or don't.")
@click.option("--voice/--no-voice", default=None, help="Speak what to do next, or don't.")
@click.option(
    "--digits",
    type=click.Choice(["auto", "blocks", "plain"]),
    default="auto",
    help='Draw the digits with blocks, or with "#" if your font has no blocks.',
)
@click.option(
    "--safety-read", is_flag=True, help="Confirm that you have read the safety text (for non-interactive use)."
)
@click.option("--window", is_flag=True, help="Show it in a window of its own, in your browser.")
@click.pass_obj
def stretch(
    app: "App",
    which: str | None,
    plain: bool,
    speed: float | None,
    bell: bool | None,
    voice: bool | None,
    digits: str,
    safety_read: bool,
    window: bool = False,
) -> None:
    """Start a guided stretch.

    NAME is one of `remind routines`, and FILE a routine of your own. Without either, the routine in the settings is
    used. What you held is recorded in the diary, even if you stop early.

    Example: remind stretch towel
    """
    from remind.guide.controls import signals_ignored
    from remind.lock import guided_session
    from remind.settings import routines

    if speed is not None and math.isnan(speed):  # which is in every range
        raise UsageError("--speed takes a number from 1 to 100")
    if window:
        from remind.cli.open import open_page

        open_page(app, "stretch", which, speed)
        return
    path = _chosen(app, which)
    routine = routines.load(path)
    click.get_current_context().with_resource(guided_session(app.folders.session_lock))
    _pass_safety(app, safety_read)
    plain = plain or not _has_screen()
    sounds = _sounds(app, routine, bell, voice, heard=not plain or sys.stdout.isatty())
    guidance = _guidance(app, routine, sounds, speed or 1.0)
    with signals_ignored():
        session = _plain(guidance) if plain else _on_screen(guidance, digits)
        failure = _record(app, session, path.stem) if speed is None else None
    try:
        _tell(session, path.stem, preview=speed is not None, failure=failure)
    finally:
        sounds.close(_LAST_SOUND_S if session.finished else 0.0)


def _guidance(app: "App", routine: "Routine", sounds: "Sounds", speed: float) -> "Guidance":
    from remind.core.routine import plan
    from remind.guide.guidance import Guidance, counting_sleep
    from remind.settings.routines import poses

    return Guidance(
        title=routine.title,
        cautions=routine.cautions,
        phases=plan(routine),
        poses=poses(),
        clock=counting_sleep(app.monotonic, lambda: app.now().timestamp()),
        speed=speed,
        sounds=sounds,
    )


def _sounds(app: "App", routine: "Routine", bell: bool | None, voice: bool | None, *, heard: bool) -> "Sounds":
    """Return the sounds for this session; if nobody can hear them, there are none unless an option asks for them."""
    from remind.desktop.sound import Sounds

    wished = app.loaded.settings.sound
    usual = routine.bell and heard
    return Sounds(
        chime=usual and wished.chime if bell is None else bell,
        voice=usual and wished.voice if voice is None else voice,
    )


def _record(app: "App", session: "Session", routine: str) -> RemindError | None:
    """Record the session in the diary, unless it ended before the first hold; return the error if that fails."""
    from remind.store.diary import new_id

    if not any(session.held):
        return None
    try:
        app.store.diary.add(session.diary_entry(new_id(), routine, app.now()))
    except RemindError as error:
        return error
    return None


def _tell(session: "Session", routine: str, *, preview: bool, failure: RemindError | None) -> None:
    """Say what was recorded.

    Raises:
        SessionEndedError: The session was stopped early; the message says what was held.
        RemindError: It could not be recorded; the message says what was held, and why.
    """
    from remind.cli.output import say
    from remind.core.routine import planned_s
    from remind.core.units import format_seconds

    planned = format_seconds(planned_s(session.phases))
    held = planned if session.complete else f"{format_seconds(int(session.held_s))} of {planned}"
    if failure:
        raise RemindError(f"not recorded: {routine}, {held}. {failure}")
    if preview:
        line = "Preview only; nothing was recorded."
    elif not any(session.held):
        line = f"stopped before the first hold of {routine}. Nothing was recorded."
    elif session.complete:
        line = f"Recorded: {routine}, {held}."
    else:
        line = f"{'Partly done' if session.finished else 'stopped early'}: {routine}, {held} recorded."
    if not session.finished and not session.complete:
        raise SessionEndedError(line)
    say(line)


def _chosen(app: "App", which: str | None) -> Path:
    from remind.cli.output import valid_settings
    from remind.settings import routines

    if which is not None:
        return routines.find(which, app.folders.routines)
    try:
        return routines.find(valid_settings(app).stretch.routine, app.folders.routines)
    except UsageError as error:
        raise SettingsError(f"{app.folders.settings}: stretch.routine: {error}") from error


def _has_screen() -> bool:
    """Return whether input, output and standard error, through which the screen is drawn, are all a terminal."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream and stream.isatty() for stream in streams) and os.environ.get("TERM") != "dumb"


def _on_screen(guidance: "Guidance", digits: str) -> "Session":
    from remind.guide import terminal
    from remind.guide.big_digits import has_blocks

    session = terminal.run(guidance, digits == "plain" or (digits == "auto" and not has_blocks(os.environ)))
    if session is None:
        raise RemindError("the session could not be shown. Try `remind stretch --plain`.")
    return session


def _plain(guidance: "Guidance") -> "Session":
    from remind.guide import plain
    from remind.guide.controls import single_keys

    with single_keys() as keys:
        return plain.run(guidance, click.echo, keys, lambda times: click.echo("\a" * times, nl=False))


def _let_read() -> None:
    """Give time to read the safety text where nobody can be asked; that doesn't count as having read it."""
    from remind.guide.controls import single_keys

    click.echo(f"The session starts in {_READING_S:.0f} s. Press Ctrl-C to stop it. --safety-read skips this wait.")
    sys.stdout.flush()
    with single_keys() as keys:
        keys.wait(_READING_S)


def _pass_safety(app: "App", read: bool) -> None:
    """Show the safety text before the first session ever, and go on only if the person confirms it."""
    from remind.store.key_value import SAFETY_PASSED

    try:
        if app.store.key_values.get(SAFETY_PASSED):
            return
    except RemindError:
        pass  # a broken database must not prevent a stretch; the end of the session reports it
    if not read:
        from remind.cli.output import confirmed
        from remind.files import topic

        width = shutil.get_terminal_size().columns
        click.echo(click.wrap_text(topic("safety"), width, preserve_paragraphs=True) + "\n")
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            _let_read()
            return
        if not confirmed("Have you read this, and is it safe for you to stretch?", default=None):
            raise RemindError("session not started. `remind stretch` shows the text again.")
    with contextlib.suppress(RemindError):  # then the text is shown again next time
        app.store.key_values.set(SAFETY_PASSED, app.now().isoformat())
