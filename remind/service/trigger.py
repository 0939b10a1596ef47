"""The bridge from our calculus to APScheduler.

CronTrigger rings twice in the hour that comes twice, CalendarIntervalTrigger skips a day where the clocks jump; so a
job's times come from the ledger and the rules instead.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from apscheduler.triggers.base import BaseTrigger

from remind.core.decide import RETRY
from remind.errors import RemindError

log = logging.getLogger("remind")


class FireTimeTrigger(BaseTrigger):  # type: ignore[misc]
    """Fires when `next_fire_time(now)` says; None is never."""

    def __init__(self, next_fire_time: Callable[[datetime], datetime | None]) -> None:
        self._next_fire_time = next_fire_time

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """Return the next fire time. After firing it is RETRY on, for a delivery that failed; else the job is set anew.

        The scheduler asks in a loop while the answer lies in the past, so an answer after firing must not.
        """
        if previous_fire_time is not None:
            return now + RETRY
        try:
            return self._next_fire_time(now)
        except Exception as error:  # what escapes here ends the thread of the scheduler, and all reminding
            log.error("%s; tried again in %s s", error, RETRY.seconds, exc_info=not isinstance(error, RemindError))
            return now + RETRY
