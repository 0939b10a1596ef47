"""How much slower a command is with ten years of diary than with less. Run by hand: python tests/bench/diary.py

Allowed: `stats` 1.5 times its own time on an empty diary and 150 ms, `status` 1.2 times; `stats` and `report` 1.5 times
their time on a quarter and 300 ms, whether the report is on a year or on all ten.
"""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from remind.core.diary import Cramp, Drink, QuietNight, Row, Stretch, night_of
from remind.store.database import Database
from remind.store.diary import Diary, new_id

_ROUNDS = 15
_QUARTER, _TEN_YEARS = 91, 3650
_ALLOWED = (
    ("stats", "empty", 1.5, 150),
    ("status", "empty", 1.2, 0),
    ("stats", "quarter", 1.5, 300),
    ("report -", "quarter", 1.5, 300),
    ("report - --weeks 520", "quarter", 1.5, 300),
)
"""Each command, the diary that it is compared with, and how many times as long and how many ms more it may take."""


def diary(now: datetime, days: int) -> list[Row]:
    """Return eight entries a day: a stretch, a night and six glasses. Ten years have about 30,000."""
    chance = random.Random(1)  # noqa: S311 - the same diary each time
    rows: list[Row] = []
    for day in range(days):
        at = now - timedelta(days=day)
        said = {"at": at, "written_at": at}
        rows.append(Stretch(id=new_id(), routine="wall-calf", planned_s=120, held_s=120, complete=True, **said))
        if chance.random() < 0.3:
            rows.append(Cramp(id=new_id(), leg="left", severity=5, minutes=4, woke=True, **said))
        else:
            rows.append(QuietNight(id=new_id(), night=night_of(at), **said))
        for hour in range(6):
            drunk = at - timedelta(hours=hour)
            rows.append(Drink(id=new_id(), at=drunk, written_at=drunk, amount_ml=200))
    return rows


def median_ms(command: str, home: Path) -> float:
    """The median time of `command` in `home`, in milliseconds."""
    times = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "remind", *command.split()], env=_environment(home), check=True, capture_output=True
        )
        times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def _environment(home: Path) -> dict[str, str]:
    places = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    return {**os.environ, **places, "HOME": str(home), "XDG_RUNTIME_DIR": str(home)}


def main() -> None:
    """Measure and print."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        for name, days in (("empty", 0), ("quarter", _QUARTER), ("full", _TEN_YEARS)):
            rows = diary(now, days)
            with Database.open(Path(folder, name, "data", "remind", "remind.db"), now) as database:
                Diary(database).merge(rows)
                print(f"{name}: {len(rows)} rows")
        for command, beside, factor, more in _ALLOWED:
            before, after = median_ms(command, Path(folder, beside)), median_ms(command, Path(folder, "full"))
            allowed = before * factor + more
            print(f"{command:22} {before:6.0f} ms {beside:8} {after:6.0f} ms full  {allowed:6.0f} ms allowed")


if __name__ == "__main__":
    main()
