"""All probes together: their time limit, and what follows from what they report."""

import time
from datetime import timedelta

import pytest

from remind.core.decide import Presence
from remind.desktop.presence.presence import (
    Environ,
    FailedError,
    Probe,
    ProbeResult,
    Readings,
    UnavailableError,
    look,
    merged,
    probe,
)

FIVE_MIN = timedelta(minutes=5)


def merge(*readings: Readings) -> Presence:
    return merged([ProbeResult("probe", one) for one in readings], FIVE_MIN)


def test_nothing_told_is_nothing_known() -> None:
    """Without readings nothing is known, not even that the person is there."""
    assert merge() == merge(Readings(), Readings()) == Presence(None, None, None, None)


@pytest.mark.parametrize(("seconds", "away"), [(0, False), (299, False), (300, True), (7200, True)])
def test_away_is_idle_for_long_enough(seconds: int, away: bool) -> None:
    """After the idle time in the settings the person is away."""
    assert merge(Readings(idle=timedelta(seconds=seconds))) == Presence(away=away)


def test_the_most_trusted_idle_time_holds() -> None:
    """The first probe that knows the idle time decides, whatever a later one reports."""
    assert merge(Readings(), Readings(idle=timedelta(0)), Readings(idle=FIVE_MIN)).away is False
    assert merge(Readings(idle=FIVE_MIN), Readings(idle=timedelta(0))).away is True


@pytest.mark.parametrize("sign", ["locked", "do_not_disturb", "full_screen"])
def test_one_that_knows_is_enough(sign: str) -> None:
    """One yes is enough, and a no needs at least one probe that says no."""
    yes, no = Readings(**{sign: True}), Readings(**{sign: False})
    assert getattr(merge(no, yes, Readings()), sign) is True
    assert getattr(merge(Readings(), no), sign) is False
    assert getattr(merge(Readings()), sign) is None


def test_the_reason_of_silence_is_told() -> None:
    """A probe without a reading says why, and whether that is a failure."""

    def absent(environ: Environ, deadline: float) -> Readings:
        raise UnavailableError("is not running")

    def broken(environ: Environ, deadline: float) -> Readings:
        raise FailedError("no answer in time")

    assert look([probe("a", absent), probe("b", broken)], {}, 20, 20) == [
        ProbeResult("a", Readings(), "is not running", failed=False),
        ProbeResult("b", Readings(), "no answer in time", failed=True),
    ]


@pytest.mark.parametrize("error", [OSError("x"), ValueError("x"), KeyError("x"), RecursionError("x"), TypeError("x")])
def test_a_fault_of_one_probe_is_its_own(error: Exception) -> None:
    """Whatever a probe raises, the next one is asked, and nothing is raised."""

    def broken(environ: Environ, deadline: float) -> Readings:
        raise error

    told = look([probe("broken", broken), probe("good", lambda *_: Readings(locked=True))], {}, 20, 20)
    assert [one.failed for one in told] == [True, False]
    assert told[1].readings == Readings(locked=True)


def test_all_together_are_bounded() -> None:
    """Each probe has its own limit, and all together have one too."""
    given: list[float] = []

    def slow(environ: Environ, deadline: float) -> list[ProbeResult]:
        left = deadline - time.monotonic()
        given.append(left)
        time.sleep(max(0.0, left))
        return [ProbeResult("slow")]

    probes: list[Probe] = [slow] * 4
    began = time.monotonic()
    assert len(look(probes, {}, most_s=0.25, most_each_s=0.1)) == 4
    assert time.monotonic() - began < 5
    assert all(left <= 0.1 for left in given)
    assert given[-1] <= 0.05 + 1e-3
