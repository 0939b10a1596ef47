"""What every part of the benchmarks needs: a row of the table, a home, and times taken in turns."""

import os
import pty
import resource
import select
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).parents[1]
REMIND = [sys.executable, "-m", "remind"]


class Row(NamedTuple):
    """One figure beside another of the same run, or beside what is allowed; `bar` is the highest ratio expected."""

    what: str
    figure: float
    unit: str
    beside: str
    other: float
    bar: float | None = None

    @property
    def ratio(self) -> float:
        return self.figure / self.other

    @property
    def holds(self) -> bool:
        return self.bar is None or round(self.ratio, 2) <= self.bar


Found = Iterator[Row | str]
"""What a part yields: its rows, and lines to print below the table."""


def allowed(what: str, figure: float, unit: str, most: float) -> Row:
    """Return the row of a `figure` that may be `most`."""
    return Row(what, figure, unit, f"{unit} allowed".strip(), most, 1.0)


def own_home(home: Path) -> dict[str, str]:
    """Return the environment of somebody who lives in `home`, whose Python may keep byte code."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "PYTHON"))}
    home.mkdir(parents=True, exist_ok=True)
    return {**kept, "PYTHONPATH": str(TESTS.parent), "HOME": str(home), "TERM": "xterm-256color"}


def in_turns(actions: Mapping[str, Callable[[], float]], turns: int) -> dict[str, float]:
    """Return the median of what each action returns. They take turns, so that other load slows all of them alike."""
    for action in actions.values():
        action()  # to read the files and to compile what is not yet
    taken = [{name: action() for name, action in actions.items()} for _ in range(turns)]
    return {name: statistics.median(turn[name] for turn in taken) for name in actions}


def run_ms(command: Sequence[str], environ: Mapping[str, str]) -> float:
    """Return the milliseconds until `command` has ended."""
    began = time.perf_counter()
    subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return (time.perf_counter() - began) * 1000


def cpu_ms(command: Sequence[str], environ: Mapping[str, str]) -> float:
    """Return the milliseconds of the processor that `command` uses, which other load hardly changes."""
    with subprocess.Popen(
        command, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, code, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(code)
    return (used.ru_utime + used.ru_stime) * 1000


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def first_ms(command: Sequence[str], words: str, environ: Mapping[str, str]) -> tuple[float, float]:
    """Return the milliseconds until `command` has put `words` on a terminal of 80 × 24, and those of the processor."""
    began = time.perf_counter()
    child, screen = pty.fork()
    if child == 0:
        os.execvpe(command[0], command, environ)  # noqa: S606 - no shell
    set_size(screen)
    seen = b""
    try:
        while words.encode() not in seen:
            assert select.select([screen], [], [], 20)[0], f"{command} shows no {words!r}: {seen!r}"
            seen += os.read(screen, 1 << 16)
        return (time.perf_counter() - began) * 1000, cpu_of_s(child) * 1000
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(screen)


def set_size(screen: int) -> None:
    import fcntl
    import struct
    import termios

    fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))


def cpu_s(who: int = resource.RUSAGE_SELF) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def cpu_of_s(process: int) -> float:
    """Return the processor's seconds that `process` has used so far."""
    threads = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(thread.read_text(encoding="utf-8").split()[0]) for thread in threads) / 1e9


def resident_mib(process: int) -> float:
    return _kib(process, "status", "VmRSS") / 1024


def unique_mib(process: int) -> float:
    return (_kib(process, "smaps_rollup", "Private_Clean") + _kib(process, "smaps_rollup", "Private_Dirty")) / 1024


def _kib(process: int, file: str, name: str) -> int:
    lines = Path(f"/proc/{process}/{file}").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
