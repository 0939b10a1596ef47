"""How soon a reminder is on the screen, and a pressed button in the ledger, on real notification servers. Run by hand:

    python tests/bench/notifications.py

Bars: 100 ms from the due time to the server's reply, and less to it from the call, the median of 50, than notify-send
takes for the same; 1 s from each press to the ledger.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "desktop" / "real"), str(TESTS.parent)]

from button_presses import BUTTONS, PRESSES, Press  # noqa: E402
from channel_contract import notification  # noqa: E402
from evening import Evening  # noqa: E402
from servers import SERVERS, Server, made  # noqa: E402
from service_process import Home, Running  # noqa: E402
from virtual_desktop import PrivateBus, eventually, virtual_display  # noqa: E402

from remind.desktop.notify.dbus_channel import DBusChannel  # noqa: E402
from remind.store.database import Database  # noqa: E402
from remind.store.ledger import Event, Ledger  # noqa: E402

MOST_S = 1.0
MOST_MS = 100
TIMES = 50
MINUTES = 5


def main() -> int:
    """Measure, print the figures, and return 1 if a bar is missed."""
    missed = 0
    with tempfile.TemporaryDirectory() as folder, virtual_display() as (display, _):
        bus = PrivateBus(Path(folder, "bus"))
        bus.start()
        desktop = {"DISPLAY": display, "DBUS_SESSION_BUS_ADDRESS": bus.address, "LANG": "C.UTF-8"}
        environ = {"PATH": os.environ["PATH"], "HOME": folder, "GSETTINGS_BACKEND": "memory", **desktop}
        for name in SERVERS:
            server = made(name, environ, Path(folder))
            server.start()
            ours, theirs = replies_ms(environ)
            eventually(lambda: _is_clear(server))  # noqa: B023 (asked at once)
            missed += ours > theirs
            print(f"{name}: {TIMES} times, median: {ours:.1f} ms to the reply; notify-send {theirs:.1f} ms")
            for press in PRESSES:
                taken_s = press_s(server, press, Path(tempfile.mkdtemp(dir=folder)))
                missed += taken_s > MOST_S
                print(f"{name}: {press.reminder}, {press.answer}: {taken_s * 1000:.0f} ms from the press to the ledger")
            server.kill()
        server = made(SERVERS[0], environ, Path(folder))
        server.start()
        late_ms = lateness_ms(Path(folder, "late"), desktop)
        missed += late_ms > MOST_MS
        print(f"{SERVERS[0]}: {late_ms:.0f} ms from the due time until it stands in the ledger as shown")
        server.kill()
        bus.kill()
    return int(missed > 0)


def replies_ms(environ: Mapping[str, str]) -> tuple[float, float]:
    """The median milliseconds until the server replied to this program, and until notify-send had ended."""
    with closing(DBusChannel(environ)) as channel:
        ours = [_seconds(lambda: channel.show(notification())) for _ in range(TIMES)]
        number = str(channel.show(notification()).handle).rpartition("/")[2]
    # In the place of the one before, too, since a server shows only so many at once.
    command = ["notify-send", "--app-name=remind", f"--replace-id={number}", "Title", "Body"]
    theirs = [_seconds(lambda: subprocess.run(command, env=dict(environ), check=True)) for _ in range(TIMES)]
    return statistics.median(ours) * 1000, statistics.median(theirs) * 1000


def press_s(server: Server, press: Press, folder: Path) -> float:
    """Seconds from the start of the program that presses until another process can read the answer in the ledger."""
    evening = Evening(folder, server)
    press.is_due(evening)
    with Running(evening.home).ready() as service:
        eventually(lambda: server.showing() == 1)
        eventually(lambda: "shown" in [event.what for event in _events(evening.home)])
        server.press(press.answer, BUTTONS[press.reminder])
        eventually(lambda: press.recorded in [event.what for event in _events(evening.home)])
        taken = time.monotonic() - server.asked_at
        service.end()
        eventually(lambda: _is_clear(server))
        return taken


def _is_clear(server: Server) -> bool:
    # What is left on the screen, as by a snooze, is in the way of the next.
    server.kill()
    server.start()
    return server.showing() == 0


def lateness_ms(folder: Path, desktop: Mapping[str, str]) -> float:
    """The median milliseconds from the due time until a reminder is shown and stands so in the ledger, in real time.

    At each of five full minutes ten reminders are due at once, so that most wait for others before them.
    """
    home = Home(folder, **desktop, TZ="UTC")
    times = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(60)]
    settings = "[stretch]\nenabled = false\n[water]\nenabled = false\n[presence]\nenabled = false\n"
    often = [f'[reminder.often{number}]\ntitle = "Often"\nat = {times}\n' for number in range(TIMES // MINUTES)]
    home.settings(settings + "".join(often))
    with Running(home).ready() as service:
        time.sleep(60 * MINUTES + 10)
        service.end()
    shown = [event for event in _events(home) if event.what == "shown" and event.at > event.due]
    late = [(event.at - event.due).total_seconds() * 1000 for event in shown]
    assert len(late) >= TIMES, f"only {len(late)} were shown"
    return statistics.median(late)


def _events(home: Home) -> list[Event]:
    now = datetime.now(UTC)
    with closing(Database.open_for_reading(home.folders.database, now)) as database:
        start, end = (datetime(year, 1, 1, tzinfo=ZoneInfo("UTC")) for year in (2026, 2028))
        return Ledger(database).events(start, end)


def _seconds(act: object) -> float:
    began = time.monotonic()
    act()  # type: ignore[operator]
    return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
