"""Random days of the real service with a phone: kills, sleep, journeys, other bedtimes, and faults of the server.

The service's process is one object here, which a kill abandons at a random call; what it had handed to its child by
then may still reach the server.
"""

import random
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import time_machine
from ntfy_model import NtfyModel
from simulated_phone import ADDRESS, ModelPhone
from simulated_service import FakeDesktop, SimulatedApp, StepScheduler

from remind.core.decide import Presence
from remind.core.phone_secret import answer_token
from remind.desktop.notify.channel import ChannelError, Delivery, Notification
from remind.service.service import Service
from remind.settings.model import Settings
from remind.store.database import Database
from remind.store.schedule import Schedule
from remind.store.store import Store

START = datetime(2026, 3, 20, 12, tzinfo=UTC)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Auckland", "America/Los_Angeles")
SETTINGS = """[day]
bedtime = "{bedtime}"
[stretch]
until = "15 min"
[water]
enabled = false
[night]
enabled = true
until = "08:00"
[phone]
ntfy = "{address}"
ahead = {ahead}
show_answered = true
"""
SOON, SETTLED, CACHED = timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=11)
HERE, AWAY = Presence(), Presence(away=True)


class Killed(BaseException):
    """The service's process is gone."""


class Press(msgspec.Struct, frozen=True):
    """A press on the phone of something that was open then."""

    key: str
    answer: str
    at: datetime


class TravellingApp(SimulatedApp):
    """An app whose zone, phone and desktop belong to a `Days`."""

    def __init__(self, days: "Days") -> None:
        super().__init__(days.folder, days.desktop)
        self._days = days
        self.read_zone = lambda: ZoneInfo(days.zone)

    def open_phone(self, _: Settings, secret: str = "") -> ModelPhone:
        self._days.phone = ModelPhone(self._days.server, secret, self._days.fault)
        return self._days.phone

    def presence(self, _: Settings) -> Presence:
        return self._days.chance.choice([HERE, AWAY, AWAY, Presence(locked=True), Presence(do_not_disturb=True)])


class FailingDesktop(FakeDesktop):
    """A desktop before which the service may be killed, and which may be out of order."""

    def __init__(self, days: "Days") -> None:
        super().__init__()
        self._days = days

    def show(self, notification: Notification) -> Delivery:
        self._days.may_kill()
        if self._days.chance.random() < 0.2:
            raise ChannelError("there is no desktop")
        delivery = super().show(notification)
        self._days.may_kill()
        return delivery


