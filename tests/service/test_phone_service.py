"""The phone in the real service: its scheduler, its settings file and its jobs, with a server in the test's process."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from ntfy_model import NtfyModel
from simulated_phone import ADDRESS, ModelPhone
from simulated_service import ZONE, FakeDesktop, SimulatedApp, StepScheduler

from remind.core.decide import Presence
from remind.desktop.notify.channel import OnAnswer
from remind.service.button_actions import ButtonActions
from remind.service.service import Service
from remind.settings.model import Settings
from remind.store.errors import StoreError

SETTINGS = f'[water]\nenabled = false\n[phone]\nntfy = "{ADDRESS}"\nahead = true\n'


class AppWithPhone(SimulatedApp):
    """An app whose phone has its server here."""

    def __init__(self, folder: Path, desktop: FakeDesktop) -> None:
        super().__init__(folder, desktop)
        self.server = NtfyModel()
        self.meanwhile: list[Callable[[], None]] = []
        """What happens while the server is asked for something, once."""

    def open_phone(self, settings: Settings, secret: str = "") -> ModelPhone | None:
        return ModelPhone(self.server, secret, self._asked) if settings.phone.ntfy else None

    def _asked(self, *_: object) -> None:
        while self.meanwhile:
            self.meanwhile.pop()()


class Evening:
    """The service in `folder` since nine, and a clock that is moved by hand."""

    def __init__(self, folder: Path, clock: time_machine.Traveller, desktop: FakeDesktop | None = None) -> None:
        self.settings = folder / "settings.toml"
        self.settings.write_text(SETTINGS)
        self.app, self.scheduler = AppWithPhone(folder, desktop or FakeDesktop()), StepScheduler()
        self.service = Service(self.app, self.scheduler, self.app.open_session, self.app.open_form)
        self.clock = clock
        self.service.start()
        self.scheduler.step()

    def at(self, wall: str) -> "Evening":
        """Let it be `wall`, and everything that is due happen."""
        self.clock.move_to(datetime.fromisoformat(f"2026-11-22 {wall}").replace(tzinfo=ZONE))
        self.service.look_round()
        self.scheduler.step()
        return self

    @property
    def rang(self) -> int:
        """How often the phone rang."""
        return sum(one["event"] == "message" for one in self.app.server.delivered("topic"))

    def answered(self) -> list[str | None]:
        events = self.app.store.ledger.events(self.app.now().replace(day=20), self.app.now().replace(day=24))
        return [event.via for event in events if event.what == "done"]


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Evening]:
    with time_machine.travel(datetime(2026, 11, 22, 21, tzinfo=ZONE), tick=False) as clock:
        evening = Evening(tmp_path, clock)
        yield evening
        evening.service.stop()
        evening.app.store.database.close()


def test_an_answer_from_the_phone_is_followed_by_the_next_evening(evening: Evening) -> None:
    """The server delivers it while the person is away, the service hears the press, and nobody listens after that."""
    evening.app.person = Presence(away=True)
    evening.at("22:00").at("22:01")
    assert evening.rang == 1
    (message,) = evening.app.server.delivered("topic")
    (done,) = [action for action in message["actions"] if action["label"] == "Done"]
    evening.app.server.press(done["url"].rpartition("/")[2], done["body"])
    (connection,) = evening.app.server.listening
    connection.read()
    evening.scheduler.step()
    assert evening.answered() == ["phone"]
    assert evening.app.server.listening == []
    kept = [one["time"] for one in evening.app.server.messages if one["time"] > evening.app.now().timestamp()]
    assert kept == [datetime(2026, 11, 23, 22, 1, tzinfo=ZONE).timestamp()]


def test_after_sleep_it_connects_again(evening: Evening) -> None:
    """Nothing tells that a connection is dead, so the old one is given up."""
    evening.app.person = Presence(away=True)
    evening.at("22:00").at("22:01")
    (before,) = evening.app.server.listening
    evening.app.monotonic = lambda: 0.0  # type: ignore[method-assign]
    evening.at("22:20")
    (after,) = evening.app.server.listening
    assert before.ended
    assert after is not before


def test_it_listens_on_when_a_setting_changes(evening: Evening) -> None:
    """Seventy changes of a setting make no request, unless the phone's own settings change."""
    evening.app.person = Presence(away=True)
    evening.at("22:00").at("22:01")
    (before,) = evening.app.server.listening
    for number in range(70):
        evening.settings.write_text(f'{SETTINGS}[notify]\nsnooze = "{number + 5} min"\n')
        evening.at(f"22:{2 + number // 60:02}:{number % 60:02}")
    assert evening.app.server.listening == [before]
    evening.settings.write_text(f"{SETTINGS}discreet = true\n")
    evening.at("22:10")
    assert before.ended
    assert len(evening.app.server.listening) == 1


