"""The processor's time that each command takes, beside Python alone and beside the import of click."""

import subprocess
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from measure import REMIND, Found, Row, cpu_ms, first_ms, in_turns, own_home, python

TURNS = 15
WORST = 3
MODULES = 12
CLICK, PASS = "import click", "pass"
BARS = {"--version": 1.1, "--help": 1.2, "status": 1.5, "next": 1.45, "log cramp": 1.8}
"""How many times as long as the import of click these may take."""

OTHERS = (
    "drink", "done", "snooze", "skip", "pause", "resume", "why", "history", "log none", "undo", "diary", "stats",
    "report -", "export -", "config show", "routines", "calendar -", "service status", "help times", "completion bash",
)  # fmt: skip
"""Those that wait for somebody, or stay, are measured in other parts."""

CRAMP_BAR = 1.6
CRAMP_WORDS = "Straighten the knee"


def measured(folder: Path) -> Found:
    environ = own_home(folder)
    lines = (*BARS, *OTHERS)
    actions = {code: partial(cpu_ms, python(code), environ) for code in (PASS, CLICK)}
    actions |= {line: partial(cpu_ms, [*REMIND, *line.split()], environ) for line in lines}
    actions["cramp"] = lambda: first_ms([*REMIND, "cramp"], CRAMP_WORDS, environ)[1]
    taken = in_turns(actions, TURNS)
    yield Row("cramp, to its first words", taken["cramp"], "ms", f"ms {CLICK}", taken[CLICK], CRAMP_BAR)
    for line in lines:
        yield Row(line, taken[line], "ms", f"ms {CLICK}", taken[CLICK], BARS.get(line))
    for line in (CLICK, "cramp", *lines):
        yield Row(line, taken[line], "ms", f"ms {PASS}", taken[PASS])
    for line in sorted(lines, key=taken.__getitem__)[: -WORST - 1 : -1]:
        yield f"{line} imports, in ms without what each imports: {_imports(line, environ)}"


def _imports(line: str, environ: Mapping[str, str]) -> str:
    """Return the modules whose own import takes longest."""
    command = [REMIND[0], "-X", "importtime", *REMIND[1:], *line.split()]
    told = subprocess.run(command, env=dict(environ), capture_output=True, text=True, check=False).stderr
    rows = [row.partition(":")[2].split("|") for row in told.splitlines() if row.startswith("import time:")]
    own = sorted(((int(us), name.strip()) for us, _, name in rows if us.strip().isdecimal()), reverse=True)
    return ", ".join(f"{name} {us / 1000:.1f}" for us, name in own[:MODULES])
