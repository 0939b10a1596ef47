"""What every probe promises, as tests; who inherits them brings the other end as the fixture `rig`."""

import time
from typing import Protocol

from remind.desktop.presence.presence import ProbeResult, Readings

PATIENT_S = 20.0
IMPATIENT_S = 0.3


class Rig(Protocol):
    """A probe with what stands at its other end, which says `said` while all is well."""

    said: Readings

    def ask(self, seconds: float) -> ProbeResult:
        """What the probe says, given so much time."""

    def hang(self) -> None:
        """From now on the other end says nothing."""

    def talk_rubbish(self) -> None:
        """From now on the other end says what makes no sense."""

    def leave(self) -> None:
        """From now on there is no other end."""


class ProbeContract:
    """Inherited under a name that begins with Test."""

    def test_what_is_said_is_told(self, rig: Rig) -> None:
        """What the other end knows is told, and nothing beyond it."""
        told = rig.ask(PATIENT_S)
        assert (told.unavailable, told.failed) == ("", False)
        assert told.readings == rig.said

    def test_a_hang_is_unknown_and_bounded(self, rig: Rig) -> None:
        """An other end that does not answer costs the time that was given, and tells nothing."""
        rig.hang()
        began = time.monotonic()
        told = rig.ask(IMPATIENT_S)
        assert time.monotonic() - began < 10
        assert told.readings == Readings()
        assert told.failed

    def test_rubbish_is_unknown(self, rig: Rig) -> None:
        """An answer that makes no sense tells nothing, and is said to be one."""
        rig.talk_rubbish()
        told = rig.ask(PATIENT_S)
        assert told.readings == Readings()
        assert told.failed
        assert told.unavailable

    def test_an_absent_other_end_is_unknown_at_once(self, rig: Rig) -> None:
        """Where there is nothing to ask nothing is told, that is no failure, and nobody waits for it."""
        rig.leave()
        began = time.monotonic()
        told = rig.ask(PATIENT_S)
        assert time.monotonic() - began < PATIENT_S / 2
        assert told.readings == Readings()
        assert not told.failed
        assert told.unavailable
