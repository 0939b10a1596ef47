"""The bridge to the scheduler: it fires once for each fire time, and no error ends the scheduler's thread."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from remind.core.decide import RETRY
from remind.service.trigger import FireTimeTrigger
from remind.store.errors import StoreBusyError

NOW = datetime(2026, 11, 24, 21, tzinfo=UTC)


@pytest.mark.parametrize("fire_time", [NOW, NOW + timedelta(hours=1), None])
def test_the_first_fire_time_is_that_of_the_rules(fire_time: datetime | None) -> None:
    """Asked for the first time, it returns what the rules say: now, later, or never."""
    assert FireTimeTrigger(lambda _: fire_time).get_next_fire_time(None, NOW) == fire_time


def test_after_firing_it_waits() -> None:
    """What is still due does not fire again at once; the delivery schedules the job anew."""
    assert FireTimeTrigger(lambda now: now).get_next_fire_time(NOW, NOW) == NOW + RETRY


@pytest.mark.parametrize("error", [StoreBusyError("busy"), ZeroDivisionError("a bug")])
def test_a_failure_is_tried_again(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    """No exception reaches the scheduler; a bug is logged with its traceback, an expected failure in one line."""

    def fails(now: datetime) -> datetime:
        raise error

    with caplog.at_level(logging.ERROR):
        assert FireTimeTrigger(fails).get_next_fire_time(None, NOW) == NOW + RETRY
    (record,) = caplog.records
    assert record.getMessage() == f"{error}; trying again in 30 s"
    assert bool(record.exc_info) == isinstance(error, ZeroDivisionError)
