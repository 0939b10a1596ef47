"""How far a real session drifts from its plan, and what drawing it costs. Run by hand; it takes as long as the session.

    python tests/bench/session.py [ROUTINE]

The screen runs in a pseudo-terminal of 80 × 24. Bars: 50 ms of drift, 5 % of one core.
"""

import json
import os
import pty
import resource
import struct
import sys
import tempfile
import time
from pathlib import Path

from remind import files
from remind.core.routine import plan, whole_s
from remind.desktop.sound import Sounds
from remind.guide import terminal
from remind.guide.guidance import Guidance
from remind.settings import routines

MOST_DRIFT_MS = 50
MOST_OF_A_CORE = 0.05


def cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def guide(name: str, result: Path) -> None:
    """In the child: guide through the routine and write what it took."""
    routine = routines.load(files.shipped() / "routines" / f"{name}.toml")
    readings: list[tuple[float, float]] = []

    def clock() -> float:
        readings.append((time.monotonic(), cpu_s()))
        return readings[-1][0]

    session = terminal.run(
        Guidance(
            title=routine.title, phases=plan(routine), poses=routines.poses(), clock=clock, sounds=Sounds(chime=True)
        )
    )
    assert session is not None
    (begun, cpu_begun), (ended, cpu_ended) = readings[0], readings[-2]  # the last is read when the screen has gone
    took = ended - begun
    report = {
        "planned_s": whole_s(session.phases),
        "took_s": took,
        "drift_ms": 1000 * (took - whole_s(session.phases)),
        "of_a_core": (cpu_ended - cpu_begun) / took,
        "wakings": len(readings),
        "complete": session.complete,
    }
    result.write_text(json.dumps(report))


def main() -> int:
    name = sys.argv[1] if len(sys.argv) > 1 else "wall-calf"
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder, "result")
        child, screen = pty.fork()
        if child == 0:
            os.environ["TERM"] = "xterm-256color"
            guide(name, result)
            os._exit(0)
        set_size(screen, 80, 24)
        try:
            while os.read(screen, 1 << 16):
                pass
        except OSError:  # the child has closed its side
            pass
        os.waitpid(child, 0)
        report = json.loads(result.read_text(encoding="utf-8"))
    print(json.dumps(report, indent=2))
    good = report["complete"] and abs(report["drift_ms"]) < MOST_DRIFT_MS and report["of_a_core"] < MOST_OF_A_CORE
    return 0 if good else 1


def set_size(screen: int, columns: int, rows: int) -> None:
    import fcntl
    import termios

    fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


if __name__ == "__main__":
    sys.exit(main())
