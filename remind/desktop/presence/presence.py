"""What probes say about the person's presence, asked within a time limit, and what follows from all of it together."""

import struct
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta

import msgspec

from remind.core.decide import Presence
from remind.desktop.command import CommandError, CommandTimeoutError, run
from remind.errors import RemindError

NO_SENSE = "its answer makes no sense"

MOST_EACH_S = 0.5
MOST_S = 1.5
"""Seconds that one probe, and all together, may take where something hangs; otherwise they need milliseconds."""

_LONGEST_MS = timedelta(days=3660) // timedelta(milliseconds=1)
_BROKEN = (OSError, ValueError, RuntimeError, LookupError, TypeError, struct.error)
"""What is raised where the other end is not there, or talks nonsense."""


class UnavailableError(RemindError):
    """A probe has nothing to say on this desktop; its text is the reason."""


class FailedError(UnavailableError):
    """A probe should have something to say here, but it hangs or its answer makes no sense."""


class Readings(msgspec.Struct, frozen=True):
    """What a probe says; None is what it does not know, never a guess."""

    idle: timedelta | None = None
    """Nobody has touched the keyboard, mouse or screen for at least this long."""
    locked: bool | None = None
    do_not_disturb: bool | None = None
    full_screen: bool | None = None


class ProbeResult(msgspec.Struct, frozen=True):
    """What the probe of that name said, or why it said nothing."""

    probe: str
    readings: Readings = Readings()
    unavailable: str = ""
    failed: bool = False
    """It should have said something."""


Environ = Mapping[str, str]
Probe = Callable[[Environ, float], list[ProbeResult]]
"""Asks in a desktop session's environment, until a deadline on the monotonic clock; raises nothing."""


def probe(name: str, ask: Callable[[Environ, float], Readings]) -> Probe:
    """Return the probe called `name` that says what `ask` returns, or why it failed."""

    def asked(environ: Environ, deadline: float) -> list[ProbeResult]:
        try:
            return [ProbeResult(name, ask(environ, deadline))]
        except UnavailableError as error:
            return [unavailable(name, error)]
        except _BROKEN as error:
            return [unavailable(name, FailedError(f"does not answer: {error}"))]

    return asked


def output(command: Sequence[str], environ: Environ, deadline: float) -> str:
    """Return what `command` prints.

    Raises:
        UnavailableError: there is no such command, or it fails.
        FailedError: it has not ended by `deadline` on the monotonic clock; it is ended then.
    """
    try:
        return run(command, environ, max(0.0, deadline - time.monotonic()))
    except CommandTimeoutError:
        raise FailedError(f"{command[0]} did not answer in time") from None
    except CommandError as error:
        raise UnavailableError(f"{command[0]}: {error}") from error


def unavailable(name: str, error: UnavailableError) -> ProbeResult:
    """Return the result of the probe called `name` that says nothing because of `error`."""
    return ProbeResult(name, unavailable=str(error), failed=isinstance(error, FailedError))


def idle_for(milliseconds: int) -> Readings:
    """Return that nothing was touched for so long. Raise FailedError for more than ten years."""
    if not 0 <= milliseconds <= _LONGEST_MS:
        raise FailedError(NO_SENSE)
    return Readings(idle=timedelta(milliseconds=milliseconds))


def look(
    probes: Sequence[Probe], environ: Environ, most_s: float = MOST_S, most_each_s: float = MOST_EACH_S
) -> list[ProbeResult]:
    """Return what each of `probes` says; those that had no time left say that."""
    end = time.monotonic() + most_s
    return [result for ask in probes for result in ask(environ, min(end, time.monotonic() + most_each_s))]


def merged(results: Iterable[ProbeResult], away_after: timedelta) -> Presence:
    """Return the presence that follows from `results`, the most trusted first.

    The first idle time that is known counts; of all else, one yes is enough.
    """
    readings = [result.readings for result in results]
    idle = next((one.idle for one in readings if one.idle is not None), None)
    return Presence(
        away=None if idle is None else idle >= away_after,
        locked=_any(one.locked for one in readings),
        do_not_disturb=_any(one.do_not_disturb for one in readings),
        full_screen=_any(one.full_screen for one in readings),
    )


def _any(values: Iterable[bool | None]) -> bool | None:
    known = [value for value in values if value is not None]
    return any(known) if known else None
