"""How much slower a command is with ten years of diary than with none. Run by hand: python tests/bench/diary.py

Allowed: `stats` 1.5 times its own time on an empty diary and 150 ms, `status` 1.2 times.
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
_DAYS = 3650


def ten_years(now: datetime) -> list[Row]:
    """About 30,000 entries: each day a stretch, a night and six glasses."""
    chance = random.Random(1)  # noqa: S311 - the same diary each time
    rows: list[Row] = []
    for day in range(_DAYS):
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
            [sys.executable, "-m", "remind", command], env=_environment(home), check=True, capture_output=True
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
        empty, full = Path(folder, "empty"), Path(folder, "full")
        for home, rows in ((empty, []), (full, ten_years(now))):
            with Database.open(home / "data" / "remind" / "remind.db", now) as database:
                Diary(database).merge(rows)
                print(f"{len(rows)} rows")
        for command, factor, more in (("stats", 1.5, 150), ("status", 1.2, 0)):
            before, after = median_ms(command, empty), median_ms(command, full)
            allowed = before * factor + more
            print(f"{command:8} {before:6.0f} ms empty  {after:6.0f} ms full  {allowed:6.0f} ms allowed")


if __name__ == "__main__":
    main()
