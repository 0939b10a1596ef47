"""The question how the night was, from the service to the diary and back."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import time_machine
from diaries import cramp
from simulated_service import ZONE, FakeDesktop, SimulatedApp, StepScheduler

from remind.core.decide import Presence
from remind.core.diary import Cramp, Entry, QuietNight
from remind.errors import RemindError
from remind.service.service import Service
from remind.store.diary import new_id
from remind.store.history import history

ON = "# mine\n[night]\nenabled = true  # please\n"
KEY = "night/2026-11-21"
NIGHT = date(2026, 11, 21)


class Morning:
    """The service in `folder` since the evening of 21 November, and a clock that is moved by hand."""

    def __init__(self, folder: Path, clock: time_machine.Traveller, settings: str = ON) -> None:
        self.settings = folder / "settings.toml"
        self.settings.write_text(settings)
        self.app, self.scheduler = SimulatedApp(folder, FakeDesktop()), StepScheduler()
        self.service = Service(self.app, self.scheduler, self.app.open_session, self.app.open_form)
        self._clock = clock
        self.service.start()
        self.scheduler.step()

    def at(self, wall: str, day: int = 22) -> "Morning":
        """Let it be `wall`, and everything that is due happen."""
        self._clock.move_to(datetime.fromisoformat(f"2026-11-{day:02} {wall}").replace(tzinfo=ZONE))
        self.service.look_round()
        self.scheduler.step()
        return self

    @property
    def asked(self) -> list[str]:
        """The questions on the screen."""
        return [key for key in self.app.desktop.visible if key.startswith("night/")]

    def buttons(self, key: str = KEY) -> list[str]:
        return [button.label for button in self.app.desktop.visible[key].buttons]

    def press(self, button: str, key: str = KEY) -> None:
        self.app.desktop.press(key, button)
        self.scheduler.step()

    def logs(self, entry: Entry) -> None:
        """Write `entry`, as a command would."""
        self.app.store.diary.add(entry)

    @property
    def diary(self) -> list[Entry]:
        return self.app.store.diary.entries()

    def answer(self, key: str = KEY) -> tuple[str, str | None]:
        """State and answer of a question in the history."""
        rows = history(self.app.store, self.app.schedule, self.app.now(), 7)
        return next((row.state, row.answer) for row in rows if row.occurrence == key)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 21, 23, tzinfo=ZONE), tick=False) as clock:
        yield clock


@pytest.fixture
def morning(tmp_path: Path, clock: time_machine.Traveller) -> Iterator[Morning]:
    morning = Morning(tmp_path, clock)
    yield morning
    morning.service.stop()
    morning.app.close()


def test_no_cramp_writes_the_quiet_night(morning: Morning) -> None:
    """It is asked half an hour after waking, about the night before, and not again."""
    assert morning.at("07:29").asked == []
    assert morning.at("07:30").asked == [KEY]
    notification = morning.app.desktop.visible[KEY]
    assert notification.title == "How was the night?"
    assert notification.body == "Did you have a leg cramp in the night to Sunday?"
    assert morning.buttons() == ["No cramp", "A cramp", "Later"]
    morning.press("quiet")
    (entry,) = morning.diary
    assert isinstance(entry, QuietNight)
    assert (entry.night, morning.answer(), morning.asked) == (NIGHT, ("answered", "done"), [])
    assert morning.at("11:00").asked == []


def test_a_cramp_is_written_without_a_time_and_its_form_opens(morning: Morning) -> None:
    """No minute is made up."""
    morning.at("07:30").press("cramp")
    (entry,) = morning.diary
    assert isinstance(entry, Cramp)
    assert (entry.at, entry.night, morning.answer()) == (None, NIGHT, ("answered", "done"))
    assert morning.app.forms == [entry.id]
    morning.press("cramp")
    assert len(morning.diary) == 1


def test_where_no_form_can_open_the_command_is_named(morning: Morning, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cramp is logged all the same."""

    def fail(_: str) -> None:
        raise RemindError("there is no display")

    monkeypatch.setattr(morning.service._windows, "_open_form", fail)
    morning.at("07:30").press("cramp")
    told = morning.app.desktop.visible["fault/pressed"]
    (entry,) = morning.diary
    assert told.title == "Logged: a cramp"
    assert told.body.startswith(f"`remind diary edit {entry.id} --leg left --severity 6` says more about it.")


