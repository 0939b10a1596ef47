"""One session that runs in the server, so that a hidden tab, a sleeping laptop and a closed tab come out right."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from remind.core.routine import Phase
from remind.core.session import Cue, Session, begin, cue

Event = Callable[[Session, float], Session]
_LATE_S = 0.001
"""So that one waking is enough for the countdown to have changed."""


class Run:
    """A run of `phases`. `told` is called with the sound, if any, whenever what is to be seen or heard changes."""

    def __init__(
        self,
        phases: tuple[Phase, ...],
        clock: Callable[[], float],
        told: Callable[[Cue | None], None],
        advance: Event = Session.tick,
        speed: float = 1.0,
    ) -> None:
        self._clock = clock
        self._told = told
        self._advance = advance
        self._speed = speed
        self._woken = asyncio.Event()
        self.session = begin(phases, self._now(), speed)
        self._timekeeper = asyncio.get_running_loop().create_task(self._keep_time())

    def stop(self) -> None:
        """Let time stand still from now on."""
        self._timekeeper.cancel()

    def happen(self, event: Event) -> None:
        """Let `event` happen to the session now."""
        before, self.session = self.session, event(self.session, self._now())
        sound = cue(before, self.session)
        if sound or _shown(before) != _shown(self.session):
            self._woken.set()
            self._told(sound)

    def tick(self) -> None:
        """Tell the session what time it is."""
        self.happen(self._advance)

    async def _keep_time(self) -> None:
        """Tick whenever the countdown changes, until the session is over."""
        while self.session.state != "over":
            running = self.session.state == "running"
            wait = self.session.until_change_s / self._speed + _LATE_S if running else None
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), wait)
            self._woken.clear()
            self.tick()

    def _now(self) -> float:
        return self._clock() * self._speed


def _shown(session: Session) -> tuple[object, ...]:
    return session.index, session.state, session.deadline
