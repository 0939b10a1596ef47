"""The bridge from our rules to APScheduler.

CronTrigger fires twice in the hour that the clocks repeat, and CalendarIntervalTrigger skips a day when they jump. So
a job's fire times come from the ledger and the rules instead.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from apscheduler.triggers.base import BaseTrigger

from remind.core.decide import RETRY
from remind.errors import RemindError

log = logging.getLogger("remind")


class FireTimeTrigger(BaseTrigger):  # type: ignore[misc]
    """Fires when `next_fire_time(now)` says; None means never."""

    def __init__(self, next_fire_time: Callable[[datetime], datetime | None]) -> None:
        self._next_fire_time = next_fire_time

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """Return the next fire time. After firing it is RETRY later, since the scheduler asks again while it is past.

        A delivery that succeeds schedules its job anew; only one that fails waits for RETRY.
        """
        if previous_fire_time is not None:
            return now + RETRY
        try:
            return self._next_fire_time(now)
        except Exception as error:  # one that escaped would end the scheduler's thread, and so all reminders
            log.error("%s; trying again in %s s", error, RETRY.seconds, exc_info=not isinstance(error, RemindError))
            return now + RETRY
