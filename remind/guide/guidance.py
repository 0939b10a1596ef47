"""What every guide is given to take a person through one session, and the words that all of them use."""

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

import msgspec

from remind.core.figure import Pose
from remind.core.routine import Phase, side_words
from remind.core.session import Cue, Session, begin
from remind.core.units import format_duration

KEYS = "space pause · n next · b back · q end"
BELLS: dict[Cue, int] = {"notice": 1, "begin": 1, "ease": 2, "end": 3}
BELL_APART_S = 0.25

ENDING: tuple[signal.Signals, ...] = (signal.SIGINT, signal.SIGTERM)
# A closed terminal window (SIGHUP) ends a session as Ctrl-C does, but not under nohup. Windows has no SIGHUP.
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
    ENDING += (signal.SIGHUP,)

_KINDS = {"ready": "get ready", "hold": "hold", "rest": "rest", "swap": "change", "finish": "finish"}
_LATE_S = 0.002
_SHORTEST_WAIT_S = 0.1


class Guidance(msgspec.Struct, frozen=True, kw_only=True):
    """One session to guide. `clock` reads monotonic seconds, best with those of sleep among them.

    `over` is called exactly once, with the session as it ended, before anything else can go wrong.
    """

    title: str
    phases: tuple[Phase, ...]
    clock: Callable[[], float]
    over: Callable[[Session], None]
    poses: Mapping[str, Pose] = msgspec.field(default_factory=dict)
    cautions: tuple[str, ...] = ()
    speed: float = 1.0
    bell: bool = True

    def now(self) -> float:
        """The instant for the session's events: the clock, as fast as this session is played."""
        return self.clock() * self.speed

    def begin(self) -> Session:
        return begin(self.phases, self.now(), self.speed)

    def wait_s(self, session: Session) -> float:
        """Real seconds until the countdown shows another number, and a hair more: one waking is enough."""
        shortest = _SHORTEST_WAIT_S if self.speed > 1 else 0.0
        return max(session.until_change_s / self.speed, shortest) + _LATE_S


def describe(phase: Phase) -> str:
    """The phase in a few words: "hold 2 of 4, left leg, 30 s"."""
    turn = f" {phase.turn} of {phase.turns}" if phase.turns > 1 else ""
    parts = [
        _KINDS[phase.kind] + turn,
        side_words(phase.side),
        format_duration(timedelta(seconds=phase.seconds)),
    ]
    return ", ".join(part for part in parts if part)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Inside, no signal asks to end. A window that is closed sends two of them, and what was held is yet to be kept."""
    before = {one: signal.signal(one, signal.SIG_IGN) for one in ENDING}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Inside, the first signal that asks to end raises KeyboardInterrupt; later ones are ignored."""

    def interrupt(_signum: int, _frame: FrameType | None) -> None:
        for one in ENDING:
            signal.signal(one, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {one: signal.signal(one, interrupt) for one in ENDING}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
