"""What probes tell of the person's presence, asked within a bound, and what follows from all of it together."""

import struct
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta

import msgspec

from remind.core.decide import Presence
from remind.errors import RemindError

NO_SENSE = "its answer makes no sense"

MOST_EACH_S = 0.5
MOST_S = 1.5
"""Seconds that one probe, and all together, may take where something hangs; else they need some milliseconds."""


class SilentError(RemindError):
    """A probe tells nothing on this desktop; its text is the reason."""


class FailedError(SilentError):
    """A probe should tell something here, and does not: it hangs, or what it answers makes no sense."""


BROKEN = (OSError, ValueError, RuntimeError, LookupError, TypeError, struct.error)
"""What comes of an other end that is not there, or that speaks no sense."""


class Signs(msgspec.Struct, frozen=True):
    """What a probe tells; None is what it does not tell, never a guess."""

    idle: timedelta | None = None
    """At least so long ago a key, the mouse or the screen was touched last."""
    locked: bool | None = None
    do_not_disturb: bool | None = None
    full_screen: bool | None = None


class Told(msgspec.Struct, frozen=True):
    """What the probe of that name said, or why it was silent."""

    probe: str
    signs: Signs = Signs()
    silence: str = ""
    failed: bool = False
    """It should have told something, and did not."""


Environ = Mapping[str, str]
Probe = Callable[[Environ, float], list[Told]]
"""Asks in a desktop session's environment, until a deadline on the monotonic clock; raises nothing."""


def probe(name: str, ask: Callable[[Environ, float], Signs]) -> Probe:
    """The probe called `name` that says what `ask` returns, or why it failed."""

    def asked(environ: Environ, deadline: float) -> list[Told]:
        try:
            return [Told(name, ask(environ, deadline))]
        except SilentError as error:
            return [silent(name, error)]
        except BROKEN as error:
            return [silent(name, FailedError(f"does not answer: {error}"))]

    return asked


def silent(name: str, error: SilentError) -> Told:
    """The probe called `name` that tells nothing because of `error`."""
    return Told(name, silence=str(error), failed=isinstance(error, FailedError))


def look(
    probes: Sequence[Probe], environ: Environ, most_s: float = MOST_S, most_each_s: float = MOST_EACH_S
) -> list[Told]:
    """What each of `probes` says; those that had no time left say that."""
    end = time.monotonic() + most_s
    return [told for ask in probes for told in ask(environ, min(end, time.monotonic() + most_each_s))]


def merged(told: Iterable[Told], away_after: timedelta) -> Presence:
    """The presence that follows from `told`, the most trusted first.

    Of idle times the first that is known holds; for all else, what one tells is so even if another does not know it.
    """
    signs = [one.signs for one in told]
    idle = next((one.idle for one in signs if one.idle is not None), None)
    return Presence(
        away=None if idle is None else idle >= away_after,
        locked=_any(one.locked for one in signs),
        do_not_disturb=_any(one.do_not_disturb for one in signs),
        full_screen=_any(one.full_screen for one in signs),
    )


def _any(values: Iterable[bool | None]) -> bool | None:
    known = [value for value in values if value is not None]
    return any(known) if known else None
