"""What the idle service costs beside a minimal APScheduler program, on one display with dunst. Run by hand:

    python tests/bench/idle.py [MINUTES]

Bars: resident memory 1.35 times that of the minimal program, and 8 context switches a minute, of all threads together.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "desktop" / "real"), str(TESTS.parent)]

from servers import Dunst  # noqa: E402
from service_process import Home, Running  # noqa: E402
from virtual_desktop import PrivateBus, virtual_display  # noqa: E402

MOST_TIMES_RESIDENT = 1.35
MOST_SWITCHES_A_MINUTE = 8
COPIES = 3
SETTLING_S = 15

MINIMAL = """
import threading
from apscheduler.schedulers.background import BackgroundScheduler
scheduler = BackgroundScheduler()
scheduler.add_job(print, "cron", hour=22)
scheduler.add_job(print, "cron", hour=10)
scheduler.start()
threading.Event().wait()
"""
NOTHING_DUE = """[stretch]
lead = "1 min"
until = "0 s"
[water]
enabled = false
"""


def resident_mib(process: int) -> float:
    return _number("VmRSS", Path(f"/proc/{process}/status")) / 1024


def unique_mib(process: int) -> float:
    rollup = Path(f"/proc/{process}/smaps_rollup")
    return (_number("Private_Clean", rollup) + _number("Private_Dirty", rollup)) / 1024


def switches(process: int) -> int:
    """Those of all threads, of their own will and not."""
    threads = Path(f"/proc/{process}/task").glob("*/status")
    return sum(
        int(count)
        for thread in threads
        for count in re.findall(r"ctxt_switches:\s+(\d+)", thread.read_text(encoding="utf-8"))
    )


def _number(name: str, path: Path) -> int:
    return sum(map(int, re.findall(rf"^{name}:\s+(\d+)", path.read_text(encoding="utf-8"), re.MULTILINE)))


def main(minutes: float) -> int:
    """Measure, print a table, and return 1 if a bar is missed."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        bus = PrivateBus(folder / "bus")
        bus.start()
        stack.callback(bus.kill)
        environ = {"DISPLAY": stack.enter_context(virtual_display())[0], "DBUS_SESSION_BUS_ADDRESS": bus.address}
        dunst = Dunst({**os.environ, **environ, "HOME": str(folder)}, folder)
        dunst.start()
        stack.callback(dunst.kill)
        services, minimal = [], []
        for copy in range(COPIES):
            home = Home(folder / f"home{copy}", **environ)
            home.settings(NOTHING_DUE)
            services.append(stack.enter_context(Running(home)).ready().process.pid)
            process = stack.enter_context(subprocess.Popen([sys.executable, "-c", MINIMAL]))
            stack.callback(process.kill)
            minimal.append(process.pid)
        time.sleep(SETTLING_S)
        rows = {"remind run": services, "minimal APScheduler": minimal}
        before = {name: [switches(process) for process in processes] for name, processes in rows.items()}
        time.sleep(60 * minutes)
        print(f"{'median of ' + str(COPIES):<20} {'resident MiB':>13} {'unique MiB':>11} {'switches a minute':>18}")
        resident, woken = {}, {}
        for name, processes in rows.items():
            resident[name] = statistics.median(map(resident_mib, processes))
            unique = statistics.median(map(unique_mib, processes))
            after = [switches(process) for process in processes]
            woken[name] = max(late - early for early, late in zip(before[name], after, strict=True)) / minutes
            print(f"{name:<20} {resident[name]:>13.1f} {unique:>11.1f} {woken[name]:>18.1f}")
        times = resident["remind run"] / resident["minimal APScheduler"]
        print(f"resident: {times:.2f} times the minimal program (bar {MOST_TIMES_RESIDENT})")
        print(f"switches: {woken['remind run']:.1f} a minute at most (bar {MOST_SWITCHES_A_MINUTE})")
        return int(times > MOST_TIMES_RESIDENT or woken["remind run"] > MOST_SWITCHES_A_MINUTE)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 3.0))
