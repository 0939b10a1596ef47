"""Which occurrences matter, when to decide again, and which evening a session answers."""

from datetime import datetime, timedelta

import msgspec
import pytest
from diaries import stretch
from rules import BERLIN, NEW_YORK, at, calendar

from remind.core.agenda import LOOK_BACK, Entry, agenda, answered_evenings, evening_answered, next_fire_time, span
from remind.core.decide import Context, Decision, Presence
from remind.core.decide import OccurrenceRecord as Record
from remind.core.reminders import STRETCH, WATER, between

LOCKED = Record(held="the screen is locked")
DONE = Record(answer="done", answered_at=at("15:00"))


def look(
    wall: str,
    reminder: str = STRETCH,
    records: dict[str, Record] | None = None,
    *,
    text: str = "",
    accounted: str = "12:00",
    stretched: str | None = None,
    on_pace: str = "",
    presence: Presence | None = None,
    paused: str | None = None,
) -> list[Entry]:
    """Return the agenda when the clock in Berlin shows `wall`."""
    paused_until = at(paused) if paused else None
    context = Context(BERLIN, paused_until, on_pace=on_pace, presence=presence or Presence())
    answered = {at(stretched).date(): at(stretched)} if stretched else {}
    occurrences = between(calendar(text), reminder, *span(at(wall), at(accounted)))
    return agenda(occurrences, records or {}, context, at(wall), at(accounted), answered)


def told(entries: list[Entry]) -> list[str]:
    return [f"{entry.occurrence.key} {entry.decision.action}" for entry in entries]


def test_before_anything_is_due_the_next_one_stands_there() -> None:
    """The agenda has only the next occurrence, and the fire time is its due time."""
    entries = look("21:00")
    assert told(entries) == ["stretch/2026-11-22 hold"]
    assert next_fire_time(entries, at("21:00")) == at("22:00")


def test_what_is_due_and_the_next_one_stand_together() -> None:
    """Tonight's is to be shown now, and tomorrow's is known already."""
    entries = look("22:00")
    assert told(entries) == ["stretch/2026-11-22 show", "stretch/2026-11-23 hold"]
    assert next_fire_time(entries, at("22:00")) == at("22:00")


def test_after_an_early_answer_the_one_that_will_be_shown_is_known() -> None:
    """After an early answer, the next fire time is tomorrow's, so the reminder never falls silent for good."""
    entries = look("16:00", records={"stretch/2026-11-22": DONE})
    assert told(entries) == ["stretch/2026-11-22 drop", "stretch/2026-11-23 hold"]
    assert next_fire_time(entries, at("16:00")) == at("2026-11-23 22:00")


def test_what_ended_since_it_was_last_accounted_for_is_news() -> None:
    """After three days off, each evening is recorded as missed exactly once."""
    entries = look("2026-11-26 08:00", accounted="2026-11-22 22:00")
    assert told(entries)[:4] == [f"stretch/2026-11-{day} drop" for day in (22, 23, 24, 25)]
    assert [entry.needs_recording for entry in entries] == [True] * 4 + [False]
    assert next_fire_time(entries, at("2026-11-26 08:00")) == at("2026-11-26 08:00")
    written = {
        entry.occurrence.key: Record(closed="missed", closed_at=at("2026-11-26 08:00"), reason=entry.decision.reason)
        for entry in entries[:4]
    }
    again = look("2026-11-26 08:01", records=written, accounted="2026-11-25 22:00")
    assert not any(entry.needs_recording for entry in again)
    assert next_fire_time(again, at("2026-11-26 08:01")) == at("2026-11-26 22:00")


def test_what_ended_before_it_was_accounted_for_is_left_alone() -> None:
    """A reminder that was switched on at midnight missed nothing before then."""
    for accounted in ("23:30", "2026-11-23 00:00"):
        assert told(look("2026-11-23 08:00", accounted=accounted)) == ["stretch/2026-11-23 hold"]


def test_one_that_is_open_counts_even_if_it_was_due_before() -> None:
    """A reminder that is switched on inside its window is shown late rather than not at all."""
    assert told(look("22:40", accounted="22:40"))[0] == "stretch/2026-11-22 show"


def test_no_more_than_two_weeks_are_looked_back_on() -> None:
    """After a year off, only two weeks of evenings are recorded as missed."""
    now = at("2027-11-22 08:00")
    start, end = span(now, at("12:00"))
    assert (start, end > now) == (now - LOOK_BACK, True)
    assert sum(entry.needs_recording for entry in look("2027-11-22 08:00")) == LOOK_BACK.days


