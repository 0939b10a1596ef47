"""Relief for a cramp that is there now: it runs until the person says that it has eased, and records that."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from remind.app import App
from remind.core import relief
from remind.core.diary import MOST_MINUTES, Cramp, Leg, corrected
from remind.core.session import Cue, Session
from remind.lock import guided_session
from remind.page.run import Run
from remind.page.tabs import Tabs
from remind.page.words import spoken
from remind.settings.routines import relief_plan
from remind.store.diary import new_id

PAGE = "cramp"


class Relief:
    """Relief as this process gives it: the cramp is recorded once it has eased, and what more is said corrects that."""

    def __init__(self, app: App, tabs: Tabs, clock: Callable[[], float]) -> None:
        self._app = app
        self._tabs = tabs
        self._clock = clock
        self._began_s = clock()
        self._began_at = app.now()
        self._run: Run | None = None
        self._entry: Cramp | None = None
        self._lock = ExitStack()
        self._advised = False
        self.said = ""
        """What was to be said last."""

    def begin(self) -> None:
        """Begin, unless it runs already."""
        self._tabs.expect(PAGE)
        if self._run is not None:
            return
        self._began_s, self._began_at, self._entry = self._clock(), self._app.now(), None
        self._advised = False
        self._lock.enter_context(guided_session(self._app.folders.session_lock, alone=False))
        self._run = Run(relief_plan(self._app.folders.routines), self._clock, self._told, advance=self._advance)
        self.said = spoken(self._run.session.phase)

    def next_step(self) -> None:
        """Go on to the step that comes next."""
        if self._run is not None:
            self._run.happen(relief.next_step)

    def eased(self) -> None:
        """Record the cramp, and say so.

        Raises:
            RemindError: it could not be recorded.
        """
        if self._run is None:
            return
        minutes = min(MOST_MINUTES, max(1, round((self._clock() - self._began_s) / 60)))
        entry = Cramp(id=new_id(), at=self._began_at, written_at=self._app.now(), minutes=minutes)
        self._app.store.diary.add(entry)
        self.stop()
        self._entry = entry
        self._tabs.tell(PAGE, self.state())

    def describe(self, leg: Leg | None, severity: int | None) -> None:
        """Add to the recorded cramp which leg it was, or how bad.

        Raises:
            RemindError: it could not be recorded.
        """
        if self._entry is None:
            return
        changes = {name: value for name, value in (("leg", leg), ("severity", severity)) if value is not None}
        entry = corrected(self._entry, new_id(), self._app.now(), **changes)
        self._app.store.diary.add(entry)
        self._entry = entry
        self._tabs.tell(PAGE, self.state())

    def stop(self) -> None:
        """End without recording anything."""
        self._lock.close()
        if self._run is not None:
            self._run.stop()
        self._run = None

    def state_now(self) -> dict[str, Any]:
        """Return the same for a tab that has just come, to the very moment."""
        if self._run is not None:
            self._run.tick()
        return self.state()

    def state(self, sound: Cue | None = None, say: str = "") -> dict[str, Any]:
        """Return what a tab has to know to show the relief as it is now."""
        if self._run is None:
            entry = self._entry
            said = entry and {"minutes": entry.minutes, "leg": entry.leg, "severity": entry.severity}
            return {"state": "over", "recorded": said}
        session = self._run.session
        return {
            "state": session.state,
            "index": session.index,
            "left_s": session.left_s,
            "speed": 1,
            "advice": self._advised,
            "cue": sound,
            "say": say,
        }

    def _advance(self, session: Session, t: float) -> Session:
        if not self._advised and self._clock() - self._began_s >= relief.LONG_S:
            self._advised = True
            self._tabs.tell(PAGE, self.state())
        return relief.advance(session, t)

    def _told(self, sound: Cue | None) -> None:
        assert self._run is not None
        say = spoken(self._run.session.phase) if sound in ("begin", "ease") else ""
        self.said = say or self.said
        self._tabs.tell(PAGE, self.state(sound, say))
