"""How often nights had a cramp, and how sure such a count is. It compares counts, and claims no cause."""

import math
from collections.abc import Callable
from functools import cache

import msgspec

_TAIL = 0.025
"""What lies beyond either limit, so that 95% lie between them."""
_STEPS = 60
WEEK = 7


class Rate(msgspec.Struct, frozen=True):
    """How many of seven nights had a cramp, with the limits between which the true rate lies with 95% confidence."""

    per_week: float
    low: float
    high: float


def rate(cramp_nights: int, nights_recorded: int) -> Rate | None:
    """Return the rate of nights with a cramp; None if no night is recorded.

    Nights are compared and not cramps, since several cramps of one night are not independent of each other.
    """
    if not nights_recorded:
        return None
    found = (cramp_nights, *poisson_limits(cramp_nights))
    return Rate(*(round(min(WEEK, WEEK * value / nights_recorded), 1) for value in found))


@cache
def poisson_limits(count: int) -> tuple[float, float]:
    """Return the exact 95% confidence limits of the mean of a Poisson distribution that gave `count`.

    These are the means at which `count` or more, and `count` or less, has a probability of 2.5%: F. Garwood, "Fiducial
    limits for the Poisson distribution", Biometrika 28 (1936) 437–442.
    """
    far = count + 10 * math.sqrt(count + 1) + 10
    low = 0.0
    if count:
        low = _crossing(0.0, count, lambda mean: _at_least(count, mean) < _TAIL)
    return low, _crossing(count, far, lambda mean: _at_most(count, mean) > _TAIL)


def _crossing(low: float, high: float, is_below: Callable[[float], bool]) -> float:
    """Return where `is_below` turns false between `low` and `high`."""
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return (low + high) / 2


def _at_least(count: int, mean: float) -> float:
    """Return the probability of `count` or more, for a `mean` below it."""
    term = total = _probability(count, mean)
    while term > total * 1e-12:
        count += 1
        term *= mean / count
        total += term
    return total


def _at_most(count: int, mean: float) -> float:
    """Return the probability of `count` or less, for a `mean` above it."""
    term = total = _probability(count, mean)
    while term > total * 1e-12:
        term *= count / mean
        count -= 1
        total += term
    return total


def _probability(count: int, mean: float) -> float:
    return math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
