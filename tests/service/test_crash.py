"""The service killed at random instants: nothing that was confirmed is lost, and nothing is shown twice."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from rules import calendar

from remind.core.agenda import answered_evenings
from remind.core.diary import Cramp, Drink, QuietNight, Stretch
from remind.store.database import Database
from remind.store.ledger import Event, grouped
from remind.store.store import Store

pytestmark = pytest.mark.xdist_group("crash")  # one worker has all of them, since the killed runs take half a minute

KILLS = 220
REPEAT = timedelta(minutes=10)
ALWAYS = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Seen(msgspec.Struct, frozen=True):
    """A line of the witness: what a run saw at `at`, and whether that was the last thing it saw."""

    run: int
    what: str
    key: str
    at: datetime
    last: bool = False


class KilledRuns(msgspec.Struct, frozen=True):
    """What the witness saw, and what the database contains after the last kill."""

    folder: Path
    seen: list[Seen]
    store: Store
    events: dict[str, list[Event]]

    def of(self, what: str) -> list[Seen]:
        return [one for one in self.seen if one.what == what]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KilledRuns]:
    folder = tmp_path_factory.mktemp("runs")
    command = [sys.executable, str(Path(__file__).with_name("simulated_service.py")), str(folder), str(KILLS), "1"]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=600)
    assert (done.returncode, done.stderr) == (0, "")
    seen = [
        msgspec.convert(json.loads(line), Seen)
        for line in folder.joinpath("witness").read_text(encoding="utf-8").splitlines()
    ]
    seen = [
        msgspec.structs.replace(one, last=one.run != following.run) for one, following in pairwise([*seen, seen[0]])
    ]
    with Database.open(folder / "remind.db", seen[-1].at) as database:
        store = Store(database)
        yield KilledRuns(folder, seen, store, grouped(store.ledger.events(*ALWAYS)))


def test_the_lives_were_lived(runs: KilledRuns) -> None:
    """Weeks passed, some kills fell between the showing of a reminder and its record, and there was much to lose."""
    assert runs.seen[-1].at - runs.seen[0].at > timedelta(days=10)
    assert sum(one.last for one in runs.of("shown")) > 0
    assert min(len(runs.of("answered")), len(runs.of("drunk")) + len(runs.of("stretched"))) > 10
    assert runs.of("logged")


def test_the_database_was_never_damaged(runs: KilledRuns) -> None:
    """It is sound after the last kill, and none was set aside after any other."""
    runs.store.database.check()
    assert not list(runs.folder.glob("*damaged*"))


def test_no_answer_is_lost(runs: KilledRuns) -> None:
    """Every answer that was confirmed stands in the ledger with its instant."""
    kept = {
        (event.occurrence, event.at)
        for events in runs.events.values()
        for event in events
        if event.what in ("done", "snoozed", "skipped")
    }
    assert {(one.key, one.at) for one in runs.of("answered")} <= kept


def test_no_diary_entry_is_lost(runs: KilledRuns) -> None:
    """Every drink, session and night that was confirmed stands in the diary."""
    drinks = {drink.id for drink in runs.store.diary.of(Drink, *ALWAYS)}
    sessions = {session.at for session in runs.store.diary.of(Stretch, *ALWAYS)}
    assert {one.key for one in runs.of("drunk")} <= drinks
    assert {one.at for one in runs.of("stretched")} <= sessions
    nights = {entry.night for kind in (QuietNight, Cramp) for entry in runs.store.diary.of(kind, *ALWAYS)}
    assert {one.key for one in runs.of("logged")} <= {f"night/{night}" for night in nights}


def test_nothing_comes_twice(runs: KilledRuns) -> None:
    """Shown again is only what repeats, when it repeats; or what was in flight when its run ended."""
    shown: defaultdict[str, list[Seen]] = defaultdict(list)
    for one in runs.of("shown"):
        if not one.key.startswith("fault/"):  # an answer to a press of Start may come as often as the press
            shown[one.key].append(one)
    for key, times in shown.items():
        for before, after in pairwise(times):
            repeats = key.startswith("stretch/") and after.at - before.at >= REPEAT
            assert before.last or repeats or _snoozed(runs, before, after), (before, after)


def test_nothing_comes_after_its_answer(runs: KilledRuns) -> None:
    """What was done or skipped is not shown again, in no later run."""
    for key, events in runs.events.items():
        over = [event.at for event in events if event.what in ("done", "skipped")]
        if over:
            assert not [one for one in runs.of("shown") if one.key == key and one.at > over[0]]


def test_no_evening_is_forgotten(runs: KilledRuns) -> None:
    """Each evening's stretch was shown, answered by a session, or recorded as missed with the reason."""
    days = {one.at.date() for one in runs.seen}
    sessions = runs.store.diary.of(Stretch, *ALWAYS)
    for day in sorted(days - answered_evenings(calendar(), sessions).keys())[1:-2]:
        told = runs.events.get(f"stretch/{day}", [])
        assert any(
            event.what in ("shown", "done", "skipped") or (event.what == "missed" and event.reason) for event in told
        ), day


def _snoozed(runs: KilledRuns, before: Seen, after: Seen) -> bool:
    return any(event.what == "snoozed" and before.at <= event.at <= after.at for event in runs.events[after.key])
