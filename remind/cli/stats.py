"""`remind stats`: cramps, stretches and water, week by week."""

import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import chain, dropwhile, repeat, zip_longest

import click

from remind.app import App
from remind.cli.group import WholeNumber, json_option
from remind.cli.output import paged, say, show_json
from remind.core.diary import Cramp, Drink, Entry, QuietNight, Stretch, night_begin, night_of
from remind.core.statistics import Night, Statistics, Tally, Week, by_night, first_day, statistics
from remind.core.summary import MEANING, NO_CAUSE, columns, comparison, logged_rows, share
from remind.core.times import ONE_DAY
from remind.core.units import format_amount

_BAR = 7
_WIDTH = 80
_LABEL, _COLUMN = 25, 18
_LEGEND = (
    "x cramp   o no cramp   . not logged   + stretched before",
    "Bars: nights with a cramp, of those logged; evenings with a stretch.",
)


@click.command()
@click.option(
    "--weeks", default=8, show_default=True, type=WholeNumber(1, 520), metavar="N", help="Show the last N weeks."
)
@click.option("--plain", is_flag=True, help="Print one sentence per week (automatic without a terminal).")
@json_option
@click.pass_obj
@paged
def stats(app: App, weeks: int, plain: bool, as_json: bool) -> None:
    """Show a weekly summary of your diary.

    It counts nights, cramps, stretches and water by week, and shows the first two weeks beside the time since and the
    last four weeks. After twelve weeks it says what can be seen, and how sure the counts are.

    Example: remind stats --weeks 12
    """
    now = app.now()
    entries = _entries(app, now, weeks)
    found = statistics(entries, now, weeks)
    if as_json:
        show_json(found)
    elif not entries:
        say("The diary is empty. Log how a night was with `remind log cramp` or `remind log none`.")
    elif plain or not sys.stdout.isatty() or shutil.get_terminal_size().columns < _WIDTH:
        say("\n".join([*_sentences(found), *_conclusion(found)]))
    else:
        say("\n".join([*_picture(found, by_night(entries), now), "", *_table(found), "", MEANING, *_conclusion(found)]))


def _entries(app: App, now: datetime, weeks: int) -> list[Entry]:
    """Return the entries of all nights, and the drinks of the weeks that are shown."""
    diary = app.store_for_reading.diary
    start = night_begin(first_day(now, weeks) - ONE_DAY, app.zone)
    return [*diary.of(Cramp), *diary.of(QuietNight), *diary.of(Stretch), *diary.of(Drink, start)]


def _shown(found: Statistics) -> list[Week]:
    """Return the weeks from the first with an entry on."""
    return list(dropwhile(lambda week: not (week.tally.nights or week.tally.evenings or week.water.days), found.weeks))


def _sentences(found: Statistics) -> Iterator[str]:
    for week in _shown(found):
        water = (
            f"; {format_amount(week.water.amount_ml)} on {_count(week.water.days, 'day')}" if week.water.days else ""
        )
        yield f"Week of {week.tally.first}: {_sentence(week.tally)}{water}."
    for name, tally in columns(found).items():
        yield f"{name.capitalize()}: {_sentence(tally)}."


def _conclusion(found: Statistics) -> list[str]:
    return [*filter(None, [comparison(found)]), NO_CAUSE]


def _sentence(tally: Tally) -> str:
    parts = [
        f"{tally.cramp_nights} of {_count(tally.nights_recorded, 'night')} with a cramp",
        f"{tally.nights_missing} not logged",
        _count(tally.cramps, "cramp"),
        f"mean severity {tally.mean_severity:g} of 10" if tally.mean_severity is not None else "",
        f"{tally.minutes} min of cramps" if tally.minutes else "",
        f"stretched on {tally.evenings_stretched} of {_count(tally.evenings, 'evening')}",
    ]
    return ", ".join(part for part in parts if part)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _picture(found: Statistics, nights: dict[date, Night], now: datetime) -> Iterator[str]:
    first, tonight = min(nights, default=night_of(now)), night_of(now)

    def cell(day: date) -> str:
        night = nights.get(day)
        if night is None:
            return "." if first <= day < tonight else ""
        kept = {"cramp": "x", "quiet": "o", "missing": "." if day < tonight else ""}[night.kept]
        return kept + ("+" if night.stretches else "")

    yield f"{'':12}{'Mo Tu We Th Fr Sa Su':22}{'cramp nights':16}{'stretched':16}water"
    for week in _shown(found):
        tally, water = week.tally, week.water
        cells = "".join(f"{cell(tally.first + timedelta(days=number)):3}" for number in range(7))
        cramps = _bar(tally.cramp_nights, tally.nights_recorded)
        stretched = _bar(tally.evenings_stretched, tally.evenings)
        drunk = f"{format_amount(round(water.amount_ml / water.days))} a day" if water.days else ""
        yield f"{tally.first}  {cells} {cramps:16}{stretched:16}{drunk}".rstrip()
    yield ""
    yield from _LEGEND


def _bar(part: int, whole: int) -> str:
    return f"{'█' * part}{'░' * (whole - part)}{' ' * (_BAR - whole)} {share(part, whole)}" if whole else ""


def _table(found: Statistics) -> Iterator[str]:
    """Yield the spans of time side by side; what nobody logged has no row."""
    spans = columns(found)
    yield _row("", spans)
    for words, values in logged_rows(spans.values()):
        lines = zip_longest(*(textwrap.wrap(value, _COLUMN - 1) for value in values), fillvalue="")
        yield from map(_row, chain([words], repeat("")), lines)


def _row(words: str, values: Iterable[str]) -> str:
    return f"{words:{_LABEL}}" + "".join(f"{value:{_COLUMN}}" for value in values).rstrip()
