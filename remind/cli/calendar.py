"""`remind export FILE.ics`: the stretch before bed for the calendar of a phone."""

from pathlib import Path

import click

from remind.app import App
from remind.core.routine import Routine
from remind.errors import RemindError


def export_bedtime(app: App, file: Path) -> None:
    """Write the bedtimes with their alarms to `file`, and say what to do with it.

    Raises:
        RemindError: the stretch is switched off, or `file` cannot be written.
    """
    from remind.calendar_file import bedtime_calendar
    from remind.files import write_atomically
    from remind.settings.routines import find, load

    settings = app.settings
    if not settings.stretch.enabled:
        raise RemindError("the stretch is switched off; `remind config set stretch.enabled true` switches it on")
    routine = load(find(settings.stretch.routine, app.folders.routines))
    calendar = bedtime_calendar(
        settings.calendar(app.zone),
        "Calf stretch before bed",
        _steps(routine),
        str(app.folders.config.absolute()),
        app.now(),
    )
    write_atomically(file, calendar.decode())
    click.echo(f"{file}: your bedtimes with their alarms; open it on the phone, and again after you change them here")


def _steps(routine: Routine) -> str:
    """What to do, for a phone that cannot guide."""
    return "\n".join([f"{routine.title}. It may help.", *(step.hear for step in routine.steps), *routine.cautions])
