"""The guided session of this process: chosen, run, ended and recorded."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import msgspec

from remind.app import App
from remind.core.reminders import STRETCH
from remind.core.routine import Routine, plan
from remind.core.session import Cue, Session
from remind.core.timeparse import at_time
from remind.core.units import format_seconds
from remind.errors import RemindError, UsageError
from remind.files import routine_files
from remind.lock import guided_session
from remind.page.run import Run
from remind.page.tabs import Tabs
from remind.page.words import spoken
from remind.settings import routines
from remind.store.diary import new_id

PAGE = "stretch"
Press = Literal["toggle", "next", "back", "end", "pause", "resume"]


class End(msgspec.Struct, frozen=True):
    """What the last page says: how it ended, what was recorded, and when the next stretch is due."""

    title: str
    recorded: str
    coming: str


class Stretch:
    """At most one session runs in a process; all its tabs show that one."""

    def __init__(self, app: App, tabs: Tabs, clock: Callable[[], float], speed: float = 1.0) -> None:
        self._app = app
        self._tabs = tabs
        self._clock = clock
        self._speed = speed
        self._lock = ExitStack()
        self.given: Path | None = None
        """A routine's file that was named on the command line."""
        self.name = ""
        self.run: Run | None = None
        self.end: End | None = None
        self.said = ""
        """What was to be said last."""

    @property
    def running(self) -> bool:
        """Whether a session runs or is paused."""
        return self.run is not None and self.run.session.state != "over"

    @cached_property
    def titles(self) -> dict[str, str]:
        """Return the title of each routine by its name, without those whose file is at fault."""
        found = {}
        for name, path in self._files().items():
            try:
                found[name] = routines.load(path).title
            except RemindError:
                continue
        return found

    def routine(self, name: str | None) -> tuple[str, Routine]:
        """Return the routine `name`, or the one in the settings.

        Raises:
            RemindError: there is none of that name, or its file is at fault.
        """
        files = self._files()
        chosen = name or (self.given.stem if self.given else self._app.loaded.settings.stretch.routine)
        if chosen not in files:
            raise UsageError(f"there is no routine {chosen!r}")
        return chosen, routines.load(files[chosen])

    def start(self, name: str) -> None:
        """Begin a session of the routine `name`, unless one runs already.

        Raises:
            RemindError: there is none of that name, its file is at fault, or a session runs in another window.
        """
        if self.running:
            return
        self.name, routine = self.routine(name)
        self._lock.enter_context(guided_session(self._app.folders.session_lock))
        self.end = None
        self.run = Run(plan(routine), self._clock, self._told, speed=self._speed)
        self._told("ease")

    def press(self, key: Press) -> None:
        """Do to the session what the key or button `key` says."""
        if self.run is not None and self.running:
            self.run.happen(getattr(Session, key))

    def stop(self) -> None:
        """End the session as it is, since nobody looks at it any more, and record the part that was held."""
        self.press("end")

    def state_now(self) -> dict[str, Any]:
        """Return the same for a tab that has just come, to the very moment."""
        if self.run is not None:
            self.run.tick()
        return self.state()

    def state(self, sound: Cue | None = None, say: str = "") -> dict[str, Any]:
        """Return what a tab has to know to show the session as it is now."""
        if self.run is None:
            return {"state": "waiting"}
        session = self.run.session
        return {
            "state": session.state,
            "routine": self.name,
            "index": session.index,
            "left_s": session.left_s,
            "speed": self._speed,
            "slept": session.slept,
            "cue": sound,
            "say": say,
            "end": self.end,
        }

    def _told(self, sound: Cue | None) -> None:
        assert self.run is not None
        session = self.run.session
        say = ""
        if session.state == "over":
            with self._lock:  # let go once it is recorded, since a reminder may come then
                self.end = self._ended(session)
            say = f"{self.end.title}."
        elif sound in ("begin", "ease"):
            say = spoken(session.phase)
        self.said = say or self.said
        self._tabs.tell(PAGE, self.state(sound, say))

    def _ended(self, session: Session) -> End:
        """Record `session` and return what the last page says of it."""
        entry = session.diary_entry(new_id(), self.name, self._app.now())
        held, planned = format_seconds(entry.held_s), format_seconds(entry.planned_s)
        title = "Well done" if entry.complete or session.finished else "Stopped early"
        if not any(session.held):
            return End("Stopped", "Nothing was held, so nothing was recorded.", self._coming())
        if self._speed != 1:
            return End(title, "Preview only; nothing was recorded.", self._coming())
        try:
            self._app.store.diary.add(entry)
        except RemindError as error:
            return End(title, f"Not recorded ({held} of {planned}): {error}", self._coming())
        amount = f"{held}, as planned" if entry.complete else f"{held} of {planned}"
        return End(title, f"Recorded in your diary: {amount}.", self._coming())

    def _coming(self) -> str:
        """Return when the next stretch is due, as a sentence; "" where none is, or it can't be read."""
        now = self._app.now()
        try:
            schedule = self._app.schedule
            if STRETCH not in schedule.calendar.reminders:
                return ""
            entries = schedule.entries(STRETCH, now)
        except RemindError:
            return ""
        due = min((entry.occurrence.due for entry in entries if entry.occurrence.due > now), default=None)
        return f"The next stretch is {at_time(due, self._app.zone, now)}." if due else ""

    def _files(self) -> dict[str, Path]:
        found = routine_files(self._app.folders.routines)
        return {**found, self.given.stem: self.given} if self.given else found
