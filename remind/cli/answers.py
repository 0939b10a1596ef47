"""`remind done`, `remind snooze`, `remind skip`: the same answers as the buttons."""

from datetime import timedelta

import click

from remind.app import App
from remind.cli import values
from remind.cli.output import say
from remind.core.decide import Answer
from remind.core.diary import Drink
from remind.core.reminders import NIGHT, WATER
from remind.core.timeparse import at_time
from remind.core.units import format_amount, format_duration, parse_duration, understood
from remind.errors import RemindError, UsageError
from remind.store.answers import Answers, one_due
from remind.store.diary import new_id

_LONGEST_SNOOZE = timedelta(hours=12)


@click.command()
@click.argument("reminder", required=False, shell_complete=values.reminders)
@click.pass_obj
def done(app: App, reminder: str | None) -> None:
    """Mark the current reminder as done; `done water` also logs a glass.

    REMINDER says which, if more than one is due: stretch, water, night or one of your own. The stretch can be named
    from noon on, before it is due.

    Example: remind done stretch
    """
    _answer(app, reminder, "done", "Done")


@click.command()
@click.argument("reminder", required=False, shell_complete=values.reminders)
@click.pass_obj
def skip(app: App, reminder: str | None) -> None:
    """Skip the current reminder.

    REMINDER says which, if more than one is due: stretch, water, night or one of your own. The stretch can be named
    from noon on, before it is due.

    Example: remind skip stretch
    """
    _answer(app, reminder, "skipped", "Skipped")


@click.command()
@click.argument("words", nargs=-1, metavar="[REMINDER] [FOR]", shell_complete=values.reminders)
@click.pass_obj
def snooze(app: App, words: tuple[str, ...]) -> None:
    """Show the current reminder again later.

    REMINDER says which, if more than one is due. FOR says how much later, such as "20 min"; without it, the length in
    the settings is used.

    Example: remind snooze stretch 20 min
    """
    reminder, rest = (words[0], words[1:]) if words and words[0] in app.loaded.settings.names else (None, words)
    length = _length(" ".join(rest)) if rest else app.loaded.settings.notify.snooze
    now, entry = app.now(), one_due(app.schedule, app.now(), reminder)
    until = Answers(app.store, app.zone).snooze(entry, length, now, "command snooze")
    if until is None:
        raise RemindError(f"{entry.occurrence.reminder} is about to expire. Do it now, or use `remind skip`.")
    at = at_time(until, app.zone, now)
    if until < now + length:
        name = entry.occurrence.reminder
        say(f"{format_duration(length)} from now is too late: {name} expires {at} and rings a last time then.")
    else:
        say(f"Snoozed: {entry.occurrence.reminder} rings again {at}.")


def _answer(app: App, reminder: str | None, given: Answer, said: str) -> None:
    now, entry = app.now(), one_due(app.schedule, app.now(), reminder, early=True)
    occurrence, glass_ml = entry.occurrence, app.loaded.settings.water.glass_ml
    if given == "done" and occurrence.reminder == NIGHT and not app.schedule.question(occurrence, now).cramps:
        raise UsageError(
            "say how the night was: `remind log none` for a night without a cramp, or "
            '`remind log cramp --night "last night"`'
        )
    drank = given == "done" and occurrence.reminder == WATER
    drink = Drink(id=new_id(), at=now, written_at=now, amount_ml=glass_ml) if drank else None
    via = f"command {click.get_current_context().info_name}"
    Answers(app.store, app.zone).give(entry, given, now, via, drink)
    logged = f" {format_amount(glass_ml)} logged." if drank else ""
    say(f"{said}: {occurrence.reminder}, due {at_time(occurrence.due, app.zone, now)}.{logged}")


def _length(text: str) -> timedelta:
    length = understood(parse_duration, text)
    if not timedelta(0) < length <= _LONGEST_SNOOZE:
        longest = format_duration(_LONGEST_SNOOZE)
        raise UsageError(f"a snooze lasts from 1 s to {longest}. Use `remind pause` for longer.")
    return length
