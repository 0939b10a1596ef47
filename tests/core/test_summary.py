"""What the diary adds up to, in words."""

from datetime import date, datetime, timedelta

import pytest
from diaries import AT, cramp, quiet, stretch, untimed

from remind.core.diary import Entry
from remind.core.statistics import Statistics, statistics
from remind.core.summary import FIRST, LAST, NOTHING, SINCE, SO_FAR, columns, comparison, logged_rows, rows

FIRST_NIGHT = date(2026, 8, 3)


def quarter(first: int, last: int, nights: int = 84) -> Statistics:
    """Return the statistics of `nights` logged nights with so many cramps at the beginning and at the end."""
    days = [FIRST_NIGHT + timedelta(days=number) for number in range(nights)]
    entries: list[Entry] = [
        untimed(day) if place < first or place >= nights - last else quiet(day) for place, day in enumerate(days)
    ]
    return statistics(entries, noon_after(days[-1]), 4)


def noon_after(night: date) -> datetime:
    return datetime(night.year, night.month, night.day, 13, tzinfo=AT.tzinfo) + timedelta(days=1)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (9, 6, "The two ranges overlap, so the counts show no clear change."),
        (7, 1, "The two ranges overlap, so the counts show no clear change."),  # 1.4 is in both
        (2, 23, "The two ranges overlap, so the counts show no clear change."),  # 3.6 is in both
        (14, 2, "The second range lies below the first, which rarely happens by chance alone. It doesn't tell why."),
        (0, 28, "The second range lies above the first, which rarely happens by chance alone. It doesn't tell why."),
    ],
)
def test_after_twelve_weeks_a_sentence_says_what_can_be_seen(first: int, last: int, words: str) -> None:
    """With the counts and how sure they are, and never why."""
    said = comparison(quarter(first, last))
    assert said.endswith(words)
    assert said.startswith(
        f"In the first 2 weeks, {first} of 14 logged nights had a cramp: {first / 2:g} a week, likely"
    )
    assert f"In the last 4 weeks, {last} of 28: {round(last / 4, 1):g} a week, likely between" in said


def test_before_twelve_weeks_nothing_is_compared() -> None:
    """There is too little to see."""
    assert comparison(quarter(9, 6, nights=83)) == ""
    assert comparison(statistics([], AT, 4)) == ""


def test_too_few_logged_nights_are_not_compared() -> None:
    """Six nights say nothing of four weeks, and seven are enough."""
    entries = [quiet(FIRST_NIGHT + timedelta(days=number)) for number in (*range(14), *range(78, 84))]
    now = noon_after(FIRST_NIGHT + timedelta(days=83))
    assert comparison(statistics(entries, now, 4)) == (
        "Too few nights are logged to compare: 14 of 14 in the first 2 weeks and 6 of 28 in the last 4 weeks."
    )
    entries.append(quiet(FIRST_NIGHT + timedelta(days=70)))
    assert "In the last 4 weeks, 0 of 7:" in comparison(statistics(entries, now, 4))


def test_the_last_weeks_have_a_column_only_apart_from_the_first() -> None:
    """Else the same nights would stand in both."""
    assert list(columns(quarter(1, 1, nights=3))) == [SO_FAR]
    assert list(columns(quarter(1, 1, nights=13))) == [SO_FAR]
    assert list(columns(quarter(1, 1, nights=41))) == [FIRST, SINCE]
    assert list(columns(quarter(1, 1, nights=42))) == [FIRST, SINCE, LAST]


def test_each_figure_has_its_row() -> None:
    """Weekly rates are of logged nights; values have their median and range; what nobody logged is a dash."""
    night = datetime(2026, 11, 21, 2, tzinfo=AT.tzinfo)
    entries = [
        cramp(at=night, leg="left", place="calf", severity=4, minutes=0, disturbance=3),
        cramp(at=night + timedelta(days=1), leg="both", severity=8, minutes=6),
        untimed(date(2026, 11, 18), count=2, severity=5, minutes=6, leg="left"),
        stretch(at=night - timedelta(hours=4)),
        quiet(date(2026, 11, 19)),
    ]
    found = statistics(entries, noon_after(date(2026, 11, 22)), 1)
    assert found.whole is not None
    assert {words: values[0] for words, values in rows([found.whole])} == {
        "nights logged": "4 of 5",
        "nights with a cramp": "3 (5.2 a week)",
        "cramps": "4 (7 a week)",
        "severity, 0–10": "5 (4–8)",
        "minutes of a cramp": "3 (0–6)",
        "sleep disturbance, 0–10": "3",
        "soreness, 0–10": "–",
        "leg": "left 3, both 1",
        "place": "calf 1",
        "evenings stretched": "1 of 5",
    }
    assert logged_rows([found.whole]) == [row for row in rows([found.whole]) if row[1] != [NOTHING]]


def test_without_a_logged_night_there_is_no_rate() -> None:
    """Evenings count all the same."""
    found = statistics([stretch(at=AT)], noon_after(AT.date()), 1)
    assert found.whole is not None
    assert logged_rows([found.whole]) == [
        ("nights logged", ["0 of 2"]),
        ("nights with a cramp", ["0"]),
        ("cramps", ["0"]),
        ("evenings stretched", ["1 of 2"]),
    ]
