"""Run in Wine by `tests/wine/run`: the service under pythonw, files held open, SIGBREAK. It prints what passed."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from remind.files import own_folders

FOLDERS = own_folders()
LOG = FOLDERS.state / "remind.log"
PYTHON, PYTHONW = sys.executable, str(Path(sys.executable).with_name("pythonw.exe"))
DUE = """[notify]
channel = "{channel}"
[water]
enabled = false
[presence]
enabled = false
[reminder.often]
title = "Often – and soon"
every = "15 min"
from = "00:00"
to = "23:59"
"""

failed: list[str] = []


def check(name: str, passed: object) -> None:
    print("PASS" if passed else "FAIL", name, flush=True)
    if not passed:
        failed.append(name)


def remind(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([PYTHON, "-m", "remind", *arguments], capture_output=True, timeout=60, check=False)


def as_json(*arguments: str) -> Any:
    return json.loads(remind(*arguments, "--json").stdout)


def soon(holds: Callable[[], object], seconds: float = 30.0) -> bool:
    """Return whether `holds` comes true within `seconds`."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


def log() -> str:
    return LOG.read_text(encoding="utf-8") if LOG.exists() else ""


def fresh(channel: str) -> None:
    """Begin with an empty home whose settings have a reminder that is always due."""
    for folder in (FOLDERS.config, FOLDERS.data, FOLDERS.state):
        shutil.rmtree(folder, ignore_errors=True)
    FOLDERS.config.mkdir(parents=True)
    FOLDERS.settings.write_text(DUE.format(channel=channel), encoding="utf-8")


def without_a_console(channel: str) -> None:
    """Start the service as the Task Scheduler does, by pythonw, which has no standard streams."""
    fresh(channel)
    service = subprocess.Popen([PYTHONW, "-m", "remind", "run"], creationflags=subprocess.DETACHED_PROCESS)
    try:
        check(f"{channel}: pythonw writes a log", soon(lambda: "reminding of" in log()))
        check(f"{channel}: status says that it runs", as_json("status")["service"]["running"])
        second = remind("run")
        check(f"{channel}: a second one is refused", second.returncode and b"already running" in second.stderr)
        shown = [row for row in as_json("history") if row["shown_at"] and row["channel"] == "console"]
        check(f"{channel}: nothing counts as shown on a console", not shown)
    finally:
        service.kill()
        service.wait(20)
    print(log(), flush=True)


BREAKS = """
import signal, sys, threading, time
from pathlib import Path
from remind.cli.main import main
def end_it(log):
    while not (log.exists() and "reminding of" in log.read_text(encoding="utf-8")):
        time.sleep(0.2)
    signal.raise_signal(signal.SIGBREAK)
threading.Thread(target=end_it, args=[Path(sys.argv[1])], daemon=True).start()
sys.argv = ["remind", "run"]
main()
"""


def ended_by_sigbreak() -> None:
    """End the service by what a closed console or a log-off sends; raised within, since Wine has no console here."""
    fresh("console")
    ended = subprocess.run([PYTHON, "-c", BREAKS, str(LOG)], capture_output=True, timeout=60, check=False)
    check(f"SIGBREAK ends the service in order: {ended.returncode}", ended.returncode == 0 and "stopped" in log())
    check("a traceback is not seen", b"Traceback" not in ended.stderr)


def files_held_open() -> None:
    """Another program has a file open: a write waits for it, and a damaged database stays whole."""
    fresh("plyer")
    check("a value is set", remind("config", "set", "day.bedtime", "23:00").returncode == 0)
    with FOLDERS.settings.open("rb") as held:
        timer = threading.Timer(0.6, held.close)
        timer.start()
        done = remind("config", "set", "day.bedtime", "23:30")
    check("a value is set while another program reads the file", done.returncode == 0)
    check("it is the new one", b"23:30" in remind("config", "get", "day.bedtime").stdout)
    FOLDERS.data.mkdir(parents=True, exist_ok=True)
    FOLDERS.database.write_bytes(b"x" * 5000)
    with FOLDERS.database.open("rb"):
        refused = remind("run")
    check("a damaged database that is open elsewhere is named", b"another program has it open" in refused.stderr)
    check("and stays", FOLDERS.database.read_bytes() == b"x" * 5000)
    service = subprocess.Popen([PYTHONW, "-m", "remind", "run"])
    check("it is set aside afterwards", soon(lambda: "was set aside" in log()))
    service.kill()
    service.wait(20)
    with closing(sqlite3.connect(FOLDERS.database)) as connection:
        check("a new one stands there", connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))


def main() -> int:
    os.environ.pop("PYTHONPATH", None)
    without_a_console("console")
    without_a_console("auto")
    files_held_open()
    ended_by_sigbreak()
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
