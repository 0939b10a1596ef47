"""How soon a reminder is on the screen, and a pressed button in the ledger, on real notification servers."""

import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from button_presses import BUTTONS, PRESSES, Press
from channel_contract import notification
from evening import Evening
from measure import Found, Row, allowed, in_turns
from servers import SERVERS, Server, made
from service_process import Home, Running
from virtual_desktop import PrivateBus, eventually, virtual_display

from remind.desktop.notify.dbus_channel import DBusChannel
from remind.store.database import Database
from remind.store.ledger import Event, Ledger

MOST_PRESS_MS, MOST_LATE_MS = 1000, 100
TURNS = 30
MINUTES, AT_ONCE = 3, 10


def measured(folder: Path) -> Found:
    with virtual_display() as (display, _):
        bus = PrivateBus(folder / "bus")
        bus.start()
        desktop = {"DISPLAY": display, "DBUS_SESSION_BUS_ADDRESS": bus.address, "LANG": "C.UTF-8"}
        environ = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "GSETTINGS_BACKEND": "memory", **desktop}
        sent: dict[str, dict[str, float]] = {}
        for name in SERVERS:
            server = made(name, environ, folder)
            server.start()
            sent[name] = replies_ms(environ)
            yield Row(f"{name}, call to reply", sent[name]["ours"], "ms", "ms notify-send", sent[name]["theirs"], 1.0)
            eventually(lambda: _is_clear(server))  # noqa: B023 (asked at once)
            for press in PRESSES[1:3]:
                taken_ms = press_ms(server, press, Path(tempfile.mkdtemp(dir=folder)))
                yield allowed(f"{name}, {press.answer} pressed to ledger", taken_ms, "ms", MOST_PRESS_MS)
            server.kill()
        server = made(SERVERS[0], environ, folder)
        server.start()
        first_ms, all_ms = lateness_ms(folder / "late", desktop)
        yield Row("due time to reply", first_ms, "ms", "ms notify-send", sent[SERVERS[0]]["theirs"])
        yield allowed(f"due time to reply, median of {AT_ONCE} at once", all_ms, "ms", MOST_LATE_MS)
        server.kill()
        bus.kill()


def replies_ms(environ: Mapping[str, str]) -> dict[str, float]:
    """Return the median milliseconds until the server replied to this program, and until notify-send had ended."""
    with closing(DBusChannel(environ)) as channel:
        number = str(channel.show(notification()).handle).rpartition("/")[2]
        # In the place of the one before, since a server shows only so many at once.
        command = ["notify-send", "--app-name=remind", f"--replace-id={number}", "Title", "Body"]
        return in_turns(
            {
                "ours": lambda: _ms(lambda: channel.show(notification())),
                "theirs": lambda: _ms(lambda: subprocess.run(command, env=dict(environ), check=True)),
            },
            TURNS,
        )


def press_ms(server: Server, press: Press, folder: Path) -> float:
    """Return the milliseconds from the start of the program that presses until another can read it in the ledger."""
    evening = Evening(folder, server)
    press.is_due(evening)
    with Running(evening.home).ready() as service:
        eventually(lambda: server.showing() == 1)
        eventually(lambda: "shown" in [event.what for event in _events(evening.home)])
        server.press(press.answer, BUTTONS[press.reminder])
        eventually(lambda: press.recorded in [event.what for event in _events(evening.home)])
        taken_s = time.monotonic() - server.asked_at
        service.end()
        eventually(lambda: _is_clear(server))
        return taken_s * 1000


def _is_clear(server: Server) -> bool:
    # What is left on the screen, as by a snooze, is in the way of the next.
    server.kill()
    server.start()
    return server.showing() == 0


def lateness_ms(folder: Path, desktop: Mapping[str, str]) -> tuple[float, float]:
    """Return the milliseconds from the due time to the server's reply: the medians of the first and of all reminders.

    At each of a few full minutes ten reminders are due at once, so that most wait for others before them.
    """
    home = Home(folder, **desktop, TZ="UTC")
    now = datetime.now(UTC)
    times = [f"{now + timedelta(minutes=minute):%H:%M}" for minute in range(1, MINUTES + 2)]
    settings = "[stretch]\nenabled = false\n[water]\nenabled = false\n[presence]\nenabled = false\n"
    often = [f'[reminder.often{number}]\ntitle = "Often"\nat = {times}\n' for number in range(AT_ONCE)]
    home.settings(settings + "".join(often))
    with Running(home).ready() as service:
        time.sleep(60 * MINUTES + 10)
        service.end()
    late: dict[datetime, list[float]] = {}
    for event in _events(home):
        if event.what == "shown" and event.at > event.due:
            late.setdefault(event.due, []).append((event.at - event.due).total_seconds() * 1000)
    complete = [ms for ms in late.values() if len(ms) == AT_ONCE]
    assert len(complete) >= MINUTES, f"only {len(complete)} minutes had all reminders"
    return median(min(ms) for ms in complete), median(one for ms in complete for one in ms)


def _events(home: Home) -> list[Event]:
    now = datetime.now(UTC)
    with closing(Database.open_for_reading(home.folders.database, now)) as database:
        return Ledger(database).events(datetime(2026, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def _ms(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000