def test_what_has_no_end_in_the_ledger_is_looked_at_however_long_ago() -> None:
    """An occurrence without an end is recorded if the ledger knows it, and reported if the diary does."""
    now, day = at("23:45"), timedelta(days=1)
    assert span(now, now, now - 5 * day)[0] == now - 5 * day
    assert span(now, now - 5 * day, now - 2 * day)[0] == now - 5 * day
    assert span(now, now - 5 * day)[0] == now - 5 * day
    assert span(now, now, now - 15 * day)[0] == now - 14 * day
    shown = {"stretch/2026-11-22": Record(shown=(at("22:00"),))}
    (entry, _) = look("23:45", records=shown, accounted="23:40")
    assert (entry.needs_recording, entry.decision.state) == (True, "missed")
    shown = {"stretch/2026-11-18": Record(shown=(at("2026-11-18 22:00"),))}
    unclosed = at("2026-11-18 22:00")
    first, *_ = agenda(between(calendar(), STRETCH, *span(now, now, unclosed)), shown, Context(BERLIN), now, now)
    assert (first.occurrence.due, first.needs_recording) == (unclosed, True)
    (entry, _) = look("23:45", stretched="22:05", accounted="23:40")
    assert (entry.needs_recording, entry.decision.state) == (False, "answered")


def test_a_clock_that_was_ahead_does_not_hide_what_is_open() -> None:
    """What may still be open is looked at even if the last recorded due time is in the future."""
    start, _ = span(at("12:00"), at("2028-01-01 00:00"))
    assert start <= at("12:00") - timedelta(hours=25)


def test_a_glass_takes_the_place_of_the_one_before() -> None:
    """After sleeping through three glasses, only the latest is shown."""
    entries = look("13:45", WATER, accounted="07:00")
    assert told(entries) == [
        "water/2026-11-22/1 drop", "water/2026-11-22/2 drop", "water/2026-11-22/3 drop", "water/2026-11-22/4 show",
        "water/2026-11-22/5 hold",
    ]  # fmt: skip
    assert entries[2].decision.reason.endswith("; replaced by the 13:30 reminder")


def test_on_pace_silences_each_glass_that_is_due() -> None:
    """Having drunk enough drops the glasses that are due."""
    assert told(look("11:30", WATER, accounted="11:00", on_pace="on pace"))[0] == "water/2026-11-22/2 drop"
    assert "water/2026-11-22/3 drop" in told(look("11:30", WATER, accounted="11:00", on_pace="on pace"))


def test_a_session_in_the_diary_is_an_answer() -> None:
    """A session at seven silences tonight's stretch, and says when it was."""
    entries = look("22:00", stretched="19:00")
    assert entries[0].decision.reason == "a session was completed at 19:00"
    assert not entries[0].needs_recording


def test_a_session_is_told_though_the_evening_was_closed_before() -> None:
    """A session logged on the morning after goes before what the ledger says."""
    closed = {"stretch/2026-11-22": Record(closed="missed", closed_at=at("23:31"), reason="not answered")}
    (entry, _) = look("2026-11-23 09:00", records=closed, stretched="22:05")
    assert (entry.decision.state, entry.needs_recording) == ("answered", False)


def test_an_evening_is_answered_by_the_first_whole_stretch() -> None:
    """Incomplete sessions and relief do not count, and the order of the sessions does not matter."""
    part, relief = stretch(complete=False, at=at("18:00")), msgspec.structs.replace(stretch(), routine="cramp-now")
    late, early = stretch(at=at("20:00")), stretch(at=at("19:00"))
    found = answered_evenings(calendar(), [late, part, msgspec.structs.replace(relief, at=at("17:00")), early])
    assert found == {at("12:00").date(): at("19:00")}


def test_what_is_held_is_news_once() -> None:
    """A hold is recorded when it begins, not at each look."""
    away = Presence(away=True)
    (entry, _) = look("22:00", presence=away)
    assert entry.needs_recording
    (entry, following) = look(
        "22:01", presence=away, records={"stretch/2026-11-22": Record(held="away from the computer")}
    )
    assert not entry.needs_recording
    assert next_fire_time([entry, following], at("22:01")) == at("22:01:30")


def test_who_cannot_ask_the_desktop_is_told_what_the_service_held() -> None:
    """What the service holds is reported as held, unless it is over or held for another reason."""
    held = {"stretch/2026-11-22": Record(held="the screen is locked")}
    (entry, following) = look("22:05", records=held)
    assert entry.decision.action == "show"
    assert entry.reported == Decision("hold", "held", "the screen is locked")
    assert following.reported == following.decision
    (untouched, _) = look("22:05")
    assert untouched.reported == untouched.decision
    (over, _) = look("23:31", records=held)
    assert (over.reported, over.reported.state) == (over.decision, "dropped")
    (paused, _) = look("22:05", records=held, paused="22:30")
    assert paused.reported.reason == "paused until 22:30"


