"""The processor's time of a completion in a shell, beside `remind --version`."""

import subprocess
from functools import partial
from pathlib import Path

from measure import REMIND, Found, Row, cpu_ms, in_turns, own_home

BAR = 1.3
TURNS = 15
LINES = (
    "remind ", "remind st", "remind log n", "remind stats --", "remind log cramp --leg ", "remind help ",
    "remind stretch w", "remind why ", "remind config set day", "remind config set sound.voice ",
    "remind diary edit ",
)  # fmt: skip


def measured(folder: Path) -> Found:
    environ = own_home(folder)
    subprocess.run([*REMIND, "config", "set", "day.bedtime", "23:00"], env=environ, capture_output=True, check=True)
    for hour in range(30):
        logged = [*REMIND, "log", "cramp", "--at", f"{hour} hours ago"]
        subprocess.run(logged, env=environ, capture_output=True, check=True)
    actions = {"--version": partial(cpu_ms, [*REMIND, "--version"], environ)}
    for line in LINES:
        actions[line] = partial(cpu_ms, REMIND, {**environ, "_REMIND_COMPLETE": "bash", "_REMIND_LINE": line})
    taken = in_turns(actions, TURNS)
    for line in LINES:
        yield Row(f"{line}⇥", taken[line], "ms", "ms remind --version", taken["--version"], BAR)
