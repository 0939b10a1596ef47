"""The question how the night was: which nights the diary has answered, and what is asked about one."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

import msgspec

from remind.core.agenda import LOOK_BACK
from remind.core.decide import OccurrenceRecord
from remind.core.diary import Cramp, QuietNight, night_of_cramp
from remind.core.reminders import NIGHT, Calendar, woken_after
from remind.core.times import ONE_DAY

_WEEK = 7


class Question(msgspec.Struct, frozen=True):
    """What is asked about a night."""

    cramps: tuple[Cramp, ...] = ()
    """Those of this night that are logged already."""
    stop: bool = False
    """Whether to offer to stop asking, since nobody has answered for a week."""


def answered_nights(calendar: Calendar, entries: Iterable[Cramp | QuietNight]) -> dict[date, datetime]:
    """Return when one of `entries` first said how each night was.

    If the rules ask again, a cramp that was logged before waking leaves the night open.
    """
    answered: dict[date, datetime] = {}
    for entry in entries:
        for night in _nights_of(calendar, entry):
            asleep = isinstance(entry, Cramp) and entry.written_at < woken_after(calendar, night)
            if not (asleep and calendar.night.ask_again):
                answered[night] = min(entry.written_at, answered.get(night, entry.written_at))
    return answered


def _nights_of(calendar: Calendar, entry: Cramp | QuietNight) -> Iterator[date]:
    """Yield the night of `entry`; for a person who was still asleep after noon, also the one before."""
    night = entry.night if isinstance(entry, QuietNight) else night_of_cramp(entry)
    yield night
    if isinstance(entry, Cramp) and entry.at is not None and entry.at <= woken_after(calendar, night - ONE_DAY):
        yield night - ONE_DAY


def question(
    night: date,
    entries: Iterable[Cramp | QuietNight],
    records: Mapping[str, OccurrenceRecord],
    answered: Mapping[date, datetime],
) -> Question:
    """Return what to ask about `night`; `records` has what the ledger knows of earlier ones, by occurrence key."""
    cramps = tuple(one for one in entries if isinstance(one, Cramp) and night_of_cramp(one) == night)
    unanswered = 0
    for number in range(1, LOOK_BACK.days):
        before = night - number * ONE_DAY
        record = records.get(f"{NIGHT}/{before}")
        if before in answered or (record and record.answer):
            break
        unanswered += bool(record and record.shown)
    return Question(cramps, stop=unanswered >= _WEEK)
