"""The bridge to the scheduler: never a moment twice, and never an end to its thread."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from remind.core.decide import RETRY
from remind.service.trigger import FireTimeTrigger
from remind.store.errors import StoreBusyError

NOW = datetime(2026, 11, 24, 21, tzinfo=UTC)


@pytest.mark.parametrize("fire_time", [NOW, NOW + timedelta(hours=1), None])
def test_the_first_moment_is_as_it_is(fire_time: datetime | None) -> None:
    """Asked for the first time it says what the rules say: now, later, or never."""
    assert FireTimeTrigger(lambda _: fire_time).get_next_fire_time(None, NOW) == fire_time


def test_after_firing_it_waits() -> None:
    """Until the delivery has set the job anew, what is still due is not due again at once."""
    assert FireTimeTrigger(lambda now: now).get_next_fire_time(NOW, NOW) == NOW + RETRY


@pytest.mark.parametrize("error", [StoreBusyError("busy"), ZeroDivisionError("a bug")])
def test_a_failure_is_tried_again(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing that is raised reaches the scheduler; a bug is told with where it is, a failure in its one line."""

    def fails(now: datetime) -> datetime:
        raise error

    with caplog.at_level(logging.ERROR):
        assert FireTimeTrigger(fails).get_next_fire_time(None, NOW) == NOW + RETRY
    (record,) = caplog.records
    assert record.getMessage() == f"{error}; tried again in 30 s"
    assert bool(record.exc_info) == isinstance(error, ZeroDivisionError)
