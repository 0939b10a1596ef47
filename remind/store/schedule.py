"""The schedule query: what is due now and next, by the rules and the store."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import cached_property

import msgspec

from remind.core.agenda import LOOK_BACK, Entry, agenda, answered_evenings, span
from remind.core.decide import Context, Presence
from remind.core.diary import Cramp, Drink, QuietNight, Stretch
from remind.core.hydration import drunk_ml, on_pace
from remind.core.night import Question, answered_nights, question
from remind.core.reminders import NIGHT, STRETCH, WATER, Calendar, Occurrence, between, water_hours
from remind.core.times import ONE_DAY, waking_day
from remind.core.units import format_amount
from remind.store.store import Store

_WATCHED = "watched"
_DECODER = msgspec.json.Decoder(dict[str, datetime])
_MOMENT = timedelta(seconds=1)
_MARGIN = timedelta(days=2)
"""An entry is nearer than this to the due time of the evening or night that it answers, in any zone."""


class Schedule:
    """The reminders of `calendar`, with what `store` knows about each."""

    def __init__(self, store: Store, calendar: Calendar) -> None:
        self.calendar = calendar
        self._store = store

    def entries(
        self,
        reminder: str,
        now: datetime,
        presence: Callable[[], Presence] | None = None,
        *,
        session_running: bool = False,
        look_back: bool = False,
    ) -> list[Entry]:
        """Return the agenda of `reminder` at `now`: what is open or newly over, and the next that will be shown.

        `presence` is asked only if something is to be shown. With `look_back`, the agenda begins with the first
        occurrence of the last two weeks whose end is not in the ledger, even if the service dealt with later ones: the
        clock may have been set back and forward again.
        """
        accounted = self._accounted(reminder, now)
        unclosed = self._store.ledger.unclosed(reminder, now - LOOK_BACK, now) if look_back else None
        since, until = span(now, accounted, unclosed)
        context = Context(
            zone=self.calendar.zone,
            paused_until=self._store.ledger.paused_until(now),
            session_running=session_running,
            insist=self.calendar.insists(reminder),
            on_pace=self._on_pace(now) if reminder == WATER else "",
        )
        records = self._store.ledger.records(reminder, since - ONE_DAY, until + ONE_DAY)
        answered = self.answered_by_diary(reminder, since, now)
        occurrences = between(self.calendar, reminder, since, until)
        return agenda(occurrences, records, context, now, accounted, answered, presence)

    def watch(self, now: datetime) -> None:
        """Record since when each reminder is on: what was due while it was off was not missed."""
        before = self._watched
        after = {name: min(before.get(name, now), now) for name in self.calendar.reminders}
        if after != before:
            self._store.key_values.set(_WATCHED, msgspec.json.encode(after).decode())
            self._watched = after

    def answered_by_diary(self, reminder: str, since: datetime, now: datetime) -> dict[date, datetime]:
        """Return when an entry in the diary answered each day of `reminder` that was due from `since` on."""
        if reminder == STRETCH:
            return answered_evenings(self.calendar, self._store.diary.of(Stretch, since - _MARGIN, now + _MOMENT))
        return answered_nights(self.calendar, self._nights(since, now)) if reminder == NIGHT else {}

    def question(self, occurrence: Occurrence, now: datetime) -> Question:
        """Return what `occurrence` asks about its night; nothing, unless it is of the reminder `night`."""
        if occurrence.reminder != NIGHT:
            return Question()
        since, night = now - LOOK_BACK, occurrence.day
        records, answered = self._store.ledger.records(NIGHT, since, now), self.answered_by_diary(NIGHT, since, now)
        return question(night, self._nights(since, now), records, answered)

    def _nights(self, since: datetime, now: datetime) -> list[Cramp | QuietNight]:
        diary = self._store.diary
        return [*diary.of(Cramp, since - _MARGIN, now + _MARGIN), *diary.of(QuietNight, since - _MARGIN, now + _MARGIN)]

    def drinks(self, now: datetime) -> tuple[date, list[Drink]]:
        """Return the day that `now` belongs to, and the drinks of that day."""
        day, start, end = waking_day(self.calendar.days, now, self.calendar.zone)
        return day, self._store.diary.of(Drink, start, end)

    def _on_pace(self, now: datetime) -> str:
        target = self.calendar.water.target
        if target is None:
            return ""
        day, drinks = self.drinks(now)
        if not on_pace(drinks, target, *water_hours(self.calendar, day), now):
            return ""
        return f"on pace: {format_amount(drunk_ml(drinks))} of {format_amount(target)} drunk"

    def _accounted(self, reminder: str, now: datetime) -> datetime:
        watched = min(self._watched.get(reminder, now), now)  # the clock may have been set back since
        return max(watched, self._store.ledger.accounted(reminder, now) or watched)

    @cached_property
    def _watched(self) -> dict[str, datetime]:
        """Since when each reminder is on. Only `watch` changes it, which the service alone calls."""
        with suppress(msgspec.DecodeError):  # it is garbled, and written anew
            return _DECODER.decode(self._store.key_values.get(_WATCHED) or "{}")
        return {}
