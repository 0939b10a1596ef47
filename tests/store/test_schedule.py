"""What is due now, by the rules and the store: ledger, diary, pauses, and since when a reminder is on."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from diaries import drink
from rules import BERLIN, STRETCH_ONLY, at, calendar

from remind.core.agenda import Entry
from remind.core.decide import Presence
from remind.core.diary import Drink, Stretch
from remind.core.reminders import STRETCH, WATER
from remind.store.answers import Answers, due_now
from remind.store.database import Database
from remind.store.diary import new_id
from remind.store.errors import StoreError
from remind.store.schedule import Schedule
from remind.store.store import Store

TARGET = '[water]\ntarget = "2 L"\nglass = "250 ml"\n'


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Database.open(tmp_path / "remind.db", at("07:00")) as database:
        yield Store(database)


@pytest.fixture
def schedule(store: Store) -> Schedule:
    """The shipped rules, in use since seven in the morning."""
    schedule = Schedule(store, calendar())
    schedule.watch(at("07:00"))
    return schedule


def open_entry(schedule: Schedule, reminder: str, now: datetime) -> Entry:
    """Return the entry of `reminder` that is due and not over."""
    (entry,) = (one for one in due_now(schedule, now) if one.occurrence.reminder == reminder)
    return entry


def add_drink(store: Store, amount_ml: int, wall: str) -> None:
    store.diary.add(Drink(id=new_id(), at=at(wall), written_at=at(wall), amount_ml=amount_ml))


def add_session(store: Store, wall: str, *, complete: bool = True, routine: str = "wall-calf") -> None:
    """Add a session that ended when the clock showed `wall`."""
    held_s, end = 120 if complete else 60, at(wall)
    store.diary.add(
        Stretch(id=new_id(), at=end, written_at=end, routine=routine, planned_s=120, held_s=held_s, complete=complete)
    )


def test_what_was_due_before_a_reminder_was_switched_on_was_not_missed(store: Store) -> None:
    """It is not even in the history."""
    schedule = Schedule(store, calendar())
    schedule.watch(at("12:00"))
    keys = [entry.occurrence.key for entry in schedule.entries(WATER, at("12:00"))]
    assert keys == ["water/2026-11-22/3", "water/2026-11-22/4"]


def test_without_a_service_ever_nothing_was_missed(store: Store) -> None:
    """Before the service first ran, a command sees only what is to come."""
    entries = Schedule(store, calendar()).entries(STRETCH, at("2026-11-25 12:00"))
    assert [entry.occurrence.key for entry in entries] == ["stretch/2026-11-25"]


def test_the_time_of_switching_on_is_kept_until_it_is_switched_off(store: Store) -> None:
    """A restart changes nothing; off and on again starts afresh."""
    Schedule(store, calendar()).watch(at("2026-11-20 07:00"))
    Schedule(store, calendar()).watch(at("2026-11-22 07:00"))
    missed = [entry for entry in Schedule(store, calendar()).entries(STRETCH, at("12:00")) if entry.needs_recording]
    assert [entry.occurrence.day.day for entry in missed] == [20, 21]
    Schedule(store, calendar("[stretch]\nenabled = false")).watch(at("10:00"))
    Schedule(store, calendar()).watch(at("11:00"))
    assert not any(entry.needs_recording for entry in Schedule(store, calendar()).entries(STRETCH, at("12:00")))


def test_switched_on_while_the_clock_was_ahead_is_switched_on_now(store: Store) -> None:
    """A wrong year at the first start doesn't silence the reminder until that year."""
    schedule = Schedule(store, calendar())
    schedule.watch(at("2031-11-22 07:00"))
    schedule.watch(at("07:00"))
    assert open_entry(schedule, WATER, at("07:30")).decision.action == "show"


def test_what_was_dealt_with_while_the_clock_was_ahead_hides_nothing(schedule: Schedule, store: Store) -> None:
    """Some were shown in a wrong year; today's still comes."""
    ahead = at("2031-11-22 07:30")
    (entry,) = (one for one in schedule.entries(WATER, ahead) if one.decision.action == "show")
    store.ledger.note(entry.occurrence, "shown", ahead, BERLIN)
    assert open_entry(schedule, WATER, at("07:30")).decision.reason == "due now"


def test_new_settings_miss_nothing_before_what_was_dealt_with(schedule: Schedule, store: Store) -> None:
    """With twice as many glasses from today, at most one of the days before counts as missed."""
    for day in ("20", "21"):
        schedule.watch(at(f"2026-11-{day} 07:00"))
        for hour in range(7, 23):
            now = at(f"2026-11-{day} {hour:02}:30")
            for entry in schedule.entries(WATER, now):
                if entry.decision.action == "show":
                    store.ledger.note(entry.occurrence, "shown", now, BERLIN)
                    Answers(store, BERLIN).give(entry, "done", now, "command done")
    changed = Schedule(store, calendar('[water]\nevery = "1 h"'))
    missed = [entry.occurrence.due for entry in changed.entries(WATER, at("07:00")) if entry.needs_recording]
    assert missed == [at("2026-11-21 19:30")]


