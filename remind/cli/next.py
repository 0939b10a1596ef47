"""`remind next`: what is due next."""

from datetime import UTC, datetime, timedelta, tzinfo

import click

from remind import zone as zones
from remind.app import App
from remind.cli.group import WholeNumber, json_option
from remind.cli.output import occurrence_json, paged, say, show_json
from remind.core.reminders import upcoming
from remind.core.timeparse import day_and_time, parse_coming
from remind.core.times import resolve
from remind.core.units import understood
from remind.errors import UsageError

_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_MOST_DAYS = 3660


@click.command("next")
@click.option("--from", "start", metavar="DATETIME", help='Start at this time, such as "2026-11-22T21:00".')
@click.option("--days", default=2, show_default=True, type=WholeNumber(1, _MOST_DAYS), metavar="N", help="Show N days.")
@click.option("--zone", "zone_name", metavar="ZONE", help='Use the clocks of this zone, such as "Asia/Tokyo".')
@json_option
@click.pass_obj
@paged
def coming(app: App, start: str | None, days: int, zone_name: str | None, as_json: bool) -> None:
    """Show the reminders to come.

    They follow from your settings alone; `remind status` also shows what you have answered or paused.

    Example: remind next --days 7
    """
    zone = app.zone if zone_name is None else zones.named(zone_name)
    now = app.now()
    begin = now.astimezone(UTC) if start is None else _instant(start, now, zone)
    found = upcoming(app.settings.calendar(zone), begin, begin + timedelta(days=days))
    if as_json:
        show_json([occurrence_json(one, zone) for one in found])
        return
    dues = [day_and_time(one.due, zone, now) for one in found]
    for one, due in zip(found, dues, strict=True):
        say(f"{due:>{max(map(len, dues))}}  {one.reminder}")
    if not found:
        say(f"Nothing is due in the next {days} days. `remind config show` shows which reminders are switched on.")


def _instant(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Return the instant (UTC) that `text` means: ISO 8601 of any year, or words for the nearest such time to come."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return understood(parse_coming, text, now, zone)
    if not _FIRST_YEAR <= parsed.year <= _LAST_YEAR:
        raise UsageError(f"{text!r} is not in the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return parsed.astimezone(UTC) if parsed.tzinfo else resolve(parsed.date(), parsed.time(), zone)