def test_a_setting_that_changes_while_it_begins_to_listen(evening: Evening) -> None:
    """One connection stays, so that no press is recorded twice."""
    evening.app.person = Presence(away=True)

    def change() -> None:
        evening.settings.write_text(f"{SETTINGS}discreet = true\n")
        evening.service.look_round()

    evening.at("22:00")
    evening.app.meanwhile.append(change)
    evening.at("22:01").at("22:02")
    assert not evening.app.meanwhile
    assert len(evening.app.server.listening) == 1


class EagerPerson(FakeDesktop):
    """Somebody who presses a button of an earlier notification as soon as the desktop is connected."""

    def start(self, on_answer: OnAnswer) -> None:
        super().start(on_answer)
        self.press("stretch/2026-11-22", "done")


def test_no_button_is_heard_before_all_is_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The store may be busy at the start, when the phone's secret is to be written."""
    with time_machine.travel(datetime(2026, 11, 22, 22, tzinfo=ZONE), tick=False) as clock:
        with monkeypatch.context() as patched:
            patched.setattr("remind.service.phone.phone_secret", raises_store_error)
            evening = Evening(tmp_path, clock, EagerPerson())
        evening.at("22:00:30")
        assert evening.answered() == ["button done"]
        assert not any(record.exc_info for record in caplog.records)
        evening.service.stop()
        evening.app.store.database.close()


@pytest.mark.parametrize("fault", ["the store", "the child"])
def test_it_listens_again_after_a_fault(evening: Evening, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """A press that could not be recorded, or heard, is recorded minutes later, though nothing else happens then."""
    evening.app.person = Presence(away=True)
    evening.at("22:00").at("22:01")
    evening.app.person = Presence()
    for wall in ("22:01:30", "22:11:30", "22:21:30", "22:25"):
        evening.at(wall)
    (connection,) = evening.app.server.listening
    (message,) = evening.app.server.delivered("topic")
    done = message["actions"][0]
    evening.app.server.press(done["url"].rpartition("/")[2], done["body"])
    if fault == "the child":
        connection.close()
    else:
        with monkeypatch.context() as patched:
            patched.setattr(ButtonActions, "answered", raises_store_error)
            connection.read()
    for wall in ("22:26", "22:30", "22:31"):
        evening.at(wall)
    for listening in evening.app.server.listening:
        listening.read()
    assert evening.answered() == ["phone"]


def raises_store_error(*_: object) -> None:
    raise StoreError("remind.db: the disk is full")


def test_a_phone_that_cannot_be_left_is_one_line(
    evening: Evening, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The store may fail while what the server keeps is withdrawn."""
    monkeypatch.setattr("remind.service.phone_sender.PhoneSender.leave", raises_store_error)
    evening.settings.write_text(SETTINGS.replace(ADDRESS, f"{ADDRESS}2"))
    evening.at("21:30")
    (record,) = [one for one in caplog.records if one.levelname == "ERROR"]
    assert record.getMessage() == (
        "remind.db: the disk is full; what the phone's earlier server keeps may still be sent"
    )


@pytest.mark.parametrize(
    "settings",
    [
        SETTINGS.replace(f'ntfy = "{ADDRESS}"\n', ""),
        SETTINGS.replace("ahead = true\n", ""),
        SETTINGS.replace("[phone]", "[stretch]\nenabled = false\n[phone]"),
    ],
)
def test_switched_off_it_does_not_ring(evening: Evening, settings: str) -> None:
    """Without the phone, without what is kept ahead, without the stretch: what the server keeps is withdrawn."""
    evening.settings.write_text(settings)
    evening.at("21:30")
    evening.clock.move_to(datetime(2026, 11, 22, 23, tzinfo=ZONE))
    assert evening.rang == 0
