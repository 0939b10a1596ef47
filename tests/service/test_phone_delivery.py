"""Sending reminders to a phone: a real ledger, a clock that the test moves, and a simulated desktop and server."""

import logging
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest
import rules
from ntfy_model import NtfyModel
from rules import BERLIN, NEW_YORK, STRETCH_ONLY
from simulated_phone import ADDRESS, ModelPhone

from remind.core.decide import Presence
from remind.core.diary import Cramp, QuietNight
from remind.desktop.notify.channel import ChannelError, Delivery, Notification
from remind.files import Folders
from remind.service.button_actions import ButtonActions
from remind.service.deliver import Deliverer
from remind.service.phone import ServicePhone
from remind.settings import model
from remind.settings.model import Settings
from remind.store.answers import Answers
from remind.store.database import Database
from remind.store.history import Row, history
from remind.store.ledger import Event
from remind.store.schedule import Schedule
from remind.store.store import Store

PHONE = f'[phone]\nntfy = "{ADDRESS}"\n'
AHEAD = f"{PHONE}ahead = true\n"
NIGHTS = "[stretch]\nenabled = false\n[water]\nenabled = false\n[night]\nenabled = true\n"
SECOND = timedelta(seconds=1)


class SimulatedNight:
    """An evening with a person who may be away, a desktop that may fail, and a server that may too.

    It stands in for the app and the channels at once, and calls what the service's jobs call.
    """

    def __init__(self, folder: Path, phone: str = "", rules_: str = STRETCH_ONLY, began: str = "21:00") -> None:
        self.clock, self.zone = rules.at(began), BERLIN
        self.person = Presence()
        self.folders = Folders(folder, folder, folder)
        self.desktop_fails, self.server_fails = False, ""
        self.shown: list[datetime] = []
        self.wrong_s = 0
        self.server = NtfyModel(lambda: self.clock.timestamp() + self.wrong_s)
        self.store = Store(Database.open(folder / "remind.db", self.clock))
        self.follow(phone, rules_)

    def follow(self, phone: str, rules_: str = STRETCH_ONLY, zone: tzinfo = BERLIN) -> None:
        """Take over other settings, as the service does."""
        settings = model.check(tomllib.loads(rules_ + phone), Path("settings.toml"))
        self.schedule = Schedule(self.store, settings.calendar(zone))
        self.schedule.watch(self.clock)
        self.forms: list[str] = []
        self.buttons = ButtonActions(self.store, self.schedule, settings, lambda: None, self.forms.append, lambda: None)
        self.phone: ServicePhone | None = None
        if settings.phone.ntfy is not None:
            self.phone = ServicePhone(self, settings, self.store, lambda _: None)  # type: ignore[arg-type]
            self.phone.follow(settings, self.schedule, self.buttons)
        self.deliverer = Deliverer(self, settings, self.schedule, self.store.ledger, self, self.phone)  # type: ignore[arg-type]

    def now(self) -> datetime:
        return self.clock

    def presence(self, _: Settings) -> Presence:
        return self.person

    def open_phone(self, settings: Settings, secret: str) -> ModelPhone:
        assert settings.phone.ntfy is not None
        self.transport = ModelPhone(self.server, secret, self._fault, settings.phone.ntfy)
        return self.transport

    def _fault(self, stage: str, _: object) -> None:
        if self.server_fails == stage:
            raise ChannelError("ntfy.example.org: answers 503 Service Unavailable")

    def show(self, _: Notification) -> Delivery:
        if self.desktop_fails:
            raise ChannelError("dbus: there is no session bus")
        self.shown.append(self.clock)
        return Delivery("dbus", confirmed=True, handle=f"a/b/{len(self.shown)}")

    def withdraw(self, handle: str) -> None:
        pass

    def until(self, wall: str) -> "SimulatedNight":
        """Do everything at its fire time until the clock shows `wall`."""
        end = rules.at(wall)
        while (at := self._next(self.clock)) is not None and at <= end:
            self.clock = max(at, self.clock)
            self._run()
        self.clock = end
        return self

    def _next(self, now: datetime) -> datetime | None:
        jobs = [self.deliverer.next_fire_time(name, now) for name in self.schedule.calendar.reminders]
        if self.phone is not None:
            jobs.append(self.phone.next_fire_time(now))
        return min(filter(None, jobs), default=None)

    def _run(self) -> None:
        for name in self.schedule.calendar.reminders:
            if (at := self.deliverer.next_fire_time(name, self.clock)) is not None and at <= self.clock:
                self.deliverer.deliver(name)
        if self.phone is not None and (at := self.phone.next_fire_time(self.clock)) is not None and at <= self.clock:
            self.phone.run()

    @property
    def phoned(self) -> list[datetime]:
        """When the phone rang."""
        return [at.astimezone(BERLIN) for at, _ in self.transport.delivered()]

    def message(self) -> dict[str, Any]:
        """Return the last message that the phone shows."""
        return self.transport.delivered()[-1][1]

    def press(self, label: str, message: dict[str, Any] | None = None) -> None:
        """Press a button of the last message, and let the service hear it if it listens."""
        action = next(one for one in (message or self.message())["actions"] if one["label"] == label)
        self.server.press(action["url"].rpartition("/")[2], action["body"])
        self.hear()

    def hear(self) -> None:
        for connection in list(self.server.listening):
            connection.read()

    def events(self, *kinds: str) -> list[Event]:
        found = self.store.ledger.events(rules.at("2026-11-01 21:00"), rules.at("2026-11-30 12:00"))
        return [event for event in found if event.what in kinds]

    def row(self) -> Row:
        (row,) = history(self.store, self.schedule, self.clock, 1)
        return row


