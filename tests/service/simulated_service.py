"""A service in simulated time, and a program that runs it many times and kills each run at a random instant.

`python simulated_service.py FOLDER RUNS SEED` keeps its database in FOLDER. The file `witness` there records all that a
run has shown, or was told is written: a JSON object a line.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from apscheduler.executors.base import BaseExecutor, run_job
from apscheduler.schedulers.base import BaseScheduler

from remind.app import App
from remind.core.decide import Presence
from remind.core.diary import Drink, Stretch
from remind.core.schema import Millilitres
from remind.desktop.notify.channel import Delivery, Notification, OnAnswer
from remind.files import Folders
from remind.service.service import Service
from remind.settings.model import Settings
from remind.store.diary import new_id

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2026, 3, 20, 12, tzinfo=UTC)
SETTINGS = """[water]
glass = "250 ml"
[notify]
snooze = "20 min"
[night]
enabled = true
[reminder.move]
enabled = true
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
"""
_LONGEST_RUN_S = 0.12


class QueueExecutor(BaseExecutor):  # type: ignore[misc]
    """Runs jobs when told to, and after the scheduler has done with them, as a worker thread does."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[tuple[Any, list[datetime]]] = []

    def run(self) -> None:
        waiting, self._waiting = self._waiting, []
        for job, times in waiting:
            self._run_job_success(job.id, run_job(job, job._jobstore_alias, times, self._logger.name))

    def _do_submit_job(self, job: Any, run_times: list[datetime]) -> None:
        self._waiting.append((job, run_times))


class StepScheduler(BaseScheduler):  # type: ignore[misc]
    """The real scheduler without its thread: it looks at the clock when told to."""

    def __init__(self) -> None:
        self._queue = QueueExecutor()
        self.woken = 0
        super().__init__(timezone=UTC, executors={"default": self._queue})

    def step(self) -> None:
        """Run all that is due, and what becomes due by that."""
        for _ in range(5):
            self._process_jobs()
            self._queue.run()

    def next_fire_time(self) -> datetime:
        fire_times: list[datetime] = [job.next_run_time for job in self.get_jobs() if job.next_run_time]
        return min(fire_times)

    def wakeup(self) -> None:
        self.woken += 1

    def shutdown(self, wait: bool = True) -> None:
        super().shutdown(wait)


class Witness:
    """Appends to a file that outlives the process."""

    def __init__(self, path: Path, run: int) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._run = run

    def saw(self, what: str, key: str = "") -> None:
        entry = {"run": self._run, "what": what, "key": key, "at": datetime.now(UTC).isoformat()}
        os.write(self._file, json.dumps(entry).encode() + b"\n")


class FakeDesktop:
    """A channel that remembers when it showed what, and presses buttons when told to."""

    def __init__(self, saw: Callable[[str, str], None] = lambda *_: None) -> None:
        self._saw = saw
        self.visible: dict[str, Notification] = {}
        self.shown: list[tuple[datetime, str]] = []

    def start(self, on_answer: OnAnswer) -> None:
        self._on_answer: OnAnswer = on_answer

    def show(self, notification: Notification) -> Delivery:
        self._saw("shown", notification.key)
        self.shown.append((datetime.now(UTC), notification.key))
        self.visible[notification.key] = notification
        return Delivery("desktop", confirmed=True, handle=notification.key)

    def withdraw(self, handle: str) -> None:
        self.visible.pop(handle, None)

    def close(self) -> None:
        pass

    def press(self, key: str, button: str) -> None:
        self._on_answer(key, button, key)


class SimulatedApp(App):
    """The real composition root with a clock that time-machine moves, a fake desktop, and a person who is there."""

    def __init__(self, folder: Path, desktop: FakeDesktop) -> None:
        super().__init__(Folders(folder, folder, folder), monotonic=time.time, read_zone=lambda: ZONE)
        self.desktop = desktop
        self.person = Presence()
        self.presence_asked = 0
        self.sessions = 0
        self.forms: list[str] = []

    def open_channels(self, _settings: Settings) -> Any:
        return self.desktop

    def presence(self, _settings: Settings) -> Presence:
        self.presence_asked += 1
        return self.person

    def open_session(self) -> None:
        self.sessions += 1

    def open_form(self, entry_id: str) -> None:
        self.forms.append(entry_id)


