"""How a session of relief goes on: round and round, until the person says that the cramp has eased."""

from remind.core.routine import Phase
from remind.core.session import Session, begin
from remind.core.units import format_seconds

LONG_S = 600
"""A cramp that lasts this long is one to get help with."""

LONG = format_seconds(LONG_S)
ADVICE = f"The cramp has lasted {LONG}: get medical help now."


def advance(session: Session, t: float) -> Session:
    """Return the session at `t`: it goes on after the computer slept, and begins again at its end."""
    after = session.tick(t)
    return again(after.resume(t) if after.slept else after, t)


def next_step(session: Session, t: float) -> Session:
    """Return the session past the rests and repeats of this step, at the step that comes next."""
    after = session.tick(t)
    words = next((one.hear for one in reversed(after.phases[: after.index + 1]) if one.kind == "hold"), "")
    while after.state != "over" and (after.phase.kind != "hold" or after.phase.hear == words):
        after = after.next(t)
    return again(after, t)


def again(session: Session, t: float) -> Session:
    """Return the session, or a new one from the beginning where it is over."""
    return begin(session.phases, t) if session.state == "over" else session


def in_full(phases: tuple[Phase, ...]) -> list[str]:
    """Return every step in words, for where no key can be pressed."""
    lines = [f"{phase.seconds:g} s  {phase.hear}" for phase in phases]
    return [*lines, f"If the cramp lasts longer than {LONG}: get medical help."]
