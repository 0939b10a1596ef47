"""The phone and the real service process, with the stand-in server: from a press to the ledger."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from ntfy_server import NtfyServer
from service_process import DUE, Home, Running
from virtual_desktop import eventually

from remind.settings.model import load
from remind.store.database import Database
from remind.store.key_value import phone_secret
from remind.store.ledger import Event
from remind.store.schedule import Schedule
from remind.store.store import Store

MOST_S = 5.0
TOKEN = "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2"


@pytest.fixture
def server() -> Iterator[NtfyServer]:
    server = NtfyServer()
    server.limited = True
    yield server
    server.end()


@pytest.fixture
def unreachable(home: Home, server: NtfyServer) -> Home:
    """A home without a desktop, where showing the stretch has failed once already."""
    home.settings(DUE.replace("console", "dbus") + f'[phone]\nntfy = "{server.address()}"\n')
    home.environ["REMIND_NTFY_TOKEN"] = TOKEN
    zone, now = ZoneInfo(home.environ["TZ"]), datetime.now(UTC)
    home.folders.database.parent.mkdir(parents=True)
    with Database.open(home.folders.database, now) as database:
        store = Store(database)
        schedule = Schedule(store, load(home.folders.settings).calendar(zone))
        schedule.watch(now - timedelta(days=1))
        due = next(one.occurrence for one in schedule.entries("stretch", now) if one.occurrence.due <= now)
        store.ledger.note(due, "failed", now - timedelta(minutes=1), zone, reason="there is no desktop")
    return home


def answers(home: Home) -> list[Event]:
    return home.events("done", "snoozed", "skipped")


def listens(server: NtfyServer) -> bool:
    return any(request.method == "GET" and "poll" not in request.path for request in server.requests)


def test_a_press_is_in_the_ledger_within_five_seconds(unreachable: Home, server: NtfyServer) -> None:
    """Once, though it was pressed twice; then nobody listens, and the log and the server know neither secret."""
    with Running(unreachable).ready() as service:
        eventually(lambda: listens(server))
        pressed_at = time.monotonic()
        server.press("Done")
        server.press("Done")
        eventually(lambda: answers(unreachable))
        took_s = time.monotonic() - pressed_at
        service.end()
    print(f"from the press to the ledger: {took_s:.2f} s")
    assert took_s < MOST_S
    (given,) = answers(unreachable)
    assert (given.what, given.via) == ("done", "phone")
    with Database.open_for_reading(unreachable.folders.database, datetime.now(UTC)) as database:
        secret = phone_secret(Store(database).key_values)
    said = service.log + "".join(str(request.message) for request in server.requests)
    assert not any(word in said for word in (secret, TOKEN))
    assert server.model.refused == 0


def test_a_press_while_it_was_killed_counts_at_the_next_start(unreachable: Home, server: NtfyServer) -> None:
    """There is no second message, and the answer is the one that was pressed meanwhile."""
    with Running(unreachable).ready():
        eventually(lambda: listens(server))
    server.press("Skip")
    with Running(unreachable).ready() as service:
        (given,) = eventually(lambda: answers(unreachable))
        service.end()
    assert (given.what, given.via) == ("skipped", "phone")
    assert sum(one["topic"] == "a-secret-topic" for one in server.model.messages) == 1


def test_without_a_phone_nothing_of_it_is_loaded() -> None:
    """What a service costs that sends nothing to a phone, it costs without all of this."""
    script = (
        "import sys, tempfile, pathlib; from remind.app import App; from remind.files import Folders\n"
        "from remind.service.service import Service; folder = pathlib.Path(tempfile.mkdtemp())\n"
        "service = Service(App(Folders(folder, folder, folder))); service.start(); service.stop()\n"
        "sys.exit(any('phone_' in name or name in ('hmac', 'remind.service.phone') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
