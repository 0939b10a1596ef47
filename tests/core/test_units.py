"""Durations and amounts as people write them."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remind.core.units import (
    format_amount,
    format_duration,
    format_seconds,
    parse_amount,
    parse_duration,
    quoted,
    understood,
)
from remind.errors import UsageError


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90 s", 90),
        ("10 min", 600),
        ("10min", 600),
        ("1h30", 5400),
        ("1h 30", 5400),
        ("1 h 30 min", 5400),
        ("1.5 hours", 5400),
        ("1,5 h", 5400),
        ("2 min 30", 150),
        ("1 day", 86400),
        ("1d12", 129600),
        ("  7 Minutes ", 420),
        ("0 s", 0),
        ("5 min 90 s", 390),
        ("366 days", 366 * 86400),
        ("an hour", 3600),
        ("Half an hour", 1800),
        ("an hour and a half", 5400),
        ("1 hour and 10 min", 4200),
        ("two weeks", 14 * 86400),
    ],
)
def test_a_duration_is_read_as_people_write_it(text: str, seconds: int) -> None:
    """Any usual spelling is accepted; a last number without a unit takes the next smaller unit."""
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    ["", " ", "min", "an", "half", "an hour and", "-5 min", "10 parsecs", "1h1h", "30 s 1 min", "30 s 5", "1e3 s",
     "1..5 h", "1 h; rm", "½ h", "1h30\x00", "9" * 5000 + " s", "1 h 30 min 5 s 2", "nan s", "inf h"],
)  # fmt: skip
def test_what_is_no_duration_is_refused(text: str) -> None:
    """A missing number, a missing, repeated or misplaced unit, and anything else are refused."""
    with pytest.raises(ValueError, match="is not a duration"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["367 days", "9000 h", "999999999 s", "999999999 weeks"])
def test_a_duration_is_at_most_a_year(text: str) -> None:
    """Longer durations are refused as slips."""
    with pytest.raises(ValueError, match="is longer than a year"):
        parse_duration(text)


@given(st.integers(0, 366 * 86400))
def test_a_duration_in_words_reads_as_the_same(seconds: int) -> None:
    """What is written can be read back unchanged."""
    assert parse_duration(format_duration(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (45, "45 s"), (5400, "1 h 30 min"), (90061, "1 d 1 h 1 min 1 s"), (59.6, "1 min")],
)
def test_a_duration_in_words_names_the_largest_unit_first(seconds: float, words: str) -> None:
    """Seconds are whole, and units that are zero are omitted."""
    assert format_duration(timedelta(seconds=seconds)) == format_seconds(seconds) == words


@given(st.text(max_size=30))
def test_no_text_does_worse_than_be_refused(text: str) -> None:
    """Any text is read within its limits or refused."""
    with suppress(ValueError):
        assert timedelta(0) <= parse_duration(text) <= timedelta(days=366)
    with suppress(ValueError):
        assert 0 < parse_amount(text) <= 10_000


@pytest.mark.parametrize(
    ("text", "millilitres"),
    [
        ("250 ml", 250),
        ("25 cl", 250),
        ("2.5 dl", 250),
        ("1.5 L", 1500),
        ("1,6 l", 1600),
        ("8 oz", 237),
        ("8 fl oz", 237),
        ("8 FLOZ", 237),
        ("2 cups", 480),
        ("1 Liter", 1000),
        ("10 litres", 10_000),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, millilitres: int) -> None:
    """Metric and US units are accepted."""
    assert parse_amount(text) == millilitres


@pytest.mark.parametrize("text", ["", "ml", "-250 ml", "0 ml", "0.2 ml", "11 L", "10001 ml", "1 l 500", "1 gallon"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    """Nothing, more than ten litres and unknown units are refused."""
    with pytest.raises(ValueError, match="is not"):
        parse_amount(text)


@pytest.mark.parametrize("parse", [parse_duration, parse_amount])
@pytest.mark.parametrize("text", ["8", " 2 ", "1.5", "0"])
def test_a_bare_number_needs_a_unit(parse: Callable[[str], object], text: str) -> None:
    """8 may be glasses, ounces or millilitres, so the unit is asked for."""
    with pytest.raises(ValueError, match=r"needs a unit. Write it as"):
        parse(text)


def test_what_a_person_mistyped_is_a_usage_error() -> None:
    """The reason is the parser's own."""
    assert understood(parse_amount, "8 oz") == 237
    with pytest.raises(UsageError, match=r"^'a lot' is not an amount\. Write it as"):
        understood(parse_amount, "a lot")


def test_a_quoted_text_has_sixty_characters_at_most() -> None:
    """A longer one ends with dots."""
    assert quoted("x" * 58) == "'" + "x" * 58 + "'"
    assert quoted("x" * 59) == "'" + "x" * 57 + "…'"


@given(st.integers(1, 10_000))
def test_an_amount_in_words_reads_as_the_same(millilitres: int) -> None:
    """What is written can be read back unchanged."""
    assert parse_amount(format_amount(millilitres)) == millilitres


@pytest.mark.parametrize(
    ("millilitres", "words"),
    [(0, "0 ml"), (250, "250 ml"), (1000, "1 L"), (1600, "1.6 L"), (3250, "3.25 L"), (1255, "1255 ml")],
)
def test_an_amount_in_words_is_short(millilitres: int, words: str) -> None:
    """Litres are used if they need at most two decimals."""
    assert format_amount(millilitres) == words
