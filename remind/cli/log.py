"""`remind log`, `remind drink`, `remind undo`: add to the diary."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click

from remind.app import App
from remind.cli import values
from remind.cli.group import Group, WholeNumber
from remind.cli.output import confirmed, say, valid_settings
from remind.core.diary import (
    LEGS,
    MOST_CRAMPS,
    MOST_MINUTES,
    PLACES,
    Cramp,
    Drink,
    Entry,
    Medicine,
    Note,
    Stretch,
    night_of_cramp,
)
from remind.core.entries import describe, typed_instant, typed_note, typed_words
from remind.core.hydration import drunk_ml
from remind.core.timeparse import parse_day, parse_night
from remind.core.times import ONE_DAY
from remind.core.units import format_seconds, parse_amount, parse_duration, understood
from remind.errors import RemindError, UsageError
from remind.store import log as diary_log
from remind.store.diary import new_id

F = TypeVar("F", bound=Callable[..., Any])

_SCALE = WholeNumber(0, 10)
_AT = click.option("--at", "spoken", metavar="TIME", help='Log it for then: "03:10", "yesterday 23:00", "20 min ago".')


_CRAMP_OPTIONS = (
    click.option("--count", type=WholeNumber(1, MOST_CRAMPS), metavar="N", help="Say how many cramps there were."),
    click.option("--leg", type=click.Choice(LEGS), help="Say which leg."),
    click.option("--place", type=click.Choice(PLACES), help="Say where in the leg."),
    click.option("--severity", type=_SCALE, metavar="N", help="Say how bad it was: 0 nothing, 10 the worst."),
    click.option("--minutes", type=WholeNumber(0, MOST_MINUTES), metavar="N", help="Say how many minutes it lasted."),
    click.option("--disturbance", type=_SCALE, metavar="N", help="Say how much it disturbed your sleep, 0 to 10."),
    click.option("--soreness", type=_SCALE, metavar="N", help="Say how sore it was afterwards, 0 to 10."),
    click.option("--woke/--did-not-wake", default=None, help="Say whether it woke you."),
)


def cramp_options(command: F) -> F:
    """Give `command` an option for everything that can be said of a cramp but its time and its note."""
    for option in reversed(_CRAMP_OPTIONS):
        command = option(command)
    return command


@click.group(cls=Group)
def log() -> None:
    """Log a cramp, a night without one, a stretch, a medicine or a note.

    Example: remind log cramp --at 03:10 --severity 6
    """


@log.command()
@cramp_options
@click.option("--note", default="", metavar="TEXT", help="Add a note of one line.")
@_AT
@click.option("--night", metavar="DATE", help='Log it for the night of "sat" or "2026-01-31", if you don\'t know when.')
@click.pass_obj
def cramp(app: App, /, spoken: str | None, night: str | None, note: str, **typed: Any) -> None:
    """Log a cramp.

    Example: remind log cramp --at 03:10 --leg left --severity 6
    """
    if spoken is not None and night is not None:
        raise UsageError("--at and --night don't go together. Use --night only if you don't know when it was.")
    now = app.now()
    when: dict[str, Any] = {"at": typed_instant(spoken, now, app.zone)}
    if night is not None:
        when = {"at": None, "night": understood(parse_night, night, now, app.zone)}
    said = {name: value for name, value in typed.items() if value is not None}
    entry = Cramp(id=new_id(), written_at=now, note=typed_note(note), **when, **said)
    stored = app.store_for_reading.diary
    twin = diary_log.twin_of(entry, stored)
    if twin is not None:
        if not diary_log.says_the_same(twin, entry):
            raise RemindError(f"already logged: {describe(twin, now)}. `remind diary edit {twin.id}` changes it.")
        say(f"Already logged: {describe(twin, now)} ({twin.id})")
        return
    was_quiet = diary_log.quiet_night(night_of_cramp(entry), stored) is not None
    _log(app, entry)
    if was_quiet:
        say("That night was logged as one without a cramp. The cramp counts now.")


@log.command("none", short_help="Log a night without a cramp.")
@click.option("--night", "spoken", default="last night", show_default=True, metavar="DATE", help="Say which night.")
@click.pass_obj
def none_(app: App, spoken: str) -> None:
    """Log a night without a cramp, so that it doesn't count as missing.

    DATE is "sat" or "2026-01-31", the day on which the night began.

    Example: remind log none --night sat
    """
    now = app.now()
    night = understood(parse_night, spoken, now, app.zone)
    stored = app.store_for_reading.diary
    for cramp in diary_log.of_night(Cramp, night, stored):
        change = f"`remind diary remove {cramp.id}` removes it."
        raise RemindError(f"that night has a cramp: {describe(cramp, now)}. {change}")
    before = diary_log.quiet_night(night, stored)
    if before is not None:
        say(f"Already logged: {describe(before, now)} ({before.id})")
        return
    lasts = diary_log.night_lasts(app.loaded.settings.day, night, now, app.zone)
    if lasts and not _is_over(lasts):
        raise RemindError("this night is not over. Log it in the morning, or name another with --night.")
    _log(app, diary_log.new_quiet_night(night, now, app.zone))


@log.command(short_help="Log a medicine, with the days on which you take it.")
@click.argument("name")
@click.option("--from", "since", default="today", show_default=True, metavar="DATE", help="Say since when you take it.")
@click.option("--to", "until", metavar="DATE", help="Say on which day you took it last.")
@click.option("--note", default="", metavar="TEXT", help="Add a note of one line.")
@click.pass_obj
def medicine(app: App, name: str, since: str, until: str | None, note: str) -> None:
    """Log a medicine, with the days on which you take it, so that your doctor sees it beside the nights.

    NAME is what it is called. DATE is "today", "20 Nov" or "2026-01-31". Without --to, you still take it.

    Example: remind log medicine "magnesium" --from 2026-11-01
    """
    now = app.now()
    first = understood(parse_day, since, now, app.zone)
    last = None if until is None else understood(parse_day, until, now, app.zone)
    words: dict[str, Any] = {"name": typed_words("the name", name), "note": typed_note(note)}
    try:
        entry = Medicine(id=new_id(), written_at=now, since=first, until=last, **words)
    except ValueError as error:
        raise UsageError(str(error)) from error
    twin = diary_log.medicine_again(entry, app.store_for_reading.diary)
    if twin is not None:
        raise RemindError(f"already logged: {describe(twin, now)}. `remind diary edit {twin.id}` changes it.")
    _log(app, entry)


@log.command()
@click.argument("text")
@_AT
@click.pass_obj
def note(app: App, text: str, spoken: str | None) -> None:
    """Log a note of one line.

    TEXT is what you want to remember, or to tell your doctor.

    Example: remind log note "new shoes"
    """
    at = typed_instant(spoken, app.now(), app.zone)
    _log(app, Note(id=new_id(), at=at, written_at=app.now(), note=typed_words("the note", text)))


@log.command(short_help="Log a stretch done without the guide.")
@click.argument("routine", required=False, shell_complete=values.routines)
@click.option("--held", metavar="DURATION", help='Say how long you held in all, as "90 s".')
@_AT
@click.pass_obj
def stretch(app: App, routine: str | None, held: str | None, spoken: str | None) -> None:
    """Log a stretch done without the guide.

    ROUTINE is one of `remind routines`; without it, the routine in the settings is logged. Without `--held` it counts
    as held in full.

    Example: remind log stretch towel --held "90 s"
    """
    from remind.core.routine import plan, planned_s
    from remind.settings.routines import find, load

    at = typed_instant(spoken, app.now(), app.zone)
    path = find(routine if routine is not None else valid_settings(app).stretch.routine, app.folders.routines)
    planned = round(planned_s(plan(load(path))))
    held_s = planned if held is None else round(understood(parse_duration, held).total_seconds())
    if held_s > planned:
        whole = format_seconds(planned)
        raise UsageError(f"{path.stem} is held for {whole} in all. Omit --held if you held all of it.")
    seconds: dict[str, Any] = {"planned_s": planned, "held_s": held_s, "complete": held_s == planned}
    _log(app, Stretch(id=new_id(), at=at, written_at=app.now(), routine=path.stem, **seconds))


@click.command()
@click.argument("amount", nargs=-1)
@_AT
@click.pass_obj
def drink(app: App, amount: tuple[str, ...], spoken: str | None) -> None:
    """Log a drink.

    AMOUNT is written as "250 ml", "8 oz" or "1.5 L"; without it, a glass is logged.

    Example: remind drink 250 ml
    """
    from remind.cli.water import water_bar
    from remind.core.water_question import FLUID_LIMIT, fluid_limit
    from remind.store.schedule import Schedule

    at, settings = typed_instant(spoken, app.now(), app.zone), valid_settings(app)
    amount_ml = understood(parse_amount, " ".join(amount)) if amount else settings.water.glass_ml
    _log(app, Drink(id=new_id(), at=at, written_at=app.now(), amount_ml=amount_ml))
    schedule = Schedule(app.store, settings.calendar(app.zone))
    (day, drinks), (today, _) = schedule.drinks(at), schedule.drinks(app.now())
    limit = fluid_limit(settings.water, app.store.key_values.get(FLUID_LIMIT))
    say(water_bar(drunk_ml(drinks), settings.water.target, _other_day(day, today)))
    for warning in diary_log.drink_warnings(drinks, app.store.diary, at, limit):
        say(warning)


@click.command()
@click.pass_obj
def undo(app: App) -> None:
    """Undo the last diary entry or change; again, the one before it.

    Example: remind undo
    """
    now = app.now()
    row, again = diary_log.undo(app.store.diary, now)
    say(f"Undone: {describe(row, now)} ({row.id})")
    for entry in again:
        say(f"Counts again: {describe(entry, now)} ({entry.id})")


def _other_day(day: date, today: date) -> str:
    """Return the words for a `day` that is not today."""
    if day == today:
        return ""
    return "yesterday" if day == today - ONE_DAY else f"on {day:%a} {day.day} {day:%b}"


def _log(app: App, entry: Entry) -> None:
    app.store.diary.add(entry)
    say(f"Logged: {describe(entry, app.now())} ({entry.id})")


def _is_over(lasting: str) -> bool:
    try:
        return confirmed(f"{lasting} Is it over for you?", default=False)
    except click.Abort:
        click.echo()  # end the line that shows the question
        return False
