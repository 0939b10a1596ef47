"""Some days in the life of the reminders, with no clock but the one that is moved: what the service does, played with
the real rules and the real reading of the ledger, and every rule that must hold looked at on the way."""

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
"""What is held is looked at this often, and not each half minute, to be quick."""

EVER, NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Course:
    """Days in which a person sleeps, answers, pauses and travels; `calendar`, `now` and the rest may be set freely."""

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
        """What the service asks, with the calendar of now."""
        return Schedule(self.store, self.calendar)

    @property
    def events(self) -> list[Event]:
        """Everything in the ledger."""
        return self.store.ledger.events(EVER, NEVER)

    def entries(self, reminder: str) -> list[Entry]:
        """The agenda now, as the service sees it."""
        return self.schedule.entries(reminder, self.now, lambda: self.presence)

    def sleep(self, length: timedelta) -> None:
        """The computer sleeps, and wakes after `length`; or its clock is set by so much."""
        self._furthest = max(self._furthest, self.now)
        if length < timedelta() and self._travelled:
            self._settled_since = self._furthest
        self.now += length
        self._catch_up()
        self.deliver()

    def wait(self, length: timedelta) -> None:
        """Time passes while the service runs."""
        end = self.now + length
        while self.now < end:
            fire_times = [next_fire_time(self.entries(name), self.now) for name in self.calendar.reminders]
            first = min(fire_time for fire_time in fire_times if fire_time is not None)
            waiting = self.presence != Presence() or not self.channel_works
            self.now = min(max(first, self.now + COARSE) if waiting else first, end)
            self.deliver()

    def travel(self, zone: tzinfo) -> None:
        """The clocks are those of `zone` from now on."""
        self.calendar = msgspec.structs.replace(self.calendar, zone=zone)
        self._travelled = True
        self._settled_since = self._furthest = max(self._furthest, self.now)
        self._catch_up()
        self.deliver()

    def stretch(self) -> None:
        """A whole session ends now."""
        at = self.now.astimezone(self.calendar.zone)
        session = Stretch(
            id=new_id(), at=at, written_at=at, routine="wall-calf", planned_s=120, held_s=120, complete=True
        )
        self.store.diary.add(session)
        self.deliver()

    def pause(self, length: timedelta | None) -> None:
        """Everything is held for `length` from now; None ends a pause."""
        self.store.ledger.pause(self.now, None if length is None else self.now + length)
        self.deliver()

    def answer(self, reminder: str, given: Answer, length: timedelta | None = None) -> bool:
        """Answer what is due of `reminder`; whether anything was."""
        for entry in self.entries(reminder):
            if entry.occurrence.due <= self.now and entry.decision.action != "drop":
                until = min(self.now + length, entry.occurrence.ends) if length else None
                self._note(entry, given, until=until)
                self.deliver()
                return True
        return False

    def deliver(self) -> None:
        """Do what the decisions say, look at the rules, and see that doing it again at once would change nothing."""
        for name in self.calendar.reminders:
            for entry in self.entries(name):
                self._carry_out(entry)
            after = self.entries(name)
            assert not any(entry.needs_recording for entry in after)
            assert not any(entry.decision.action == "show" for entry in after)
            standing = [
                entry for entry in after if entry.decision.action != "drop" and entry.occurrence.due <= self.now
            ]
            assert len(standing) <= 1, "two of one reminder stand open"
            fire_time = next_fire_time(after, self.now)
            assert fire_time is not None, "nothing is ever looked at again"
            assert fire_time > self.now

    def assert_all_accounted(self) -> None:
        """Everything that was due two days ago and before is answered, dropped or missed, with a reason.

        Left out is what lies before the last journey, for what was due there is no more due here.
        """
        records = {key: fold(events) for key, events in grouped(self.events).items()}
        start = max(self._started, self._settled_since, self.now - timedelta(days=13))
        stretched = self.schedule.answered_evenings(start, self.now)
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
            assert occurrence.reminder == WATER, "an evening that was answered"
            assert record.answered_at is not None
            assert record.answered_at < occurrence.due, "a glass that was answered"
        if since_due and record.answer is None:
            assert occurrence.repeat is not None
            assert self.now - since_due[-1] >= occurrence.repeat
            assert len(since_due) < occurrence.times

    def _note(self, entry: Entry, what: What, **details: object) -> None:
        self.store.ledger.note(entry.occurrence, what, self.now, self.calendar.zone, **details)
