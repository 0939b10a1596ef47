"""How much was drunk, how much was to be expected by now, and when it is too much at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from remind.core.diary import Drink

MUCH_ML = 750
"""More than this within an hour draws a warning."""

_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)


def drunk_ml(drinks: Iterable[Drink]) -> int:
    """The sum of `drinks`."""
    return sum(drink.amount_ml for drink in drinks)


def expected_ml(target_ml: int, start: datetime, end: datetime, now: datetime) -> int:
    """What is to be drunk by `now` of the day's target, spread evenly from `start` to `end`."""
    if now >= end:
        return target_ml
    return round(target_ml * max(now - start, timedelta(0)) / (end - start))


def on_pace(drinks: Iterable[Drink], target_ml: int, start: datetime, end: datetime, now: datetime) -> bool:
    """Whether the `drinks` of a day are ahead of an even spread of its target, so that no reminder is needed.

    Ahead, not level: who drinks a glass at each reminder is level when the next is due and wants it.
    The minute is for reminders that stand at whole minutes, a little before the glass is due.
    """
    drunk = drunk_ml(drinks)
    return drunk >= target_ml or drunk > expected_ml(target_ml, start, end, now + _MINUTE)


def most_in_an_hour_ml(drinks: Iterable[Drink], at: datetime) -> int:
    """The most that was drunk within any one hour that has `at` in it."""
    near = [drink for drink in drinks if abs(drink.at - at) < _HOUR]
    return max((_from(drink.at, near) for drink in near if drink.at <= at), default=0)


def _from(start: datetime, drinks: Iterable[Drink]) -> int:
    return drunk_ml(drink for drink in drinks if start <= drink.at < start + _HOUR)
