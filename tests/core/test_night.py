"""The question how the night was: when it is asked, what answers it, and when it asks whether to stop."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from diaries import cramp, quiet, untimed
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rules import BERLIN, NEW_YORK, at, calendar
from slow_clock import ZONES

from remind.core.agenda import agenda, span
from remind.core.decide import Context, OccurrenceRecord, Presence
from remind.core.night import answered_nights, question
from remind.core.reminders import NIGHT, Calendar, between, on_day
from remind.core.times import ONE_DAY, bedtime, exists

ON = "[night]\nenabled = true\n"
SATURDAY = date(2026, 11, 21)
HOUR = timedelta(hours=1)


def asked(day: str, night: date = SATURDAY) -> str:
    """Return when the question about `night` is due and expires in Berlin, with `day` added to the settings."""
    (one,) = on_day(calendar(f"{ON}{day}"), NIGHT, night)
    assert (one.key, one.times) == (f"night/{night}", 1)
    due, ends = one.due.astimezone(BERLIN), one.ends.astimezone(BERLIN)
    return f"{due:%a %H:%M} to {ends:%a %H:%M}"


@pytest.mark.parametrize(
    ("day", "when"),
    [
        ("", "Sun 07:30 to Sun 12:00"),
        ('[day.on.sun]\nwake = "09:00"', "Sun 09:30 to Sun 12:00"),
        ('[day.on.sat]\nbedtime = "00:30"', "Sun 07:30 to Sun 12:00"),
        ('[day]\nwake = "13:00"\nbedtime = "04:00"', "Sun 13:30 to Sun 14:30"),
        ('[day]\nwake = "11:20"', "Sun 11:50 to Sun 12:50"),
        ('[day]\nwake = "16:00"\nbedtime = "08:00"', "Sun 16:30 to Sun 17:30"),
        ('[day]\nwake = "22:00"\nbedtime = "14:00"', "Sat 22:30 to Sat 23:30"),
        ('after_wake = "2 h"\nuntil = "10:00"', "Sun 09:00 to Sun 10:00"),
        ('[day]\nwake = "07:00"\nbedtime = "06:30"', "Sun 07:30 to Sun 12:00"),
        ('[day]\nwake = "00:30"\nbedtime = "16:00"', "Sun 01:00 to Sun 12:00"),
    ],
    ids=[
        "usual",
        "Sunday",
        "after midnight",
        "wakes at one",
        "around noon",
        "by day",
        "from the afternoon",
        "settings",
        "a short night",
        "wakes after midnight",
    ],
)
def test_it_is_asked_once_after_waking(day: str, when: str) -> None:
    """Until noon, or for an hour, about the night that the bedtime before belongs to."""
    assert asked(day) == when


@pytest.mark.parametrize(
    ("wake", "night", "due"),
    [
        ("02:30", "2026-03-28", "2026-03-29T01:30+00:00"),
        ("02:30", "2026-10-24", "2026-10-25T01:00+00:00"),
        ("07:00", "2026-03-28", "2026-03-29T05:30+00:00"),
    ],
)
def test_it_follows_the_clocks(wake: str, night: str, due: str) -> None:
    """Half an hour is a real one: after the first instant of a gap, and after the first of two."""
    (one,) = on_day(calendar(f'{ON}[day]\nwake = "{wake}"\nbedtime = "20:00"'), NIGHT, date.fromisoformat(night))
    assert one.due == datetime.fromisoformat(due)


def test_it_is_not_asked_in_the_middle_of_a_night_before_a_date_that_the_zone_skips() -> None:
    """In Samoa, the night of 29 December 2011 lasted until the morning of the 31st."""
    rules = calendar(ON, ZoneInfo("Pacific/Apia"))
    (one,) = on_day(rules, NIGHT, date(2011, 12, 29))
    assert one.due.astimezone(rules.zone).isoformat() == "2011-12-31T07:30:00+14:00"


def test_it_is_found_two_dates_after_its_night() -> None:
    """Who sleeps nearly around the clock, from before noon on, gets up on the second date."""
    text = '[day]\nwake = "11:00"\nbedtime = "11:30"\n[night]\nenabled = true\nafter_wake = "6 h"'
    rules = calendar(text, ZoneInfo("Pacific/Honolulu"))  # where it is the next date by UTC already
    (one,) = on_day(rules, NIGHT, SATURDAY)
    assert one.due == datetime(2026, 11, 23, 17, tzinfo=rules.zone)
    assert list(between(rules, NIGHT, one.due, one.ends)) == [one]


WALLS = st.integers(0, 95).map(lambda number: f"{number // 4:02}:{number % 4 * 15:02}")


@st.composite
def rules(draw: st.DrawFn) -> Calendar:
    """Generate any hours of a person, in any zone."""
    wake, bed = draw(st.lists(WALLS, min_size=2, max_size=2, unique=True))
    other = draw(WALLS.filter(lambda wall: wall not in (wake, bed)))
    text = f'{ON}[day]\nwake = "{wake}"\nbedtime = "{bed}"\n[day.on.{draw(st.sampled_from(["sat", "weekend"]))}]\n'
    key = draw(st.sampled_from(["wake", "bedtime"]))
    return calendar(f'{text}{key} = "{other}"', ZoneInfo(draw(st.sampled_from(ZONES))))


LATE = '[day]\nwake = "23:30"\nbedtime = "00:15"\n[day.on.sat]\nwake = "00:00"\n'


@pytest.mark.slow
@example(calendar(ON + LATE, ZoneInfo("Africa/Abidjan")), date(2000, 2, 1))
@given(rules(), st.dates(date(2000, 1, 1), date(2037, 12, 1)))
@settings(max_examples=150, deadline=None)
def test_each_night_is_asked_about_once_after_its_bedtime(rules: Calendar, day: date) -> None:
    """Whatever the hours and the clocks, within two days; and it is found when it is looked for."""
    nights = [day + number * ONE_DAY for number in range(4) if exists(day + number * ONE_DAY, rules.zone)]
    found = [one for night in nights for one in on_day(rules, NIGHT, night)]
    assert [one.day for one in found] == nights
    for one in found:
        assert bedtime(rules.days, one.day, rules.zone) < one.due <= one.ends - HOUR
        assert one.ends - bedtime(rules.days, one.day, rules.zone) < 3 * ONE_DAY
        assert one in between(rules, NIGHT, one.due, one.due + timedelta(seconds=1))
    assert sorted(found, key=lambda one: one.due) == found


def decided(
    wall: str,
    records: dict[str, OccurrenceRecord] | None = None,
    presence: Presence | None = None,
    answered: dict[date, datetime] | None = None,
    rules: Calendar | None = None,
) -> list[str]:
    """Return what is decided when the clock in Berlin shows `wall`, by occurrence."""
    context = Context(BERLIN, presence=presence or Presence())
    since = at("2026-11-20 12:00")
    occurrences = between(rules or calendar(ON), NIGHT, *span(at(wall), since))
    entries = agenda(occurrences, records or {}, context, at(wall), since, answered or {})
    return [f"{entry.occurrence.key[-2:]} {entry.decision.action}: {entry.decision.reason}" for entry in entries]


def test_whoever_is_away_is_asked_when_they_are_back_before_noon() -> None:
    """Not after it, and never about an older night."""
    held = {"night/2026-11-21": OccurrenceRecord(held="away from the computer")}
    assert decided("07:30", presence=Presence(away=True))[-2] == "21 hold: away from the computer"
    assert decided("11:59", held)[-2] == "21 show: held until now: away from the computer"
    assert decided("12:01", held)[-2:] == [
        "21 drop: not shown (away from the computer); it expired at 12:00",
        "22 hold: due at Mon 23 Nov 07:30",
    ]
    assert [line for line in decided("2026-11-23 07:30") if " show: " in line] == ["22 show: due now"]


def test_a_night_in_the_diary_is_not_asked_about() -> None:
    """The reason says when it was logged, also before the question is due."""
    nights = answered_nights(calendar(ON), [quiet(SATURDAY, written_at=at("07:10"))])
    assert decided("07:20", answered=nights)[-2:] == [
        "21 drop: the night was logged at 07:10",
        "22 hold: due at Mon 23 Nov 07:30",
    ]


def test_a_night_that_was_answered_in_another_zone_stays_answered() -> None:
    """Whoever flies west is not asked again when it is due there."""
    done = {"night/2026-11-21": OccurrenceRecord(answer="done", answered_at=at("07:31"))}
    there = decided("2026-11-22 13:30", done, rules=calendar(ON, NEW_YORK))
    assert not [line for line in there if " show: " in line]


@pytest.mark.parametrize(
    ("written", "again", "open_"),
    [("03:12", False, False), ("03:12", True, True), ("07:00", True, False), ("09:00", False, False)],
)
def test_a_cramp_answers_unless_it_was_logged_asleep_and_the_person_wants_to_be_asked(
    written: str, again: bool, open_: bool
) -> None:
    """Only after waking is it known that there was no other."""
    rules = calendar(f"{ON}ask_again = {str(again).lower()}")
    for entry in (cramp(at=at("03:10"), written_at=at(written)), untimed(SATURDAY, written_at=at(written))):
        assert (SATURDAY not in answered_nights(rules, [entry])) == open_


def test_the_first_entry_of_a_night_answered_it() -> None:
    """Later ones don't change when that was."""
    entries = [cramp(at=at("03:10"), written_at=at("08:00")), quiet(SATURDAY, written_at=at("07:00"))]
    for found in (entries, entries[::-1]):
        assert answered_nights(calendar(ON), found) == {SATURDAY: at("07:00")}
    later = quiet(SATURDAY, at=at("2026-11-25 20:00"))
    assert answered_nights(calendar(ON), [later]) == {SATURDAY: later.at}


