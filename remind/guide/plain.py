"""The session as plain lines, one for each change: for a pipe, a log or a screen reader."""

from collections.abc import Callable
from contextlib import suppress

from remind.core.routine import Phase, whole_s
from remind.core.session import Session
from remind.core.units import format_seconds
from remind.guide.controls import Keys, signals_interrupt
from remind.guide.guidance import KEYS, SLEPT, Guidance, describe

_EVENTS: dict[str, Callable[[Session, float], Session]] = {
    " ": Session.toggle,
    "n": Session.next,
    "b": Session.back,
    "q": Session.end,
}


def run(guidance: Guidance, say: Callable[[str], None], keys: Keys, ring: Callable[[int], None]) -> Session:
    """Guide to the end, and return the session as it ended.

    A signal ends it, and so does a line that cannot be written.

    Args:
        say: Write one line and flush it.
        ring: Ring the bell that many times.
    """
    session = guidance.begin()
    with suppress(KeyboardInterrupt, OSError), signals_interrupt():
        ends = KEYS if keys.available else "Ctrl-C ends it"
        say(f"{guidance.title}, {format_seconds(whole_s(guidance.phases))}; {ends}")
        say(_line(session.phase))
        guidance.start_sounds(session)
        while session.state != "over":
            event = _EVENTS.get(keys.wait(guidance.wait_s(session)).lower(), Session.tick)
            before, session = session, event(session, guidance.now())
            if session.slept and not keys.available:
                say(f"{SLEPT} You can't press a key here to continue, so the session ends.")
                break
            for line in _changes(before, session):
                say(line)
            guidance.sound(before, session, ring)
    return session.end(guidance.now())


def _changes(before: Session, after: Session) -> list[str]:
    if after.index <= before.index and after.left_s > before.left_s:  # gone back
        lines = [_line(after.phase)]
    else:
        lines = [_line(phase) for phase in after.phases[before.index + 1 : after.index + 1]]
    if after.state == "paused" and before.state != "paused":
        asleep = f"{SLEPT} " if after.slept else ""
        lines.append(f"{asleep}Paused with {after.shown_s} s left. Press space to continue.")
    elif after.state == "running" and before.state == "paused":
        lines.append(f"Continuing, {after.shown_s} s left.")
    return lines


def _line(phase: Phase) -> str:
    return f"{describe(phase).capitalize()}: {phase.read}. {phase.hear}"
