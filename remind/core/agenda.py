"""Which occurrences of a reminder matter now, what to do with each, and when to decide again."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import chain, pairwise

import msgspec

from remind.core.decide import Context, Decision, OccurrenceRecord, Presence, decide
from remind.core.diary import RELIEF, Stretch
from remind.core.reminders import STRETCH, Calendar, Occurrence, on_day
from remind.core.times import ONE_DAY, evening_of, next_wake, wake

LOOK_BACK = timedelta(days=14)
"""How far back occurrences are still recorded after the machine was off."""

_OPEN = timedelta(hours=25)
"""No window is longer than the longest day, so nothing that was due before this is still open."""

_AHEAD = timedelta(days=8)
"""A reminder on one weekday is due again within this."""


class Entry(msgspec.Struct, frozen=True):
    """An occurrence, what the ledger knows about it, and what was decided."""

    occurrence: Occurrence
    record: OccurrenceRecord
    decision: Decision

    @property
    def needs_recording(self) -> bool:
        """Return whether the decision ends or holds the occurrence and the ledger does not say so yet."""
        decision, record = self.decision, self.record
        match decision.state:
            case "held":
                return record.held != decision.reason
            case "dropped" | "missed":
                return (record.closed, record.reason) != (decision.state, decision.reason)
            case _:
                return False

    @property
    def reported(self) -> Decision:
        """Return the decision for commands, which do not ask the desktop: what the service holds counts as held."""
        if self.decision.action == "show" and self.record.held:
            return Decision("hold", "held", self.record.held)
        return self.decision


def span(now: datetime, accounted: datetime, unclosed: datetime | None = None) -> tuple[datetime, datetime]:
    """Return the first and last instant to look at; all before `accounted` and `unclosed` is recorded already.

    `unclosed` is the due time of the first occurrence whose end is not in the ledger. If the clock was set back and
    forward again, that may be long before `accounted`.
    """
    since = min(accounted, unclosed or accounted, now - _OPEN)
    return max(since, now - LOOK_BACK), now + _AHEAD


def agenda(
    occurrences: Iterable[Occurrence],
    records: Mapping[str, OccurrenceRecord],
    context: Context,
    now: datetime,
    accounted: datetime,
    answered: Mapping[date, datetime] = {},
    presence: Callable[[], Presence] | None = None,
) -> list[Entry]:
    """Return each of `occurrences` that is open, ended since `accounted`, or is in the ledger or the diary.

    The last one is the next that will be shown.

    Args:
        occurrences: Those of one reminder within `span`, by time.
        records: What the ledger knows, by occurrence key.
        context: What is the same for all occurrences; the rest is filled in here.
        accounted: When the reminder was switched on, or the due time of the last occurrence in the ledger.
        answered: When the diary answered each evening or night, as `answered_evenings` or `answered_nights` returns it.
        presence: Called only for what would be shown otherwise, since it asks the desktop several times.
    """
    entries: list[Entry] = []
    for occurrence, following in pairwise(chain(occurrences, (None,))):
        assert occurrence is not None  # only the last one is
        record, done_at = records.get(occurrence.key), answered.get(occurrence.day)
        if occurrence.ends <= accounted and record is None and done_at is None:
            continue
        here = msgspec.structs.replace(context, done_at=done_at, next_due=following.due if following else None)
        record = record or OccurrenceRecord()
        decision = decide(occurrence, record, here, now)
        if decision.action == "show" and presence is not None:
            decision = decide(occurrence, record, msgspec.structs.replace(here, presence=presence()), now)
        entries.append(Entry(occurrence, record, decision))
        if occurrence.due > now and decision.action != "drop":
            break
    return entries


def tonight(calendar: Calendar, entries: list[Entry], now: datetime) -> Entry | None:
    """Return the one of `entries` that is the stretch of this evening, or once the person is up, of the one to come.

    None if this evening's window was over before the reminder was set up.
    """
    evening = evening_of(now, calendar.zone)
    this = next(iter(on_day(calendar, STRETCH, evening)), None)
    if this is None or next_wake(calendar.days, this.due, calendar.zone) <= now:
        return next((entry for entry in entries if entry.occurrence.day > evening), None)
    return next((entry for entry in entries if entry.occurrence.day == evening), None)


def next_fire_time(entries: Iterable[Entry], now: datetime) -> datetime | None:
    """Return when to decide again: now if there is something to show or record; None if nothing is to come."""
    fire_times = []
    for entry in entries:
        if entry.decision.action == "show" or entry.needs_recording:
            fire_times.append(now)
        elif entry.decision.until is not None:
            fire_times.append(entry.decision.until)
    return min(fire_times, default=None)


def answered_evenings(calendar: Calendar, sessions: Iterable[Stretch]) -> dict[date, datetime]:
    """Return when one of `sessions` first answered each evening; relief and incomplete sessions answer none."""
    answered: dict[date, datetime] = {}
    for session in sorted(sessions, key=lambda one: one.at):
        if session.complete and session.routine != RELIEF:
            evening = evening_answered(calendar, session.at)
            if evening is not None:
                answered.setdefault(evening, session.at)
    return answered


def evening_answered(calendar: Calendar, session: datetime) -> date | None:
    """Return the evening that a session completed at `session` answers.

    From the afternoon until the person gets up, that is the evening of the day; in the morning, none.
    """
    zone = calendar.zone
    if session.tzinfo is not None and session.utcoffset() != session.astimezone(zone).utcoffset():
        # The person has travelled since then; the evening is the one where the session was.
        zone = session.tzinfo
        calendar = msgspec.structs.replace(calendar, zone=zone)
    evening = evening_of(session, zone)
    # With a bedtime around noon, the window may be open a little outside its own evening.
    for day in (evening + ONE_DAY, evening, evening - ONE_DAY):
        if any(one.due <= session <= one.ends for one in on_day(calendar, STRETCH, day)):
            return day
    up = wake(calendar.days, evening + ONE_DAY, zone)
    return evening if session <= up and on_day(calendar, STRETCH, evening) else None