def test_a_cramp_of_who_is_still_asleep_after_noon_answers_the_night_that_lasts() -> None:
    """The diary puts it into the next night, from noon on; that one is not asked about either."""
    rules = calendar(f'{ON}[day]\nwake = "13:00"\nbedtime = "04:00"')
    for wall, nights in (("11:30", {21}), ("12:30", {21, 22}), ("13:30", {22})):
        assert {night.day for night in answered_nights(rules, [cramp(at=at(wall), written_at=at(wall))])} == nights


def test_it_names_the_cramps_of_this_night() -> None:
    """Not those of another."""
    this, other = cramp(at=at("03:10")), cramp(at=at("2026-11-21 03:10"))
    assert question(SATURDAY, [this, other, quiet(SATURDAY)], {}, {}).cramps == (this,)


SHOWN = OccurrenceRecord(shown=(datetime(2026, 11, 1, tzinfo=UTC),), closed="missed")


@pytest.mark.parametrize(
    ("changes", "stop"),
    [
        ({}, True),
        ({3: OccurrenceRecord()}, False),
        ({7: SHOWN}, True),
        ({3: OccurrenceRecord(), 8: SHOWN}, True),
        ({1: OccurrenceRecord(shown=SHOWN.shown, answer="done", answered_at=at("07:31"))}, False),
        ({7: OccurrenceRecord(shown=SHOWN.shown, answer="skipped", answered_at=at("07:31"))}, False),
        ({4: OccurrenceRecord(shown=SHOWN.shown, answer="snoozed", answered_at=at("07:31"))}, False),
    ],
    ids=["a week", "six", "seven", "seven with a gap", "answered", "skipped", "snoozed"],
)
def test_after_a_week_without_an_answer_it_asks_whether_to_stop(
    changes: dict[int, OccurrenceRecord], stop: bool
) -> None:
    """Seven questions in a row that were shown and left alone; what was never shown doesn't count."""
    records = {f"night/{SATURDAY - number * ONE_DAY}": SHOWN for number in range(8)}
    records |= {f"night/{SATURDAY - number * ONE_DAY}": record for number, record in changes.items()}
    assert question(SATURDAY, [], records, {}).stop == stop


def test_a_night_that_was_logged_otherwise_is_not_left_unanswered() -> None:
    """Who logs by command every few days still wants to be asked."""
    records = {f"night/{SATURDAY - number * ONE_DAY}": SHOWN for number in range(1, 12)}
    assert question(SATURDAY, [], records, {SATURDAY - 6 * ONE_DAY: at("09:00")}).stop is False
    assert question(SATURDAY, [], records, {SATURDAY - 8 * ONE_DAY: at("09:00")}).stop is True


def test_the_hour_of_its_end_is_read_from_the_settings() -> None:
    """As any other time of day."""
    assert calendar(f'{ON}until = "11 am"').night.until == time(11)
