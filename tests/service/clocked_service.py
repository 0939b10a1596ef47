"""A service whose clock goes from one fire time of its real scheduler to the next, with its threads and database."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import time_machine
from apscheduler.events import EVENT_JOB_ERROR, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from simulated_service import SimulatedApp

from remind.service.service import Service

DUE_S = 10.0
"""How long the service's threads may take for one fire time; only a hang reaches it."""


class CountingExecutor(ThreadPoolExecutor):  # type: ignore[misc]
    """One worker that calls `count` with 1 before a job's next fire time is set, and with -1 when the job has ended.

    The scheduler's own events come later than that, when it may seem to be at rest.
    """

    def __init__(self, count: Callable[[int], None]) -> None:
        super().__init__(1)
        self._count = count

    def _do_submit_job(self, job: Any, run_times: list[datetime]) -> None:
        self._count(1)
        super()._do_submit_job(job, run_times)

    def _run_job_success(self, job_id: str, events: list[JobEvent]) -> None:
        super()._run_job_success(job_id, events)
        self._count(-1)


class ClockedScheduler:
    """The real scheduler, and a clock that goes from one of its fire times to the next."""

    def __init__(self, clock: time_machine.Traveller) -> None:
        self.fire_times = 0
        self._clock = clock
        self._busy = 0
        self._counting = threading.Lock()
        self._turned = threading.Condition()
        self._errors: list[JobEvent] = []
        self.scheduler = BackgroundScheduler(timezone=UTC, executors={"default": CountingExecutor(self._count)})
        self.scheduler.add_listener(self._errors.append, EVENT_JOB_ERROR)

    def go_on(self, end: datetime) -> Iterator[datetime]:
        """Yield each fire time up to `end`, once what was due then is done."""
        while (fire_time := self._next()) is not None and fire_time <= end:
            self._clock.move_to(fire_time)
            self.fire_times += 1
            self.scheduler.wakeup()
            self.settle()
            yield fire_time
        self._clock.move_to(end)

    def _next(self) -> datetime | None:
        return min((job.next_run_time for job in self.scheduler.get_jobs() if job.next_run_time), default=None)

    def settle(self) -> None:
        """Wait until the threads have done all that is due."""
        with self._turned:
            assert self._turned.wait_for(self._idle, DUE_S), "the scheduler does not come to rest"
        assert not self._errors

    def _idle(self) -> bool:
        fire_time = self._next()
        return self._busy == 0 and (fire_time is None or fire_time > datetime.now(UTC))

    def _count(self, jobs: int) -> None:
        with self._counting:
            self._busy += jobs
        if jobs < 0:  # else the scheduler's own lock is held, which `_idle` may wait for
            with self._turned:
                self._turned.notify_all()


class ClockedService(ClockedScheduler):
    """The service of `app` with that scheduler and clock."""

    def __init__(self, app: SimulatedApp, clock: time_machine.Traveller) -> None:
        super().__init__(clock)
        self.app = app
        self.service = Service(app, self.scheduler)
        self.service.start()
        self.settle()

    def look_round(self) -> None:
        """What the main thread does every half minute, and after sleep."""
        self.service.look_round()
        self.settle()
