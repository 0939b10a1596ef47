"""How much was drunk, how much an even pace would have reached by now, and how much is too much at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from remind.core.diary import Drink

MUCH_ML = 750
"""More than this within an hour draws a warning."""

_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)


def drunk_ml(drinks: Iterable[Drink]) -> int:
    """Return how much `drinks` are in all."""
    return sum(drink.amount_ml for drink in drinks)


def expected_ml(target_ml: int, start: datetime, end: datetime, now: datetime) -> int:
    """Return how much of the day's target an even pace from `start` to `end` has reached by `now`."""
    if now >= end:
        return target_ml
    if now <= start:
        return 0
    return round(target_ml * (now - start) / (end - start))


def on_pace(drinks: Iterable[Drink], target_ml: int, start: datetime, end: datetime, now: datetime) -> bool:
    """Return whether the `drinks` of a day are ahead of an even pace, so that no reminder is needed.

    Someone who drinks a glass at each reminder is level, not ahead, when the next one is due.
    """
    # Reminders are due at whole minutes, up to a minute before the pace reaches the next glass.
    drunk = drunk_ml(drinks)
    return drunk >= target_ml or drunk > expected_ml(target_ml, start, end, now + _MINUTE)


def most_in_an_hour_ml(drinks: Iterable[Drink], at: datetime) -> int:
    """Return the most that was drunk within any hour that contains `at`."""
    drinks = list(drinks)
    starts = [drink.at for drink in drinks if at - _HOUR < drink.at <= at]
    hours = ([drink for drink in drinks if start <= drink.at < start + _HOUR] for start in starts)
    return max(map(drunk_ml, hours), default=0)
