"""The report for a doctor: as a file of its own, and as a sheet on the page."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import takewhile
from typing import Any, TypeVar

from markupsafe import Markup, escape

from remind.core.diary import Cramp, Entry, Medicine, Note, night_of_cramp
from remind.core.entries import day_words
from remind.core.statistics import Night, Statistics, Tally, Week, by_night, first_day, statistics
from remind.core.summary import FIRST, LAST, MEANING, NO_CAUSE, NOTHING, comparison, rows, share
from remind.core.times import ONE_DAY
from remind.page.nights import nights_in, short
from remind.page.templating import FOLDER, templates
from remind.store.diary import Diary

_Noted = TypeVar("_Noted", Cramp, Note)

WEEKS = 52
"""How many weeks a report covers unless a person says."""
MOST_WEEKS = 520

_MOST_BARS = 53
"""The most weeks that are drawn: those of the last year."""
_MOST_LINES = 5
"""The most medicines drawn below the weeks, so that the summary stays on one page; a table has all of them."""
_MOST_BYTES = 150_000
"""About how many bytes the lists take, so that the file can be sent anywhere."""
_ROW_BYTES = 190
"""About how many bytes a cramp takes without its note."""

_WIDTH, _LEFT = 700, 46
_BARS_TOP, _NIGHT = 14, 14
"""Where the bars begin, and how high one night is drawn."""
_BASE = _BARS_TOP + 7 * _NIGHT
_STRIP = _BASE + 30
_LINES_TOP, _LINE = _STRIP + 26, 21
_MOST_LABELS = 13
_LABEL, _LETTER = 44, 6.6
"""How wide a date below a bar is, and a letter of the name of a medicine."""


def entries_in(diary: Diary) -> list[Entry]:
    """Return the entries of `diary` that a report tells of."""
    return [*nights_in(diary), *diary.of(Medicine), *diary.of(Note)]


def report_html(entries: Iterable[Entry], now: datetime, weeks: int) -> str:
    """Return the report on the last `weeks` weeks of `entries` as one HTML file that needs no other."""
    style = Markup((FOLDER / "static" / "report.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    return templates().get_template("report_file.html").render(style=style, sheet=sheet(entries, now, weeks))


def sheet(entries: Iterable[Entry], now: datetime, weeks: int) -> dict[str, Any]:
    """Return what the report on the last `weeks` weeks of `entries` says, for its template."""
    entries = list(entries)
    found = statistics(entries, now, weeks, first_day(now, weeks))
    first, last, whole = found.baseline, found.recent, found.whole
    if first is None or last is None or whole is None:
        return {"empty": True}
    nights = by_night(entries)
    cramps = [cramp for day in _days(whole) for cramp in nights.get(day, Night()).cramps]
    taken = _taken(entries, whole)
    medicines = [[one.name, _day(one.since), _day(one.until) if one.until else "goes on", one.note] for one in taken]
    room = _MOST_BYTES - sum(_bytes(*row) for row in medicines)
    noted = _noted(entries, whole)
    written = _that_fit(noted, room // 2)
    listed = _that_fit(cramps, room - sum(_bytes(one.note) for one in written))
    # In a young diary, the first or the last weeks are the whole.
    parts = {name: one for name, one in ((FIRST, first), (LAST, last)) if one.nights < whole.nights}
    columns = parts | {_all_weeks(whole): whole}
    return {
        "empty": False,
        "period": _span(whole.first, whole.last),
        "nights": share(whole.nights_recorded, whole.nights),
        "printed": _day(now.date()),
        "columns": [(name, _span(tally.first, tally.last)) for name, tally in columns.items()],
        "rows": rows(columns.values()),
        "notes": [*filter(None, [comparison(found)]), MEANING, NO_CAUSE],
        "chart": _chart(found, taken),
        "medicines": medicines,
        "written": [[_day(one.at.date()), one.note] for one in written],
        "unwritten": len(noted) - len(written),
        "cramps": [_cramp_row(cramp, nights) for cramp in listed],
        "unlisted": len(cramps) - len(listed),
    }


def _days(tally: Tally) -> list[date]:
    return [tally.first + ONE_DAY * number for number in range((tally.last - tally.first).days + 1)]


def _all_weeks(whole: Tally) -> str:
    weeks = -(-len(_days(whole)) // 7)
    return "all" if weeks == 1 else f"all {weeks} weeks"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _span(first: date, last: date) -> str:
    """Return a span of days in words, with the year once if it is the same: "31 Aug to 22 Nov 2026"."""
    begin = short(first) if first.year == last.year else _day(first)
    return _day(last) if first == last else f"{begin} to {_day(last)}"


def _that_fit(entries: list[_Noted], room: int) -> list[_Noted]:
    """Return the latest of `entries`, as many as `room` bytes hold."""

    def fits(entry: Cramp | Note) -> bool:
        nonlocal room
        room -= _bytes(entry.note)
        return room >= 0

    return list(takewhile(fits, reversed(entries)))[::-1]


def _bytes(*written: str) -> int:
    """Return about how many bytes a row takes in which `written` was typed by the person."""
    return _ROW_BYTES + sum(len(escape(words).encode()) for words in written)


def _cramp_row(cramp: Cramp, nights: Mapping[date, Night]) -> list[str]:
    night = night_of_cramp(cramp)
    several = f" ({cramp.count} cramps)" if cramp.count > 1 else ""
    return [
        day_words(night),
        f"{'not known' if cramp.at is None else f'{cramp.at:%H:%M}'}{several}",
        ", ".join(filter(None, (cramp.leg, cramp.place))) or NOTHING,
        _number(cramp.severity),
        "<1" if cramp.minutes == 0 else _number(cramp.minutes),
        _number(cramp.disturbance),
        _number(cramp.soreness),
        {None: NOTHING, True: "yes", False: "no"}[cramp.woke],
        "yes" if nights[night].stretches else "no",
        cramp.note,
    ]


def _number(value: int | None) -> str:
    return NOTHING if value is None else str(value)


def _taken(entries: Iterable[Entry], whole: Tally) -> list[Medicine]:
    """Return the medicines that were taken at any time of the period, by their first day."""
    medicines = (entry for entry in entries if isinstance(entry, Medicine))
    taken = [one for one in medicines if one.since <= whole.last + ONE_DAY and (one.until or date.max) >= whole.first]
    return sorted(taken, key=lambda one: (one.since, one.name))


def _noted(entries: Iterable[Entry], whole: Tally) -> list[Note]:
    """Return the notes of the period and of the day on which its last night ended, in their order."""
    notes = (entry for entry in entries if isinstance(entry, Note))
    inside = (one for one in notes if whole.first <= one.at.date() <= whole.last + ONE_DAY)
    return sorted(inside, key=lambda one: one.at)


def _chart(found: Statistics, medicines: list[Medicine]) -> dict[str, Any]:
    """Return the weeks as bars, from the first with a night that counts, and each medicine as a line below."""
    weeks = [week for week in found.weeks if week.tally.nights or week.tally.evenings][-_MOST_BARS:]
    step = (_WIDTH - _LEFT) / max(8, len(weeks))
    every = -(-len(weeks) // _MOST_LABELS)
    drawn = medicines[-_MOST_LINES:]
    bars = [_bar(week, _LEFT + step * place, step, labelled=place % every == 0) for place, week in enumerate(weeks)]
    first = weeks[0].tally.first
    lines = [
        _line(one, _LINES_TOP + _LINE * place, first, step / 7, _LEFT + step * len(weeks))
        for place, one in enumerate(drawn)
    ]
    return {
        "width": _WIDTH,
        "height": _LINES_TOP + _LINE * len(lines) - 8,
        "left": _LEFT,
        "right": round(_LEFT + step * len(weeks), 1),
        "base": _BASE,
        "strip": _STRIP,
        "levels": [(count, _BASE - count * _NIGHT) for count in (0, 7)],
        "bars": bars,
        "lines": lines,
        "undrawn": len(medicines) - len(drawn),
        "only": len(weeks) if len(weeks) == _MOST_BARS else None,
        "words": ", ".join(_week_words(week) for week in weeks),
    }


def _week_words(week: Week) -> str:
    tally = week.tally
    return f"week of {short(tally.first)}: {share(tally.cramp_nights, tally.nights_recorded)}"


def _bar(week: Week, x: float, step: float, *, labelled: bool) -> dict[str, Any]:
    tally, gap = week.tally, min(6.0, step / 5)
    high, full = tally.cramp_nights * _NIGHT, tally.nights_recorded * _NIGHT
    return {
        "x": round(x + gap / 2, 1),
        "width": round(step - gap, 1),
        "top": _BASE - full,
        "logged": full,
        "cramps": high,
        "number": _above(tally, step),
        "middle": round(x + step / 2, 1),
        "stretched": tally.evenings_stretched * 2,
        "label": short(tally.first) if labelled and x + _LABEL <= _WIDTH else "",
    }


def _above(tally: Tally, step: float) -> str:
    """Return what is written above the bar of a week: as much as there is room for."""
    if not tally.nights_recorded or step < 14:
        return ""
    return share(tally.cramp_nights, tally.nights_recorded) if step > 36 else str(tally.cramp_nights)


def _line(one: Medicine, y: int, first: date, per_day: float, right: float) -> dict[str, Any]:
    begin = max(_LEFT, _LEFT + (one.since - first).days * per_day)
    end = right if one.until is None else min(right, _LEFT + ((one.until - first).days + 1) * per_day)
    until = f" to {_day(one.until)}" if one.until else ""
    name = one.name if len(one.name) <= 40 else f"{one.name[:39]}…"
    words = f"{name}, from {_day(one.since)}{until}"
    fits = begin + len(words) * _LETTER <= _WIDTH
    return {
        "y": y,
        "x1": round(begin, 1),
        "x2": round(max(end, begin + 2), 1),
        "begins": one.since >= first,
        "goes_on": one.until is None,
        "words": words,
        "x": round(begin, 1) if fits else _WIDTH,
        "anchor": "start" if fits else "end",
    }