def test_later_asks_again(morning: Morning) -> None:
    """After the length of a snooze, and no longer than noon."""
    morning.at("11:55").press("snoozed")
    assert (morning.answer(), morning.at("11:56").asked) == (("open", "snoozed"), [KEY])
    morning.app.desktop.shown.clear()
    morning.at("12:00")
    assert [key for _, key in morning.app.desktop.shown if key == KEY] == [KEY]
    assert morning.at("12:02").asked == []


def test_it_waits_for_the_person_until_noon(morning: Morning) -> None:
    """Back at eleven, they are asked; away all morning, they are not asked in the afternoon."""
    morning.app.person = Presence(away=True)
    assert morning.at("07:30").asked == []
    morning.app.person = Presence()
    assert morning.at("11:00").asked == [KEY]
    morning.press("quiet")
    morning.app.person = Presence(away=True)
    morning.at("07:30", 23)
    morning.app.person = Presence()
    assert morning.at("12:30", 23).asked == []
    assert morning.answer("night/2026-11-22") == ("dropped", None)
    assert morning.at("07:30", 24).asked == ["night/2026-11-23"]


def test_what_is_logged_elsewhere_takes_the_question_away(morning: Morning) -> None:
    """A command in the meantime, or before it is due."""
    morning.at("07:30")
    now = morning.app.now()
    morning.logs(QuietNight(id=new_id(), at=now, written_at=now, night=NIGHT))
    assert morning.at("07:31").asked == []
    assert morning.answer() == ("answered", "done")
    morning.at("03:10", 23)
    morning.logs(cramp(at=morning.app.now()))
    assert morning.at("07:30", 23).asked == []


def test_whoever_wants_to_is_asked_for_another_cramp(tmp_path: Path, clock: time_machine.Traveller) -> None:
    """The question names the one that was logged at night; no other one adds nothing to the diary."""
    morning = Morning(tmp_path, clock, f"{ON}ask_again = true\n").at("03:10")
    morning.logs(cramp(at=morning.app.now()))
    morning.at("07:30")
    assert morning.app.desktop.visible[KEY].body == "You logged a cramp at 03:10. Another one?"
    assert morning.buttons() == ["No other", "Another", "Later"]
    morning.press("done")
    assert (len(morning.diary), morning.answer()) == (1, ("answered", "done"))
    morning.service.stop()
    morning.app.close()


def test_after_a_week_of_silence_it_offers_to_stop(morning: Morning) -> None:
    """Stop asking switches it off in the settings, whose comments stay."""
    for day in range(22, 29):
        assert "Stop asking" not in morning.at("07:30", day).buttons(f"night/2026-11-{day - 1}")
        morning.at("12:01", day)
    key = "night/2026-11-28"
    assert morning.at("07:30", 29).buttons(key) == ["No cramp", "A cramp", "Stop asking"]
    assert morning.app.desktop.visible[key].body.endswith("You haven't answered for a week. Should I stop asking?")
    morning.press("stop", key)
    assert (morning.asked, morning.answer(key), morning.diary) == ([], ("answered", "skipped"), [])
    assert morning.settings.read_text() == "# mine\n[night]\nenabled = false  # please\n"
    assert morning.at("07:30", 30).asked == []


def test_settings_that_cannot_be_changed_are_told(morning: Morning) -> None:
    """It asks on, and says how to stop it."""
    morning.at("07:30")
    morning.settings.write_text("[night\n")
    morning.press("stop")
    told = morning.app.desktop.visible["fault/pressed"]
    assert told.title == "The question about the night stays on"
    assert "remind config set night.enabled false" in told.body
    assert morning.settings.read_text() == "[night\n"
