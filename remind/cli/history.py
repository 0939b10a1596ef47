"""`remind history` and `remind why`: what was due, what became of it, and why."""

from datetime import time

import click

from remind.app import App
from remind.cli import values
from remind.cli.group import WholeNumber, json_option
from remind.cli.output import iso, occurrence_json, paged, say, show_json
from remind.core.agenda import Entry
from remind.core.reminders import between
from remind.core.schema import nearest
from remind.core.timeparse import at_time, day_and_time
from remind.core.times import resolve
from remind.errors import UsageError
from remind.lock import lock_owner


@click.command()
@click.option(
    "--days", default=7, show_default=True, type=WholeNumber(1, 3660), metavar="N", help="Show the last N days."
)
@json_option
@click.pass_obj
@paged
def history(app: App, days: int, as_json: bool) -> None:
    """Show past reminders and what became of them.

    Each line says when a reminder was due, how often it was shown, and why it was answered, held, dropped or missed.

    Example: remind history --days 30
    """
    from remind.store.history import history as look_up

    rows = look_up(app.store_for_reading, app.schedule, app.now(), days)
    if as_json:
        show_json(rows)
        return
    dues = [day_and_time(row.due, row.due.tzinfo or app.zone, app.now()) for row in rows]
    width = max(map(len, dues), default=0)
    for row, due in zip(rows, dues, strict=True):
        shown = f"{len(row.shown_at)}×" if row.shown_at else "-"
        say(f"{due:>{width}}  {row.reminder:<8} {shown:>2}  {row.state:<8}  {row.reason}")
    if not rows:
        say(f"Nothing was due in the last {days} days.")


@click.command()
@click.argument("reminder", required=False, shell_complete=values.reminders)
@json_option
@click.pass_obj
def why(app: App, reminder: str | None, as_json: bool) -> None:
    """Explain why a reminder rang or didn't today, and when it rings next.

    REMINDER says which: stretch, water, night or one of your own; without it, all of them are explained.

    Example: remind why stretch
    """
    settings = app.loaded.settings
    if reminder is not None and reminder not in settings.names:
        raise UsageError(f"there is no reminder {reminder!r}. {nearest(reminder, settings.names)}")
    switched_on, running = app.schedule.calendar.reminders, lock_owner(app.folders.lock) is not None
    names = switched_on if reminder is None else (reminder,)
    if as_json:
        show_json([_json(app, name, name in switched_on, running) for name in names])
        return
    for name in names:
        say(f"{name}: {_explained(app, name, running) if name in switched_on else _off(name)}")
    if not running:
        from remind.login import start_advice

        say(f"Nothing rings while the service is not running: {start_advice()}.")


def _entries(app: App, name: str) -> tuple[list[Entry], list[Entry], list[Entry]]:
    """Return the occurrences of a reminder today: those that were due, those that come, and those answered ahead."""
    now, entries = app.now(), app.schedule.entries(name, app.now())
    past = [entry for entry in entries if entry.occurrence.due <= now]
    later = [entry for entry in entries if entry.occurrence.due > now]
    coming = [entry for entry in later if entry.decision.action != "drop"]
    return past, coming, [entry for entry in later if entry.decision.action == "drop"]


def _json(app: App, name: str, switched_on: bool, running: bool) -> dict[str, object]:
    past, coming, _ = _entries(app, name) if switched_on else ([], [], [])
    last = past[-1] if past else None
    return {
        "reminder": name,
        "enabled": switched_on,
        "service_running": running,
        "last": last
        and {
            "occurrence": last.occurrence.key,
            "due": iso(last.occurrence.due, app.zone),
            "rang": bool(last.record.shown),
            "state": last.reported.state,
            "reason": last.reported.reason,
        },
        "next": occurrence_json(coming[0].occurrence, app.zone) if coming else None,
        "explanation": _explained(app, name, running) if switched_on else _off(name),
    }


def _explained(app: App, name: str, running: bool) -> str:
    past, coming, ahead = _entries(app, name)
    sentences = [_past(app, past[-1]) if past else _none_yet(app, name)]
    sentences += [f"The one due {_when(app, one)} is already answered: {one.decision.reason}." for one in ahead]
    if past and past[-1].reported.action == "show":
        sentences.append("It rings now." if running else "It would ring now.")
    elif past and (until := past[-1].decision.until) and until > past[-1].occurrence.ends:
        sentences.append("It does not ring again.")
    if coming:
        sentences.append(f"It is next due {_when(app, coming[0])}.")
    return " ".join(sentences)


def _none_yet(app: App, name: str) -> str:
    now, zone = app.now(), app.zone
    midnight = resolve(now.astimezone(zone).date(), time(), zone)
    before = [one.due for one in between(app.schedule.calendar, name, midnight, now)]
    if not before:
        return "It has not been due yet today."
    return f"It was last due {at_time(before[-1], zone, now)}, before this reminder was set up."


def _past(app: App, entry: Entry) -> str:
    rang = "rang" if entry.record.shown else "has not rung"
    return f"The one due {_when(app, entry)} {rang}: {entry.reported.reason}."


def _when(app: App, entry: Entry) -> str:
    return at_time(entry.occurrence.due, app.zone, app.now())


def _off(name: str) -> str:
    key = f"{name}.enabled" if name in ("stretch", "water", "night") else f"reminder.{name}.enabled"
    return f"It is switched off; `remind config set {key} true` switches it on."
