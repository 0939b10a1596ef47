"""The session as plain lines, one for each change: for a pipe, a log or a screen reader."""

from collections.abc import Callable
from datetime import timedelta

from remind.core.routine import Phase, whole_s
from remind.core.session import Session, cue
from remind.core.units import format_duration
from remind.guide.guidance import BELLS, KEYS, Guidance, describe, ended_by_signals, uninterrupted
from remind.guide.keys import Keys

_EVENTS: dict[str, Callable[[Session, float], Session]] = {
    " ": Session.toggle,
    "n": Session.next,
    "b": Session.back,
    "q": Session.end,
}


def run(guidance: Guidance, say: Callable[[str], None], keys: Keys, ring: Callable[[int], None]) -> None:
    """Guide to the end. `say` writes one line and flushes it; `ring` rings so many times."""
    session = guidance.begin()
    with uninterrupted():
        try:
            with ended_by_signals():
                whole = timedelta(seconds=whole_s(guidance.phases))
                say(f"{guidance.title}, {format_duration(whole)}; {KEYS if keys.some else 'Ctrl-C ends'}")
                say(_line(session.phase))
                while session.state != "over":
                    event = _EVENTS.get(keys.wait(guidance.wait_s(session)).lower(), Session.tick)
                    before, session = session, event(session, guidance.now())
                    if session.slept and not keys.some:
                        say("The computer slept or stood still, and no key can be pressed here to go on: this ends it.")
                        break
                    for line in _changes(before, session):
                        say(line)
                    sound = cue(before, session)
                    if sound and guidance.bell:
                        ring(BELLS[sound])
        except KeyboardInterrupt:
            pass  # the person wants to stop; what was held is handed over below
        finally:
            guidance.over(session.end(guidance.now()))


def _changes(before: Session, after: Session) -> list[str]:
    if after.index <= before.index and after.left_s > before.left_s:  # gone back
        lines = [_line(after.phase)]
    else:
        lines = [_line(phase) for phase in after.phases[before.index + 1 : after.index + 1]]
    if after.state == "paused" and before.state != "paused":
        asleep = "The computer slept or stood still. " if after.slept else ""
        lines.append(f"{asleep}Paused with {after.shown_s} s left; space goes on.")
    elif after.state == "running" and before.state == "paused":
        lines.append(f"Going on, {after.shown_s} s left.")
    return lines


def _line(phase: Phase) -> str:
    words = describe(phase)
    return f"{words[0].upper()}{words[1:]}: {phase.read}. {phase.hear}"