def test_a_pause_and_the_presence_count(schedule: Schedule, store: Store) -> None:
    """The pause is in the ledger; the caller passes the presence."""
    now = at("22:00")
    (entry, _) = schedule.entries(STRETCH, now, lambda: Presence(locked=True))[-2:]
    assert entry.decision.reason == "the screen is locked"
    store.ledger.pause(now, at("22:30"))
    (entry, _) = schedule.entries(STRETCH, now)[-2:]
    assert entry.decision.reason == "paused until 22:30"


def test_a_session_that_is_running_holds_what_is_due(schedule: Schedule) -> None:
    """The caller says that one runs, and the presence is not asked for meanwhile."""
    held = schedule.entries(STRETCH, at("22:00"), lambda: Presence(away=True), session_running=True)[-2]
    assert (held.decision.state, held.decision.reason) == ("held", "a session is running")


def test_the_presence_is_asked_for_only_if_something_may_be_shown(schedule: Schedule) -> None:
    """Asking the desktop wakes other programs."""

    def never() -> Presence:
        raise AssertionError

    schedule.entries(STRETCH, at("21:59"), never)
    with pytest.raises(AssertionError):
        schedule.entries(STRETCH, at("22:00"), never)


def test_on_pace_silences_the_next_glass(store: Store) -> None:
    """With a target, a litre by eleven is ahead, and the reason has the numbers; the stretch doesn't care."""
    schedule = Schedule(store, calendar(TARGET))
    schedule.watch(at("07:00"))
    add_drink(store, 1000, "10:30")
    (entry,) = (one for one in schedule.entries(WATER, at("10:45")) if one.occurrence.due == at("10:45"))
    assert (entry.decision.action, entry.decision.reason) == ("drop", "on pace: 1 L of 2 L drunk")
    add_drink(store, 1000, "21:30")
    assert schedule.entries(STRETCH, at("22:00"))[-2].decision.action == "show"


@pytest.mark.parametrize(("insist", "action"), [("true", "show"), ("false", "hold")])
def test_a_reminder_that_insists_is_shown_in_full_screen(store: Store, insist: str, action: str) -> None:
    """The setting of the reminder decides."""
    schedule = Schedule(store, calendar(f"[stretch]\ninsist = {insist}"))
    schedule.watch(at("12:00"))
    found = schedule.entries(STRETCH, at("22:00"), lambda: Presence(full_screen=True))
    assert found[0].decision.action == action


def test_a_glass_at_each_reminder_keeps_them_coming(store: Store) -> None:
    """To be on pace is not to be ahead: eight glasses, eight reminders."""
    schedule = Schedule(store, calendar(TARGET))
    schedule.watch(at("07:00"))
    shown, now = 0, at("07:00")
    while now < at("21:00"):
        for entry in schedule.entries(WATER, now):
            if entry.decision.action == "show":
                store.ledger.note(entry.occurrence, "shown", now, BERLIN)
                Answers(store, BERLIN).give(entry, "done", now, "button drunk", drink(250, at=now))
                shown += 1
        now += timedelta(minutes=1)
    assert shown == 8
    assert sum(one.amount_ml for one in schedule.drinks(now)[1]) == 2000


def test_what_was_drunk_before_the_night_counts_for_the_day_before(schedule: Schedule, store: Store) -> None:
    """A glass at half past midnight counts for yesterday, one at six for today."""
    add_drink(store, 100, "00:30")
    add_drink(store, 200, "06:00")
    day, drinks = schedule.drinks(at("12:00"))
    assert (day.day, [one.amount_ml for one in drinks]) == (22, [200])


@pytest.mark.parametrize("wall", ["12:00", "18:30", "22:05", "2026-11-23 00:30"])
def test_a_whole_session_answers_the_evening(schedule: Schedule, store: Store, wall: str) -> None:
    """It may be at any time after noon."""
    add_session(store, wall)
    now = max(at("22:00"), at(wall))
    (entry,) = (one for one in schedule.entries(STRETCH, now) if one.occurrence.key == "stretch/2026-11-22")
    assert entry.decision.state == "answered"


def test_a_part_of_a_session_does_not_answer_the_evening(schedule: Schedule, store: Store) -> None:
    """It is in the diary, but the evening is still open."""
    add_session(store, "22:05", complete=False)
    assert open_entry(schedule, STRETCH, at("22:10")).decision.action == "show"


