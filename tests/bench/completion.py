"""How long the shell waits for a completion, beside `remind --version`.

    python tests/bench/completion.py [REPEATS]

Bar: 1.3 times as long. The processor's time of each process is compared, the best of all repeats, so that what else
the machine does counts for little.
"""

import os
import subprocess
import sys
import tempfile

MOST = 1.3
LINES = (
    "remind ", "remind st", "remind log n", "remind stats --", "remind log cramp --leg ", "remind help ",
    "remind stretch w", "remind why ", "remind config set day", "remind config set sound.voice ",
    "remind diary edit ",
)  # fmt: skip
REMIND = [sys.executable, "-m", "remind"]


def cost_s(words: list[str], environ: dict[str, str]) -> float:
    """Return the seconds of processor time that `remind WORDS` takes."""
    process = subprocess.Popen([*REMIND, *words], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, code, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(code)
    assert process.returncode == 0
    return used.ru_utime + used.ru_stime


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    with tempfile.TemporaryDirectory() as home:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")} | {"HOME": home}
        subprocess.run(
            [*REMIND, "config", "set", "day.bedtime", "23:00", "sound.voice", "true"], env=environ, capture_output=True
        )
        for hour in range(30):
            subprocess.run([*REMIND, "log", "cramp", "--at", f"{hour} hours ago"], env=environ, capture_output=True)
        best: dict[str, float] = {}
        for _ in range(repeats):
            for line in ("", *LINES):
                asking = {**environ, "_REMIND_COMPLETE": "bash", "_REMIND_LINE": line} if line else environ
                taken = cost_s([] if line else ["--version"], asking)
                best[line] = min(taken, best.get(line, taken))
    print(f"{'remind --version':34} {best[''] * 1000:4.0f} ms")
    for line in LINES:
        ratio = best[line] / best[""]
        print(f"{line + '⇥':34} {best[line] * 1000:4.0f} ms  {ratio:.2f} ×{'' if ratio <= MOST else '  TOO SLOW'}")


if __name__ == "__main__":
    main()
