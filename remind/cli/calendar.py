"""`remind calendar`: write the bedtimes to a calendar file for a phone."""

from pathlib import Path

import click

from remind.app import App
from remind.cli.output import check_new_file, say
from remind.errors import RemindError


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
@click.pass_obj
def calendar(app: App, file: Path, force: bool) -> None:
    """Write your bedtimes to a calendar file.

    FILE ends in .ics. It has an event for each bedtime with the alarms of its reminders; open it on any phone. After
    you change a bedtime, write it again and open it again: it replaces the old events.

    Example: remind calendar bedtime.ics
    """
    from remind.calendar_file import bedtime_calendar
    from remind.files import write_atomically
    from remind.settings.routines import find, load

    check_new_file(file, (".ics",), force=force)
    settings = app.settings
    if not settings.stretch.enabled:
        raise RemindError("the stretch is switched off. `remind config set stretch.enabled true` switches it on.")
    routine = load(find(settings.stretch.routine, app.folders.routines))
    steps = [f"{routine.title}. It may help.", *(step.hear for step in routine.steps), *routine.cautions]
    owner, rules = str(app.folders.config.absolute()), settings.calendar(app.zone)
    made = bedtime_calendar(rules, "Calf stretch before bed", "\n".join(steps), owner, app.now())
    write_atomically(file, made.decode())
    say(f"Wrote your bedtimes to {file}. Open it on your phone, and again after you change a bedtime here.")