class Days:
    """What happens on random days; `check` says what must not."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.chance = random.Random(seed)  # noqa: S311 - no secret
        self.zone, self.bedtime, self.ahead = ZONES[0], "22:30", True
        self.now = START
        self.server = NtfyModel(lambda: self.now.timestamp())
        self.desktop = FailingDesktop(self)
        self.phone: ModelPhone
        self.server_fault, self.faulty_until = "", START
        self.in_flight: list[tuple[datetime, dict[str, Any]]] = []
        self.presses: list[Press] = []
        self.counts: Counter[str] = Counter()
        self.settled_since = START
        self._seen: set[str] = set()
        self._killed = False
        self._settings()

    def live(self, days: int) -> None:
        """Let `days` days pass, and check after each step."""
        with time_machine.travel(self.now, tick=False) as self.clock:
            while self.now < START + timedelta(days=days):
                with suppress(Killed):
                    self._run()
                self._end()

    def fault(self, stage: str, body: object) -> None:
        """Fail as the server does now, before or after it acts; a kill may come at both."""
        try:
            if stage == "before":
                self.may_kill(likely=0.1)
            if self.server_fault == stage:
                self.counts[f"fault {stage}"] += 1
                raise ChannelError("ntfy.example.org: no answer in time")
            if stage == "after":
                self.may_kill()
        except (Killed, ChannelError):
            # The child, or the network, may still bring it there.
            if stage == "before" and isinstance(body, dict) and self.chance.random() < 0.5:
                self.in_flight.append((self.now + timedelta(seconds=self.chance.uniform(0, 15)), body))
            raise

    def may_kill(self, likely: float = 0.02) -> None:
        """Kill the service now and then; it is still dead for whoever asks before it starts again."""
        if self._killed or self.chance.random() < likely:
            self._killed = True
            raise Killed

    def _run(self) -> None:
        """Run the service until it is killed, or the computer is switched off."""
        self._killed = False
        app, scheduler = TravellingApp(self), StepScheduler()
        self.service = Service(app, scheduler, app.open_session, app.open_form)
        try:
            self.service.start()
            self._kill_at_writes(self.service._store.ledger)
            self.settled_since = max(self.now, self.settled_since)
            until = self.now + timedelta(hours=self.chance.expovariate(1 / 20))
            while self.now < until and not self._killed:
                self._step(app, scheduler)
        finally:
            self.service._store.database.close()

    def _kill_at_writes(self, ledger: Any) -> None:
        note_in = ledger.note_in

        def killing(*arguments: Any) -> None:
            self.may_kill()
            note_in(*arguments)

        ledger.note_in = killing

    def _step(self, app: TravellingApp, scheduler: StepScheduler) -> None:
        scheduler.step()
        for connection in list(self.server.listening):
            if not self.server_fault:
                connection.read()
        if not self._killed:
            self._use_desktop(app)
            self._check()
            self._move(scheduler.next_fire_time())
            if self.chance.random() < 0.01:
                self.counts["sleep"] += 1
                self._pass(timedelta(hours=self.chance.uniform(0.1, 9)))
            self.service.look_round()

    def _end(self) -> None:
        """Leave the computer off for a while; a service that was killed starts again soon."""
        self.counts["kill" if self._killed else "off"] += 1
        self.server.listening.clear()
        self.desktop.visible.clear()
        hours = self.chance.uniform(0, 0.01) if self._killed else self.chance.uniform(1, 14)
        self._pass(timedelta(hours=hours))

    def _pass(self, time: timedelta) -> None:
        end = self.now + time
        while self.now < end:
            self._move(end)
        self.settled_since = max(end, self.settled_since)

    def _move(self, to: datetime) -> None:
        """Move the clock toward `to`, as far as nothing else happens before."""
        kept = [one["time"] for one in self.server.messages if one["time"] > self.now.timestamp()]
        stops = [to, self.now + timedelta(hours=1), *(datetime.fromtimestamp(at + 1, UTC) for at in kept)]
        self.now = max(min(stops), self.now + timedelta(seconds=1))
        self.clock.move_to(self.now)
        for at, body in list(self.in_flight):
            if at <= self.now:
                self.in_flight.remove((at, body))
                self.counts["late arrival"] += 1
                self.server.publish(body)
        self._use_phone()
        self._change()

    def _use_phone(self) -> None:
        """See what rang, and press something now and then: what rang last, or something old or forged."""
        if "phone" not in vars(self):
            return
        for _, message in self.phone.delivered():
            if message["id"] not in self._seen:
                self._seen.add(str(message["id"]))
                self.counts["rang"] += 1
                # Of the buttons, the one to snooze tells the round.
                actions: list[dict[str, str]] = message["actions"]  # type: ignore[assignment]
                (snooze,) = [one["body"] for one in actions if one["label"].startswith(("Snooze", "Later"))]
                assert snooze not in self._seen, f"{self.now}: rang twice: {message}"
                self._seen.add(snooze)
                if self.chance.random() < 0.6:
                    self._press(self.chance.choice(actions))
                    self.counts["forged"] += 1
                    self.server.press(self.phone.answer_topic, self.chance.choice(["0" * 32, "rubbish"]))

    def _press(self, action: dict[str, str]) -> None:
        self.counts["pressed"] += 1
        for _ in range(self.chance.choice([1, 1, 2])):
            self.server.press(self.phone.answer_topic, action["body"])
        now = self.now
        with Database.open_for_reading(self.folder / "remind.db", now) as database:
            store = Store(database)
            settings = TravellingApp(self).settings
            schedule = Schedule(store, settings.calendar(ZoneInfo(self.zone)))
            for entry in [*schedule.entries("stretch", now), *schedule.entries("night", now)]:
                is_open = entry.decision.action != "drop" and entry.occurrence.ends > now + timedelta(minutes=1)
                for answer in ("done", "skipped", "quiet", "cramp") if is_open else ():
                    if action["body"] == answer_token(self.phone.secret, entry.occurrence.key, answer):
                        self.presses.append(Press(entry.occurrence.key, answer, now))

    def _use_desktop(self, app: TravellingApp) -> None:
        for key, notification in list(app.desktop.visible.items()):
            if notification.buttons and self.chance.random() < 0.05:
                with suppress(Killed):
                    app.desktop.press(key, self.chance.choice(notification.buttons).answer)
                app.desktop.visible.pop(key, None)

    def _change(self) -> None:
        """Let the server fail or recover, and the person travel, or change or pause the bedtime."""
        if self.now >= self.faulty_until:
            self.server_fault = self.chance.choice(["before", "after"]) if self.chance.random() < 0.02 else ""
            self.faulty_until = self.now + timedelta(minutes=self.chance.uniform(1, 90))
            if self.server_fault:
                self.settled_since = self.faulty_until
            self.server.withdraws = self.chance.random() < 0.7
            self.server.withdraws_scheduled = self.chance.random() < 0.7
        if self.presses:
            return  # what a press means would change with it
        if self.chance.random() < 0.004:
            self.counts["journey"] += 1
            self.zone = self.chance.choice(ZONES)
        elif self.chance.random() < 0.01:
            self.counts["bedtime"] += 1
            self.ahead = self.chance.random() < 0.8
            self.bedtime = f"{self.chance.choice([21, 22, 23])}:{self.chance.randrange(60):02}"
            self._settings()

    def _settings(self) -> None:
        text = SETTINGS.format(bedtime=self.bedtime, address=ADDRESS, ahead=str(self.ahead).lower())
        self.folder.joinpath("settings.toml").write_text(text)

    def _check(self) -> None:
        """Look for lost answers, once the service has had the time to hear them."""
        assert self.server.refused == 0, f"{self.now}: over the limit"
        if self.now - self.settled_since < SETTLED:
            return
        for press in list(self.presses):
            if self.now - press.at > CACHED:
                self.counts["forgotten"] += 1
                self.presses.remove(press)
            elif self.now - press.at > SOON:
                assert self._is_answered(press), f"{self.now}: lost: {press}"
                self.counts["answered"] += 1
                self.presses.remove(press)

    def _is_answered(self, press: Press) -> bool:
        events = self.service._store.ledger.events(press.at - timedelta(days=3), press.at + timedelta(days=3))
        return any(event.occurrence == press.key and event.what in ("done", "skipped") for event in events)


def run(folder: Path, days: int, seed: int) -> Counter[str]:
    """Live `days` random days in `folder`. Return what happened how often. Raise AssertionError if a promise broke."""
    lived = Days(folder, seed)
    lived.live(days)
    return lived.counts