def run(folder: Path, number: int, chance: random.Random, move_to: Callable[[datetime], None]) -> None:
    """Run the service until it is killed; `move_to` moves the clock."""
    witness = Witness(folder / "witness", number)
    app, scheduler = SimulatedApp(folder, FakeDesktop(witness.saw)), StepScheduler()
    service, person = Service(app, scheduler, app.open_session, app.open_form), SimulatedApp(folder, app.desktop)
    service.start()
    while True:
        scheduler.step()
        for key, notification in list(app.desktop.visible.items()):
            if notification.buttons and chance.random() < 0.4:
                _answer(app, person, key, chance, witness)
        if chance.random() < 0.1:
            _write(person, chance, witness)
        witness.saw("passed")
        slept = timedelta(hours=chance.uniform(0.1, 9)) if chance.random() < 0.02 else timedelta()
        move_to(max(scheduler.next_fire_time(), datetime.now(UTC) + timedelta(seconds=1)) + slept)
        service.look_round()


def _answer(app: SimulatedApp, person: SimulatedApp, key: str, chance: random.Random, witness: Witness) -> None:
    button = chance.choice(app.desktop.visible[key].buttons).answer
    before = _answers(person, key)
    app.desktop.press(key, button)
    # The press returns when it is written; one that came too late is not, and says so in the log alone.
    if _answers(person, key) > before:
        witness.saw("answered", key)
        if button in ("quiet", "cramp"):
            witness.saw("logged", key)
        if button != "snoozed":
            app.desktop.visible.pop(key, None)


def _answers(person: SimulatedApp, key: str) -> int:
    now = person.now()
    events = person.store.ledger.events(now - timedelta(days=4), now + timedelta(days=4))
    return sum(event.occurrence == key and event.what in ("done", "snoozed", "skipped") for event in events)


def _write(person: SimulatedApp, chance: random.Random, witness: Witness) -> None:
    now = person.now()
    if chance.random() < 0.5:
        drink = Drink(id=new_id(), at=now, written_at=now, amount_ml=Millilitres(200))
        person.store.diary.add(drink)
        witness.saw("drunk", drink.id)
    else:
        whole = chance.random() < 0.5
        person.store.diary.add(
            Stretch(
                id=new_id(),
                at=now,
                written_at=now,
                routine="x",
                planned_s=9,
                held_s=9 if whole else 4,
                complete=whole,
            )
        )
        witness.saw("stretched", now.isoformat())


def _last(path: Path) -> datetime:
    lines = path.read_bytes().splitlines() if path.exists() else []
    return datetime.fromisoformat(json.loads(lines[-1])["at"]) if lines else START


def main(folder: Path, runs: int, seed: int) -> None:
    """Run the service `runs` times, each in a fork, so that the imports are paid for once."""
    folder.joinpath("settings.toml").write_text(SETTINGS)
    chance = random.Random(seed)  # noqa: S311 - no secret
    for number in range(runs):
        off = (
            timedelta(hours=chance.uniform(0, 12))
            if chance.random() < 0.1
            else timedelta(seconds=chance.uniform(0, 60))
        )
        with time_machine.travel(_last(folder / "witness") + off, tick=False) as clock:
            # In processor time, so that a busy machine does not shorten the runs; its signal kills as SIGKILL does.
            length = chance.uniform(0, _LONGEST_RUN_S)
            child = os.fork()
            if child == 0:
                try:
                    signal.setitimer(signal.ITIMER_PROF, length)
                    run(folder, number, chance, clock.move_to)
                finally:
                    sys.excepthook(*sys.exc_info())
                    os._exit(1)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), f"run {number} ended before it was killed"


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
