"""Random days with a phone: it rings once for each evening, night and snooze, and no answer is lost."""

from pathlib import Path

import phone_days


def test_no_day_rings_twice_or_loses_an_answer(tmp_path: Path) -> None:
    """Through kills, sleep, journeys, new bedtimes and faults of the server. tests/bench/phone.py lives 1,000 days."""
    counts = phone_days.run(tmp_path, days=6, seed=50)
    assert min(counts[name] for name in ("rang", "answered", "kill", "off", "sleep", "bedtime")) > 0
