"""How much slower commands, and one showing, are with ten and a hundred years of ledger and diary than with one."""

import math
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter

from measure import REMIND, Found, Row, cpu_ms, in_turns, own_home

from remind.app import App
from remind.core.diary import Cramp, Drink, QuietNight, Stretch, night_of
from remind.core.diary import Row as DiaryRow
from remind.core.reminders import Calendar, upcoming
from remind.files import Folders
from remind.settings import model
from remind.store.database import Database
from remind.store.diary import new_id
from remind.store.ledger import Event, event
from remind.store.store import Store

YEARS = (0, 1, 10, 100)
TURNS, SHOWINGS = 5, 30
LINES = ("next", "status", "stats", "history", "history --days 3660", "report -", "export -")
SHOWING = "one showing"
FLAT = ("next", "status", SHOWING)
NOISE = 1.15
"""What takes at most this many times as long as with an empty database does not grow."""

BAR = 1.0
"""The highest exponent: ten times as much takes at most ten times as long."""

_YEARS_BEFORE = "WITH RECURSIVE year(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM year WHERE n < ?)"
_SHIFTED = "strftime('%Y-%m-%dT%H:%M:%f000Z', {}, (-365 * n) || ' days')"
_MORE_DIARY = f"""{_YEARS_BEFORE} INSERT INTO diary
    (id, kind, at, at_offset_s, written_at, written_at_offset_s, replaces, details, imported)
    SELECT id || n, kind, {_SHIFTED.format("at")}, at_offset_s, {_SHIFTED.format("written_at")}, written_at_offset_s,
    replaces, iif(kind = 'quiet-night', json_set(details, '$.night', date(details ->> 'night', (-365 * n) || ' days')),
    details), imported FROM year, diary ORDER BY n"""
_MORE_EVENTS = f"""{_YEARS_BEFORE} INSERT INTO event
    (occurrence, reminder, due, due_offset_s, what, at, at_offset_s, channel, confirmed, reason)
    SELECT occurrence || n, reminder, {_SHIFTED.format("due")}, due_offset_s, what, {_SHIFTED.format("at")},
    at_offset_s, channel, confirmed, reason FROM year, event ORDER BY n"""


def measured(folder: Path) -> Found:
    now = datetime.now(UTC)
    homes = {years: folder / str(years) for years in YEARS}
    for years, home in homes.items():
        _fill(_folders(home), years, now)
    for line in LINES:
        command = [*REMIND, *line.split()]
        actions = {str(years): partial(cpu_ms, command, own_home(home)) for years, home in homes.items()}
        yield from _rows(line, in_turns(actions, TURNS))
    apps = {str(years): App(_folders(home)) for years, home in homes.items()}
    yield from _rows(SHOWING, in_turns({years: partial(_showing_ms, app) for years, app in apps.items()}, SHOWINGS))


def _rows(what: str, taken: dict[str, float]) -> Found:
    empty, year, tenfold, hundredfold = taken.values()
    grows = hundredfold > NOISE * empty
    exponent = math.log10((hundredfold - empty) / max(tenfold - empty, empty / 20)) if grows else 0.0
    flat = NOISE if what in FLAT else None
    yield Row(f"{what}, 100 years", hundredfold, "ms", "ms 1 year", year, flat)
    yield Row(f"{what}, exponent", round(exponent, 1), "", "linear", 1.0, BAR)


def _showing_ms(app: App) -> float:
    """Return how long it takes to find out what is due, to record that it is shown, and to find what comes next."""
    now = app.now()
    began = perf_counter()
    occurrence = app.schedule.entries("stretch", now)[-1].occurrence
    for what in ("showing", "shown"):
        app.store.ledger.note(occurrence, what, now, app.zone, reason="due now")  # type: ignore[arg-type]
    app.schedule.entries("stretch", now)
    return (perf_counter() - began) * 1000


def _folders(home: Path) -> Folders:
    """Return the folders of somebody who lives in `home`, on a system that follows XDG."""
    share = home / ".local" / "share" / "remind"
    return Folders(home / ".config" / "remind", share, home / ".local" / "state" / "remind")


def _fill(folders: Folders, years: int, now: datetime) -> None:
    """Fill the database with a year, and with copies of it for the years before."""
    calendar = model.read_table({}).calendar(UTC)
    with Database.open(folders.database, now) as database:
        store = Store(database)
        store.diary.merge(_diary(now) if years else ())
        with database.transaction() as connection:
            for one in _shown(calendar, now) if years else ():
                store.ledger.note_in(connection, one)
            if years > 1:
                for statement in (_MORE_DIARY, _MORE_EVENTS):
                    connection.execute(statement, (years - 1,))


def _diary(now: datetime) -> Iterator[DiaryRow]:
    """Yield eight entries a day: a stretch, a night and six glasses."""
    chance = random.Random(1)  # noqa: S311 - the same diary each time
    for day in range(365):
        at = now - timedelta(days=day)
        said = {"at": at, "written_at": at}
        yield Stretch(id=new_id(), routine="wall-calf", planned_s=120, held_s=120, complete=True, **said)
        if chance.random() < 0.3:
            yield Cramp(id=new_id(), leg="left", severity=5, minutes=4, woke=True, **said)
        else:
            yield QuietNight(id=new_id(), night=night_of(at), **said)
        for hour in range(6):
            drunk = at - timedelta(hours=hour)
            yield Drink(id=new_id(), at=drunk, written_at=drunk, amount_ml=200)


def _shown(calendar: Calendar, now: datetime) -> Iterator[Event]:
    """Yield that each reminder was shown and then missed."""
    for occurrence in upcoming(calendar, now - timedelta(days=365), now - timedelta(hours=3)):
        for what in ("showing", "shown", "missed"):
            yield event(occurrence, what, occurrence.due, UTC, channel="dbus", confirmed=True, reason="due now")