def test_presence_is_asked_only_for_what_would_be_shown() -> None:
    """Nothing asks the desktop before the due time, and at the due time its answer decides."""
    asked = []

    def locked() -> Presence:
        asked.append(1)
        return Presence(locked=True)

    for wall, calls, action in (("21:59", 0, "hold"), ("22:00", 1, "hold"), ("23:31", 1, "drop")):
        occurrences = between(calendar(), STRETCH, *span(at(wall), at("12:00")))
        entries = agenda(occurrences, {}, Context(BERLIN), at(wall), at("12:00"), presence=locked)
        assert (len(asked), entries[0].decision.action) == (calls, action)
        assert entries[0].decision.absent == (wall == "22:00")


def test_the_earliest_fire_time_counts() -> None:
    """A held reminder that is decided again soon goes before the next one."""
    entries = look("22:00", presence=Presence(locked=True), records={"stretch/2026-11-22": LOCKED})
    assert [entry.decision.until for entry in entries] == [at("22:00:30"), at("2026-11-23 22:00")]
    assert next_fire_time(entries, at("22:00")) == at("22:00:30")


def test_all_that_comes_may_be_skipped_beforehand() -> None:
    """A weekly reminder that was skipped this week and next has nothing more to show within eight days."""
    text = '[reminder.pill]\ntitle = "Pill"\nat = ["10:00"]\ndays = ["sun"]'
    skipped = Record(answer="skipped", answered_at=at("08:00"))
    records = {f"pill/2026-11-{day}/10:00": skipped for day in (22, 29)}
    entries = look("09:00", "pill", records, text=text, accounted="08:00")
    assert told(entries) == ["pill/2026-11-22/10:00 drop", "pill/2026-11-29/10:00 drop"]
    assert next_fire_time(entries, at("09:00")) is None


def test_with_nothing_to_come_there_is_no_moment() -> None:
    """A reminder whose days are all too short has no fire time."""
    assert look("12:00", WATER, text='[day]\nwake = "20:00"') == []
    assert next_fire_time([], at("12:00")) is None


@pytest.mark.parametrize(
    ("session", "evening"),
    [
        ("11:59", None),
        ("12:00", "2026-11-22"),
        ("22:10", "2026-11-22"),
        ("23:59", "2026-11-22"),
        ("2026-11-23 03:00", "2026-11-22"),
        ("2026-11-23 07:00", "2026-11-22"),
        ("2026-11-23 07:01", None),
    ],
)
def test_a_session_answers_its_evening_from_noon_until_morning(session: str, evening: str | None) -> None:
    """A session in the afternoon or at night answers an evening, and one in the morning none."""
    answered = evening_answered(calendar(), at(session))
    assert (answered and str(answered)) == evening


@pytest.mark.parametrize(
    ("text", "session", "evening"),
    [
        ('[day]\nbedtime = "12:10"\nwake = "20:00"', "11:40", "2026-11-22"),
        ('[day]\nbedtime = "12:10"\nwake = "20:00"', "11:50", "2026-11-22"),
        ('[day]\nbedtime = "11:30"\nwake = "19:00"', "12:30", "2026-11-21"),
        ('[day]\nbedtime = "11:30"\nwake = "19:00"', "12:20", "2026-11-21"),
        ('[day]\nbedtime = "11:30"\nwake = "19:00"', "12:40", "2026-11-22"),
        ('[day]\nbedtime = "08:00"\nwake = "15:00"', "2026-11-23 07:40", "2026-11-22"),
        ('[day]\nbedtime = "08:00"\nwake = "15:00"', "2026-11-23 11:00", "2026-11-22"),
    ],
    ids=[
        "just due before noon",
        "due before noon",
        "just open after noon",
        "open after noon",
        "no more open",
        "by day",
        "asleep by day",
    ],
)
def test_a_session_answers_what_is_open_whatever_the_hours(text: str, session: str, evening: str) -> None:
    """People who sleep by day stretch in the morning or around noon."""
    assert str(evening_answered(calendar(text), at(session))) == evening


@pytest.mark.parametrize("wall", ["12:30", "23:30", "2026-11-23 06:30"])
def test_a_session_answers_the_evening_of_the_place_where_it_was(wall: str) -> None:
    """A session in New York answers its evening there, even when the zone is Berlin now."""
    session = datetime.fromisoformat(at(wall, NEW_YORK).isoformat())
    assert evening_answered(calendar(), session) == at("12:00").date()


def test_a_session_answers_what_was_open_in_the_place_where_it_was() -> None:
    """A bedtime before noon is that of New York, for a person who slept there by day."""
    session = datetime.fromisoformat(at("12:20", NEW_YORK).isoformat())
    rules = calendar('[day]\nbedtime = "11:30"\nwake = "19:00"')
    assert str(evening_answered(rules, session)) == "2026-11-21"


def test_a_session_at_home_is_seen_by_the_clocks_of_home() -> None:
    """At 02:10 after the clocks went back, the waking at 02:30 is over: it was the first 02:30."""
    rules = calendar('[day]\nbedtime = "18:00"\nwake = "02:30"')
    assert evening_answered(rules, datetime.fromisoformat("2026-10-25T02:10:00+01:00")) is None
