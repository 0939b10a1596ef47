"""A clock for a session that knows when the computer slept."""

from collections.abc import Callable

from remind.core.session import LONGEST_GAP_S


def counting_sleep(monotonic: Callable[[], float], wall: Callable[[], float]) -> Callable[[], float]:
    """A monotonic clock in seconds that goes on while the computer sleeps, when `monotonic` may stand still.

    Sleep is seen as a leap of the wall clock against the monotonic one; one that is set forward looks the same, and
    a session that then pauses does no harm. Small corrections of the wall clock are not followed.
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
