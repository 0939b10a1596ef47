"""`remind stretch` without a terminal: choice of routine, what is recorded, and what is said."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from remind.cli.stretch import stretch
from remind.core.diary import Stretch
from remind.desktop import sound
from remind.errors import RemindError, SessionEndedError, SessionRunningError, SettingsError, UsageError
from remind.guide import controls
from remind.lock import guided_session
from remind.settings.model import Sound

MINE = """
title = "Mine"
summary = "Short."
[[step]]
read = "Hold"
hear = "Hold it."
hold = "20 s"
"""


class Terminal:
    """A standard output that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class FakeApp:
    """The composition root as this command uses it, with time that passes only by waiting."""

    def __init__(self, folder: Path) -> None:
        self.t = 1000.0
        self.routine = "wall-calf"
        self.sound = Sound(chime=True, voice=False)
        self.folders = SimpleNamespace(routines=folder, settings=folder / "settings.toml", session_lock=folder / "lock")
        self.remembered = {"safety_passed": "2026-11-01T22:00:00+00:00"}
        self.recorded: list[Stretch] = []
        self.store = SimpleNamespace(
            key_values=SimpleNamespace(get=self.remembered.get, set=self.remembered.__setitem__),
            diary=SimpleNamespace(add=self.recorded.append),
        )

    @property
    def loaded(self) -> Any:
        settings = SimpleNamespace(stretch=SimpleNamespace(routine=self.routine), sound=self.sound)
        return SimpleNamespace(settings=settings, faults=())

    def now(self) -> datetime:
        return datetime.fromtimestamp(1_800_000_000 + self.t, UTC)

    def monotonic(self) -> float:
        return self.t

    def wait(self, seconds: float) -> None:
        self.t += seconds


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    (tmp_path / "mine.toml").write_text(MINE)
    one = FakeApp(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))  # on which there is no player
    monkeypatch.setattr(controls.time, "sleep", lambda seconds: one.wait(seconds))
    return one


def run(app: FakeApp, *arguments: str) -> Result:
    return CliRunner().invoke(stretch, arguments, obj=app, standalone_mode=False)


def test_the_routine_of_the_settings_is_guided_and_recorded(app: FakeApp) -> None:
    """Two minutes held as planned, in one entry and one line."""
    done = run(app)
    assert done.exception is None
    assert done.output.splitlines()[-1] == "Recorded: wall-calf, 2 min."
    (entry,) = app.recorded
    assert (entry.routine, entry.planned_s, entry.held_s, entry.complete) == ("wall-calf", 120, 120, True)
    assert entry.at == app.now()
    assert app.t - 1000 == pytest.approx(195, abs=0.1)


def test_a_name_or_a_file_is_taken_instead(app: FakeApp, tmp_path: Path) -> None:
    """The person's own by name and by path; the settings are not asked."""
    app.routine = "nothing of that name"
    assert run(app, "mine").exception is None
    assert run(app, str(tmp_path / "mine.toml")).exception is None
    assert [entry.routine for entry in app.recorded] == ["mine", "mine"]


def test_an_unknown_name_is_wrong_usage_and_in_the_settings_a_fault_of_theirs(app: FakeApp) -> None:
    """Exit code 2 when typed, 4 with file and key when set."""
    assert isinstance(run(app, "wall-calv").exception, UsageError)
    app.routine = "wall-calv"
    fault = run(app).exception
    assert isinstance(fault, SettingsError)
    assert "settings.toml: stretch.routine: " in str(fault)


