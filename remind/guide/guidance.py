"""What every guide is given to take a person through one session, its clock, and the words that all of them use."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from remind.core.figure import Pose
from remind.core.routine import Phase, kind_words, side_words
from remind.core.session import LONGEST_GAP_S, Cue, Session, begin, cue
from remind.core.units import format_seconds

if TYPE_CHECKING:
    from remind.desktop.sound import Sounds  # which `remind routines show` does not need

KEYS = "space pause · n next · b back · q quit"
BELLS: dict[Cue, int] = {"notice": 1, "begin": 1, "ease": 2, "end": 3}
BELL_APART_S = 0.25
SLEPT = "The computer was asleep or stopped."

_LATE_S = 0.002
_SHORTEST_WAIT_S = 0.1


class Guidance(msgspec.Struct, frozen=True, kw_only=True):
    """One session to guide. `clock` reads monotonic seconds, best including those that the computer slept."""

    title: str
    phases: tuple[Phase, ...]
    clock: Callable[[], float]
    poses: Mapping[str, Pose] = msgspec.field(default_factory=dict)
    cautions: tuple[str, ...] = ()
    speed: float = 1.0
    sounds: "Sounds"

    def now(self) -> float:
        """Return the instant for the session's events: the clock, as fast as this session is played."""
        return self.clock() * self.speed

    def begin(self) -> Session:
        return begin(self.phases, self.now(), self.speed)

    def start_sounds(self, session: Session) -> None:
        """Get the sounds ready, and say what to do first."""
        self.sounds.start()
        if session.state == "running":
            self.sounds.say(spoken(session.phase))

    def sound(self, before: Session, after: Session, ring: Callable[[int], None]) -> None:
        """Let the person hear what has changed; where no chime can be played, `ring` rings the bell that often."""
        change = cue(before, after)
        if change:
            self.sounds.cue(change, partial(ring, BELLS[change]))
        if after.state != "running":
            self.sounds.hush()
        elif after.index != before.index:
            self.sounds.say(spoken(after.phase))

    def wait_s(self, session: Session) -> float:
        """Return the real seconds until the countdown changes, and a hair more, so that waking once is enough."""
        shortest = _SHORTEST_WAIT_S if self.speed > 1 else 0.0
        return max(session.until_change_s / self.speed, shortest) + _LATE_S


def describe(phase: Phase) -> str:
    """Return the phase in a few words: "hold 2 of 4, left leg, 30 s"."""
    parts = (kind_words(phase), side_words(phase.side), format_seconds(phase.seconds))
    return ", ".join(filter(None, parts))


def spoken(phase: Phase) -> str:
    """Return what the voice says as `phase` begins: all of it the first time, a few words each time after."""
    side = side_words(phase.side)
    words = phase.hear if phase.turn <= 1 else f"{phase.read}."
    return f"{side.capitalize()}. {words}" if side else words


def counting_sleep(monotonic: Callable[[], float], wall: Callable[[], float]) -> Callable[[], float]:
    """Return a monotonic clock in seconds that includes the time asleep, even if `monotonic` stands still then.

    Sleep is seen as a leap of the wall clock against the monotonic one. A clock that is set forward looks the same,
    and a session that then pauses does no harm. Small corrections of the wall clock are not followed.
    """
    ahead, slept = wall() - monotonic(), 0.0

    def now() -> float:
        nonlocal ahead, slept
        t = monotonic()
        leap = wall() - t - ahead
        ahead += leap
        if leap > LONGEST_GAP_S:
            slept += leap
        return t + slept

    return now