@pytest.fixture
def night(tmp_path: Path) -> Iterator[SimulatedNight]:
    night = SimulatedNight(tmp_path, PHONE)
    yield night
    night.store.database.close()


@pytest.fixture
def away(night: SimulatedNight) -> SimulatedNight:
    """A night whose person is away, and got the message at ten."""
    night.person = Presence(away=True)
    return night.until("22:05")


@pytest.fixture
def ahead(tmp_path: Path) -> Iterator[SimulatedNight]:
    """A night whose server keeps a message for when the computer is off."""
    night = SimulatedNight(tmp_path, AHEAD)
    yield night.until("21:10")
    night.store.database.close()


def test_what_is_not_meant_for_the_phone_is_not_sent(tmp_path: Path) -> None:
    """With a list of reminders in the settings no other goes there."""
    for listed, times in (("water", 0), ("stretch", 1)):
        (tmp_path / listed).mkdir()
        night = SimulatedNight(tmp_path / listed, f'{AHEAD}reminders = ["{listed}"]\n')
        night.person = Presence(away=True)
        assert len(night.until("22:25").phoned) == times
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
    assert [(event.channel, event.confirmed) for event in night.events("phoned")] == [("ntfy", True)]


def test_who_is_there_is_not_sent_anything(night: SimulatedNight) -> None:
    """Three times shown, never sent."""
    night.until("23:00")
    assert (len(night.shown), night.phoned) == (3, [])


def test_a_phone_that_cannot_be_reached_is_tried_again(night: SimulatedNight) -> None:
    """Every few minutes and not twice a minute; when it can be, once."""
    night.person, night.server_fails = Presence(away=True), "before"
    night.until("22:31")
    failures = night.events("phone-failed")
    assert len(failures) == 7
    assert {event.reason for event in failures} == {"ntfy.example.org: answers 503 Service Unavailable"}
    night.server_fails = ""
    night.until("23:29")
    assert [at.strftime("%H:%M") for at in night.phoned] == ["22:35"]


def test_a_lost_reply_makes_no_second_message(night: SimulatedNight) -> None:
    """The server is asked before it is sent again."""
    night.person, night.server_fails = Presence(away=True), "after"
    night.until("22:01")
    night.server_fails = ""
    night.until("23:29")
    assert night.phoned == [rules.at("22:00")]
    assert night.row().phoned_at == rules.at("22:00")


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


def test_it_is_not_sent_again_after_a_restart(night: SimulatedNight) -> None:
    """What the ledger knows is enough."""
    night.person = Presence(away=True)
    night.until("22:10").follow(PHONE)
    night.until("23:00")
    assert len(night.phoned) == 1


def test_without_a_phone_nothing_changes(tmp_path: Path) -> None:
    """Held and dropped as ever."""
    night = SimulatedNight(tmp_path)
    night.person = Presence(away=True)
    night.until("2026-11-23 07:00")
    assert night.row().reason.startswith("not shown (away from the computer); ")
    night.store.database.close()


