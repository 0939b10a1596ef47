"""Each test of core computes anew what the program keeps for later: mutation tests would else see the old results."""

import pytest

from remind.core.rates import poisson_limits
from remind.core.schema import table_of


@pytest.fixture(autouse=True)
def nothing_is_kept() -> None:
    """Empty the caches."""
    poisson_limits.cache_clear()
    table_of.cache_clear()