def test_an_interruption_is_recorded_as_the_part_it_was(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the eighth second: a part, said in the line that goes with exit code 130."""

    def wait(seconds: float) -> None:
        app.wait(seconds)
        if app.t > 1007:
            raise KeyboardInterrupt

    monkeypatch.setattr(controls.time, "sleep", wait)
    ended = run(app, "mine").exception
    assert isinstance(ended, SessionEndedError)
    assert str(ended) == "stopped early: mine, 7 s of 20 s recorded."
    assert [(entry.held_s, entry.complete) for entry in app.recorded] == [(7, False)]


def test_what_ended_before_the_first_hold_is_no_session(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while getting ready: nothing was held, so nothing is recorded, and the line says so."""

    def wait(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(controls.time, "sleep", wait)
    ended = run(app).exception
    assert isinstance(ended, SessionEndedError)
    assert str(ended) == "stopped before the first hold of wall-calf. Nothing was recorded."
    assert app.recorded == []


def test_what_cannot_be_recorded_is_still_told(app: FakeApp) -> None:
    """A full disk: the line says what was done, that it is not recorded, and why; exit code 1."""

    def full(_entry: Stretch) -> None:
        raise RemindError("/home/x/remind.db: the disk is full")

    app.store.diary.add = full
    failed = run(app, "mine").exception
    assert isinstance(failed, RemindError)
    assert failed.exit_code == 1
    assert str(failed) == "not recorded: mine, 20 s. /home/x/remind.db: the disk is full"


def test_a_broken_database_prevents_no_stretch(app: FakeApp) -> None:
    """Where it cannot be remembered that the text was read, the flag still lets a session begin."""

    def broken(*_: str) -> str:
        raise RemindError("read-only")

    app.store.key_values = SimpleNamespace(get=broken, set=broken)
    assert run(app, "mine", "--safety-read").exception is None
    assert len(app.recorded) == 1


def test_where_nobody_can_be_asked_the_safety_text_is_given_time_to_be_read(app: FakeApp) -> None:
    """No terminal: the text comes before each session until it was passed, by a flag or at a terminal."""
    app.remembered.clear()
    for _ in range(2):
        before = app.t
        shown = run(app, "mine")
        assert shown.exception is None
        assert shown.output.index("blood clot") < shown.output.index("Hold it")
        assert app.t - before >= 20 + 20
    assert app.remembered == {}
    assert "blood clot" not in run(app, "mine", "--safety-read").output
    assert datetime.fromisoformat(app.remembered["safety_passed"]).tzinfo
    assert run(app, "mine").exception is None


def test_a_look_is_faster_and_records_nothing(app: FakeApp) -> None:
    """At ten times the speed 20 seconds take two, and no entry is written."""
    done = run(app, "mine", "--speed", "10")
    assert done.exception is None
    assert app.t - 1000 == pytest.approx(2, abs=0.2)
    assert app.recorded == []
    assert "nothing was recorded" in done.output


def test_the_bell_rings_into_no_pipe_unless_asked(app: FakeApp) -> None:
    """A log stays free of bell characters; `--bell` puts them there."""
    assert "\a" not in run(app, "gentle-start").output
    assert "\a" in run(app, "gentle-start", "--bell").output


QUIET = 'title = "Quiet"\nsummary = "Short."\nbell = false\n[[step]]\nread = "Hold"\nhear = "Hold it."\nhold = "20 s"\n'


@pytest.mark.parametrize(
    ("wished", "name", "options", "heard"),
    [
        (Sound(chime=True, voice=False), "mine", [], (True, False)),
        (Sound(chime=False, voice=True), "mine", [], (False, True)),
        (Sound(chime=True, voice=True), "quiet", [], (False, False)),
        (Sound(chime=True, voice=True), "mine", ["--no-bell", "--no-voice"], (False, False)),
        (Sound(chime=False, voice=False), "quiet", ["--bell", "--voice"], (True, True)),
    ],
)
def test_what_is_heard_follows_options_then_routine_and_settings(
    app: FakeApp,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    wished: Sound,
    name: str,
    options: list[str],
    heard: tuple[bool, bool],
) -> None:
    """At a terminal; a routine that is to be silent is so unless an option says otherwise."""
    (tmp_path / "quiet.toml").write_text(QUIET)
    opened: list[dict[str, bool]] = []

    class Heard(sound.Sounds):
        def __init__(self, *, chime: bool, voice: bool) -> None:
            opened.append({"chime": chime, "voice": voice})
            super().__init__(chime=False)

    monkeypatch.setattr(sound, "Sounds", Heard)
    monkeypatch.setattr("remind.cli.stretch.sys", SimpleNamespace(stdin=None, stdout=Terminal(), stderr=None))
    app.sound = wished
    assert run(app, name, *options).exception is None
    assert opened == [{"chime": heard[0], "voice": heard[1]}]


def test_a_second_session_is_not_begun(app: FakeApp) -> None:
    """While one runs, in whatever window, another says so in one line; nothing is recorded, and later it begins."""
    with guided_session(app.folders.session_lock):
        done = run(app, "mine", "--plain")
    assert isinstance(done.exception, SessionRunningError)
    assert str(done.exception) == "a session is already running; finish it or close its window first"
    assert app.recorded == []
    run(app, "mine", "--plain")
    assert len(app.recorded) == 1
