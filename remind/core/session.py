"""One run of a plan: a state machine that is told what happens and when, and has no clock of its own.

Every instant is a reading of one monotonic clock, in seconds. A phase ends at its deadline, and the next one begins at
that instant however late the tick comes, so a session never drifts from its plan.
"""

import math
from datetime import datetime
from typing import Literal

import msgspec
from msgspec.structs import replace

from remind.core.diary import Stretch
from remind.core.routine import Phase, planned_s, whole_s

NOTICE_S = 3
LONGEST_GAP_S = 5.0
_BACK_RESTARTS_AFTER_S = 3.0
_WHOLE_WITHIN_S = 1.0

Cue = Literal["notice", "begin", "ease", "end"]


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """The state of a run of `phases` at the instant `at`; each event returns the session that follows.

    Held time is counted for each phase. Time paused or skipped does not count. Repeating a hold adds to what was held
    before, up to the seconds that its phase asks for.
    """

    phases: tuple[Phase, ...]
    at: float
    deadline: float
    held: tuple[float, ...]
    index: int = 0
    state: Literal["running", "paused", "over"] = "running"
    longest_gap: float = LONGEST_GAP_S
    slept: bool = False

    @property
    def phase(self) -> Phase:
        """Return the current phase; the last one when the session is finished."""
        return self.phases[min(self.index, len(self.phases) - 1)]

    @property
    def coming(self) -> Phase | None:
        """Return the phase after this one; None in the last."""
        return self.phases[self.index + 1] if self.index + 1 < len(self.phases) else None

    @property
    def left_s(self) -> float:
        """Return the seconds left of this phase."""
        # Rounding errors in a sum of floats must not make 30 seconds 31.
        return min(self.phase.seconds, self.deadline - self.at)

    @property
    def shown_s(self) -> int:
        """Return the whole seconds left as a countdown shows them: 30 at the start of 30 seconds, 1 in the last."""
        return math.ceil(self.left_s)

    @property
    def until_change_s(self) -> float:
        """Return the seconds until `shown_s` changes."""
        return self.left_s - self.shown_s + 1

    @property
    def notice(self) -> bool:
        """Return whether a hold begins within three seconds."""
        coming = self.coming
        return coming is not None and coming.kind == "hold" and 0 < self.shown_s <= NOTICE_S

    @property
    def passed_s(self) -> float:
        """Return how many seconds of the plan have passed."""
        return whole_s(self.phases[: self.index]) + (0 if self.finished else self.phase.seconds - self.left_s)

    @property
    def finished(self) -> bool:
        """Return whether the last phase has passed, because its time was up or the person moved on."""
        return self.index == len(self.phases)

    @property
    def held_s(self) -> float:
        """Return how many seconds of stretching were held."""
        return sum(self.held)

    @property
    def complete(self) -> bool:
        """Return whether everything planned was held; pressing a key may cost the last second."""
        return planned_s(self.phases) - self.held_s < _WHOLE_WITHIN_S

    def tick(self, t: float) -> "Session":
        """Return the session at `t`; after a gap in which nobody can have been guided, paused where it was before."""
        if self.state != "running" or t <= self.at:
            return self
        if t - self.at > self.longest_gap:
            return replace(self, state="paused", slept=True)
        session = self
        while session.state == "running" and session.deadline <= t:
            session = session._until(session.deadline)._enter(session.index + 1)
        return session if session.state == "over" else session._until(t)

    def pause(self, t: float) -> "Session":
        """Return the session paused at `t`."""
        session = self.tick(t)
        return replace(session, state="paused") if session.state == "running" else session

    def resume(self, t: float) -> "Session":
        """Return the session running again from `t`, with as much of the phase left as before the pause."""
        if self.state != "paused":
            return self.tick(t)
        return replace(self, state="running", slept=False, deadline=self.deadline + t - self.at, at=t)

    def toggle(self, t: float) -> "Session":
        """Return the session paused, or running again if it is paused."""
        return self.resume(t) if self.state == "paused" else self.pause(t)

    def next(self, t: float) -> "Session":
        """Return the session at the start of the next phase; a paused session stays paused."""
        session = self.tick(t)
        return session if session.state == "over" else session._enter(session.index + 1)

    def back(self, t: float) -> "Session":
        """Return the session at the start of this phase, or of the one before if this one has just begun."""
        session = self.tick(t)
        if session.state == "over":
            return session
        just_begun = session.phase.seconds - session.left_s <= _BACK_RESTARTS_AFTER_S
        return session._enter(max(0, session.index - just_begun))

    def end(self, t: float) -> "Session":
        """Return the session ended at `t` by the person."""
        return replace(self.tick(t), state="over")

    def diary_entry(self, entry_id: str, routine: str, ended_at: datetime) -> Stretch:
        """Return the diary entry for this session, in whole seconds; a part is never rounded up to the whole."""
        planned = round(planned_s(self.phases))
        return Stretch(
            id=entry_id,
            at=ended_at,
            written_at=ended_at,
            routine=routine,
            planned_s=planned,
            held_s=planned if self.complete else int(self.held_s),
            complete=self.complete,
        )

    def _until(self, t: float) -> "Session":
        held = self.held
        if self.phase.kind == "hold":
            counted = min(self.phase.seconds, held[self.index] + t - self.at)
            held = (*held[: self.index], counted, *held[self.index + 1 :])
        return replace(self, at=t, held=held)

    def _enter(self, index: int) -> "Session":
        if index == len(self.phases):
            return replace(self, index=index, state="over", deadline=self.at)
        return replace(self, index=index, deadline=self.at + self.phases[index].seconds)


def begin(phases: tuple[Phase, ...], t: float, speed: float = 1.0) -> Session:
    """Return a session that begins at `t`, on a clock that runs `speed` times as fast as real time."""
    return Session(
        phases=phases,
        at=t,
        deadline=t + phases[0].seconds,
        held=(0.0,) * len(phases),
        longest_gap=LONGEST_GAP_S * speed,
    )


def cue(before: Session, after: Session) -> Cue | None:
    """Return the sound to play when `before` has become `after`; None if the person stopped the session."""
    if after.state == "over":
        return "end" if after.finished and before.state != "over" else None
    if after.index != before.index:
        return "begin" if after.phase.kind == "hold" else "ease"
    if after.state == "running" and after.notice and after.shown_s != before.shown_s:
        return "notice"
    return None
