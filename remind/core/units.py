"""Durations and amounts of fluid, read and written the way people do."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from remind.errors import UsageError

T = TypeVar("T")

DURATION_HINT = 'Write it as "30 min", "90 s" or "1h30".'
AMOUNT_HINT = 'Write it as "250 ml", "8 oz" or "1.5 L".'

_SECONDS = {
    "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1,
    "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600,
    "d": 86400, "day": 86400, "days": 86400,
    "week": 604800, "weeks": 604800,
}  # fmt: skip
_SMALLER = {604800: 86400, 86400: 3600, 3600: 60, 60: 1}
_CANONICAL = {86400: "d", 3600: "h", 60: "min", 1: "s"}
_IN_WORDS = {
    r"\bhalf an? ": "0.5 ",
    r"\ban? (\w+) and a half\b": r"1.5 \1",
    r"\b(?:an?|one) ": "1 ",
    r"\btwo ": "2 ",
    r"\bthree ": "3 ",
    r" and (?=\d)": " ",
}

# A fluid ounce is the US one, 29.5735 ml; a cup is the US legal cup, 240 ml (21 CFR 101.9).
_MILLILITRES = {
    "ml": 1.0, "millilitre": 1.0, "millilitres": 1.0, "milliliter": 1.0, "milliliters": 1.0,
    "cl": 10.0, "dl": 100.0,
    "l": 1000.0, "litre": 1000.0, "litres": 1000.0, "liter": 1000.0, "liters": 1000.0,
    "oz": 29.5735, "floz": 29.5735, "cup": 240.0, "cups": 240.0,
}  # fmt: skip

_PART = re.compile(r"\s*(\d{1,9}(?:[.,]\d{1,6})?)\s*([a-z]*)\s*")
_MOST_S = 366 * 86400


def quoted(text: str) -> str:
    """Return `text` in quotes, on one printable line of at most 60 characters."""
    return repr(text if len(text) <= 58 else f"{text[:57]}…")


def understood(parse: Callable[..., T], text: str, *about: object) -> T:
    """Return what `parse` makes of `text`, which a person typed. Raise UsageError with its reason if it fails."""
    try:
        return parse(text, *about)
    except ValueError as error:
        raise UsageError(str(error)) from error


def parse_duration(text: str) -> timedelta:
    """Return the duration that `text` means: "90 s", "10 min", "1h30", "1.5 hours", "half an hour", "0 s".

    A last number without a unit takes the next smaller unit: "1h30" is 90 minutes.

    Raises:
        ValueError: `text` is not a duration, or is longer than a year.
    """
    seconds, size, position = 0.0, 0, 0
    words = " ".join(text.lower().split())
    if not words[:1].isdigit() or " and " in words:  # keeps settings, which every command reads, fast
        for spelled, digits in _IN_WORDS.items():
            words = re.sub(spelled, digits, words)
    while position < len(words) or not size:
        part = _PART.match(words, position)
        unit = part and (_SECONDS.get(part[2]) if part[2] else _SMALLER.get(size))
        if not part or not unit or (size and unit >= size):
            bare_number = part and not part[2] and part[0] == words
            reason = "needs a unit" if bare_number else "is not a duration"
            raise ValueError(f"{quoted(text)} {reason}. {DURATION_HINT}")
        seconds += float(part[1].replace(",", ".")) * unit
        size, position = unit, part.end()
    if seconds > _MOST_S:  # which a timedelta may not be able to hold
        raise ValueError(f"{quoted(text)} is longer than a year.")
    return timedelta(seconds=seconds)


def format_duration(duration: timedelta) -> str:
    """Return `duration` as `parse_duration` reads it, the largest unit first: "1 h 30 min", "45 s", "0 s"."""
    left = round(duration.total_seconds())
    parts = []
    for size, name in _CANONICAL.items():
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts) or "0 s"


def format_seconds(seconds: float) -> str:
    """Return `seconds` as a duration that people read."""
    return format_duration(timedelta(seconds=seconds))


def parse_amount(text: str) -> int:
    """Return the amount of fluid that `text` means, in whole millilitres: "250 ml", "8 oz", "1.5 L".

    Raises:
        ValueError: `text` is not an amount between 1 ml and 10 litres, or has no unit.
    """
    part = _PART.fullmatch(text.strip().lower().replace("fl oz", "floz"))
    if part is None or part[2] not in _MILLILITRES:
        reason = "needs a unit" if part and not part[2] else "is not an amount"
        raise ValueError(f"{quoted(text)} {reason}. {AMOUNT_HINT}")
    amount = round(float(part[1].replace(",", ".")) * _MILLILITRES[part[2]])
    if not 0 < amount <= 10_000:
        raise ValueError(f"{quoted(text)} is not between 1 ml and 10 L.")
    return amount


def format_amount(millilitres: int) -> str:
    """Return `millilitres` as people write it: "0 ml", "250 ml", "1.25 L"; `parse_amount` reads the same number."""
    if millilitres >= 1000 and millilitres % 10 == 0:
        return f"{millilitres / 1000:g} L"
    return f"{millilitres} ml"