def test_relief_does_not_answer_the_evening(schedule: Schedule, store: Store) -> None:
    """After a cramp at eight, the stretch at ten is still due."""
    add_session(store, "20:00", routine="cramp-now")
    assert open_entry(schedule, STRETCH, at("22:00")).decision.action == "show"


def test_a_session_answers_no_other_reminder(schedule: Schedule, store: Store) -> None:
    """Water is still due after it."""
    add_session(store, "19:00")
    assert schedule.answered_by_diary(WATER, at("07:00"), at("22:00")) == {}


def test_a_session_in_the_morning_is_for_the_diary_alone(schedule: Schedule, store: Store) -> None:
    """It answers neither last night nor tonight."""
    add_session(store, "09:00")
    assert open_entry(schedule, STRETCH, at("22:00")).decision.action == "show"


@pytest.mark.parametrize("days", [2, 5, 13])
def test_an_evening_stays_answered_while_the_ledger_looks_back(schedule: Schedule, store: Store, days: int) -> None:
    """A session answers it, so the service records nothing for it, however long it was off."""
    evening = open_entry(schedule, STRETCH, at("22:00")).occurrence
    store.ledger.note(evening, "shown", at("22:00"), BERLIN)
    add_session(store, "22:05")
    now = at("23:59") + timedelta(days=days)
    entries = {entry.occurrence.key: entry for entry in schedule.entries(STRETCH, now)}
    assert (entries[evening.key].decision.state, entries[evening.key].needs_recording) == ("answered", False)


def test_a_clock_that_was_set_back_before_the_start_still_reminds(store: Store) -> None:
    """It has been on since a day in the future, and what is due now is still shown."""
    Schedule(store, calendar()).watch(at("2026-11-25 12:00"))
    assert open_entry(Schedule(store, calendar()), STRETCH, at("22:00")).decision.action == "show"


def test_an_answer_and_what_was_drunk_are_written_together(schedule: Schedule, store: Store) -> None:
    """If the diary refuses the drink, the glass stays open."""
    entry, answers = open_entry(schedule, WATER, at("09:30")), Answers(store, BERLIN)
    with pytest.raises(StoreError, match="this entry can't be written"):
        answers.give(entry, "done", at("09:31"), "button drunk", drink(99_999))
    assert open_entry(schedule, WATER, at("09:31")).record.answer is None
    assert store.diary.of(Drink) == []
    answers.give(entry, "done", at("09:31"), "button drunk", drink(250))
    assert due_now(schedule, at("09:32")) == []
    assert [one.amount_ml for one in store.diary.of(Drink)] == [250]


def test_a_snooze_ends_when_the_reminder_expires_at_the_latest(schedule: Schedule, store: Store) -> None:
    """Longer ones are cut, with the offset of that time; at the very end a snooze is refused."""
    entry, answers = open_entry(schedule, STRETCH, at("22:00")), Answers(store, BERLIN)
    assert answers.snooze(entry, timedelta(hours=9), at("23:30"), "command snooze") is None
    assert open_entry(schedule, STRETCH, at("22:05")).record.answer is None
    assert answers.snooze(entry, timedelta(hours=9), at("22:05"), "command snooze") == at("23:30")
    assert answers.snooze(entry, timedelta(minutes=10), at("22:05"), "command snooze") == at("22:15")
    snoozed = store.ledger.events(at("22:00"), at("22:01"))[-1]
    assert (snoozed.what, snoozed.until, snoozed.via) == ("snoozed", at("22:15"), "command snooze")
    assert snoozed.until is not None
    assert snoozed.until.utcoffset() == timedelta(hours=1)


def test_what_is_due_now_covers_every_reminder(schedule: Schedule) -> None:
    """Late in the evening the last glass is over and the stretch is open."""
    assert [one.occurrence.key for one in due_now(schedule, at("19:30"))] == ["water/2026-11-22/7"]
    assert [one.occurrence.key for one in due_now(schedule, at("22:00"))] == ["stretch/2026-11-22"]


def test_a_reminder_that_is_switched_off_is_never_due(store: Store) -> None:
    """Without water only the stretch is ever due."""
    schedule = Schedule(store, calendar(STRETCH_ONLY))
    schedule.watch(at("07:00"))
    assert due_now(schedule, at("19:30")) == []


def test_evenings_that_sessions_answered_are_not_decided_again(schedule: Schedule, store: Store) -> None:
    """The service decides only on the last days; it looks further back when it starts or the clock was set."""
    for day in range(10, 22):
        now = at(f"2026-11-{day} 22:00")
        (evening,) = (one.occurrence for one in schedule.entries(STRETCH, now) if one.occurrence.day == now.date())
        store.ledger.note(evening, "shown", now, BERLIN)
        add_session(store, f"2026-11-{day} 22:05")
    assert len(schedule.entries(STRETCH, at("12:00"))) <= 3
    assert len(schedule.entries(STRETCH, at("12:00"), look_back=True)) == 13