class TestAnswers:
    """What is pressed on the phone."""

    @pytest.mark.parametrize(("label", "answer"), [("Done", "done"), ("Skip", "skipped")])
    def test_an_answer_ends_the_evening(self, away: SimulatedNight, label: str, answer: str) -> None:
        """It is recorded once, also when it is pressed on two phones; then nobody listens any more."""
        message = away.message()
        away.press(label)
        away.press(label, message)
        assert [(event.what, event.at, event.via) for event in away.events("done", "skipped")] == [
            (answer, rules.at("22:05"), "phone")
        ]
        away.until("22:06")
        assert away.server.listening == []
        assert away.row().state == "answered"

    def test_a_snooze_asks_for_one_more_message(self, away: SimulatedNight) -> None:
        """It comes when the snooze is over, though the person is back; a second press of the old button is stale."""
        message = away.message()
        away.press("Snooze 10 min")
        away.person = Presence()
        away.until("22:20")
        assert [at.strftime("%H:%M") for at in away.phoned] == ["22:00", "22:15"]
        assert len(away.shown) == 1
        away.press("Snooze 10 min", message)
        assert len(away.events("snoozed")) == 1
        away.press("Done", message)  # it still stands for the whole evening
        assert len(away.events("done")) == 1

    def test_who_snoozed_at_the_computer_and_left_gets_it_on_the_phone(self, night: SimulatedNight) -> None:
        """Each round may ring once."""
        night.desktop_fails = True
        night.until("22:05")
        night.desktop_fails = False
        night.until("22:06")
        night.buttons.pressed("a/b/1", "snoozed", None, night.clock)
        night.person = Presence(away=True)
        night.until("22:40")
        assert [at.strftime("%H:%M") for at in night.phoned] == ["22:00", "22:16"]

    def test_what_was_pressed_while_the_service_was_down_counts_from_then(self, away: SimulatedNight) -> None:
        """Even if the evening is over by now."""
        away.phone.close()  # type: ignore[union-attr]
        away.clock = rules.at("22:40")
        away.press("Done")
        away.clock = rules.at("2026-11-23 07:30")
        away.follow(PHONE)
        away.deliverer.catch_up(away.clock)
        away.until("2026-11-23 07:31")
        assert [event.at for event in away.events("done")] == [rules.at("22:40")]
        assert (away.row().state, away.server.listening) == ("answered", [])

    def test_a_late_snooze_of_what_is_over_changes_nothing(self, away: SimulatedNight) -> None:
        """There is nothing left to put off."""
        away.phone.close()  # type: ignore[union-attr]
        away.press("Snooze 10 min")
        away.clock = rules.at("2026-11-23 07:30")
        away.follow(PHONE)
        away.until("2026-11-23 07:31")
        assert away.events("snoozed") == []

    @pytest.mark.parametrize(("wrong_s", "at"), [(-90_000, "22:00"), (90_000, "22:05")])
    def test_a_server_with_a_wrong_clock_is_not_believed(self, night: SimulatedNight, wrong_s: int, at: str) -> None:
        """An answer is given after the message was sent, and not after now."""
        night.wrong_s, night.person = wrong_s, Presence(away=True)
        night.until("22:05").press("Done")
        assert [event.at for event in night.events("done")] == [rules.at(at)]

    def test_two_hundred_forged_and_replayed_answers_change_nothing(
        self, away: SimulatedNight, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Neither the ledger nor the diary changes, and the log stays short."""
        stale = [action["body"] for action in away.message()["actions"]]
        away.press("Skip")
        away.clock = rules.at("2026-11-23 22:05")
        away.until("2026-11-23 22:05")
        before = away.store.ledger.events(rules.at("2026-11-01 21:00"), rules.at("2026-11-30 12:00"))
        caplog.set_level(logging.INFO, "remind")
        caplog.clear()
        texts = [*stale, "", "\x00", "ü" * 128, "0" * 32, "done", '{"answer": "done"}', *stale]
        for number in range(200):
            away.server.press(away.transport.answer_topic, (texts * 20)[number])
        away.hear()
        assert away.server.listening
        assert away.store.ledger.events(rules.at("2026-11-01 21:00"), rules.at("2026-11-30 12:00")) == before
        assert len(caplog.records) == 5
        away.phone.close()  # type: ignore[union-attr]
        assert caplog.records[-1].getMessage() == "195 more answers from the phone fit nothing"
        caplog.clear()
        away.follow(PHONE)  # a restart reads none of them again
        away.until("2026-11-23 22:06").hear()
        assert away.server.listening
        assert not any("fits nothing" in record.getMessage() for record in caplog.records)


class TestNight:
    """The question about the night."""

    @pytest.mark.parametrize(("label", "kind"), [("No cramp", QuietNight), ("A cramp", Cramp)])
    def test_it_is_logged_in_the_afternoon_from_when_it_was_pressed(
        self, tmp_path: Path, label: str, kind: type[Cramp | QuietNight]
    ) -> None:
        """The service was down meanwhile; no form opens on the computer, and a second press logs nothing."""
        night = SimulatedNight(tmp_path, PHONE, NIGHTS, began="06:00")
        night.person = Presence(away=True)
        night.until("09:00")
        night.phone.close()  # type: ignore[union-attr]
        message = night.message()
        night.press(label)
        night.press(label, message)
        night.clock = rules.at("15:00")
        night.follow(PHONE, NIGHTS)
        night.deliverer.catch_up(night.clock)
        night.until("15:01")
        logged = night.store.diary.of(kind, rules.at("2026-11-20 12:00"), rules.at("2026-11-24 12:00"))
        assert [one.written_at for one in logged] == [rules.at("09:00")]
        assert night.forms == []
        night.store.database.close()


class TestDiscreet:
    """Messages that say no more than that it is time."""

    @pytest.mark.parametrize(
        ("rules_", "began", "until", "title", "labels"),
        [
            (STRETCH_ONLY, "21:59", "22:01", "Time for your stretch", ["Done", "Snooze 10 min", "Skip"]),
            (NIGHTS, "07:00", "07:31", "A question from last night", ["No", "Yes", "Later"]),
            (
                "[stretch]\nenabled = false\n",
                "09:00",
                "10:00",
                "Time for some water",
                ["Drank 200 ml", "Snooze 10 min"],
            ),
        ],
    )
    def test_no_word_of_cramps(
        self, tmp_path: Path, rules_: str, began: str, until: str, title: str, labels: list[str]
    ) -> None:
        """Neither in the text, nor on a button, nor in a name; without it, the text helps without a click."""
        night = SimulatedNight(tmp_path, f"{PHONE}discreet = true\n", rules_, began)
        night.person = Presence(away=True)
        message = night.until(until).message()
        assert (message["title"], message["message"]) == ("", title)
        assert [action["label"] for action in message["actions"]] == labels
        assert not any(word in str(message).casefold() for word in ("cramp", "calf", "night/"))
        night.store.database.close()


def test_what_is_answered_at_the_computer_is_shown_on_the_phone_if_wished(tmp_path: Path) -> None:
    """Without a sound, in the place of the message, and once; not what was answered there."""
    night = SimulatedNight(tmp_path, f"{PHONE}show_answered = true\n")
    night.person = Presence(away=True)
    night.until("22:05")
    (entry,) = [one for one in night.schedule.entries("stretch", night.clock) if one.occurrence.due <= night.clock]
    Answers(night.store, BERLIN).give(entry, "done", night.clock, "remind done")
    night.until("22:30")
    first, second = night.server.messages
    assert (second["message"], second["priority"]) == ("Answered", 1)
    assert second["sequence_id"] == first["sequence_id"]
    night.store.database.close()


class TestAhead:
    """What the server delivers while the computer is off."""

    def test_it_rings_while_the_computer_is_off(self, ahead: SimulatedNight) -> None:
        """Just after the fire time, with the caution that it may be done; history says when, and it can be answered."""
        ahead.clock = rules.at("22:02")
        assert ahead.phoned == [rules.at("22:01")]
        assert str(ahead.message()["message"]).startswith("If you have not stretched yet: ")
        ahead.press("Done")
        ahead.clock = rules.at("2026-11-23 08:00")
        ahead.follow(AHEAD)
        ahead.until("2026-11-23 08:01")
        assert [event.at for event in ahead.events("done")] == [rules.at("22:02")]
        rows = history(ahead.store, ahead.schedule, ahead.clock, 1)
        assert [(row.state, row.phoned_at) for row in rows] == [("answered", rules.at("22:01"))]

    def test_history_does_not_tell_of_what_is_to_come(self, ahead: SimulatedNight) -> None:
        """A message that waits on the server is no news."""
        assert history(ahead.store, ahead.schedule, ahead.clock, 1) == []

    def test_shown_at_the_computer_it_does_not_ring(self, ahead: SimulatedNight) -> None:
        """It is withdrawn, and the next evening's takes its place."""
        ahead.until("23:00")
        assert (len(ahead.shown), ahead.phoned) == (3, [])
        assert [event.what for event in ahead.events("phone-scheduled", "phone-withdrawn")] == [
            "phone-scheduled", "phone-withdrawn", "phone-scheduled",
        ]  # fmt: skip

    def test_who_is_away_is_reached_once(self, ahead: SimulatedNight) -> None:
        """By the server, since that message is on its way."""
        ahead.person = Presence(away=True)
        assert ahead.until("23:00").phoned == [rules.at("22:01")]

    def test_do_not_disturb_holds_it_too(self, ahead: SimulatedNight) -> None:
        """Who is there and must not be disturbed is not disturbed by the server either."""
        ahead.person = Presence(do_not_disturb=True)
        ahead.follow(AHEAD, f"{STRETCH_ONLY}[stretch]\ninsist = false\n")
        assert ahead.until("22:30").phoned == []

    def test_without_the_phone_nothing_rings(self, ahead: SimulatedNight) -> None:
        """When another address is set, or none, what the server keeps is withdrawn."""
        ahead.phone.leave()  # type: ignore[union-attr]
        ahead.clock = rules.at("22:30")
        assert ahead.phoned == []

    def test_what_waits_at_another_address_does_not_count(self, ahead: SimulatedNight) -> None:
        """The address was changed while the service was off: the new one gets the message of this evening."""
        ahead.follow(AHEAD.replace("/topic", "/another"))
        ahead.until("21:20")
        ahead.clock = rules.at("22:30")
        assert ahead.phoned == [rules.at("22:01")]

    @pytest.mark.parametrize("change", ["done", "paused", "off", "earlier", "zone"])
    def test_what_changes_before_is_withdrawn(self, ahead: SimulatedNight, change: str) -> None:
        """Answered, paused, switched off, another bedtime, another zone: the phone does not ring at ten."""
        match change:
            case "done":
                (entry,) = ahead.schedule.entries("stretch", ahead.clock)
                Answers(ahead.store, BERLIN).give(entry, "done", ahead.clock, "remind done")
            case "paused":
                ahead.store.ledger.pause(ahead.clock, rules.at("2026-11-23 12:00"))
            case "off":
                ahead.follow(AHEAD, f"{STRETCH_ONLY}[stretch]\nenabled = false\n")
            case "earlier":
                ahead.follow(AHEAD, f'{STRETCH_ONLY}[day]\nbedtime = "22:10"\n')
            case _:
                ahead.follow(AHEAD, zone=NEW_YORK)
        ahead.until("21:15")
        ahead.clock = rules.at("22:30")
        expected = {"earlier": [rules.at("21:41")]}
        assert ahead.phoned == expected.get(change, [])

    @pytest.mark.parametrize("missing", ["withdraws", "withdraws_scheduled"])
    def test_where_the_server_cannot_withdraw_there_is_no_second_one(self, ahead: SimulatedNight, missing: str) -> None:
        """It is asked once, and the message that comes anyway stands for the evening."""
        setattr(ahead.server, missing, False)
        ahead.follow(AHEAD, f'{STRETCH_ONLY}[day]\nbedtime = "22:50"\n')
        ahead.person = Presence(away=True)
        ahead.until("23:40")
        assert ahead.phoned == [rules.at("22:01")]
        assert len(ahead.events("phone-kept")) == 1

    def test_where_the_server_cannot_withdraw_it_is_asked_once(self, ahead: SimulatedNight) -> None:
        """Also about what is answered, which needs no message any more."""
        ahead.server.withdraws = False
        (entry,) = ahead.schedule.entries("stretch", ahead.clock)
        Answers(ahead.store, BERLIN).give(entry, "done", ahead.clock, "remind done")
        ahead.until("21:30")
        assert len(ahead.events("phone-kept")) == 1

    @pytest.mark.parametrize("stage", ["before", "after"])
    def test_a_server_that_fails_is_asked_again(self, tmp_path: Path, stage: str) -> None:
        """Whether it took the message or not, there is one."""
        night = SimulatedNight(tmp_path, AHEAD)
        night.server_fails = stage
        night.until("21:01")
        night.server_fails = ""
        night.until("21:30")
        night.clock = rules.at("23:00")
        assert night.phoned == [rules.at("22:01")]
        night.store.database.close()

    def test_a_bedtime_that_is_changed_again_and_again_stays_within_the_limits(self, ahead: SimulatedNight) -> None:
        """The last one counts."""
        for number in range(100):
            ahead.clock += SECOND
            ahead.follow(AHEAD, f'{STRETCH_ONLY}[day]\nbedtime = "23:{number % 60:02}"\n')
            ahead.until(f"{ahead.clock:%H:%M:%S}")
        ahead.until("21:30")
        assert ahead.server.refused == 0
        ahead.clock = rules.at("23:55")
        assert [at.strftime("%H:%M") for at in ahead.phoned] == ["23:10"]
