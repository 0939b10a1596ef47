"""Durations and amounts, read as people write them and written as people read them."""

import re
from datetime import timedelta

_SECONDS = {
    "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1,
    "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600,
    "d": 86400, "day": 86400, "days": 86400,
}  # fmt: skip
_SMALLER = {"h": "min", "min": "s", "d": "h"}
_CANONICAL = {86400: "d", 3600: "h", 60: "min", 1: "s"}

# A fluid ounce is the US one, 29.5735 ml; a cup is the US legal cup, 240 ml (21 CFR 101.9).
_MILLILITRES = {
    "ml": 1.0, "millilitre": 1.0, "millilitres": 1.0, "milliliter": 1.0, "milliliters": 1.0,
    "cl": 10.0, "dl": 100.0,
    "l": 1000.0, "litre": 1000.0, "litres": 1000.0, "liter": 1000.0, "liters": 1000.0,
    "oz": 29.5735, "floz": 29.5735, "cup": 240.0, "cups": 240.0,
}  # fmt: skip

_PART = re.compile(r"\s*(\d{1,9}(?:[.,]\d{1,6})?)\s*([a-z]*)\s*")
_MOST = timedelta(days=366)


def parse_duration(text: str) -> timedelta:
    """The duration that `text` says: "90 s", "10 min", "1h30", "1.5 hours".

    A last number without a unit takes the unit below the one before it ("1h30" is 90 minutes). Zero is allowed.

    Raises:
        ValueError: not a duration, or one of more than a year.
    """
    seconds, unit, position = 0.0, "", 0
    folded = text.strip().lower()
    while position < len(folded):
        part = _PART.match(folded, position)
        if part is None:
            raise ValueError(f"{text!r} is not a duration")
        name = part[2] or _SMALLER.get(unit, "")
        if name not in _SECONDS:
            raise ValueError(f"{text!r} is not a duration")
        size = _SECONDS[name]
        if unit and size >= _SECONDS[unit]:
            raise ValueError(f"{text!r} is not a duration")
        seconds += float(part[1].replace(",", ".")) * size
        unit, position = _CANONICAL[size], part.end()
    if not unit:
        raise ValueError(f"{text!r} is not a duration")
    duration = timedelta(seconds=seconds)
    if duration > _MOST:
        raise ValueError(f"{text!r} is longer than a year")
    return duration


def format_duration(duration: timedelta) -> str:
    """`duration` as `parse_duration` reads it, largest unit first: "1 h 30 min", "45 s", "0 s"."""
    left = round(duration.total_seconds())
    parts = []
    for size, name in _CANONICAL.items():
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts) or "0 s"


def parse_amount(text: str) -> int:
    """The amount of fluid that `text` says, in whole millilitres: "250 ml", "8 oz", "1.5 L"; a bare number is ml.

    Raises:
        ValueError: not an amount, nothing at all, or more than 10 litres.
    """
    part = _PART.fullmatch(text.strip().lower().replace("fl oz", "floz"))
    if part is None or (part[2] or "ml") not in _MILLILITRES:
        raise ValueError(f"{text!r} is not an amount")
    amount = round(float(part[1].replace(",", ".")) * _MILLILITRES[part[2] or "ml"])
    if not 0 < amount <= 10_000:
        raise ValueError(f"{text!r} is not between 1 ml and 10 L")
    return amount


def format_amount(millilitres: int) -> str:
    """`millilitres` as people read it: "0 ml", "250 ml", "1.6 L"; `parse_amount` reads the same number."""
    if millilitres >= 1000 and millilitres % 100 == 0:
        return f"{millilitres / 1000:g} L"
    return f"{millilitres} ml"
