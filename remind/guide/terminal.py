"""The session on the whole terminal, for someone who stands two metres away and faces a wall."""

import asyncio
import contextlib
import contextvars
import math
from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer

from remind.core.routine import Phase, side_words, whole_s
from remind.core.session import Session
from remind.core.units import format_seconds
from remind.guide.controls import signals_call
from remind.guide.guidance import BELL_APART_S, BELLS, KEYS, SLEPT, Guidance, describe
from remind.guide.widgets import Bar, Big, Figure, Help, Line


def run(guidance: Guidance, plain_digits: bool = False) -> Session | None:
    """Guide on the whole screen, and return the session as it ended; None if the screen could not be shown."""
    screen = SessionScreen(guidance, plain_digits)
    with signals_call(screen.end_soon):
        screen.run(mouse=False)
    return screen.session and screen.session.end(guidance.now())


class SessionScreen(App[None]):
    """The screen that shows a session and hands it the keys. It wakes once a second, when the countdown changes.

    With `plain_digits` it uses no character that a simple font may lack: no blocks, no lines and no figure.
    """

    CSS_PATH = "terminal.tcss"
    ENABLE_COMMAND_PALETTE = False
    VERTICAL_BREAKPOINTS = [(0, "-vtiny"), (10, "-vshort"), (20, "-vusual"), (34, "-vtall")]  # noqa: RUF012 (as its base has it)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "step('toggle')"),
        Binding("n", "step('next')"),
        Binding("b", "step('back')"),
        Binding("q,ctrl+c,ctrl+q", "step('end')", priority=True),
        Binding("question_mark", "help"),
        Binding("ctrl+z", "suspend_process"),
    ]

    def __init__(self, guidance: Guidance, plain_digits: bool = False) -> None:
        super().__init__()
        self.guidance = guidance
        self._plain = plain_digits
        self.session: Session | None = None
        self._ending = False
        self._call_soon: Callable[..., object] | None = None
        self._waking: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Line(id="head")
        yield Big(id="words", plain=self._plain)
        with Horizontal(id="middle"):
            with Vertical(id="left"):
                yield Big(id="side", plain=self._plain)
                yield Big(id="digits", plain=self._plain)
            if not self._plain:
                yield Figure(id="figure")
        yield Line(id="hear")
        yield Bar(id="step", plain=self._plain)
        yield Bar(id="whole", plain=self._plain)
        yield Line(id="next")
        yield Line(id="keys")

    def on_mount(self) -> None:
        # Textual draws only what has changed, but after Ctrl-Z the whole screen has.
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        self.query_one("#keys", Line).text = f"{KEYS} · ? help"
        self.session = self.guidance.begin()
        self._show(self.session)
        self._sleep(self.session)
        # A signal handler and a foreign thread have another context, in which Textual's timers fail silently.
        loop, context = asyncio.get_running_loop(), contextvars.copy_context()
        self._call_soon = partial(loop.call_soon_threadsafe, context=context)
        self.call_after_refresh(self._start_sounds)
        if self._ending:  # a signal came before there was a session
            self.action_step("end")

    def end_soon(self) -> None:
        """End the session; for a signal, which may come at any instant."""
        self._ending = True
        if self._call_soon is not None:
            with contextlib.suppress(RuntimeError):  # the screen has already gone
                self._call_soon(self.action_step, "end")

    def advance(self) -> None:
        """Tell the session what time it is."""
        self.action_step("tick")

    def action_step(self, event: str) -> None:
        """Tell the session what happens now, show what has changed, and wake when it changes next."""
        if self.session is None or self.session.state == "over":
            return
        happens: Callable[[Session, float], Session] = getattr(Session, event)
        before, self.session = self.session, happens(self.session, self.guidance.now())
        if self.session.state == "over":
            bells = BELLS["end"] if self.session.finished else 1
            self.set_timer(bells * BELL_APART_S, self.exit)
        else:
            self._show(self.session)
            self._sleep(self.session)
        self.guidance.sound(before, self.session, self._ring_soon)

    def action_help(self) -> None:
        """Show the keys and the cautions, and pause the session for as long as they are read."""
        if self.session is None or isinstance(self.screen, Help):
            return
        running = self.session.state == "running"
        if running:
            self.action_step("pause")
        self.push_screen(Help(self.guidance.cautions), lambda _: self.action_step("resume") if running else None)

    def _sleep(self, session: Session) -> None:
        if self._waking is not None:
            self._waking.stop()
        running = session.state == "running"
        self._waking = self.set_timer(self.guidance.wait_s(session), self.advance) if running else None

    def _start_sounds(self) -> None:
        if self.session is not None:
            self.guidance.start_sounds(self.session)

    def _ring_soon(self, times: int) -> None:
        """Ring the bell; a thread that could not play a chime may call this too."""
        if self._call_soon is not None:
            with contextlib.suppress(RuntimeError):  # the screen has already gone
                self._call_soon(self._ring, times)

    def _ring(self, times: int) -> None:
        # Terminals merge bells that come at once.
        if times:
            self.bell()
            self.set_timer(BELL_APART_S, lambda: self._ring(times - 1))

    def _show(self, session: Session) -> None:
        phase, whole = session.phase, whole_s(session.phases)
        shown = _shown(session)
        screen = self.screen_stack[0]
        screen.set_class(phase.kind == "hold" and session.state == "running", "hold")
        screen.set_class(session.notice and session.state == "running", "notice")
        screen.set_class(session.state == "paused", "paused")
        screen.set_class(shown.side in (None, "both"), "both")
        turn = f"{phase.turn} of {phase.turns} · " if phase.turns > 1 else ""
        left = format_seconds(math.ceil(whole - session.passed_s))
        screen.query_one("#head", Line).text = f"{turn}{left} to go · {self.guidance.title}"
        screen.query_one("#words", Big).text = _words(session)
        screen.query_one("#side", Big).text = side_words(shown.side)
        screen.query_one("#digits", Big).text = _countdown(session.shown_s)
        pose = self.guidance.poses.get(shown.pose or "")
        for figure in screen.query(Figure):
            figure.drawn = (pose, shown.side)
        screen.query_one("#hear", Line).text = f"{SLEPT} Press space to continue." if session.slept else shown.hear
        screen.query_one("#step", Bar).part = 1 - session.left_s / phase.seconds
        screen.query_one("#whole", Bar).part = session.passed_s / whole
        coming = session.coming
        screen.query_one("#next", Line).text = f"Next: {describe(coming) if coming else 'the end'}"


def _shown(session: Session) -> Phase:
    """Return the phase whose side and figure to show: in the three seconds before a hold, already that hold."""
    coming = session.coming
    return coming if coming and session.notice and session.phase.kind != "hold" else session.phase


def _words(session: Session) -> str:
    if session.state == "paused":
        return "paused"
    return session.phase.read if _shown(session) is session.phase else "get set"


def _countdown(seconds: int) -> str:
    return str(seconds) if seconds < 100 else f"{seconds // 60}:{seconds % 60:02}"
