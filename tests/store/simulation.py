"""Days of reminders with a clock that tests move: what the service does, with the real rules and the real store.

Every rule that must hold is checked at every step.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import msgspec

from remind.core.agenda import Entry, next_fire_time
from remind.core.decide import PUNCTUAL, Answer, Presence
from remind.core.diary import Stretch
from remind.core.reminders import STRETCH, WATER, Calendar, between
from remind.store.database import Database
from remind.store.diary import new_id
from remind.store.ledger import Event, What, fold, grouped
from remind.store.schedule import Schedule
from remind.store.store import Store

COARSE = timedelta(minutes=20)
"""A held reminder is checked this often, and not every half minute, to save time."""

EVER, NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Simulation:
    """Days in which a person answers, stretches, pauses and travels, and the computer sleeps."""

    def __init__(self, calendar: Calendar, now: datetime) -> None:
        self.calendar = calendar
        self.now = now
        self._started = self._settled_since = self._furthest = now
        self._travelled = False
        self.store = Store(Database.open_for_reading(Path("in memory"), now))
        self.presence = Presence()
        self.channel_works = True
        self.schedule.watch(now)
        self.deliver()

    @property
    def schedule(self) -> Schedule:
        """The schedule as the service would query it now."""
        return Schedule(self.store, self.calendar)

    @property
    def events(self) -> list[Event]:
        """Every event in the ledger."""
        return self.store.ledger.events(EVER, NEVER)

    def entries(self, reminder: str) -> list[Entry]:
        """Return the agenda now, as the service sees it."""
        return self.schedule.entries(reminder, self.now, lambda: self.presence)

    def sleep(self, length: timedelta) -> None:
        """Let the computer sleep for `length`, or set its clock by as much."""
        self._furthest = max(self._furthest, self.now)
        if length < timedelta() and self._travelled:
            self._settled_since = self._furthest
        self.now += length
        self._catch_up()
        self.deliver()

    def wait(self, length: timedelta) -> None:
        """Let time pass while the service runs."""
        end = self.now + length
        while self.now < end:
            fire_times = [next_fire_time(self.entries(name), self.now) for name in self.calendar.reminders]
            first = min(fire_time for fire_time in fire_times if fire_time is not None)
            waiting = self.presence != Presence() or not self.channel_works
            self.now = min(max(first, self.now + COARSE) if waiting else first, end)
            self.deliver()

    def travel(self, zone: tzinfo) -> None:
        """Move to `zone`."""
        self.calendar = msgspec.structs.replace(self.calendar, zone=zone)
        self._travelled = True
        self._settled_since = self._furthest = max(self._furthest, self.now)
        self._catch_up()
        self.deliver()

    def stretch(self) -> None:
        """Complete a session now."""
        at = self.now.astimezone(self.calendar.zone)
        session = Stretch(
            id=new_id(), at=at, written_at=at, routine="wall-calf", planned_s=120, held_s=120, complete=True
        )
        self.store.diary.add(session)
        self.deliver()

    def pause(self, length: timedelta | None) -> None:
        """Pause for `length` from now; None ends a pause."""
        self.store.ledger.pause(self.now, None if length is None else self.now + length)
        self.deliver()

    def answer(self, reminder: str, given: Answer, length: timedelta | None = None) -> bool:
        """Answer the occurrence of `reminder` that is due; return whether there was one."""
        for entry in self.entries(reminder):
            if entry.occurrence.due <= self.now and entry.decision.action != "drop":
                until = min(self.now + length, entry.occurrence.ends) if length else None
                self._note(entry, given, until=until)
                self.deliver()
                return True
        return False

    def deliver(self) -> None:
        """Carry out the decisions, check the rules, and check that a second time would change nothing."""
        for name in self.calendar.reminders:
            for entry in self.entries(name):
                self._carry_out(entry)
            after = self.entries(name)
            assert not any(entry.needs_recording for entry in after)
            assert not any(entry.decision.action == "show" for entry in after)
            still_open = [
                entry for entry in after if entry.decision.action != "drop" and entry.occurrence.due <= self.now
            ]
            assert len(still_open) <= 1, "two occurrences of one reminder are open"
            fire_time = next_fire_time(after, self.now)
            assert fire_time is not None, "no fire time is left"
            assert fire_time > self.now

    def assert_all_accounted(self) -> None:
        """Check that everything due until two days ago is answered, dropped or missed, with a reason.

        What was due before the last journey is skipped, since it is not due here.
        """
        records = {key: fold(events) for key, events in grouped(self.events).items()}
        start = max(self._started, self._settled_since, self.now - timedelta(days=13))
        stretched = self.schedule.answered_by_diary(STRETCH, start, self.now)
        for name in self.calendar.reminders:
            for one in between(self.calendar, name, start, self.now - timedelta(days=2)):
                if name == STRETCH and one.day in stretched:
                    continue
                record = records.get(one.key)
                assert record is not None, one
                assert record.answer in ("done", "skipped") or (record.closed and record.reason), one

    def _catch_up(self) -> None:
        """Close what ended meanwhile, as the service does after each change of clock or zone."""
        for name in self.calendar.reminders:
            for entry in self.schedule.entries(name, self.now, look_back=True):
                if entry.decision.action == "drop":
                    self._carry_out(entry)

    def _carry_out(self, entry: Entry) -> None:
        if entry.decision.action == "show":
            self._assert_may_be_shown(entry)
            if self.channel_works:
                self._note(entry, "shown")
            else:
                self._note(entry, "failed", reason="no bus")
        elif entry.needs_recording:
            self._note(entry, entry.decision.state, reason=entry.decision.reason)  # type: ignore[arg-type]
            assert entry.decision.reason

    def _assert_may_be_shown(self, entry: Entry) -> None:
        occurrence, record = entry.occurrence, entry.record
        assert occurrence.due <= self.now <= occurrence.ends + PUNCTUAL
        assert self.store.ledger.paused_until(self.now) is None
        assert self.presence == Presence()
        since_due = [at for at in record.shown if at >= occurrence.due]
        if record.answer in ("done", "skipped"):
            assert occurrence.reminder == WATER, "an answered evening was shown again"
            assert record.answered_at is not None
            assert record.answered_at < occurrence.due, "an answered glass was shown again"
        if since_due and record.answer is None:
            assert occurrence.repeat is not None
            assert self.now - since_due[-1] >= occurrence.repeat
            assert len(since_due) < occurrence.times

    def _note(self, entry: Entry, what: What, **details: object) -> None:
        self.store.ledger.note(entry.occurrence, what, self.now, self.calendar.zone, **details)
