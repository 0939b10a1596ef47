"""Send SIGUSR1 to the service at random instants from its start to its end, and count the runs that it ends. By hand:

    python tests/bench/signals.py [SIGNALS]

Bar: none. The start counts from the first line of the service on: what the interpreter needs before that, no program
can protect; the number of signals that would have come earlier is printed.
"""

import random
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from service_process import NOT_DUE, Home, Running  # noqa: E402

IN_A_RUN = 10
LONGEST_PAUSE_S = 0.12


def main(signals: int) -> int:
    """Send so many signals, print what came of them, and return 1 if one ended the service."""
    chance, sent, killed, runs = random.Random(1), 0, 0, 0  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder, "home"))
        home.settings(NOT_DUE)
        while sent < signals:
            with Running(home) as service:
                service.catches_signals()
                runs += 1
                stop_after = chance.randrange(IN_A_RUN)
                for number in range(IN_A_RUN):
                    time.sleep(chance.uniform(0, LONGEST_PAUSE_S if number <= stop_after else 0.01))
                    sent += service.look_if_running()
                    if number == stop_after:
                        service.process.terminate()
                code = service.code()
                if code:
                    killed += 1
                    print(f"run {runs} ended with {code}")
    print(f"{sent} signals in {runs} runs; {killed} runs ended by one (bar 0)")
    return int(killed > 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
