"""The service killed at any instant, again and again: nothing that was confirmed is lost, and nothing comes twice."""

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

from remind.core.diary import Drink, Stretch
from remind.store.database import Database
from remind.store.ledger import Event, grouped
from remind.store.store import Store

KILLS = 220
REPEAT = timedelta(minutes=10)
ALWAYS = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Seen(msgspec.Struct, frozen=True):
    """A line of the witness: what a life saw at `at`, and whether it was the last that it saw."""

    life: int
    what: str
    key: str
    at: datetime
    last: bool = False


class Lives(msgspec.Struct, frozen=True):
    """What the witness saw, and what the database says after the last kill."""

    folder: Path
    seen: list[Seen]
    store: Store
    events: dict[str, list[Event]]

    def of(self, what: str) -> list[Seen]:
        return [one for one in self.seen if one.what == what]


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lives]:
    folder = tmp_path_factory.mktemp("lives")
    command = [sys.executable, str(Path(__file__).with_name("simulated_service.py")), str(folder), str(KILLS), "1"]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=600)
    assert (done.returncode, done.stderr) == (0, "")
    seen = [
        msgspec.convert(json.loads(line), Seen)
        for line in folder.joinpath("witness").read_text(encoding="utf-8").splitlines()
    ]
    seen = [
        msgspec.structs.replace(one, last=one.life != following.life) for one, following in pairwise([*seen, seen[0]])
    ]
    with Database.open(folder / "remind.db", seen[-1].at) as database:
        store = Store(database)
        yield Lives(folder, seen, store, grouped(store.ledger.events(*ALWAYS)))


def test_the_lives_were_lived(lives: Lives) -> None:
    """Weeks passed, some kills fell between the showing of a reminder and its record, and there was much to lose."""
    assert lives.seen[-1].at - lives.seen[0].at > timedelta(days=10)
    assert sum(one.last for one in lives.of("shown")) > 0
    assert min(len(lives.of("answered")), len(lives.of("drunk")) + len(lives.of("stretched"))) > 10


def test_the_database_was_never_damaged(lives: Lives) -> None:
    """It is sound after the last kill, and none was set aside after any other."""
    lives.store.database.check()
    assert not list(lives.folder.glob("*damaged*"))


def test_no_answer_is_lost(lives: Lives) -> None:
    """Every answer that was confirmed stands in the ledger with its instant."""
    kept = {
        (event.occurrence, event.at)
        for events in lives.events.values()
        for event in events
        if event.what in ("done", "snoozed", "skipped")
    }
    assert {(one.key, one.at) for one in lives.of("answered")} <= kept


def test_no_diary_entry_is_lost(lives: Lives) -> None:
    """Every drink and session that was confirmed stands in the diary."""
    drinks = {drink.id for drink in lives.store.diary.of(Drink, *ALWAYS)}
    sessions = {session.at for session in lives.store.diary.of(Stretch, *ALWAYS)}
    assert {one.key for one in lives.of("drunk")} <= drinks
    assert {one.at for one in lives.of("stretched")} <= sessions


def test_nothing_comes_twice(lives: Lives) -> None:
    """Shown again is only what repeats, when it repeats; or what was in flight when its life ended."""
    shown: defaultdict[str, list[Seen]] = defaultdict(list)
    for one in lives.of("shown"):
        shown[one.key].append(one)
    for key, times in shown.items():
        for before, after in pairwise(times):
            repeats = key.startswith("stretch/") and after.at - before.at >= REPEAT
            assert before.last or repeats or _snoozed(lives, before, after), (before, after)


def test_nothing_comes_after_its_answer(lives: Lives) -> None:
    """What was done or skipped is not shown again, in no later life."""
    for key, events in lives.events.items():
        over = [event.at for event in events if event.what in ("done", "skipped")]
        if over:
            assert not [one for one in lives.of("shown") if one.key == key and one.at > over[0]]


def test_no_evening_is_forgotten(lives: Lives) -> None:
    """Each evening's stretch was shown, or stands as missed with its reason."""
    days = {one.at.date() for one in lives.seen}
    for day in sorted(days)[1:-2]:
        told = lives.events.get(f"stretch/{day}", [])
        assert any(
            event.what in ("shown", "done", "skipped") or (event.what == "missed" and event.reason) for event in told
        ), day


def _snoozed(lives: Lives, before: Seen, after: Seen) -> bool:
    return any(event.what == "snoozed" and before.at <= event.at <= after.at for event in lives.events[after.key])
