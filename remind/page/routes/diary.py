"""The diary: weeks and nights at a glance, every entry with its corrections, and forms to add to it."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from remind.core.diary import Removal
from remind.core.statistics import Tally, statistics
from remind.core.summary import MEANING, NO_CAUSE, columns, comparison, logged_rows
from remind.core.times import ONE_DAY
from remind.page import entries
from remind.page.forms import Nothing, form
from remind.page.night_log import CrampForm, QuietForm, done_with, log_cramp, log_quiet_night
from remind.page.nights import DAYS, nights_in, short, weeks_of_nights
from remind.page.site import Site, site_of
from remind.store import log
from remind.store.diary import Diary

PAGE = "diary"
WEEKS = 8


async def show(request: Request) -> Response:
    """Show the diary, the latest entry first."""
    site = site_of(request)
    site.app.refresh()
    app, now = site.app, site.app.now()
    diary = app.store_for_reading.diary
    asked = request.query_params.get("from", "0")
    start = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 0
    nights = nights_in(diary)
    found = statistics(nights, now, WEEKS)
    spans = columns(found)
    return site.render(
        "diary.html",
        page=PAGE,
        weeks=weeks_of_nights(nights, now, WEEKS) if nights else [],
        days=DAYS,
        tallies=[_bars(week.tally) for week in found.weeks if week.tally.nights or week.tally.evenings],
        spans=list(spans),
        figures=logged_rows(spans.values()),
        notes=filter(None, (MEANING, comparison(found), NO_CAUSE)),
        **entries.listing(diary, nights, now, start, drinks=request.query_params.get("show") == "drinks"),
        edit=_edited(request.query_params.get("edit", ""), diary),
        yesterday=(now.astimezone(app.zone).date() - ONE_DAY).isoformat(),
        now=f"{now.astimezone(app.zone):%Y-%m-%dT%H:%M}",
        today=f"{now.astimezone(app.zone):%Y-%m-%d}",
    )


def _edited(entry_id: str, diary: Diary) -> dict[str, Any] | None:
    """Return what the form to correct the entry `entry_id` begins with, or None without such an entry."""
    return next((entries.to_edit(one) for one in diary.entries() if one.id == entry_id), None) if entry_id else None


def _bars(tally: Tally) -> dict[str, Any]:
    """Return a week as two bars of seven blocks: nights with a cramp of those logged, evenings with a stretch."""
    return {
        "monday": short(tally.first),
        "cramps": tally.cramp_nights,
        "logged": tally.nights_recorded,
        "stretched": tally.evenings_stretched,
        "evenings": tally.evenings,
        "severity": "" if tally.mean_severity is None else f"{tally.mean_severity:g}",
    }


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    id: str


def _removed(site: Site, sent: _Entry) -> str:
    app, now = site.app, site.app.now()
    entry = entries.entry_of(sent.id, app.store.diary)
    log.remove(entry, app.store.diary, now)
    return done_with("Removed", entry, now)


def _undone(site: Site, _sent: Nothing) -> str:
    now = site.app.now()
    row, again = log.undo(site.app.store.diary, now)
    undone = "Undone: a removal." if isinstance(row, Removal) else done_with("Undone", row, now)
    return " ".join([undone, *(done_with("Counts again", entry, now) for entry in again)])


ROUTES = [
    Route("/diary", show),
    form("/diary/cramp", CrampForm, log_cramp),
    form("/diary/quiet", QuietForm, log_quiet_night),
    form("/diary/medicine", entries.MedicineForm, entries.log_medicine),
    form("/diary/note", entries.NoteForm, entries.log_note),
    form("/diary/edit", entries.EditForm, entries.correct),
    form("/diary/remove", _Entry, _removed),
    form("/diary/undo", Nothing, _undone),
]
