"""Random days of the service with a phone, each with kills, sleep, journeys and faults of the server. Run by hand:

    python tests/bench/phone.py [DAYS]

It ends with an AssertionError if anything rings twice, if an answer that the server kept is lost, or if its limits are
passed.
"""

import logging
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "service"), str(TESTS.parent)]

import phone_days  # noqa: E402

AT_ONCE = 100
"""How many days one database has, since the time of a step grows with it."""


def main(days: int) -> None:
    """Live `days` days, and print what happened."""
    logging.disable(logging.CRITICAL)
    for seed in range(days // AT_ONCE):
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            counts = phone_days.run(Path(folder), AT_ONCE, seed)
        happened = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
        print(f"seed {seed}, {time.perf_counter() - began:.0f} s: {happened}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
