"""Sending reminders to a phone: a real ledger, a clock that the test moves, and a simulated desktop and phone."""

import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import rules
from rules import BERLIN, STRETCH_ONLY

from remind.core.decide import Presence
from remind.desktop.notify.channel import ChannelError, Delivery, Notification
from remind.files import Folders
from remind.service.deliver import Deliverer
from remind.settings import model
from remind.settings.model import Settings
from remind.store.database import Database
from remind.store.history import Row, history
from remind.store.schedule import Schedule
from remind.store.store import Store

PHONE = 'ntfy = "https://ntfy.example.org/topic"\n'


class SimulatedNight:
    """An evening with a person who may be away, and a desktop and a phone that may fail.

    It stands in for the app, the channels and the phone at once.
    """

    def __init__(self, folder: Path, phone: str = "") -> None:
        self.clock = rules.at("21:00")
        self.person = Presence()
        self.folders = Folders(folder, folder, folder)
        self.desktop_fails = self.phone_fails = False
        self.shown: list[datetime] = []
        self.phoned: list[datetime] = []
        self.store = Store(Database.open(folder / "remind.db", self.clock))
        self.schedule = Schedule(self.store, rules.calendar(STRETCH_ONLY))
        self.schedule.watch(self.clock)
        settings = model.check(tomllib.loads(f"[phone]\n{phone}"), folder / "settings.toml")
        self.deliverer = Deliverer(self, settings, self.schedule, self.store.ledger, self)  # type: ignore[arg-type]

    def now(self) -> datetime:
        return self.clock

    def presence(self, _: Settings) -> Presence:
        return self.person

    def open_phone(self, settings: Settings) -> "SimulatedNight | None":
        return self if settings.phone.ntfy else None

    def show(self, _: Notification) -> Delivery:
        if self.desktop_fails:
            raise ChannelError("dbus: there is no session bus")
        self.shown.append(self.clock)
        return Delivery("dbus", confirmed=True, handle=f"a/b/{len(self.shown)}")

    def withdraw(self, handle: str) -> None:
        pass

    def send(self, notification: Notification) -> Delivery:
        assert notification.title == "Time for the calf stretch"
        if self.phone_fails:
            raise ChannelError("ntfy.example.org: answers 503 Service Unavailable")
        self.phoned.append(self.clock)
        return Delivery("ntfy", confirmed=True)

    def until(self, wall: str) -> "SimulatedNight":
        """Deliver at every fire time until the clock shows `wall`."""
        end = rules.at(wall)
        while (at := self.deliverer.next_fire_time("stretch", self.clock)) is not None and at <= end:
            self.clock = max(at, self.clock)
            self.deliverer.deliver("stretch")
        self.clock = end
        return self

    def row(self) -> Row:
        (row,) = history(self.store, self.schedule, self.clock, 1)
        return row


def test_what_is_not_meant_for_the_phone_is_not_sent(tmp_path: Path) -> None:
    """With a list of reminders in the settings no other goes there."""
    for listed, times in (("water", 0), ("stretch", 1)):
        (tmp_path / listed).mkdir()
        night = SimulatedNight(tmp_path / listed, f'{PHONE}reminders = ["{listed}"]\n')
        night.person = Presence(away=True)
        assert len(night.until("22:25").phoned) == times
        night.store.database.close()


@pytest.fixture
def night(tmp_path: Path) -> Iterator[SimulatedNight]:
    night = SimulatedNight(tmp_path, PHONE)
    yield night
    night.store.database.close()


def test_who_is_away_is_reached_once_and_sees_it_when_back(night: SimulatedNight) -> None:
    """The phone at the due time; the desktop, too, as soon as the person is back inside the window."""
    night.person = Presence(away=True)
    night.until("22:25")
    assert (night.phoned, night.shown) == ([rules.at("22:00")], [])
    night.person = Presence(away=False)
    night.until("22:26")
    assert (len(night.phoned), len(night.shown)) == (1, 1)
    row = night.row()
    assert (row.channel, row.confirmed, row.phoned_at) == ("dbus", True, rules.at("22:00"))


def test_who_stays_away_was_reached_by_phone_alone(night: SimulatedNight) -> None:
    """The ledger says so, with the channel and its confirmation, and why it was never shown."""
    night.person = Presence(locked=True)
    night.until("2026-11-23 07:00")
    assert (len(night.phoned), night.shown) == (1, [])
    row = night.row()
    assert (row.state, row.shown_at) == ("dropped", ())
    assert row.reason.startswith("not shown (the screen is locked), sent to the phone at 22:00; ")
    events = night.store.ledger.events(rules.at("21:00"), rules.at("2026-11-23 12:00"))
    sent = [event for event in events if event.what == "phoned"]
    assert [(event.channel, event.confirmed) for event in sent] == [("ntfy", True)]


def test_who_is_there_is_not_sent_anything(night: SimulatedNight) -> None:
    """Three times shown, never sent."""
    night.until("23:00")
    assert (len(night.shown), night.phoned) == (3, [])


def test_a_phone_that_cannot_be_reached_is_tried_again(night: SimulatedNight) -> None:
    """Every few minutes and not twice a minute; when it can be, once."""
    night.person, night.phone_fails = Presence(away=True), True
    night.until("22:31")
    events = night.store.ledger.events(rules.at("21:00"), rules.at("2026-11-23 12:00"))
    failures = [event for event in events if event.what == "phone-failed"]
    assert len(failures) == 7
    assert {event.reason for event in failures} == {"ntfy.example.org: answers 503 Service Unavailable"}
    night.phone_fails = False
    night.until("23:29")
    assert [at.astimezone(BERLIN).strftime("%H:%M") for at in night.phoned] == ["22:35"]


def test_a_desktop_that_shows_nothing_sends_it_to_the_phone(night: SimulatedNight) -> None:
    """After the second failure; the desktop is tried on, and shows it when it can."""
    night.desktop_fails = True
    night.until("22:10")
    assert night.phoned == [rules.at("22:00:30")]
    assert night.row().reason.startswith(
        "could not be shown (dbus: there is no session bus), sent to the phone at 22:00; trying again at "
    )
    night.desktop_fails = False
    night.until("22:11")
    assert (len(night.phoned), len(night.shown)) == (1, 1)


def test_it_is_not_sent_again_after_a_restart(night: SimulatedNight, tmp_path: Path) -> None:
    """What the ledger knows is enough."""
    night.person = Presence(away=True)
    night.until("22:10").store.database.close()
    again = SimulatedNight(tmp_path, PHONE)
    again.clock, again.person = rules.at("22:11"), Presence(away=True)
    again.until("23:00")
    again.store.database.close()
    assert again.phoned == []


def test_without_a_phone_nothing_changes(tmp_path: Path) -> None:
    """Held and dropped as ever."""
    night = SimulatedNight(tmp_path)
    night.person = Presence(away=True)
    night.until("2026-11-23 07:00")
    assert night.row().reason.startswith("not shown (away from the computer); ")
    night.store.database.close()
