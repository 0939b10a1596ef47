"""Water: how much is expected by now, and when a reminder is not needed."""

from datetime import UTC, datetime, timedelta

import pytest
from diaries import drink

from remind.core.hydration import expected_ml, most_in_an_hour_ml, on_pace

START = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
END = START + timedelta(hours=13)
TARGET = 1600


def drunk(*amounts: int) -> list:
    return [drink(amount, at=START) for amount in amounts]


@pytest.mark.parametrize(("hours", "expected"), [(-1, 0), (0, 0), (6.5, 800), (13, 1600), (20, 1600)])
def test_what_is_expected_grows_evenly_from_start_to_end(hours: float, expected: int) -> None:
    """Nothing is expected before the start, and the whole target after the end."""
    assert expected_ml(TARGET, START, END, START + timedelta(hours=hours)) == expected


@pytest.mark.parametrize(("hours", "expected"), [(-1, 0), (0, TARGET), (1, TARGET)])
def test_hours_that_are_none_expect_all_of_it_after(hours: float, expected: int) -> None:
    """A day without any time for water does not divide by zero, not even in its morning."""
    assert expected_ml(TARGET, START, START, START + timedelta(hours=hours)) == expected


@pytest.mark.parametrize("place", range(8))
def test_a_glass_at_each_reminder_brings_all_of_them(place: int) -> None:
    """A person level with the reminders gets the next one, and a person one glass ahead does not."""
    due = START + (END - START) * place / 8
    due = due.replace(second=0, microsecond=0)
    assert not on_pace(drunk(*[200] * place), TARGET, START, END, due)
    assert on_pace(drunk(*[200] * (place + 1)), TARGET, START, END, due)


def test_who_is_level_with_the_pace_is_reminded() -> None:
    """Only more than the pace is ahead."""
    assert not on_pace(drunk(800), TARGET, START, END, START + timedelta(hours=6, minutes=29))
    assert on_pace(drunk(801), TARGET, START, END, START + timedelta(hours=6, minutes=29))


def test_who_has_drunk_the_target_is_reminded_no_more() -> None:
    """There are no more reminders once the target is reached."""
    assert on_pace(drunk(1600), TARGET, START, END, END)


@pytest.mark.parametrize(
    ("minutes", "most"),
    [
        ((0, 59), 800),
        ((0, 60), 400),
        ((-59, 0), 800),
        ((-59, 0, 59), 800),
        ((-20, 0, 20), 1200),
        ((30,), 0),
        ((-60, -1), 400),
    ],
)
def test_the_most_within_an_hour_is_of_any_hour_around(minutes: tuple[int, ...], most: int) -> None:
    """The hour may begin before the instant or at it; sixty minutes later is the next hour."""
    drinks = [drink(400, at=START + timedelta(minutes=minute)) for minute in minutes]
    assert most_in_an_hour_ml(drinks, START) == most
