"""What every probe promises, as tests; a class that inherits them has the fixture `rig`."""

import time
from typing import Protocol

from remind.desktop.presence.presence import ProbeResult, Readings

PATIENT_S = 20.0
IMPATIENT_S = 0.3


class Rig(Protocol):
    """A probe with what it asks, which reports `said` while all is well."""

    said: Readings

    def ask(self, seconds: float) -> ProbeResult:
        """Return what the probe reports within `seconds`."""

    def hang(self) -> None:
        """From now on the other end does not answer."""

    def talk_rubbish(self) -> None:
        """From now on the other end answers nonsense."""

    def leave(self) -> None:
        """End the program."""


class ProbeContract:
    """Inherit this in a class whose name begins with Test."""

    def test_what_is_said_is_told(self, rig: Rig) -> None:
        """What the other end knows is reported, and nothing else."""
        told = rig.ask(PATIENT_S)
        assert (told.unavailable, told.failed) == ("", False)
        assert told.readings == rig.said

    def test_a_hang_is_unknown_and_bounded(self, rig: Rig) -> None:
        """If the other end does not answer, the probe reports nothing within its time limit."""
        rig.hang()
        began = time.monotonic()
        told = rig.ask(IMPATIENT_S)
        assert time.monotonic() - began < 10
        assert told.readings == Readings()
        assert told.failed

    def test_rubbish_is_unknown(self, rig: Rig) -> None:
        """Nonsense is reported as a failure, without readings."""
        rig.talk_rubbish()
        told = rig.ask(PATIENT_S)
        assert told.readings == Readings()
        assert told.failed
        assert told.unavailable

    def test_an_absent_other_end_is_unknown_at_once(self, rig: Rig) -> None:
        """If there is nothing to ask, the probe reports nothing at once, and that is not a failure."""
        rig.leave()
        began = time.monotonic()
        told = rig.ask(PATIENT_S)
        assert time.monotonic() - began < PATIENT_S / 2
        assert told.readings == Readings()
        assert not told.failed
        assert told.unavailable
