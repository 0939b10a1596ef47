"""How sure a count is, beside published tables."""

import pytest

from remind.core.rates import Rate, poisson_limits, rate


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (0, 0.0, 3.689),
        (1, 0.0253, 5.572),
        (2, 0.242, 7.225),
        (3, 0.619, 8.767),
        (4, 1.090, 10.242),
        (5, 1.623, 11.668),
        (10, 4.795, 18.390),
        (20, 12.217, 30.888),
        (50, 37.111, 65.919),
        (100, 81.364, 121.627),
    ],
)
def test_the_limits_are_those_of_the_tables(count: int, low: float, high: float) -> None:
    """As Garwood 1936 and the tables of the Documenta Geigy give them."""
    assert poisson_limits(count) == (pytest.approx(low, abs=6e-4), pytest.approx(high, abs=6e-4))


def test_ten_years_of_nights_have_limits_too() -> None:
    """Near the normal approximation, count ± 1.96 √count."""
    assert poisson_limits(3650) == (pytest.approx(3650 - 118, abs=2), pytest.approx(3650 + 120, abs=2))


def test_a_rate_is_per_seven_nights_and_never_above_seven() -> None:
    """A week has seven nights, whatever the limits of the count are."""
    assert rate(3, 14) == Rate(1.5, 0.3, 4.4)
    assert rate(14, 14) == Rate(7, 3.8, 7)
    assert rate(0, 14) == Rate(0, 0, 1.8)
    assert rate(0, 0) is None
