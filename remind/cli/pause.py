"""`remind pause` and `remind resume`: pause all reminders, always until a given time."""

from datetime import datetime, timedelta

import click

from remind.app import App
from remind.cli.output import say
from remind.core.timeparse import day_and_time, parse_coming
from remind.core.times import next_wake
from remind.core.units import parse_duration
from remind.errors import UsageError

_LONGEST = timedelta(days=92)
_HOW = 'Write "2h", "until 14:00" or "until morning".'


@click.command()
@click.argument("words", nargs=-1, metavar="FOR | until TIME | until morning")
@click.pass_obj
def pause(app: App, words: tuple[str, ...]) -> None:
    """Pause all reminders.

    FOR is how long, such as "2h" or "90 min". `until` takes a TIME such as "14:00", or `morning`, the time you get up.

    Example: remind pause until 14:00
    """
    now = app.now()
    until = _until(app, words, now)
    if until - now > _LONGEST:
        raise UsageError("a pause lasts at most three months. To switch a reminder off, use `remind config`.")
    app.store.ledger.pause(now, until.astimezone(app.zone))
    say(f"Paused until {day_and_time(until, app.zone, now)}; `remind resume` ends it.")


@click.command()
@click.pass_obj
def resume(app: App) -> None:
    """End a pause.

    Example: remind resume
    """
    now = app.now()
    if app.store_for_reading.ledger.paused_until(now) is None:
        say("Nothing is paused.")
        return
    app.store.ledger.pause(now, None)
    say("Reminders are back on.")


def _until(app: App, words: tuple[str, ...], now: datetime) -> datetime:
    text = " ".join(words)
    if not words:
        raise UsageError(f"say how long to pause. {_HOW}")
    try:
        if words[0] != "until":
            length = parse_duration(text)
            if length <= timedelta(0):
                raise UsageError(f"a pause must be longer than 0. {_HOW}")
            return now + length
        when = " ".join(words[1:])
        if when == "morning":
            return next_wake(app.loaded.settings.day, now, app.zone)
        return parse_coming(when, now, app.zone)
    except ValueError:
        raise UsageError(f"{text!r} does not say how long to pause. {_HOW}") from None
