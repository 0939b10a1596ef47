"""What the idle service costs beside other programs that wait for a time of day, all on one display with dunst."""

import shutil
import statistics
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

from measure import REMIND, Found, Row, allowed, cpu_of_s, own_home, python, resident_mib, unique_mib
from servers import Dunst
from service_process import SERVICE, Home, Running
from virtual_desktop import PrivateBus, virtual_display

RESIDENT_BAR, UNIQUE_BAR, MOST_WAKINGS = 1.18, 1.35, 2
COPIES = 3
SETTLING_S = 40
"""Longer than until the first look round, which makes the backup of the day."""
MINUTES = 3
OURS, FOREGROUND, MINIMAL, BARE = "python -m remind.service", "remind run", "minimal APScheduler", "python"
OTHERS = ("workrave", "safeeyes")

PROGRAMS = {
    MINIMAL: """
import threading
from apscheduler.schedulers.background import BackgroundScheduler
scheduler = BackgroundScheduler()
scheduler.add_job(print, "cron", hour=22)
scheduler.add_job(print, "cron", hour=10)
scheduler.start()
threading.Event().wait()
""",
    BARE: "import threading; threading.Event().wait()",
}
NOTHING_DUE = """[stretch]
lead = "1 min"
until = "0 s"
[water]
enabled = false
"""


def measured(folder: Path) -> Found:
    with ExitStack() as stack:
        bus = PrivateBus(folder / "bus")
        bus.start()
        stack.callback(bus.kill)
        display = stack.enter_context(virtual_display())[0]
        desktop = {"DISPLAY": display, "DBUS_SESSION_BUS_ADDRESS": bus.address}
        environ = {**own_home(folder), **desktop, "GSETTINGS_BACKEND": "memory"}
        dunst = Dunst(environ, folder)
        dunst.start()
        stack.callback(dunst.kill)
        running: dict[str, list[int]] = {OURS: [], FOREGROUND: [], **{name: [] for name in PROGRAMS}}
        for copy in range(COPIES):
            for name, command in ((OURS, SERVICE), (FOREGROUND, [*REMIND, "run"])):
                home = Home(folder / f"{name} {copy}", **desktop)
                home.environ |= {"PYTHONPATH": environ["PYTHONPATH"]}
                home.settings(NOTHING_DUE)
                running[name].append(stack.enter_context(Running(home, command)).ready().process.pid)
            for name, code in PROGRAMS.items():
                running[name].append(_started(python(code), environ, stack).pid)
        others = {name: _started([name], environ, stack) for name in OTHERS if shutil.which(name)}
        time.sleep(SETTLING_S)
        running |= {name: [process.pid] for name, process in others.items() if process.poll() is None}
        before = {process: (_wakings(process), cpu_of_s(process)) for all_ in running.values() for process in all_}
        time.sleep(60 * MINUTES)
        yield from _compared(running)
        wakings = {
            name: round(statistics.median(_wakings(one) - before[one][0] for one in all_) / MINUTES)
            for name, all_ in running.items()
        }
        cpu_ms = {
            name: statistics.median(cpu_of_s(one) - before[one][1] for one in all_) / MINUTES * 1000
            for name, all_ in running.items()
        }
        yield allowed("wake-ups a minute", wakings[OURS], "", MOST_WAKINGS)
        for name in OTHERS:
            if name in running:
                yield Row("wake-ups a minute", wakings[OURS], "", name, wakings[name])
                yield Row("processor a minute", cpu_ms[OURS], "ms", f"ms {name}", cpu_ms[name])
            else:
                yield f"{name} is left out: it is not installed, or does not run here"
        yield Row("processor a minute", cpu_ms[OURS], "ms", "ms of one core's minute", 60_000)


def _compared(running: dict[str, list[int]]) -> Found:
    """Yield the rows of memory."""
    resident = {name: statistics.median(map(resident_mib, all_)) for name, all_ in running.items()}
    unique = {name: statistics.median(map(unique_mib, all_)) for name, all_ in running.items()}
    for name in running:
        if name != OURS:
            bar, unique_bar = (RESIDENT_BAR, UNIQUE_BAR) if name == MINIMAL else (None, None)
            yield Row("resident", resident[OURS], "MiB", f"MiB {name}", resident[name], bar)
            yield Row("unique", unique[OURS], "MiB", f"MiB {name}", unique[name], unique_bar)


def _started(command: list[str], environ: dict[str, str], stack: ExitStack) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stack.enter_context(process)
    stack.callback(process.kill)
    return process


def _wakings(process: int) -> int:
    """Return how often its threads have gone to sleep so far."""
    threads = Path(f"/proc/{process}/task").glob("*/status")
    lines = (line for thread in threads for line in thread.read_text(encoding="utf-8").splitlines())
    return sum(int(line.split()[1]) for line in lines if line.startswith("voluntary"))
